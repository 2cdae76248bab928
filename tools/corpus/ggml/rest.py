# SPDX-License-Identifier: MIT
"""ggml: what is left of its kernels: gates, running sums, positions of several axes, merges of
sorted parts, steps of training, transforms."""
import numpy as np

from case import Case, Expect, Launch, random

from . import formats
from .arguments import layout, of
from .simple import TYPES, convert, number, sigmoid, tolerance


def gates(h, rng):
    for kind in ("f32", "f16"):
        a, b = (random(rng, (7, 24), TYPES[kind], -9, 9) for _ in range(2))
        x0 = np.minimum(number(a, kind), 5)
        x1 = np.clip(number(b, kind), -5, 5)
        want = x0 * sigmoid(1.7 * x0) * (1 + x1)
        args = h.pack("glu", ne00=24, nb01=a.strides[0], ne10=24, nb11=b.strides[0], ne0=24,
                      nb1=a.strides[0], alpha=1.7, limit=5)
        name = f"kernel_swiglu_oai_{kind}"
        yield Case("gated", name, {"a": a, "b": b, "y": np.zeros_like(a)},
                   [Launch(name, (12, 1, 1), {0: args, 1: "a", 2: "b", 3: "y"},
                           groups=(7, 1, 1))],
                   [Expect("y", want, TYPES[kind], **tolerance(kind))])
    x, dy = (random(rng, (500,), "float32", -4, 4) for _ in range(2))
    s = sigmoid(x.astype("f8"))
    yield Case("gated", "kernel_silu_back_f32", {"dy": dy, "x": x, "y": np.zeros_like(x)},
               [Launch("kernel_silu_back_f32", (256, 1, 1),
                       {0: h.pack("silu_back", ne=500), 1: "dy", 2: "x", 3: "y"},
                       groups=(2, 1, 1))],
               [Expect("y", dy * s * (1 + x * (1 - s)), "float32", rtol=2e-5, atol=2e-6)])
    x = random(rng, (5, 4, 30), "float32")
    rows, ids = random(rng, (6, 30), "float32"), rng.integers(0, 6, (5, 4), dtype=np.int32)
    args = h.pack("add_id", ne0=30, ne1=4, nb01=120, nb02=480, nb11=120, nb21=16)
    yield Case("rows", "kernel_add_id",
               {"x": x, "r": rows, "i": ids, "y": np.zeros_like(x)},
               [Launch("kernel_add_id", (30, 1, 1), {0: args, 1: "x", 2: "r", 3: "i", 4: "y"},
                       groups=(4, 5, 1))], [Expect("y", x + rows[ids], "float32")])
    x = random(rng, (2, 3, 4, 20), "float16")
    first = h.numbers["FC_UNARY"]
    args = h.pack("unary", of("0", x), of("", x))
    for op, name in (("NEG", "kernel_unary_f16_f16"), ("ABS", "kernel_unary_f16_f16_4")):
        by = 4 if name.endswith("_4") else 1
        some = args.copy().view(h.structs["unary"])
        some["ne00"] = some["ne0"] = 20 // by
        yield Case("unary", f"{name} {op}", {"x": x, "y": np.zeros_like(x)},
                   [Launch(name, (20 // by, 1, 1), {0: some.view(np.uint8), 1: "x", 2: "y"},
                           groups=(4, 3, 2),
                           constants={first: h.numbers["OP_UNARY_NUM_" + op],
                                      first + 1: False})],
                   [Expect("y", -x if op == "NEG" else np.abs(x), "float16")])


def sums(h, rng):
    x = random(rng, (1000,), "float32")
    yield Case("rows", "kernel_op_sum_f32", {"x": x, "y": np.zeros(1, np.float32)},
               [Launch("kernel_op_sum_f32", (512, 1, 1), {0: h.pack("sum", np=1000), 1: "x",
                                                          2: "y"}, groups=(1, 1, 1),
                       local={0: 64})],
               [Expect("y", x.astype("f8").sum(keepdims=True), "float32", atol=1e-4)])
    for width, threads in ((90, 128), (600, 64)):
        x = random(rng, (2, 2, 3, width), "float32", 0, 1)
        blocks = -(-width // threads)
        sizes = layout("t", (2, 2, 3, blocks), 4)
        args = h.pack("cumsum_blk", of("0", x), sizes, outb=blocks > 1)
        blk, local = "kernel_cumsum_blk_f32", {0: 128}
        launches = [Launch(blk, (threads, 1, 1), {0: args, 1: "x", 2: "t", 3: "y"},
                           groups=(blocks * 3, 2, 2), local=local)]
        if blocks > 1:
            same = {f"{word}0{i}": sizes[f"{word}t{i}"] for word in ("ne", "nb")
                    for i in range(4)}
            launches.append(Launch(
                blk, (threads, 1, 1), {0: h.pack("cumsum_blk", same, sizes), 1: "t", 2: "t",
                                       3: "t"}, groups=(3, 2, 2), local=local))
            launches.append(Launch(
                "kernel_cumsum_add_f32", (threads, 1, 1),
                {0: h.pack("cumsum_add", of("0", x), sizes), 1: "t", 2: "y"},
                groups=(blocks * 3, 2, 2)))
        yield Case("rows", f"{blk} {width}",
                   {"x": x, "t": np.zeros((2, 2, 3, blocks), np.float32), "y": np.zeros_like(x)},
                   launches, [Expect("y", x.astype("f8").cumsum(-1), "float32", rtol=1e-5)])


def turned(x, angle, one, two):
    """Pairs of a row's elements, each turned by its angle."""
    y, a, b = x.copy(), x[..., one], x[..., two]
    y[..., one] = a * np.cos(angle) - b * np.sin(angle)
    y[..., two] = a * np.sin(angle) + b * np.cos(angle)
    return y


def positions(h, rng):
    """Each pair has the position of one of four axes, or of two."""
    first, tokens, heads = h.numbers["FC_ROPE"], 5, 3
    pos = rng.integers(0, 30, (4, tokens), dtype=np.int32)
    for kind in ("f32", "f16"):
        near = tolerance(kind) if kind == "f16" else {"rtol": 1e-4, "atol": 2e-5}
        for form in ("multi", "multi mixed", "vision"):
            width, dims = (40, 32) if form != "vision" else (32, 16)
            pairs, sections = np.arange(16), (6, 4, 3, 3) if form != "vision" else (8, 8, 0, 0)
            x = random(rng, (1, tokens, heads, width), TYPES[kind])
            if form == "multi":
                axis, power = np.repeat(np.arange(4), sections), pairs / 16
            elif form == "vision":
                axis, power = pairs // 8, pairs % 8 / 8
            else:
                sector = pairs % 16
                axis = np.full(16, 3)
                for i in range(3):
                    axis[(sector % 3 == i) & (sector < 3 * sections[i])] = i
                power = pairs / 16
            angle = pos[axis].T[None, :, None, :] * 10000.0 ** -power
            want = turned(number(x, kind), angle, slice(0, 16), slice(16, 32))
            args = h.pack("rope", of("0", x), of("", x), n_dims=dims, n_ctx_orig=4096,
                          freq_base=10000, freq_scale=1, attn_factor=1, beta_fast=32,
                          beta_slow=1, **{f"sect_{i}": n for i, n in enumerate(sections)})
            name = f"kernel_rope_{form.split()[0]}_{kind}"
            yield Case("rope", f"{name} {form}", {"x": x, "p": pos, "y": np.zeros_like(x)},
                       [Launch(name, (width, 1, 1), {0: args, 1: "x", 2: "p", 3: "x", 4: "y"},
                               groups=(heads, tokens, 1),
                               constants={first: form == "multi mixed", first + 1: False})],
                       [Expect("y", want, TYPES[kind], **near)])


def merges(h, rng):
    width, threads = 300, 64
    x = rng.permutation(6 * width).reshape(1, 2, 3, width).astype(np.float32)
    parts = -(-width // threads)
    for order, sign in (("asc", 1), ("desc", -1)):
        y = np.zeros(x.shape, np.int32)
        buffers = ["y", "t"] if (parts - 1).bit_length() % 2 == 0 else ["t", "y"]
        args = h.pack("argsort", of("0", x), of("", y), top_k=threads)
        launches = [Launch(f"kernel_argsort_f32_i32_{order}", (threads, 1, 1),
                           {0: args, 1: "x", 2: buffers[0]}, groups=(parts * 3, 2, 1),
                           local={0: 4 * threads})]
        length = threads
        while length < width:
            args = h.pack("argsort_merge", of("0", x), of("", y), top_k=width, len=length)
            launches.append(Launch(
                f"kernel_argsort_merge_f32_i32_{order}", (128, 1, 1),
                {0: args, 1: "x", 2: buffers[0], 3: buffers[1]},
                groups=(-(-width // (2 * length)) * 3, 2, 1)))
            buffers.reverse()
            length *= 2
        yield Case("sort", f"kernel_argsort_merge_f32_i32_{order}",
                   {"x": x, "y": y, "t": np.zeros_like(y)}, launches,
                   [Expect("y", np.argsort(sign * x, axis=-1), "int32")])


def training(h, rng):
    x, g = (random(rng, (300,), "float32") for _ in range(2))
    m, v = random(rng, (300,), "float32"), random(rng, (300,), "float32", 0, 1)
    rate, b1, b2, eps, decay, up1, up2 = pars = np.array(
        [1e-2, 0.9, 0.99, 1e-6, 0.1, 1.5, 2.5], np.float32).astype("f8")
    m1, v1 = m * b1 + g * (1 - b1), v * b2 + g.astype("f8") ** 2 * (1 - b2)
    want = x * (1 - rate * decay) - rate * (m1 * up1) / (np.sqrt(v1 * up2) + eps)
    near = {"rtol": 1e-5, "atol": 1e-6}
    yield Case("training", "kernel_opt_step_adamw_f32",
               {"x": x, "g": g, "m": m, "v": v, "p": pars.astype("f4")},
               [Launch("kernel_opt_step_adamw_f32", (300, 1, 1),
                       {0: h.pack("opt_step_adamw", np=300), 1: "x", 2: "g", 3: "m", 4: "v",
                        5: "p"}, groups=(1, 1, 1))],
               [Expect("x", want, "float32", **near), Expect("m", m1, "float32", **near),
                Expect("v", v1, "float32", **near)])
    yield Case("training", "kernel_opt_step_sgd_f32",
               {"x": x, "g": g, "p": np.array([0.5, 0.25], np.float32)},
               [Launch("kernel_opt_step_sgd_f32", (300, 1, 1),
                       {0: h.pack("opt_step_sgd", np=300), 1: "x", 2: "g", 3: "p"},
                       groups=(1, 1, 1))],
               [Expect("x", x * (1 - 0.125) - 0.5 * g.astype("f8"), "float32", **near)])
    a, b = (rng.integers(0, 3, (2, 3, 4, 70), dtype=np.int32) for _ in range(2))
    yield Case("training", "kernel_count_equal_i32", {"a": a, "b": b, "y": np.full(1, 7, "i8")},
               [Launch("kernel_memset_i64", (1, 1, 1), {0: h.pack("memset", val=0), 1: "y"},
                       groups=(1, 1, 1)),
                Launch("kernel_count_equal_i32", (64, 1, 1),
                       {0: h.pack("count_equal", of("0", a), of("1", b)), 1: "a", 2: "b",
                        3: "y"}, groups=(4, 3, 2), local={0: 128},
                       constants={h.numbers["FC_COUNT_EQUAL"]: 2})],
               [Expect("y", (a == b).sum(keepdims=True).reshape(1), "int64")])
    for size in (64, 128, 256, 512):
        x = random(rng, (5, size), "float32")
        matrix = np.ones((1, 1))
        while len(matrix) < size:
            matrix = np.block([[matrix, matrix], [matrix, -matrix]])
        name = f"kernel_fwht_f32_{size}"
        yield Case("training", name, {"x": x, "y": np.zeros_like(x)},
                   [Launch(name, (64, 1, 1), {0: h.pack("fwht", nrows=5), 1: "x", 2: "y"},
                           groups=(3, 1, 1))],
                   [Expect("y", x.astype("f8") @ matrix / np.sqrt(size), "float32", rtol=1e-5,
                           atol=5e-6)])


def halves(h, rng):
    """Copies of quantised rows to halves; rows of every type, put where indices say."""
    for kind, (block, size, _, _) in formats.FORMATS.items():
        if kind.endswith("K") or kind.startswith("iq") or kind == "mxfp4":
            continue
        data, numbers = formats.random(rng, kind, (6, 2 * block))
        count, y = 2 * block // 16, np.zeros((6, 2 * block), np.float16)
        args = h.pack("cpy", layout("0", y.shape, size, block), of("", y), nk0=count)
        name = f"kernel_cpy_{kind}_f16"
        yield Case("dequantise", name, {"x": data, "y": y},
                   [Launch(name, (count, 1, 1), {0: args, 1: "x", 2: "y"}, groups=(6, 1, 1))],
                   [Expect("y", numbers, "float16", rtol=1.5e-3, atol=1e-4)])
    index = np.array([4, 0, 5, 2], np.int32)
    kinds = [("f32", kind) for kind in ("f32", "f16", "bf16")]
    for wide in ("i32", "i64"):
        for of_x, kind in [*kinds, ("f16", "f16"), ("bf16", "bf16")]:
            x = random(rng, (4, 50), TYPES[of_x], -9, 9)
            rows = convert(number(x, of_x), kind)
            want = np.zeros((6, 50), rows.dtype)
            want[index] = rows
            args = h.pack("set_rows", of("0", x), of("1", index.astype(TYPES[wide])),
                          of("", want), nk0=50, ne11=1, ne12=1)
            name = f"kernel_set_rows_{of_x}_{wide}_{kind}"
            yield Case("rows", f"{name} again",
                       {"x": x, "i": index.astype(TYPES[wide]), "y": np.zeros_like(want)},
                       [Launch(name, (50, 2, 1), {0: args, 1: "x", 2: "i", 3: "y"},
                               groups=(2, 1, 1))], [Expect("y", want, TYPES[kind])])


def cases(h):
    rng = np.random.default_rng(11)
    for family in (gates, sums, positions, merges, training, halves):
        yield from family(h, rng)
