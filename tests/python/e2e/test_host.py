# SPDX-License-Identifier: MIT
"""What Triton offers around kernels: heuristics, clocks, hooks, metadata, printing, refusals."""
import contextlib
import io
import os
import unittest
import unittest.mock

import numpy as np
import triton
import triton.language as tl
from data import normal, unset
from triton.language.extra import libdevice
from triton.runtime.errors import OutOfResources

import tmjit
import tmjit.config


@triton.heuristics({"EVEN": lambda args: args["n"] % args["BLOCK"] == 0,
                    "num_warps": lambda args: 8 if args["n"] > 500 else 2})
@triton.jit
def copy_kernel(x, out, n, BLOCK: tl.constexpr, EVEN: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(out + i, tl.load(x + i) if EVEN else tl.load(x + i, i < n), None if EVEN else i < n)


@triton.jit(launch_metadata=lambda grid, kernel, args: {"bytes": 8 * args["n"]})
def double_kernel(x, out, n, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(out + i, tl.load(x + i, i < n) * 2, i < n)


@triton.jit
def print_kernel(x, N: tl.constexpr):
    tl.static_assert(N == 2, "two")
    tl.static_print("while compiling", N)
    tl.device_print("value", tl.load(x + tl.arange(0, N)))


@triton.jit
def maths_kernel(x, out, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    value = tl.load(x + i)
    tl.store(out + i, libdevice.asin(value))
    tl.store(out + BLOCK + i, libdevice.pow(value + 2, value))
    tl.store(out + 2 * BLOCK + i, libdevice.log1p(value) + libdevice.tanh(value))


@triton.jit
def positive_kernel(x):
    value = tl.load(x)
    assert value > 0, "not positive"
    tl.store(x, value + 1)


@triton.jit
def wide_kernel(x, out):
    tl.store(out, tl.load(x) * 2)


def double(grid, n=64, block=64, x=None, **options):
    x, out = normal(41, n) if x is None else x, unset(n)
    compiled = double_kernel[grid](x, out, n, BLOCK=block, **options)
    return compiled, x, out


class Results(unittest.TestCase):
    def test_heuristics(self):
        for n, warps in ((256, 2), (1000, 8)):
            x, out = normal(42, n), unset(n)
            compiled = copy_kernel[(triton.cdiv(n, 128),)](x, out, n, BLOCK=128)
            np.testing.assert_array_equal(out, x)
            self.assertEqual(compiled.metadata.num_warps, warps)

    def test_metadata(self):
        compiled, x, out = double((1,), num_warps=2, num_stages=5)
        np.testing.assert_array_equal(out, x * 2)
        self.assertEqual((compiled.metadata.num_warps, compiled.metadata.num_stages), (2, 5))
        self.assertEqual((compiled.name, compiled.metadata.shared), ("double_kernel", 0))
        self.assertEqual((compiled.n_spills, compiled.n_max_threads), (0, 1024))
        self.assertIn("tt.store", compiled.asm["ttir"])
        compiled[(1, 1, 1)](x, out, 64, 64)

    def test_grid(self):
        for grid in ((2,), (np.int64(2), 1), lambda meta: (128 // meta["BLOCK"],)):
            _, x, out = double(grid, n=128)
            np.testing.assert_array_equal(out, x * 2)

    def test_hooks(self):
        from triton import knobs
        seen = []
        enter = lambda metadata: seen.append(metadata.get())
        leave = lambda metadata: seen.append(metadata.get()["name"])
        knobs.runtime.launch_enter_hook.add(enter)
        knobs.runtime.launch_exit_hook.add(leave)
        try:
            double((1,))
        finally:
            knobs.runtime.launch_enter_hook.remove(enter)
            knobs.runtime.launch_exit_hook.remove(leave)
        self.assertEqual((seen[0]["name"], seen[0]["bytes"]), ("double_kernel", 512))
        self.assertEqual(seen[1:], ["double_kernel"])

    def test_clock(self):
        _, x, out = double((1,))
        run = lambda: double_kernel[(1,)](x, out, 64, BLOCK=64)
        times = triton.testing.do_bench(run, warmup=1, rep=2, quantiles=[0.5, 0.2, 0.8])
        self.assertEqual((len(times), min(times) > 0), (3, True))

    def test_device(self):
        active = triton.runtime.driver.active
        found = active.utils.get_device_properties(active.get_current_device())
        self.assertEqual((found["max_shared_mem"], found["warpSize"]), (32768, 32))
        self.assertGreaterEqual(found["multiprocessor_count"], 1)
        target = active.get_current_target()
        self.assertEqual((target.backend, target.warp_size), ("tmjit", 32))

    def test_print(self):
        """Where and how Triton's other devices print."""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            print_kernel[(2,)](np.array([5, 7], np.int32), 2, num_warps=1)
        lines = printed.getvalue().splitlines()
        self.assertEqual(lines[0], "while compiling 2")
        self.assertEqual(sorted(lines[1:]), [f"pid ({program}, 0, 0) idx ({i}) value: {value}"
                                             for program in (0, 1)
                                             for i, value in ((0, 5), (1, 7))])

    def test_libdevice(self):
        x, out = np.linspace(-0.9, 0.9, 64, dtype=np.float32), unset(3, 64)
        maths_kernel[(1,)](x, out, BLOCK=64)
        wide = x.astype(np.float64)
        wanted = np.arcsin(wide), (wide + 2) ** wide, np.log1p(wide) + np.tanh(wide)
        np.testing.assert_allclose(out, wanted, rtol=2e-6, atol=2e-7)

    def test_debug(self):
        """Asserts of kernels are kept by debug=True, and by the setting."""
        x = np.array([-1], np.float32)
        positive_kernel[(1,)](x)
        self.assertEqual(x[0], 0)
        for options, variables in (({"debug": True}, {}), ({}, {"TMJIT_DEBUG": "1"})):
            with unittest.mock.patch.dict(os.environ, variables), \
                    contextlib.redirect_stderr(io.StringIO()) as printed, \
                    self.assertRaisesRegex(tmjit.TrapError, "not positive"):
                tmjit.config.forget()
                positive_kernel.device_caches.clear()
                positive_kernel[(1,)](x, **options)
            self.assertIn("assertion failed: not positive", printed.getvalue())
        tmjit.config.forget()


class Errors(unittest.TestCase):
    def test_static_assert(self):
        with self.assertRaises(triton.compiler.errors.CompileTimeAssertionFailure), \
                contextlib.redirect_stdout(io.StringIO()):
            print_kernel[(1,)](np.zeros(4, np.int32), 4)

    def test_doubles(self):
        """The place is the kernel's, and what would allow it is said."""
        with self.assertRaisesRegex(tmjit.UnsupportedError, "TMJIT_ALLOW_FP64=1") as caught:
            wide_kernel[(1,)](np.ones(1), np.ones(1))
        self.assertEqual(os.path.basename(caught.exception.file), os.path.basename(__file__))
        with open(__file__, encoding="utf-8") as file:
            self.assertIn("wide_kernel", file.read().split("\n")[caught.exception.line - 1])

    def test_block(self):
        """More than compiles in a reasonable time is a lack of resources: tuning goes on."""
        with self.assertRaisesRegex(OutOfResources, "basic blocks"):
            double((1,), block=1 << 20)

    def test_grid(self):
        with self.assertRaisesRegex(tmjit.InvalidError, "whole numbers"):
            double((1.5,))

    def test_address(self):
        compiled, x, out = double((1,))
        with self.assertRaisesRegex(tmjit.InvalidError, "a tensor is accepted"):
            compiled[(1, 1, 1)](x.ctypes.data, out, 64, 64)

    def test_target(self):
        from triton.backends.compiler import GPUTarget
        from triton.compiler import ASTSource
        source = ASTSource(wide_kernel, {"x": "*fp32", "out": "*fp32"})
        self.assertIn("tmjit", triton.compile(source, target=GPUTarget("tmjit", "apple", 32)).asm)
        with self.assertRaisesRegex(ValueError, "have 32 threads"):
            triton.compile(source, target=GPUTarget("tmjit", "apple", 64))

    def test_binary_only(self):
        from triton import knobs
        with knobs.compilation.scope():
            knobs.compilation.store_binary_only = True
            double_kernel.device_caches.clear()
            with self.assertRaisesRegex(NotImplementedError, "TRITON_STORE_BINARY_ONLY"):
                double((1,), block=128)


if __name__ == "__main__":
    unittest.main()
