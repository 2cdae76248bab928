#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Doubles in Triton's IR, allowed by --allow-fp64, against numpy, in both engines, which must agree.

    fp64.py --tmjit TMJIT [--folder FOLDER]

Functions by their error in ulp of double against extended precision (erf and erfc: against series
of 60 digits); conversions between doubles and every other number, comparisons, minima and maxima,
sums, scans, products and atomics by equal bits.
"""
import argparse
import decimal
import fractions
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from dots import Text, tensor

SIZE = 512
WIDE = np.longdouble
NUMPY = {"f64": np.float64, "f32": np.float32, "f16": np.float16, "bf16": np.uint16, "i1": np.bool_, "i8": np.int8,
         "i16": np.int16, "i32": np.int32, "i64": np.int64, "f8E5M2": np.uint8}
WORDS = {"i1": "bool", "bf16": "bf16", "f8E5M2": "u8"}


class Kernel(Text):
    """With what it takes and what must come out."""

    def __init__(self):
        super().__init__()
        self.inputs, self.outputs = {}, {}

    def take(self, name, elem, data):
        self.inputs[name] = data.astype(NUMPY[elem])
        return self.load(name, list(data.shape), elem)

    def give(self, name, elem, value, wanted, most_ulp=0):
        """`wanted`: of numpy's type, or in extended precision with an error in ulp."""
        shape = list(wanted.shape)
        self.outputs[name] = (elem, wanted, most_ulp)
        self.store(name, shape, elem, value)

    def op(self, name, values, shape, elem, to=None):
        types = tensor(shape, elem) + (f" to {tensor(shape, to)}" if to else "")
        return self.value(f"{name} {', '.join(values)} : {types}")

    def extern(self, symbol, values, shape, elems):
        types = [tensor(shape, e) for e in elems]
        return self.value(f"tt.extern_elementwise {', '.join(values)} {{libname = \"\", libpath = \"\", pure = true, "
                          f"symbol = \"{symbol}\"}} : ({', '.join(types[:-1])}) -> {types[-1]}")


# ---- functions --------------------------------------------------------------------------------

def exact_erf(x):
    """By its series, which needs no more than 60 digits up to 6."""
    with decimal.localcontext(decimal.Context(prec=60)):
        x = decimal.Decimal(float(x))
        term, total, n = x, x, 0
        while abs(term) > decimal.Decimal(10) ** -55:
            n += 1
            term = -term * x * x / n
            total += term / (2 * n + 1)
        pi = decimal.Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
        return 2 * total / pi.sqrt()


def to_wide(values):
    """Decimals in extended precision: a double and what is left."""
    high = [float(v) for v in values]
    low = [float(v - decimal.Decimal(h)) for v, h in zip(values, high)]
    return np.array(high, WIDE) + np.array(low, WIDE)


def middle_numbers(random, low, high):
    return np.concatenate([random.uniform(low, high, SIZE - 8), [0.5, 1, 2, 3, 0.25, 1.5, 1 / 3, 0.1]])


def functions(random):
    """name, operation or symbol, arguments, reference, ulp"""
    any_x, small = middle_numbers(random, -20, 20), middle_numbers(random, -5, 5)
    above, unit = middle_numbers(random, 1e-3, 500), middle_numbers(random, -1, 1) / 3.01
    other = random.permutation(small) + 0.01
    pi = WIDE("3.14159265358979323846264338327950288")
    return [
        ("exp", "math.exp", [any_x], np.exp, 1), ("exp2", "math.exp2", [any_x], np.exp2, 1),
        ("log", "math.log", [above], np.log, 1), ("log2", "math.log2", [above], np.log2, 2),
        ("sin", "math.sin", [any_x], np.sin, 1), ("cos", "math.cos", [any_x], np.cos, 1),
        ("sqrt", "math.sqrt", [above], np.sqrt, 0.5), ("root", "tt.precise_sqrt", [above], np.sqrt, 0.5),
        ("rsqrt", "math.rsqrt", [above], lambda x: 1 / np.sqrt(x), 1.5),
        ("abs", "math.absf", [any_x], np.abs, 0), ("floor", "math.floor", [any_x], np.floor, 0),
        ("ceil", "math.ceil", [any_x], np.ceil, 0),
        ("over", "tt.precise_divf", [any_x, other], lambda x, y: x / y, 0.5),
        ("rem", "arith.remf", [any_x, other], np.fmod, 0),
        ("fma", "math.fma", [any_x, other, small], lambda x, y, z: x * y + z, 0.75),
        ("erf", "math.erf", [small], lambda x: to_wide([exact_erf(v) for v in x]), 1),
        ("erfc", "__nv_erfc", [small / 2], lambda x: to_wide([1 - exact_erf(v) for v in x]), 4),
        ("tanh", "__nv_tanh", [small], np.tanh, 2), ("pow", "__nv_pow", [above / 50, small], np.power, 1),
        ("expm1", "__nv_expm1", [small], np.expm1, 1), ("log1p", "__ocml_log1p_f64", [above], np.log1p, 1),
        ("cbrt", "__nv_cbrt", [any_x], np.cbrt, 4), ("hypot", "__nv_hypot", [any_x, small], np.hypot, 1),
        ("asin", "__nv_asin", [unit], np.arcsin, 1), ("acos", "__nv_acos", [unit], np.arccos, 1),
        ("atan", "__nv_atan", [any_x], np.arctan, 1), ("atan2", "__nv_atan2", [small, other], np.arctan2, 1),
        ("tan", "__nv_tan", [small], np.tan, 1), ("sinh", "__nv_sinh", [small], np.sinh, 2),
        ("cosh", "__nv_cosh", [small], np.cosh, 2), ("asinh", "__nv_asinh", [small], np.arcsinh, 2),
        ("acosh", "__nv_acosh", [above + 1], np.arccosh, 2), ("atanh", "__nv_atanh", [unit], np.arctanh, 2),
        ("log10", "__nv_log10", [above], np.log10, 2),
        ("exp10", "__nv_exp10", [small], lambda x: np.power(WIDE(10), x), 2),
        ("sinpi", "__nv_sinpi", [small], lambda x: np.sin(pi * (x - np.rint(x))) * (1 - 2 * (np.rint(x) % 2)), 4),
        ("cospi", "__nv_cospi", [small], lambda x: np.where(np.abs(x % 1) == 0.5, 0, np.cos(
            pi * (x - np.rint(x))) * (1 - 2 * (np.rint(x) % 2))), 4),
        ("rint", "__nv_rint", [any_x], np.rint, 0), ("trunc", "__ocml_trunc_f64", [any_x], np.trunc, 0),
        ("sign", "__nv_copysign", [above, any_x], np.copysign, 0),
        ("sum", "__nv_dadd_rn", [any_x, other], lambda x, y: x + y, 0.5),
        ("inverse", "__nv_drcp_rn", [above], lambda x: 1 / x, 0.5),
        ("rest", "__nv_remainder", [any_x, other],
         lambda x, y: np.array([math.remainder(a, b) for a, b in zip(x, y)], WIDE), 0),
    ]


def maths(random):
    """In kernels of a few functions each, as argument numbers are few."""
    rows = functions(random)
    for start in range(0, len(rows), 8):
        kernel = Kernel()
        for name, symbol, args, reference, most in rows[start:start + 8]:
            values = [kernel.take(f"arg{i}_{name}", "f64", a) for i, a in enumerate(args)]
            out = (kernel.extern(symbol, values, [SIZE], ["f64"] * (len(args) + 1)) if symbol.startswith("__")
                   else kernel.op(symbol, values, [SIZE], "f64"))
            kernel.give(name, "f64", out, reference(*[a.astype(WIDE) for a in args]), most)
        yield f"maths {start}", kernel


# ---- conversions ------------------------------------------------------------------------------

def round_bits(value, digits, least, most):
    """The nearest number of so many binary digits, even at ties; exponents from `least`."""
    if not np.isfinite(value) or value == 0:
        return value
    exponent = max(math.frexp(value)[1] - 1, least)
    unit = fractions.Fraction(2) ** (exponent - digits + 1)
    out = abs(float(round(fractions.Fraction(float(value)) / unit) * unit))
    return math.copysign(math.inf if out > most else out, value)


def to_bf16(values):
    most = float.fromhex("0x1.fep127")
    rounded = np.array([round_bits(v, 8, -126, most) for v in values]).astype(np.float32)
    return (rounded.view(np.uint32) >> 16).astype(np.uint16)


def to_f8(values):
    """e5m2: as halfs end, and saturated."""
    rounded = np.array([np.clip(round_bits(v, 3, -14, math.inf), -57344, 57344) for v in values])
    return (rounded.astype(np.float16).view(np.uint16) >> 8).astype(np.uint8)


def edges(random):
    """Ties of every format, with a bit beyond float on either side; wide ranges; ends."""
    one = 1 + random.integers(0, 256, 96) / 256 + random.choice([0, 2.0 ** -52, -2.0 ** -50, 2.0 ** -30], 96)
    ties = one * np.exp2(random.integers(-30, 16, 96)) * random.choice([-1, 1], 96)
    halves = (1 + random.integers(0, 4096, 96) / 4096) * np.exp2(random.integers(-26, 17, 96))
    halves = halves * (1 + random.choice([0, 2.0 ** -51, -2.0 ** -40], 96))
    whole = random.integers(-2**63, 2**63, 100).astype(np.float64)
    special = [0.0, -0.0, 1e300, -1e300, 1e-300, 5e-324, 65504, 65519.99999999, 65520, 2.0 ** 31, -2.0 ** 31,
               2.0 ** 31 - 0.5, 2.0 ** 63, -2.0 ** 63, 2.0 ** 64, 127.9, -128.9, 3.4028235677973366e38, 1e-40, 0.5]
    rest = random.uniform(-300, 300, SIZE - 96 - 96 - 100 - len(special))
    return np.concatenate([ties, halves, whole, special, rest])


def saturated(x, elem, is_signed):
    bits = int(elem[1:])
    low, high = (-2**(bits - 1), 2**(bits - 1) - 1) if is_signed else (0, 2**bits - 1)
    whole = [0 if v != v else max(low, min(high, int(v))) for v in x.tolist()]
    return np.array([v - 2**bits if v >= 2**(bits - 1) else v for v in whole], np.int64).astype(NUMPY[elem])


def conversions(random):
    x, kernel = edges(random), Kernel()
    value = kernel.take("x", "f64", x)
    with np.errstate(all="ignore"):
        for elem, wanted in (("f32", x.astype(np.float32)), ("f16", x.astype(np.float16)), ("bf16", to_bf16(x))):
            kernel.give(f"to_{elem}", elem, kernel.op("arith.truncf", [value], [SIZE], "f64", elem), wanted)
    eight = kernel.value(f"tt.fp_to_fp {value}, rounding = rtne : {tensor([SIZE], 'f64')} -> "
                         f"{tensor([SIZE], 'f8E5M2')}")
    kernel.give("to_f8", "f8E5M2", eight, to_f8(x))
    for elem in ("i8", "i16", "i32", "i64"):
        for op, is_signed in (("arith.fptosi", True), ("arith.fptoui", False)):
            out = kernel.op(op, [value], [SIZE], "f64", elem)
            kernel.give(f"{op[6:]}_{elem}", elem, out, saturated(x, elem, is_signed))
    bits = kernel.value(f"tt.bitcast {value} : {tensor([SIZE], 'f64')} -> {tensor([SIZE], 'i64')}")
    kernel.give("bits", "i64", bits, x.view(np.int64))
    yield "from doubles", kernel
    kernel = Kernel()
    for elem in ("f32", "f16", "bf16"):
        size = 16 if elem != "f32" else 32
        raw = random.integers(0, 2**size, SIZE, np.uint32).astype(f"u{size // 8}")
        wide = ((raw.astype(np.uint32) << 16).view(np.float32) if elem == "bf16" else raw.view(NUMPY[elem]))
        raw[np.isnan(wide)], wide = 0, np.where(np.isnan(wide), 0, wide)
        given = kernel.take(elem, elem, raw if elem == "bf16" else wide)
        kernel.give(f"of_{elem}", "f64", kernel.op("arith.extf", [given], [SIZE], elem, "f64"),
                    wide.astype(np.float64))
    for elem in ("i1", "i8", "i16", "i32", "i64"):
        bits = int(elem[1:])
        raw = random.integers(0, 2**bits, SIZE, np.uint64, endpoint=bits < 64) if bits < 64 else random.integers(
            0, 2**64, SIZE, np.uint64)
        raw = raw & np.uint64(2**bits - 1)
        signed = [int(v) - 2**bits if int(v) >> (bits - 1) else int(v) for v in raw]
        data = raw.astype(bool) if elem == "i1" else np.array(signed, np.int64)
        given = kernel.take(elem, elem, data)
        for op, numbers in (("arith.sitofp", signed), ("arith.uitofp", [int(v) for v in raw])):
            kernel.give(f"{op[6:]}_{elem}", "f64", kernel.op(op, [given], [SIZE], elem, "f64"),
                        np.array([float(v) for v in numbers]))
    yield "to doubles", kernel


# ---- comparisons ------------------------------------------------------------------------------

def comparisons(random):
    ends = np.array([0.0, -0.0, 1.5, -2.75, math.inf, -math.inf, math.nan, 1 + 2.0 ** -52])
    a, b = (np.ascontiguousarray(v).ravel() for v in np.meshgrid(ends, ends))
    shape, kernel = list(a.shape), Kernel()
    x, y = kernel.take("a", "f64", a), kernel.take("b", "f64", b)
    unordered = np.isnan(a) | np.isnan(b)
    for word, wanted in (("oeq", (a == b) & ~unordered), ("ogt", a > b), ("oge", a >= b), ("olt", a < b),
                         ("ole", a <= b), ("one", (a != b) & ~unordered), ("une", a != b), ("uno", unordered),
                         ("ueq", (a == b) | unordered), ("ugt", ~(a <= b))):
        out = kernel.value(f"arith.cmpf {word}, {x}, {y} : {tensor(shape, 'f64')}")
        kernel.give(word, "i1", out, wanted)
    below = (a < b) | ((a == b) & np.signbit(a) & ~np.signbit(b))
    least, most = np.where(below, a, b), np.where(below, b, a)
    for op, pick, gives_nan in (("minimumf", least, True), ("maximumf", most, True), ("minnumf", least, False),
                                ("maxnumf", most, False)):
        with_nan = np.nan if gives_nan else np.where(np.isnan(a), b, a)
        kernel.give(op, "f64", kernel.op(f"arith.{op}", [x, y], shape, "f64"), np.where(unordered, with_nan, pick))
    condition = kernel.value(f"arith.cmpf olt, {x}, {y} : {tensor(shape, 'f64')}")
    chosen = kernel.value(f"arith.select {condition}, {x}, {y} : {tensor(shape, 'i1')}, {tensor(shape, 'f64')}")
    kernel.give("chosen", "f64", chosen, np.where(a < b, a, b))
    kernel.give("negative", "f64", kernel.op("arith.negf", [x], shape, "f64"), -a)
    yield "comparisons", kernel


# ---- over elements ----------------------------------------------------------------------------

def region(op, name):
    return (f"({{\n    ^bb0(%p: f64, %q: f64):\n      %s = arith.{op} %p, %q : f64\n"
            f"      tt.{name}.return %s : f64\n    }})")


def combined(random):
    """Whole numbers, so that every order of a sum is exact."""
    for shape, axis in (((64, 32), 1), ((64, 32), 0), ((1024,), 0)):
        kernel, x = Kernel(), random.integers(-2**40, 2**40, shape).astype(np.float64)
        value, of = kernel.take("x", "f64", x), tensor(shape, "f64")
        rest = shape[:axis] + shape[axis + 1:] or (1,)
        for name, op, wanted in (("sum", "addf", x.sum(axis)), ("most", "maxnumf", x.max(axis)),
                                 ("least", "minimumf", x.min(axis))):
            if len(shape) == 1:
                whole = kernel.value(f"\"tt.reduce\"({value}) <{{axis = 0 : i32}}> {region(op, 'reduce')} : "
                                     f"({of}) -> f64")
                out = kernel.value(f"tt.splat {whole} : f64 -> {tensor(rest, 'f64')}")
            else:
                out = kernel.value(f"\"tt.reduce\"({value}) <{{axis = {axis} : i32}}> {region(op, 'reduce')} : "
                                   f"({of}) -> {tensor(rest, 'f64')}")
            kernel.give(name, "f64", out, np.atleast_1d(wanted))
        for name, way in (("scan", "false"), ("back", "true")):
            out = kernel.value(f"\"tt.scan\"({value}) <{{axis = {axis} : i32, reverse = {way}}}> "
                               f"{region('addf', 'scan')} : ({of}) -> {of}")
            flip = (lambda v: v) if way == "false" else (lambda v: np.flip(v, axis))
            kernel.give(name, "f64", out, flip(np.cumsum(flip(x), axis)))
        if len(shape) == 2:
            turned = kernel.value(f"tt.trans {value} {{order = array<i32: 1, 0>}} : {of} -> {tensor(shape[::-1], 'f64')}")
            kernel.give("turned", "f64", turned, np.ascontiguousarray(x.T))
        yield f"combined {shape} {axis}", kernel


def products(random):
    for m, n, k in ((16, 16, 16), (32, 16, 64), (4, 2, 8)):
        kernel = Kernel()
        a, b, c = (random.integers(-2**20, 2**20, s).astype(np.float64) for s in ((m, k), (k, n), (m, n)))
        values = [kernel.take(name, "f64", data) for name, data in zip("abc", (a, b, c))]
        out = kernel.dot(*values, [[m, k], [k, n], [m, n]], ["f64"] * 3)
        kernel.give("out", "f64", out, a @ b + c)
        yield f"product {m} {n} {k}", kernel


def atomics(random):
    """Sums at one and at several places, an exchange; old values are those of an order."""
    kernel, x = Kernel(), random.integers(-2**30, 2**30, SIZE).astype(np.float64)
    value, of, to = kernel.take("x", "f64", x), tensor([SIZE], "f64"), tensor([SIZE], "!tt.ptr<f64>")
    place = kernel.take("place", "i32", np.arange(SIZE) % 7)
    base = kernel.value(f"tt.splat %sums : !tt.ptr<f64> -> {to}")
    at = kernel.value(f"tt.addptr {base}, {place} : {to}, {tensor([SIZE], 'i32')}")
    mask = kernel.value(f"arith.constant dense<true> : {tensor([SIZE], 'i1')}")
    kernel.value(f"tt.atomic_rmw fadd, relaxed, gpu, {at}, {value}, {mask} : ({to}, {of}, {tensor([SIZE], 'i1')}) -> {of}")
    kernel.params.append("%sums: !tt.ptr<f64>")
    sums = np.zeros(7)
    np.add.at(sums, np.arange(SIZE) % 7, x)
    kernel.outputs["sums"] = ("f64", sums, 0)
    yield "atomics", kernel


# ---- running ----------------------------------------------------------------------------------

def ulp(got, want):
    """The error of doubles in ulp of the wanted one."""
    near = want.astype(np.float64)
    with np.errstate(all="ignore"):
        out = np.abs(got.astype(WIDE) - want) / np.spacing(np.abs(near)).astype(WIDE)
    return np.where((got == near) & ((want == near) | ~np.isfinite(near)), 0, np.where(np.isfinite(out), out, np.inf))


def differs(got, elem, wanted, most):
    if most:
        worst = ulp(got, wanted)
        at = int(np.argmax(worst))
        return "" if worst[at] <= most else f"{worst[at]:.2f} ulp at {at}: {got.flat[at]!r}, not {wanted.flat[at]!r}"
    wanted = wanted.astype(NUMPY[elem])
    raw = f"u{wanted.itemsize}"
    same = got.view(raw) == wanted.view(raw)
    if wanted.dtype.kind == "f":
        same |= np.isnan(got) & np.isnan(wanted)
    return "" if same.all() else f"at {np.argmin(same)}: {got[~same][0]!r}, not {wanted[~same][0]!r}"


def run(tmjit, folder, kernel, warps):
    """What differs, or the output of a run that failed."""
    (folder / "kernel.ttir").write_text(kernel.text())
    command = [tmjit, "run", str(folder / "kernel.ttir"), "--allow-fp64", "--no-cache", "--engine", "both",
               "--grid", "1", "--num-warps", str(warps), "--timeout", "120"]
    for name, data in kernel.inputs.items():
        np.save(folder / f"{name}.npy", data)
        command += ["--buf", f"{name}={folder}/{name}.npy"]
    for name, (elem, wanted, _) in kernel.outputs.items():
        command += ["--buf", f"{name}={WORDS.get(elem, elem)}[{'x'.join(map(str, wanted.shape))}]:zeros",
                    "--out", f"{name}={folder}/{name}.npy"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return done.stdout + done.stderr
    for name, (elem, wanted, most) in kernel.outputs.items():
        got = np.load(folder / f"{name}.npy")
        got = got.view(np.uint16) if elem == "bf16" else got
        why = differs(got, elem, wanted, most)
        if why:
            return f"{name} {why}"
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tmjit", required=True)
    parser.add_argument("--folder")
    args = parser.parse_args()
    random, failed, count = np.random.default_rng(5), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(args.folder or folder)
        for group in (maths, conversions, comparisons, combined, products, atomics):
            for i, (name, kernel) in enumerate(group(random)):
                for warps in (1, 4) if i == 0 or group in (combined, products) else (4,):
                    why = run(args.tmjit, folder, kernel, warps)
                    count += 1
                    failed += why != ""
                    if why:
                        print(f"FAIL {name}, {warps} SIMD-groups: {why}")
    print(f"{count - failed} of {count} kernels passed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
