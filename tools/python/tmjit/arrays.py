# SPDX-License-Identifier: MIT
"""Memory of arrays without copies, and numbers in the bytes of a type.

Arrays are tensors of torch on the CPU, arrays of numpy (with the types of ml_dtypes) and of MLX,
and anything else with the buffer protocol or `__dlpack__`: array.array, memoryview, JAX. What MLX
has not computed yet is computed here: its buffers are evaluated when they are asked for.
Layout of DLPack's structs: dlpack.h 1.0.
"""
from __future__ import annotations

import ctypes
import dataclasses
import functools
import operator
import struct
import sys
from ctypes import (POINTER, c_char, c_char_p, c_int, c_int32, c_int64, c_ssize_t, c_uint8,
                    c_uint16, c_uint32, c_uint64, c_void_p)
from typing import Any, NoReturn, Sequence

from .errors import InvalidError

# In the order of tmjit_scalar: name, code of struct.
SCALARS = (("bytes", ""), ("bool", "?"), ("i8", "b"), ("u8", "B"), ("i16", "h"), ("u16", "H"),
           ("i32", "i"), ("u32", "I"), ("i64", "q"), ("u64", "Q"), ("f16", "e"), ("bf16", ""),
           ("f32", "f"), ("f64", "d"))
SIZES = {name: struct.calcsize("=" + code) for name, code in SCALARS} | {"bf16": 2}
_CODES = dict(SCALARS)
_BY_CODE = {code: name for name, code in SCALARS if code} | {"l": "i64", "L": "u64", "c": "u8",
                                                             "bfloat16": "bf16"}  # as MLX says
# torch's and numpy's names; one-byte floats are bytes to kernels that are no Triton ones.
_BY_NAME = {"bool": "bool", "int8": "i8", "uint8": "u8", "int16": "i16", "uint16": "u16",
            "int32": "i32", "uint32": "u32", "int64": "i64", "uint64": "u64", "float16": "f16",
            "bfloat16": "bf16", "float32": "f32", "float64": "f64", "float8_e4m3fn": "u8",
            "float8_e5m2": "u8", "float8_e4m3fnuz": "u8", "float8_e5m2fnuz": "u8"}
NAMES = {scalar: name for name, scalar in _BY_NAME.items() if "float8" not in name}
# (code, bits) of DLPack.
_BY_DLPACK = {(0, 8): "i8", (0, 16): "i16", (0, 32): "i32", (0, 64): "i64", (1, 8): "u8",
              (1, 16): "u16", (1, 32): "u32", (1, 64): "u64", (2, 16): "f16", (2, 32): "f32",
              (2, 64): "f64", (4, 16): "bf16", (6, 8): "bool"}
_DLPACK_ON_HOST = (1, 3, 11, 13)  # CPU, and memory of others that the CPU sees


class _PyBuffer(ctypes.Structure):
    _fields_ = [("buf", c_void_p), ("obj", ctypes.py_object), ("len", c_ssize_t),
                ("itemsize", c_ssize_t), ("readonly", c_int), ("ndim", c_int),
                ("format", c_char_p), ("shape", c_void_p), ("strides", c_void_p),
                ("suboffsets", c_void_p), ("internal", c_void_p)]


class _DLTensor(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("device_type", c_int32), ("device_id", c_int32),
                ("ndim", c_int32), ("code", c_uint8), ("bits", c_uint8), ("lanes", c_uint16),
                ("shape", POINTER(c_int64)), ("strides", POINTER(c_int64)),
                ("byte_offset", c_uint64)]


class _DLVersioned(ctypes.Structure):
    _fields_ = [("major", c_uint32), ("minor", c_uint32), ("manager_ctx", c_void_p),
                ("deleter", c_void_p), ("flags", c_uint64), ("dl_tensor", _DLTensor)]


_DLPACK_READ_ONLY = 1
_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype, _capsule_pointer.argtypes = c_void_p, [ctypes.py_object, c_char_p]
_capsule_is = ctypes.pythonapi.PyCapsule_IsValid
_capsule_is.restype, _capsule_is.argtypes = c_int, [ctypes.py_object, c_char_p]


@dataclasses.dataclass(slots=True)
class Memory:
    """Memory of an array that is kept alive by `owner`.

    `byte_len` reaches from `address` behind the last element; `name` is the element's type by
    its library's name.
    """
    address: int
    byte_len: int
    scalar: str  # a name of SCALARS; "bytes": another type
    is_writable: bool
    owner: object
    name: str = ""
    is_contiguous: bool = True
    shape: Sequence[int] = ()
    strides: Sequence[int] | None = None  # in bytes; None: the elements are in order


def _reach(shape: Sequence[int], strides: Sequence[int], item: int) -> tuple[int, bool]:
    """Bytes from the first element behind the last one, and whether all between are elements
    in order. `strides` are in bytes."""
    last, is_contiguous, dense = 0, True, item
    for length, stride in zip(reversed(shape), reversed(strides)):
        if length == 0:
            return 0, True
        if length == 1:
            continue
        if stride < 0:
            raise InvalidError(f"an array with a stride of {stride} bytes; its first element is "
                               "not the first one in memory: strides from 0 are accepted")
        is_contiguous &= stride == dense
        last += (length - 1) * stride
        dense *= length
    return last + item, is_contiguous


def _foreign_order(code: str) -> bool:
    return code[:1] in (">", "!") if sys.byteorder == "little" else code[:1] == "<"


def _fail_order(name: str) -> NoReturn:
    raise InvalidError(f"an array of '{name}', in the other order of bytes; "
                       ".astype of the machine's own order makes one that is accepted")


def _of_tensor(tensor: Any) -> Memory:
    if tensor.device.type != "cpu":
        raise InvalidError(f"a tensor on {tensor.device}; tensors on the CPU are accepted")
    name, size = str(tensor.dtype).removeprefix("torch."), tensor.element_size()
    strides = [size * step for step in tensor.stride()]
    reach, is_contiguous = _reach(tensor.shape, strides, size)
    return Memory(tensor.data_ptr(), reach, _BY_NAME.get(name, "bytes"), True, tensor, name,
                  is_contiguous, tensor.shape, strides)


class _ArrayInterface(ctypes.Structure):
    """PyArrayInterface, of numpy's array protocol."""
    _fields_ = [("two", c_int), ("nd", c_int), ("typekind", c_char), ("itemsize", c_int),
                ("flags", c_int), ("shape", c_void_p), ("strides", c_void_p), ("data", c_void_p),
                ("descr", c_void_p)]


@functools.cache
def _type_of_numpy(kind: Any) -> tuple[str, str]:
    """Name and scalar of a dtype."""
    if not kind.isnative:
        _fail_order(kind.str)
    return kind.name, _BY_NAME.get(kind.name, "bytes")


def _of_numpy(array: Any) -> Memory:
    """Without the buffer protocol, which has no types of ml_dtypes."""
    name, scalar = _type_of_numpy(array.dtype)
    address = _ArrayInterface.from_address(_capsule_pointer(array.__array_struct__, None)).data
    flags, shape, strides = array.flags, array.shape, array.strides
    if flags.c_contiguous:
        return Memory(address or 0, array.nbytes, scalar, flags.writeable, array, name, True,
                      shape, strides)
    reach, is_contiguous = _reach(shape, strides, array.itemsize)
    return Memory(address or 0, reach, scalar, flags.writeable, array, name, is_contiguous, shape,
                  strides)


def _of_buffer(value: Any, view: memoryview) -> Memory:
    raw = _PyBuffer()
    code = view.format
    if _foreign_order(code):
        _fail_order(code)
    is_raw = isinstance(value, (bytes, bytearray))
    scalar = "bytes" if is_raw else _BY_CODE.get(code.lstrip("@=<"), "bytes")
    shape, strides = view.shape or (), view.strides or ()
    reach, is_contiguous = _reach(shape, strides, view.itemsize)
    # Flags: strides, nothing about writing. The view itself keeps the memory where it is.
    ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(view), ctypes.byref(raw), 0x18)
    address = raw.buf or 0
    ctypes.pythonapi.PyBuffer_Release(ctypes.byref(raw))
    return Memory(address, reach, scalar, not view.readonly, view,
                  NAMES.get(scalar, "uint8" if is_raw else code), is_contiguous, shape,
                  strides)


def _of_dlpack(value: Any) -> Memory:
    device = value.__dlpack_device__()
    if int(device[0]) not in _DLPACK_ON_HOST:
        raise InvalidError(f"an array on device {int(device[0])} of DLPack; arrays on the CPU are "
                           "accepted")
    try:
        capsule = value.__dlpack__(max_version=(1, 0))
    except TypeError:  # written before version 1
        capsule = value.__dlpack__()
    is_fixed = False
    if _capsule_is(capsule, b"dltensor_versioned"):
        at = _capsule_pointer(capsule, b"dltensor_versioned")
        versioned = _DLVersioned.from_address(at)
        if versioned.major != 1:
            raise InvalidError(f"an array of version {versioned.major} of DLPack; 1 is accepted")
        is_fixed = bool(versioned.flags & _DLPACK_READ_ONLY)
        tensor = versioned.dl_tensor
    else:
        tensor = _DLTensor.from_address(_capsule_pointer(capsule, b"dltensor"))
    size = (tensor.bits * tensor.lanes + 7) // 8
    shape = tensor.shape[:tensor.ndim] if tensor.ndim else []
    if tensor.strides:
        strides = [size * step for step in tensor.strides[:tensor.ndim]]
    else:
        strides = [size] * tensor.ndim
        for i in range(tensor.ndim - 2, -1, -1):
            strides[i] = strides[i + 1] * shape[i + 1]
    reach, is_contiguous = _reach(shape, strides, size)
    scalar = _BY_DLPACK.get((tensor.code, tensor.bits), "bytes") if tensor.lanes == 1 else "bytes"
    # The capsule keeps its name: who made it frees the memory when the capsule goes.
    return Memory((tensor.data or 0) + tensor.byte_offset, reach, scalar, not is_fixed,
                  (capsule, value), NAMES.get(scalar, f"type {tensor.code} of {tensor.bits} bits"),
                  is_contiguous, shape, strides)


def memory_of(value: Any) -> Memory:
    """The memory of an array, with its gaps when it has some.

    Errors: InvalidError for what is no array, or on another device, or in the other order of
    bytes, or has a negative stride.
    """
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _of_numpy(value)
    if hasattr(value, "data_ptr") and hasattr(value, "untyped_storage"):
        return _of_tensor(value)
    try:
        view = memoryview(value)
    except (TypeError, BufferError, ValueError):
        if hasattr(value, "__dlpack__") and hasattr(value, "__dlpack_device__"):
            return _of_dlpack(value)
        raise InvalidError(f"{type(value).__name__} is no array: torch tensors on the CPU and "
                           "objects with the buffer protocol or __dlpack__ are accepted") from None
    return _of_buffer(value, view)


def contiguous_memory_of(value: Any) -> Memory:
    """`memory_of`, for kernels that are not told strides; InvalidError for gaps."""
    if isinstance(value, Strided):
        return memory_of(value.array)
    memory = memory_of(value)
    if not memory.is_contiguous:
        raise InvalidError("an array with gaps or another order; a contiguous one is accepted: "
                           "numpy.ascontiguousarray or .contiguous() makes one, tmjit.strided "
                           "says that the kernel is told the strides")
    return memory


@dataclasses.dataclass(frozen=True)
class Strided:
    """`strided(array)`: an argument of `Kernel.launch` that may have gaps.

    The kernel gets the address of the first element, and memory to the last one; its strides it
    must get by other arguments.
    """
    array: Any


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


def pack_exactly(scalar: str, value: Any, name: str) -> bytes:
    """`pack` of what the type has; InvalidError, which calls it `name`, for other numbers."""
    if scalar == "bool":
        if not any(value is each or value == each for each in (False, True)):
            raise InvalidError(f"{name} is {value!r}; True or False is accepted")
    elif scalar[0] in "iu":
        try:
            number = operator.index(value)
        except TypeError:
            raise InvalidError(f"{name} is {value!r}; an integer ({scalar}) is accepted") from None
        bits = 8 * SIZES[scalar]
        least, limit = (-1 << bits - 1, 1 << bits - 1) if scalar[0] == "i" else (0, 1 << bits)
        if not least <= number < limit:
            raise InvalidError(f"{name} is {number}; {least} to {limit - 1} are accepted "
                               f"({scalar})")
    else:
        try:
            float(value)
        except (TypeError, ValueError):
            raise InvalidError(f"{name} is {value!r}; a number ({scalar}) is accepted") from None
    return pack(scalar, value)


def pack(scalar: str, value: Any) -> bytes:
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
