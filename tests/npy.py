#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a one-dimensional .npy file from a Python expression: the reference of a test.

npy.py [--from TEST] FILE TYPE EXPRESSION

TYPE is one of bool i8 u8 i16 u16 i32 u32 i64 u64 f16 f32 f64; EXPRESSION gives an iterable of
numbers. It sees `math`, the rounding functions below, and what the lines `; PY: ...` of TEST
define. Integers are wrapped to TYPE. Knows nothing of tmjit.
"""
import math
import struct
import sys

CODES = {"bool": ("|b1", "?"), "i8": ("|i1", "b"), "u8": ("|u1", "B"), "i16": ("<i2", "h"),
         "u16": ("<u2", "H"), "i32": ("<i4", "i"), "u32": ("<u4", "I"), "i64": ("<i8", "q"),
         "u64": ("<u8", "Q"), "f16": ("<f2", "e"), "f32": ("<f4", "f"), "f64": ("<f8", "d")}


def wrap(value, bits, is_signed):
    """The integer modulo 2**bits."""
    value = int(value) & ((1 << bits) - 1)
    return value - (1 << bits) if is_signed and value >> (bits - 1) else value


def i32(value):
    return wrap(value, 32, True)


def u32(value):
    return wrap(value, 32, False)


def rounded(value, code):
    try:
        return struct.unpack(code, struct.pack(code, value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def f32(value):
    """The nearest float."""
    return rounded(value, "<f")


def f16(value):
    """The nearest half."""
    return rounded(value, "<e")


def float_bits(value):
    return struct.unpack("<I", struct.pack("<f", value))[0]


def bits_float(bits):
    return struct.unpack("<f", struct.pack("<I", bits & 0xffffffff))[0]


def bf16(value):
    """The nearest bfloat of a float, ties to even."""
    bits = float_bits(f32(value))
    if math.isnan(value):
        return math.nan
    return bits_float((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000)


def rand(count, seed=1, limit=1 << 31):
    """`count` numbers below `limit` from a linear congruential generator."""
    out = []
    for _ in range(count):
        seed = (seed * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        out.append((seed >> 33) % limit)
    return out


def load_definitions(path, names):
    with open(path) as file:
        lines = [line.split("PY:", 1)[1].rstrip("\n") for line in file if "; PY:" in line]
    source = "\n".join(line.removeprefix(" ") for line in lines)
    exec(compile(source, path, "exec"), names)


def convert(value, name):
    if name == "bool":
        return bool(value)
    if name.startswith("f"):
        return rounded(value, "<" + CODES[name][1])
    return wrap(value, int(name[1:]), name.startswith("i"))


def main(argv):
    names = {"math": math, "inf": math.inf, "nan": math.nan, "i32": i32, "u32": u32,
             "wrap": wrap, "f16": f16, "f32": f32, "bf16": bf16, "rand": rand,
             "float_bits": float_bits, "bits_float": bits_float}
    args = argv[1:]
    if args[:1] == ["--from"]:
        load_definitions(args[1], names)
        args = args[2:]
    if len(args) != 3 or args[1] not in CODES:
        sys.stderr.write(__doc__)
        return 2
    path, name, expression = args
    descr, code = CODES[name]
    values = [convert(value, name) for value in eval(expression, names)]
    header = "{'descr': '%s', 'fortran_order': False, 'shape': (%d,), }" % (descr, len(values))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack("<%d%s" % (len(values), code), *values))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
