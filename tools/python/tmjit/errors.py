# SPDX-License-Identifier: MIT
"""Exceptions: one class per status of libtmjit, all of them `Error`."""
from __future__ import annotations

import builtins
from typing import Any


class Error(RuntimeError):
    """What tmjit refused or found, and where, as far as known: the rest is None or 0.

    `rendered` is the whole text for a person, with the place and a caret.
    """

    def __init__(self, message: str, rendered: str | None = None, file: str | None = None,
                 line: int = 0, column: int = 0, kernel: str | None = None) -> None:
        super().__init__((rendered or message).rstrip("\n"))
        self.message = message
        self.rendered = rendered or message
        self.file = file
        self.line = line
        self.column = column
        self.kernel = kernel

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.rendered, self.file, self.line, self.column,
                            self.kernel)


class InvalidError(Error, ValueError):
    """An argument of a call is not acceptable."""


class MalformedError(Error, ValueError):
    """The input is not what its format demands."""


class UnsupportedError(Error, NotImplementedError):
    """Outside the accepted language; the message names it."""


class NotFoundError(Error, LookupError):
    """No such file, kernel or argument."""


class BoundsError(Error, IndexError):
    """A thread accessed memory outside its buffer."""


class DivergedError(Error):
    """A barrier was not reached by all threads."""


class TrapError(Error):
    """A thread executed a trap: a failed assert."""


class TimeoutError(Error, builtins.TimeoutError):
    """The launch ran longer than its limit."""


class MemoryError(Error, builtins.MemoryError):
    """A size that the caller chose cannot be allocated."""


class MismatchError(Error):
    """Two results that had to agree differ."""


class CancelledError(Error):
    """The launch was cancelled, or one that it builds on failed."""


class PendingError(Error):
    """The work was not done when the wait for it ended."""


class InternalError(Error):
    """A fault of tmjit or LLVM."""


# In the order of tmjit_status, which begins with TMJIT_OK.
BY_STATUS = (None, InvalidError, MalformedError, UnsupportedError, NotFoundError, BoundsError,
             DivergedError, TrapError, TimeoutError, MemoryError, MismatchError, CancelledError,
             PendingError, InternalError)
