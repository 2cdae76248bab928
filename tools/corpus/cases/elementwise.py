# SPDX-License-Identifier: MIT
"""Unary, binary, ternary operations and copies, as MLX's unary.cpp, binary.cpp, ternary.cpp
and copy.cpp launch them: contiguous, scalar, vectorised (from 65536 elements), and general
with strides in one to more than three dimensions."""
import math

import numpy as np

from case import (HALF_ULP, Case, Expect, Launch, block, i32, i64, line, load, parts, random,
                  store, strides, work_per_thread, zeros)

vec = np.vectorize


def erfinv(x):
    """Newton's method on erf, from a rough start."""
    low, high = -6.0, 6.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erf(middle) < x else (low, middle)
    return (low + high) / 2


# name: (numpy, low, high, error in half ulps beyond which the result is wrong). Expm1 is
# MLX's own polynomial; its reduction keeps 22 bits of log 2, an error of 1.4e-6 a factor of 2.
UNARY = {
    "Abs": (np.abs, -9, 9, 0), "ArcCos": (np.arccos, -1, 1, 8),
    "ArcCosh": (np.arccosh, 1, 30, 8), "ArcSin": (np.arcsin, -1, 1, 8),
    "ArcSinh": (np.arcsinh, -30, 30, 8), "ArcTan": (np.arctan, -30, 30, 8),
    "ArcTanh": (np.arctanh, -0.99, 0.99, 8), "Ceil": (np.ceil, -9, 9, 0),
    "Cos": (np.cos, -30, 30, 8), "Cosh": (np.cosh, -8, 8, 8), "Erf": (vec(math.erf), -4, 4, 16),
    "ErfInv": (vec(erfinv), -0.999, 0.999, 64), "Exp": (np.exp, -10, 10, 8),
    "Expm1": (np.expm1, -5, 5, 256), "Floor": (np.floor, -9, 9, 0),
    "Log": (np.log, 0.01, 90, 8), "Log10": (np.log10, 0.01, 90, 8),
    "Log1p": (np.log1p, -0.9, 90, 16), "Log2": (np.log2, 0.01, 90, 8),
    "Negative": (np.negative, -9, 9, 0), "Round": (np.rint, -9, 9, 0),
    "Rsqrt": (lambda x: 1 / np.sqrt(x), 0.01, 90, 4),
    "Sigmoid": (lambda x: 1 / (1 + np.exp(-x)), -9, 9, 16), "Sign": (np.sign, -9, 9, 0),
    "Sin": (np.sin, -30, 30, 8), "Sinh": (np.sinh, -8, 8, 8), "Sqrt": (np.sqrt, 0, 90, 2),
    "Square": (np.square, -9, 9, 1), "Tan": (np.tan, -1.5, 1.5, 16),
    "Tanh": (np.tanh, -5, 5, 8),
}


def tolerance(type_name, half_ulps):
    ulp = HALF_ULP.get(type_name, 0)
    return {"rtol": ulp * half_ulps, "atol": ulp * half_ulps / 64}


def unary_case(name, x, in_type, out_type, size=None):
    """A contiguous operation; v, or vn from 65536 elements on."""
    function, _, _, half_ulps = UNARY[name]
    per_thread = work_per_thread(x.size, in_type)
    with np.errstate(all="ignore"):
        want = store(function(load(x, in_type)), out_type)
    grid, group = line(parts(x.size, per_thread))
    kernel = f"v{'n' if per_thread > 1 else ''}_{name}{in_type}{out_type}"
    slack = half_ulps if in_type in HALF_ULP else 0
    return Case("unary", kernel, {"x": x, "y": zeros(x.shape, out_type)},
                [Launch(kernel, group, {0: "x", 1: "y", 2: i32(x.size)}, grid)],
                [Expect("y", want, out_type, **tolerance(out_type, slack))])


def unary_general(name, x, in_type):
    """A strided view of `x`: gn1."""
    base = x
    view = base[::2].transpose(*reversed(range(x.ndim)))
    want = store(UNARY[name][0](load(view, in_type)), in_type)
    shape = view.shape
    dims = (shape[-1], shape[-2], view.size // (shape[-1] * shape[-2]))
    kernel = f"gn1_{name}{in_type}{in_type}"
    args = {0: "x", 1: "y", 2: i32(*shape), 3: i64(*strides(view)), 4: i32(view.ndim)}
    return Case("unary", kernel, {"x": base, "y": zeros(shape, in_type)},
                [Launch(kernel, block(*dims), args, dims)],
                [Expect("y", want, in_type, **tolerance(in_type, UNARY[name][3]))])


def unary_cases():
    rng = np.random.default_rng(1)
    for name, (_, low, high, _) in UNARY.items():
        yield unary_case(name, random(rng, 1003, "float32", low, high), "float32", "float32")
    for name in ("Exp", "Sigmoid", "Tanh", "Erf", "Sqrt", "Cos"):
        _, low, high, _ = UNARY[name]
        for type_name in ("float16", "bfloat16"):
            yield unary_case(name, random(rng, 65537, type_name, max(low, -5), min(high, 5)),
                             type_name, type_name)
    for type_name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"):
        x = random(rng, 777, type_name, -99, 99)
        for name in ("Square", "Sign"):
            yield unary_case(name, x, type_name, type_name)
    edge = np.array([0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 0.5, 1.5, 2.5, 3e38], np.float32)
    for name in ("Exp", "Round", "Tanh", "Floor"):
        found = unary_case(name, edge, "float32", "float32")
        found.name += " edges"
        yield found
    yield unary_general("Exp", random(rng, (8, 5, 33), "float32"), "float32")
    yield unary_general("Tanh", random(rng, (6, 3, 5, 7), "float16"), "float16")
    z = random(rng, 501, "complex64", -2, 2)
    for name in ("Exp", "Cos", "Tanh"):
        yield unary_case(name, z, "complex64", "complex64")


# ---- binary -------------------------------------------------------------------------------


def floor_divide(x, y):
    return np.floor_divide(x, y) if x.dtype.kind in "iu" else np.floor(x / y)


BINARY = {
    "Add": (np.add, 1), "Subtract": (np.subtract, 1), "Multiply": (np.multiply, 1),
    "Divide": (np.divide, 2), "Maximum": (np.maximum, 0), "Minimum": (np.minimum, 0),
    "Power": (np.power, 16), "Remainder": (np.remainder, 4), "LogAddExp": (np.logaddexp, 32),
    "ArcTan2": (np.arctan2, 8), "FloorDivide": (floor_divide, 0), "Equal": (np.equal, 0),
    "NotEqual": (np.not_equal, 0), "Less": (np.less, 0), "LessEqual": (np.less_equal, 0),
    "Greater": (np.greater, 0), "GreaterEqual": (np.greater_equal, 0),
    "BitwiseAnd": (np.bitwise_and, 0), "BitwiseOr": (np.bitwise_or, 0),
    "BitwiseXor": (np.bitwise_xor, 0), "LeftShift": (np.left_shift, 0),
    "RightShift": (np.right_shift, 0), "LogicalAnd": (np.logical_and, 0),
    "LogicalOr": (np.logical_or, 0),
}
COMPARES = ("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual")


def binary_want(name, a, b, type_name):
    """(array, its type, half ulps)."""
    function, half_ulps = BINARY[name]
    out_type = "bool_" if name in COMPARES else type_name
    with np.errstate(all="ignore"):
        want = store(function(load(a, type_name), load(b, type_name)), out_type)
    return want, out_type, half_ulps if type_name in HALF_ULP else 0


def binary_case(name, form, a, b, type_name):
    """ss, sv, vs, vv; with n from 65536 elements on."""
    want, out_type, half_ulps = binary_want(name, a, b, type_name)
    per_thread = work_per_thread(want.size, type_name)
    grid, group = line(parts(want.size, per_thread))
    kernel = f"{form}{'n' if per_thread > 1 and form != 'ss' else ''}_{name}{type_name}"
    args = {0: "a", 1: "b", 2: "c"}
    if form != "ss":
        args[3] = i32(want.size)
    return Case("binary", kernel, {"a": a, "b": b, "c": zeros(want.shape, out_type)},
                [Launch(kernel, group, args, grid)],
                [Expect("c", want, out_type, **tolerance(out_type, half_ulps))])


def binary_general(name, a, b, type_name, buffers):
    """Views `a` and `b` of the arrays in `buffers`, of one shape after broadcasting."""
    a, b = np.broadcast_arrays(a, b)
    want, out_type, half_ulps = binary_want(name, a, b, type_name)
    shape, rank = want.shape, want.ndim
    dims = (shape[-1], shape[-2] if rank > 1 else 1,
            want.size // (shape[-1] * (shape[-2] if rank > 1 else 1)))
    args = {0: "a", 1: "b", 2: "c"}
    if rank > 3:
        dims = (parts(dims[0], 2), *dims[1:])
        kernel = f"gn2_{name}{type_name}"
        args.update({3: i32(*shape), 4: i64(*strides(a)), 5: i64(*strides(b)), 6: i32(rank)})
    else:
        kernel = f"g{rank}_{name}{type_name}"
        args.update({3: i64(*strides(a)), 4: i64(*strides(b))})
    return Case("binary", kernel, dict(buffers, c=zeros(shape, out_type)),
                [Launch(kernel, block(*dims), args, dims)],
                [Expect("c", want, out_type, **tolerance(out_type, half_ulps))])


def divmod_case(a, b, type_name):
    kernel = f"vv_DivMod{type_name}"
    x, y = load(a, type_name), load(b, type_name)
    grid, group = line(a.size)
    args = {0: "a", 1: "b", 2: "c", 3: "d", 4: i32(a.size)}
    quotient, rest = floor_divide(x, y), np.remainder(x, y)
    return Case("binary", kernel, {"a": a, "b": b, "c": zeros(a.shape, type_name),
                                   "d": zeros(a.shape, type_name)},
                [Launch(kernel, group, args, grid)],
                [Expect("c", store(quotient, type_name), type_name),
                 Expect("d", store(rest, type_name), type_name, **tolerance(type_name, 4))])


def binary_cases():
    rng = np.random.default_rng(2)
    for name in BINARY:
        if name.startswith(("Bitwise", "LeftS", "RightS", "Logical")):
            continue
        low = 0.1 if name == "Power" else -5
        a, b = (random(rng, 1001, "float32", low, 5) for _ in range(2))
        yield binary_case(name, "vv", a, b, "float32")
    for form, a_size, b_size in (("ss", 1, 1), ("sv", 1, 999), ("vs", 999, 1)):
        yield binary_case("Add", form, random(rng, a_size, "float32"),
                          random(rng, b_size, "float32"), "float32")
    for type_name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"):
        a = random(rng, 515, type_name)
        b = random(rng, 515, type_name, 1, 99)
        for name in ("Add", "Multiply", "FloorDivide", "Remainder", "Less", "BitwiseXor"):
            yield binary_case(name, "vv", a, b, type_name)
        for name in ("LeftShift", "RightShift"):
            yield binary_case(name, "vv", a, random(rng, 515, type_name, 0, 7), type_name)
    for name in ("LogicalAnd", "LogicalOr"):
        yield binary_case(name, "vv", random(rng, 300, "bool_"), random(rng, 300, "bool_"),
                          "bool_")
    for type_name in ("float16", "bfloat16"):
        for name in ("Add", "Multiply", "Maximum", "Divide"):
            a, b = (random(rng, 65539, type_name, 0.5, 5) for _ in range(2))
            yield binary_case(name, "vv", a, b, type_name)
    a, b = (random(rng, 65539, "float32") for _ in range(2))
    yield binary_case("Multiply", "vv", a, b, "float32")
    a, b = (random(rng, 400, "complex64") for _ in range(2))
    for name in ("Add", "Multiply", "Divide"):
        found = binary_case(name, "vv", a, b, "complex64")
        found.expects[0].atol = 1e-6
        yield found
    yield divmod_case(random(rng, 333, "int32"), random(rng, 333, "int32", 1, 50), "int32")
    yield from binary_strided(rng)


def binary_strided(rng):
    a, b = random(rng, 90, "float32"), random(rng, 45, "float32")
    yield binary_general("Add", a[::2], b, "float32", {"a": a, "b": b})
    a, b = random(rng, (33, 45), "float32"), random(rng, (45, 33), "float32")
    yield binary_general("Subtract", a.T, b, "float32", {"a": a, "b": b})
    a, b = random(rng, (7, 9, 11), "int32"), random(rng, (9, 1), "int32")
    yield binary_general("Maximum", a.transpose(0, 2, 1), b.T, "int32", {"a": a, "b": b})
    a, b = random(rng, (3, 5, 7, 9), "float32"), random(rng, (5, 1, 9), "float32")
    yield binary_general("Multiply", a, b, "float32", {"a": a, "b": b})
    a, b = random(rng, (2, 3, 4, 5, 7), "float16"), random(rng, (5, 2, 1, 7), "float16")
    yield binary_general("Add", a.transpose(0, 3, 2, 1, 4)[:, :, ::2], b, "float16",
                         {"a": a, "b": b})


# ---- ternary, copy ------------------------------------------------------------------------


def select_case(form, c, a, b, type_name):
    want = np.where(c, a, b)
    per_thread = work_per_thread(want.size, type_name)
    grid, group = line(parts(want.size, per_thread))
    kernel = f"{form}{'n' if per_thread > 1 else ''}_Select{type_name}"
    return Case("ternary", kernel, {"c": c, "a": a, "b": b, "d": zeros(want.shape, type_name)},
                [Launch(kernel, group, {0: "c", 1: "a", 2: "b", 3: "d", 4: i32(want.size)},
                        grid)],
                [Expect("d", want, type_name)])


def select_general(c, a, b, type_name, buffers):
    c, a, b = np.broadcast_arrays(c, a, b)
    want, rank = np.where(c, a, b), c.ndim
    dims = (want.shape[-1], want.shape[-2], want.size // (want.shape[-1] * want.shape[-2]))
    views = [i64(*strides(view)) for view in (c, a, b)]
    args = {0: "c", 1: "a", 2: "b", 3: "d"}
    if rank > 3:
        kernel, dims = f"gn2_Select{type_name}", (parts(dims[0], 2), *dims[1:])
        args.update({4: i32(*want.shape), 5: views[0], 6: views[1], 7: views[2], 8: i32(rank)})
    else:
        kernel = f"g{rank}_Select{type_name}"
        args.update({4: views[0], 5: views[1], 6: views[2]})
    return Case("ternary", kernel, dict(buffers, d=zeros(want.shape, type_name)),
                [Launch(kernel, block(*dims), args, dims)], [Expect("d", want, type_name)])


def ternary_cases():
    rng = np.random.default_rng(3)
    for type_name in ("bool_", "int16", "int64", "float32", "bfloat16", "complex64"):
        c = random(rng, 901, "bool_")
        yield select_case("v", c, random(rng, 901, type_name), random(rng, 901, type_name),
                          type_name)
    c = random(rng, 65541, "bool_")
    one = random(rng, 1, "float16")
    yield select_case("vs", c, random(rng, 65541, "float16"), one, "float16")
    yield select_case("sv", c, one, random(rng, 65541, "float16"), "float16")
    c, a, b = random(rng, (13, 17), "bool_"), random(rng, (17, 13), "float32"), \
        random(rng, (1, 17), "float32")
    yield select_general(c, a.T, b, "float32", {"c": c, "a": a, "b": b})
    c, a, b = random(rng, (3, 4, 5, 7), "bool_"), random(rng, (3, 4, 5, 7), "int32"), \
        random(rng, (4, 1, 7), "int32")
    yield select_general(c, a.transpose(0, 1, 2, 3), b, "int32", {"c": c, "a": a, "b": b})


def convert(x, in_type, out_type):
    values = load(x, in_type)
    if out_type == "bool_":
        return values != 0
    return store(values, out_type)


def copy_contiguous(form, x, count, in_type, out_type):
    want = np.broadcast_to(convert(x, in_type, out_type), (count,))
    per_thread = work_per_thread(count, out_type)
    grid, group = line(parts(count, per_thread))
    kernel = f"{form}{'n' if per_thread > 1 else ''}_copy{in_type}{out_type}"
    return Case("copy", kernel, {"x": x, "y": zeros(count, out_type)},
                [Launch(kernel, group, {0: "x", 1: "y", 2: i32(count)}, grid)],
                [Expect("y", np.ascontiguousarray(want), out_type)])


def copy_general(x, view, in_type, out_type):
    """g1 to g3, gn2: strided source, contiguous destination."""
    rank, shape = view.ndim, view.shape
    dims = (shape[-1], shape[-2] if rank > 1 else 1,
            view.size // (shape[-1] * (shape[-2] if rank > 1 else 1)))
    args = {0: "x", 1: "y", 3: i64(*strides(view))}
    kernel = f"g{rank}_copy{in_type}{out_type}"
    if rank > 3:
        kernel, dims = f"gn2_copy{in_type}{out_type}", (parts(dims[0], 2), *dims[1:])
        args.update({2: i32(*shape), 5: i32(rank)})
    return Case("copy", kernel, {"x": x, "y": zeros(shape, out_type)},
                [Launch(kernel, block(*dims), args, dims)],
                [Expect("y", convert(view, in_type, out_type), out_type)])


def copy_both(x, view, y, target, in_type, out_type):
    """gg: strided source into a strided view `target` of `y`."""
    rank, shape = view.ndim, view.shape
    want = y.copy()
    flat = np.lib.stride_tricks.as_strided(want, shape, target.strides)
    flat[...] = convert(view, in_type, out_type)
    dims = (shape[-1], shape[-2], view.size // (shape[-1] * shape[-2]))
    args = {0: "x", 1: "y", 3: i64(*strides(view)), 4: i64(*strides(target))}
    kernel = f"gg{rank}_copy{in_type}{out_type}"
    if rank > 3:
        kernel, dims = f"ggn2_copy{in_type}{out_type}", (parts(dims[0], 2), *dims[1:])
        args.update({2: i32(*shape), 5: i32(rank)})
    return Case("copy", kernel, {"x": x, "y": y}, [Launch(kernel, block(*dims), args, dims)],
                [Expect("y", want, out_type)])


def copy_cases():
    rng = np.random.default_rng(4)
    pairs = (("float32", "float16"), ("float16", "float32"), ("float32", "bfloat16"),
             ("bfloat16", "float32"), ("bool_", "float32"), ("float32", "bool_"),
             ("int64", "int32"), ("int32", "int8"), ("uint8", "float16"), ("int16", "uint64"),
             ("uint32", "float32"), ("float32", "complex64"), ("uint16", "int16"))
    for in_type, out_type in pairs:
        x = random(rng, 1009, in_type)
        if in_type == "float32" and out_type == "bool_":
            x[::3] = 0
        yield copy_contiguous("v", x, 1009, in_type, out_type)
    x = random(rng, 70001, "float16", -99, 99)
    yield copy_contiguous("v", x, 70001, "float16", "int16")
    yield copy_contiguous("s", random(rng, 1, "float32"), 70001, "float32", "bfloat16")
    yield copy_contiguous("s", random(rng, 1, "int32"), 31, "int32", "int32")
    x = random(rng, 401, "float32")
    yield copy_general(x, x[::4], "float32", "float32")
    x = random(rng, (67, 129), "float16")
    yield copy_general(x, x.T, "float16", "float16")
    x = random(rng, (5, 17, 31), "int32")
    yield copy_general(x, x.transpose(2, 0, 1), "int32", "int32")
    x = random(rng, (3, 4, 5, 6, 7), "float32")
    yield copy_general(x, x.transpose(4, 1, 3, 0, 2), "float32", "bfloat16")
    x, y = random(rng, (9, 14), "float32"), random(rng, (20, 30), "float32")
    yield copy_both(x, x.T, y, y[:14, :18:2], "float32", "float32")
    x, y = random(rng, (4, 3, 5, 7), "uint8"), random(rng, (7, 5, 4, 9), "uint8")
    yield copy_both(x, x.transpose(3, 2, 0, 1), y, y[:, :, :, :9:3], "uint8", "uint8")


def cases():
    yield from unary_cases()
    yield from binary_cases()
    yield from ternary_cases()
    yield from copy_cases()
