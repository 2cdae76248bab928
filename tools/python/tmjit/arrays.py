# SPDX-License-Identifier: MIT
"""Memory of arrays without copies, and numbers in the bytes of a type.

Arrays are tensors of torch on the CPU, or anything with the buffer protocol: numpy, MLX,
array.array, bytearray, memoryview.
"""
from __future__ import annotations

import ctypes
import dataclasses
import struct
from ctypes import c_char_p, c_int, c_ssize_t, c_void_p

from .errors import InvalidError

# In the order of tmjit_scalar: name, code of struct.
SCALARS = (("bytes", ""), ("bool", "?"), ("i8", "b"), ("u8", "B"), ("i16", "h"), ("u16", "H"),
           ("i32", "i"), ("u32", "I"), ("i64", "q"), ("u64", "Q"), ("f16", "e"), ("bf16", ""),
           ("f32", "f"), ("f64", "d"))
SIZES = {name: struct.calcsize("=" + code) for name, code in SCALARS} | {"bf16": 2}
_CODES = dict(SCALARS)
_BY_CODE = {code: name for name, code in SCALARS if code} | {"l": "i64", "L": "u64", "c": "u8"}
_TORCH = {"bool": "bool", "int8": "i8", "uint8": "u8", "int16": "i16", "uint16": "u16",
          "int32": "i32", "uint32": "u32", "int64": "i64", "uint64": "u64", "float16": "f16",
          "bfloat16": "bf16", "float32": "f32", "float64": "f64"}


class _PyBuffer(ctypes.Structure):
    _fields_ = [("buf", c_void_p), ("obj", ctypes.py_object), ("len", c_ssize_t),
                ("itemsize", c_ssize_t), ("readonly", c_int), ("ndim", c_int),
                ("format", c_char_p), ("shape", c_void_p), ("strides", c_void_p),
                ("suboffsets", c_void_p), ("internal", c_void_p)]


@dataclasses.dataclass
class Memory:
    """Memory of an array that is kept alive by `owner`."""
    address: int
    byte_len: int
    scalar: str  # a name of SCALARS; "bytes": unknown
    is_writable: bool
    owner: object


def _memory_of_tensor(tensor) -> Memory:
    if tensor.device.type != "cpu":
        raise InvalidError(f"a tensor on {tensor.device}; tensors on the CPU are accepted")
    if not tensor.is_contiguous():
        raise InvalidError("a tensor with gaps or another order; a contiguous one is accepted: "
                           ".contiguous() makes one")
    kind = str(tensor.dtype).removeprefix("torch.")
    return Memory(tensor.data_ptr(), tensor.numel() * tensor.element_size(),
                  _TORCH.get(kind, "u8" if tensor.element_size() == 1 else "bytes"), True, tensor)


def memory_of(value) -> Memory:
    """The memory of an array; InvalidError for what is none, or not contiguous."""
    if hasattr(value, "data_ptr") and hasattr(value, "is_contiguous"):
        return _memory_of_tensor(value)
    try:
        view = memoryview(value)
    except TypeError:
        raise InvalidError(f"{type(value).__name__} is no array: torch tensors on the CPU and "
                           "objects with the buffer protocol are accepted") from None
    if not view.c_contiguous:
        raise InvalidError("an array with gaps or another order; a contiguous one is accepted: "
                           "numpy.ascontiguousarray makes one")
    raw = _PyBuffer()
    ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(view), ctypes.byref(raw), 0)
    address = raw.buf or 0
    ctypes.pythonapi.PyBuffer_Release(ctypes.byref(raw))
    is_raw = isinstance(value, (bytes, bytearray))
    scalar = "bytes" if is_raw else _BY_CODE.get(view.format.lstrip("@=<"), "bytes")
    return Memory(address, view.nbytes, scalar, not view.readonly, view)


def accepts(declared: str, given: str) -> bool:
    """Integers have no sign to the library; bfloat may come as bits; as the command's rule."""
    if "bytes" in (declared, given) or declared == given:
        return True
    if declared == "bf16":
        return given in ("i16", "u16")
    return declared[0] in "iu" and given[0] in "iu" and SIZES[declared] == SIZES[given]


def _pack_bf16(value: float) -> bytes:
    """Rounded to nearest, ties to even."""
    bits, = struct.unpack("<I", pack("f32", value))
    if bits & 0x7fffffff > 0x7f800000:
        return struct.pack("<H", (bits >> 16) | 0x40)
    return struct.pack("<H", (bits + 0x7fff + ((bits >> 16) & 1)) >> 16)


def pack(scalar: str, value) -> bytes:
    """A number in the bytes of its type. Integers wrap, floats beyond the range are infinite,
    as in C."""
    if scalar == "bf16":
        return _pack_bf16(float(value))
    code, size = _CODES[scalar], SIZES[scalar]
    if scalar == "bool":
        return b"\1" if value else b"\0"
    if scalar[0] in "iu":
        return (int(value) & ((1 << 8 * size) - 1)).to_bytes(size, "little")
    try:
        return struct.pack("<" + code, float(value))
    except OverflowError:
        return struct.pack("<" + code, float("inf") if value > 0 else float("-inf"))
