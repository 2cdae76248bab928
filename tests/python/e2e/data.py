# SPDX-License-Identifier: MIT
"""Arrays of the suites."""
import numpy as np

WARPS = ({}, {"num_warps": 1}, {"num_warps": 8})  # every kernel runs with each


def unset(*shape, dtype=np.float32):
    """Memory that no kernel has written yet, and that shows it."""
    out = np.empty(shape, dtype)
    out.fill(np.nan if np.dtype(dtype).kind == "f" else -77)
    return out


def normal(seed, *shape, dtype=np.float32):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)
