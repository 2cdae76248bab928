#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a one-dimensional .npy file from a Python expression.

npy.py FILE TYPE EXPRESSION

TYPE is one of bool i8 u8 i16 u16 i32 u32 i64 u64 f16 f32 f64; EXPRESSION is evaluated with
`math` at hand and gives an iterable of numbers. It is the reference that a test's expected
values come from, so it knows nothing of tmjit.
"""
import math
import struct
import sys

CODES = {"bool": ("|b1", "?"), "i8": ("|i1", "b"), "u8": ("|u1", "B"), "i16": ("<i2", "h"),
         "u16": ("<u2", "H"), "i32": ("<i4", "i"), "u32": ("<u4", "I"), "i64": ("<i8", "q"),
         "u64": ("<u8", "Q"), "f16": ("<f2", "e"), "f32": ("<f4", "f"), "f64": ("<f8", "d")}


def main(argv):
    if len(argv) != 4 or argv[2] not in CODES:
        sys.stderr.write(__doc__)
        return 2
    descr, code = CODES[argv[2]]
    values = list(eval(argv[3], {"math": math}))
    header = "{'descr': '%s', 'fortran_order': False, 'shape': (%d,), }" % (descr, len(values))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(argv[1], "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack("<%d%s" % (len(values), code), *values))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
