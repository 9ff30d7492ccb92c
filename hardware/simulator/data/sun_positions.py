"""Makes sun_positions.csv, against which the simulator's sun is checked.

Run with Python 3 and PyPI's pvlib (0.16.1 was used): python3 sun_positions.py > sun_positions.csv
Columns: seconds since 1970 (UTC), latitude, longitude, elevation without refraction, azimuth, and what a clear
sky sends onto level ground by Haurwitz's formula (W/m2). Places and moments are drawn with a fixed seed.
"""

import random

import pandas
from pvlib import clearsky, solarposition

draw = random.Random(1948)
places = [(48.2, 16.37), (51.75, -1.26), (59.33, 18.07), (37.39, -5.99), (-33.87, 151.21), (0.0, 36.8), (39.74, -105.18)]
print("second,latitude,longitude,elevation,azimuth,clear_sky")
for row in range(56):
    latitude, longitude = places[row % len(places)]
    second = draw.randrange(1_577_836_800, 1_924_992_000)  # 2020 to 2030
    times = pandas.DatetimeIndex([pandas.Timestamp(second, unit="s", tz="UTC")])
    sun = solarposition.get_solarposition(times, latitude, longitude).iloc[0]
    # Elevation, not apparent elevation: the simulator leaves refraction out.
    level = clearsky.haurwitz(pandas.Series([90.0 - sun["elevation"]], index=times))["ghi"].iloc[0]
    print(f"{second},{latitude},{longitude},{sun['elevation']:.3f},{sun['azimuth']:.3f},{level:.1f}")
