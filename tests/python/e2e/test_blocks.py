# SPDX-License-Identifier: MIT
"""Kernels with products of blocks: matmul, attention, grouped matmul."""
import unittest

import numpy as np
import triton
import triton.language as tl
from data import WARPS, normal, unset

import tmjit
import tmjit.triton


@triton.autotune(configs=[triton.Config({"BM": 32, "BN": 32, "BK": 16, "GROUP": 2}, num_warps=4),
                          triton.Config({"BM": 64, "BN": 16, "BK": 32, "GROUP": 1}, num_warps=2)],
                 key=["M", "N", "K"])
@triton.jit
def matmul_kernel(a, b, c, M, N, K, a_row, a_column, b_row, b_column, c_row, c_column,
                  BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr, GROUP: tl.constexpr,
                  ACTIVATION: tl.constexpr):
    """Programs of GROUP block rows follow each other, for the caches."""
    number, columns = tl.program_id(0), tl.cdiv(N, BN)
    first = number // (GROUP * columns) * GROUP
    rows = min(tl.cdiv(M, BM) - first, GROUP)
    block_m = first + number % (GROUP * columns) % rows
    block_n = number % (GROUP * columns) // rows
    m = (block_m * BM + tl.arange(0, BM)) % M
    n = (block_n * BN + tl.arange(0, BN)) % N
    k = tl.arange(0, BK)
    a_at = a + m[:, None] * a_row + k[None, :] * a_column
    b_at = b + k[:, None] * b_row + n[None, :] * b_column
    total = tl.zeros((BM, BN), tl.float32)
    for step in range(tl.cdiv(K, BK)):
        left = tl.load(a_at, (k < K - step * BK)[None, :], 0.0)
        right = tl.load(b_at, (k < K - step * BK)[:, None], 0.0)
        total = tl.dot(left, right, total)
        a_at += BK * a_column
        b_at += BK * b_row
    if ACTIVATION == "leaky":
        total = tl.where(total >= 0, total, 0.01 * total)
    m, n = block_m * BM + tl.arange(0, BM), block_n * BN + tl.arange(0, BN)
    tl.store(c + m[:, None] * c_row + n[None, :] * c_column, total.to(c.dtype.element_ty),
             (m[:, None] < M) & (n[None, :] < N))


@triton.autotune(configs=[triton.Config({"BLOCK": size}) for size in (256, 16)], key=["n"])
@triton.jit
def turn_kernel(x, out, n, BLOCK: tl.constexpr):
    row, column = tl.program_id(0) * BLOCK, tl.program_id(1) * BLOCK
    i = tl.arange(0, BLOCK)
    tile = tl.load(x + (row + i)[:, None] * n + (column + i)[None, :])
    tl.store(out + (column + i)[:, None] * n + (row + i)[None, :], tl.trans(tile))


@triton.jit
def attention_kernel(q, k, v, out, scale, length, DIM: tl.constexpr, BM: tl.constexpr,
                     BN: tl.constexpr, CAUSAL: tl.constexpr):
    """One pass over the keys: sums so far are scaled when a larger score comes."""
    start, head = tl.program_id(0) * BM, tl.program_id(1) * length * DIM
    m, d = start + tl.arange(0, BM), tl.arange(0, DIM)
    rows = m[:, None] * DIM + d[None, :]
    queries = tl.load(q + head + rows, m[:, None] < length, 0.0)
    largest = tl.full((BM,), -float("inf"), tl.float32)
    weights, sums = tl.zeros((BM,), tl.float32), tl.zeros((BM, DIM), tl.float32)
    end = min(start + BM, length) if CAUSAL else length
    for at in range(0, end, BN):
        n = at + tl.arange(0, BN)
        there = (n < length)[:, None]
        keys = tl.load(k + head + n[:, None] * DIM + d[None, :], there, 0.0)
        score = tl.dot(queries, tl.trans(keys)) * scale
        seen = (n < length)[None, :]
        if CAUSAL:
            seen = seen & (n[None, :] <= m[:, None])
        score = tl.where(seen, score, -float("inf"))
        higher = tl.maximum(largest, tl.max(score, 1))
        power = tl.exp(score - higher[:, None])
        old = tl.exp(largest - higher)
        weights = weights * old + tl.sum(power, 1)
        values = tl.load(v + head + n[:, None] * DIM + d[None, :], there, 0.0)
        sums = tl.dot(power.to(values.dtype), values, sums * old[:, None])
        largest = higher
    tl.store(out + head + rows, (sums / weights[:, None]).to(out.dtype.element_ty),
             m[:, None] < length)


@triton.jit
def grouped_matmul_kernel(table, sizes, count, DTYPE: tl.constexpr, BM: tl.constexpr,
                          BN: tl.constexpr, BK: tl.constexpr):
    """Products of different sizes in one launch: addresses of a, b, c and m, n, k a problem.
    Programs go on to the next tile, of whatever problem it is of."""
    tile, end = tl.program_id(0), 0
    for problem in range(count):
        m, n, k = (tl.load(sizes + 3 * problem), tl.load(sizes + 3 * problem + 1),
                   tl.load(sizes + 3 * problem + 2))
        columns = tl.cdiv(n, BN)
        tiles = tl.cdiv(m, BM) * columns
        while tile >= end and tile < end + tiles:
            a = tl.load(table + 3 * problem).to(tl.pointer_type(DTYPE))
            b = tl.load(table + 3 * problem + 1).to(tl.pointer_type(DTYPE))
            c = tl.load(table + 3 * problem + 2).to(tl.pointer_type(DTYPE))
            i = (tile - end) // columns * BM + tl.arange(0, BM)
            j = (tile - end) % columns * BN + tl.arange(0, BN)
            total = tl.zeros((BM, BN), tl.float32)
            for at in range(0, k, BK):
                l = at + tl.arange(0, BK)
                left = tl.load(a + i[:, None] * k + l[None, :], (i < m)[:, None] & (l < k), 0.0)
                right = tl.load(b + l[:, None] * n + j[None, :], (l < k)[:, None] & (j < n), 0.0)
                total += tl.dot(left, right)
            tl.store(c + i[:, None] * n + j[None, :], total.to(DTYPE), (i < m)[:, None] & (j < n))
            tile += tl.num_programs(0)
        end += tiles


def attention_reference(q, k, v, scale, causal):
    q, k, v = (each.astype(np.float64) for each in (q, k, v))
    score = q @ k.transpose(0, 2, 1) * scale
    if causal:
        score = np.where(np.tri(score.shape[1], dtype=bool), score, -np.inf)
    power = np.exp(score - score.max(2, keepdims=True))
    return power / power.sum(2, keepdims=True) @ v


class Blocks(unittest.TestCase):
    def matmul(self, m, n, k, dtype, is_transposed=False, activation=""):
        """a @ b, with b as it lies or as the transposed of what lies there."""
        a = normal(21, m, k, dtype=dtype)
        b = normal(22, n, k, dtype=dtype).T if is_transposed else normal(22, k, n, dtype=dtype)
        out = unset(m, n, dtype=dtype)
        lies = b.T if is_transposed else b
        strides = [step // a.itemsize for step in (*a.strides, *b.strides, *out.strides)]
        matmul_kernel[lambda meta: (triton.cdiv(m, meta["BM"]) * triton.cdiv(n, meta["BN"]),)](
            a, lies, out, m, n, k, *strides, ACTIVATION=activation)
        wanted = a.astype(np.float64) @ b.astype(np.float64)
        if activation:
            wanted = np.where(wanted >= 0, wanted, 0.01 * wanted)
        close = {"rtol": 1e-4, "atol": 1e-4} if dtype == np.float32 else {"rtol": 2e-3,
                                                                          "atol": 2e-2}
        np.testing.assert_allclose(out.astype(np.float64), wanted, **close)

    def test_matmul_tuned(self):
        self.matmul(128, 96, 64, np.float32)
        self.matmul(67, 45, 33, np.float32, activation="leaky")
        self.matmul(64, 64, 128, np.float16, is_transposed=True)
        self.assertEqual(len(matmul_kernel.cache), 3)

    def test_too_large(self):
        """256 columns do not fit the threadgroup memory: tuning goes on without them."""
        x = normal(26, 256, 256)
        out = unset(256, 256)
        turn_kernel[lambda meta: (256 // meta["BLOCK"], 256 // meta["BLOCK"])](x, out, 256)
        np.testing.assert_array_equal(out, x.T)
        (config,) = turn_kernel.cache.values()
        self.assertEqual(config.kwargs["BLOCK"], 16)

    def test_grouped_matmul(self):
        sizes = ((33, 20, 17), (64, 64, 64), (1, 70, 5), (40, 16, 100))
        for dtype, kind in ((np.float32, tl.float32), (np.float16, tl.float16)):
            for options in WARPS:
                groups = [(normal(27, m, k, dtype=dtype), normal(28, k, n, dtype=dtype),
                           unset(m, n, dtype=dtype)) for m, n, k in sizes]
                table = np.array([[each.ctypes.data for each in group] for group in groups],
                                 np.int64)
                launch = lambda: grouped_matmul_kernel[(3,)](
                    table, np.array(sizes, np.int32), len(sizes), kind, BM=32, BN=16, BK=16,
                    **options)
                with tmjit.triton.resident(*(each for group in groups for each in group)):
                    launch()
                for a, b, c in groups:
                    wanted = a.astype(np.float64) @ b.astype(np.float64)
                    np.testing.assert_allclose(c.astype(np.float64), wanted, rtol=2e-3, atol=2e-2)
                with tmjit.triton.resident(*groups[0][:2]), \
                        self.assertRaisesRegex(tmjit.BoundsError, "of no buffer of this launch"):
                    launch()

    def test_attention(self):
        heads, length, dim = 2, 75, 32
        for dtype, close in ((np.float32, 2e-5), (np.float16, 3e-3)):
            q, k, v = (normal(seed, heads, length, dim, dtype=dtype) for seed in (23, 24, 25))
            for causal in (False, True):
                wanted = attention_reference(q, k, v, dim ** -0.5, causal)
                for options in WARPS[:2]:
                    out = unset(heads, length, dim, dtype=dtype)
                    attention_kernel[(triton.cdiv(length, 32), heads)](
                        q, k, v, out, dim ** -0.5, length, DIM=dim, BM=32, BN=16,
                        CAUSAL=causal, **options)
                    np.testing.assert_allclose(out.astype(np.float64), wanted, rtol=close,
                                               atol=close)


if __name__ == "__main__":
    unittest.main()
