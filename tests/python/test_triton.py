# SPDX-License-Identifier: MIT
"""Unmodified Triton kernels on CPU tensors, against torch."""
import os
import unittest
import unittest.mock
import warnings

import need

need.modules("torch", "triton")
os.environ["TMJIT_DEVICE"] = "sim"

import torch
import triton
import triton.language as tl
from triton.runtime.errors import OutOfResources
from triton_kernels import add_kernel, descriptor_kernel, matmul_kernel, softmax_kernel

import tmjit
import tmjit.config


tuned_matmul = triton.autotune(
    configs=[triton.Config({"BM": 32, "BN": 32, "BK": 16}, num_warps=4),
             triton.Config({"BM": 16, "BN": 16, "BK": 32}, num_warps=1)],
    key=["M", "N", "K"])(matmul_kernel)


@triton.jit
def scalars_kernel(out, i, u, f, h: tl.float16, b, none, pair, one):
    tl.store(out + 0, i.to(tl.float32))
    tl.store(out + 1, (u >> 60).to(tl.float32))
    tl.store(out + 2, f)
    tl.store(out + 3, h.to(tl.float32))
    tl.store(out + 4, tl.where(b, 1.0, 0.0))
    tl.store(out + 5, 1.0 if none is None else 0.0)
    tl.store(out + 6, tl.load(pair[0]) + pair[1])
    tl.store(out + 7, one * 1.0)


@triton.jit
def assert_kernel(x):
    value = tl.load(x)
    tl.device_assert(value > 0, "not positive")
    tl.store(x, value + 1)


@triton.jit
def table_kernel(table, out, n, BLOCK: tl.constexpr):
    part = tl.load(table + tl.program_id(0)).to(tl.pointer_type(tl.float32))
    i = tl.arange(0, BLOCK)
    tl.store(out + tl.program_id(0) * n + i, tl.load(part + i, i < n), i < n)


@triton.jit
def transpose_kernel(x, out, N: tl.constexpr):
    i = tl.arange(0, N)
    at = i[:, None] * N + i[None, :]
    tl.store(out + at, tl.sort(tl.load(x + at).trans(), 1))


@triton.jit
def const_kernel(x: tl.const, out):
    i = tl.arange(0, 16)
    tl.store(out + i, tl.load(x + i) + 1)


def run_add(n, block=1024, dtype=torch.float32, **options):
    torch.manual_seed(1)
    x, y = torch.randn(n).to(dtype), torch.randn(n).to(dtype)
    out = torch.full((n,), float("nan"), dtype=dtype)
    kernel = add_kernel[(triton.cdiv(n, block),)](x, y, out, n, block, **options)
    return kernel, out, x + y


class Results(unittest.TestCase):
    def test_active(self):
        self.assertEqual(triton.runtime.driver.active.get_current_target().backend, "tmjit")

    def test_vector_add(self):
        for dtype in (torch.float32, torch.float16, torch.bfloat16):
            for n in (1, 1000, 4096):
                _, out, wanted = run_add(n, dtype=dtype)
                self.assertTrue(torch.equal(out, wanted), (dtype, n))

    def test_warps_engine_and_math(self):
        for warps in (1, 2, 8, 32):
            self.assertTrue(torch.equal(*run_add(3000, num_warps=warps)[1:]), warps)
        self.assertTrue(torch.equal(*run_add(3000, engine="interp")[1:]))
        self.assertTrue(torch.equal(*run_add(3000, math="fast")[1:]))

    def test_softmax(self):
        torch.manual_seed(2)
        x = torch.randn(7, 1000)
        out = torch.empty_like(x)
        softmax_kernel[(7,)](x, out, x.stride(0), 1000, BLOCK=1024)
        torch.testing.assert_close(out, torch.softmax(x, 1), rtol=1e-5, atol=1e-7)

    def test_matmul_tuned(self):
        torch.manual_seed(3)
        for m, n, k in ((64, 64, 64), (33, 70, 50)):
            a, b, c = torch.randn(m, k), torch.randn(k, n), torch.empty(m, n)
            tuned_matmul[lambda meta, m=m, n=n: (triton.cdiv(m, meta["BM"]),
                                                 triton.cdiv(n, meta["BN"]))](a, b, c, m, n, k)
            torch.testing.assert_close(c, a @ b, rtol=1e-4, atol=1e-4)

    def test_scalars(self):
        out = torch.empty(8)
        pair = (torch.tensor([2.5]), 3)
        scalars_kernel[(1,)](out, -7, (1 << 63) | 5, 0.1, 1.0009765625, True, None, pair, 1)
        wanted = torch.tensor([-7, 8, 0.1, 1.0009765625, 1, 1, 5.5, 1])
        self.assertTrue(torch.equal(out, wanted), out)

    def test_descriptor(self):
        from triton.tools.tensor_descriptor import TensorDescriptor
        x = torch.arange(32.0 * 16).reshape(32, 16)
        out = torch.empty_like(x)
        descriptor_kernel[(4,)](TensorDescriptor.from_tensor(x, [8, 16]),
                                TensorDescriptor.from_tensor(out, [8, 16]), 8, 16)
        self.assertTrue(torch.equal(out, x * 2))

    def test_views(self):
        """A pointer in the middle of a storage, and tensors that share one."""
        memory = torch.zeros(300)
        memory[:200] = torch.arange(200.0)
        add_kernel[(1,)](memory[:100], memory[100:], memory[200:], 100, 128)
        self.assertTrue(torch.equal(memory[200:], memory[:100] + memory[100:200]))

    def test_const(self):
        x, out = torch.arange(16.0), torch.zeros(16)
        const_kernel[(1,)](x, out)
        self.assertTrue(torch.equal(out, x + 1))

    def test_pointer_table(self):
        """Addresses in a tensor lead to all tensors that are alive, and nowhere else."""
        parts = [torch.full((50,), float(i)) for i in range(3)]
        table = torch.tensor([part.data_ptr() for part in parts])
        out = torch.empty(3, 50)
        table_kernel[(3,)](table, out, 50, BLOCK=64)
        self.assertTrue(torch.equal(out, torch.stack(parts)))
        table[1] += 4
        with self.assertRaisesRegex(tmjit.BoundsError, "of no buffer of this launch"):
            table_kernel[(3,)](table, out, 50, BLOCK=64)

    def test_grid_of_nothing(self):
        x = torch.ones(4)
        add_kernel[(0,)](x, x, x, 4, 4)
        self.assertTrue(torch.equal(x, torch.ones(4)))

    def test_kernel_object(self):
        kernel, _, _ = run_add(1000)
        self.assertIn("tt.load", kernel.asm["ttir"])
        self.assertEqual(kernel.metadata.shared, 0)
        self.assertGreater(kernel.n_regs, 0)
        out = torch.zeros(8)
        kernel[(1, 1, 1)](torch.ones(8), torch.ones(8), out, 8, 1024)
        self.assertTrue(torch.equal(out, torch.full((8,), 2.0)))

    def test_cache_key(self):
        """What another package or another library made is not taken from Triton's cache."""
        from tmjit.triton import compiler
        from triton.backends.compiler import GPUTarget
        backend = compiler.TmjitBackend(GPUTarget("tmjit", "apple", 32))
        before = backend.hash()
        with unittest.mock.patch.object(compiler.pathlib.Path, "read_bytes", lambda _: b"other"):
            compiler._identity.cache_clear()
            self.assertNotEqual(backend.hash(), before)
        compiler._identity.cache_clear()
        self.assertEqual(backend.hash(), before)

    def test_hooks(self):
        from triton import knobs
        seen = []
        enter = lambda metadata: seen.append(("enter", metadata.get()["name"]))
        leave = lambda metadata: seen.append(("exit", metadata.get()["name"]))
        knobs.runtime.launch_enter_hook.add(enter)
        knobs.runtime.launch_exit_hook.add(leave)
        try:
            run_add(100)
        finally:
            knobs.runtime.launch_enter_hook.remove(enter)
            knobs.runtime.launch_exit_hook.remove(leave)
        self.assertEqual(seen, [("enter", "add_kernel"), ("exit", "add_kernel")])

    def test_do_bench(self):
        x = torch.ones(1000)
        run = lambda: add_kernel[(1,)](x, x, x, 1000, 1024)
        self.assertGreater(triton.testing.do_bench(run, warmup=1, rep=2), 0)

    def test_first_configuration(self):
        """TMJIT_DISABLE_AUTOTUNING: nothing is timed."""
        with unittest.mock.patch.dict(os.environ, TMJIT_DISABLE_AUTOTUNING="1"):
            tmjit.config.forget()
            tuned = triton.autotune(configs=[triton.Config({"BLOCK": size}) for size in (1, 2048)],
                                    key=["n"])(add_kernel)
            x, out = torch.ones(2048), torch.zeros(2048)
            tuned[lambda meta: (triton.cdiv(2048, meta["BLOCK"]),)](x, x, out, 2048)
        tmjit.config.forget()
        self.assertEqual(tuned.best_config.kwargs["BLOCK"], 1)  # the slowest
        self.assertTrue(torch.equal(out, x * 2))


class Errors(unittest.TestCase):
    def check_line(self, error, file, text):
        """The error names this file and the line that has `text`."""
        self.assertEqual(os.path.basename(error.file), os.path.basename(file))
        with open(error.file, encoding="utf-8") as source:
            self.assertIn(text, source.read().split("\n")[error.line - 1])

    def test_bounds(self):
        x = torch.ones(100)
        with self.assertRaises(tmjit.BoundsError) as caught:
            add_kernel[(1,)](x, x, torch.empty(50), 100, 128)
        self.assertIn("buffer 'out' (200 bytes)", str(caught.exception))
        self.check_line(caught.exception, "triton_kernels.py",
                        "tl.store(out + i, tl.load(x + i, mask)")

    def test_assert(self):
        with self.assertRaises(tmjit.TrapError) as caught:
            assert_kernel[(1,)](torch.tensor([-1.0]), debug=True)
        self.check_line(caught.exception, __file__, "tl.device_assert")
        x = torch.tensor([1.0])
        assert_kernel[(1,)](x, debug=True)
        self.assertEqual(x.item(), 2)

    def test_options(self):
        for warps in (0, 3, 64):
            with self.assertRaisesRegex(AssertionError, f"power of 2.* it is {warps}"):
                run_add(100, num_warps=warps)
        for options, text in (({"num_ctas": 2}, "num_ctas is 2"),
                              ({"engine": "gpu"}, "simd or interp")):
            with self.assertRaisesRegex(ValueError, text):
                run_add(100, **options)
        with self.assertRaisesRegex(KeyError, "colour"):
            run_add(100, colour=1)

    def test_other_device(self):
        x = torch.ones(4)
        with self.assertRaisesRegex(tmjit.InvalidError, "'y' of .* is a tensor on device 'meta'"):
            add_kernel[(1,)](x, torch.ones(4, device="meta"), x, 4, 4)

    def test_out_of_resources(self):
        x = torch.randn(256, 256)
        with self.assertRaisesRegex(OutOfResources, "shared memory"):
            transpose_kernel[(1,)](x, x, 256)

    def test_grid_too_large(self):
        x = torch.ones(4)
        with self.assertRaisesRegex(tmjit.InvalidError, "4294967295"):
            add_kernel[(1 << 26,)](x, x, x, 4, 4)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    need.run()
