# SPDX-License-Identifier: MIT
"""How a sampled kernel is described: buffers, launches, what must come out.

A case is what one call of an MLX operation does on the GPU: named buffers, one or more
launches on them, and the arrays that numpy says must be there afterwards. bfloat16, which
numpy does not have, is kept as uint16 and marked by the type name.
"""
from dataclasses import dataclass, field

import numpy as np

TYPES = {"bool_": np.bool_, "int8": np.int8, "int16": np.int16, "int32": np.int32,
         "int64": np.int64, "uint8": np.uint8, "uint16": np.uint16, "uint32": np.uint32,
         "uint64": np.uint64, "float16": np.float16, "bfloat16": np.uint16,
         "float32": np.float32, "complex64": np.complex64}
# Half a unit in the last place, relative.
HALF_ULP = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24,
            "complex64": 2.0**-24}


@dataclass
class Launch:
    """One dispatch. args: index -> buffer name, (buffer name, byte offset), or the bytes of a
    constant (array, numpy number). constants: function constants by index. local: length of
    threadgroup arguments. grid counts threads, groups (instead) threadgroups."""
    kernel: str
    group: tuple
    args: dict
    grid: tuple = None
    groups: tuple = None
    constants: dict = field(default_factory=dict)
    local: dict = field(default_factory=dict)

    def threads(self):
        if self.grid:
            return self.grid
        return tuple(g * n for g, n in zip(self.groups, self.group))


@dataclass
class Expect:
    """What a buffer must hold: equal bits when rtol and atol are 0, else
    |got - want| <= atol + rtol * |want|. `where` chooses elements (None: all)."""
    buffer: str
    want: np.ndarray
    type: str
    rtol: float = 0.0
    atol: float = 0.0
    where: np.ndarray = None


@dataclass
class Case:
    family: str
    name: str
    buffers: dict
    launches: list
    expects: list
    interp: bool = True  # False: too long for the interpreter
    fault: str = ""  # the launch must be refused with this in the message


def dtype(type_name):
    return np.dtype(TYPES[type_name])


def to_bfloat16(values):
    """Round to nearest even; NaN stays NaN."""
    bits = np.asarray(values, np.float32).view(np.uint32)
    rounded = (bits + (0x7FFF + ((bits >> 16) & 1))) >> 16
    return np.where(np.isnan(np.asarray(values, np.float32)), 0x7FC0, rounded).astype(np.uint16)


def from_bfloat16(bits):
    return (np.asarray(bits, np.uint16).astype(np.uint32) << 16).view(np.float32)


def store(values, type_name):
    """Values as the array that lies in a buffer."""
    if type_name == "bfloat16":
        return np.ascontiguousarray(to_bfloat16(values))
    with np.errstate(all="ignore"):
        return np.ascontiguousarray(np.asarray(values).astype(TYPES[type_name]))


def load(array, type_name):
    """A buffer's array as numbers to compute with."""
    if type_name == "bfloat16":
        return from_bfloat16(array).astype(np.float64)
    if type_name in ("float16", "float32"):
        return np.asarray(array).astype(np.float64)
    if type_name == "complex64":
        return np.asarray(array).astype(np.complex128)
    return np.asarray(array)


def random(rng, shape, type_name, low=-1.0, high=1.0):
    """An array of a type: floats uniform in [low, high), integers over low..high or, left
    alone, over their range."""
    if type_name == "bool_":
        return rng.integers(0, 2, shape).astype(np.bool_)
    if type_name == "complex64":
        return (rng.uniform(low, high, shape) + 1j * rng.uniform(low, high, shape)).astype(
            np.complex64)
    if type_name in HALF_ULP:
        return store(rng.uniform(low, high, shape), type_name)
    info = np.iinfo(TYPES[type_name])
    if (low, high) == (-1.0, 1.0):
        low, high = info.min, info.max
    return rng.integers(max(low, info.min), min(high, info.max), shape, dtype=TYPES[type_name],
                        endpoint=True)


def zeros(shape, type_name):
    return np.zeros(shape, TYPES[type_name])


def i32(*values):
    return np.array(values, np.int32)


def i64(*values):
    return np.array(values, np.int64)


def u64(*values):
    return np.array(values, np.uint64)


def f32(*values):
    return np.array(values, np.float32)


def strides(array):
    """Strides in elements."""
    return tuple(s // array.itemsize for s in array.strides)


def work_per_thread(size, type_name):
    """MLX's get_work_per_thread."""
    return 1 if size < 1 << 16 else max(1, 8 // dtype(type_name).itemsize)


def block(dim0, dim1, dim2, limit=10):
    """MLX's get_block_dims: a power of two a dimension, 2**limit threads at most."""
    dims, powers, total = (dim0, dim1, dim2), [0, 0, 0], 0
    while True:
        before = total
        for axis in range(3):
            if dims[axis] >= 1 << (powers[axis] + 1):
                powers[axis] += 1
                total += 1
            if total == 10:
                break
        if total == 10 or total == before or total == limit:
            return tuple(1 << p for p in powers)


def line(count):
    """Grid and threadgroup of a launch along one dimension."""
    return (count, 1, 1), (min(1024, count), 1, 1)


def parts(count, size):
    """How many pieces of `size` hold `count`."""
    return (count + size - 1) // size


def padded(count, size):
    return parts(count, size) * size


def tgroup_for(count, reads):
    """Whole SIMD-groups for `count` elements, `reads` a thread."""
    return padded(parts(count, reads), 32)
