# SPDX-License-Identifier: MIT
"""Integer functions, votes and relational functions: exact results by Python's integers."""
import itertools

import numpy as np

from engine import Call, MODES, suffix

WIDTHS = (8, 16, 32, 64)


class Type:
    """An integer type with its sign."""

    def __init__(self, bits, is_signed):
        self.bits, self.is_signed = bits, is_signed
        self.low = -(1 << bits - 1) if is_signed else 0
        self.high = (1 << bits - is_signed) - 1

    def value(self, bits):
        bits &= (1 << self.bits) - 1
        return bits - (1 << self.bits) if self.is_signed and bits > self.high else bits

    def wrap(self, value):
        return value & (1 << self.bits) - 1

    def saturate(self, value):
        return self.wrap(min(max(value, self.low), self.high))


def trailing_zeros(value, bits):
    return (value & -value).bit_length() - 1 if value else bits


def rotate(x, amount, bits):
    amount %= bits
    return x << amount | x >> bits - amount


def field(x, offset, count, bits):
    """Offset and count of a bit field inside the width."""
    offset = min(offset, bits)
    return offset, min(count, bits - offset)


def extract(t, x, offset, count):
    offset, count = field(x, offset, count, t.bits)
    if not count:
        return 0
    return Type(count, t.is_signed).value(x >> offset)


def insert(t, base, value, offset, count):
    offset, count = field(base, offset, count, t.bits)
    mask = (1 << count) - 1
    return base & ~(mask << offset) | (value & mask) << offset


def low24(t, x):
    return Type(24, t.is_signed).value(x)


# id: function of the type and the operands' values
SIGNED = {
    "ABS": lambda t, x: abs(x), "ABS_DIFF": lambda t, x, y: abs(x - y),
    "ADD_SAT": lambda t, x, y: t.saturate(x + y), "SUB_SAT": lambda t, x, y: t.saturate(x - y),
    "HADD": lambda t, x, y: (x + y) >> 1, "RHADD": lambda t, x, y: (x + y + 1) >> 1,
    "IMIN": lambda t, x, y: min(x, y), "IMAX": lambda t, x, y: max(x, y),
    "IMIN3": lambda t, x, y, z: min(x, y, z), "IMAX3": lambda t, x, y, z: max(x, y, z),
    "IMEDIAN3": lambda t, x, y, z: sorted((x, y, z))[1],
    "ICLAMP": lambda t, x, y, z: min(max(x, y), z),
    "MUL_HI": lambda t, x, y: x * y >> t.bits,
    "MAD_HI": lambda t, x, y, z: (x * y >> t.bits) + z,
    "MAD_SAT": lambda t, x, y, z: t.saturate(x * y + z),
    "MUL24": lambda t, x, y: low24(t, x) * low24(t, y),
    "MAD24": lambda t, x, y, z: low24(t, x) * low24(t, y) + z,
    "EXTRACT_BITS": extract, "INSERT_BITS": insert,
}
PLAIN = {
    "CLZ": lambda t, x: t.bits - x.bit_length(), "CTZ": lambda t, x: trailing_zeros(x, t.bits),
    "POPCOUNT": lambda t, x: bin(x).count("1"),
    "REVERSE_BITS": lambda t, x: int(format(x, f"0{t.bits}b")[::-1], 2),
    "ROTATE": lambda t, x, y: rotate(x, y, t.bits),
}


def values_of(bits, rng, count):
    """Edges and random numbers of all sizes."""
    sizes = rng.integers(0, bits + 1, count, dtype=np.uint64)
    random = rng.integers(0, 1 << 64, count, dtype=np.uint64, endpoint=False) \
        if bits == 64 else rng.integers(0, 1 << bits, count, dtype=np.uint64)
    return edges(bits) + [int(r) >> int(s) % bits for r, s in zip(random, sizes)]


def edges(bits):
    top = 1 << bits - 1
    return sorted({0, 1, 2, 3, top - 1, top, top + 1, 2 * top - 1, 2 * top - 2,
                   0x5555555555555555 % (2 * top), 0xaaaaaaaaaaaaaaaa % (2 * top)})


def columns_of(bits, rng, count):
    """Three operands, an offset and a number of bits: all pairs of edges, some triples, random."""
    pairs = [(x, y, z) for (x, y), z in zip(itertools.product(edges(bits), repeat=2),
                                            itertools.cycle(edges(bits)[::-1]))]
    triples = list(itertools.product(edges(bits)[::2], repeat=3))
    random = list(zip(*[values_of(bits, rng, count)[-count:] for _ in range(3)]))
    rows = pairs + triples + random
    rows = rows[:len(rows) // 48 * 48]
    places = list(itertools.product([0, 1, bits - 1, bits, bits + 1, 255], repeat=2))
    fields = [places[n] if n < len(places) else tuple(rng.integers(0, bits + 2, 2))
              for n in range(len(rows))]
    return [list(c) for c in zip(*rows)] + [[int(f[k]) for f in fields] for k in (0, 1)]


PLACES = {"T": (0,), "Tb": (0,), "TT": (0, 1), "TTT": (0, 1, 2), "Tii": (0, 3, 4),
          "TTii": (0, 1, 3, 4)}


def calls_of(context, functions, bits, sign, length):
    """[(id, call)]; bit fields take scalars only, because their offset is one for all."""
    kind, marker = f"i{bits}", f"{sign}." if sign else ""
    out = []
    for name in functions:
        row = context.table[name]
        letters = row.signature[1:]
        if (row.overload == "S32" and bits != 32) or (length > 1 and "i" in letters):
            continue
        for literal in ("i1 false", "i1 true") if "b" in letters else (None,):
            params = [{"T": (kind, length), "i": ("i32", 1), "b": literal}[c] for c in letters]
            out.append((name, Call(f"air.{row.name}.{marker}{suffix(kind, length)}",
                                   (kind, length), params, "", PLACES[letters])))
    return out


def run_type(context, groups, bits, length, count):
    """Every function of one element type and vector length; groups: [(functions, sign)]."""
    columns = columns_of(bits, np.random.default_rng(bits + length), count)
    calls, expected = [], []
    for functions, sign in groups:
        t = Type(bits, sign == "s")
        values = [[t.value(v) for v in c] for c in columns[:3]] + columns[3:]
        for name, call in calls_of(context, functions, bits, sign, length):
            calls.append(call)
            expected.append([t.wrap(functions[name](t, *operands))
                             for operands in zip(*[values[p] for p in call.places])])
    used = columns if length == 1 else columns[:3]
    context.compare_exact(calls, used, expected, MODES[:2])


def run_functions(context):
    for bits in WIDTHS:
        for length in (1, 2, 3, 4):
            run_type(context, [(SIGNED, "s"), (SIGNED, "u"), (PLAIN, "")], bits, length,
                     480 if length == 1 else 48)
        longest = {name: SIGNED[name] for name in ("ADD_SAT", "IMIN3")}
        run_type(context, [(longest, "s"), (PLAIN, "")], bits, 16, 48)


# ---- relational functions and votes ------------------------------------------------------------

def relational(context):
    """air.all and air.any of every length on every pattern; votes on words."""
    for length in range(2, 9):
        patterns = np.arange(1 << length)
        bits = (patterns[:, None] >> np.arange(length) & 1).astype(np.uint64).ravel()
        calls = [Call(f"air.{name}.v{length}i1", ("i1", 1), [("i1", length)])
                 for name in ("all", "any")]
        expected = [[int(p == (1 << length) - 1) for p in patterns], [int(p != 0) for p in patterns]]
        context.compare_exact(calls, [bits], expected)
    words = [0, 1, 2, 8, 14, 15, 16, 31, 1 << 31, (1 << 32) - 1, (1 << 32) - 2, 1 << 32,
             (1 << 64) - 1, (1 << 64) - (1 << 32), 0xfff0, 0xffff]
    for stem, lanes, kinds in (("simd", 32, ("", ".i64")), ("quad", 4, ("", ".i64"))):
        full = (1 << lanes) - 1
        for kind in kinds:
            bits = "i16" if stem == "quad" and not kind else "i64"
            column = [w & 0xffff for w in words] if bits == "i16" else words
            calls = [Call(f"air.{stem}_vote_{name}{kind}", ("i1", 1), [(bits, 1)])
                     for name in ("all", "any")]
            expected = [[int(w & full == full) for w in column], [int(w & full != 0) for w in column]]
            context.compare_exact(calls, [column], expected)


GROUPS = {
    "integers": (lambda table: set(SIGNED) | set(PLAIN), run_functions),
    "relational": (lambda table: {"ALL", "ANY", "SIMD_VOTE_ALL", "SIMD_VOTE_ANY",
                                  "QUAD_VOTE_ALL", "QUAD_VOTE_ANY"}, relational),
}
