# SPDX-License-Identifier: MIT
"""Conversions between all kinds, with every rounding.

Values are long doubles with 64 bits of mantissa, which hold every integer and float exactly.
"""
import numpy as np

import floats
from engine import Call, MODES, suffix
from floats import LD
from integers import Type, edges

FLOATS = {"half": floats.HALF, "bfloat": floats.BFLOAT, "float": floats.FLOAT}
ROUNDINGS = ("", "rtz", "rte", "rtp", "rtn")
KINDS = [("f", kind) for kind in FLOATS] + \
    [(sign, f"i{bits}") for bits in (8, 16, 32, 64) for sign in "su"] + [("u", "i1")]


def round_whole(values, rounding):
    """To integers; without a name a float is cut."""
    return {"": np.trunc, "rtz": np.trunc, "rte": np.rint, "rtp": np.ceil,
            "rtn": np.floor}[rounding](values)


def to_integer(kind, sign, values, rounding):
    """Saturated; NaN is 0."""
    t = Type(int(kind[1:]), sign == "s")
    whole = round_whole(np.where(np.isnan(values), LD(0), values), rounding)
    whole = np.clip(whole, LD(t.low), LD(t.high))
    negative = whole < 0
    out = np.abs(whole).astype(np.uint64)
    out = np.where(negative, np.uint64(0) - out, out)
    return out & np.uint64((1 << t.bits) - 1)


def to_float(fmt, values, rounding):
    """Rounded once; what overflows goes to infinity or to the largest number, as directed."""
    if rounding in ("", "rte"):
        return floats.encode(fmt, values)
    limit = np.ldexp(LD(1), fmt.max_exp + 1)
    q = floats.quantum(fmt, values)
    with np.errstate(all="ignore"):
        moved = np.where(np.isfinite(values), round_whole(values / q, rounding) * q, values)
        moved = np.where(moved == 0, np.copysign(LD(0), values), moved)
        largest = limit - np.ldexp(LD(1), fmt.max_exp + 1 - fmt.digits)
        stays = np.isfinite(values) & (np.abs(moved) >= limit)
        up = {"rtz": False, "rtp": moved > 0, "rtn": moved < 0}[rounding]
        moved = np.where(stays & ~np.asarray(up), np.copysign(largest, moved), moved)
    return floats.encode(fmt, moved)


def source_values(sign, kind, rng):
    """(bits, values) of the source."""
    if kind in FLOATS:
        fmt = FLOATS[kind]
        bits = floats.one_operand(fmt, rng, 4096)
        if fmt is floats.FLOAT:  # and the ends of all integers
            ends = np.array([s * (2.0 ** n + d) for n in (7, 8, 15, 16, 31, 32, 63, 64)
                             for d in (-1, -0.5, 0, 0.5, 1) for s in (1, -1)], LD)
            bits = floats.pad(np.concatenate([bits, floats.encode(fmt, ends).astype(np.uint64)]))
        return bits, floats.decode(fmt, bits)
    if kind == "i1":
        bits = np.array([0, 1] * 24, np.uint64)
        return bits, bits.astype(LD)
    t = Type(int(kind[1:]), sign == "s")
    if t.bits <= 16:
        bits = np.arange(1 << t.bits, dtype=np.uint64)
    else:
        bits = np.concatenate([np.array(edges(t.bits), np.uint64), near_ties(t.bits, rng)])
    bits = floats.pad(bits)
    return bits, np.array([LD(t.value(int(b))) for b in bits])


def near_ties(bits, rng):
    """Integers at, above and below the middle of two floats of 8, 11 and 24 bits."""
    out = []
    for digits in (8, 11, 24):
        for size in range(digits + 1, bits + 1):
            top = (1 << digits - 1 | int(rng.integers(0, 1 << digits - 1))) << size - digits
            middle = top + (1 << size - digits - 1)
            out += [middle - 1, middle, middle + 1, -middle, 1 - middle, -1 - middle]
    out += [int(v) >> int(s) for v, s in zip(rng.integers(0, 1 << 63, 300), rng.integers(0, 60, 300))]
    return np.array([v & (1 << bits) - 1 for v in out], np.uint64)


def expected_bits(source_sign, source, sign, kind, bits, values, rounding):
    if kind in FLOATS:
        return to_float(FLOATS[kind], values, rounding), FLOATS[kind]
    if kind == "i1":
        return ((values != 0) | np.isnan(values)).astype(np.uint64), None
    if source in FLOATS:
        return to_integer(kind, sign, values, rounding), None
    t = Type(int(source[1:]), source_sign == "s")
    width = (1 << int(kind[1:])) - 1
    return np.array([t.value(int(b)) & width for b in bits], np.uint64), None


def run_source(context, sign, kind, length):
    rng = np.random.default_rng(length)
    bits, values = source_values(sign, kind, rng)
    if length > 1:
        chosen = rng.permutation(len(bits))[:min(480, len(bits) // 48 * 48)]
        bits, values = bits[chosen], values[chosen]
    calls, expected, formats = [], [], []
    for to_sign, to in KINDS:
        for rounding in ROUNDINGS:
            name = f"air.convert.{to_sign}.{suffix(to, length)}.{sign}.{suffix(kind, length)}"
            calls.append(Call(name + (f".{rounding}" if rounding else ""), (to, length),
                              [(kind, length)]))
            exact, fmt = expected_bits(sign, kind, to_sign, to, bits, values, rounding)
            expected.append(exact)
            formats.append(fmt)
    for mode in MODES[:2]:
        results = context.engine.batch(calls, [bits], mode)
        for call, got, exact, fmt in zip(calls, results, expected, formats):
            context.compare_bits(call, mode, [bits], got, exact, fmt)


def run(context):
    for sign, kind in KINDS:
        run_source(context, sign, kind, 1)
    for length, kind in ((2, "float"), (3, "half"), (4, "bfloat"), (4, "float")):
        run_source(context, "f", kind, length)
    for length, sign, kind in ((2, "s", "i32"), (3, "u", "i8"), (4, "u", "i64"), (4, "s", "i16"),
                               (4, "u", "i1")):
        run_source(context, sign, kind, length)


GROUPS = {"convert": (lambda table: {"CONVERT"}, run)}
