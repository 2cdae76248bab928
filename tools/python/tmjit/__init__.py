# SPDX-License-Identifier: MIT
"""tmjit: GPU kernels of Apple's AIR, Metal, OpenCL and Triton, run and checked on the CPU.

`import tmjit` is light: every `import triton` does it. The C library is opened by first use.
"""
from .errors import (BoundsError, CancelledError, DivergedError, Error, InternalError,
                     InvalidError, MalformedError, MemoryError, MismatchError, NotFoundError,
                     PendingError, TimeoutError, TrapError, UnsupportedError)

__version__ = "0.1.0"
__all__ = ["BoundsError", "CancelledError", "DivergedError", "Error", "InternalError",
           "InvalidError", "MalformedError", "MemoryError", "MismatchError", "NotFoundError",
           "PendingError", "TimeoutError", "TrapError", "UnsupportedError"]
