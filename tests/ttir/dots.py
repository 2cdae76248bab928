#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Products of blocks of every kind against numpy, in both engines.

    dots.py --tmjit TMJIT [--shown]

Writes a kernel for each row of the tables below: element types, shapes (small, not square, with a
batch, larger than threadgroup memory), operands stored by columns, a product of a product, sums
that a loop carries. Inputs are small whole numbers, so that every result is exact and must be
equal whatever the order of the sums.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

# M, N, K and B, M, N, K: below 8 and on the border of SIMD-group matrices, wide, tall, deep
SHAPES = [(8, 8, 8), (16, 16, 16), (64, 8, 16), (8, 64, 32), (128, 32, 8), (16, 128, 64),
          (32, 32, 128), (128, 64, 64), (1, 8, 16), (8, 1, 4), (4, 2, 32), (2, 16, 16, 16), (4, 8, 16, 32),
          (2, 4, 4, 4)]
# operands, sums
TYPES = [("f32", "f32"), ("f16", "f32"), ("f16", "f16"), ("bf16", "f32"), ("i8", "i32"),
         ("f8E5M2", "f32"), ("f8E4M3FN", "f32")]
WARPS = (4, 1, 8, 2)
NUMBERS = {"f32": np.float32, "f16": np.float16, "i8": np.int8, "i32": np.int32}
# codes of 0, 1, 2, 3; a sign is the highest bit
CODES = {"f8E5M2": [0x00, 0x3c, 0x40, 0x42], "f8E4M3FN": [0x00, 0x38, 0x40, 0x44]}


def stored(numbers, elem):
    """Whole numbers from -3 to 3 as a buffer has them."""
    if elem == "bf16":
        return (numbers.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16).view(np.int16)
    if elem in CODES:
        codes = np.array(CODES[elem], np.uint8)
        return (codes[np.abs(numbers)] | np.where(numbers < 0, 0x80, 0)).astype(np.uint8)
    return numbers.astype(NUMBERS[elem])


def tensor(shape, elem):
    return f"tensor<{'x'.join(map(str, shape))}x{elem}>"


class Text:
    """A kernel in the making; values are named in order."""

    def __init__(self):
        self.lines, self.params, self.count = [], [], 0

    def value(self, text):
        self.count += 1
        self.lines.append(f"    %{self.count} = {text}")
        return f"%{self.count}"

    def pointers(self, name, shape, elem):
        """Of all elements of a row-major buffer."""
        size = int(np.prod(shape))
        if f"%{name}" not in " ".join(self.params):
            self.params.append(f"%{name}: !tt.ptr<{elem}>")
        flat, one = tensor([size], "i32"), tensor([size], f"!tt.ptr<{elem}>")
        at = self.value(f"tt.make_range {{end = {size} : i32, start = 0 : i32}} : {flat}")
        base = self.value(f"tt.splat %{name} : !tt.ptr<{elem}> -> {one}")
        all_of = self.value(f"tt.addptr {base}, {at} : {one}, {flat}")
        return self.value(f"tt.reshape {all_of} : {one} -> {tensor(shape, '!tt.ptr<' + elem + '>')}")

    def load(self, name, shape, elem, is_transposed=False):
        order = list(range(len(shape)))
        order[-2:] = order[:-3:-1]
        own = [shape[i] for i in order] if is_transposed else shape
        at = self.pointers(name, own, elem)
        out = self.value(f"tt.load {at} : {tensor(own, '!tt.ptr<' + elem + '>')}")
        if not is_transposed:
            return out
        return self.value(f"tt.trans {out} {{order = array<i32: {', '.join(map(str, order))}>}} : "
                          f"{tensor(own, elem)} -> {tensor(shape, elem)}")

    def store(self, name, shape, elem, value):
        at = self.pointers(name, shape, elem)
        self.lines.append(f"    tt.store {at}, {value} : {tensor(shape, '!tt.ptr<' + elem + '>')}")

    def zero(self, shape, elem):
        number = "0" if elem == "i32" else "0.000000e+00"
        return self.value(f"arith.constant dense<{number}> : {tensor(shape, elem)}")

    def dot(self, a, b, c, shapes, elems):
        types = [tensor(s, e) for s, e in zip(shapes, elems)]
        return self.value(f"tt.dot {a}, {b}, {c} : {types[0]} * {types[1]} -> {types[2]}")

    def text(self):
        return (f"module {{\n  tt.func public @dots({', '.join(self.params)}) {{\n"
                + "\n".join(self.lines) + "\n    tt.return\n  }\n}\n")


def shapes_of(shape):
    batch, (m, n, k) = list(shape[:-3]), shape[-3:]
    return [batch + [m, k], batch + [k, n], batch + [m, n]]


def plain(shape, elem, acc, random, by_columns):
    """c + a b; the operands whose bit of `by_columns` is set are stored by columns."""
    text, shapes = Text(), shapes_of(shape)
    inputs = [random.integers(-3, 4, s) for s in shapes]
    names = ("a", "b", "c")
    values = [text.load(n, s, e, by_columns >> i & 1)
              for i, (n, s, e) in enumerate(zip(names, shapes, (elem, elem, acc)))]
    text.store("out", shapes[2], acc, text.dot(*values, shapes, (elem, elem, acc)))
    own = [x.swapaxes(-1, -2) if by_columns >> i & 1 else x for i, x in enumerate(inputs)]
    buffers = {n: stored(x, e) for n, x, e in zip(names, own, (elem, elem, acc))}
    return text.text(), buffers, stored_result(inputs[0] @ inputs[1] + inputs[2], acc)


def stored_result(numbers, elem):
    return numbers.astype(NUMBERS[elem])


def chained(shape, elem, random):
    """(a b) d with the first product as an operand of the second, in its elements' type."""
    text, (m, n, k) = Text(), shape
    a, b, d = (random.integers(-1, 2, s) for s in ((m, k), (k, n), (n, k)))
    first = text.dot(text.load("a", [m, k], elem), text.load("b", [k, n], elem),
                     text.zero([m, n], "f32"), [[m, k], [k, n], [m, n]], (elem, elem, "f32"))
    if elem != "f32":
        first = text.value(f"arith.truncf {first} : {tensor([m, n], 'f32')} to {tensor([m, n], elem)}")
    out = text.dot(first, text.load("d", [n, k], elem), text.zero([m, k], "f32"),
                   [[m, n], [n, k], [m, k]], (elem, elem, "f32"))
    text.store("out", [m, k], "f32", out)
    buffers = {name: stored(x, elem) for name, x in (("a", a), ("b", b), ("d", d))}
    return text.text(), buffers, (a @ b @ d).astype(np.float32)


def looped(shape, elem, random, is_scaled):
    """Three rounds of sum = sum + a b, or of sum = -sum + a b."""
    text, shapes = Text(), shapes_of(shape)
    a, b, c = (random.integers(-3, 4, s) for s in shapes)
    x, y, z = (text.load(n, s, e) for n, s, e in zip("abc", shapes, (elem, elem, "f32")))
    low, high, step = (text.value(f"arith.constant {i} : i32") for i in (0, 3, 1))
    sums = tensor(shapes[2], "f32")
    inner = f"      %n = arith.negf %sum : {sums}\n" if is_scaled else ""
    out = text.value(
        f"scf.for %i = {low} to {high} step {step} iter_args(%sum = {z}) -> ({sums})  : i32 {{\n"
        f"{inner}      %d = tt.dot {x}, {y}, {'%n' if is_scaled else '%sum'} : "
        f"{tensor(shapes[0], elem)} * {tensor(shapes[1], elem)} -> {sums}\n"
        f"      scf.yield %d : {sums}\n    }}")
    text.store("out", shapes[2], "f32", out)
    want = c
    for _ in range(3):
        want = (-want if is_scaled else want) + a @ b
    buffers = {"a": stored(a, elem), "b": stored(b, elem), "c": stored(c, "f32")}
    return text.text(), buffers, want.astype(np.float32)


def tests():
    """Name, SIMD-groups, kernel, inputs, result."""
    random, count = np.random.default_rng(5), 0
    for i, shape in enumerate(SHAPES):
        for elem, acc in TYPES if i < 3 else (TYPES[i % 7], TYPES[(i + 3) % 7]):
            by_columns = count % 4 if elem[:2] != "f8" else 0
            yield (f"{elem} {acc} {shape} {by_columns}", WARPS[count % 4],
                   *plain(shape, elem, acc, random, by_columns))
            count += 1
    for elem in ("f32", "f16", "bf16"):
        for shape in ((32, 16, 8), (16, 32, 16)):
            yield f"chain {elem} {shape}", WARPS[count % 4], *chained(shape, elem, random)
            count += 1
    for is_scaled in (False, True):
        for warps in (1, 4):
            yield (f"loop {is_scaled}", warps,
                   *looped((16, 32, 16), "f32", random, is_scaled))


def run(tmjit, folder, warps, text, buffers, want):
    kernel = folder / "kernel.ttir"
    kernel.write_text(text)
    command = [tmjit, "run", str(kernel), "--no-cache", "--engine", "both", "--grid", "1",
               "--num-warps", str(warps), "--timeout", "120", "--rtol", "0", "--atol", "0"]
    for name, data in buffers.items():
        np.save(folder / f"{name}.npy", data.reshape(-1))
        command += ["--buf", f"{name}={folder}/{name}.npy"]
    np.save(folder / "want.npy", want.reshape(-1))
    zeros = np.full(want.size, 77, want.dtype)
    np.save(folder / "out.npy", zeros)
    command += ["--buf", f"out={folder}/out.npy", "--expect", f"out={folder}/want.npy"]
    return subprocess.run(command, capture_output=True, text=True)


def main(cases):
    parser = argparse.ArgumentParser()
    parser.add_argument("--tmjit", required=True)
    parser.add_argument("--shown", action="store_true", help="print the kernels")
    args = parser.parse_args()
    failed = total = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, warps, text, buffers, want in cases:
            total += 1
            if args.shown:
                print(f"// {name}\n{text}")
            out = run(args.tmjit, pathlib.Path(folder), warps, text, buffers, want)
            if out.returncode:
                failed += 1
                print(f"FAIL {name} num_warps {warps}: status {out.returncode}\n{out.stdout}{out.stderr}")
    print(f"{total - failed} of {total} passed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(tests()))
