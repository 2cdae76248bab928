# SPDX-License-Identifier: MIT
"""Kernels with a row a program: sums, norms, losses."""
import unittest

import numpy as np
import triton
import triton.language as tl
from data import WARPS, normal, unset

CLOSE = {"rtol": 2e-5, "atol": 2e-6}


@triton.jit
def add_kernel(x, y, out, n, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = i < n
    tl.store(out + i, tl.load(x + i, mask) + tl.load(y + i, mask), mask)


@triton.jit
def softmax_kernel(x, out, stride, rows, columns, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    mask = i < columns
    for row in tl.range(tl.program_id(0), rows, tl.num_programs(0), num_stages=2):
        value = tl.load(x + row * stride + i, mask, -float("inf"))
        power = tl.exp(value - tl.max(value, axis=0))
        tl.store(out + row * stride + i, power / tl.sum(power, axis=0), mask)


@triton.jit
def norm_forward(x, y, weight, bias, means, inverses, n, eps, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    total = tl.zeros((BLOCK,), tl.float32)
    for at in range(0, n, BLOCK):
        i = at + tl.arange(0, BLOCK)
        total += tl.load(x + row * n + i, i < n, 0.0)
    mean = tl.sum(total, 0) / n
    total = tl.zeros((BLOCK,), tl.float32)
    for at in range(0, n, BLOCK):
        i = at + tl.arange(0, BLOCK)
        apart = tl.where(i < n, tl.load(x + row * n + i, i < n, 0.0) - mean, 0.0)
        total += apart * apart
    inverse = 1 / tl.sqrt(tl.sum(total, 0) / n + eps)
    tl.store(means + row, mean)
    tl.store(inverses + row, inverse)
    for at in range(0, n, BLOCK):
        i = at + tl.arange(0, BLOCK)
        unit = (tl.load(x + row * n + i, i < n, 0.0) - mean) * inverse
        tl.store(y + row * n + i, unit * tl.load(weight + i, i < n) + tl.load(bias + i, i < n),
                 i < n)


@triton.jit
def norm_backward(dx, dy, dw, db, x, weight, means, inverses, locks, n, GROUPS: tl.constexpr,
                  BLOCK: tl.constexpr):
    """Rows of a group add to the same sums, one at a time: a lock each and whether it is new."""
    row = tl.program_id(0)
    i = tl.arange(0, BLOCK)
    mask = i < n
    mean, inverse = tl.load(means + row), tl.load(inverses + row)
    unit = tl.where(mask, (tl.load(x + row * n + i, mask, 0.0) - mean) * inverse, 0.0)
    change = tl.load(dy + row * n + i, mask, 0.0)
    scaled = tl.load(weight + i, mask, 0.0) * change
    along = tl.sum(unit * scaled, 0) / n
    tl.store(dx + row * n + i, (scaled - (unit * along + tl.sum(scaled, 0) / n)) * inverse, mask)
    group = row % GROUPS
    lock, count = locks + group, locks + GROUPS + group
    add_w, add_b = change * unit, change
    while tl.atomic_cas(lock, 0, 1) == 1:
        pass
    if tl.load(count) == 0:
        tl.atomic_xchg(count, 1)
    else:
        add_w += tl.load(dw + group * n + i, mask)
        add_b += tl.load(db + group * n + i, mask)
    tl.store(dw + group * n + i, add_w, mask)
    tl.store(db + group * n + i, add_b, mask)
    tl.debug_barrier()
    tl.atomic_xchg(lock, 0)


@triton.jit
def norm_total(parts, out, n, GROUPS: tl.constexpr, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    g = tl.arange(0, GROUPS)
    part = tl.load(parts + g[:, None] * n + i[None, :], (i < n)[None, :], 0.0)
    tl.store(out + i, tl.sum(part, 0), i < n)


@triton.jit
def cross_entropy_kernel(logits, targets, losses, changes, n, ignored, smoothing,
                         BLOCK: tl.constexpr):
    row = tl.program_id(0)
    target = tl.load(targets + row)
    logits += row * n
    changes += row * n
    if target == ignored:
        for at in range(0, n, BLOCK):
            i = at + tl.arange(0, BLOCK)
            tl.store(changes + i, 0.0, i < n)
        tl.store(losses + row, 0.0)
        return
    largest, total, plain = -float("inf"), 0.0, 0.0
    for at in range(0, n, BLOCK):
        i = at + tl.arange(0, BLOCK)
        value = tl.load(logits + i, i < n, -float("inf"))
        higher = tl.maximum(largest, tl.max(value, 0))
        total = total * tl.exp(largest - higher) + tl.sum(tl.exp(value - higher), 0)
        plain += tl.sum(tl.where(i < n, value, 0.0), 0)
        largest = higher
    log_sum = largest + tl.log(total)
    tl.store(losses + row, log_sum - (1 - smoothing) * tl.load(logits + target)
             - smoothing * plain / n)
    for at in range(0, n, BLOCK):
        i = at + tl.arange(0, BLOCK)
        share = tl.exp(tl.load(logits + i, i < n, 0.0) - log_sum)
        wanted = tl.where(i == target, 1 - smoothing, 0.0) + smoothing / n
        tl.store(changes + i, share - wanted, i < n)


@triton.jit
def rotate(x, angle_cos, angle_sin, HALF: tl.constexpr):
    """Pairs are halves of the head: (a, b) to (a cos - b sin, b cos + a sin)."""
    a, b = tl.split(tl.trans(tl.reshape(x, (2, HALF))))
    pair = tl.join(a * angle_cos - b * angle_sin, b * angle_cos + a * angle_sin)
    return tl.reshape(tl.trans(pair), (2 * HALF,))


@triton.jit
def norm_rope_kernel(x, weight, cosines, sines, out, heads, eps, HALF: tl.constexpr):
    """A token and head a program: root mean square over the head, then its rotation."""
    token, head = tl.program_id(0), tl.program_id(1)
    i = tl.arange(0, 2 * HALF)
    base = (token * heads + head) * 2 * HALF
    value = tl.load(x + base + i)
    value = value * tl.rsqrt(tl.sum(value * value, 0) / (2 * HALF) + eps) * tl.load(weight + i)
    at = token * HALF + tl.arange(0, HALF)
    tl.store(out + base + i, rotate(value, tl.load(cosines + at), tl.load(sines + at), HALF))


def norm_reference(x, weight, bias, dy, eps=1e-5):
    x, weight, dy = (each.astype(np.float64) for each in (x, weight, dy))
    mean = x.mean(1, keepdims=True)
    inverse = 1 / np.sqrt(x.var(1, keepdims=True) + eps)
    unit = (x - mean) * inverse
    scaled = dy * weight
    dx = (scaled - unit * (unit * scaled).mean(1, keepdims=True)
          - scaled.mean(1, keepdims=True)) * inverse
    return unit * weight + bias, dx, (dy * unit).sum(0), dy.sum(0)


class Rows(unittest.TestCase):
    def test_vector_add(self):
        for options in WARPS:
            for dtype in (np.float32, np.float16, np.int64, np.uint8):
                for n in (1, 1000, 4097):
                    x, y = (normal(seed, n) * 50 for seed in (1, 2))
                    x, y = x.astype(np.int32).astype(dtype), y.astype(np.int32).astype(dtype)
                    out = unset(n, dtype=dtype) if dtype != np.uint8 else x * 0
                    add_kernel[(triton.cdiv(n, 1024),)](x, y, out, n, 1024, **options)
                    np.testing.assert_array_equal(out, x + y, f"{dtype} {n} {options}")

    def test_softmax(self):
        x = normal(3, 37, 781) * 4
        power = np.exp(x.astype(np.float64) - x.max(1, keepdims=True))
        for options in WARPS:
            out = unset(37, 781)
            softmax_kernel[(8,)](x, out, 781, 37, 781, BLOCK=1024, **options)
            np.testing.assert_allclose(out, power / power.sum(1, keepdims=True), **CLOSE)

    def test_layer_norm(self):
        rows, n, groups = 64, 300, 4
        x, dy = normal(4, rows, n) * 2 + 1, normal(5, rows, n)
        weight, bias = normal(6, n), normal(7, n)
        y_ref, dx_ref, dw_ref, db_ref = norm_reference(x, weight, bias, dy)
        for options in WARPS:
            y, means, inverses = unset(rows, n), unset(rows), unset(rows)
            norm_forward[(rows,)](x, y, weight, bias, means, inverses, n, 1e-5, BLOCK=128,
                                  **options)
            np.testing.assert_allclose(y, y_ref, rtol=1e-4, atol=1e-5)
            dx, parts_w, parts_b = unset(rows, n), unset(groups, n), unset(groups, n)
            locks = np.zeros(2 * groups, np.int32)
            norm_backward[(rows,)](dx, dy, parts_w, parts_b, x, weight, means, inverses,
                                   locks, n, GROUPS=groups, BLOCK=512, **options)
            np.testing.assert_array_equal(locks, [0] * groups + [1] * groups)
            np.testing.assert_allclose(dx, dx_ref, rtol=1e-4, atol=1e-5)
            for parts, wanted in ((parts_w, dw_ref), (parts_b, db_ref)):
                out = unset(n)
                norm_total[(triton.cdiv(n, 64),)](parts, out, n, GROUPS=groups, BLOCK=64)
                np.testing.assert_allclose(out, wanted, rtol=1e-4, atol=1e-4)

    def test_cross_entropy(self):
        rows, n, smoothing = 19, 1003, 0.1
        logits = normal(8, rows, n) * 5
        targets = np.random.default_rng(9).integers(0, n, rows)
        targets[3] = -100
        wide = logits.astype(np.float64)
        log_sum = np.log(np.exp(wide - wide.max(1, keepdims=True)).sum(1)) + wide.max(1)
        loss = log_sum - (1 - smoothing) * wide[range(rows), targets] - smoothing * wide.mean(1)
        change = np.exp(wide - log_sum[:, None]) - smoothing / n
        change[range(rows), targets] -= 1 - smoothing
        loss[3], change[3] = 0, 0
        for options in WARPS:
            losses, changes = unset(rows), unset(rows, n)
            cross_entropy_kernel[(rows,)](logits, targets, losses, changes, n, -100,
                                          smoothing, BLOCK=256, **options)
            np.testing.assert_allclose(losses, loss, rtol=1e-4, atol=1e-4)
            np.testing.assert_allclose(changes, change, rtol=1e-4, atol=1e-6)

    def test_norm_and_rotation(self):
        tokens, heads, half, eps = 9, 3, 32, 1e-6
        x, weight = normal(10, tokens, heads, 2 * half), normal(11, 2 * half)
        angle = np.arange(tokens)[:, None] / 10000 ** (np.arange(half) / half)
        unit = x / np.sqrt((x.astype(np.float64) ** 2).mean(2, keepdims=True) + eps) * weight
        a, b = unit[..., :half], unit[..., half:]
        cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
        wanted = np.concatenate((a * cos - b * sin, b * cos + a * sin), 2)
        for options in WARPS:
            out = unset(tokens, heads, 2 * half)
            norm_rope_kernel[(tokens, heads)](
                x, weight, np.cos(angle).astype("f4"), np.sin(angle).astype("f4"), out, heads,
                eps, HALF=half, **options)
            np.testing.assert_allclose(out, wanted, **CLOSE)


if __name__ == "__main__":
    unittest.main()
