"""Reads a SunSpec device over TCP with pysunspec2 and prints what it sees.

    read_sunspec.py PORT UNIT

One JSON object on standard output: for each model by its number, its points with their values after scaling;
points that are not implemented are left out.
"""

import json
import sys

from sunspec2.modbus.client import SunSpecModbusClientDeviceTCP


def main():
    port, unit = int(sys.argv[1]), int(sys.argv[2])
    device = SunSpecModbusClientDeviceTCP(slave_id=unit, ipaddr="127.0.0.1", ipport=port, timeout=5)
    device.scan()
    seen = {}
    for number, models in device.models.items():
        if isinstance(number, int):
            points = models[0].points
            seen[number] = {name: point.cvalue for name, point in points.items() if point.cvalue is not None}
    device.close()
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
