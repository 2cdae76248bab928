#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The polynomials of erf in ir/ttir/lower_arith.c: fits them and prints the largest error.

Below the seam erf(x) = x + x p(x^2); above it 1 - exp(q(x)), q a fit of log(erfc). Least squares
on Chebyshev nodes, reweighted towards equal errors (Lawson's algorithm).
"""
import math

import numpy as np

SEAM = 0.921875


def nodes(low, high, count=4000):
    k = np.arange(count)
    return (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (k + 0.5) / count)


def fit(x, wanted, powers, scale):
    """Coefficients of x**powers; `scale` turns a difference into an error."""
    matrix = np.stack([x**p for p in powers], 1)
    weight = np.ones_like(x)
    best, best_error = None, np.inf
    for _ in range(400):
        root = np.sqrt(weight)[:, None]
        found = np.linalg.lstsq(matrix * scale[:, None] * root, wanted * scale * root[:, 0], rcond=None)[0]
        error = np.abs((matrix @ found - wanted) * scale)
        if error.max() < best_error:
            best, best_error = found, error.max()
        weight *= error / error.max() + 1e-9
        weight /= weight.sum()
    return best, best_error


def small():
    x = nodes(1e-3, SEAM)
    erf = np.vectorize(math.erf)(x)
    return fit(x * x, erf / x - 1, range(6), x / erf)


def large():
    x = nodes(SEAM, 4.0)
    erfc = np.vectorize(math.erfc)(x)
    return fit(x, np.log(erfc) + x, range(1, 8), erfc)


def evaluate(x, p, q):
    """As the kernel does, in floats."""
    f = np.float32
    size, square = np.abs(x), (x * x).astype(f)
    s = np.full_like(x, f(p[-1]))
    for c in p[-2::-1]:
        s = np.float32(np.float64(s) * square + np.float64(f(c)))
    low = np.float32(np.float64(s) * x + x)
    t = np.full_like(x, f(q[-1]))
    for c in q[-2::-1]:
        t = np.float32(np.float64(t) * size + np.float64(f(c)))
    t = np.float32(np.float64(t) * size - size)
    high = np.copysign(f(1) - np.exp(t).astype(f), x)
    return np.where(size > f(SEAM), high, low)


if __name__ == "__main__":
    p, p_error = small()
    q, q_error = large()
    print("series  ", ", ".join(f"{c:.8e}" for c in p[::-1]), f"error {p_error:.1e}")
    print("log_erfc", ", ".join(f"{c:.8e}" for c in q[::-1]), f"error {q_error:.1e}")
    x = np.linspace(-5, 5, 400001).astype(np.float32)
    want = np.vectorize(math.erf)(x.astype(np.float64))
    got = evaluate(x, p, q)
    ulp = np.abs(got - want) / np.spacing(np.abs(want).astype(np.float32))
    print(f"largest error {ulp.max():.2f} ulp at {x[ulp.argmax()]}")
