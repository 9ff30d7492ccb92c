"""Opens a pack of a backup with rage, undoes its squeezing, and prints the letter that it begins with.

    packs.py FILE AGE-SECRET-KEY-1...
"""
import sys
import zlib

import pyrage

identity = pyrage.x25519.Identity.from_str(sys.argv[2])
with open(sys.argv[1], "rb") as file:
    opened = pyrage.decrypt(file.read(), [identity])
print(zlib.decompress(opened, -15)[:1].decode())
