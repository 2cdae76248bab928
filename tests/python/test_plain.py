# SPDX-License-Identifier: MIT
"""The package without Triton: load, reflect, launch, print; results against numpy."""
import array
import json
import os
import pathlib
import struct
import unittest

import need

need.modules("numpy")
import numpy as np

import tmjit

TESTS = pathlib.Path(__file__).resolve().parent.parent
CASES = TESTS / "ttir/cases"

METAL = """#include <metal_stdlib>
using namespace metal;
kernel void scale(device float *x [[buffer(0)]], constant float2 &by [[buffer(1)]],
                  constant uint &n [[buffer(2)]], uint i [[thread_position_in_grid]]) {
    if (i < n)
        x[i] = x[i] * by.x + by.y;
}
kernel void reverse(device const int *x [[buffer(0)]], device int *y [[buffer(1)]],
                    threadgroup int *t [[threadgroup(0)]],
                    uint i [[thread_position_in_threadgroup]],
                    uint n [[threads_per_threadgroup]]) {
    t[i] = x[i];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    y[i] = t[n - 1 - i];
}
"""
STRUCT = """struct P { float by; int more[2]; };
kernel void scale(device float *x [[buffer(0)]], constant P &p [[buffer(1)]],
                  uint i [[thread_position_in_grid]]) {
    x[i] = x[i] * p.by + p.more[0] + p.more[1];
}
"""


def metal():
    return tmjit.load_source(METAL, "metal", "two.metal")


class Air(unittest.TestCase):
    def setUp(self):
        self.kernel = tmjit.load(TESTS / "kernels/vector_add.ll")["vector_add"]

    def test_reflection(self):
        library = tmjit.load(TESTS / "kernels/vector_add.ll")
        self.assertEqual((len(library), list(library)), (1, ["vector_add"]))
        kinds = [argument.kind for argument in self.kernel.arguments]
        self.assertEqual(kinds, ["buffer"] * 3 + ["builtin"])
        last = self.kernel.arguments[2]
        self.assertEqual((last.scalar, last.is_written, last.location), ("f32", True, 2))

    def test_numpy(self):
        rng = np.random.default_rng(1)
        a, b = rng.random(1000, np.float32), rng.random(1000, np.float32)
        for options in ({}, {"engine": "interp"}, {"math": "fast"}, {"check_bounds": False}):
            out = np.zeros(1000, np.float32)
            self.kernel.launch(1000, (64,), a, b, out, **options)
            np.testing.assert_array_equal(out, a + b)
        out = np.zeros(1000, np.float32)
        self.kernel.launch((1000, 1, 1), None, a, b, **{self.kernel.arguments[2].name: out})
        np.testing.assert_array_equal(out, a + b)

    def test_buffer_protocol(self):
        a, out = array.array("f", [1, 2, 3]), bytearray(12)
        self.kernel.launch(3, None, memoryview(a), a, out)
        np.testing.assert_array_equal(np.frombuffer(out, np.float32), [2, 4, 6])

    def test_views(self):
        self.assertIn("kernel void vector_add", self.kernel.emit_msl())
        self.assertIn("define", self.kernel.emit("air"))
        self.assertEqual(self.kernel.emit("obj")[:4], b"\x7fELF")

    def test_bounds(self):
        a = np.ones(10, np.float32)
        with self.assertRaises(tmjit.BoundsError) as caught:
            self.kernel.launch(11, (32,), a, a, np.ones(20, np.float32))
        self.assertEqual(caught.exception.kernel, "vector_add")
        self.assertIn("40 bytes", caught.exception.message)
        self.assertIsInstance(caught.exception, IndexError)

    def refused(self, text, *args, grid=4, group=None, kind=tmjit.InvalidError, **named):
        with self.assertRaisesRegex(kind, text):
            self.kernel.launch(grid, group, *args, **named)

    def test_bad_arguments(self):
        f = np.ones(4, np.float32)
        fixed = np.ones(4, np.float32)
        fixed.flags.writeable = False
        self.refused("no value for", f, f)
        self.refused("4 arguments", f, f, f, f)
        self.refused("'z' is unknown", f, f, f, z=f)
        self.refused("given twice", f, f, f, **{self.kernel.arguments[0].name: f})
        self.refused("the array is f64", f, f, np.ones(4))
        self.refused("the array is i32", f, f, np.ones(4, np.int32))
        self.refused("read-only", f, f, fixed)
        self.kernel.launch(4, None, fixed, fixed, f)
        self.refused("contiguous", f, f, np.ones(8, np.float32)[::2])
        self.refused("int is no array", f, f, 1)
        self.refused("one to three numbers", f, f, f, grid=(1, 1, 1, 1))
        self.refused("one to three numbers", f, f, f, grid=-1)
        self.refused("one to three numbers", f, f, f, grid="ab")
        self.refused("one to three numbers", f, f, f, grid=4.0)
        self.kernel.launch(np.int64(4), np.array([4, 1]), f, f, f)
        self.refused("grid.x is 0", f, f, f, grid=0, group=1)
        self.refused("engine is 'gpu'", f, f, f, engine="gpu")

    def test_bad_files(self):
        with self.assertRaises(tmjit.NotFoundError):
            tmjit.load("no-such.ll")
        with self.assertRaises(tmjit.NotFoundError):
            tmjit.load(TESTS / "kernels/vector_add.ll")["other"]
        for suffix in ("metal", "cl", "ttir"):
            with self.assertRaisesRegex(tmjit.NotFoundError, f"no-such.{suffix}"):
                tmjit.load(f"no-such.{suffix}")
        with self.assertRaisesRegex(tmjit.InvalidError, "metal or ttir"):
            tmjit.load_source("", "msl")
        with self.assertRaises(tmjit.MalformedError) as caught:
            tmjit.load_memory(b"define what", "bad.ll")
        self.assertIn("bad.ll", str(caught.exception))
        with self.assertRaisesRegex(tmjit.InvalidError, "num_warps"):
            tmjit.load(TESTS / "kernels/vector_add.ll", num_warps=2)


class Metal(unittest.TestCase):
    def test_values(self):
        x = np.arange(8, dtype=np.float32)
        kernel = metal()["scale"]
        self.assertEqual([a.kind for a in kernel.arguments][:3], ["buffer", "value", "value"])
        kernel.launch(8, None, x, (2, 0.5), 6)
        np.testing.assert_array_equal(x, [0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 6, 7])
        kernel.launch(8, None, x, np.array([0, 1], np.float32), n=np.uint32([8]))
        np.testing.assert_array_equal(x, np.ones(8))
        for values, text in (((x, (1, 2, 3), 8), "'by' is float2; 3 numbers"),
                             ((x, (1, "a"), 8), "'by' is 'a'; a number"),
                             ((x, (1, 2), -1), "'n' is -1; 0 to 4294967295"),
                             ((x, (1, 2), 1 << 32), "'n' is 4294967296; 0 to"),
                             ((x, (1, 2), 1.5), "'n' is 1.5; an integer"),
                             ((x, (1, 2), np.float32(2)), "'n' is .*2.0.*; an integer")):
            with self.assertRaisesRegex(tmjit.InvalidError, text):
                kernel.launch(8, None, *values)
        kernel.launch(8, None, x, (0, np.float32(2)), np.int64(8))
        np.testing.assert_array_equal(x, np.full(8, 2))

    def test_threadgroup_memory(self):
        x, y = np.arange(64, dtype=np.int32), np.zeros(64, np.int32)
        metal()["reverse"].launch(64, 64, x, y, 256)
        np.testing.assert_array_equal(y, x[::-1])
        for length in (-1, 1 << 32, "256"):
            with self.assertRaisesRegex(tmjit.InvalidError, "'t' is"):
                metal()["reverse"].launch(64, 64, x, y, length)

    def test_struct(self):
        kernel = tmjit.load_source(STRUCT, "metal")["scale"]
        (p,) = (each for each in kernel.arguments if each.name == "p")
        self.assertEqual([(each.name, each.type_name, each.byte_offset, each.array_len)
                          for each in p.fields],
                         [("by", "float", 0, 0), ("more", "int", 4, 2)])
        x = np.ones(2, np.float32)
        kernel.launch(2, None, x, struct.pack("<fii", 2.5, 3, 4))
        np.testing.assert_array_equal(x, [9.5, 9.5])
        with self.assertRaisesRegex(tmjit.InvalidError, "dict is no array"):
            kernel.launch(2, None, x, {"by": 1})

    def test_standard(self):
        text = "#if __METAL_VERSION__ != 310\n#error other\n#endif\n" + METAL
        for name in ("3.1", "metal3.1"):
            self.assertEqual(len(tmjit.load_source(text, "metal", standard=name)), 2)
        with self.assertRaisesRegex(tmjit.MalformedError, "other"):
            tmjit.load_source(text, "metal")
        for language, name in (("metal", "metal99"), ("opencl", "3.1"), ("ttir", "3.1")):
            with self.assertRaisesRegex(tmjit.InvalidError, f"standard is '{name}'"):
                tmjit.load_source(text, language, standard=name)

    def test_repr(self):
        library = metal()
        self.assertEqual(repr(library), "<tmjit.Library, kernels: 2>")
        self.assertEqual(repr(library["reverse"]),
                         "<tmjit.Kernel reverse(x: int, y: int, t: int)>")

    def test_source_error(self):
        with self.assertRaises(tmjit.MalformedError) as caught:
            tmjit.load_source("kernel void f( {", "metal", "bad.metal")
        self.assertTrue(caught.exception.file.endswith("bad.metal"))
        self.assertEqual(caught.exception.line, 1)


class Constants(unittest.TestCase):
    def setUp(self):
        self.kernel = tmjit.load(TESTS / "run/function-constants-optional.ll")["k"]

    def test_reflection(self):
        self.assertEqual([(each.name, each.index, each.type_name, each.is_required)
                          for each in self.kernel.constants],
                         [("use_bias", 0, "bool", True), ("scale", 1, "float", False)])
        self.assertEqual([each.name for each in self.kernel.arguments if each.is_optional],
                         ["bias", "other"])

    def test_values(self):
        """The command's results, of tests/run; arguments that are off are not there."""
        out = np.arange(4, dtype=np.float32)
        self.kernel.launch(4, None, out, np.full(4, 100, np.float32), constants={0: False})
        np.testing.assert_array_equal(out, [102, 104, 106, 108])
        for constants in ({"use_bias": True, "scale": 10}, {0: 1, 1: np.float32(10)}):
            out = np.arange(4, dtype=np.float32)
            self.kernel.launch(4, None, out, np.ones(4, np.float32), constants=constants)
            np.testing.assert_array_equal(out, [11, 21, 31, 41])

    def test_refused(self):
        x = np.ones(4, np.float32)
        for constants, text in (({}, "'use_bias' .* has no value"),
                                ({"bias": 1}, "'bias' is unknown.*has use_bias .index 0, bool"),
                                ({7: 1}, "constant 7 is unknown"),
                                ({0: True, "use_bias": True}, "'use_bias' is given twice"),
                                ({0: 2}, "'use_bias' is 2; True or False"),
                                ({0: True, 1: (1, 2)}, "is float; 2 numbers"),
                                ({0: True, 1: "x"}, "is 'x'; a number")):
            with self.assertRaisesRegex(tmjit.InvalidError, text):
                self.kernel.launch(4, None, x, x, constants=constants)
        with self.assertRaisesRegex(tmjit.InvalidError, "no value for bias; .* has out, bias"):
            self.kernel.launch(4, None, x, constants={0: True})


class Triton(unittest.TestCase):
    """The case's result is what an NVIDIA GPU gave."""

    def test_ttir(self):
        folder = CASES / "vector_add"
        case = json.loads((folder / "case.json").read_text())
        for warps in (1, 4):
            kernel = tmjit.load(folder / "kernel.ttir", num_warps=warps)["vector_add"]
            values, outs = {}, []
            for arg in case["args"]:
                if arg["kind"] == "scalar":
                    values[arg["name"]] = arg["value"]
                    continue
                values[arg["name"]] = np.load(folder / arg["in"])
                if "out" in arg:
                    outs.append((values[arg["name"]], np.load(folder / arg["out"])))
            kernel.launch(case["grid"], None, **values)
            for out, wanted in outs:
                np.testing.assert_allclose(out, wanted, rtol=1e-6)
            with self.assertRaisesRegex(tmjit.InvalidError, "num_warps"):
                kernel.launch(case["grid"], 32, **values)


class Process(unittest.TestCase):
    def test_fork(self):
        """A child makes a context of its own."""
        a = np.ones(64, np.float32)
        path = TESTS / "kernels/vector_add.ll"
        tmjit.load(path)["vector_add"].launch(64, None, a, a, a.copy())
        child = os.fork()
        if not child:
            out = np.zeros(64, np.float32)
            tmjit.load(path)["vector_add"].launch(64, None, a, a, out)
            os._exit(0 if (out == 2).all() else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)


if __name__ == "__main__":
    need.run()
