# SPDX-License-Identifier: MIT
"""SIMD-group and quad-group functions over full, partial and single-lane masks.

Definitions (ir/README.md): reductions are butterflies over distance width / 2 ... 1, lower lane
first, absent lanes giving the identity; prefixes go from lane to lane; who reads an absent lane
keeps its own value.
"""
import numpy as np

import floats
from engine import Kernel, MODES, bits_of, llvm_type, numpy_type, suffix
from integers import Type, edges

WIDTH = {"simd": 32, "quad": 4}


class Number:
    """Arithmetic on the bits of one element type."""

    def __init__(self, kind, sign):
        self.kind, self.sign = kind, sign
        self.fmt = {"half": floats.HALF, "bfloat": floats.BFLOAT,
                    "float": floats.FLOAT}.get(kind)
        self.type = None if self.fmt else Type(int(kind[1:]), sign == "s")

    def fold(self, op, a, b):
        """One step on arrays of bits."""
        if self.fmt:
            x, y = floats.decode(self.fmt, a), floats.decode(self.fmt, b)
            with np.errstate(all="ignore"):
                if op in ("sum", "product"):
                    return floats.encode(self.fmt, x + y if op == "sum" else x * y).astype(np.uint64)
                first = np.where((x < y) | ((x == y) & (np.signbit(x) > np.signbit(y))), a, b)
                second = np.where(first == a, b, a) if op == "max" else first
                out = np.where(np.isnan(x), b, np.where(np.isnan(y), a, second))
                return out.astype(np.uint64)
        values = [[self.type.value(int(v)) for v in side] for side in (a, b)]
        step = {"sum": lambda x, y: x + y, "product": lambda x, y: x * y, "min": min, "max": max,
                "and": lambda x, y: x & y, "or": lambda x, y: x | y, "xor": lambda x, y: x ^ y}[op]
        return np.array([self.type.wrap(step(x, y)) for x, y in zip(*values)], np.uint64)

    def identity(self, op):
        if self.fmt:
            top = 1 << self.fmt.bits - 1
            one = int(floats.encode(self.fmt, [1.0])[0])
            nan = int(floats.encode(self.fmt, [np.nan])[0])
            return {"sum": top, "product": one, "min": nan, "max": nan}[op]
        t = self.type
        return t.wrap({"sum": 0, "product": 1, "min": t.high, "max": t.low, "and": -1, "or": 0,
                       "xor": 0}[op])


def reduce(number, op, width, values, active):
    """values: [lane] bits of 32 lanes."""
    lanes = np.arange(32)
    out = np.where(active, values, np.uint64(number.identity(op))).astype(np.uint64)
    distance = width // 2
    while distance:
        out = number.fold(op, out[lanes & ~distance], out[lanes | distance])
        distance //= 2
    return out


def scan(number, op, width, values, active, is_exclusive):
    out = np.zeros(32, np.uint64)
    for start in range(0, 32, width):
        total = None
        for lane in range(start, start + width):
            if not active[lane]:
                continue
            nothing = 0 if op == "sum" else number.identity(op)
            before = nothing if total is None else total
            own = np.array([values[lane]])
            total = values[lane] if total is None else number.fold(op, np.array([total]), own)[0]
            out[lane] = before if is_exclusive else total
    return out


def source_of(name, width, lane, by):
    """The lane that is read; None: the own value."""
    place, start = lane % width, lane - lane % width
    if name.endswith("rotate_up"):
        return start + (place - by) % width
    if name.endswith("rotate_down"):
        return start + (place + by) % width
    if name.endswith("_up"):
        return lane - by if place >= by else None
    if name.endswith("_down"):
        return lane + by if place + by < width else None
    if name.endswith("_xor"):
        return start + ((place ^ by) % width)
    return start + by % width


def move(name, width, values, active, by):
    out = np.array(values, np.uint64)
    for lane in range(32):
        source = source_of(name, width, lane, int(by[lane]))
        if source is not None and active[source]:
            out[lane] = values[source]
    return out


def fill(name, values, filler, active, by, modulo):
    out = np.array(values, np.uint64)
    for lane in range(32):
        place, start = lane % modulo, lane - lane % modulo
        shifted = place - by if name.endswith("up") else place + by
        source = start + shifted % modulo
        if active[source]:
            out[lane] = (values if 0 <= shifted < modulo else filler)[source]
    return out


def first_of(width, values, active):
    out = np.array(values, np.uint64)
    for start in range(0, 32, width):
        present = [lane for lane in range(start, start + width) if active[lane]]
        if present:
            out[start:start + width] = values[present[0]]
    return out


# ---- inputs ----------------------------------------------------------------------------------

GROUPS_OF_LANES = 24


def masks(rng):
    """Full, each kind of partial, one lane; [group][lane]."""
    lanes = np.arange(32)
    out = [lanes >= 0, lanes % 2 == 0, lanes < 16, lanes >= 16, lanes == 0, lanes == 31,
           lanes == 17, lanes % 4 == 3, lanes < 1, lanes != 5, lanes % 4 != 0]
    while len(out) < GROUPS_OF_LANES:
        mask = rng.integers(0, 2, 32) == 1
        mask[rng.integers(0, 32)] = True
        out.append(mask)
    return np.array(out)


def lane_values(number, rng, length):
    """[group][lane][element]"""
    shape = (GROUPS_OF_LANES, 32, length)
    if number.fmt:
        numbers = rng.choice([0.5, 1, 1.5, -2, 3, -0.75, 1.001, -1], shape)
        bits = floats.encode(number.fmt, numbers).astype(np.uint64)
        wild = rng.choice(floats.few_edges(number.fmt), shape)
        return np.where(rng.integers(0, 12, shape) == 0, wild, bits)
    bits = int(number.kind[1:])
    wild = rng.choice(np.array(edges(bits), np.uint64), shape)
    return np.where(rng.integers(0, 3, shape) == 0, wild, rng.integers(0, 1 << min(bits, 62), shape,
                                                                       dtype=np.uint64))


# ---- calls -----------------------------------------------------------------------------------

def reductions(number):
    """[(id, function of one element's lanes)] for rows of one operand."""
    ops = ["sum", "product", "min", "max"] + ([] if number.fmt else ["and", "or", "xor"])
    out = []
    for stem, width in WIDTH.items():
        for op in ops:
            out.append((f"{stem}_{op}",
                        lambda v, a, op=op, w=width: reduce(number, op, w, v, a)))
        for op in ("sum", "product"):
            for kind in ("inclusive", "exclusive"):
                out.append((f"{stem}_prefix_{kind}_{op}",
                            lambda v, a, op=op, w=width, k=kind:
                            scan(number, op, w, v, a, k == "exclusive")))
        out.append((f"{stem}_broadcast_first", lambda v, a, w=width: first_of(w, v, a)))
    return out


MOVES = ["broadcast", "shuffle", "shuffle_up", "shuffle_down", "shuffle_xor", "shuffle_rotate_up",
         "shuffle_rotate_down"]


class Builder:
    """One kernel for one element type: every function, under a mask or straight."""

    def __init__(self, number, length, is_masked):
        self.number, self.length, self.is_masked = number, length, is_masked
        inputs = [(number.kind, length), (number.kind, length), ("i32", 1), ("i16", 1), ("i16", 1)]
        self.kernel = Kernel(inputs)
        k = self.kernel
        self.data = k.load("%in0", *inputs[0], "%i")
        self.filler = k.load("%in1", *inputs[1], "%i")
        self.mask = k.load("%in2", "i32", 1, "%i")
        self.uniform = k.load("%in3", "i16", 1, "%i")
        self.varying = k.load("%in4", "i16", 1, "%i")
        self.expected = []  # (name, function of (values, filler, active, uniform, varying))
        if is_masked:
            condition = k.emit(f"icmp ne i32 {self.mask}, 0")
            k.lines.append(f"  br i1 {condition}, label %on, label %off\non:")

    def add(self, name, operands, expected, result=None):
        """operands: texts; result: (kind, length) when it is not the element type."""
        k = self.kernel
        result = result or (self.number.kind, self.length)
        types = ", ".join(o.rsplit(" ", 1)[0] for o in operands)
        k.declares[name] = f"declare {llvm_type(*result)} @{name}({types})"
        value = k.emit(f"call {llvm_type(*result)} @{name}({', '.join(operands)})")
        value = k.widen(value, result, "i64")
        if result[1] < self.length:  # one answer for all elements
            value = k.join("i64", [value] * self.length)
        threads = GROUPS_OF_LANES * 32
        k.store(value, "i64", self.length, len(self.expected) * threads * self.length, "%i")
        self.expected.append((name, expected))

    def text(self):
        if self.is_masked:
            self.kernel.lines.append("  br label %off\noff:")
        return self.kernel.text("i64")


def name_of(stem, number, length):
    marker = f"{number.sign}." if number.sign else ""
    return f"air.{stem}.{marker}{suffix(number.kind, length)}"


def add_values(b, constants):
    """Reductions, prefixes, shuffles and fills."""
    number, length = b.number, b.length
    value = f"{llvm_type(number.kind, length)} {b.data}"
    filler = f"{llvm_type(number.kind, length)} {b.filler}"
    if number.sign or number.fmt:
        for stem, function in reductions(number):
            b.add(name_of(stem, number, length), [value],
                  lambda v, f, a, u, w, fn=function: fn(v, a))
    for stem, width in WIDTH.items():
        for move_name in MOVES:
            name = f"{stem}_{move_name}"
            for by in [c for c in constants if c < width or "shuffle_" in move_name]:
                b.add(name_of(name, number, length), [value, f"i16 {by}"],
                      lambda v, f, a, u, w, n=name, s=width, c=by: move(n, s, v, a, [c] * 32))
            b.add(name_of(name, number, length), [value, f"i16 {b.uniform}"],
                  lambda v, f, a, u, w, n=name, s=width: move(n, s, v, a, u))
            if move_name in ("shuffle", "shuffle_xor"):
                b.add(name_of(name, number, length), [value, f"i16 {b.varying}"],
                      lambda v, f, a, u, w, n=name, s=width: move(n, s, v, a, w))
        for way in ("up", "down"):
            name = f"{stem}_shuffle_and_fill_{way}"
            for by, modulo in [(1, width), (2, 2), (3, 4), (0, width)] + \
                    ([(5, 8), (9, 16), (32, 32)] if width == 32 else []):
                b.add(name_of(name, number, length), [value, filler, f"i16 {by}", f"i16 {modulo}"],
                      lambda v, f, a, u, w, n=name, c=by, m=modulo: fill(n, v, f, a, c, m))
            b.add(name_of(name, number, length),
                  [value, filler, f"i16 {b.uniform}", f"i16 {width}"],
                  lambda v, f, a, u, w, n=name, m=width:
                  fill(n, v, f, a, min(int(u[0]), m), m))


def word(flags):
    return sum(1 << lane for lane in range(len(flags)) if flags[lane])


def per_group(width, function):
    """function(flags of the group's lanes) in every lane of it."""
    def lanes(flags):
        return np.array([function(flags[lane - lane % width:lane - lane % width + width])
                         for lane in range(32)], np.uint64)
    return lanes


def add_votes(b):
    """Votes on the lowest bit of the data."""
    k = b.kernel
    bit = k.emit(f"trunc {b.number.kind} {b.data} to i1")
    for stem, width in WIDTH.items():
        on = lambda v, a: (v & np.uint64(1) == 1) & a
        ballots = [("", "i64"), (".i64", "i64")] if stem == "simd" else [("", "i16"), (".i64", "i64")]
        b.add(f"air.{stem}_all", [f"i1 {bit}"], lambda v, f, a, u, w, s=width:
              per_group(s, lambda p: int(not any(p)))(a & ~on(v, a)), ("i1", 1))
        b.add(f"air.{stem}_any", [f"i1 {bit}"], lambda v, f, a, u, w, s=width:
              per_group(s, lambda p: int(any(p)))(on(v, a)), ("i1", 1))
        for end, kind in ballots:
            b.add(f"air.{stem}_ballot{end}", [f"i1 {bit}"], lambda v, f, a, u, w, s=width:
                  per_group(s, word)(on(v, a)), (kind, 1))
            b.add(f"air.{stem}_active_threads_mask{end}", [], lambda v, f, a, u, w, s=width:
                  per_group(s, word)(a), (kind, 1))
        b.add(f"air.{stem}_is_first", [], lambda v, f, a, u, w, s=width: np.array(
            [a[lane] and not any(a[lane - lane % s:lane]) for lane in range(32)], np.uint64),
            ("i1", 1))
    b.add("air.get_simdgroup_size.i16", [], lambda v, f, a, u, w: np.full(32, 32, np.uint64),
          ("i16", 1))
    b.add("air.is_uniform.i1", [f"i1 {bit}"], lambda v, f, a, u, w: np.full(
        32, len(set((v & np.uint64(1))[a])) < 2, np.uint64), ("i1", 1))


def run_type(context, kind, sign, length, is_masked, has_votes):
    number = Number(kind, sign)
    rng = np.random.default_rng(bits_of(kind) + length)
    data, filler = (lane_values(number, rng, length) for _ in range(2))
    active = masks(rng) if is_masked else np.ones((GROUPS_OF_LANES, 32), bool)
    uniform = np.repeat(rng.integers(0, 34, GROUPS_OF_LANES), 32).reshape(-1, 32)
    varying = rng.integers(0, 64, (GROUPS_OF_LANES, 32))
    b = Builder(number, length, is_masked)
    add_values(b, (0, 1, 3, 17) if length == 1 else (1,))
    if has_votes:
        add_votes(b)
    inputs = [data.reshape(-1).astype(numpy_type(kind)), filler.reshape(-1).astype(numpy_type(kind)),
              active.reshape(-1).astype(np.uint32), uniform.reshape(-1).astype(np.uint16),
              varying.reshape(-1).astype(np.uint16)]
    count = GROUPS_OF_LANES * 32
    text = b.text()
    for mode in MODES[:2]:
        out = context.engine.run(text, inputs, (np.dtype("u8"), len(b.expected) * count * length),
                                 count, mode, ("--threadgroup", "32"))
        out = out.reshape(len(b.expected), GROUPS_OF_LANES, 32, length)
        for (name, expected), got in zip(b.expected, out):
            compare(context, name, mode, number, got, expected, data, filler, active, uniform,
                    varying)


def compare(context, name, mode, number, got, expected, data, filler, active, uniform, varying):
    wrong = []
    for group in range(GROUPS_OF_LANES):
        a = active[group]
        for element in range(data.shape[2]):
            exact = np.asarray(expected(data[group, :, element], filler[group, :, element], a,
                                        uniform[group], varying[group]), np.uint64)
            seen = got[group, :, element]
            bad = a & (seen != exact)
            if number.fmt is not None:
                bad &= ~(np.isnan(floats.decode(number.fmt, seen))
                         & np.isnan(floats.decode(number.fmt, exact)))
            wrong += [(group, lane, element, int(seen[lane]), int(exact[lane]))
                      for lane in np.flatnonzero(bad)]
            context.count += int(a.sum())
    for group, lane, element, seen, exact in wrong[:2]:
        context.fail(f"{name} {'/'.join(mode)} mask {word(active[group]):#x} lane {lane} element "
                     f"{element}: {seen:#x}, exactly {exact:#x}; {len(wrong)} such")


INTEGERS = [(f"i{bits}", sign) for bits in (8, 16, 32, 64) for sign in "su"] + [("i32", "")]
SCALARS = INTEGERS + [(kind, "") for kind in ("half", "bfloat", "float")]
STRAIGHT = [("i32", "u"), ("i8", "s"), ("float", ""), ("half", "")]  # also without a branch
VECTORS = [("i32", "s", 2), ("i8", "u", 3), ("float", "", 4)]


def run_scalars(context):
    for kind, sign in SCALARS:
        for is_masked in (True, False) if (kind, sign) in STRAIGHT else (True,):
            run_type(context, kind, sign, 1, is_masked, (kind, sign) == ("i32", "u"))


def run_vectors(context):
    for kind, sign, length in VECTORS:
        run_type(context, kind, sign, length, True, False)


def ids(table):
    """Every row of the families but the votes on words, which are `relational`."""
    return {row.id for row in table.values()
            if row.name.startswith(("simd_", "quad_", "is_uniform", "get_simdgroup_size"))
            and "_vote_" not in row.name}


GROUPS = {"lanes": (ids, run_scalars), "lane_vectors": (ids, run_vectors)}
