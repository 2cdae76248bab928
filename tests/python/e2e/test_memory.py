# SPDX-License-Identifier: MIT
"""Random numbers, atomics, and what goes wrong: an error names the line of this file."""
import contextlib
import io
import os
import subprocess
import sys
import unittest

import numpy as np
import triton
import triton.language as tl
from data import WARPS, normal, unset

import tmjit


@triton.jit
def dropout_kernel(x, out, n, p, seed, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    kept = tl.rand(seed, i) > p
    tl.store(out + i, tl.where(kept, tl.load(x + i, i < n) / (1 - p), 0.0), i < n)


@triton.jit
def atomics_kernel(keys, counts, sums, largest, smallest, bits, order, n, BLOCK: tl.constexpr):
    """A histogram, and the place of each key among the equal ones in `order`."""
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = i < n
    key = tl.load(keys + i, mask, 0)
    tl.store(order + i, tl.atomic_add(counts + key, 1, mask), mask)
    tl.atomic_add(sums + key, 0.5 * i, mask, sem="relaxed")
    tl.atomic_max(largest + key, i.to(tl.float32), mask)
    tl.atomic_min(smallest + key, i, mask)
    tl.atomic_or(bits + key, 1 << (i % 31), mask)


@triton.jit
def take_kernel(tickets, owner, n):
    """Each program takes the first free slot: a compare-and-swap loop over all."""
    mine, slot = tl.program_id(0) + 1, 0
    while tl.atomic_cas(owner + slot, 0, mine) != 0:
        slot += 1
    tl.store(tickets + tl.program_id(0), slot)


@triton.jit
def gather_kernel(x, at, out, n, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    place = tl.load(at + i, i < n, 0)
    tl.device_assert(place >= 0, "a place below 0")
    tl.store(out + i, tl.load(x + place, i < n), i < n)


@triton.jit
def assembly_kernel(x):
    i = tl.arange(0, 32)
    old = tl.load(x + i)
    new = tl.inline_asm_elementwise("add.f32 $0, $1, $1;", "=f,f", [old], tl.float32, True, 1)
    tl.store(x + i, new)


def philox(seed, counters):
    """The first word of Philox4x32-10 (Salmon et al. 2011) for counters (c, 0, 0, 0)."""
    word = np.uint64(0xffffffff)
    c = [counters.astype(np.uint64)] + [np.zeros(len(counters), np.uint64) for _ in range(3)]
    keys = [seed & 0xffffffff, seed >> 32]
    for _ in range(10):
        a, b = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [(b >> np.uint64(32)) ^ c[1] ^ np.uint64(keys[0]), b & word,
             (a >> np.uint64(32)) ^ c[3] ^ np.uint64(keys[1]), a & word]
        keys = [(keys[0] + 0x9E3779B9) & 0xffffffff, (keys[1] + 0xBB67AE85) & 0xffffffff]
    return c[0].astype(np.uint32)


class Results(unittest.TestCase):
    def test_dropout(self):
        n, p, seed = 2500, 0.3, 123456789
        x = normal(31, n)
        bits = philox(seed, np.arange(n)).astype(np.int32)
        uniform = np.where(bits < 0, -bits - 1, bits).astype(np.float32) * np.float32(4.6566127342e-10)
        kept = uniform > np.float32(p)
        self.assertTrue(0.65 < kept.mean() < 0.75)
        for options in WARPS:
            out = unset(n)
            dropout_kernel[(triton.cdiv(n, 512),)](x, out, n, p, seed, BLOCK=512, **options)
            np.testing.assert_array_equal(out != 0, kept)
            np.testing.assert_allclose(out[kept], x[kept] / 0.7, rtol=1e-6)

    def test_atomics(self):
        n, keys = 3000, 17
        key = np.random.default_rng(32).integers(0, keys, n).astype(np.int32)
        place = np.arange(n)
        for options in WARPS:
            counts, bits = (np.zeros(keys, np.int32) for _ in range(2))
            sums, largest = (np.zeros(keys, np.float32) for _ in range(2))
            smallest, order = np.full(keys, n, np.int32), unset(n, dtype=np.int32)
            atomics_kernel[(triton.cdiv(n, 256),)](key, counts, sums, largest, smallest,
                                                   bits, order, n, BLOCK=256, **options)
            for k in range(keys):
                mine = place[key == k]
                self.assertEqual(counts[k], len(mine))
                self.assertEqual(sums[k], 0.5 * mine.sum())  # below 2^24: exact
                self.assertEqual((largest[k], smallest[k]), (mine.max(), mine.min()))
                self.assertEqual(bits[k], np.bitwise_or.reduce(1 << (mine % 31)))
                self.assertEqual(sorted(order[mine]), list(range(len(mine))))

    def test_compare_and_swap(self):
        n = 40
        for options in WARPS:
            tickets, owner = unset(n, dtype=np.int32), np.zeros(n, np.int32)
            take_kernel[(n,)](tickets, owner, n, **options)
            self.assertEqual(sorted(tickets), list(range(n)))
            np.testing.assert_array_equal(owner[tickets], np.arange(n) + 1)

    def test_second_process(self):
        """A kernel compiled once comes from the cache in another process: no stage runs."""
        code = ("import test_memory as t, tmjit.triton.compiler as c\n"
                "def stage(*_): raise RuntimeError('compiled again')\n"
                "c.make_ttir = stage if %r else c.make_ttir\n"
                "out = t.unset(2)\n"
                "t.gather_kernel[(1,)](t.np.float32([5, 6]), t.np.int32([1, 0]), out,"
                " 2, BLOCK=64)\n"
                "print(out.tolist())")
        for is_cached in (False, True):
            run = subprocess.run([sys.executable, "-c", code % is_cached], check=False, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 cwd=os.path.dirname(__file__))
            self.assertEqual(run.stdout.strip(), "[6.0, 5.0]")


class Errors(unittest.TestCase):
    def check(self, kind, text, line, launch):
        """`launch` raises `kind` that says `text`, at the line of this file that has `line`."""
        with self.assertRaisesRegex(kind, text) as caught:
            launch()
        error = caught.exception
        with open(__file__, encoding="utf-8") as file:
            lines = file.read().split("\n")
        self.assertEqual(os.path.basename(error.file), os.path.basename(__file__))
        self.assertIn(line, lines[error.line - 1])

    def gather(self, places, **options):
        out = unset(len(places))
        gather_kernel[(1,)](normal(33, 50), np.array(places, np.int32), out, len(places), BLOCK=32, **options)
        return out

    def test_bounds(self):
        np.testing.assert_array_equal(self.gather([49, 3]), normal(33, 50)[[49, 3]])
        for options in (*WARPS, {"engine": "interp"}):
            self.check(tmjit.BoundsError, r"load of 4 bytes at byte offset 200 of buffer 'x' \(200",
                       "tl.load(x + place", lambda: self.gather([1, 50], **options))

    def test_assert(self):
        for options in (*WARPS, {"engine": "interp"}):
            with contextlib.redirect_stderr(io.StringIO()) as printed:
                self.check(tmjit.TrapError, "a place below 0", "tl.device_assert",
                           lambda: self.gather([1, -3], debug=True, **options))
            self.assertIn("(1, 0, 0)", printed.getvalue())  # the thread

    def test_refused(self):
        self.check(tmjit.UnsupportedError, "tt.elementwise_inline_asm", "tl.inline_asm_elementwise",
                   lambda: assembly_kernel[(1,)](normal(34, 32)))


if __name__ == "__main__":
    unittest.main()
