#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tt.dot_scaled against numpy, in both engines.

    scaled.py --tmjit TMJIT [--shown]

Products of small numbers of every pair of formats, whose sums are exact; and every code of every
format with scales from the least to NaN, times a matrix of one number in each column, so that
nothing is rounded.
"""
import sys

import numpy as np

from dots import Text, main, tensor

E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6])
ELEMS = {"e2m1": "i8", "e4m3": "f8E4M3FN", "e5m2": "f8E5M2", "bf16": "bf16", "fp16": "f16"}
FORMATS = list(ELEMS)


def small_float(codes, digits, bias):
    """Numbers of 8-bit codes by their fields; no special ones."""
    size = codes & 0x7F
    exponent, fraction = size >> digits, size & ((1 << digits) - 1)
    value = np.where(exponent > 0, (fraction + (1 << digits)) * 2.0 ** (exponent - bias - digits),
                     fraction * 2.0 ** (1 - bias - digits))
    return np.where(codes & 0x80, -value, value)


def numbers_of(codes, form):
    codes = codes.astype(np.int64)
    if form == "e2m1":
        return np.where(codes & 8, -1, 1) * E2M1[codes & 7]
    if form == "e4m3":
        return np.where(codes & 0x7F == 0x7F, np.nan, small_float(codes, 3, 7))
    if form == "e5m2":
        value = small_float(codes, 2, 15)
        value = np.where(codes & 0x7F == 0x7C, np.where(codes & 0x80, -np.inf, np.inf), value)
        return np.where(codes & 0x7F > 0x7C, np.nan, value)
    if form == "bf16":
        return (codes.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return codes.astype(np.uint16).view(np.float16).astype(np.float64)


def small_codes(random, form, shape):
    """Codes of numbers from 1/8 to 8 or so."""
    if form == "e2m1":
        return random.integers(0, 16, shape)
    low, high = {"e4m3": (0x20, 0x50), "e5m2": (0x30, 0x48), "bf16": (0, 0), "fp16": (0, 0)}[form]
    if high:
        return random.integers(low, high, shape) | random.integers(0, 2, shape) << 7
    numbers = random.integers(-32, 33, shape) / 8
    if form == "fp16":
        return numbers.astype(np.float16).view(np.uint16)
    return numbers.astype(np.float32).view(np.uint32) >> 16


def packed(codes, form, axis):
    """As a buffer has them; numbers of four bits in pairs along an axis, the first one low."""
    if form != "e2m1":
        return codes.astype(np.uint8 if form[0] == "e" else np.int16).view(
            {"e": np.uint8, "b": np.int16, "f": np.float16}[form[0]])
    pairs = np.moveaxis(codes, axis, -1)
    pairs = pairs[..., 0::2] | pairs[..., 1::2] << 4
    return np.moveaxis(pairs, -1, axis).astype(np.uint8).view(np.int8)


def scale_of(codes, form):
    if form == "f8E4M3FN":
        return numbers_of(codes, "e4m3")
    return np.where(codes == 255, np.nan, 2.0 ** (codes.astype(np.float64) - 127))


class Side:
    """A side of the product: codes M x K or K x N, scales M x K/group or N x K/group."""

    def __init__(self, name, form, codes, scale=None, scale_form="i8", pack_inner=True):
        self.name, self.form, self.codes = name, form, codes
        self.scale, self.scale_form, self.pack_inner = scale, scale_form, pack_inner

    def axis(self):
        return -1 if (self.name == "a") == self.pack_inner else -2

    def inner(self):
        return self.codes.shape[-1 if self.name == "a" else -2]

    def values(self):
        value = numbers_of(self.codes, self.form)
        if self.scale is None:
            return value
        scale = np.repeat(scale_of(self.scale, self.scale_form),
                          self.inner() // self.scale.shape[-1], axis=-1)
        return value * (scale if self.name == "a" else scale.swapaxes(-1, -2))

    def load(self, text, buffers):
        """Operand and scale, their types."""
        data = packed(self.codes, self.form, self.axis())
        buffers[self.name] = data
        elem = ELEMS[self.form]
        values, types = [text.load(self.name, data.shape, elem)], [tensor(data.shape, elem)]
        if self.scale is not None:
            name = self.name + "s"
            buffers[name] = self.scale.astype(np.uint8)
            if self.scale_form == "i8":
                buffers[name] = buffers[name].view(np.int8)
            values.append(text.load(name, self.scale.shape, self.scale_form))
            types.append(tensor(self.scale.shape, self.scale_form))
        return values, types


def product(a, b, start, is_generic=False, is_fast=False):
    """Kernel, buffers, result of start + a b."""
    text, buffers = Text(), {"c": start}
    (left, left_types), (right, right_types) = a.load(text, buffers), b.load(text, buffers)
    out, flags = tensor(start.shape, "f32"), ("false", "true")
    c = text.load("c", start.shape, "f32")
    if is_generic:
        words = ["e4m3", "e5m2", "e2m3", "e3m2", "e2m1", "bf16", "fp16"]
        values = [left[0], right[0], c, *left[1:], *right[1:]]
        types = [left_types[0], right_types[0], out, *left_types[1:], *right_types[1:]]
        value = text.value(
            f'"tt.dot_scaled"({", ".join(values)}) <{{a_elem_type = {words.index(a.form)} : i32, '
            f"b_elem_type = {words.index(b.form)} : i32, fastMath = {flags[is_fast]}, "
            f"lhs_k_pack = {flags[a.pack_inner]}, operandSegmentSizes = array<i32: 1, 1, 1, "
            f"{len(left) - 1}, {len(right) - 1}>, rhs_k_pack = {flags[b.pack_inner]}}}> : "
            f"({', '.join(types)}) -> {out}")
    else:
        packs = "".join(f", {side}_k_pack = false" for side, x in (("lhs", a), ("rhs", b))
                        if not x.pack_inner)
        value = text.value(
            f"tt.dot_scaled {' scale '.join(left)}, {' scale '.join(right)}, {c} lhs = {a.form} "
            f"rhs = {b.form} {{fastMath = {flags[is_fast]}{packs}}} : {', '.join(left_types)} * "
            f"{', '.join(right_types)} -> {out}")
    text.store("out", start.shape, "f32", value)
    with np.errstate(all="ignore"):
        return text.text(), buffers, (a.values() @ b.values() + start).astype(np.float32)


def small(random, shape, forms, scaled, packs=(True, True), group=32, scale_form="i8", **how):
    """Small numbers, scales of 1/2 to 4."""
    *batch, m, n, k = shape
    sides = []
    for i, (name, form) in enumerate(zip("ab", forms)):
        own = (*batch, m, k) if name == "a" else (*batch, k, n)
        scale = None
        if scaled >> i & 1:
            where = (*batch, n if i else m, k // group)
            scale = random.integers(126, 130, where)
            if scale_form != "i8":  # 1/2 to 3, those of two digits
                scale = random.integers(0x30 // 4, 0x48 // 4, where) * 4
        sides.append(Side(name, form, small_codes(random, form, own), scale, scale_form, packs[i]))
    start = random.integers(-9, 10, (*batch, m, n)).astype(np.float32)
    return product(*sides, start, **how)


def all_codes(random, form, is_right, other, is_fast):
    """Every code of a format, each times one number; one scale of each row is special."""
    rows, k = 16, 64
    codes = np.arange(rows * k).reshape(rows, k) * 5 % (16 if form == "e2m1" else 256)
    special = {"e4m3": 0x7F, "e5m2": 0x7C}.get(form, 0x100)
    codes[1:] = np.where(codes[1:] & 0x7F >= special, 0x3C, codes[1:])
    scale = random.integers(100, 150, (rows, k // 32))
    scale[2], scale[3] = [20, 130], [127, 232]
    if not is_fast:
        scale[4] = [127, 255]
    # the least scale, and numbers that it leaves normal
    scale[5], codes[5] = 0, {"e2m1": 6, "e4m3": 0x48, "e5m2": 0x44}[form]
    one = {"bf16": 0x3F80, "fp16": 0x3C00, "e4m3": 0x38, "e5m2": 0x3C, "e2m1": 2}[other]
    columns = np.where(np.arange(k)[:, None] == np.arange(k), one, 0)
    sides = [codes, columns]
    if is_right:
        sides = [columns.T, codes.T]
    scales = [None, scale] if is_right else [scale, None]
    forms = [other, form] if is_right else [form, other]
    start = np.zeros((sides[0].shape[0], sides[1].shape[1]), np.float32)
    return product(*(Side(n, f, c, s) for n, f, c, s in zip("ab", forms, sides, scales)), start,
                   is_fast=is_fast)


def tests():
    """Name, SIMD-groups, kernel, inputs, result."""
    random, count, warps = np.random.default_rng(7), 0, (4, 1, 8, 2)
    shapes = [(16, 16, 64), (32, 8, 32), (8, 32, 128), (2, 4, 32), (2, 16, 8, 64)]
    for left in FORMATS:
        for right in FORMATS:
            scaled = (1 if left[0] == "e" else 0) | (2 if right[0] == "e" else 0)
            packs = (count % 3 != 1, count % 4 != 2)
            yield (f"{left} {right} {packs}", warps[count % 4],
                   *small(random, shapes[count % 5], (left, right), scaled, packs,
                          is_generic=count % 2 == 1))
            count += 1
    for scaled in range(4):
        yield (f"scales {scaled}", warps[scaled],
               *small(random, (16, 16, 64), ("e2m1", "e4m3"), scaled, is_generic=scaled > 1))
    for forms in (("e2m1", "e2m1"), ("e2m1", "bf16"), ("bf16", "e4m3")):
        for kind in ("i8", "f8E4M3FN"):
            yield (f"groups of 16 {forms} {kind}", 4,
                   *small(random, (16, 16, 64), forms, 3, group=16, scale_form=kind))
    yield "large", 4, *small(random, (128, 64, 128), ("e2m1", "e5m2"), 3)
    for i, form in enumerate(("e2m1", "e4m3", "e5m2")):
        for other in ("bf16", "fp16", "e4m3"):
            count += 1
            yield (f"codes {form} {other} {count % 2 == 0}", warps[i],
                   *all_codes(random, form, count % 2 == 0, other, other == "e4m3"))


if __name__ == "__main__":
    sys.exit(main(tests()))
