# SPDX-License-Identifier: MIT
"""Products: gemv and its transposed, wide, gathered and masked forms, dot, steel gemm (fused
with batches, transpositions and addition, split over K, gathered, segmented, block-masked),
as MLX's matmul.cpp launches them."""
import struct

import numpy as np

from case import (HALF_ULP, Case, Expect, Launch, block, f32, i32, i64, load, padded, parts,
                  random, store, u64, zeros)


def packed(layout, *values):
    return np.frombuffer(struct.pack("<" + layout, *values), np.uint8)


def near(type_name, depth):
    """Sums of `depth` products of numbers in [-1, 1), kept in float, rounded once or twice."""
    ulp = HALF_ULP[type_name]
    return {"rtol": 4 * ulp, "atol": ulp / 2 + 2 * HALF_ULP["float32"] * depth**0.5 * 4}


def product(a, b, type_name):
    return np.matmul(load(a, type_name), load(b, type_name))


# ---- gemv ---------------------------------------------------------------------------------


def gemv_tiles(transposed, rows, cols):
    """MLX's choice: name's tail and threadgroup. rows: outputs, cols: inputs."""
    tm, tn, sm, sn, bm, bn = 4, 4, 1, 32, 1, 1
    if transposed:
        sm, sn = (4, 8) if cols >= 8192 and rows >= 2048 else (8, 4)
        bn = 16 if rows >= 2048 else 4 if rows >= 512 else 2
        tn = 1 if rows < tn else tn
        outputs = bn * sn * tn
    else:
        bm = 8 if rows >= 4096 else 4
        if cols <= 64:
            bm, sm, sn = 1, 8, 4
        elif cols >= 16 * rows:
            bm, bn = 1, 8
        tm = 1 if rows < tm else tm
        outputs = bm * sm * tm
    return f"bm{bm}_bn{bn}_sm{sm}_sn{sn}_tm{tm}_tn{tn}", (32, bn, bm), parts(rows, outputs)


def gemv_case(rng, type_name, rows, cols, batch=(1,), transposed=False, bias=False):
    """out = matrix @ vector; batch of more than one dimension: strides in the kernel."""
    count = int(np.prod(batch))
    shape = (cols, rows) if transposed else (rows, cols)
    matrix = random(rng, (count, *shape), type_name)
    vector = random(rng, (count, cols), type_name)
    wide = load(matrix, type_name)
    want = np.matmul(wide.swapaxes(1, 2) if transposed else wide,
                     load(vector, type_name)[..., None])[..., 0]
    extra = {}
    tiles, group, groups = gemv_tiles(transposed, rows, cols)

    def batch_strides(size):
        return i64(*(np.cumprod((1, *batch[:0:-1]))[::-1] * size))
    args = {0: "m", 1: "v", 3: "y", 4: i32(cols), 5: i32(rows), 6: i32(shape[1]),
            9: i32(len(batch)), 10: i32(*batch), 11: batch_strides(cols),
            12: batch_strides(rows * cols)}
    if bias:
        extra["c"] = random(rng, (count, rows), type_name)
        want = 0.5 * want + 2 * load(extra["c"], type_name)
        args.update({2: "c", 7: f32(0.5), 8: f32(2), 13: batch_strides(rows), 14: i32(1)})
    slack = near(type_name, cols)
    if bias:  # the product, both scaled parts and their sum are rounded to the type
        slack["atol"] *= 8
    kernel = (f"gemv_{'t_' if transposed else ''}{type_name}_{tiles}_nc{int(len(batch) > 1)}_"
              f"axpby{int(bias)}")
    return Case("gemv", f"{kernel} {rows}x{cols}",
                {"m": matrix, "v": vector, "y": zeros((count, rows), type_name), **extra},
                [Launch(kernel, group, args, groups=(groups, 1, count))],
                [Expect("y", store(want, type_name), type_name, **slack)])


def gemv_wide_case(rng, type_name, vectors, rows, cols):
    matrix, v = random(rng, (rows, cols), type_name), random(rng, (vectors, cols), type_name)
    want = product(v, matrix.T, type_name)
    passes = parts(vectors, 5)
    lanes = 32 if passes == 1 or rows <= 64 else 16
    kernel = f"gemv_wide_{type_name}_nv{parts(vectors, passes)}_kl{lanes}"
    args = {0: "m", 1: "v", 3: "y", 4: i32(cols), 5: i32(rows), 6: i32(vectors), 7: i32(cols),
            8: i32(cols), 11: i32(1), 12: i32(1), 13: i64(0), 14: i64(0)}
    return Case("gemv", f"{kernel} {rows}x{cols}",
                {"m": matrix, "v": v, "y": zeros(want.shape, type_name)},
                [Launch(kernel, (32, lanes // 8, 1), args, groups=(passes, parts(rows, 4), 1),
                        constants={0: False, 1: False})],
                [Expect("y", store(want, type_name), type_name, **near(type_name, cols))])


def gather_case(rng, type_name, rows, cols, transposed):
    """One matrix and one vector of several, chosen by index, for each output."""
    shape = (cols, rows) if transposed else (rows, cols)
    matrix, vector = random(rng, (3, *shape), type_name), random(rng, (4, cols), type_name)
    chosen_m, chosen_v = (rng.integers(0, n, 6).astype(np.uint32) for n in (3, 4))
    wide = load(matrix, type_name)[chosen_m]
    want = np.matmul(wide.swapaxes(1, 2) if transposed else wide,
                     load(vector, type_name)[chosen_v][..., None])[..., 0]
    bn = 2
    tiles, group, groups = ("bm1_bn2_sm8_sn4_tm4_tn4", (32, bn, 1), parts(rows, 32)) \
        if transposed else ("bm4_bn1_sm1_sn32_tm4_tn4", (32, 1, 4), parts(rows, 16))
    kernel = f"gemv_{'t_' if transposed else ''}gather_{type_name}_{tiles}"
    args = {0: "m", 1: "v", 3: "y", 4: i32(cols), 5: i32(rows), 6: i32(shape[1]), 9: i32(1),
            10: i32(6), 11: i64(1, 1), 12: i32(1), 13: i32(4), 14: i64(cols), 15: i32(1),
            16: i32(3), 17: i64(rows * cols), 18: "iv", 19: "im"}
    return Case("gather", kernel, {"m": matrix, "v": vector, "iv": chosen_v, "im": chosen_m,
                                   "y": zeros((6, rows), type_name)},
                [Launch(kernel, group, args, groups=(groups, 1, 6))],
                [Expect("y", store(want, type_name), type_name, **near(type_name, cols))])


def dot_case(rng, type_name, size):
    a, b = random(rng, size, type_name), random(rng, size, type_name)
    blocks = parts(parts(size, 32), 512)
    kernel = f"dot_product_{type_name}_it32_tg512_sg16"
    want = np.dot(load(a, type_name), load(b, type_name))
    return Case("gemv", f"{kernel} {size}",
                {"a": a, "b": b, "p": zeros(blocks, "float32"), "y": zeros(1, "float32")},
                [Launch(kernel, (512, 1, 1), {0: "a", 1: "b", 2: "p", 3: i32(size)},
                        (512 * blocks, 1, 1)),
                 Launch("all_reduce_sumfloat32", (32, 1, 1),
                        {0: "p", 1: "y", 2: u64(blocks), 3: u64(blocks)}, (32, 1, 1))],
                [Expect("y", store([want], "float32"), "float32", **near("float32", size))])


# ---- steel gemm ---------------------------------------------------------------------------


def fused_case(rng, type_name, m, n, k, tiles, batch=(1,), flip_a=False, flip_b=False,
               addition=None, shared_b=False, behind=True):
    """tiles: (bm, bn, bk, wm, wn). addition: (alpha, beta) of alpha * a @ b + beta * c."""
    bm, bn, bk, wm, wn = tiles
    count = int(np.prod(batch))
    a = random(rng, (count, k, m) if flip_a else (count, m, k), type_name)
    b = random(rng, (1 if shared_b else count, *((n, k) if flip_b else (k, n))), type_name)
    want = product(a.swapaxes(1, 2) if flip_a else a, b.swapaxes(1, 2) if flip_b else b,
                   type_name)
    buffers = {"a": a, "b": b, "d": zeros((count, m, n), type_name)}
    steps = np.cumprod((1, *batch[:0:-1]))[::-1]
    many = len(batch) > 1
    b_step = 0 if shared_b else k * n
    args = {0: "a", 1: "b", 3: "d", 4: packed(
        "8i3q3i4x", m, n, k, m if flip_a else k, k if flip_b else n, n, parts(n, bn),
        parts(m, bm), m * k, b_step, m * n, 0, k // bk, len(batch))}
    if many:
        args.update({6: i32(*batch), 7: i64(*(steps * m * k), *(steps * b_step))})
    constants = {10: many, 100: addition is not None,
                 110: addition is not None and addition != (1.0, 1.0), 200: m % bm == 0,
                 201: n % bn == 0, 202: k % bk == 0}
    if addition:
        # MLX's epilogue checks columns of c, not rows: it reads up to bm rows behind the last.
        buffers["c"] = random(rng, (count * m + (padded(m, bm) - m) * behind, n), type_name)
        want = addition[0] * want + addition[1] * load(
            buffers["c"][:count * m].reshape(count, m, n), type_name)
        args.update({2: "c", 5: packed("2iq2f", n, 1, m * n, *addition)})
        if many:
            args[7] = i64(*(steps * m * k), *(steps * b_step), *(steps * m * n))
    kernel = (f"steel_gemm_fused_{'nt'[flip_a]}{'nt'[flip_b]}_{type_name}_{type_name}_bm{bm}_"
              f"bn{bn}_bk{bk}_wm{wm}_wn{wn}")
    return Case("gemm", f"{kernel} {list(batch)} {m}x{n}x{k} {addition or ''}", buffers,
                [Launch(kernel, (32, wn, wm), args, groups=(parts(n, bn), parts(m, bm), count),
                        constants=constants)],
                [Expect("d", store(want, type_name), type_name, **near(type_name, k))])


def split_case(rng, type_name, m, n, k, flip_b=False, addition=None):
    bm, bn, bk = 16 if m < 40 else 32, 16 if n < 40 else 32, 16
    tiles = parts(m, 32) * parts(n, 32)
    pieces = min(max(2, 1 << max(0, (k // 16 // tiles - 1).bit_length())), 32)
    each = k // bk // pieces
    a, b = random(rng, (m, k), type_name), random(rng, (n, k) if flip_b else (k, n), type_name)
    want = product(a, b.T if flip_b else b, type_name)
    out = f"{type_name}_float32"
    kernel = (f"steel_gemm_splitk_n{'nt'[flip_b]}_{out}_bm{bm}_bn{bn}_bk16_wm2_wn2_MN_"
              f"{'t' if m % bm == 0 and n % bn == 0 else 'n'}aligned_K_"
              f"{'t' if k % bk == 0 else 'n'}aligned")
    buffers = {"a": a, "b": b, "t": zeros((pieces, m, n), "float32"),
               "d": zeros((m, n), type_name)}
    args = {0: "t", 1: "d", 2: i32(pieces), 3: i32(m * n), 4: i32(n)}
    if addition:
        buffers["c"] = random(rng, (m, n), type_name)
        want = addition[0] * want + addition[1] * load(buffers["c"], type_name)
        args.update({5: "c", 6: i32(n), 7: i32(1), 8: f32(addition[0]), 9: f32(addition[1])})
    params = packed("13i", m, n, k, k, k if flip_b else n, n, parts(n, bn), parts(m, bm),
                    pieces, m * n, each * bk, 0, each)
    return Case("gemm", f"{kernel} {m}x{n}x{k}", buffers,
                [Launch(kernel, (32, 2, 2), {0: "a", 1: "b", 2: "t", 3: params},
                        groups=(parts(n, bn), parts(m, bm), pieces)),
                 Launch(f"steel_gemm_splitk_accum_{out}{'_axbpy' if addition else ''}",
                        block(n, m, 1), args, (n, m, 1))],
                [Expect("d", store(want, type_name), type_name, **near(type_name, k))])


def epilogue_case(rng):
    """With c as long as it is, MLX's read behind its rows is found."""
    found = fused_case(rng, "float32", 45, 67, 21, (64, 64, 16, 2, 2), addition=(1.0, 1.0),
                       behind=False)
    found.name += ": reads behind c"
    found.fault = "of buffer 'C' (12060 bytes)"
    return found


def gemm_cases(rng):
    medium, small = (64, 64, 16, 2, 2), (32, 32, 16, 2, 2)
    yield fused_case(rng, "float32", 64, 64, 32, medium)
    yield fused_case(rng, "float32", 67, 45, 37, medium)
    yield fused_case(rng, "float32", 33, 70, 50, small, flip_b=True)
    yield fused_case(rng, "float32", 70, 33, 19, small, flip_a=True)
    yield fused_case(rng, "float32", 65, 31, 40, (64, 32, 32, 2, 2), flip_a=True, flip_b=True)
    yield fused_case(rng, "float32", 40, 50, 33, medium, batch=(2, 3))
    yield fused_case(rng, "float32", 40, 50, 33, medium, batch=(3,), shared_b=True)
    yield fused_case(rng, "float32", 45, 67, 21, medium, addition=(1.0, 1.0))
    yield fused_case(rng, "float32", 45, 67, 21, medium, batch=(2, 2), addition=(0.5, -2.0))
    yield epilogue_case(rng)
    yield fused_case(rng, "float16", 64, 128, 64, (64, 64, 16, 1, 2))
    yield fused_case(rng, "float16", 61, 77, 99, (64, 32, 32, 2, 2), flip_b=True)
    yield fused_case(rng, "bfloat16", 50, 66, 70, (32, 64, 16, 1, 2))
    yield fused_case(rng, "bfloat16", 64, 64, 48, medium, batch=(2,), flip_b=True,
                     addition=(2.0, 0.5))
    yield fused_case(rng, "complex64", 33, 40, 20, (64, 32, 8, 4, 1))
    yield split_case(rng, "float32", 20, 30, 600)
    yield split_case(rng, "float16", 16, 32, 512)
    yield split_case(rng, "bfloat16", 33, 45, 400, flip_b=True)
    yield split_case(rng, "float32", 31, 50, 333, addition=(0.5, 3.0))


def cases():
    rng = np.random.default_rng(40)
    yield gemv_case(rng, "float32", 100, 200)
    yield gemv_case(rng, "float32", 3, 77)
    yield gemv_case(rng, "float32", 130, 50)
    yield gemv_case(rng, "float16", 17, 1025, bias=True)
    yield gemv_case(rng, "bfloat16", 66, 333, batch=(3,))
    yield gemv_case(rng, "float32", 35, 99, batch=(2, 3), bias=True)
    yield gemv_case(rng, "float32", 4100, 70)
    yield gemv_case(rng, "float32", 100, 200, transposed=True)
    yield gemv_case(rng, "float16", 3, 97, transposed=True)
    yield gemv_case(rng, "bfloat16", 600, 45, transposed=True, bias=True)
    yield gemv_case(rng, "float32", 2050, 33, batch=(2, 2), transposed=True)
    yield gemv_case(rng, "complex64", 33, 70)
    yield gemv_wide_case(rng, "float16", 3, 70, 256)
    yield gemv_wide_case(rng, "bfloat16", 7, 130, 132)
    yield gather_case(rng, "float32", 50, 70, False)
    yield gather_case(rng, "float16", 60, 90, True)
    yield dot_case(rng, "float32", 20000)
    yield dot_case(rng, "float16", 1003)
    yield from gemm_cases(rng)
