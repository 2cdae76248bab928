# SPDX-License-Identifier: MIT
"""Kernels in the form of mx.fast.metal_kernel: the text that MLX makes of the pieces is compiled
and run. MLX writes it where it is installed, without Metal by exporting; else `assemble`, which
must agree with it."""
import importlib.util
import json
import pathlib
import re
import tempfile
import unittest

import need

need.modules("numpy")
import numpy as np

import tmjit
from tmjit import mlx

HAS_MLX = importlib.util.find_spec("mlx") is not None
CASES = pathlib.Path(__file__).resolve().parent.parent / "ttir/cases"
# What MLX puts before all kernels, as far as signatures use it.
PRELUDE = "#include <metal_stdlib>\nusing namespace metal;\ntypedef half float16_t;\n" \
          "typedef bfloat bfloat16_t;\n"
METAL = """#include <metal_stdlib>
using namespace metal;
struct pair { float a; float b; };
static float twice(float x) { return x * 2; }
kernel void affine(device const float4 *x [[buffer(0)]], device float4 *y [[buffer(1)]],
                   constant float2 &by [[buffer(2)]], constant uint &n [[buffer(3)]],
                   constant int &x_shape [[buffer(4)]],
                   uint i [[thread_position_in_grid]]) {
    float grid_size = by.y + x_shape;
    if (i < n)
        y[i] = x[i] * by.x + grid_size;
}
kernel void reverse(device const half *x [[buffer(0)]], device half *y [[buffer(1)]],
                    threadgroup half *t [[threadgroup(0)]],
                    ushort2 i [[thread_position_in_threadgroup]],
                    uint3 threads_per_threadgroup [[threads_per_threadgroup]],
                    uint2 thread_position_in_grid [[thread_position_in_grid]]) {
    t[i.x] = x[thread_position_in_grid.x];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    y[thread_position_in_grid.x] = t[threads_per_threadgroup.x - 1 - i.x];
}
kernel void count(device const uint *x [[buffer(0)]], device atomic_uint *bins [[buffer(1)]],
                  uint i [[thread_position_in_grid]]) {
    atomic_fetch_add_explicit(&bins[x[i] % 8], 1u, memory_order_relaxed);
}
kernel void update(device float *x [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    x[i] += 1;
}
kernel void structs(device const pair *x [[buffer(0)]], device float *y [[buffer(1)]],
                    uint i [[thread_position_in_grid]]) {
    y[i] = x[i].a;
}
kernel void reads(device const float *x [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    if (x[i] > 1e30)
        threadgroup_barrier(mem_flags::mem_none);
}
"""
TYPES = {"bool": "bool", "float16": "float16_t", "float32": "float"}


def assemble(pieces, inputs, outputs):
    """The kernel as MLX's documentation describes it, by the types and shapes of arrays."""
    params = []
    for name, array in zip(pieces["input_names"], inputs):
        kind = TYPES.get(array.dtype.name, array.dtype.name + "_t")
        params.append(f"  const {'constant' if array.size < 8 else 'device'} {kind}"
                      f"{'*' if array.ndim else '&'} {name} [[buffer({len(params)})]]")
        for end, kind in (("_shape", "int*"), ("_strides", "int64_t*"), ("_ndim", "int&")):
            if array.ndim and name + end in pieces["source"]:
                params.append(f"  const constant {kind} {name + end} [[buffer({len(params)})]]")
    for name, array in zip(pieces["output_names"], outputs):
        kind = TYPES.get(array.dtype.name, array.dtype.name + "_t")
        kind = f"atomic<{kind}>" if pieces["atomic_outputs"] else kind
        params.append(f"  device {kind}* {name} [[buffer({len(params)})]]")
    for name in sorted(mlx._POSITIONS):
        if name in pieces["source"]:
            kind = ("uint", "uint3")[mlx._POSITIONS[name] == 3]
            params.append(f"  {kind} {name} [[{name}]]")
    return f"{pieces['header']}[[kernel]] void NAME(\n" + ",\n".join(params) + ") {\n" \
        f"{pieces['source']}\n}}\n"


def exported(pieces, inputs, outputs, grid, group):
    """The same by MLX itself, out of an exported function."""
    import mlx.core as mx

    def function(*arrays):
        kernel = mx.fast.metal_kernel(**pieces)
        return kernel(inputs=list(arrays), output_shapes=[out.shape for out in outputs],
                      output_dtypes=[getattr(mx, out.dtype.name) for out in outputs], grid=grid,
                      threadgroup=group, stream=mx.gpu)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "kernel.mlxfn"
        mx.export_function(str(path), function, *map(mx.array, inputs))
        data = path.read_bytes()
    at = data.index(pieces["header"].encode())
    text = data[at:data.index(b"\n}\n", data.index(b"[[kernel]]", at)) + 3].decode()
    body = text.index(pieces["source"])  # the first "\n}\n" may be a function's of the header
    return re.sub(r"custom_kernel_\w+", "NAME", text[:body]) + text[body:]


class Pieces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = tmjit.load_source(METAL, "metal", "mlx.metal")

    def run_pieces(self, pieces, inputs, outputs, grid, group):
        text = assemble(pieces, inputs, outputs)
        if HAS_MLX:
            self.assertEqual(exported(dict(pieces), inputs, outputs, (grid, 1, 1), (group, 1, 1)),
                             text)
        kernel = tmjit.load_source(PRELUDE + text, "metal", "made.metal", standard="metal3.1")["NAME"]
        values = dict(zip(pieces["input_names"] + pieces["output_names"], [*inputs, *outputs]))
        for argument in kernel.arguments:
            if argument.name.endswith("_shape") and argument.name not in values:
                values[argument.name] = np.array(
                    values[argument.name.removesuffix("_shape")].shape, np.int32)
        kernel.launch(grid, group, **values)

    def test_values(self):
        x, y = np.arange(64, dtype=np.float32), np.zeros(64, np.float32)
        pieces = tmjit.mlx_source(self.library["affine"])
        self.assertEqual(pieces["input_names"], ["x_in", "by_in", "n", "xshape"])
        self.assertEqual(pieces["output_names"], ["y_out"])
        self.assertEqual(pieces.dtypes, {"x_in": "float32", "by_in": "float32", "n": "uint32",
                                         "xshape": "int32", "y_out": "float32"})
        self.assertEqual((pieces.counts, pieces.threadgroup), ({"by_in": 2}, None))
        self.run_pieces(pieces, [x, np.array([3, 0.5], np.float32), np.uint32(15).reshape(()),
                                 np.int32(2).reshape(())], [y], 16, 8)
        wanted = 3 * x + 2.5
        wanted[60:] = 0
        np.testing.assert_array_equal(y, wanted)

    def test_threadgroup_memory(self):
        x, y = np.arange(64, dtype=np.float16), np.zeros(64, np.float16)
        pieces = tmjit.mlx_source(self.library["reverse"], threadgroup_bytes={"t": 64})
        self.run_pieces(pieces, [x], [y], 64, 32)
        np.testing.assert_array_equal(y, x.reshape(2, 32)[:, ::-1].ravel())

    def test_atomic(self):
        x, bins = np.arange(100, dtype=np.uint32) ** 2, np.zeros(8, np.uint32)
        pieces = tmjit.mlx_source(self.library["count"], outputs=["bins"])
        self.assertTrue(pieces["atomic_outputs"])
        self.run_pieces(pieces, [x], [bins], 100, 32)
        np.testing.assert_array_equal(bins, np.bincount(x % 8, minlength=8))

    def test_triton(self):
        """A kernel of Triton: programs are threadgroups; results are an NVIDIA GPU's."""
        folder = CASES / "vector_add"
        case = json.loads((folder / "case.json").read_text())
        kernel = tmjit.load(folder / "kernel.ttir", num_warps=2)["vector_add"]
        pieces = tmjit.mlx_source(kernel)
        self.assertEqual(pieces.threadgroup, (64, 1, 1))
        args = {arg["name"]: arg for arg in case["args"]}
        inputs = [np.load(folder / args[name]["in"]) if "in" in args[name] else
                  np.array(args[name]["value"], pieces.dtypes[name])
                  for name in pieces["input_names"]]
        wanted = [np.load(folder / args[name]["out"]) for name in pieces["output_names"]]
        outputs = [np.load(folder / args[name]["in"]) for name in pieces["output_names"]]
        self.run_pieces(pieces, inputs, outputs, case["grid"][0] * 64, 64)
        for got, right in zip(outputs, wanted):
            np.testing.assert_allclose(got, right, rtol=1e-6)

    def refused(self, text, name, **options):
        with self.assertRaisesRegex(tmjit.UnsupportedError, f"kernel '{name}': .*{text}"):
            tmjit.mlx_source(self.library[name], **options)

    def test_refused(self):
        self.refused("buffer 'x' is read and written", "update")
        self.refused("no buffer 'z'; it has x", "update", outputs=["z"])
        self.refused("has no length of 't'", "reverse")
        self.refused("names 's', which it has not", "reverse", threadgroup_bytes={"t": 64, "s": 1})
        self.refused("argument 'x' is of type 'pair'", "structs")
        self.refused("it writes no buffer", "reads")
        updates = tmjit.mlx_source(self.library["update"], outputs=["x"])
        self.assertEqual((updates["input_names"], updates["output_names"]), ([], ["x"]))


if __name__ == "__main__":
    need.run()
