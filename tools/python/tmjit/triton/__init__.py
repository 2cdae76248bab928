# SPDX-License-Identifier: MIT
"""tmjit as a back end of Triton, found by the entry point `triton.backends`.

A program is a threadgroup of 32 * num_warps threads; tensors are CPU tensors of torch. The
driver is active when TMJIT_DEVICE=sim asks for it, when no GPU is there, or after `activate()`.
"""
from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pointers import Pointer


def activate() -> None:
    """Makes tmjit the driver of this process, whatever else is there."""
    from triton.runtime import driver

    from .driver import TmjitDriver
    driver.set_active(TmjitDriver())


def pointer(array: Any) -> Pointer:
    """An array of numpy, MLX or others with what Triton's host code asks of a tensor; for
    `TensorDescriptor.from_tensor`. As arguments of a kernel arrays need it not."""
    from . import pointers
    return pointers.Pointer(array)


def resident(*arrays: Any) -> AbstractContextManager[None]:
    """A context: while it lasts, kernels that this thread launches reach the memory of these
    arrays by addresses that are stored in others. Tensors of torch need it not."""
    from .addresses import resident as make
    return make(*arrays)
