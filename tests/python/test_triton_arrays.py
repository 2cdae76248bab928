# SPDX-License-Identifier: MIT
"""Triton's kernels on arrays of numpy, MLX and others; tensors of torch are test_triton.py's."""
import collections
import os
import unittest
import warnings

import need

need.modules("numpy", "triton")
os.environ["TMJIT_DEVICE"] = "sim"

import numpy as np
import triton
import triton.language as tl
from triton_kernels import add_kernel, descriptor_kernel

import tmjit
import tmjit.triton


@triton.jit
def rows_kernel(x, out, xs, ys, n, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    row = tl.load(x + tl.program_id(0) * xs + i * ys, i < n)
    tl.store(out + tl.program_id(0) * n + i, row, i < n)


@triton.jit
def pair_kernel(pair, out, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    tl.store(out + i, tl.load(pair[0] + i) * pair[1])


@triton.jit
def flag_kernel(flags, out, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    tl.store(out + i, tl.where(tl.load(flags + i), 7, 3))


@triton.jit
def many_kernel(before, wholes, out, flag, floats, COUNT: tl.constexpr):
    """More arguments than slots: numbers of all sizes between pointers."""
    sum = tl.load(before)
    for i in tl.static_range(COUNT):
        sum += wholes[i].to(tl.float32) * (i + 1) + floats[i]
    tl.store(out, tl.where(flag, sum, -1.0))


@triton.jit
def pointers_kernel(arrays, out, COUNT: tl.constexpr):
    sum = 0.0
    for i in tl.static_range(COUNT):
        sum += tl.load(arrays[i])
    tl.store(out, sum)


def run_add(x, y, out, **options):
    return add_kernel[(triton.cdiv(len(x), 128),)](x, y, out, len(x), 128, **options)


class Numpy(unittest.TestCase):
    def test_types(self):
        rng = np.random.default_rng(1)
        for name in ("float32", "float16", "int32", "int64", "uint8", "int16"):
            x, y = ((rng.random(300) * 50).astype(name) for _ in range(2))
            out = np.zeros(300, name)
            run_add(x, y, out)
            np.testing.assert_array_equal(out, x + y, name)

    def test_engines(self):
        x, out = np.arange(300, dtype=np.float32), np.zeros(300, np.float32)
        run_add(x, x, out, engine="interp", num_warps=2)
        np.testing.assert_array_equal(out, x + x)

    def test_more_arguments_than_slots(self):
        x, out = np.array([0.5], np.float32), np.zeros(1, np.float32)
        wholes = tuple((2 + i, -3 - i, 2**33 + i)[i % 3] for i in range(20))
        floats = tuple(i / 4 for i in range(20))
        for engine in ("simd", "interp"):
            many_kernel[(1,)](x, wholes, out, True, floats, 20, engine=engine)
            wanted = np.float32(0.5)
            for i in range(20):
                wanted += np.float32(wholes[i]) * np.float32(i + 1) + np.float32(floats[i])
            self.assertEqual(out[0], wanted)

    def test_more_arrays_than_slots(self):
        x, out = np.array([1], np.float32), np.zeros(1, np.float32)
        pointers_kernel[(1,)]((x,) * 30, out, 30)
        self.assertEqual(out[0], 30)
        with self.assertRaisesRegex(tmjit.UnsupportedError, "no free slot"):
            pointers_kernel[(1,)]((x,) * 31, out, 31)

    def test_strides(self):
        """Pointers and strides; the memory that may be touched ends with the last element."""
        x = np.arange(60, dtype=np.float32).reshape(6, 10)
        for part in (x[::2, 1:8:3], x.T[2:5, :4], x[1:, 1:]):
            rows, count = part.shape
            steps = [step // 4 for step in part.strides]
            out = np.zeros((rows, count), np.float32)
            rows_kernel[(rows,)](part, out, *steps, count, 16)
            np.testing.assert_array_equal(out, part)
        with self.assertRaisesRegex(tmjit.BoundsError, "'x' \\(76 bytes\\)"):
            rows_kernel[(2,)](x[:2, :9], np.zeros(40, np.float32), 10, 1, 10, 16)

    def test_numbers(self):
        x, out = np.ones(100, np.float32), np.zeros(100, np.float32)
        add_kernel[(1,)](x, x, out, np.int64(100), 128)
        np.testing.assert_array_equal(out, x + x)

    def test_tuples(self):
        x, out = np.arange(16, dtype=np.float32), np.zeros(16, np.float32)
        named = collections.namedtuple("named", "array by")
        for pair in ((x, 3.0), named(x, np.float32(3))):
            out[:] = 0
            pair_kernel[(1,)](pair, out, 16)
            np.testing.assert_array_equal(out, 3 * x)

    def test_bool(self):
        flags, out = np.arange(16) % 3 == 0, np.zeros(16, np.int32)
        flag_kernel[(1,)](flags, out, 16)
        np.testing.assert_array_equal(out, np.where(flags, 7, 3))

    def test_read_only(self):
        x, out = np.ones(100, np.float32), np.zeros(100, np.float32)
        x.flags.writeable = False
        run_add(x, x, out)
        np.testing.assert_array_equal(out, x + x)
        with self.assertRaisesRegex(tmjit.InvalidError, "argument 'out' of kernel 'add_kernel' "
                                                        "is written; the array is read-only"):
            run_add(out, out, x)
        self.assertTrue((x == 1).all())

    def test_turns(self):
        """One kernel on arrays, numbers and wrong things in turns."""
        x, out = np.ones(100, np.float32), np.zeros(100, np.float32)
        for _ in range(2):
            run_add(x, x, out)
            wrapped = [tmjit.triton.pointer(each) for each in (x, out, x)]
            add_kernel[(1,)](*wrapped, 100, 128)
            self.assertTrue((x == 3).all() and (out == 2).all())
            with self.assertRaises(TypeError):
                add_kernel[(1,)](x, [1.0], out, 100, 128)
            x[:], out[:] = 1, 0

    def test_compiled(self):
        x, out = np.ones(128, np.float32), np.zeros(128, np.float32)
        kernel = run_add(x, x, np.zeros_like(x))
        kernel[(1, 1, 1)](x, x, out, 128, 128)
        np.testing.assert_array_equal(out, x + x)

    def test_autotune(self):
        tuned = triton.autotune([triton.Config({"BLOCK": size}) for size in (64, 128)],
                                key=["n"])(add_kernel)
        x, out = np.ones(300, np.float32), np.zeros(300, np.float32)
        tuned[lambda meta: (triton.cdiv(300, meta["BLOCK"]),)](x, x, out, 300)
        np.testing.assert_array_equal(out, x + x)

    def test_descriptor(self):
        from triton.tools.tensor_descriptor import TensorDescriptor
        x = np.arange(512, dtype=np.float32).reshape(32, 16)
        out = np.zeros_like(x)
        described = [TensorDescriptor.from_tensor(tmjit.triton.pointer(each), [8, 16])
                     for each in (x, out)]
        descriptor_kernel[(4,)](*described, 8, 16)
        np.testing.assert_array_equal(out, 2 * x)

    def refused(self, kind, text, value):
        good = np.ones(16, np.float32)
        with self.assertRaisesRegex(kind, text):
            add_kernel[(1,)](good, value, good, 16, 16)

    def test_refused(self):
        x = np.ones(16, np.float32)
        self.refused(tmjit.InvalidError, "stride of -4", x[::-1])
        self.refused(tmjit.InvalidError, "'complex64'; Triton has no such type",
                     x.astype(np.complex64))
        self.refused(tmjit.InvalidError, "other order of bytes", x.astype(">f4"))
        self.refused(TypeError, "list", [1.0])
        with self.assertRaises(TypeError):
            add_kernel[(1,)](x, x)

    @need.needs("ml_dtypes")
    def test_ml_dtypes(self):
        import ml_dtypes
        x = np.arange(16).astype(ml_dtypes.bfloat16)
        out = np.zeros_like(x)
        run_add(x, x, out)
        np.testing.assert_array_equal(out, x + x)


@need.needs("mlx")
class Mlx(unittest.TestCase):
    def test_types(self):
        import mlx.core as mx
        for kind in (mx.float32, mx.bfloat16, mx.float16, mx.int32):
            x = (mx.arange(300) % 50).astype(kind)  # computed by the launch
            y, out = x * 2, mx.zeros(300, kind)
            run_add(x, y, out)
            self.assertTrue(mx.array_equal(out, x + y), kind)

    def test_strides(self):
        import mlx.core as mx
        x = mx.arange(60).astype(mx.float32).reshape(6, 10)
        out = mx.zeros((3, 4))
        rows_kernel[(3,)](x[::2, ::3], out, 20, 3, 4, 16)
        self.assertTrue(mx.array_equal(out, x[::2, ::3]))

    @need.needs("torch")
    def test_mixed(self):
        import mlx.core as mx
        import torch
        out = np.zeros(100, np.float32)
        run_add(torch.arange(100.0), mx.ones(100), out)
        np.testing.assert_array_equal(out, np.arange(100, dtype=np.float32) + 1)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    need.run()
