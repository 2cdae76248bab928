# SPDX-License-Identifier: MIT
"""Arrays of every library as arguments of the plain API: no copies, and what is refused."""
import array
import pathlib
import unittest

import need

need.modules("numpy")
import numpy as np

import tmjit
from tmjit import arrays

KERNELS = pathlib.Path(__file__).resolve().parent.parent / "kernels"
ROWS = """
kernel void rows(device const float *x [[buffer(0)]], device float *y [[buffer(1)]],
                 constant uint2 &strides [[buffer(2)]], uint2 i [[thread_position_in_grid]]) {
    y[i.y * strides.y + i.x] = 2 * x[i.y * strides.x + i.x];
}
kernel void halve(device bfloat *x [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    x[i] = x[i] * bfloat(0.5);
}
"""


class Pack:
    """An array of another library: DLPack only, of the version that `versions` says."""

    def __init__(self, base, device=1, versions=True):
        self.base, self.device, self.versions = base, device, versions

    def __dlpack_device__(self):
        return self.device, 0

    def __dlpack__(self, **keywords):
        if keywords and not self.versions:
            raise TypeError("no max_version here")
        return self.base.__dlpack__(**keywords)


class Memories(unittest.TestCase):
    def test_numpy(self):
        x = np.zeros((4, 6), np.float32)
        found = arrays.memory_of(x)
        self.assertEqual((found.address, found.byte_len, found.scalar, found.is_contiguous),
                         (x.ctypes.data, 96, "f32", True))
        part = arrays.memory_of(x[1:3, ::2])
        self.assertEqual((part.address, part.byte_len, part.is_contiguous),
                         (x.ctypes.data + 24, 44, False))
        turned = arrays.memory_of(x.T)
        self.assertEqual((turned.byte_len, turned.is_contiguous), (96, False))
        self.assertTrue(arrays.memory_of(x[:1].T).is_contiguous)
        self.assertEqual(arrays.memory_of(x[:0]).byte_len, 0)

    def test_types(self):
        for name, scalar in (("bool", "bool"), ("int8", "i8"), ("uint16", "u16"),
                             ("int64", "i64"), ("float16", "f16"), ("float64", "f64")):
            x = np.zeros(3, name)
            packs = () if name == "bool" else (Pack(x), Pack(x, versions=False))  # numpy 1 has none
            for value in (x, memoryview(x), *packs):
                found = arrays.memory_of(value)
                self.assertEqual((found.scalar, found.byte_len, found.address, found.name),
                                 (scalar, x.nbytes, x.ctypes.data, name), type(value))

    def test_dlpack(self):
        x = np.arange(24, dtype=np.int32).reshape(4, 6)
        for versions in (True, False):
            found = arrays.memory_of(Pack(x[1:, 1:3], versions=versions))
            self.assertEqual((found.address, found.byte_len, found.is_contiguous),
                             (x.ctypes.data + 28, 56, False))
        x.flags.writeable = False
        try:
            x.__dlpack__(max_version=(1, 0))
        except TypeError:  # numpy before 2.1
            self.skipTest("numpy has DLPack without read-only arrays")
        self.assertFalse(arrays.memory_of(Pack(x)).is_writable)

    def refused(self, text, value):
        with self.assertRaisesRegex(tmjit.InvalidError, text):
            arrays.memory_of(value)

    def test_refused(self):
        x = np.zeros(8, np.float32)
        self.refused("stride of -4 bytes", x[::-1])
        self.refused("'>f4', in the other order of bytes", x.astype(">f4"))
        self.refused("'>f', in the other order of bytes", memoryview(x.astype(">f4")))
        self.refused("device 2 of DLPack", Pack(x, device=2))
        self.refused("list is no array", [1.0])

    @need.needs("ml_dtypes")
    def test_ml_dtypes(self):
        import ml_dtypes
        for name, scalar in (("bfloat16", "bf16"), ("float8_e4m3fn", "u8")):
            x = np.zeros(5, getattr(ml_dtypes, name))
            found = arrays.memory_of(x)
            self.assertEqual((found.scalar, found.name, found.address),
                             (scalar, name, x.ctypes.data))

    @need.needs("torch")
    def test_torch(self):
        import torch
        x = torch.zeros(4, 6, dtype=torch.bfloat16)
        found = arrays.memory_of(x[:, 1:3])
        self.assertEqual((found.address, found.byte_len, found.scalar, found.is_contiguous),
                         (x.data_ptr() + 2, 40, "bf16", False))
        self.refused("a tensor on meta", torch.zeros(4, device="meta"))

    @need.needs("mlx")
    def test_mlx(self):
        import mlx.core as mx
        x = mx.arange(6).astype(mx.float32) * 2  # not computed yet
        found = arrays.memory_of(x)
        self.assertEqual((found.address, found.byte_len, found.scalar, found.is_writable),
                         (arrays.memory_of(memoryview(x)).address, 24, "f32", True))
        self.assertEqual(arrays.memory_of(x.astype(mx.bfloat16)).scalar, "bf16")
        self.assertFalse(arrays.memory_of(mx.broadcast_to(x, (2, 6))).is_contiguous)


class Launches(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.add = tmjit.load(KERNELS / "vector_add.ll")["vector_add"]
        cls.own = tmjit.load_source("#include <metal_stdlib>\nusing namespace metal;\n" + ROWS,
                                    "metal", "rows.metal", standard="metal3.1")

    def test_array_module(self):
        x, y = array.array("f", range(5)), array.array("f", bytes(20))
        self.add.launch(5, None, x, Pack(np.ones(5, np.float32)), y)
        self.assertEqual(list(y), [1, 2, 3, 4, 5])

    def test_strided(self):
        x, y = np.arange(24, dtype=np.float32).reshape(4, 6), np.zeros((4, 5), np.float32)
        kernel = self.own["rows"]
        kernel.launch((3, 4), None, tmjit.strided(x[:, 2:5]), tmjit.strided(y[:, 1:4]), (6, 5))
        np.testing.assert_array_equal(y[:, 1:4], 2 * x[:, 2:5])
        self.assertFalse(y[:, 0].any() or y[:, 4].any())
        with self.assertRaisesRegex(tmjit.InvalidError, "contiguous"):
            kernel.launch((3, 4), None, x[:, 2:5], y, (6, 5))
        with self.assertRaisesRegex(tmjit.BoundsError, "'x' \\(84 bytes\\)"):
            kernel.launch((4, 4), None, tmjit.strided(x[:, 2:5]), y, (6, 5))

    @need.needs("ml_dtypes")
    def test_bfloat(self):
        import ml_dtypes
        x = np.arange(8).astype(ml_dtypes.bfloat16)
        self.own["halve"].launch(8, None, x)
        np.testing.assert_array_equal(x.astype(np.float32), np.arange(8) / 2)
        with self.assertRaisesRegex(tmjit.InvalidError, "is bf16 .*, the array is f16"):
            self.own["halve"].launch(8, None, x.astype(np.float16))

    @need.needs("mlx")
    def test_mlx(self):
        """Written in place: every array that shares the memory sees it."""
        import mlx.core as mx
        x, y = mx.arange(100).astype(mx.float32), mx.ones(100) * 3
        out = mx.zeros(100)
        view = np.asarray(out)
        self.add.launch(100, None, x, y, out)
        np.testing.assert_array_equal(np.array(out), np.arange(100, dtype=np.float32) + 3)
        np.testing.assert_array_equal(view, np.array(out))
        later = mx.array(np.arange(8)).astype(mx.bfloat16)
        self.own["halve"].launch(8, None, later)
        self.assertEqual((later * 2).tolist(), list(range(8)))


if __name__ == "__main__":
    need.run()
