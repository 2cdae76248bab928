# SPDX-License-Identifier: MIT
"""ggml: convolutions, their transposes, and images made larger."""
import numpy as np

from case import Case, Expect, Launch, random, store

from .arguments import of
from .simple import TYPES, number, tolerance

NEAR = {"rtol": 1e-5, "atol": 2e-5}


def one(family, name, buffers, want, kind, args, groups, group, near=None, local=None):
    """A case of one launch: buffers in the order of the arguments, the result last."""
    buffers["y"] = np.zeros(want.shape, buffers["y"] if "y" in buffers else np.float32)
    bound = dict(enumerate(buffers, 1))
    if kind == "bfloat16":
        want = store(want, kind)
    return Case(family, name, buffers,
                [Launch(name.split()[0], group, {0: args, **bound}, groups=groups,
                        local=local or {})],
                [Expect("y", want, kind, **(NEAR if near is None else near))])


def windows(x, size, stride, pad, dilation):
    """Views of the padded last axes, one for each place of a window: (place, view)."""
    rank = len(size)
    x = np.pad(x, [(0, 0)] * (x.ndim - rank) + [(p, p) for p in pad])
    outs = [(x.shape[-rank + i] - dilation[i] * (size[i] - 1) - 1) // stride[i] + 1
            for i in range(rank)]
    for place in np.ndindex(*size):
        cut = tuple(slice(place[i] * dilation[i],
                          place[i] * dilation[i] + (outs[i] - 1) * stride[i] + 1, stride[i])
                    for i in range(rank))
        yield place, x[(Ellipsis, *cut)]


def plane(stride, pad, dilation):
    return {f"{word}{i}": values[1 - i]
            for word, values in (("s", stride), ("p", pad), ("d", dilation)) for i in (0, 1)}


def convolutions(h, rng):
    geometry = ((2, 1), (1, 2), (1, 2))
    for kind in ("f32", "f16"):
        x = random(rng, (2, 3, 10, 13), "float32")
        w = random(rng, (4, 3, 3, 2), TYPES[kind])
        want = sum(np.einsum("ncyx,oc->noyx", view, number(w, kind)[(..., *place)])
                   for place, view in windows(x.astype("f8"), (3, 2), *geometry))
        args = h.pack("conv_2d", of("0", w), of("1", x), of("", want.astype("f4")), IW=13,
                      IH=10, KW=2, KH=3, IC=3, OC=4, OW=want.shape[3], OH=want.shape[2], N=2,
                      **plane(*geometry))
        yield one("convolution", f"kernel_conv_2d_{kind}_f32", {"w": w, "x": x}, want,
                  "float32", args, (-(-want.size // 256), 1, 1), (256, 1, 1))
        yield from depthwise(h, rng, kind, x, geometry)
    for kind in ("f32", "f16"):
        x = random(rng, (2, 3, 4, 5, 6), "float32")
        w = random(rng, (4, 3, 2, 3, 2), TYPES[kind])
        want = sum(np.einsum("nczyx,oc->nozyx", view, number(w, kind)[(..., *place)])
                   for place, view in windows(x.astype("f8"), (2, 3, 2), (1, 2, 1), (1, 1, 0),
                                              (1, 1, 2)))
        depth, high, wide = want.shape[2:]
        flat = want.reshape(8, depth, high, wide)
        args = h.pack("conv_3d", of("0", w.reshape(12, 2, 3, 2)),
                      of("1", x.reshape(6, 4, 5, 6)), of("", flat.astype("f4")), IW=6, IH=5, ID=4, OW=wide, OH=high, OD=depth,
                      KW=2, KH=3, KD=2, s0=1, s1=2, s2=1, p0=0, p1=1, p2=1, d0=2, d1=1, d2=1,
                      IC=3, N=2, OC=4)
        yield one("convolution", f"kernel_conv_3d_{kind}_f32", {"w": w, "x": x}, flat,
                  "float32", args, (-(-depth * high * wide // 32), 4, 2), (32, 1, 1))


def depthwise(h, rng, kind, x, geometry):
    """Once with channels outside, once with them inside: the tiled kernel."""
    w = random(rng, (3, 1, 3, 2), TYPES[kind])
    want = sum(view * number(w, kind)[:, 0, place[0], place[1]][:, None, None]
               for place, view in windows(x.astype("f8"), (3, 2), *geometry))
    n, c, high, wide = want.shape
    sizes = dict(IW=13, IH=10, KW=2, KH=3, C=3, OW=wide, OH=high, N=2, **plane(*geometry))
    y = want.astype("f4")
    args = h.pack("conv_2d_dw", of("0", w), of("1", x), of("", y), **sizes)
    args = args.view(h.structs["conv_2d_dw"])
    args["nb02"] = w.strides[0]  # ggml gives the kernel nb03
    yield one("convolution", f"kernel_conv_2d_dw_{kind}_f32", {"w": w, "x": x}, want, "float32",
              args.view(np.uint8), (-(-wide // 256), high, c * n), (256, 1, 1))
    inside = np.ascontiguousarray(x.transpose(0, 2, 3, 1))
    turned = np.ascontiguousarray(want.transpose(0, 2, 3, 1))
    weights = np.ascontiguousarray(w[:, 0].transpose(1, 2, 0))
    strides = {}
    for prefix, array in (("1", inside), ("", turned.astype("f4"))):
        b = array.strides
        strides.update({f"nb{prefix}0": b[2], f"nb{prefix}1": b[1], f"nb{prefix}2": b[3],
                        f"nb{prefix}3": b[0]})
    b = weights.strides
    args = h.pack("conv_2d_dw", strides, nb00=b[1], nb01=b[0], nb02=b[2], **sizes)
    yield one("convolution", f"kernel_conv_2d_dw_tiled_{kind}_f32",
              {"w": weights, "x": inside}, turned, "float32", args,
              (1, high, wide * n), (256, 1, 1))


def transposes(h, rng):
    for kind in ("f32", "f16"):
        x = random(rng, (5, 7), "float32")
        w = random(rng, (5, 4, 6), TYPES[kind])
        want = np.zeros((4, 6 * 3 + 6))
        for i in range(7):
            want[:, 3 * i:3 * i + 6] += np.einsum("c,cok->ok", x[:, i].astype("f8"),
                                                  number(w, kind))
        args = h.pack("conv_transpose_1d", of("", want.astype("f4")), IC=5, IL=7, K=6, s0=3)
        yield one("convolution", f"kernel_conv_transpose_1d_{kind}_f32", {"w": w, "x": x}, want,
                  "float32", args, (want.shape[1], 4, 1), (1, 1, 1))
        x = random(rng, (5, 4, 6), "float32")
        w = random(rng, (5, 3, 3, 2), TYPES[kind])
        want = np.zeros((3, 2 * 3 + 3, 2 * 5 + 2))
        for i, j in np.ndindex(4, 6):
            want[:, 2 * i:2 * i + 3, 2 * j:2 * j + 2] += np.einsum(
                "c,coyx->oyx", x[:, i, j].astype("f8"), number(w, kind))
        args = h.pack("conv_transpose_2d", of("", want.astype("f4")), IC=5, IH=4, IW=6, KH=3,
                      KW=2, OC=3, s0=2)
        yield one("convolution", f"kernel_conv_transpose_2d_{kind}_f32", {"w": w, "x": x}, want,
                  "float32", args, want.shape[::-1], (2, 3, 1), local={0: 32})
    for kind in ("f32", "f16", "bf16"):
        taken, channels, size, stride, cut = 9, 3, 5, 2, 2
        x = random(rng, (taken, channels * size), TYPES[kind])
        whole = np.zeros((channels, (taken - 1) * stride + size))
        for t in range(taken):
            whole[:, t * stride:t * stride + size] += number(x[t], kind).reshape(channels, size)
        want = whole[:, cut:-cut]
        args = h.pack("col2im_1d", T_in=taken, T_out=want.shape[1], OC=channels, K=size,
                      K_OC=channels * size, s0=stride, p0=cut)
        yield one("convolution", f"kernel_col2im_1d_{kind}", {"x": x, "y": x.dtype}, want,
                  TYPES[kind], args, (1, 1, 1), (256, 1, 1),
                  tolerance(kind) if kind != "bf16" else {"rtol": 1e-2, "atol": 1e-2})
        x = random(rng, (5, 40), TYPES[kind], -3, 3)
        a, b = random(rng, (5,), "float32", 0.5, 2), random(rng, (5,), "float32")
        want = number(x, kind)
        want = want + np.sin(want * a[:, None]) ** 2 * b[:, None]
        yield one("convolution", f"kernel_snake_{kind}", {"x": x, "a": a, "b": b, "y": x.dtype},
                  want, TYPES[kind], h.pack("snake", T=40, C=5), (1, 1, 1), (256, 1, 1),
                  tolerance(kind) if kind != "bf16" else {"rtol": 1e-2, "atol": 1e-2})


def columns(h, rng):
    x = random(rng, (2, 3, 6, 7), "float32")
    views = [view for _, view in windows(x, (3, 2), (1, 2), (1, 0), (1, 1))]
    want = np.stack(views, axis=-1).transpose(0, 2, 3, 1, 4)
    high, wide = want.shape[1:3]
    want = want.reshape(2, high, wide, 18)
    for kind in ("f32", "f16"):
        args = h.pack("im2col", ofs0=3 * 42, ofs1=42, IW=7, IH=6, CHW=18, s0=2, s1=1, p0=0,
                      p1=1, d0=1, d1=1, N=2, KH=3, KW=2, KHW=6)
        yield one("convolution", f"kernel_im2col_ext_{kind}",
                  {"x": x, "y": np.dtype(TYPES[kind])}, want.astype(TYPES[kind]), TYPES[kind],
                  args, (18, high, wide), (2, 1, 1), {})
    x = random(rng, (2, 3, 5, 17), "float32")
    for word, fill in (("max", -np.inf), ("avg", np.nan)):
        padded = np.pad(x.astype("f8"), [(0, 0)] * 3 + [(1, 1)], constant_values=fill)
        parts = [padded[..., i:i + 15:2] for i in range(4)]
        want = np.max(parts, axis=0) if word == "max" else np.nanmean(parts, axis=0)
        args = h.pack("pool_1d", k0=4, s0=2, p0=1, IW=17, OW=want.shape[-1], np=want.size)
        yield one("convolution", f"kernel_pool_1d_{word}_f32", {"x": x}, want, "float32", args,
                  (1, 1, 1), (want.size, 1, 1))


def cubic(t):
    t, a = np.abs(t), -0.75
    return np.where(t <= 1, ((a + 2) * t - (a + 3)) * t * t + 1,
                    np.where(t < 2, ((a * t - 5 * a) * t + 8 * a) * t - 4 * a, 0))


def weights(count, size, reach, kernel):
    """What each of `size` places has of `count`; places outside are those at the edge."""
    at = (np.arange(size) + 0.5) * count / size - 0.5
    first = np.floor(at).astype(int)
    matrix = np.zeros((size, count))
    for step in range(1 - reach, 1 + reach):
        place = np.clip(first + step, 0, count - 1)
        np.add.at(matrix, (np.arange(size), place), kernel(at - (first + step)))
    return matrix


def larger(h, rng):
    x = random(rng, (2, 3, 5, 8), "float32")
    kinds = ("bilinear", 1, lambda t: 1 - np.abs(t)), ("bicubic", 2, cubic)
    for word, reach, kernel in kinds:
        want = np.einsum("ncyx,ay,bx->ncab", x.astype("f8"), weights(5, 15, reach, kernel),
                         weights(8, 16, reach, kernel))
        args = h.pack("upscale", of("0", x), of("", want.astype("f4")), sf0=2, sf1=3, sf2=1,
                      sf3=1, poffs=0.5)
        case = one("shape", f"kernel_upscale_{word}_f32", {"x": x}, want, "float32", args,
                   (15, 3, 2), (16, 1, 1))
        case.launches[0].constants = {h.numbers["FC_UPSCALE"]: False}
        yield case
    x = random(rng, (2, 3, 4, 10), "float32")
    want = np.pad(x, [(0, 0)] * 3 + [(3, 2)], mode="reflect")
    args = h.pack("pad_reflect_1d", of("0", x), of("", want), p0=3, p1=2)
    yield one("shape", "kernel_pad_reflect_1d_f32", {"x": x}, want, "float32", args, (4, 3, 2),
              (15, 1, 1), {})
    x = random(rng, (2, 3, 4, 8), "float32")
    want = np.pad(x, ((0, 0), (0, 1), (0, 2), (0, 4)))
    args = h.pack("pad", of("0", x), of("", want)).view(h.structs["pad"])
    args["ne00"], args["ne0"] = 2, 3
    yield one("shape", "kernel_pad_f32_4", {"x": x}, want, "float32", args.view(np.uint8),
              (6, 4, 2), (3, 1, 1), {})


def cases(h):
    rng = np.random.default_rng(9)
    for family in (convolutions, transposes, columns, larger):
        yield from family(h, rng)
