# SPDX-License-Identifier: MIT
"""SIMD-group matrices: products of all mixed types, loads and stores in every form.

D = A * B + C: float sums over k from 0 on, each step fused, rounded to D's type at the end.
"""
import itertools

import numpy as np

import floats
import maths
from engine import ELEMENT, MODES, memory_kind, numpy_type, suffix

KINDS = {"half": floats.HALF, "bfloat": floats.BFLOAT, "float": floats.FLOAT}
PREFIX = "air.simdgroup_matrix_8x8_"
GROUPS_COUNT = 6
ROW, LINES = 24, 20  # the memory that loads and stores work in


def tile(kind):
    return f"<64 x {kind}>"


def tile_suffix(kind):
    return "v64" + suffix(kind, 1)


class Text:
    """Body and declarations of one kernel."""

    def __init__(self):
        self.body, self.declares = "", set()

    def line(self, text):
        self.body += f"  {text}\n"

    def call(self, target, result, name, types, args):
        self.declares.add(f"declare {result} @{name}({', '.join(types)})")
        joined = ", ".join(f"{t} {a}" for t, a in zip(types, args))
        self.line(f"{f'{target} = ' if target else ''}call {result} @{name}({joined})")

    def load(self, target, kind, pointer, space, operands):
        types, args = operands
        self.call(target, tile(kind), f"{PREFIX}load.{tile_suffix(kind)}.p{space}{suffix(kind, 1)}",
                  [f"ptr addrspace({space})"] + types, [pointer] + args)

    def store(self, value, kind, pointer, space, operands):
        types, args = operands
        self.call("", "void", f"{PREFIX}store.{tile_suffix(kind)}.p{space}{suffix(kind, 1)}",
                  [tile(kind), f"ptr addrspace({space})"] + types, [value, pointer] + args)

    def kernel(self, inputs, out_kind, globals_text=""):
        params = [f'ptr addrspace(1) "tmjit.type"="{ELEMENT[memory_kind(k)]}" %in{n}'
                  for n, k in enumerate(inputs)]
        params += [f'ptr addrspace(1) "tmjit.type"="{ELEMENT[memory_kind(out_kind)]}" %out',
                   'i32 "tmjit.builtin"="threadgroup_position_in_grid" %group',
                   'i32 "tmjit.builtin"="thread_index_in_threadgroup" %lane']
        return (f'{globals_text}define void @k({", ".join(params)}) "tmjit.kernel" {{\n{self.body}'
                "  ret void\n}\n" + "\n".join(sorted(self.declares)) + "\n")


def legacy(length, x, y, transpose):
    return (["i64", "<2 x i64>", "i1"],
            [str(length), f"<i64 {x}, i64 {y}>", "true" if transpose else "false"])


def modern(strides, x, y):
    return (["<2 x i64>"] * 3, ["<i64 8, i64 8>", f"<i64 {strides[0]}, i64 {strides[1]}>",
                                f"<i64 {x}, i64 {y}>"])


PLAIN = legacy(8, 0, 0, False)


# ---- products --------------------------------------------------------------------------------

def product(d, a, b, c):
    """Bits of D; operands as long doubles [group][8][8]."""
    total = c.copy()
    for k in range(8):
        total = maths.fma(np.broadcast_to(a[:, :, k:k + 1], c.shape),
                          np.broadcast_to(b[:, k:k + 1, :], c.shape), total, floats.FLOAT)
    return floats.encode(KINDS[d], total)


def products(context):
    rng = np.random.default_rng(1)
    operands = {}  # (operand, kind) to bits
    for operand, kind in itertools.product("abc", KINDS):
        fmt = KINDS[kind]
        numbers = rng.choice([0.5, 1.25, -3, 7, 1 / 3, -1e-3, 100], (GROUPS_COUNT, 64))
        bits = floats.encode(fmt, numbers).astype(np.uint64)
        bits[-1] = rng.choice(floats.few_edges(fmt), 64)
        operands[operand, kind] = bits
    names = list(operands)
    for d in KINDS:
        text = Text()
        text.line("%start = mul i32 %group, 64")
        for n, (operand, kind) in enumerate(names):
            text.line(f"%p{n} = getelementptr {kind}, ptr addrspace(1) %in{n}, i32 %start")
            text.load(f"%{operand}_{kind}", kind, f"%p{n}", 1, PLAIN)
        combinations = list(itertools.product(KINDS, KINDS, KINDS))
        for n, (a, b, c) in enumerate(combinations):
            name = PREFIX + "multiply_accumulate." + ".".join(map(tile_suffix, (d, a, b, c)))
            text.call(f"%d{n}", tile(d), name, [tile(k) for k in (a, b, c)],
                      [f"%a_{a}", f"%b_{b}", f"%c_{c}"])
            text.line(f"%s{n} = add i32 %start, {n * 64 * GROUPS_COUNT}")
            text.line(f"%q{n} = getelementptr {d}, ptr addrspace(1) %out, i32 %s{n}")
            text.store(f"%d{n}", d, f"%q{n}", 1, PLAIN)
        inputs = [operands[name].reshape(-1).astype(numpy_type(name[1])) for name in names]
        kernel = text.kernel([kind for _, kind in names], d)
        for mode in MODES[:2]:
            out = context.engine.run(kernel, inputs,
                                     (numpy_type(d), len(combinations) * 64 * GROUPS_COUNT),
                                     32 * GROUPS_COUNT, mode, ("--threadgroup", "32"))
            out = out.reshape(len(combinations), GROUPS_COUNT, 8, 8)
            for (a, b, c), got in zip(combinations, out):
                values = [floats.decode(KINDS[k], operands[o, k]).reshape(-1, 8, 8)
                          for o, k in zip("abc", (a, b, c))]
                compare(context, f"multiply_accumulate {d} = {a} * {b} + {c}", mode, KINDS[d], got,
                        product(d, *values))


def compare(context, name, mode, fmt, got, exact):
    nan = np.isnan(floats.decode(fmt, got)) & np.isnan(floats.decode(fmt, exact))
    wrong = np.argwhere((got.astype(np.uint64) != exact.astype(np.uint64)) & ~nan)
    context.count += got.size
    for place in wrong[:2]:
        at = tuple(place)
        context.fail(f"{name} {'/'.join(mode)} at {at}: {int(got[at]):#x}, exactly "
                     f"{int(exact[at]):#x}; {len(wrong)} such")


# ---- memory ----------------------------------------------------------------------------------

def legacy_forms():
    """(operands, function of (row, column) to the element's offset): air.md 4.9."""
    for x, y in ((0, 0), (8, 0), (3, 5), (16, 12)):
        yield legacy(ROW, x, y, False), lambda r, c, x=x, y=y: (y + r) * ROW + x + c
    for x, y in ((0, 0), (8, 0), (5, 3), (16, 12)):  # transposed: components exchanged
        yield legacy(ROW, x, y, True), lambda r, c, x=x, y=y: (y + c) * ROW + x + r


def modern_forms():
    for strides, x, y in (((1, ROW), 3, 5), ((ROW, 1), 5, 3), ((2, ROW), 0, 1), ((ROW, 2), 1, 2),
                          ((3, 29), 0, 0), ((1, 0), 2, 9)):
        yield modern(strides, x, y), lambda r, c, s=strides, x=x, y=y: \
            (x + c) * s[0] + (y + r) * s[1]


def offsets(function):
    return np.array([[function(r, c) for c in range(8)] for r in range(8)])


def memory(context):
    for kind, space in itertools.product(KINDS, (1, 3)):
        run_memory(context, kind, space, list(legacy_forms()), PLAIN)
        run_memory(context, kind, space, list(modern_forms()), modern((1, 8), 0, 0))


def run_memory(context, kind, space, cases, plain):
    """Loads by each case, stored plainly; the first tile stored by each case."""
    size = ROW * LINES
    stores = [case for case in cases if len(set(offsets(case[1]).ravel())) == 64]
    text = Text()
    bits = memory_kind(kind)
    base = "%in0"
    if space == 3:
        base = "@memory"
        for n in range(size // 32):
            text.line(f"%x{n} = add i32 %lane, {32 * n}")
            text.line(f"%f{n} = getelementptr {bits}, ptr addrspace(1) %in0, i32 %x{n}")
            text.line(f"%v{n} = load {bits}, ptr addrspace(1) %f{n}")
            text.line(f"%t{n} = getelementptr {bits}, ptr addrspace(3) @memory, i32 %x{n}")
            text.line(f"store {bits} %v{n}, ptr addrspace(3) %t{n}")
        text.call("", "void", "air.wg.barrier", ["i32", "i32"], ["2", "1"])
    for n, (operands, _) in enumerate(cases):
        text.load(f"%m{n}", kind, base, space, operands)
        text.line(f"%q{n} = getelementptr {kind}, ptr addrspace(1) %out, i32 {n * 64}")
        text.store(f"%m{n}", kind, f"%q{n}", 1, plain)
    for n, (operands, _) in enumerate(stores):
        place = len(cases) * 64 + n * size
        if space == 3:
            text.call("", "void", "air.wg.barrier", ["i32", "i32"], ["2", "1"])
            text.store("%m0", kind, base, 3, operands)
            text.call("", "void", "air.wg.barrier", ["i32", "i32"], ["2", "1"])
            drain(text, bits, n, place, size)
        else:
            text.line(f"%w{n} = getelementptr {kind}, ptr addrspace(1) %out, i32 {place}")
            text.store("%m0", kind, f"%w{n}", 1, operands)
    rng = np.random.default_rng(4)
    data = rng.integers(0, 1 << floats_bits(kind), size, dtype=np.uint64).astype(numpy_type(kind))
    shared = f"@memory = internal addrspace(3) global [{size} x {bits}] undef\n" if space == 3 else ""
    kernel = text.kernel([kind], kind, shared)
    for mode in MODES[:2]:
        out = context.engine.run(kernel, [data],
                                 (numpy_type(kind), len(cases) * 64 + len(stores) * size), 32, mode,
                                 ("--threadgroup", "32"))
        check_memory(context, kind, space, mode, data, out, cases, stores)


def floats_bits(kind):
    return KINDS[kind].bits


def drain(text, bits, n, place, size):
    for part in range(size // 32):
        at = f"{n}_{part}"
        text.line(f"%dx{at} = add i32 %lane, {32 * part}")
        text.line(f"%df{at} = getelementptr {bits}, ptr addrspace(3) @memory, i32 %dx{at}")
        text.line(f"%dv{at} = load {bits}, ptr addrspace(3) %df{at}")
        text.line(f"%dy{at} = add i32 %lane, {place + 32 * part}")
        text.line(f"%dt{at} = getelementptr {bits}, ptr addrspace(1) %out, i32 %dy{at}")
        text.line(f"store {bits} %dv{at}, ptr addrspace(1) %dt{at}")


def check_memory(context, kind, space, mode, data, out, cases, stores):
    size = ROW * LINES
    state = data.copy() if space == 3 else np.zeros(size, data.dtype)
    source = data[offsets(cases[0][1])]
    for n, (operands, function) in enumerate(cases):
        got = out[n * 64:n * 64 + 64].reshape(8, 8)
        check_bits(context, f"load p{space}{kind} {operands[1]}", mode, got, data[offsets(function)])
    for n, (operands, function) in enumerate(stores):
        place = len(cases) * 64 + n * size
        expected = state if space == 3 else np.zeros(size, data.dtype)
        expected[offsets(function)] = source
        check_bits(context, f"store p{space}{kind} {operands[1]}", mode, out[place:place + size],
                   expected)


def check_bits(context, name, mode, got, exact):
    wrong = np.argwhere(got != exact)
    context.count += got.size
    if len(wrong):
        at = tuple(wrong[0])
        context.fail(f"{name} {'/'.join(mode)} at {at}: {int(got[at]):#x}, exactly "
                     f"{int(exact[at]):#x}; {len(wrong)} such")


def init(context):
    """Filled and diagonal tiles of every kind, from a value of each group."""
    for kind, fmt in KINDS.items():
        text = Text()
        text.line(f"%p = getelementptr {kind}, ptr addrspace(1) %in0, i32 %group")
        text.line(f"%v = load {kind}, ptr addrspace(1) %p")
        for n, stem in enumerate(("filled", "diag")):
            text.call(f"%m{n}", tile(kind), f"{PREFIX}init_{stem}.{tile_suffix(kind)}."
                      f"{suffix(kind, 1)}", [kind], ["%v"])
            text.line(f"%s{n} = mul i32 %group, 64")
            text.line(f"%o{n} = add i32 %s{n}, {n * 64 * GROUPS_COUNT}")
            text.line(f"%q{n} = getelementptr {kind}, ptr addrspace(1) %out, i32 %o{n}")
            text.store(f"%m{n}", kind, f"%q{n}", 1, PLAIN)
        values = floats.edges(fmt)[3:3 + GROUPS_COUNT].astype(numpy_type(kind))
        for mode in MODES[:2]:
            out = context.engine.run(text.kernel([kind], kind), [values],
                                     (numpy_type(kind), 2 * 64 * GROUPS_COUNT), 32 * GROUPS_COUNT,
                                     mode, ("--threadgroup", "32")).reshape(2, GROUPS_COUNT, 8, 8)
            filled = np.broadcast_to(values[:, None, None], (GROUPS_COUNT, 8, 8))
            check_bits(context, f"init_filled {kind}", mode, out[0], filled)
            check_bits(context, f"init_diag {kind}", mode, out[1],
                       np.where(np.eye(8, dtype=bool), filled, 0))


def pairs(context):
    """Each lane's pair of elements changes places; no bit changes on the way."""
    for kind, fmt in KINDS.items():
        text = Text()
        text.load("%m", kind, "%in0", 1, PLAIN)
        for n in (0, 1):
            text.line(f"%e{n} = extractelement {tile(kind)} %m, i32 {n}")
        text.line(f"%s = insertelement {tile(kind)} %m, {kind} %e1, i32 0")
        text.line(f"%t = insertelement {tile(kind)} %s, {kind} %e0, i32 1")
        text.store("%t", kind, "%out", 1, PLAIN)
        rng = np.random.default_rng(11)
        data = rng.integers(0, 1 << fmt.bits, 64, dtype=np.uint64).astype(numpy_type(kind))
        data[:8] = (int(floats.encode(fmt, [np.inf])[0]) + 1 + np.arange(8)).astype(data.dtype)
        for mode in MODES[:2]:
            out = context.engine.run(text.kernel([kind], kind), [data], (numpy_type(kind), 64), 32,
                                     mode, ("--threadgroup", "32"))
            check_bits(context, f"pairs of {kind}", mode, out, data.reshape(32, 2)[:, ::-1].ravel())


GROUPS = {"matrices": (lambda table: {i for i in table if i.startswith("MATRIX_")},
                       lambda context: (products(context), memory(context), init(context),
                                        pairs(context)))}
