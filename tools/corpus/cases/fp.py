# SPDX-License-Identifier: MIT
"""The rest of the small float formats mxfp4, mxfp8 and nvfp4, as MLX's quantized.cpp launches
them: quantise, and the products that quantised.py has for affine matrices; and products of
rows that are sorted by their matrix, affine too."""
import numpy as np

from case import HALF_ULP, Case, Expect, Launch, i32, line, load, parts, random, store, zeros
from cases.quantised import (E2M1, SPELLING, Matrix, e4m3, gather_case, near, numbered,
                             pack, parts_case, product_case, split_case)

MODES = (("mxfp4", 32, 4), ("mxfp8", 32, 8), ("nvfp4", 16, 4))
E4M3 = e4m3(np.arange(127))  # the finite ones, ascending


def nearest(table, x):
    """Indices of the nearest numbers of an ascending table; of two, the even one."""
    high = np.clip(np.searchsorted(table, x), 1, len(table) - 1)
    low = high - 1
    left, right = x - table[low], table[high] - x
    return np.where((left < right) | ((left == right) & (low % 2 == 0)), low, high)


def codes_of(x, table, sign):
    return nearest(table, np.abs(x)) | np.where(np.signbit(x), sign, 0)


def quantised(x, mode, group, whole):
    """(scale bytes, codes, numbers back) of rows of one group, in float as MLX computes."""
    one = np.float32(1)
    table, sign = (E4M3, 128) if mode == "mxfp8" else (E2M1, 8)
    gain = np.float32(448 * 6) / whole if whole is not None else one
    scale = np.abs(x).max(1) / np.float32(table[-1])
    if mode == "nvfp4":
        scales = nearest(E4M3, scale * gain)
        decoded = E4M3[scales].astype(np.float32)
    else:
        if whole is not None:
            power = np.rint(np.log2(scale * gain))
        else:
            power = np.ceil(np.log2(scale))
        scales, decoded = (power + 127).astype(int), np.exp2(power).astype(np.float32)
    inverse = np.where(decoded == 0, 0, gain / np.where(decoded == 0, 1, decoded))
    codes = codes_of(x * inverse[:, None].astype(np.float32), table, sign)
    back = table[codes & (sign - 1)] * np.where(codes & sign, -1, 1) * (decoded / gain)[:, None]
    return scales.astype(np.uint8), codes, back


def quantise_cases(rng, mode, type_name, group, bits, scaled):
    """Quantise, and quantise with the numbers that come back."""
    x = random(rng, (6, 256), type_name, -3, 3)
    x[0, :32] = 0
    x[1, :64] = store(load(x[1, :64], type_name) / 64, type_name)
    rows = load(x, type_name).astype(np.float32).reshape(-1, group)
    if mode != "nvfp4":
        rows[:, 0] = np.where(rows[:, 0] == 0, 1, rows[:, 0])  # log2 of 0 is another matter
        x = store(rows.reshape(x.shape), type_name)
    whole = np.float32([2000.0]) if scaled else None
    scales, codes, back = quantised(rows, mode, group, None if whole is None else whole[0])
    words = pack(codes.reshape(x.shape), bits).view(np.uint8)
    tail = f"_{SPELLING[type_name]}_gs_{group}_b_{bits}_hgs_{'true' if scaled else 'false'}"
    grid, group_dims = line(x.size)
    more = {"t": whole} if scaled else {}
    ulp = HALF_ULP[type_name]
    yield Case("quantised", f"{mode}_quantize{tail}",
               {"x": x, "y": zeros(words.shape, "uint8"), "s": zeros(scales.shape, "uint8"),
                **more},
               [Launch(f"{mode}_quantize{tail}", group_dims,
                       {0: "x", 1: "y", 2: "s", **({3: "t"} if scaled else {})}, grid)],
               [Expect("y", words, "uint8"), Expect("s", scales, "uint8")])
    yield Case("quantised", f"{mode}_quantize_dequantize{tail}",
               {"x": x, "y": zeros(x.shape, type_name), **more},
               [Launch(f"{mode}_quantize_dequantize{tail}", group_dims,
                       {0: "x", 2: "y", **({1: "t"} if scaled else {})}, grid)],
               [Expect("y", store(back.reshape(x.shape), type_name), type_name, 2 * ulp,
                       2 * ulp)])


def sorted_case(rng, mode, type_name, n, k, group, bits, transposed, scaled=False):
    """Rows of x by the matrix of their group; the starts of the groups are found first."""
    rows, count, bm, bn, bk = 45, 4, 16, 32, 32
    x = random(rng, (rows, k), type_name)
    shape = (count, n, k) if transposed else (count, k, n)
    matrix = Matrix(rng, mode, type_name, shape, group, bits, scaled)
    index = np.sort(rng.integers(0, count, rows)).astype(np.uint32)
    wide = matrix.numbers.swapaxes(1, 2) if transposed else matrix.numbers
    want = np.matmul(load(x, type_name)[:, None], wide[index])[:, 0]
    kernel = matrix.name(f"gather_qmm_rhs_n{'nt'[transposed]}", type_name,
                         f"_bm_{bm}_bn_{bn}_bk_{bk}_wm_1_wn_2" + "_hgs" * scaled)
    args = ["x", *matrix.leading(True), "o", "y", i32(rows), i32(n), i32(k), i32(count)]
    return Case("gather", f"{kernel} {rows}x{n}x{k}",
                {**matrix.buffers(), "x": x, "i": index, "o": zeros(count, "int32"),
                 "y": zeros(want.shape, type_name)},
                [Launch("gather_mm_offsets", (count, 1, 1), {0: "i", 1: "o", 2: i32(rows)},
                        (count, 1, 1)),
                 Launch(kernel, (32, 2, 1), numbered(args),
                        groups=(parts(n, bn), parts(rows, bm) + count, 1),
                        constants={200: rows % bm == 0, 201: n % bn == 0,
                                   202: k % bk == 0})],
                [Expect("y", store(want, type_name), type_name, **near(type_name, want, k))])


def product_cases(rng, mode, group, bits, scaled):
    """Kernels that have a form with a scale of the whole matrix."""
    kinds = {"has_global_scale": True, "scaled": scaled}
    yield product_case(rng, "qvm", mode, "float32", 2, 128, 50, group, bits, **kinds)
    for type_name, operation, m, n, k in (
            ("float16", "gather_qmv_fast", 1, 16, 512), ("float32", "gather_qmv", 2, 21, 160),
            ("bfloat16", "gather_qvm", 1, 64, 70), ("float32", "gather_qmm_t", 33, 40, 64),
            ("float16", "gather_qmm_n", 20, 64, 96)):
        yield gather_case(rng, operation, type_name, m, n, k, group, bits, mode, scaled)
    yield sorted_case(rng, mode, "float32", 40, 64, group, bits, True, scaled)
    yield sorted_case(rng, mode, "float16", 64, 96, group, bits, False, scaled)


def cases():
    rng = np.random.default_rng(120)
    for mode, group, bits in MODES:
        for scaled in (False, True):
            for type_name in ("float32", "float16"):
                if not scaled or mode == "nvfp4":
                    yield from quantise_cases(rng, mode, type_name, group, bits, scaled)
            yield from product_cases(rng, mode, group, bits, scaled)
        yield product_case(rng, "qmm_n", mode, "float32", 40, 64, 96, group, bits)
        yield product_case(rng, "qmv_quad", mode, "float16", 1, 64, 64, group, bits)
        yield product_case(rng, "qmv_wide", mode, "float32", 7, 33, 256, group, bits)
        yield split_case(rng, "float32", 1, 128, 1024, group, bits, mode)
        yield parts_case(rng, "float16", 20, 40, 256, group, bits, 4, mode)
    yield product_case(rng, "qmm_t", "nvfp4", "bfloat16", 33, 64, 64, 16, 4,
                       has_global_scale=True, scaled=True)
    yield gather_case(rng, "gather_qmm_n", "float32", 40, 64, 96, 64, 4)
    yield sorted_case(rng, "affine", "float32", 40, 64, 64, 4, True)
    yield sorted_case(rng, "affine", "bfloat16", 64, 96, 32, 8, False)
