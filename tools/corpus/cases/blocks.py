# SPDX-License-Identifier: MIT
"""Products of chosen parts: matrices chosen by index, segments of the inner dimension, blocks
switched off or scaled by masks, as MLX's matmul.cpp launches them."""
import numpy as np

from case import (HALF_ULP, Case, Expect, Launch, i32, i64, load, parts, random, store, strides,
                  zeros)
from cases.matmul import packed


def near(type_name, depth):
    ulp = HALF_ULP[type_name]
    return {"rtol": 4 * ulp, "atol": ulp / 2 + 8 * HALF_ULP["float32"] * depth**0.5}


def gemm_params(m, n, k, lda, ldb, bm, bn, steps, last):
    """GEMMParams; steps: of a, b, d from one product to the next; last: whole steps of k,
    batch dimensions."""
    return packed("8i3q3i4x", m, n, k, lda, ldb, n, parts(n, bn), parts(m, bm), *steps, 0,
                  *last)


def gather_case(rng, type_name, m, n, k, flip_b=False):
    """a[l] @ b[r] for chosen l and r; two batch dimensions of indices."""
    bm, bn, bk, wm, wn = 64, 64, 16, 2, 2
    a = random(rng, (4, m, k), type_name)
    b = random(rng, (3, n, k) if flip_b else (3, k, n), type_name)
    left, right = (rng.integers(0, limit, (2, 3)).astype(np.uint32) for limit in (4, 3))
    wide = load(b, type_name)[right.ravel()]
    want = np.matmul(load(a, type_name)[left.ravel()], wide.swapaxes(1, 2) if flip_b else wide)
    kernel = (f"steel_gather_mm_n{'nt'[flip_b]}_{type_name}_{type_name}_bm{bm}_bn{bn}_bk{bk}_"
              f"wm{wm}_wn{wn}")
    args = {0: "a", 1: "b", 2: "l", 3: "r", 4: "d",
            5: gemm_params(m, n, k, k, k if flip_b else n, bm, bn, (3, 3, m * n), (k // bk, 2)),
            6: i32(2, 3), 7: i64(*strides(left)), 8: i64(*strides(right)), 9: i32(1),
            10: i32(*a.shape), 11: i64(*strides(a)), 12: i32(1), 13: i32(*b.shape),
            14: i64(*strides(b))}
    return Case("gather", f"{kernel} {m}x{n}x{k}",
                {"a": a, "b": b, "l": left, "r": right, "d": zeros(want.shape, type_name)},
                [Launch(kernel, (32, wn, wm), args, groups=(parts(n, bn), parts(m, bm), 6),
                        constants={10: True, 200: m % bm == 0, 201: n % bn == 0,
                                   202: k % bk == 0})],
                [Expect("d", store(want, type_name), type_name, **near(type_name, k))])


def sorted_case(rng, type_name, n, k):
    """Rows of a by the matrix of their group: groups are sorted, their starts found first."""
    bm, bn, bk, groups, rows = 16, 64, 16, 5, 53
    a, b = random(rng, (rows, k), type_name), random(rng, (groups, k, n), type_name)
    index = np.sort(rng.integers(0, groups, rows)).astype(np.uint32)
    want = np.matmul(load(a, type_name)[:, None], load(b, type_name)[index])[:, 0]
    starts = np.searchsorted(index, np.arange(groups)).astype(np.int32)
    kernel = f"steel_gather_mm_rhs_nn_{type_name}_{type_name}_bm16_bn64_bk16_wm1_wn2"
    tiles = parts(rows, bm) + groups
    return Case("gather", f"{kernel} {rows}x{n}x{k}",
                {"a": a, "b": b, "i": index, "o": zeros(groups, "int32"),
                 "d": zeros(want.shape, type_name)},
                [Launch("gather_mm_offsets", (groups, 1, 1), {0: "i", 1: "o", 2: i32(rows)},
                        (groups, 1, 1)),
                 Launch(kernel, (32, 2, 1), {
                     0: "a", 1: "b", 2: "o", 3: "d", 5: i32(groups),
                     4: gemm_params(rows, n, k, k, n, bm, bn, (0, k * n, 0), (k // bk, 0))},
                     groups=(parts(n, bn), tiles, 1),
                     constants={200: rows % bm == 0, 201: n % bn == 0, 202: k % bk == 0})],
                [Expect("o", starts, "int32"),
                 Expect("d", store(want, type_name), type_name, **near(type_name, k))])


def segment_case(rng, type_name, m, n, k):
    """Products of columns [s, e) of a with these rows of b; one segment is empty."""
    bm, bn, bk, wm, wn = 64, 64, 16, 2, 2
    a, b = random(rng, (m, k), type_name), random(rng, (k, n), type_name)
    ends = np.array([[0, 17], [17, 17], [17, 64], [50, k]], np.uint32)
    want = np.stack([load(a, type_name)[:, s:e] @ load(b, type_name)[s:e] for s, e in ends])
    kernel = f"steel_segmented_mm_nn_{type_name}_{type_name}_bm{bm}_bn{bn}_bk{bk}_wm{wm}_wn{wn}"
    args = {0: "a", 1: "b", 2: "s", 3: "d",
            4: gemm_params(m, n, k, k, n, bm, bn, (0, 0, m * n), (0, 0))}
    return Case("gemm", f"{kernel} {m}x{n}x{k}",
                {"a": a, "b": b, "s": ends, "d": zeros(want.shape, type_name)},
                [Launch(kernel, (32, wn, wm), args, groups=(parts(n, bn), parts(m, bm), 4),
                        constants={199: True, 200: m % bm == 0, 201: n % bn == 0})],
                [Expect("d", store(want, type_name), type_name, **near(type_name, k))])


# ---- masks --------------------------------------------------------------------------------


def mask_of(rng, shape, type_name):
    if type_name == "bool_":
        return rng.random(shape) < 0.6
    scale = random(rng, shape, type_name, 0.5, 2)
    scale[rng.random(shape) < 0.3] = 0
    return scale


def spread(mask, type_name, size, shape):
    """A mask of blocks as factors of the elements."""
    if mask is None:
        return 1.0
    wide = np.repeat(np.repeat(load(mask, type_name).astype(float), size, -2), size, -1)
    return wide[..., :shape[0], :shape[1]]


def masked_case(rng, type_name, m, n, k, out_mask, op_mask, size=32):
    """out_mask, op_mask: types of the masks, or None."""
    bk, (tm, tn, tk) = 16, (parts(x, size) for x in (m, n, k))
    a, b = random(rng, (m, k), type_name), random(rng, (k, n), type_name)
    masks = {"o": mask_of(rng, (tm, tn), out_mask) if out_mask else None,
             "l": mask_of(rng, (tm, tk), op_mask) if op_mask else None,
             "r": mask_of(rng, (tk, tn), op_mask) if op_mask else None}
    want = ((load(a, type_name) * spread(masks["l"], op_mask, size, (m, k)))
            @ (load(b, type_name) * spread(masks["r"], op_mask, size, (k, n)))
            * spread(masks["o"], out_mask, size, (m, n)))
    whole = "n" if m % size or n % size else "t", "n" if k % bk else "t"
    kernel = (f"steel_gemm_block_outmask_{out_mask or 'nomask'}_opmask_{op_mask or 'nomask'}_"
              f"nn_{type_name}_{type_name}_bm{size}_bn{size}_bk{bk}_wm2_wn2_"
              f"MN_{whole[0]}aligned_K_{whole[1]}aligned")
    used = [(10 + i, name) for i, name in enumerate("olr") if masks[name] is not None]
    steps = [s for _, name in used for s in (1, strides(masks[name])[0])]
    args = {0: "a", 1: "b", 3: "d", 6: i32(1), 7: i64(*[0] * (2 + len(used))), 13: i32(*steps),
            4: gemm_params(m, n, k, k, n, size, size, (0, 0, m * n), (k // bk, 1)),
            **dict(used)}
    return Case("gemm", f"{kernel} {m}x{n}x{k}",
                {"a": a, "b": b, "d": zeros(want.shape, type_name),
                 **{name: mask for name, mask in masks.items() if mask is not None}},
                [Launch(kernel, (32, 2, 2), args, groups=(tn, tm, 1))],
                [Expect("d", store(want, type_name), type_name, **near(type_name, 4 * k))])


def masked_vector_case(rng, type_name, rows, cols, out_mask, op_mask, transposed=False,
                       size=32):
    """The same for a matrix and a vector; transposed: a vector and a matrix."""
    tm, tk = parts(rows, size), parts(cols, size)
    a, v = random(rng, (rows, cols), type_name), random(rng, (cols, 1), type_name)
    masks = {"o": mask_of(rng, (tm, 1), out_mask) if out_mask else None,
             "l": mask_of(rng, (tm, tk), op_mask) if op_mask else None,
             "r": mask_of(rng, (tk, 1), op_mask) if op_mask else None}
    want = ((load(a, type_name) * spread(masks["l"], op_mask, size, (rows, cols)))
            @ (load(v, type_name) * spread(masks["r"], op_mask, size, (cols, 1)))
            * spread(masks["o"], out_mask, size, (rows, 1)))[:, 0]
    steps = {"o": (1, tm), "l": (1, tm), "r": (1, tk)} if transposed else {
        "o": (1, 1), "l": (1, tk), "r": (1, 1)}
    used = [(20 + i, name) for i, name in enumerate("olr") if masks[name] is not None]
    masks = {name: mask.T.copy() if transposed else mask for name, mask in masks.items()
             if mask is not None}
    tile = "bm1_bn2_sm8_sn4_tm4_tn4" if transposed else "bm2_bn1_sm4_sn8_tm4_tn4"
    kernel = (f"gemv_{'t_' * transposed}outmask_{out_mask or 'nomask'}_opmask_"
              f"{op_mask or 'nomask'}_{type_name}_{tile}_nc0")
    args = {0: "a", 1: "v", 3: "y", 4: i32(cols), 5: i32(rows),
            6: i32(rows if transposed else cols), 9: i32(1), 10: i32(1), 11: i64(0), 12: i64(0),
            23: i32(*[s for _, name in used for s in steps[name]]), 24: i64(*[0] * len(used)),
            **dict(used)}
    return Case("gemv", f"{kernel} {rows}x{cols}",
                {"a": a.T.copy() if transposed else a, "v": v, "y": zeros(rows, type_name),
                 **masks},
                [Launch(kernel, (32, 2, 1) if transposed else (32, 1, 2), args,
                        groups=(parts(rows, 32), 1, 1))],
                [Expect("y", store(want, type_name), type_name, **near(type_name, 4 * cols))])


def cases():
    rng = np.random.default_rng(90)
    yield gather_case(rng, "float32", 40, 70, 33)
    yield gather_case(rng, "float16", 64, 64, 48, flip_b=True)
    yield sorted_case(rng, "float32", 70, 40)
    yield sorted_case(rng, "bfloat16", 64, 64)
    yield segment_case(rng, "float32", 70, 50, 100)
    yield segment_case(rng, "float16", 64, 64, 96)
    yield masked_case(rng, "float32", 64, 96, 64, "bool_", "bool_")
    yield masked_case(rng, "float32", 70, 50, 45, "float32", "float32")
    yield masked_case(rng, "float16", 64, 64, 80, None, "bool_")
    yield masked_case(rng, "bfloat16", 100, 130, 70, "bool_", None, size=64)
    yield masked_vector_case(rng, "float32", 100, 130, "bool_", "bool_")
    yield masked_vector_case(rng, "float16", 64, 96, "float16", "float16")
    yield masked_vector_case(rng, "float32", 70, 96, None, "float32")
    yield masked_vector_case(rng, "bfloat16", 64, 100, "bool_", None)
    yield masked_vector_case(rng, "float32", 100, 130, "bool_", "float32", transposed=True)
    yield masked_vector_case(rng, "float16", 64, 96, None, "bool_", transposed=True)
    yield masked_vector_case(rng, "float32", 96, 64, "float32", None, transposed=True)
