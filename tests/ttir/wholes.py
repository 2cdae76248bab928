#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Functions of libdevice on whole numbers and conversions that round in a given way, in both engines,
which must agree, against Python's integers and fractions.

    wholes.py --tmjit TMJIT

Conversions saturate; what comes of NaN is 0.
"""
import argparse
import fractions
import math
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np

from dots import Text, tensor

SIZE = 128
NUMPY = {"f": np.float32, "d": np.float64, "i": np.int32, "l": np.int64}
ELEMS = {"f": "f32", "d": "f64", "i": "i32", "l": "i64"}
RANGES = {"int": (-2**31, 2**31 - 1), "uint": (0, 2**32 - 1), "ll": (-2**63, 2**63 - 1), "ull": (0, 2**64 - 1)}
LETTERS = {"int": "i", "uint": "i", "ll": "l", "ull": "l", "float": "f", "double": "d"}
ROUND = {"n": round, "z": math.trunc, "u": math.ceil, "d": math.floor}


def signed(value, bits):
    value &= 2**bits - 1
    return value - 2**bits if value >> bits - 1 else value


def u32(value):
    return value & 2**32 - 1


def u64(value):
    return value & 2**64 - 1


def bits_of(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def low24(value, is_signed):
    value &= 2**24 - 1
    return value - 2**24 if is_signed and value >> 23 else value


# symbol, operands and result, reference; results of integers are taken modulo their size
FUNCTIONS = [
    ("clzll", "li", lambda x: 64 - u64(x).bit_length()), ("popcll", "li", lambda x: bin(u64(x)).count("1")),
    ("brevll", "ll", lambda x: int(format(u64(x), "064b")[::-1], 2)),
    ("ffs", "ii", lambda x: (x & -x).bit_length()), ("ffsll", "li", lambda x: (x & -x).bit_length()),
    ("llabs", "ll", abs), ("mul64hi", "lll", lambda x, y: x * y >> 64),
    ("umul64hi", "lll", lambda x, y: u64(x) * u64(y) >> 64),
    ("hadd", "iii", lambda x, y: x + y >> 1), ("uhadd", "iii", lambda x, y: u32(x) + u32(y) >> 1),
    ("rhadd", "iii", lambda x, y: x + y + 1 >> 1), ("urhadd", "iii", lambda x, y: u32(x) + u32(y) + 1 >> 1),
    ("sad", "iiii", lambda x, y, z: abs(x - y) + z), ("usad", "iiii", lambda x, y, z: abs(u32(x) - u32(y)) + z),
    ("mul24", "iii", lambda x, y: low24(x, True) * low24(y, True)),
    ("umul24", "iii", lambda x, y: low24(x, False) * low24(y, False)),
    ("frcp_rn", "ff", lambda x: float(np.float32(1) / np.float32(x))),
    ("hiloint2double", "iid", lambda x, y: struct.unpack("<d", struct.pack("<II", u32(y), u32(x)))[0]),
    ("double2hiint", "di", lambda x: bits_of(x) >> 32), ("double2loint", "di", lambda x: bits_of(x)),
]


def to_float(value, mode, kind):
    """The neighbour of a fraction in float or double that the mode chooses."""
    near = NUMPY[kind](float(value)) if kind == "d" else nearest_float(value)
    if mode == "n" or fractions.Fraction(float(near)) == value:
        return near
    is_above = fractions.Fraction(float(near)) > value
    up = {"u": True, "d": False, "z": value < 0}[mode]
    if is_above == up:
        return near
    return np.nextafter(near, NUMPY[kind](np.inf if up else -np.inf))


def nearest_float(value):
    """In one step: by the fraction's distance to two neighbours."""
    first = np.float32(float(value))
    around = [np.nextafter(first, np.float32(-np.inf)), first, np.nextafter(first, np.float32(np.inf))]
    return min(around, key=lambda v: (abs(fractions.Fraction(float(v)) - value), v.view(np.uint32) & 1))


def conversion(source, target, mode):
    def convert(value):
        if target in ("float", "double"):
            return to_float(fractions.Fraction(value), mode, LETTERS[target])
        low, high = RANGES[target]
        if math.isnan(value):
            return 0
        if math.isinf(value):
            return high if value > 0 else low
        return min(max(ROUND[mode](fractions.Fraction(value)), low), high)

    def of(value):
        if source in ("uint", "ull"):
            value &= RANGES[source][1]
        return convert(value)
    return f"{source}2{target}_r{mode}", LETTERS[source] + LETTERS[target], of


def functions():
    rows = list(FUNCTIONS)
    for source in ("float", "double"):
        rows += [conversion(source, target, mode) for target in ("uint", "ll", "ull") for mode in "nzud"]
    for source in ("int", "uint", "ll", "ull"):
        rows += [conversion(source, "float", mode) for mode in "nzud" if (source, mode) != ("int", "n")]
        rows.append(conversion(source, "double", "n"))
    return rows + [conversion("double", "float", mode) for mode in "nzud"]


def inputs(random):
    out = {}
    for letter, bits in (("i", 32), ("l", 64)):
        for name in "xyz":
            wide = [signed(int(v), bits) for v in random.integers(0, 2**63, SIZE, dtype=np.uint64) * np.uint64(2)]
            wide = [v >> int(s) for v, s in zip(wide, random.integers(0, bits, SIZE))]
            wide[:6] = [0, 1, -1, 2 ** (bits - 1) - 1, -2 ** (bits - 1), 2**24 + 1]
            out[letter, name] = np.array(wide, NUMPY[letter])
    for letter in "fd":
        x = random.choice([-1, 1], SIZE) * np.exp2(random.uniform(-4, 66, SIZE))
        x[:12] = [0.5, 1.5, 2.5, -0.5, -1.5, 1e-3, 2.0**31, 2.0**32, 2.0**63, 2.0**64, np.inf, -np.inf]
        x[12] = np.nan
        x[13:40] = random.uniform(-100, 100, 27)
        out[letter, "x"] = x.astype(NUMPY[letter])
    return out


def kernel(rows, data):
    text = Text()
    values = {key: text.load("".join(key), [SIZE], ELEMS[key[0]]) for key in data}
    for symbol, types, _ in rows:
        args = ", ".join(values[t, name] for t, name in zip(types[:-1], "xyz"))
        out = text.value(f"tt.extern_elementwise {args} {{libname = \"\", libpath = \"\", pure = true, symbol = "
                         f"\"__nv_{symbol}\"}} : ({', '.join(tensor([SIZE], ELEMS[t]) for t in types[:-1])}) -> "
                         f"{tensor([SIZE], ELEMS[types[-1]])}")
        text.store(f"out_{symbol}", [SIZE], ELEMS[types[-1]], out)
    return text.text()


def is_same(got, want, letter):
    if letter in "il":
        return int(got) == signed(int(want), 32 if letter == "i" else 64)
    want = NUMPY[letter](want)
    return got == want or (np.isnan(got) and np.isnan(want))


def run(tmjit, folder, rows, data):
    """The rows that are wrong."""
    used = {key: values for key, values in data.items()
            if any(key[0] in types[:-1] and "xyz".index(key[1]) < len(types) - 1 and
                   types["xyz".index(key[1])] == key[0] for _, types, _ in rows)}
    (folder / "kernel.ttir").write_text(kernel(rows, used))
    command = [tmjit, "run", str(folder / "kernel.ttir"), "--no-cache", "--engine", "both", "--grid", "1",
               "--allow-fp64", "--timeout", "120"]
    for key, values in used.items():
        np.save(folder / f"{''.join(key)}.npy", values)
        command += ["--buf", f"{''.join(key)}={folder}/{''.join(key)}.npy"]
    for symbol, types, _ in rows:
        command += ["--buf", f"out_{symbol}={ELEMS[types[-1]]}[{SIZE}]", "--out", f"out_{symbol}={folder}/{symbol}.npy"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout, done.stderr)
        return len(rows)
    failed = 0
    for symbol, types, reference in rows:
        got = np.load(folder / f"{symbol}.npy")
        args = [used[t, name] for t, name in zip(types[:-1], "xyz")]
        for i in range(SIZE):
            given = [v[i].item() for v in args]
            if symbol.startswith("double2float") and not math.isfinite(given[0]) or symbol == "frcp_rn" and not given[0]:
                continue
            want = reference(*given)
            if not is_same(got[i], want, types[-1]):
                print(f"FAIL {symbol}({', '.join(map(repr, given))}): {got[i]!r}, not {want!r}")
                failed += 1
                break
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tmjit", required=True)
    args = parser.parse_args()
    data, rows, failed = inputs(np.random.default_rng(9)), functions(), 0
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(rows), 16):  # arguments are few
            failed += run(args.tmjit, pathlib.Path(folder), rows[start:start + 16], data)
    print(f"{len(rows) - failed} of {len(rows)} passed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
