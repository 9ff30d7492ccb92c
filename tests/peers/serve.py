"""Serves register images over Modbus with pymodbus, as a device that we did not write.

    serve.py tcp | rtu-over-tcp | pty

The images come as JSON on standard input; what they are is the test's affair:

    [{"unit": 1, "holding": {"40000": [21365, 28243]}, "input": {"0": [17254, 0]}}]

One line on standard output says where it listens: a port, or the path of a pseudo-terminal. A register that no
image names is refused with exception 2, as a device would. It ends when standard input is closed.
"""

import asyncio
import json
import os
import sys
import threading
import tty

from pymodbus import FramerType
from pymodbus.exceptions import NoSuchIdException
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

# pymodbus wants at least one entry in each table; this one is far from any device's registers.
NOTHING = [SimData(65535, values=[0], datatype=DataType.REGISTERS)]
NO_BITS = [SimData(65535, values=[False] * 16, datatype=DataType.BITS)]


def table(image):
    """The blocks of one register table."""
    blocks = [
        SimData(int(start), values=words, datatype=DataType.REGISTERS)
        for start, words in sorted(image.items(), key=lambda block: int(block[0]))
    ]
    return blocks or NOTHING


def device(image):
    """One unit with its holding and input registers."""
    tables = (NO_BITS, NO_BITS, table(image.get("holding", {})), table(image.get("input", {})))
    return SimDevice(image["unit"], simdata=tables)


def copy(source, target):
    """Hands on bytes from one end of a line to the other until it is closed."""
    while data := os.read(source, 4096):
        os.write(target, data)


def crossed_terminals():
    """Two pseudo-terminals joined back to back, so that each side opens a path as it would open a port."""
    ends = [os.openpty() for _ in range(2)]
    for _, path_end in ends:
        tty.setraw(path_end)
    (ours, our_path), (theirs, their_path) = ends
    for source, target in ((ours, theirs), (theirs, ours)):
        threading.Thread(target=copy, args=(source, target), daemon=True).start()
    return os.ttyname(our_path), os.ttyname(their_path)


def be_silent_for_others(server, units):
    """A unit that no image names says nothing, as where there is no device. pymodbus 3.16 has an option for it, which
    does not hold with these devices: it stumbles over the missing unit and refuses in its name."""
    ours = server.context.async_getValues

    async def only_ours(unit, *question, **more):
        if unit not in units:
            raise NoSuchIdException(f"no unit {unit}")
        return await ours(unit, *question, **more)

    server.context.async_getValues = only_ours


async def serve(how, devices, units):
    """Starts the server, says where it is, and goes on until nobody wants it any more."""
    if how == "pty":
        ours, theirs = crossed_terminals()
        server = ModbusSerialServer(devices, port=ours, baudrate=9600, framer=FramerType.RTU, ignore_missing_devices=True)
        be_silent_for_others(server, units)
        await server.serve_forever(background=True)
        print(theirs, flush=True)
    else:
        framer = FramerType.SOCKET if how == "tcp" else FramerType.RTU
        server = ModbusTcpServer(devices, address=("127.0.0.1", 0), framer=framer, ignore_missing_devices=True)
        be_silent_for_others(server, units)
        await server.serve_forever(background=True)
        print(server.transport.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.shutdown()


def main():
    how = sys.argv[1]
    images = json.loads(sys.stdin.readline())
    units = {image["unit"] for image in images}
    asyncio.run(serve(how, [device(image) for image in images], units))


if __name__ == "__main__":
    main()
