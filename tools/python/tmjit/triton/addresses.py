# SPDX-License-Identifier: MIT
"""Memory that kernels reach by addresses stored in other arrays: pointer tables.

A launch knows the extents of its arguments only. For kernels that make pointers from integers it
is also told those of the CPU tensors of torch that are alive, which Python's collector knows, and
of the arrays that `tmjit.triton.resident` names. Metal's rule is the same: such memory is named
by useResource, or a residency set.
"""
from __future__ import annotations

import contextlib
import gc
import struct
import sys
import threading
from typing import Any, Iterator

from tmjit import arrays

_named = threading.local()  # lists of (address, length) by nested contexts


@contextlib.contextmanager
def resident(*values: Any) -> Iterator[None]:
    """While it lasts, launches of this thread reach the memory of these arrays by address."""
    found = [arrays.memory_of(value) for value in values]
    before = getattr(_named, "memory", ())
    _named.memory = (*before, *found)
    try:
        yield
    finally:
        _named.memory = before


def _tensors() -> Iterator[tuple[int, int]]:
    torch = sys.modules.get("torch")
    if torch is None:
        return
    for value in gc.get_objects():
        if issubclass(type(value), torch.Tensor) and value.device.type == "cpu" and \
                value.layout == torch.strided:
            storage = value.untyped_storage()
            yield storage.data_ptr(), storage.nbytes()


def known() -> tuple[bytes, int]:
    """What a launch may reach, as bytes of Binding, and how many."""
    extents = {(memory.address, memory.byte_len) for memory in getattr(_named, "memory", ())}
    extents.update(_tensors())
    flat = [word for extent in sorted(extents) if extent[0] for word in extent]
    return struct.pack(f"{len(flat)}Q", *flat), len(flat) // 2
