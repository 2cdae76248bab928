# SPDX-License-Identifier: MIT
"""Floating-point formats, values to test with, and the measure of errors.

References are long doubles (64 bits of mantissa on x86-64, 113 or 53 on AArch64), at least 29 bits
more than a float has; `maths.py` compares them with mpmath.
"""
import collections

import numpy as np

LD = np.longdouble
Format = collections.namedtuple("Format", "kind bits digits min_exp max_exp")

HALF = Format("half", 16, 11, -14, 15)
BFLOAT = Format("bfloat", 16, 8, -126, 127)
FLOAT = Format("float", 32, 24, -126, 127)
FORMATS = {"f16": HALF, "bf16": BFLOAT, "f32": FLOAT}


def decode(fmt, bits):
    """Bits to long doubles."""
    bits = np.asarray(bits)
    with np.errstate(invalid="ignore"):  # signalling NaNs
        if fmt is HALF:
            return bits.astype(np.uint16).view(np.float16).astype(LD)
        if fmt is BFLOAT:
            return (bits.astype(np.uint32) << 16).view(np.float32).astype(LD)
        return bits.astype(np.uint32).view(np.float32).astype(LD)


def quantum(fmt, values):
    """The distance of neighbours in the format, where each value lies."""
    with np.errstate(all="ignore"):
        _, exponent = np.frexp(np.where(np.isfinite(values), values, LD(1)))
        exponent = np.clip(exponent - 1, fmt.min_exp, fmt.max_exp) - (fmt.digits - 1)
        return np.ldexp(LD(1), exponent)


def encode(fmt, values):
    """Long doubles to bits, to nearest even."""
    values = np.asarray(values, LD)
    with np.errstate(all="ignore"):
        q = quantum(fmt, values)
        rounded = np.where(np.isfinite(values), np.rint(values / q) * q, values)
        limit = np.ldexp(LD(1), fmt.max_exp + 1)
        rounded = np.where(np.abs(rounded) >= limit, np.copysign(LD(np.inf), rounded), rounded)
        rounded = np.where(rounded == 0, np.copysign(LD(0), values), rounded)
        if fmt is HALF:
            return rounded.astype(np.float16).view(np.uint16)
        single = rounded.astype(np.float32).view(np.uint32)
        return (single >> 16).astype(np.uint16) if fmt is BFLOAT else single


def errors(fmt, got_bits, expected):
    """Errors in ULP: the distance over the neighbours' distance at the exact value.

    An infinity counts as the power of two behind the largest number, so that overflow is
    measured like the rest. Infinite where one is NaN and the other not, where an exact infinity
    is missed, and where an exact zero has the wrong sign.
    """
    got = decode(fmt, got_bits)
    edge = np.ldexp(LD(1), fmt.max_exp + 1)
    with np.errstate(all="ignore"):
        as_number = np.where(np.isinf(got), np.copysign(edge, got), got)
        limited = np.where(np.abs(expected) > edge, np.copysign(edge, expected), expected)
        out = np.abs(as_number - limited) / quantum(fmt, limited)
        out = np.where(np.isinf(expected), np.where(got == expected, LD(0), LD(np.inf)), out)
        wrong_zero = (expected == 0) & ((got != 0) | (np.signbit(got) != np.signbit(expected)))
        out = np.where(wrong_zero, LD(np.inf), out)
        out = np.where(np.isnan(got) | np.isnan(expected),
                       np.where(np.isnan(got) & np.isnan(expected), LD(0), LD(np.inf)), out)
    return out


def is_subnormal(fmt, values):
    return (values != 0) & (np.abs(values) < np.ldexp(LD(1), fmt.min_exp))


# ---- values ----------------------------------------------------------------------------------

PLAIN = [0.25, 1 / 3, 0.5, 0.7, 1, 1.5, 2, 2.5, 3, 3.5, 4, 7, 8, 10, 16, 100, 127, 128, 255, 256,
         1000, 65535, 1e6, 8388607.5, 8388608, 16777216, 2147483648, 1e10, 1e20, 1e30, 1e-3, 1e-5,
         1e-10, 1e-20, 1e-30, 0.7853981633974483, 1.5707963267948966, 3.141592653589793,
         6.283185307179586, 2.718281828459045, 0.6931471805599453, 0.36787944, 88.72284, 88.72283,
         87.33654, 103.97208, 103.97207, 89.415985, 38.5318, 44.8535, 45.15450, 10.3972, 17.3286,
         11.0898, 126.5, 149, 149.5, 0.99, 1.01]


def edges(fmt):
    """Bits of zeros, infinities, NaN, subnormals, extremes and well-known numbers, both signs."""
    one = encode(fmt, [1.0])[0]
    top = encode(fmt, [np.inf])[0]
    smallest = encode(fmt, [np.ldexp(LD(1), fmt.min_exp)])[0]
    quiet = int(top) | 1 << (fmt.digits - 2)
    special = [0, 1, 2, smallest - 1, smallest, smallest + 1, one - 1, one, one + 1, top - 1, top,
               quiet]
    positive = np.concatenate([np.array(special, np.uint64),
                               encode(fmt, np.array(PLAIN)).astype(np.uint64)])
    positive = np.unique(positive)
    return np.concatenate([positive, positive | np.uint64(1 << (fmt.bits - 1))])


def few_edges(fmt):
    """The special values alone and a few numbers: for all pairs and triples."""
    top = encode(fmt, [np.inf])[0]
    smallest = encode(fmt, [np.ldexp(LD(1), fmt.min_exp)])[0]
    positive = np.unique(np.array([0, 1, smallest - 1, smallest, top - 1, top,
                                   int(top) | 1 << (fmt.digits - 2),
                                   *encode(fmt, np.array([0.5, 1, 2, 3, 1e4]))], np.uint64))
    return np.concatenate([positive, positive | np.uint64(1 << (fmt.bits - 1))])


def random_bits(fmt, rng, count):
    """Random patterns, and numbers near one, small and of some size; a quarter each."""
    quarter = count // 4
    patterns = rng.integers(0, 1 << fmt.bits, count - 3 * quarter, dtype=np.uint64)
    parts = [patterns]
    for low, high in ((-1.25, 1.25), (-10, 10), (-120, 120)):
        parts.append(encode(fmt, rng.uniform(low, high, quarter)).astype(np.uint64))
    return np.concatenate(parts)


def one_operand(fmt, rng, count=8192):
    """All patterns of 16 bits; edges and random numbers of 32."""
    if fmt.bits == 16:
        return np.arange(1 << 16, dtype=np.uint64)
    return pad(np.concatenate([edges(fmt), random_bits(fmt, rng, count)]))


def operands(fmt, rng, arity, count=4096):
    """Arrays for `arity` operands: every combination of edges, then random ones."""
    base = few_edges(fmt) if arity > 2 else edges(fmt)
    grid = np.meshgrid(*[base] * arity, indexing="ij")
    return [pad(np.concatenate([g.ravel(), random_bits(fmt, rng, count)[rng.permutation(count)]]))
            for g in grid]


def pad(values, multiple=48):
    """Repeats the first values until short vectors of every length fit."""
    return np.concatenate([values, values[:-len(values) % multiple]])
