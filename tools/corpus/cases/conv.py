# SPDX-License-Identifier: MIT
"""Convolutions, as MLX's conv.cpp launches them: implicit products in two and three
dimensions, with groups, flips, strides and dilation, the general form, unfolding, depthwise,
and the three kernels of Winograd's method with the product between them."""
import itertools
import math
import struct

import numpy as np

from case import HALF_ULP, Case, Expect, Launch, block, i32, load, parts, random, store, \
    strides, zeros


class Conv:
    """Numbers of one convolution; x: (batch, *space, channels), w: (out, *window, channels of
    a group)."""

    def __init__(self, rng, type_name, x, w, stride=1, pad=0, dilate=1, spread=1, groups=1,
                 flip=False):
        rank = len(x) - 2
        self.rank, self.type, self.groups, self.flip = rank, type_name, groups, flip
        self.stride, self.pad, self.dilate, self.spread = (
            v if isinstance(v, tuple) else (v,) * rank for v in (stride, pad, dilate, spread))
        self.x, self.w = random(rng, x, type_name), random(rng, w, type_name)
        self.out = tuple((self.spread[d] * (x[1 + d] - 1) + 1 + 2 * self.pad[d]
                          - self.dilate[d] * (w[1 + d] - 1) - 1) // self.stride[d] + 1
                         for d in range(rank))
        self.shape = (x[0], *self.out, w[0])
        self.want = self.compute()

    def padded(self):
        wide = load(self.x, self.type)
        size = [self.spread[d] * (wide.shape[1 + d] - 1) + 1 + 2 * self.pad[d]
                for d in range(self.rank)]
        found = np.zeros((wide.shape[0], *size, wide.shape[-1]))
        place = tuple(slice(p, n - p, s) for p, n, s in zip(self.pad, size, self.spread))
        found[(slice(None), *place)] = wide
        return found

    def windows(self):
        """(window position, elements of x under it for every output)."""
        full = self.padded()
        for at in itertools.product(*(range(n) for n in self.w.shape[1:-1])):
            place = tuple(slice(k * d, k * d + s * (n - 1) + 1, s) for k, d, s, n in zip(
                at, self.dilate, self.stride, self.out))
            yield at, full[(slice(None), *place)]

    def compute(self):
        wide, want = load(self.w, self.type), np.zeros(self.shape)
        per, out = self.w.shape[-1], self.w.shape[0] // self.groups
        for at, under in self.windows():
            if self.flip:
                at = tuple(n - 1 - k for n, k in zip(self.w.shape[1:-1], at))
            factor = wide[(slice(None), *at)]
            for g in range(self.groups):
                want[..., g * out:(g + 1) * out] += (
                    under[..., g * per:(g + 1) * per] @ factor[g * out:(g + 1) * out].T)
        return want

    def params(self):
        """MLXConvParams."""
        r = self.rank
        y = np.empty(self.shape, np.int8)
        return np.frombuffer(struct.pack(
            f"<3i{7 * r}i{'4x' if (3 + 7 * r) % 2 else ''}{3 * (r + 2)}qi?3x", self.x.shape[0],
            self.x.shape[-1], self.w.shape[0], *self.x.shape[1:-1], *self.w.shape[1:-1],
            *self.out, *self.stride, *self.pad, *self.dilate, *self.spread, *strides(self.x),
            *strides(self.w), *strides(y), self.groups, self.flip), np.uint8)

    def jumps(self, bk):
        """How far the input pointer moves from one window element to the next."""
        sign, step = -1 if self.flip else 1, strides(self.x)[1:-1]
        step = [s * d for s, d in zip(step, self.dilate)]
        window = self.w.shape[1:-1]
        found = []
        for d in reversed(range(self.rank)):
            found.append(sign * (step[d] - sum((window[e] - 1) * step[e]
                                               for e in range(d + 1, self.rank))))
        return [*found, bk - sign * sum((n - 1) * s for n, s in zip(window, step))]

    def case(self, launches, extra=(), slack=1):
        ulp = HALF_ULP[self.type]
        depth = int(np.prod(self.w.shape[1:]))
        return Case("conv", f"{launches[0].kernel} {list(self.x.shape)} {list(self.w.shape)}",
                    {"x": self.x, "w": self.w, "y": zeros(self.shape, self.type),
                     **dict(extra)},
                    launches, [Expect("y", store(self.want, self.type), self.type,
                                      rtol=4 * ulp, atol=slack * (
                                          ulp / 2 + 32 * HALF_ULP["float32"] * depth**0.5))])


def product_case(*args, **more):
    """implicit_gemm_conv_2d and _3d."""
    conv = Conv(*args, **more)
    per, n = conv.w.shape[-1], conv.w.shape[0] // conv.groups
    m = int(np.prod(conv.shape[:-1]))
    window, wm, wn, bk = int(np.prod(conv.w.shape[1:-1])), 2, 2, 16
    bm = 64 if m >= 8192 and per >= 64 else 32
    bn = 64 if bm == 64 or n >= 64 else 32
    if n <= 16:
        bn, wm, wn = 8, 4, 1
    k, iterations, special = window * per, window * parts(per, bk), 0
    if conv.rank == 2 and per <= 4:
        special = per
        iterations = parts(k if per <= 2 else window * 4, bk)
    small = not special and max(conv.w.shape[1:-1]) <= 16
    tail = f"_channel_{special or 'l'}" if conv.rank == 2 else ""
    kernel = (f"implicit_gemm_conv_{conv.rank}d_{conv.type}_bm{bm}_bn{bn}_bk{bk}_wm{wm}_wn{wn}"
              f"{tail}_filter_{'s' if small else 'l'}")
    values = i32(m, n, k, iterations, *conv.jumps(bk), parts(n, bn), parts(m, bm), 0)
    return conv.case([Launch(kernel, (32, wn, wm),
                             {0: "x", 1: "w", 2: "y", 3: conv.params(), 4: values},
                             groups=(parts(n, bn), parts(m, bm), conv.groups))])


def behind_case(rng):
    """MLX takes this kernel for 48 outputs too; its loader then reads weights for 64: found."""
    found = product_case(rng, "float32", (1, 8, 8, 16), (48, 3, 3, 16))
    found.name += ": reads behind the weights"
    found.fault = "of buffer 'B' (27648 bytes)"
    return found


def general_case(*args, **more):
    """implicit_gemm_conv_2d_general: spread inputs."""
    conv = Conv(*args, **more)
    n, window, bk = conv.w.shape[0], conv.w.shape[1:-1], 16
    jump_w = [math.lcm(s, d) // d for s, d in zip(conv.spread, conv.dilate)]
    jump_o = [math.lcm(s, d) // d for s, d in zip(conv.spread, conv.stride)]
    adjusted = [parts(o, j) for o, j in zip(conv.out, jump_o)]
    m = conv.shape[0] * adjusted[0] * adjusted[1]
    bases = []
    for d in range(2):
        found, step = [], -conv.dilate[d] if conv.flip else conv.dilate[d]
        start = (window[d] - 1) * conv.dilate[d] if conv.flip else 0
        for i in range(jump_o[d]):
            at, base = i * conv.stride[d] - conv.pad[d] + start, 0
            while base < window[d] and at % conv.spread[d]:
                base, at = base + 1, at + step
            found += [base, parts(window[d] - base, jump_w[d])]
        bases.append(i32(*found))
    bm, bn = 32, 32
    kernel = f"implicit_gemm_conv_2d_general_{conv.type}_bm{bm}_bn{bn}_bk16_wm2_wn2"
    channels = conv.x.shape[-1]
    values = i32(int(np.prod(conv.shape[:-1])), n, window[0] * window[1] * channels,
                 parts(channels, bk), *conv.jumps(bk), parts(n, bn), parts(m, bm), 0)
    jumps = i32(*jump_w, *jump_o, *adjusted, adjusted[0] * adjusted[1], m)
    return conv.case([Launch(
        kernel, (32, 2, 2), {0: "x", 1: "w", 2: "y", 3: conv.params(), 4: values, 5: jumps,
                             6: bases[0], 7: bases[1]},
        groups=(parts(n, bn), parts(m, bm), jump_o[0] * jump_o[1]),
        constants={200: channels % bk == 0})])


def unfold_case(transposed, *args, **more):
    """naive_unfold: the input under each window as a row."""
    conv = Conv(*args, **more)
    rows, channels = int(np.prod(conv.shape[:-1])), conv.x.shape[-1]
    window = int(np.prod(conv.w.shape[1:-1]))
    want = np.stack([under.reshape(rows, channels) for _, under in conv.windows()], 1)
    if transposed:
        want = want.swapaxes(1, 2)
    wide = padded_wave(min(channels, 64))
    kernel = f"naive_unfold_{'transpose_' if transposed else ''}nd_{conv.type}_{conv.rank}"
    grid = (channels, window, rows)
    return Case("conv", f"{kernel} {list(conv.x.shape)}",
                {"x": conv.x, "y": zeros(want.shape, conv.type)},
                [Launch(kernel, (min(wide, channels), min(256 // wide, window), 1),
                        {0: "x", 1: "y", 2: conv.params(), 3: i32(0)}, grid)],
                [Expect("y", store(want, conv.type), conv.type)])


def padded_wave(count):
    return parts(count, 32) * 32


def depthwise_case(*args, **more):
    conv = Conv(*args, groups=args[2][-1], **more)  # products are rounded to the type
    channels = conv.x.shape[-1]
    if conv.rank == 1:
        kernel = f"depthwise_conv_1d_{conv.type}"
        grid = (channels, conv.out[0], conv.shape[0])
        return conv.case([Launch(kernel, block(*grid), {
            0: "x", 1: "w", 2: "y", 3: i32(*strides(conv.x)), 4: i32(conv.w.shape[1])}, grid)])
    kernel = f"depthwise_conv_2d_{conv.type}"
    constants = {0: conv.w.shape[1], 1: conv.w.shape[2], 10: conv.stride[0],
                 11: conv.stride[1], 100: 4, 101: 8, 200: conv.flip}
    return conv.case([Launch(
        kernel, (8, 8, 4), {0: "x", 1: "w", 2: "y", 3: conv.params()},
        groups=(channels // 8, parts(conv.out[1], 8), parts(conv.out[0], 4) * conv.shape[0]),
        constants=constants)], slack=16)


def winograd_case(rng, type_name, x, out):
    """3x3 windows by tiles of 6x6: transform weights and inputs, multiply, transform back. In
    between numbers are about 30 times larger, which is what half loses."""
    batch, height, width, channels = x
    conv = Conv(rng, type_name, x, (out, 3, 3, channels), pad=1)
    rows, columns = parts(height, 6), parts(width, 6)
    tall, wide = 6 * rows + 2, 6 * columns + 2
    source = np.zeros((batch, tall, wide, channels), conv.x.dtype)
    source[:, 1:1 + height, 1:1 + width] = conv.x
    tiles = batch * rows * columns
    values = np.frombuffer(struct.pack(
        "<17i4x12qi?3x", batch, channels, out, tall, wide, 3, 3, height, width, 1, 1, 0, 0, 1,
        1, 1, 1, *strides(source), *strides(conv.w), *strides(np.empty(conv.shape, np.int8)),
        1, False), np.uint8)
    names = [f"winograd_conv_2d_{part}_transform_{type_name}_{tail}32"
             for part, tail in (("weight", "bc"), ("input", "bc"), ("output", "bo"))]
    bm = bn = 64
    gemm = np.frombuffer(struct.pack(
        "<8i3q3i4x", tiles, out, channels, channels, out, out, parts(out, bn), parts(tiles, bm),
        tiles * channels, channels * out, tiles * out, 0, channels // 16, 1), np.uint8)
    extra = {"p": source, "f": zeros((64, channels, out), type_name),
             "i": zeros((64, tiles, channels), type_name),
             "o": zeros((64, tiles, out), type_name)}
    grid = (columns, rows, batch)
    return conv.case([
        Launch(names[0], (32, 4, 1), {0: "w", 1: "f", 2: i32(channels), 3: i32(out)},
               groups=(out // 4, 1, 1)),
        Launch(names[1], (32, 2, 2), {0: "p", 1: "i", 2: values}, groups=grid),
        Launch(f"steel_gemm_fused_nn_{type_name}_{type_name}_bm64_bn64_bk16_wm2_wn2",
               (32, 2, 2), {0: "i", 1: "f", 3: "o", 4: gemm},
               groups=(parts(out, bn), parts(tiles, bm), 64),
               constants={10: False, 100: False, 110: False, 200: tiles % bm == 0,
                          201: out % bn == 0, 202: channels % 16 == 0}),
        Launch(names[2], (32, 2, 2), {0: "o", 1: "y", 2: values}, groups=grid)], extra,
        64 if type_name == "float32" else 2048)


def cases():
    rng = np.random.default_rng(70)
    yield product_case(rng, "float32", (2, 9, 11, 32), (32, 3, 3, 32), pad=1)
    yield product_case(rng, "float32", (1, 9, 11, 16), (64, 3, 3, 16))
    yield product_case(rng, "float16", (1, 12, 12, 16), (12, 3, 3, 16), stride=2)
    yield product_case(rng, "float32", (1, 10, 13, 3), (16, 5, 5, 3), pad=2)
    yield product_case(rng, "float32", (1, 11, 9, 1), (32, 3, 3, 1), stride=(2, 1))
    yield product_case(rng, "bfloat16", (1, 9, 9, 32), (64, 3, 3, 16), pad=1, groups=2)
    yield product_case(rng, "float32", (1, 9, 10, 16), (32, 3, 2, 16), dilate=2, flip=True)
    yield behind_case(rng)
    yield product_case(rng, "float32", (1, 5, 6, 7, 16), (32, 2, 3, 3, 16), pad=1)
    yield product_case(rng, "float16", (1, 4, 6, 6, 16), (16, 3, 3, 3, 16), stride=(1, 2, 2))
    yield product_case(rng, "float32", (1, 22, 5, 16), (32, 18, 2, 16))
    yield product_case(rng, "float16", (1, 19, 3, 4, 16), (16, 17, 2, 2, 16))
    yield general_case(rng, "float32", (1, 6, 7, 16), (32, 3, 3, 16), pad=1, spread=2)
    yield general_case(rng, "float16", (3, 13, 13, 20), (24, 3, 4, 20), stride=(1, 2),
                       spread=(2, 1))
    yield unfold_case(False, rng, "float32", (2, 7, 9, 5), (4, 3, 2, 5), pad=1, stride=2)
    yield unfold_case(True, rng, "float16", (1, 30, 40), (4, 5, 40), dilate=2)
    yield unfold_case(False, rng, "bfloat16", (1, 4, 5, 6, 3), (2, 2, 2, 2, 3))
    yield depthwise_case(rng, "float32", (2, 33, 24), (24, 5, 1))
    yield depthwise_case(rng, "bfloat16", (1, 20, 40), (40, 4, 1))
    yield depthwise_case(rng, "float32", (2, 11, 13, 16), (16, 3, 3, 1), pad=1)
    yield depthwise_case(rng, "float16", (1, 12, 17, 32), (32, 5, 3, 1), stride=2)
    yield winograd_case(rng, "float32", (1, 13, 20, 32), 32)
    yield winograd_case(rng, "float16", (2, 12, 12, 32), 64)
