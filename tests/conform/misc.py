# SPDX-License-Identifier: MIT
"""Functions of other shapes: sincos, ldexp, dot, the helpers of Metal's runtime library."""
import numpy as np

import floats
from engine import Call, Kernel, MODES, llvm_type, numpy_type, suffix
from floats import LD
import maths


def exponents(rng, count):
    """Exponents about all ends of the formats."""
    edges = [0, 1, -1, 10, -10, 24, -24, 126, 127, 128, -126, -149, -150, 300, -300, 2 ** 31 - 1,
             -2 ** 31]
    return np.concatenate([np.array(edges), rng.integers(-300, 300, count - len(edges))])


def scale(x, n):
    """x * 2^n in long double, whose range holds every result of interest."""
    with np.errstate(all="ignore"):
        return np.ldexp(x, np.clip(n, -1000, 1000))


def ldexp(context):
    for column, fmt in floats.FORMATS.items():
        rng = np.random.default_rng(2)
        bits = floats.pad(np.concatenate([floats.edges(fmt), floats.random_bits(fmt, rng, 2000)]))
        n = exponents(rng, len(bits))
        exact = floats.decode(fmt, floats.encode(fmt, scale(floats.decode(fmt, bits), n)))
        for length in (1, 2, 3, 4):
            call = Call(f"air.ldexp.{suffix(fmt.kind, length)}", (fmt.kind, length),
                        [(fmt.kind, length), ("i32", length)])
            arrays = [bits, n.astype(np.int64).astype(np.uint64) & np.uint64(0xffffffff)]
            for mode in MODES:
                got = context.engine.batch([call], arrays, mode)[0]
                context.judge_result("LDEXP", column, call, mode, arrays, got, exact, fmt)


def dot(context):
    """Strict: products and sums in order, each rounded; fast: near the exact sum."""
    for column, fmt in floats.FORMATS.items():
        rng = np.random.default_rng(3)
        for length in (2, 3, 4):
            a, b = (floats.random_bits(fmt, rng, 4800)[rng.permutation(4800)] for _ in range(2))
            small = [floats.encode(fmt, rng.uniform(-2, 2, 4800)).astype(np.uint64) for _ in "ab"]
            for arrays in ((a, b), small):
                x, y = (floats.decode(fmt, v).reshape(-1, length) for v in arrays)
                with np.errstate(all="ignore"):
                    products = maths.rounded(fmt, x * y)
                    exact = products[:, 0]
                    for i in range(1, length):
                        exact = maths.rounded(fmt, exact + products[:, i])
                    size = np.abs(x * y).sum(axis=1)
                for fast in ("", "fast_") if column == "f32" else ("",):
                    call = Call(f"air.{fast}dot.{suffix(fmt.kind, length)}", (fmt.kind, 1),
                                [(fmt.kind, length)] * 2, "reassoc contract " if fast else "")
                    check_dot(context, call, column, fmt, arrays, exact, size, fast)


def check_dot(context, call, column, fmt, arrays, exact, size, fast):
    for mode in MODES:
        got = context.engine.batch([call], arrays, mode)[0]
        if not (fast and mode[1] == "fast"):
            context.judge_result("DOT", column, call, mode, arrays, got, exact, fmt)
            continue
        with np.errstate(all="ignore"):
            near = np.isfinite(exact) & np.isfinite(size)
            off = np.abs(floats.decode(fmt, got) - exact) > 4 * floats.quantum(fmt, size)
        context.count += len(exact)
        if np.any(near & off):
            context.fail(f"{call.name} fast: {np.count_nonzero(near & off)} beyond 4 ULP of the "
                         "sum of sizes")


class WithPointer:
    """A kernel that calls a function T(T, pointer) and stores result and memory."""

    def __init__(self, name, kind, second, length, mode_operand=False):
        k = self.kernel = Kernel([(kind, length)])
        self.kind, self.second, self.length = kind, second, length
        x = k.load("%in0", kind, length, "%i")
        pair = llvm_type(second, length)
        slot = k.emit(f"alloca {pair}, align 16")
        k.lines.insert(0, k.lines.pop())
        more = ", i32 3" if mode_operand else ""
        k.declares[name] = (f"declare {llvm_type(kind, length)} @{name}({llvm_type(kind, length)}, "
                            f"ptr{', i32' if mode_operand else ''})")
        value = k.emit(f"call {llvm_type(kind, length)} @{name}({llvm_type(kind, length)} {x}, "
                       f"ptr {slot}{more})")
        other = k.emit(f"load {pair}, ptr {slot}, align 4")
        self.values = [(value, kind), (other, second)]

    def run(self, context, bits, mode):
        count = len(bits) // self.length
        k = self.kernel
        lines = list(k.lines)
        for place, (value, kind) in enumerate(self.values):
            wide = k.widen(value, (kind, self.length), "i64")
            k.store(wide, "i64", self.length, place * len(bits), "%i")
        text = k.text("i64")
        k.lines = lines
        out = context.engine.run(text, [bits.astype(numpy_type(self.kind))],
                                 (np.dtype("u8"), 2 * len(bits)), count, mode)
        return out.reshape(2, len(bits))


def sincos(context):
    for column, fmt in floats.FORMATS.items():
        rng = np.random.default_rng(4)
        bits = floats.one_operand(fmt, rng, 2000)
        bits = bits[:len(bits) // 48 * 48]
        values = floats.decode(fmt, bits)
        with np.errstate(all="ignore"):
            exact = np.sin(values), np.cos(values)
        for length in (1, 2, 3, 4):
            chosen = slice(None) if length == 1 else slice(0, 960)
            for fast in ("", "fast_") if column == "f32" else ("",):
                name = f"air.{fast}sincos.{suffix(fmt.kind, length)}"
                call = Call(name, (fmt.kind, length), [(fmt.kind, length)])
                for mode in MODES:
                    is_fast = bool(fast) and mode[1] == "fast"
                    kernel = WithPointer(name, fmt.kind, fmt.kind, length)
                    for got, e in zip(kernel.run(context, bits[chosen], mode), exact):
                        context.judge_result("SINCOS", column, call, mode, [bits[chosen]], got,
                                             e[chosen], fmt, is_fast)


# ---- helpers of the runtime library --------------------------------------------------------------

def helpers(context):
    for column, fmt in (("f32", floats.FLOAT), ("f16", floats.HALF)):
        rng = np.random.default_rng(6)
        bits = floats.one_operand(fmt, rng, 2000)
        bits = bits[:len(bits) // 48 * 48]
        for length in (1, 3):
            metal = {"float": "float", "half": "half"}[fmt.kind]
            metal = metal if length == 1 else f"v{length}{metal}"
            whole = "int32" if length == 1 else f"v{length}int32"
            for mode in MODES[:2]:
                frexp(context, fmt, bits, length, mode, f"___metal_frexp_{metal}_pthread{whole}")
                modf(context, column, fmt, bits, length, mode, f"___metal_modf_{metal}_pthread{metal}")
                plain(context, column, fmt, bits, length, mode, metal, whole)


def frexp(context, fmt, bits, length, mode, name):
    values = floats.decode(fmt, bits)
    mantissa, exponent = np.frexp(np.where(np.isfinite(values), values, LD(0)))
    mantissa = np.where(np.isfinite(values), mantissa, values)
    got = WithPointer(name, fmt.kind, "i32", length).run(context, bits, mode)
    call = Call(name, (fmt.kind, length), [(fmt.kind, length)])
    context.compare_bits(call, mode, [bits], got[0], floats.encode(fmt, mantissa), fmt)
    context.compare_bits(call, mode, [bits], got[1],
                         exponent.astype(np.int64).astype(np.uint64) & np.uint64(0xffffffff))


def modf(context, column, fmt, bits, length, mode, name):
    values = floats.decode(fmt, bits)
    with np.errstate(all="ignore"):
        whole = np.trunc(values)
        part = np.copysign(np.where(np.isinf(values), LD(0), values - whole), values)
    got = WithPointer(name, fmt.kind, fmt.kind, length, True).run(context, bits, mode)
    call = Call(name, (fmt.kind, length), [(fmt.kind, length)])
    del column
    context.compare_bits(call, mode, [bits], got[0], floats.encode(fmt, part), fmt)
    context.compare_bits(call, mode, [bits], got[1], floats.encode(fmt, whole), fmt)


def plain(context, column, fmt, bits, length, mode, metal, whole):
    values = floats.decode(fmt, bits)
    _, exponent = np.frexp(np.where(np.isfinite(values), values, LD(1)))
    exponent = np.where(np.isinf(values), 2 ** 31 - 1, exponent.astype(np.int64) - 1)
    exponent = np.where(np.isnan(values) | (values == 0), -2 ** 31, exponent)
    call = Call(f"___metal_ilogb_{metal}", ("i32", length), [(fmt.kind, length), "i32 0"])
    got = context.engine.batch([call], [bits], mode)[0]
    context.compare_bits(call, mode, [bits], got,
                         exponent.astype(np.uint64) & np.uint64(0xffffffff))
    call = Call(f"___metal_fract_{metal}", (fmt.kind, length), [(fmt.kind, length), "i32 3"])
    got = context.engine.batch([call], [bits], mode)[0]
    context.judge_result("FRACT", column, call, mode, [bits], got, maths.fract(values, fmt), fmt)
    n = exponents(np.random.default_rng(8), len(bits))
    arrays = [bits, n.astype(np.int64).astype(np.uint64) & np.uint64(0xffffffff)]
    call = Call(f"___metal_ldexp_{metal}_{whole}", (fmt.kind, length),
                [(fmt.kind, length), ("i32", length)])
    got = context.engine.batch([call], arrays, mode)[0]
    exact = floats.decode(fmt, floats.encode(fmt, scale(values, n)))
    context.judge_result("LDEXP", column, call, mode, arrays, got, exact, fmt)
    other = bits[::-1]
    call = Call(f"__air_impl_nextafter_{suffix(fmt.kind, length)}", (fmt.kind, length),
                [(fmt.kind, length)] * 2)
    got = context.engine.batch([call], [bits, other], mode)[0]
    exact = maths.next_after(values, floats.decode(fmt, other), fmt)
    context.compare_bits(call, mode, [bits, other], got, floats.encode(fmt, exact), fmt)


GROUPS = {
    "misc": (lambda table: {"LDEXP", "DOT", "SINCOS"},
             lambda context: (ldexp(context), dot(context), sincos(context))),
    "helpers": (lambda table: set(), helpers),
}
