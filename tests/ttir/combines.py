#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scans and reductions of blocks along every axis against numpy, in both engines.

    combines.py --tmjit TMJIT [--shown]

One kernel a shape and axis: sums in either direction, the recurrence y = a y + b of two operands
(its steps do not commute) in either direction, the sum, and the largest number with its place.
Numbers are 32 bits wide and wrap, so that every result must be equal. SIMD-groups, of which there are
1, 2, 4, 8 or two of these numbers, run in another order than their own.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

# a block and an axis: in one thread, in lanes, over SIMD-groups, more elements than threads
CASES = [((1,), 0), ((2,), 0), ((32,), 0), ((256,), 0), ((2048,), 0), ((16, 64), 0), ((16, 64), 1),
         ((4, 512), 1), ((512, 2), 0), ((8, 1), 1), ((4, 8, 16), 0), ((4, 8, 16), 1),
         ((2, 2, 128), 2)]
WARPS = (1, 2, 4, 8)

SCAN_SUM = """({{
    ^bb0(%p: i32, %q: i32):
      %s = arith.addi %p, %q : i32
      tt.{op}.return %s : i32
    }})"""
RECURRENCE = """({
    ^bb0(%a0: i32, %b0: i32, %a1: i32, %b1: i32):
      %a2 = arith.muli %a0, %a1 : i32
      %m = arith.muli %b0, %a1 : i32
      %b2 = arith.addi %m, %b1 : i32
      tt.scan.return %a2, %b2 : i32, i32
    })"""
LARGEST = """({
    ^bb0(%v0: i32, %i0: i32, %v1: i32, %i1: i32):
      %gt = arith.cmpi sgt, %v0, %v1 : i32
      %eq = arith.cmpi eq, %v0, %v1 : i32
      %lt = arith.cmpi slt, %i0, %i1 : i32
      %el = arith.andi %eq, %lt : i1
      %take = arith.ori %gt, %el : i1
      %v = arith.select %take, %v0, %v1 : i32
      %i = arith.select %take, %i0, %i1 : i32
      tt.reduce.return %v, %i : i32, i32
    })"""


def tensor(shape, elem):
    return f"tensor<{'x'.join(map(str, shape))}x{elem}>" if shape else elem


def access(name, shape):
    """Text and name of the pointers to all elements of a row-major buffer."""
    size, pointer = int(np.prod(shape)), "!tt.ptr<i32>"
    if not shape:
        return "", f"%{name}", pointer
    flat, one, own = tensor([size], "i32"), tensor([size], pointer), tensor(shape, pointer)
    return (f"    %{name}_i = tt.make_range {{end = {size} : i32, start = 0 : i32}} : {flat}\n"
            f"    %{name}_s = tt.splat %{name} : {pointer} -> {one}\n"
            f"    %{name}_a = tt.addptr %{name}_s, %{name}_i : {one}, {flat}\n"
            f"    %{name}_p = tt.reshape %{name}_a : {one} -> {own}\n", f"%{name}_p", own)


def kernel(shape, axis):
    """The text; outputs are sum, back, lin, lin_back, total, top, place."""
    rest = shape[:axis] + shape[axis + 1:]
    of, to = tensor(shape, "i32"), tensor(rest, "i32")
    place = ["1"] * len(shape)
    place[axis] = str(shape[axis])
    lines = ""
    for name in ("x", "y"):
        text, at, own = access(name, shape)
        lines += f"{text}    %{name}v = tt.load {at} : {own}\n"
    lines += (f"    %k = tt.make_range {{end = {shape[axis]} : i32, start = 0 : i32}} : "
              f"{tensor([shape[axis]], 'i32')}\n"
              f"    %k1 = tt.reshape %k : {tensor([shape[axis]], 'i32')} -> {tensor(place, 'i32')}\n"
              f"    %kv = tt.broadcast %k1 : {tensor(place, 'i32')} -> {of}\n")
    for name, way in (("sum", "false"), ("back", "true")):
        lines += (f"    %{name}v = \"tt.scan\"(%xv) <{{axis = {axis} : i32, reverse = {way}}}> "
                  f"{SCAN_SUM.format(op='scan')} : ({of}) -> {of}\n")
    for name, way in (("lin", "false"), ("lin_back", "true")):
        lines += (f"    %{name}2:2 = \"tt.scan\"(%yv, %xv) <{{axis = {axis} : i32, reverse = {way}}}> "
                  f"{RECURRENCE} : ({of}, {of}) -> ({of}, {of})\n")
    lines += (f"    %totalv = \"tt.reduce\"(%xv) <{{axis = {axis} : i32}}> "
              f"{SCAN_SUM.format(op='reduce')} : ({of}) -> {to}\n"
              f"    %best:2 = \"tt.reduce\"(%xv, %kv) <{{axis = {axis} : i32}}> {LARGEST} : "
              f"({of}, {of}) -> ({to}, {to})\n")
    results = {"sum": "%sumv", "back": "%backv", "lin": "%lin2#1", "lin_back": "%lin_back2#1",
               "total": "%totalv", "top": "%best#0", "place": "%best#1"}
    for name, value in results.items():
        text, at, own = access(name, rest if name in ("total", "top", "place") else shape)
        lines += f"{text}    tt.store {at}, {value} : {own}\n"
    params = ", ".join(f"%{n}: !tt.ptr<i32>" for n in ("x", "y", *results))
    return f"module {{\n  tt.func public @combines({params}) {{\n{lines}    tt.return\n  }}\n}}\n"


def recurrence(a, b, axis):
    out, y = np.empty_like(b), np.zeros_like(np.take(b, [0], axis))
    for i in range(b.shape[axis]):
        at = (slice(None),) * axis + (slice(i, i + 1),)
        y = y * a[at] + b[at]
        out[at] = y
    return out


def expected(x, y, axis):
    """By name; of unsigned numbers, which wrap."""
    flip = lambda v: np.flip(v, axis)
    signed = x.view(np.int32)
    return {"sum": np.cumsum(x, axis, dtype=np.uint32),
            "back": flip(np.cumsum(flip(x), axis, dtype=np.uint32)),
            "lin": recurrence(y, x, axis),
            "lin_back": flip(recurrence(flip(y), flip(x), axis)),
            "total": np.sum(x, axis, dtype=np.uint32),
            "top": np.max(signed, axis).view(np.uint32) if x.ndim > 1
            else np.array(np.max(signed)).view(np.uint32),
            "place": np.argmax(signed, axis).astype(np.uint32)}


def run(tmjit, folder, shape, axis, warps, random):
    """The output of a failed run, or nothing."""
    x, y = (random.integers(0, 2**32, shape, np.uint32) for _ in range(2))
    x[x % 5 == 0] = 1 << 30  # the largest in several places
    (folder / "k.ttir").write_text(kernel(shape, axis))
    args = [tmjit, "run", folder / "k.ttir", "--grid", "1", "--num-warps", str(warps), "--order", "5",
            "--engine", "both", "--no-cache"]
    for name, data in (("x", x), ("y", y)):
        np.save(folder / f"{name}.npy", data.view(np.int32))
        args += ["--buf", f"{name}={folder / name}.npy"]
    for name, data in expected(x, y, axis).items():
        data = np.atleast_1d(np.ascontiguousarray(data)).view(np.int32)
        np.save(folder / f"{name}.npy", data)
        args += ["--buf", f"{name}=i32[{'x'.join(map(str, data.shape))}]",
                 "--expect", f"{name}={folder / name}.npy"]
    done = subprocess.run(args, capture_output=True, text=True, timeout=300)
    return "" if done.returncode == 0 else done.stderr + done.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tmjit", required=True)
    parser.add_argument("--shown", action="store_true", help="each kernel's text, nothing is run")
    options = parser.parse_args()
    random, failed, count = np.random.default_rng(3), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for i, (shape, axis) in enumerate(CASES):
            if options.shown:
                print(kernel(shape, axis))
                continue
            for warps in WARPS if len(shape) == 1 else WARPS[i % 2::2]:
                said = run(options.tmjit, pathlib.Path(folder), shape, axis, warps, random)
                count += 1
                if said:
                    failed += 1
                    print(f"{shape}, axis {axis}, {warps} SIMD-groups: {said[:400]}")
    print(f"{count - failed} of {count} passed")
    return 1 if failed else 0


sys.exit(main())
