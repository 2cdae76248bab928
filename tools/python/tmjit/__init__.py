# SPDX-License-Identifier: MIT
"""tmjit: GPU kernels of Apple's AIR, Metal, OpenCL and Triton, run and checked on the CPU.

    lib = tmjit.load("k.metal")
    lib["softmax"].launch(grid, threadgroup, x, y, n)

`import tmjit` is light: every `import triton` does it. The C library is opened by first use.
"""
from typing import TYPE_CHECKING

from .errors import (BoundsError, CancelledError, DivergedError, Error, InternalError,
                     InvalidError, MalformedError, MemoryError, MismatchError, NotFoundError,
                     PendingError, TimeoutError, TrapError, UnsupportedError)

if TYPE_CHECKING:
    from .arrays import Strided as strided
    from .doctor import Check, check_environment
    from .kernels import Argument, Constant, Field, Kernel, Library, load, load_memory, load_source
    from .mlx import mlx_source

__version__ = "0.1.0"
__all__ = ["Argument", "BoundsError", "CancelledError", "Check", "Constant", "DivergedError",
           "Error", "Field", "InternalError", "InvalidError", "Kernel", "Library",
           "MalformedError", "MemoryError", "MismatchError", "NotFoundError", "PendingError",
           "TimeoutError", "TrapError", "UnsupportedError", "check_environment", "load",
           "load_memory", "load_source", "mlx_source", "strided"]
_LAZY = {"load": "kernels", "load_memory": "kernels", "load_source": "kernels",
         "Library": "kernels", "Kernel": "kernels", "Argument": "kernels", "Field": "kernels",
         "Constant": "kernels", "Check": "doctor", "check_environment": "doctor",
         "mlx_source": "mlx", "strided": "arrays"}
_RENAMED = {"strided": "Strided"}

if not TYPE_CHECKING:  # to a type checker other names are errors
    def __getattr__(name):
        """Names of the modules that are imported by first use."""
        if name not in _LAZY:
            raise AttributeError(f"module 'tmjit' has no attribute '{name}'")
        import importlib
        return getattr(importlib.import_module(f"tmjit.{_LAZY[name]}"), _RENAMED.get(name, name))

    def __dir__():
        return sorted({*globals(), *__all__})
