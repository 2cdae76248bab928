# SPDX-License-Identifier: MIT
"""Attention, as MLX's scaled_dot_product_attention.cpp launches it: one query a threadgroup,
the same in two passes over blocks of keys, and the tiled kernel; with grouped heads, causal,
boolean and additive masks, and sinks."""
import struct

import numpy as np

from case import (HALF_ULP, Case, Expect, Launch, f32, i32, load, parts, random, store, strides,
                  u64, zeros)

SPELLING = {"float32": "float", "float16": "float16_t", "bfloat16": "bfloat16_t"}


def attention(q, k, v, scale, causal, mask, sinks):
    """q: (batch, heads, queries, size); k and v have heads / group heads."""
    group = q.shape[1] // k.shape[1]
    k, v = np.repeat(k, group, 1), np.repeat(v, group, 1)
    score = scale * np.matmul(q, k.swapaxes(2, 3))
    if causal:
        rows, columns = score.shape[2:]
        late = np.arange(columns)[None, :] > np.arange(rows)[:, None] + columns - rows
        score = np.where(late, -np.inf, score)
    if mask is not None:
        score = np.where(mask, score, -np.inf) if mask.dtype == bool else score + mask
    top = score.max(-1, keepdims=True)
    if sinks is not None:
        top = np.maximum(top, sinks[None, :, None, None])
    weight = np.exp(score - top)
    total = weight.sum(-1, keepdims=True)
    if sinks is not None:
        total = total + np.exp(sinks[None, :, None, None] - top)
    return np.matmul(weight / total, v)


class Problem:
    """Random inputs, what must come out, and the arguments that all kernels share."""

    def __init__(self, rng, type_name, shape, key_heads, keys, values=None, causal=False,
                 mask=None, sinks=False):
        self.type, self.shape, self.keys, self.causal = type_name, shape, keys, causal
        batch, heads, queries, size = shape
        self.values, self.key_heads = values or size, key_heads
        self.scale = f32(size**-0.5)
        self.buffers = {
            "q": random(rng, shape, type_name),
            "k": random(rng, (batch, key_heads, keys, size), type_name),
            "v": random(rng, (batch, key_heads, keys, self.values), type_name)}
        full, wide = (batch, heads, queries, keys), None
        self.mask, self.sinks = mask, sinks
        if mask == "bool":
            wide = self.buffers["mask"] = rng.random(full) < 0.7
            wide[..., 0] = True
        elif mask == "float":
            self.buffers["mask"] = random(rng, full, type_name, -3, 3)
            wide = load(self.buffers["mask"], type_name)
        if sinks:
            self.buffers["sinks"] = random(rng, heads, type_name, -1, 2)
        q, k, v = (load(self.buffers[name], type_name) for name in "qkv")
        self.want = attention(q, k, v, float(self.scale[0]), causal, wide,
                              load(self.buffers["sinks"], type_name) if sinks else None)
        self.buffers["y"] = zeros(self.want.shape, type_name)

    def case(self, launches, extra=()):
        ulp = HALF_ULP[self.type]
        text = " ".join(str(x) for x in (
            launches[0].kernel, list(self.shape), self.keys, "causal" * self.causal,
            self.mask or "", "sinks" * self.sinks) if x)
        return Case("attention", text, {**self.buffers, **dict(extra)}, launches,
                    [Expect("y", store(self.want, self.type), self.type,
                            rtol=4 * ulp + 2e-5, atol=2 * ulp + 2e-6)])

    def vector_constants(self):
        return {20: self.mask is not None, 21: False, 22: self.causal, 23: self.mask == "bool",
                24: self.mask == "float", 25: self.sinks}

    def vector_args(self, first, mask_at):
        """Arguments from N on, the mask's from `mask_at` on."""
        size = self.shape[3]
        args = {0: "q", 1: "k", 2: "v", first: i32(self.keys),
                first + 1: u64(self.key_step(size)), first + 2: u64(size),
                first + 3: u64(self.key_step(self.values)), first + 4: u64(self.values),
                first + 5: self.scale}
        if self.mask:
            args[mask_at + (self.mask == "float")] = "mask"
            args.update({mask_at + 2: i32(1), mask_at + 3: i32(self.keys),
                         mask_at + 4: i32(self.keys * self.shape[2])})
        if self.sinks:
            args[mask_at + 5] = "sinks"
        return args

    def key_step(self, size):
        return self.keys * size


def vector_case(*args, **more):
    p = Problem(*args, **more)
    batch, heads, queries, size = p.shape
    kernel = f"sdpa_vector_{SPELLING[p.type]}_{size}_{p.values}"
    bound = {**p.vector_args(5, 11), 3: "y", 4: i32(heads // p.key_heads)}
    if p.sinks:
        bound[17] = i32(heads)
    return p.case([Launch(kernel, (1024, 1, 1), bound, groups=(batch * heads, queries, 1),
                          constants=p.vector_constants())])


def two_pass_case(*args, form="", tail="", blocks=32, **more):
    """form: "_gqa_8" for eight heads a key head and one query; tail: "_tk1" where keys are
    fetched one by one."""
    p = Problem(*args, **more)
    batch, heads, queries, size = p.shape
    group, lines = heads // p.key_heads, batch * heads * queries
    kernel = f"sdpa_vector_2pass_1{form}_{SPELLING[p.type]}_{size}_{p.values}{tail}"
    bound = {**p.vector_args(7, 13), 3: "t", 4: "sums", 5: "maxs"}
    extra = {"t": zeros((lines, blocks, p.values), p.type),
             "sums": zeros((lines, blocks), "float32"),
             "maxs": zeros((lines, blocks), "float32")}
    return p.case([
        Launch(kernel, (32, group, queries), bound, groups=(p.key_heads, batch, blocks),
               constants={**p.vector_constants(), 26: blocks}),
        Launch(f"sdpa_vector_2pass_2_{SPELLING[p.type]}_{p.values}", (1024, 1, 1),
               {0: "t", 1: "sums", 2: "maxs", 3: "y", 4: i32(blocks)},
               groups=(batch * heads, queries, 1))], extra)


def tiled_case(*args, **more):
    p = Problem(*args, **more)
    batch, heads, queries, size = p.shape
    bq, bk = 32, 32 if size < 128 else 16
    columns = 2 if size == 256 else 1
    mask_type = "bool_" if p.mask == "bool" else p.type
    kernel = (f"steel_attention_{p.type}_bq{bq}_bk{bk}_bd{size}_bv{p.values}_wm4_wn{columns}_"
              f"mask{mask_type}")
    steps = [s for name in "qkvy" for s in strides(p.buffers[name])[:3]]
    params = struct.pack(
        "<6if7i12q", batch, heads, size, queries, p.keys, heads // p.key_heads,
        float(p.scale[0]), parts(queries, bq), parts(p.keys, bk), queries // bq, p.keys // bk,
        queries % bq, p.keys % bk, p.keys - queries, *steps)
    bound = {0: "q", 1: "k", 2: "v", 3: "y", 4: np.frombuffer(params, np.uint8)}
    if p.mask:
        bound.update({5: np.array(strides(p.buffers["mask"])[:3], np.int64), 6: "mask"})
    if p.sinks:
        bound[7] = "sinks"
    return p.case([Launch(kernel, (32, 4, columns), bound,
                          groups=(parts(queries, bq), heads, batch),
                          constants={200: queries % bq == 0, 201: p.keys % bk == 0,
                                     300: p.mask is not None, 301: p.causal, 302: p.sinks,
                                     303: False})])


def cases():
    rng = np.random.default_rng(50)
    yield vector_case(rng, "float32", (1, 4, 1, 64), 4, 100)
    yield vector_case(rng, "float32", (2, 4, 3, 64), 2, 77, causal=True)
    yield vector_case(rng, "float16", (1, 4, 2, 128), 2, 60, mask="bool")
    yield vector_case(rng, "bfloat16", (2, 2, 2, 96), 1, 50, mask="float")
    yield vector_case(rng, "float32", (1, 4, 1, 192), 4, 65, values=128, sinks=True)
    yield two_pass_case(rng, "float32", (1, 4, 1, 64), 2, 700)
    yield two_pass_case(rng, "float16", (2, 4, 2, 64), 2, 333, causal=True)
    yield two_pass_case(rng, "float32", (1, 2, 2, 128), 1, 300, mask="bool")
    yield two_pass_case(rng, "bfloat16", (1, 4, 1, 96), 4, 200, mask="float", sinks=True)
    yield two_pass_case(rng, "float32", (1, 8, 1, 64), 1, 8192, form="_gqa_8")
    yield two_pass_case(rng, "float32", (1, 2, 1, 192), 1, 140, tail="_tk1")
    yield two_pass_case(rng, "bfloat16", (1, 2, 2, 256), 2, 77, tail="_tk1", causal=True)
    yield tiled_case(rng, "float32", (1, 2, 64, 64), 2, 64)
    yield tiled_case(rng, "float32", (2, 4, 45, 64), 2, 77)
    yield tiled_case(rng, "float32", (1, 2, 70, 128), 1, 70, causal=True)
    yield tiled_case(rng, "float16", (1, 2, 33, 80), 2, 61, mask="bool")
    yield tiled_case(rng, "bfloat16", (1, 4, 40, 128), 2, 50, mask="float")
    yield tiled_case(rng, "float16", (1, 2, 37, 64), 2, 90, causal=True, sinks=True)
    yield tiled_case(rng, "float32", (1, 2, 50, 96), 2, 50, mask="float")
    yield tiled_case(rng, "float32", (1, 1, 40, 256), 1, 40)
