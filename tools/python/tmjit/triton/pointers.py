# SPDX-License-Identifier: MIT
"""Arrays of numpy, MLX and others as arguments of Triton's kernels.

Triton's own code in C knows tensors: objects with `data_ptr()` and `dtype`. It raises TypeError
for others, and only then is anything done here: those that are arrays are wrapped, and the
arguments are looked at again. Kernels on tensors of torch pay one call more.
"""
from __future__ import annotations

import functools
import math
import operator
import sys
from typing import Any, Callable

from tmjit import arrays
from tmjit.errors import InvalidError


class _Dtype(str):
    """A type's name, which is what Triton reads of it, with its size."""
    itemsize: int


@functools.cache
def _dtype(name: str, size: int) -> _Dtype:
    made = _Dtype(name)
    made.itemsize = size
    return made


class Pointer:
    """Memory of an array as Triton's tensor: `data_ptr()`, `dtype`, and what descriptors ask.

    Owns: keeps the array, and a capsule or view of it, as long as it lives.
    """
    __slots__ = ("memory", "dtype")

    def __init__(self, array: Any):
        memory = self.memory = arrays.memory_of(array)
        if memory.scalar == "bytes" and not isinstance(array, (bytes, bytearray)):
            raise InvalidError(f"an array of '{memory.name}'; Triton has no such type")
        self.dtype = _dtype(memory.name, arrays.SIZES[memory.scalar] or 1)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.memory.shape)

    def data_ptr(self) -> int:
        return self.memory.address

    def element_size(self) -> int:
        return self.dtype.itemsize

    def stride(self, axis: int | None = None) -> Any:
        """In elements, as torch's."""
        size, steps = self.element_size(), self.memory.strides
        if steps is None:
            shape = self.memory.shape
            steps = [size * math.prod(shape[i + 1:]) for i in range(len(shape))]
        elements = tuple(step // size for step in steps)
        return elements if axis is None else elements[axis]


def wrap(value: Any) -> Any:
    """A Pointer for an array, a Python number for one of numpy's, others as they are."""
    if value is None or isinstance(value, (int, float, str, type)):
        return value
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return Pointer(value)
    if hasattr(value, "data_ptr"):
        return value
    if isinstance(value, tuple):
        items = [wrap(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if numpy is not None and isinstance(value, numpy.generic):
        return value.item()
    is_array = hasattr(value, "__dlpack__")
    if not is_array:
        try:
            memoryview(value).release()
        except (TypeError, ValueError, BufferError):
            return value
    return Pointer(value)


def _accepting(binder: Callable[..., Any]) -> Callable[..., Any]:
    """Triton's binder of a kernel's arguments, which takes arrays too. A kernel that was given
    arrays before is not tried without: an exception takes longer than all the rest."""
    has_arrays = False

    def bind(*args: Any, **keywords: Any) -> Any:
        nonlocal has_arrays
        if not has_arrays:
            try:
                return binder(*args, **keywords)
            except TypeError:
                wrapped, named = _wrap_all(args, keywords)
                if _are_same(args, keywords, wrapped, named):
                    raise
            has_arrays = True
        else:
            wrapped, named = _wrap_all(args, keywords)
            has_arrays = not _are_same(args, keywords, wrapped, named)
        return binder(*wrapped, **named)
    return bind


def _wrap_all(args: tuple[Any, ...],
              keywords: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    return [wrap(arg) for arg in args], {name: wrap(value) for name, value in keywords.items()}


def _are_same(args: tuple[Any, ...], keywords: dict[str, Any], wrapped: list[Any],
              named: dict[str, Any]) -> bool:
    return all(map(operator.is_, args, wrapped)) and \
        all(map(operator.is_, keywords.values(), named.values()))


def install() -> None:
    """Kernels that are compiled for tmjit take arrays from here on; other back ends' binders
    are as they were. The function that makes binders is a kernel's first use of a device."""
    from triton.runtime import jit
    make = jit.create_function_from_signature
    if getattr(make, "takes_arrays", False):
        return

    @functools.wraps(make)
    def create_function_from_signature(sig: Any, kparams: Any, backend: Any) -> Any:
        binder = make(sig, kparams, backend)
        return _accepting(binder) if backend.target.backend == "tmjit" else binder
    setattr(create_function_from_signature, "takes_arrays", True)
    jit.create_function_from_signature = create_function_from_signature
