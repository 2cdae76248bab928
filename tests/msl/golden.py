# SPDX-License-Identifier: MIT
"""Compares Metal prints with the golden files beside this script, or rewrites them.

    golden.py TMJIT          compares; status 1 and a diff where they are not the same
    golden.py TMJIT --write  rewrites and shows the difference

With --opencl those of OpenCL C, NAME.cl.KERNEL.metal, which need clang.
"""
import difflib
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SOURCES = ["tests/kernels/vector_add.ll"] + [
    f"tools/bench/kernels/{name}.ll"
    for name in ("black_scholes gelu histogram layer_norm mandelbrot nbody saxpy scan "
                 "sgemm_matrix sgemm_tiled softmax stencil sum transpose").split()
] + [
    f"tests/run/{name}.ll"
    for name in ("barrier-in-loop break-to-outer-loop loop-carried-swap loop-with-two-exits "
                 "live-out-of-divergent-loop switch-divergent").split()
]
OPENCL = ["tests/opencl/vector-add.cl"] + [
    f"tools/bench/kernels/{name}.cl" for name in "saxpy sum histogram stencil transpose".split()
]


def kernels_of(tmjit, source):
    info = subprocess.run([tmjit, "info", source], cwd=ROOT, capture_output=True, text=True,
                          check=True).stdout
    return [line.split()[1] for line in info.splitlines() if line.startswith("kernel ")]


def main():
    tmjit, is_write = sys.argv[1], "--write" in sys.argv
    failed = False
    for source in OPENCL if "--opencl" in sys.argv else SOURCES:
        path = pathlib.Path(source)
        stem = path.name if path.suffix == ".cl" else path.stem
        for kernel in kernels_of(tmjit, source):
            run = [tmjit, "emit", source, "--entry", kernel, "--as", "msl"]
            texts = [subprocess.run(run, cwd=ROOT, capture_output=True, text=True,
                                    check=True).stdout for _ in range(2)]
            golden = HERE / f"{stem}.{kernel}.metal"
            old = golden.read_text() if golden.exists() else ""
            if texts[0] != texts[1]:
                print(f"{source}: two prints of {kernel} differ")
                failed = True
            if texts[0] == old:
                continue
            sys.stdout.writelines(difflib.unified_diff(
                old.splitlines(True), texts[0].splitlines(True), str(golden.name), "printed"))
            if is_write:
                golden.write_text(texts[0])
            else:
                failed = True
    return int(failed)


sys.exit(main())
