# SPDX-License-Identifier: MIT
"""Triton's kernels of several suites and of tools/bench/python.py."""
import triton
import triton.language as tl


@triton.jit
def add_kernel(x, y, out, n, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = i < n
    tl.store(out + i, tl.load(x + i, mask) + tl.load(y + i, mask), mask)


@triton.jit
def softmax_kernel(x, out, stride, n, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    row = tl.load(x + tl.program_id(0) * stride + i, i < n, float("-inf"))
    power = tl.exp(row - tl.max(row, 0))
    tl.store(out + tl.program_id(0) * stride + i, power / tl.sum(power, 0), i < n)


@triton.jit
def matmul_kernel(a, b, c, M, N, K, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr,
                  IS_EVEN: tl.constexpr = False):
    m = tl.program_id(0) * BM + tl.arange(0, BM)
    n = tl.program_id(1) * BN + tl.arange(0, BN)
    k = tl.arange(0, BK)
    sums = tl.zeros((BM, BN), tl.float32)
    for at in range(0, K, BK):
        left, right = a + m[:, None] * K + (at + k)[None, :], b + (at + k)[:, None] * N + n[None, :]
        if IS_EVEN:
            sums = tl.dot(tl.load(left), tl.load(right), sums)
        else:
            there = at + k < K
            sums = tl.dot(tl.load(left, (m[:, None] < M) & there[None, :], 0.0),
                          tl.load(right, there[:, None] & (n[None, :] < N), 0.0), sums)
    if IS_EVEN:
        tl.store(c + m[:, None] * N + n[None, :], sums)
    else:
        tl.store(c + m[:, None] * N + n[None, :], sums, (m[:, None] < M) & (n[None, :] < N))


@triton.jit
def descriptor_kernel(x, out, M: tl.constexpr, N: tl.constexpr):
    tile = x.load([tl.program_id(0) * M, 0])
    out.store([tl.program_id(0) * M, 0], tile * 2)
