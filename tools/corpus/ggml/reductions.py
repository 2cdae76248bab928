# SPDX-License-Identifier: MIT
"""ggml: what works on rows: sums, norms, soft maximum, positions, sorting, windows."""
import numpy as np

from case import Case, Expect, Launch, random

from .arguments import of
from .simple import TYPES, number, tolerance


def doubled(count, most=1024):
    threads = 32
    while threads < count and threads < most:
        threads *= 2
    return threads


def sums(h, rng):
    for width in (50, 200):
        for op, word in ((h.numbers["OP_SUM_ROWS_NUM_SUM_ROWS"], "sum"),
                         (h.numbers["OP_SUM_ROWS_NUM_MEAN"], "mean")):
            x = random(rng, (2, 3, 4, width), "float32")
            y = np.zeros((2, 3, 4, 1), np.float32)
            by = 4 if width % 4 == 0 else 1
            args = h.pack("sum_rows", of("0", x), of("", y)).view(h.structs["sum_rows"])
            args["ne00"] = width // by
            args["ne0"] = 1 // by  # as ggml has it; the kernel does not look
            name = "kernel_sum_rows_f32_f32" + ("_4" if by == 4 else "")
            threads = min(doubled(width // by), width // by)
            yield Case("rows", f"{name} {word}", {"x": x, "y": y},
                       [Launch(name, (threads, 1, 1), {0: args.view(np.uint8), 1: "x", 2: "y"},
                               groups=(4, 3, 2), local={0: 128 * by},
                               constants={h.numbers["FC_SUM_ROWS"]: op})],
                       [Expect("y", getattr(np, word)(x.astype("f8"), axis=-1, keepdims=True),
                               "float32", rtol=1e-5, atol=1e-5)])


def norms(h, rng):
    for kind in ("norm", "rms_norm"):
        for fused in ("", "_mul", "_mul_add"):
            for width in (50, 96):
                x, scale, shift = (random(rng, shape, "float32", 0.5, 2) for shape in (
                    (2, 3, 4, width), (1, 1, 1, width), (1, 3, 4, width)))
                wide = x.astype("f8")
                y = wide - (wide.mean(-1, keepdims=True) if kind == "norm" else 0)
                y = y / np.sqrt((y * y).mean(-1, keepdims=True) + 1e-5)
                y = y * scale if "mul" in fused else y
                y = y + shift if "add" in fused else y
                by = 4 if width % 4 == 0 else 1
                others = [x, scale if fused else x, shift if "add" in fused else x]
                more = {f"nef{i}": [o.shape[-1 - i] for o in others] for i in (1, 2, 3)}
                more.update({f"nbf{i}": [o.strides[-1 - i] for o in others] for i in (1, 2, 3)})
                args = h.pack("norm", of("0", x), of("", x), ne00_t=width // by, eps=1e-5, **more)
                name = f"kernel_{kind}{fused}_f32{'_4' if by == 4 else ''}"
                threads = min(doubled(width // by), (width // by + 31) // 32 * 32)
                yield Case("norm", name, {"x": x, "a": scale, "b": shift, "y": np.zeros_like(x)},
                           [Launch(name, (threads, 1, 1),
                                   {0: args, 1: "x", 2: "a" if fused else "x",
                                    3: "b" if "add" in fused else "x", 4: "y"},
                                   groups=(4, 3, 2), local={0: 128})],
                           [Expect("y", y, "float32", rtol=2e-5, atol=2e-6)])
    for width in (50, 96):
        x = random(rng, (2, 3, 4, width), "float32")
        by = 4 if width % 4 == 0 else 1
        args = h.pack("l2_norm", of("0", x), of("", x), eps=1e-5).view(h.structs["l2_norm"])
        args["ne00"] = args["ne0"] = width // by
        name = "kernel_l2_norm_f32_f32" + ("_4" if by == 4 else "")
        wide = x.astype("f8")
        yield Case("norm", name, {"x": x, "y": np.zeros_like(x)},
                   [Launch(name, (doubled(width), 1, 1),
                           {0: args.view(np.uint8), 1: "x", 2: "y"}, groups=(4, 3, 2),
                           local={0: 128})],
                   [Expect("y", wide / np.sqrt((wide * wide).sum(-1, keepdims=True)), "float32",
                           rtol=2e-5, atol=2e-6)])
    x = random(rng, (1, 6, 5, 7), "float32")
    wide = x.astype("f8").reshape(3, -1)
    wide = wide - wide.mean(-1, keepdims=True)
    y = wide / np.sqrt((wide * wide).mean(-1, keepdims=True) + 1e-5)
    yield Case("norm", "kernel_group_norm_f32", {"x": x, "y": np.zeros_like(x)},
               [Launch("kernel_group_norm_f32", (32, 1, 1),
                       {0: h.pack("group_norm", of("0", x), ngrp=3, eps=1e-5), 1: "x", 2: "y"},
                       groups=(3, 1, 1), local={0: 128})],
               [Expect("y", y.reshape(x.shape), "float32", rtol=2e-5, atol=2e-6)])


def soft_maxima(h, rng):
    for kind in ("f32", "f16"):
        for width, most in ((50, 0.0), (96, 4.0)):
            x = random(rng, (2, 4, 5, width), "float32", -3, 3)
            mask = random(rng, (1, 1, 5, width), TYPES[kind], -2, 0)
            m0, m1 = (2.0 ** -(most / n / 4) for n in (1, 2))
            slope = np.array([m0 ** (i + 1) for i in range(4)]).reshape(1, 4, 1, 1)
            wide = 0.5 * x.astype("f8") + slope * number(mask, kind)
            e = np.exp(wide - wide.max(-1, keepdims=True))
            suffix = "_4" if width % 4 == 0 else ""
            threads = 32
            while threads < width // (4 if suffix else 1) and threads * 40 < 256:
                threads *= 2
            args = h.pack("soft_max", of("0", x), of("1", mask), of("", x), scale=0.5,
                          max_bias=most, m0=m0, m1=m1, n_head_log2=4)
            name = f"kernel_soft_max_{kind}{suffix}"
            yield Case("soft_max", name, {"x": x, "m": mask, "y": np.zeros_like(x)},
                       [Launch(name, (threads, 1, 1), {0: args, 1: "x", 2: "m", 3: "x", 4: "y"},
                               groups=(5, 4, 2), local={0: 128})],
                       [Expect("y", e / e.sum(-1, keepdims=True), "float32", rtol=2e-5,
                               atol=2e-6)])


def positions(h, rng):
    first = h.numbers["FC_ROPE"]
    for kind in ("f32", "f16"):
        for form in ("norm", "neox"):
            tokens, heads, width, turned = 5, 3, 40, 32
            x = random(rng, (1, tokens, heads, width), TYPES[kind])
            pos = np.array([0, 1, 7, 3, 20], np.int32)
            angle = pos.reshape(1, -1, 1, 1) * 10000.0 ** (-np.arange(0, turned, 2) / turned)
            wide = number(x, kind)
            y = wide.copy()
            one, two = ((slice(0, turned, 2), slice(1, turned, 2)) if form == "norm" else
                        (slice(0, turned // 2), slice(turned // 2, turned)))
            a, b = wide[..., one], wide[..., two]
            y[..., one] = a * np.cos(angle) - b * np.sin(angle)
            y[..., two] = a * np.sin(angle) + b * np.cos(angle)
            args = h.pack("rope", of("0", x), of("", x), n_dims=turned, n_ctx_orig=4096,
                          freq_base=10000, freq_scale=1, attn_factor=1, beta_fast=32,
                          beta_slow=1)
            name = f"kernel_rope_{form}_{kind}"
            near = tolerance(kind) if kind == "f16" else {"rtol": 1e-4, "atol": 1e-5}
            yield Case("rope", name, {"x": x, "p": pos, "y": np.zeros_like(x)},
                       [Launch(name, (width, 1, 1), {0: args, 1: "x", 2: "p", 3: "x", 4: "y"},
                               groups=(heads, tokens, 1),
                               constants={first: False, first + 1: False})],
                       [Expect("y", y, TYPES[kind], **near)])
    x = random(rng, (6,), "float32", 0, 50)
    y = x.astype("f8")[:, None] * np.exp(-np.log(1000) * np.arange(10) / 10)
    y = np.concatenate([np.cos(y), np.sin(y)], axis=1)
    args = h.pack("timestep_embedding", nb1=80, dim=20, max_period=1000)
    yield Case("rope", "kernel_timestep_embedding_f32",
               {"x": x, "y": np.zeros((6, 20), np.float32)},
               [Launch("kernel_timestep_embedding_f32", (10, 1, 1), {0: args, 1: "x", 2: "y"},
                       groups=(6, 1, 1))], [Expect("y", y, "float32", rtol=1e-4, atol=2e-5)])


def orders(h, rng):
    x = rng.permutation(3 * 4 * 100).reshape(1, 3, 4, 100).astype(np.float32)
    for order, sign in (("asc", 1), ("desc", -1)):
        y = np.zeros(x.shape, np.int32)
        args = h.pack("argsort", of("0", x), of("", y), top_k=128)
        name = f"kernel_argsort_f32_i32_{order}"
        yield Case("sort", name, {"x": x, "y": y},
                   [Launch(name, (128, 1, 1), {0: args, 1: "x", 2: "y"}, groups=(4, 3, 1),
                           local={0: 512})],
                   [Expect("y", np.argsort(sign * x, axis=-1), "int32")])
    y = np.zeros((12,), np.int32)
    args = h.pack("argmax", of("0", x))
    yield Case("sort", "kernel_argmax_f32", {"x": x, "y": y},
               [Launch("kernel_argmax_f32", (128, 1, 1), {0: args, 1: "x", 2: "y"},
                       groups=(12, 1, 1), local={0: 256})],
               [Expect("y", x.reshape(12, 100).argmax(-1), "int32")])
    for kind in ("f32", "f16", "bf16"):
        z = random(rng, (2, 3, 9, 9), TYPES[kind], 1, 4)
        for i, part in enumerate((lambda a: np.triu(a), lambda a: np.triu(a, 1),
                                  lambda a: np.tril(a), lambda a: np.tril(a, -1))):
            name = f"kernel_tri_{kind}_{i}"
            yield Case("shape", name, {"x": z, "y": np.zeros_like(z)},
                       [Launch(name, (9, 1, 1), {0: h.pack("tri", of("0", z), of("", z)),
                                                 1: "x", 2: "y"}, groups=(9, 3, 2))],
                       [Expect("y", part(z), TYPES[kind])])


def windows(h, rng):
    x = random(rng, (2, 3, 9, 11), "float32")
    sizes = dict(k0=3, k1=2, s0=2, s1=1, p0=1, p1=1)
    high, wide = (9 + 2 - 2) // 1 + 1, (11 + 2 - 3) // 2 + 1
    for word, fill in (("max", -np.inf), ("avg", 0.0)):
        padded = np.pad(x.astype("f8"), ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=fill)
        parts = [padded[..., i:i + high, j:j + 2 * wide - 1:2] for i in (0, 1)
                 for j in (0, 1, 2)]
        y = np.max(parts, axis=0) if word == "max" else np.sum(parts, axis=0) / 6
        args = h.pack("pool_2d", IH=9, IW=11, OH=high, OW=wide, np=y.size, **sizes)
        name = f"kernel_pool_2d_{word}_f32"
        yield Case("window", name, {"x": x, "y": np.zeros(y.shape, np.float32)},
                   [Launch(name, (256, 1, 1), {0: args, 1: "x", 2: "y"},
                           groups=(-(-y.size // 256), 1, 1))],
                   [Expect("y", y, "float32", rtol=1e-5, atol=1e-6)])
    for kind in ("f32", "f16"):
        kh, kw, oh, ow = 3, 2, 9, 10
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (0, 0)))
        y = np.stack([padded[:, :, i:i + oh, j:j + ow] for i in range(kh) for j in range(kw)],
                     axis=-1).transpose(0, 2, 3, 1, 4).reshape(2, oh, ow, 3 * kh * kw)
        args = h.pack("im2col", ofs0=3 * 99, ofs1=99, IW=11, IH=9, CHW=18, s0=1, s1=1, p0=0,
                      p1=1, d0=1, d1=1, N=2, KH=kh, KW=kw, KHW=kh * kw)
        yield Case("window", f"kernel_im2col_{kind}",
                   {"x": x, "y": np.zeros(y.shape, TYPES[kind])},
                   [Launch(f"kernel_im2col_{kind}", (2, kh, kw), {0: args, 1: "x", 2: "y"},
                           groups=(3, oh, ow))],
                   [Expect("y", y.astype(TYPES[kind]), TYPES[kind])])
    s, c = random(rng, (2, 6, 12), "float32"), random(rng, (6, 4), "float32")
    y = sum(s[:, :, i:i + 9].astype("f8") * c[:, i, None] for i in range(4)).transpose(0, 2, 1)
    args = h.pack("ssm_conv", of("0", s), of("1", c), of("", np.zeros(y.shape, np.float32)))
    for suffix in ("", "_4"):
        for batch in (0, 16):
            name = f"kernel_ssm_conv_f32_f32{'_batched' if batch else ''}{suffix}"
            constants = {h.numbers["FC_SSM_CONV"]: batch} if batch else {}
            yield Case("window", name, {"s": s, "c": c, "y": np.zeros(y.shape, np.float32)},
                       [Launch(name, (max(1, batch), 1, 1), {0: args, 1: "s", 2: "c", 3: "y"},
                               groups=(6, 1 if batch else 9, 2), constants=constants)],
                       [Expect("y", y, "float32", rtol=1e-5, atol=1e-6)])


def cases(h):
    rng = np.random.default_rng(5)
    for family in (sums, norms, soft_maxima, positions, orders, windows):
        yield from family(h, rng)
