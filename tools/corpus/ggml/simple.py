# SPDX-License-Identifier: MIT
"""ggml: element-wise operations, copies and rearrangements."""
import math

import numpy as np

from case import Case, Expect, Launch, from_bfloat16, random, store, to_bfloat16

from . import formats
from .arguments import layout, of

TYPES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16", "i32": "int32",
         "i16": "int16", "i8": "int8", "i64": "int64"}
BYTES = {"f32": 4, "f16": 2, "bf16": 2, "i32": 4, "i16": 2, "i8": 1, "i64": 8}
erf = np.vectorize(math.erf)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gelu(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * x * (1 + 0.044715 * x * x)))


def gelu_quick(x):
    return x * sigmoid(1.702 * x)


def gelu_erf(x):
    return x / 2 * (1 + erf(x / math.sqrt(2)))


def silu(x):
    return x * sigmoid(x)


def hard(x):
    return np.clip((x + 3) / 6, 0, 1)


UNARY = {"SCALE": lambda x: 1.5 * x + 0.25, "FILL": lambda x: 0 * x + 2.5,
         "CLAMP": lambda x: np.clip(x, -0.5, 0.75), "SQR": lambda x: x * x,
         "SQRT": np.sqrt, "SIN": np.sin, "COS": np.cos, "LOG": np.log,
         "LEAKY_RELU": lambda x: np.where(x > 0, x, 0.125 * x), "TANH": np.tanh,
         "RELU": lambda x: np.maximum(x, 0), "SIGMOID": sigmoid, "GELU": gelu,
         "GELU_ERF": gelu_erf, "GELU_QUICK": gelu_quick, "SILU": silu,
         "ELU": lambda x: np.where(x > 0, x, np.expm1(x)), "NEG": lambda x: -x, "ABS": np.abs,
         "SGN": np.sign, "STEP": lambda x: (x > 0) * 1.0, "HARDSWISH": lambda x: x * hard(x),
         "HARDSIGMOID": hard, "EXP": np.exp, "SOFTPLUS": lambda x: np.log1p(np.exp(x)),
         "EXPM1": np.expm1, "FLOOR": np.floor, "CEIL": np.ceil, "TRUNC": np.trunc}
GLU = {"reglu": lambda x: np.maximum(x, 0), "geglu": gelu, "swiglu": silu,
       "geglu_erf": gelu_erf, "geglu_quick": gelu_quick}


def tolerance(kind):
    return {"rtol": 2e-5, "atol": 2e-6} if kind == "f32" else {"rtol": 2e-3, "atol": 1e-3}


def number(array, kind):
    """What an array of a type holds, to compute with."""
    if kind == "bf16":
        return from_bfloat16(array).astype("f8")
    return array.astype("f8") if kind in ("f32", "f16") else array


def unary(h, rng):
    for i, (op, fn) in enumerate(UNARY.items()):
        kind, width = ("f16", "f32")[i % 4 != 0], (20, 21)[i % 2]
        low = 0.1 if op in ("SQRT", "LOG") else -4
        x = random(rng, (2, 3, 5, width), TYPES[kind], low, 4)
        by = 4 if width % 4 == 0 else 1
        count = i % 3 == 0
        args = h.pack("unary", of("0", x), of("", x), slope=0.125, scale=1.5, bias=0.25,
                      val=2.5, min=-0.5, max=0.75)
        one = args.copy().view(h.structs["unary"])
        one["ne00"] = one["ne0"] = width // by
        threads = min(256, width // by)
        groups = (x.size // by, 1, 1) if count else (5, 3, 2)
        name = f"kernel_unary_{kind}_{kind}{'_4' if by == 4 else ''}"
        yield Case("unary", f"{name} {op}", {"x": x, "y": np.zeros_like(x)},
                   [Launch(name, (1 if count else threads, 1, 1),
                           {0: one.view(np.uint8), 1: "x", 2: "y"}, groups=groups,
                           constants={h.numbers["FC_UNARY"]: h.numbers["OP_UNARY_NUM_" + op],
                                      h.numbers["FC_UNARY"] + 1: count})],
                   [Expect("y", fn(number(x, kind)).astype(x.dtype), TYPES[kind],
                           **tolerance(kind))])


def binary(h, rng):
    ops = (np.add, np.subtract, np.multiply, np.divide)
    for i, (kind, width, rows) in enumerate((("f32", 20, 5), ("f32", 21, 5), ("f16", 20, 1),
                                             ("f32", 20, 1), ("f16", 21, 5), ("f32", 21, 1))):
        op, by = i % 4, 4 if width % 4 == 0 else 1
        a = random(rng, (2, 3, 5, width), TYPES[kind], 1, 4)
        b = random(rng, (1, 1, rows, width), TYPES[kind], 1, 4)
        is_row = rows == 1
        args = h.pack("bin", of("0", a), of("1", b), of("", a)).view(h.structs["bin"])
        for field in ("ne00", "ne10", "ne0"):
            args[field] = width // by
        threads = 1
        while 2 * threads < width // by:
            threads *= 2
        first = h.numbers["FC_BIN"]
        name = f"kernel_bin_fuse_{kind}_{kind}_{kind}{'_4' if by == 4 else ''}"
        yield Case("binary", f"{name} {ops[op].__name__} {rows}",
                   {"a": a, "b": b, "y": np.zeros_like(a)},
                   [Launch(name, (1 if is_row else threads, 1, 1),
                           {0: args.view(np.uint8), 1: "a", 2: "b", 3: "y"},
                           groups=(width // by, 30, 1) if is_row else (5, 3, 2),
                           constants={first: op, first + 1: 1, first + 2: is_row,
                                      first + 3: False})],
                   [Expect("y", ops[op](number(a, kind), number(b, kind)).astype(a.dtype),
                           TYPES[kind], **tolerance(kind))])


def gated(h, rng):
    for i, (op, fn) in enumerate(GLU.items()):
        for kind in ("f32", "f16"):
            width, swap = 24, i % 2
            x = random(rng, (7, 2 * width), TYPES[kind], -3, 3)
            y = np.zeros((7, width), x.dtype)
            args = h.pack("glu", of("0", x), of("", y), ne10=2 * width, nb11=x.strides[0],
                          i00=swap * width, i10=(1 - swap) * width)
            left, right = number(x[:, :width], kind), number(x[:, width:], kind)
            if swap:
                left, right = right, left
            yield Case("gated", f"kernel_{op}_{kind}", {"x": x, "y": y},
                       [Launch(f"kernel_{op}_{kind}", (width, 1, 1),
                               {0: args, 1: "x", 2: "x", 3: "y"}, groups=(7, 1, 1))],
                       [Expect("y", (fn(left) * right).astype(x.dtype), TYPES[kind],
                               **tolerance(kind))])


def convert(x, to):
    return to_bfloat16(x) if to == "bf16" else np.trunc(x).astype(TYPES[to]) \
        if to == "i32" else x.astype(TYPES[to])


def copies(h, rng):
    for kind, to in (("f32", "f32"), ("f32", "f16"), ("f32", "bf16"), ("f32", "i32"),
                     ("i32", "f32"), ("i32", "i32"), ("f16", "f32"), ("f16", "f16"),
                     ("bf16", "f32"), ("bf16", "bf16")):
        shape = (2, 3, 5, 40)
        x = random(rng, shape, TYPES[kind], -9, 9)
        y = np.zeros(shape, store(np.zeros(1), TYPES[to]).dtype)
        rows = 7 if 7 * 40 <= 256 else 6
        name = f"kernel_cpy_{kind}_{to}"
        yield Case("copy", name, {"x": x, "y": y},
                   [Launch(name, (40, rows, 1),
                           {0: h.pack("cpy", of("0", x), of("", y), nk0=40), 1: "x", 2: "y"},
                           groups=((5 + rows - 1) // rows, 3, 2))],
                   [Expect("y", convert(number(x, kind), to), TYPES[to])])


def unpacked(h, rng):
    """Copies and rows of quantised arrays."""
    for kind, (block, size, _, _) in formats.FORMATS.items():
        data, numbers = formats.random(rng, kind, (6, 2 * block))
        magnitude = float(np.abs(numbers).max())
        near = {"rtol": 1e-5, "atol": 1e-6 * magnitude}
        width, count = 2 * block, 2 * block // 16
        x = layout("0", (6, width), size, block)
        if not kind.endswith("K") and not kind.startswith("iq") and kind != "mxfp4":
            y = np.zeros((6, width), np.float32)
            threads = min(count * 6, 256, count)
            name = f"kernel_cpy_{kind}_f32"
            yield Case("dequantise", name, {"x": data, "y": y},
                       [Launch(name, (threads, 1, 1),
                               {0: h.pack("cpy", x, of("", y), nk0=count), 1: "x", 2: "y"},
                               groups=(-(-count // threads) * 6, 1, 1))],
                       [Expect("y", numbers, "float32", **near)])
        rows = np.array([4, 0, 5, 4], np.int32)
        y = np.zeros((4, width), np.float32)
        args = h.pack("get_rows", x, of("1", rows), of("", y), ne00t=count)
        yield Case("rows", f"kernel_get_rows_{kind}", {"x": data, "i": rows, "y": y},
                   [Launch(f"kernel_get_rows_{kind}", (count, 1, 1),
                           {0: args, 1: "x", 2: "i", 3: "y"}, groups=(4, 1, 1))],
                   [Expect("y", numbers[rows], "float32", **near)])


def quantised(h, rng):
    for kind, pack in formats.QUANTISE.items():
        block, size, _, _ = formats.FORMATS[kind]
        x = random(rng, (6, 3 * block), "float32", -4, 4)
        want = pack(x.reshape(-1, block)).reshape(6, -1)
        y = layout("", x.shape, size, block)
        name = f"kernel_cpy_f32_{kind}"
        yield Case("quantise", name, {"x": x, "y": np.zeros_like(want)},
                   [Launch(name, (3, 1, 1), {0: h.pack("cpy", of("0", x), y, nk0=3), 1: "x",
                                             2: "y"}, groups=(6, 1, 1))],
                   [Expect("y", want, "uint8")])
        for wide in ("i32", "i64"):
            name = f"kernel_set_rows_f32_{wide}_{kind}"
            if kind in ("q1_0", "q2_0"):
                continue  # there is no such kernel
            index = np.array([5, 2, 0, 1, 4, 3], TYPES[wide])
            moved = np.zeros_like(want)
            moved[index] = want
            args = h.pack("set_rows", of("0", x), of("1", index), y, nk0=3, ne11=1, ne12=1)
            yield Case("quantise", name, {"x": x, "i": index, "y": np.zeros_like(moved)},
                       [Launch(name, (3, 11, 1), {0: args, 1: "x", 2: "i", 3: "y"},
                               groups=(1, 1, 1))], [Expect("y", moved, "uint8")])


def rows(h, rng):
    for kind in ("f32", "f16", "bf16", "i32"):
        x = random(rng, (6, 50), TYPES[kind], -9, 9)
        index = np.array([4, 0, 5, 4], np.int32)
        y = np.zeros((4, 50), np.int32 if kind == "i32" else np.float32)
        args = h.pack("get_rows", of("0", x), of("1", index), of("", y), ne00t=50)
        yield Case("rows", f"kernel_get_rows_{kind}", {"x": x, "i": index, "y": y},
                   [Launch(f"kernel_get_rows_{kind}", (50, 1, 1),
                           {0: args, 1: "x", 2: "i", 3: "y"}, groups=(4, 1, 1))],
                   [Expect("y", number(x, kind)[index], "int32" if kind == "i32" else "float32")])
    for kind, wide in (("f32", "i64"), ("f16", "i32"), ("bf16", "i64")):
        x = random(rng, (4, 50), "float32", -9, 9)
        index = np.array([4, 0, 5, 2], TYPES[wide])
        y = np.zeros((6, 50), store(np.zeros(1), TYPES[kind]).dtype)
        want = y.copy()
        want[index] = convert(x.astype("f8"), kind)
        args = h.pack("set_rows", of("0", x), of("1", index), of("", y), nk0=50, ne11=1, ne12=1)
        name = f"kernel_set_rows_f32_{wide}_{kind}"
        yield Case("rows", name, {"x": x, "i": index, "y": y},
                   [Launch(name, (50, 2, 1), {0: args, 1: "x", 2: "i", 3: "y"},
                           groups=(2, 1, 1))],
                   [Expect("y", want, TYPES[kind])])


def shapes(h, rng):
    """What only moves elements; results are exact."""
    for kind in ("f32", "f16", "bf16", "i32", "i16", "i8", "i64"):
        a, b = (random(rng, (2, 3, n, 9), TYPES[kind], -9, 9) for n in (4, 2))
        y = np.concatenate([a, b], axis=2)
        yield Case("shape", f"kernel_concat_{kind}", {"a": a, "b": b, "y": np.zeros_like(y)},
                   [Launch(f"kernel_concat_{kind}", (9, 6, 1),
                           {0: h.pack("concat", of("0", a), of("1", b), of("", y), dim=1),
                            1: "a", 2: "b", 3: "y"}, groups=(1, 3, 2))],
                   [Expect("y", y, TYPES[kind])])
        if kind in ("i8", "i64"):
            continue
        y = np.tile(a, (1, 2, 3, 2))
        yield Case("shape", f"kernel_repeat_{kind}", {"a": a, "y": np.zeros_like(y)},
                   [Launch(f"kernel_repeat_{kind}", (18, 1, 1),
                           {0: h.pack("repeat", of("0", a), of("", y)), 1: "a", 2: "y"},
                           groups=(12, 6, 2))],
                   [Expect("y", y, TYPES[kind])])
    x = random(rng, (2, 3, 4, 10), "float32")
    shift = (3, -1, 2, 1)
    y = np.roll(x, shift[::-1], axis=(0, 1, 2, 3))
    moved = {f"s{i}": s for i, s in enumerate(shift)}
    kinds = [("kernel_roll_f32", "roll", y, moved, (10, 1, 1), (4, 3, 2))]
    y = np.pad(x, ((0, 0), (0, 1), (0, 2), (0, 3)))
    kinds.append(("kernel_pad_f32", "pad", y, {}, (13, 1, 1), (6, 4, 2)))
    y = x.repeat(2, axis=2).repeat(3, axis=3)
    kinds.append(("kernel_upscale_nearest_f32", "upscale", y,
                  {"sf0": 3, "sf1": 2, "sf2": 1, "sf3": 1}, (30, 1, 1), (8, 3, 2)))
    for name, struct, y, more, group, groups in kinds:
        yield Case("shape", name, {"x": x, "y": np.zeros_like(y)},
                   [Launch(name, group, {0: h.pack(struct, of("0", x), of("", y), **more),
                                         1: "x", 2: "y"}, groups=groups)],
                   [Expect("y", y, "float32")])
    y = 0.5 + 0.25 * np.arange(100)
    yield Case("shape", "kernel_arange_f32", {"y": np.zeros(100, np.float32)},
               [Launch("kernel_arange_f32", (100, 1, 1),
                       {0: h.pack("arange", ne0=100, start=0.5, step=0.25), 1: "y"},
                       groups=(1, 1, 1))], [Expect("y", y, "float32")])
    x = random(rng, (2, 3, 1, 40), "float32")
    y = x * np.eye(40)
    yield Case("shape", "kernel_diag_f32", {"x": x, "y": np.zeros(y.shape, np.float32)},
               [Launch("kernel_diag_f32", (32, 1, 1),
                       {0: h.pack("diag", of("0", x), of("", y.astype("f4"))), 1: "x", 2: "y"},
                       groups=(40, 3, 2))], [Expect("y", y, "float32")])


def cases(h):
    rng = np.random.default_rng(4)
    for family in (unary, binary, gated, copies, unpacked, quantised, rows, shapes):
        yield from family(h, rng)
