# SPDX-License-Identifier: MIT
"""tmjit: GPU kernels of Apple's AIR, Metal, OpenCL and Triton, run and checked on the CPU.

    lib = tmjit.load("k.metal")
    lib["softmax"].launch(grid, threadgroup, x, y, n)

`import tmjit` is light: every `import triton` does it. The C library is opened by first use.
"""
from typing import TYPE_CHECKING, Any

from .errors import (BoundsError, CancelledError, DivergedError, Error, InternalError,
                     InvalidError, MalformedError, MemoryError, MismatchError, NotFoundError,
                     PendingError, TimeoutError, TrapError, UnsupportedError)

if TYPE_CHECKING:
    from .arrays import Strided as strided
    from .doctor import check_environment
    from .kernels import Argument, Kernel, Library, load, load_memory, load_source
    from .mlx import mlx_source

__version__ = "0.1.0"
_LAZY = {"load": "kernels", "load_memory": "kernels", "load_source": "kernels",
         "Library": "kernels", "Kernel": "kernels", "Argument": "kernels",
         "check_environment": "doctor", "mlx_source": "mlx"}
_RENAMED = {"strided": ("arrays", "Strided")}
__all__ = [*_LAZY, *_RENAMED, "BoundsError", "CancelledError", "DivergedError", "Error",
           "InternalError",
           "InvalidError", "MalformedError", "MemoryError", "MismatchError", "NotFoundError",
           "PendingError", "TimeoutError", "TrapError", "UnsupportedError"]


def __getattr__(name: str) -> Any:
    """Names of the modules that are imported by first use."""
    module, attribute = _RENAMED.get(name, (_LAZY.get(name), name))
    if module is None:
        raise AttributeError(f"module 'tmjit' has no attribute '{name}'")
    import importlib
    return getattr(importlib.import_module(f"tmjit.{module}"), attribute)
