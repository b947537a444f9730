#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make-iso.py FILE: a disc with an empty root folder, the smallest that the kernel mounts as iso9660.

The fields are those of ECMA-119: the primary volume descriptor (8.4), the end of the descriptors (8.3)
and the root folder's records for itself and its parent (9.1)."""
import struct
import sys

SECTOR = 2048
ROOT = 18
SECTORS = 512


def both16(n):
    return struct.pack('<H', n) + struct.pack('>H', n)


def both32(n):
    return struct.pack('<I', n) + struct.pack('>I', n)


def record(name):
    """A folder's record: 2026-01-01, a directory, at the root's sector."""
    return (bytes([34, 0]) + both32(ROOT) + both32(SECTOR) + bytes([126, 1, 1, 0, 0, 0, 0, 2, 0, 0])
            + both16(1) + bytes([1]) + name)


def primary():
    text = bytearray(b' ' * SECTOR)
    date = b'0' * 16 + b'\0'
    text[0:8] = b'\1CD001\1\0'
    text[40:72] = b'OPTIFLASH'.ljust(32)
    text[72:80] = bytes(8)
    text[80:88] = both32(SECTORS)
    text[88:120] = bytes(32)
    text[120:132] = both16(1) + both16(1) + both16(SECTOR)
    text[132:156] = bytes(24)
    text[156:190] = record(b'\0')
    text[813:881] = date * 4
    text[881:883] = b'\1\0'
    text[883:] = bytes(SECTOR - 883)
    return bytes(text)


def main():
    disc = bytearray(SECTORS * SECTOR)
    root = record(b'\0') + record(b'\1')
    disc[16 * SECTOR:17 * SECTOR] = primary()
    disc[17 * SECTOR:17 * SECTOR + 7] = b'\xffCD001\1'
    disc[ROOT * SECTOR:ROOT * SECTOR + len(root)] = root
    with open(sys.argv[1], 'wb') as file:
        file.write(disc)


main()
