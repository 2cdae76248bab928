# SPDX-License-Identifier: MIT
"""Gradients of attention, tile by tile, and the parts of attention over blocks of queries.

MLX's host code for them is in no public source: arguments are those of the kernels, threads one
an element, and a SIMD-group a row for the sums.
"""
import struct

import numpy as np

from case import (HALF_ULP, Case, Expect, Launch, f32, i32, i64, load, random, store, strides,
                  zeros)

SPELLING = {"float32": "float", "float16": "float16_t", "bfloat16": "bfloat16_t"}


def held_in(buffer, want, type_name, slack=0.0):
    return Expect(buffer, store(want, type_name), type_name, slack, slack)


def products_case(rng, type_name, batch, rows, size):
    """odo: a row of the output times the same row of its gradient."""
    o, cot = (random(rng, (batch, rows, size), type_name) for _ in range(2))
    want = (load(o, type_name) * load(cot, type_name)).sum(-1)
    kernel = f"sdpa_vjp_odo_{SPELLING[type_name]}_{size}"
    return Case("attention", f"{kernel} {batch}x{rows}",
                {"o": o, "c": cot, "y": zeros(want.shape, "float32")},
                [Launch(kernel, (32, 4, 1), {0: "o", 1: "c", 2: "y", 3: i32(rows)},
                        (32, rows, batch))],
                [held_in("y", want, "float32", 2e-6)])


def tile_case(rng, type_name, batch, queries, tile, at, causal=False):
    """From scores and gradients of weights to weights and gradients of scores, in a tile of
    `tile` (rows, columns) at `at`; a row whose sum is zero has no weights."""
    (rows, columns), (first, left) = tile, at
    scale = 0.25
    s, dp = (random(rng, (batch, *tile), type_name, -3, 3) for _ in range(2))
    lse = random(rng, (batch, queries), "float32", 0, 2)
    lse[:, first + 1] = -np.inf
    odo = random(rng, (batch, queries), "float32")
    shift = 3  # how far keys reach behind queries
    held = slice(first, first + rows)
    line, column = np.arange(rows)[:, None] + first, np.arange(columns)[None, :] + left
    seen = (column <= line + shift) | (not causal)
    with np.errstate(over="ignore"):
        p = np.exp(load(s, type_name) * scale - lse[:, held, None])
    p = np.where(seen & np.isfinite(lse[:, held, None]), p, 0)
    ds = scale * p * (load(dp, type_name) - odo[:, held, None])
    kernel = f"sdpa_vjp_ds_{SPELLING[type_name]}"
    values = np.frombuffer(struct.pack("<5ifii", rows, columns, queries, first, left, scale,
                                       shift, causal), np.uint8)
    slack = 4 * HALF_ULP[type_name] + 4e-6
    return Case("attention", f"{kernel} {batch}x{tile} at {at} {'causal' * causal}",
                {"s": s, "g": dp, "l": lse, "o": odo, "d": zeros(s.shape, type_name),
                 "p": zeros(s.shape, type_name)},
                [Launch(kernel, (32, 8, 1), {0: "s", 1: "g", 2: "l", 3: "o", 4: "d", 5: "p",
                                             6: values}, (columns, rows, batch))],
                [held_in("d", ds, type_name, slack), held_in("p", p, type_name, slack)])


def sum_case(rng, type_name, batch, group, rows, size, first):
    """Of the heads that share keys: set, then added to, rows of a longer array."""
    longer = first + rows + 2
    one, two = (random(rng, (batch * group, rows, size), type_name) for _ in range(2))
    shape = (batch, longer, size)
    want = np.zeros(shape)
    held = slice(first, first + rows)
    sums = [load(x, type_name).reshape(batch, group, rows, size).sum(1) for x in (one, two)]
    want[:, held] = sums[0] + sums[1]
    name = SPELLING[type_name]
    values = {3: i32(rows), 4: i32(size), 5: i32(group), 6: i32(longer), 7: i32(first)}
    return Case("attention", f"sdpa_vjp_reduce_{name} {batch}x{group}x{rows}x{size}",
                {"a": one, "b": two, "t": zeros(shape, "float32"),
                 "y": zeros(shape, type_name)},
                [Launch(f"sdpa_vjp_reduce_{how}_{name}", (32, 4, 1),
                        {0: source, 1: "t", 2: "y", **values}, (size, rows, batch))
                 for how, source in (("set", "a"), ("add", "b"))],
                [held_in("t", want, "float32", 2e-6),
                 held_in("y", want, type_name, 2 * HALF_ULP[type_name] + 2e-6)])


def block_case(rng, type_name, batch, heads, rows, queries, size, first):
    """Rows of queries, scaled, out of an array whose heads lie between its rows."""
    q = random(rng, (batch, queries, heads, size), type_name).transpose(0, 2, 1, 3)
    scale = f32(0.37)
    kernel = f"sdpa_blocked_scale_copy_{type_name}"
    factor = load(store(scale, type_name), type_name)
    want = load(q[:, :, first:first + rows], type_name) * factor
    return Case("attention", f"{kernel} {batch}x{heads}x{rows}x{size}",
                {"q": q.transpose(0, 2, 1, 3), "y": zeros(want.shape, type_name)},
                [Launch(kernel, (32, 4, 2),
                        {0: "q", 1: "y", 2: scale, 3: i64(*strides(q)[:3]), 4: i32(heads),
                         5: i32(rows), 6: i32(size), 7: i32(first)},
                        (size, rows, batch * heads))],
                [held_in("y", want, type_name)])


def mask_case(rng, type_name, tiles, rows, columns):
    """The last square of every tile's scores: its upper half becomes the least number."""
    scores = random(rng, (tiles, rows, columns), type_name)
    least = -65504.0 if type_name == "float16" else load(np.uint16([0xFF7F]), "bfloat16")[0]
    want = load(scores, type_name).copy()
    want[:, :, columns - rows:][:, np.triu(np.ones((rows, rows), bool), 1)] = least
    kernel = f"sdpa_blocked_causal_mask_{type_name}"
    return Case("attention", f"{kernel} {tiles}x{rows}x{columns}", {"s": scores},
                [Launch(kernel, (32, 8, 1), {0: "s", 1: i32(rows), 2: i32(columns)},
                        (rows, tiles * rows, 1))],
                [held_in("s", want, type_name)])


def cases():
    rng = np.random.default_rng(110)
    for type_name, size in (("float32", 64), ("float16", 72), ("bfloat16", 128),
                            ("float32", 512)):
        yield products_case(rng, type_name, 3, 37, size)
    yield tile_case(rng, "float32", 2, 70, (32, 48), (16, 0))
    yield tile_case(rng, "float16", 3, 70, (33, 41), (16, 8), causal=True)
    yield tile_case(rng, "bfloat16", 2, 50, (32, 32), (18, 16), causal=True)
    for type_name in SPELLING:
        yield sum_case(rng, type_name, 2, 3, 21, 64, 5)
    for type_name in ("float16", "bfloat16"):
        yield block_case(rng, type_name, 2, 3, 16, 40, 80, 11)
        yield mask_case(rng, type_name, 3, 24, 61)
