#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The polynomial of exp(x^2) erfc(x) in ir/ttir/lower_composed.c: fits it and prints its error.

For x >= 0 it is p(t) / (1 + 2 x), t = 1 - 6 / (x + 3), which takes the half line to [-1, 1]. Least
squares on Chebyshev nodes in mpmath's numbers, reweighted towards equal errors (Lawson's algorithm).
"""
import mpmath as mp
import numpy as np

DEGREE, NODES = 11, 600


def wanted(t):
    """(1 + 2 x) exp(x^2) erfc(x); far out its asymptotic series."""
    x = 3 * (1 + mp.mpf(t)) / (1 - mp.mpf(t))
    if x < 25:
        return float(mp.exp(x * x) * mp.erfc(x) * (1 + 2 * x))
    series = 1 - 1 / (2 * x**2) + 3 / (4 * x**4) - 15 / (8 * x**6)
    return float(series / (x * mp.sqrt(mp.pi)) * (1 + 2 * x))


def main():
    t = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
    matrix = np.polynomial.chebyshev.chebvander(t, DEGREE) / np.array([wanted(v) for v in t])[:, None]
    weight, best, found = np.ones(NODES), np.inf, None
    for _ in range(300):
        root = np.sqrt(weight)[:, None]
        terms = np.linalg.lstsq(matrix * root, root[:, 0], rcond=None)[0]
        error = np.abs(matrix @ terms - 1)
        if error.max() < best:
            best, found = error.max(), terms
        weight *= error / error.max() + 1e-9
        weight /= weight.sum()
    powers = np.polynomial.chebyshev.cheb2poly(found)
    print(", ".join(f"{c:.9e}" for c in powers[::-1]), f"error {best:.1e}")


if __name__ == "__main__":
    main()
