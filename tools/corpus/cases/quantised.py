# SPDX-License-Identifier: MIT
"""Products with quantised matrices, as MLX's quantized.cpp launches them: affine with 2 to 8
bits, and the small float formats mxfp4, mxfp8 and nvfp4; quantise and dequantise."""
import numpy as np

from case import HALF_ULP, Case, Expect, Launch, dtype, i32, i64, line, load, parts, random, \
    store, strides, zeros

SPELLING = {"float32": "float", "float16": "float16_t", "bfloat16": "bfloat16_t"}


def pack(codes, bits):
    """Codes along the last axis as a stream of bits, lowest first, in 32-bit words."""
    stream = (codes[..., None] >> np.arange(bits)) & 1
    stream = stream.reshape(*codes.shape[:-1], codes.shape[-1] * bits).astype(np.uint8)
    return np.packbits(stream, axis=-1, bitorder="little").view(np.uint32)


def e4m3(code):
    """8-bit floats: sign, 4 exponent bits with bias 7, 3 fraction bits."""
    exponent, fraction = (code >> 3) & 15, code & 7
    size = np.where(exponent, (8 + fraction) * 2.0**(exponent - 10.0), fraction * 2.0**-9)
    return np.where(code & 128, -size, size)


E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6])


def e2m1(code):
    return np.where(code & 8, -1, 1) * E2M1[code & 7]


class Matrix:
    """A random quantised matrix, or several: the buffers of it, and its numbers."""

    def __init__(self, rng, mode, type_name, shape, group, bits, has_global_scale=False):
        self.mode, self.group, self.bits, self.shape = mode, group, bits, shape
        groups = (*shape[:-1], shape[-1] // group)
        codes = rng.integers(0, 1 << bits, shape)
        if mode == "affine":
            self.scales = random(rng, groups, type_name, 0.5 / (1 << bits), 2 / (1 << bits))
            self.biases = random(rng, groups, type_name, -1, 0)
            scale, bias = (np.repeat(load(x, type_name), group, -1)
                           for x in (self.scales, self.biases))
            self.numbers = codes * scale + bias
        else:
            if mode == "nvfp4":
                self.scales = rng.integers(40, 64, groups).astype(np.uint8)
                scale = e4m3(self.scales.astype(int))
            else:
                self.scales = rng.integers(124, 128, groups).astype(np.uint8)
                scale = 2.0**(self.scales.astype(float) - 127)
            if bits == 8:
                codes = np.where(codes & 0x7F > 0x60, codes & 0xE0, codes)
            self.biases = None
            self.numbers = (e4m3 if bits == 8 else e2m1)(codes) * np.repeat(scale, group, -1)
        self.words, self.whole = pack(codes, bits), None
        if has_global_scale:  # one a matrix, in units of the largest scale times number
            self.whole = random(rng, shape[:-2] or (1,), "float32", 1000, 4000)
            self.numbers = self.numbers * (self.whole.reshape(-1, 1, 1) / (448 * 6)).reshape(
                (*shape[:-2], 1, 1))

    def buffers(self):
        found = {"w": self.words, "s": self.scales}
        if self.whole is not None:
            found["t"] = self.whole
        if self.biases is not None:
            found["b"] = self.biases
        return found

    def name(self, operation, type_name, tail):
        return (f"{self.mode}_{operation}_{SPELLING[type_name]}_gs_{self.group}_b_{self.bits}"
                f"{tail}")

    def batch_args(self, x):
        """MLX's add_strides_and_shapes."""
        found = [i32(x.ndim - 2), i32(*x.shape), i64(*strides(x)), i32(self.words.ndim - 2),
                 i32(*self.words.shape), i64(*strides(self.words)), i64(*strides(self.scales))]
        if self.biases is not None:
            found.append(i64(*strides(self.biases)))
        return found

    def leading(self, has_global_scale):
        """Buffers before x. Most small float kernels have a place for a scale of the whole
        matrix, which may be empty."""
        if self.biases is not None:
            return ["w", "s", "b"]
        if self.whole is not None:
            return ["w", "s", "t"]
        return ["w", "s", None] if has_global_scale else ["w", "s"]


def numbered(values):
    return {index: value for index, value in enumerate(values) if value is not None}


def near(type_name, want, depth):
    ulp = HALF_ULP[type_name]
    return {"rtol": 4 * ulp, "atol": float(np.abs(want).max()) * (
        ulp + 4 * HALF_ULP["float32"] * depth**0.5)}


def product_case(rng, operation, mode, type_name, m, n, k, group, bits, batch=1,
                 has_global_scale=False, scaled=False):
    """operation: qmv, qmv_fast, qmv_quad, qmv_wide, qmm_t (x @ w.T), qvm, qmm_n (x @ w).
    has_global_scale: the kernel has a place for it; scaled: it is there."""
    transposed = operation not in ("qvm", "qmm_n")
    shape = (n, k) if transposed else (k, n)
    some = (batch,) if batch > 1 else ()
    x = random(rng, (*some, m, k), type_name)
    matrix = Matrix(rng, mode, type_name, (*some, *shape), group, bits, scaled)
    wide = matrix.numbers.swapaxes(-1, -2) if transposed else matrix.numbers
    want = np.matmul(load(x, type_name), wide)
    tail, values = f"_batch_{int(batch > 1)}", [i32(k), i32(n)]
    if operation in ("qmv", "qmv_fast"):
        tail += f"_pr_0_hgs_{int(scaled)}_r_4"
        group_dims, groups = (32, 2, 1), (m, parts(n, 8), batch)
    elif operation == "qmv_quad":
        tail = f"_d_{k}" + tail
        group_dims, groups = (32, 1, 1), (m, parts(n, 64), batch)
    elif operation == "qmv_wide":
        vectors, lanes = parts(m, parts(m, 5)), 8 if mode == "affine" else 16
        tail = f"_nv_{vectors}_kl_{lanes}" + tail
        group_dims = (32, 2, 1)
        groups = (parts(m, vectors), parts(n, 32 // lanes * 2), batch)
        values.append(i32(m))
    elif operation == "qvm":
        tail += "_hgs" * scaled
        group_dims, groups = (32, 2, 1), (m, parts(n, 2 * min(group, 32)), batch)
    else:
        if operation == "qmm_t":
            tail = f"_alN_{'false' if n % 32 else 'true'}" + tail + "_hgs" * scaled
        group_dims, groups = (32, 2, 2), (parts(n, 32), parts(m, 32), batch)
        values.append(i32(m))
    if batch > 1:
        values += matrix.batch_args(x)
    kernel = matrix.name(operation, type_name, tail)
    return Case("quantised", f"{kernel} {m}x{n}x{k}",
                {**matrix.buffers(), "x": x, "y": zeros(want.shape, type_name)},
                [Launch(kernel, group_dims,
                        numbered([*matrix.leading(has_global_scale), "x", "y", *values]),
                        groups=groups)],
                [Expect("y", store(want, type_name), type_name, **near(type_name, want, k))])


def split_case(rng, type_name, m, n, k, group, bits, mode="affine"):
    """qvm_split_k: sums over eight parts of k, added by a column reduction."""
    x = random(rng, (m, k), type_name)
    matrix = Matrix(rng, mode, type_name, (k, n), group, bits)
    want = np.matmul(load(x, type_name), matrix.numbers)
    each, words, columns = k // 8, matrix.words.shape[-1], n // group
    values = [i32(each), i32(n), i32(1), i32(8, m, each), i64(each, k, 1), i32(1),
              i32(8, each, words), i64(each * words, words, 1),
              *[i64(each * columns, columns, 1)] * (1 + (mode == "affine")), i32(k - 7 * each)]
    kernel = matrix.name("qvm_split_k", type_name, "_spk_8")
    step = m * n
    wide = parts(step, 4)
    reduce_args = {0: "t", 1: "y", 2: np.uint64(8), 3: i64(step), 4: i32(0), 5: i64(0),
                   6: i32(0), 7: i32(8), 8: i64(step), 9: i32(1), 10: np.uint64(1)}
    return Case("quantised", f"{kernel} {m}x{n}x{k}",
                {**matrix.buffers(), "x": x, "t": zeros((8, m, n), type_name),
                 "y": zeros((m, n), type_name)},
                [Launch(kernel, (32, 2, 1),
                        numbered([*matrix.leading(False), "x", "t", *values]),
                        groups=(m, parts(n, 2 * min(group, 32)), 8)),
                 Launch(f"col_reduce_small_1_reduce_sum{type_name}", (min(wide, 32), 8, 1),
                        reduce_args, groups=(parts(wide, min(wide, 32)), 1, 1))],
                [Expect("y", store(want, type_name), type_name, **near(type_name, want, k))])


def parts_case(rng, type_name, m, n, k, group, bits, split, mode="affine"):
    """qmm_t_splitk: one product of each part of k, in float; their sum is another kernel."""
    x = random(rng, (m, k), type_name)
    matrix = Matrix(rng, mode, type_name, (n, k), group, bits)
    each, wide = k // split, load(x, type_name)
    want = np.stack([wide[:, p * each:(p + 1) * each]
                     @ matrix.numbers[:, p * each:(p + 1) * each].T for p in range(split)])
    kernel = matrix.name("qmm_t_splitk", type_name, f"_alN_{'false' if n % 32 else 'true'}")
    values = [i32(k), i32(n), i32(m), i32(each), i32(m * n)]
    return Case("quantised", f"{kernel} {m}x{n}x{k}",
                {**matrix.buffers(), "x": x, "y": zeros(want.shape, "float32")},
                [Launch(kernel, (32, 2, 2),
                        numbered([*matrix.leading(False), "x", "y", *values]),
                        groups=(parts(n, 32), parts(m, 32), split))],
                [Expect("y", store(want, "float32"), "float32", **near(type_name, want, k))])


def gather_case(rng, operation, type_name, m, n, k, group, bits, mode="affine",
                has_global_scale=False):
    """Five products of chosen rows of x with chosen matrices."""
    x = random(rng, (4, m, k), type_name)
    transposed = operation not in ("gather_qvm", "gather_qmm_n")
    matrix = Matrix(rng, mode, type_name, (3, *((n, k) if transposed else (k, n))), group,
                    bits, has_global_scale)
    left, right = (rng.integers(0, limit, 5).astype(np.uint32) for limit in (4, 3))
    wide = matrix.numbers[right]
    want = np.matmul(load(x, type_name)[left], wide.swapaxes(1, 2) if transposed else wide)
    values, tail = [i32(k), i32(n)], ""
    if operation in ("gather_qmm_t", "gather_qmm_n"):
        values.append(i32(m))
        if transposed:
            tail = f"_alN_{'false' if n % 32 else 'true'}"
        group_dims, groups = (32, 2, 2), (parts(n, 32), parts(m, 32), 5)
    else:
        rows = 8 if transposed else 2 * min(group, 32)
        group_dims, groups = (32, 2, 1), (m, parts(n, rows), 5)
    values += matrix.batch_args(x) + [i32(1), i32(5), i64(1), i64(1)]
    kernel = matrix.name(operation, type_name, tail + "_hgs" * has_global_scale)
    return Case("gather", f"{kernel} {m}x{n}x{k}",
                {**matrix.buffers(), "x": x, "l": left, "r": right,
                 "y": zeros(want.shape, type_name)},
                [Launch(kernel, group_dims,
                        numbered([*matrix.leading(True), "x", "l", "r", "y", *values]),
                        groups=groups)],
                [Expect("y", store(want, type_name), type_name, **near(type_name, want, k))])


# ---- quantise, dequantise -----------------------------------------------------------------


def dequantise_case(rng, mode, type_name, group, bits):
    matrix = Matrix(rng, mode, type_name, (6, 256), group, bits)
    kernel = matrix.name("dequantize", type_name, "" if mode == "affine" else "_hgs_false")
    packs = 8 if bits in (3, 5) else 4 if bits == 6 else 8 // bits
    grid, launch_group = line(6 * 256 // packs)
    ulp = HALF_ULP[type_name]
    slack = {"rtol": 4 * ulp, "atol": 4 * ulp} if mode == "affine" else {}
    return Case("quantised", kernel, {**matrix.buffers(), "y": zeros((6, 256), type_name)},
                [Launch(kernel, launch_group,
                        {0: "w", 1: "s", 3: "y", **({2: "b"} if mode == "affine" else {})},
                        grid)],
                [Expect("y", store(matrix.numbers, type_name), type_name, **slack)])


def away(x):
    """Round to nearest, halves away from zero."""
    return np.sign(x) * np.floor(np.abs(x) + np.float32(0.5))


def quantise_case(rng, type_name, group, bits):
    """Affine: the end of larger magnitude becomes a multiple of the scale."""
    x = random(rng, (5, 256), type_name, -2, 3)
    rows = load(x, type_name).astype(np.float32).reshape(-1, group)
    low, high = rows.min(1), np.maximum(rows.max(1), 0)
    bins = np.float32((1 << bits) - 1)
    scale = np.maximum((high - low) / bins, np.float32(1e-7))
    side = np.abs(low) > np.abs(high)
    scale = np.where(side, scale, -scale)
    edge = np.where(side, low, high)
    first = away(edge / scale)
    scale = np.where(first == 0, scale, edge / np.where(first == 0, 1, first))
    bias = np.where(first == 0, np.float32(0), edge)
    codes = np.minimum(away((rows - bias[:, None]) / scale[:, None]), bins).astype(int)
    kernel = f"affine_quantize_{SPELLING[type_name]}_gs_{group}_b_{bits}"
    words = pack(codes.reshape(5, 256), bits).view(np.uint8)
    grid, launch_group = line(x.size // (group // 32))
    count = rows.shape[0]
    return Case("quantised", kernel,
                {"x": x, "y": zeros(words.shape, "uint8"), "s": zeros(count, type_name),
                 "b": zeros(count, type_name)},
                [Launch(kernel, launch_group, {0: "x", 1: "y", 2: "s", 3: "b"}, grid)],
                [Expect("y", words, "uint8"), Expect("s", store(scale, type_name), type_name),
                 Expect("b", store(bias, type_name), type_name)])


def cases():
    rng = np.random.default_rng(60)
    for bits, group, type_name in ((4, 64, "float16"), (8, 32, "float32"), (2, 128, "bfloat16"),
                                   (3, 64, "float32"), (5, 32, "float16"), (6, 64, "float16")):
        yield product_case(rng, "qmv_fast", "affine", type_name, 2, 24, 512, group, bits)
        yield product_case(rng, "qmv", "affine", type_name, 1, 19, 384, group, bits)
        yield product_case(rng, "qmm_t", "affine", type_name, 35, 45, 128, group, bits)
        yield dequantise_case(rng, "affine", type_name, group, bits)
        yield quantise_case(rng, type_name, group, bits)
    yield product_case(rng, "qmv_fast", "affine", "float32", 1, 16, 512, 64, 4, batch=3)
    yield product_case(rng, "qmv_quad", "affine", "float32", 1, 70, 64, 32, 4)
    yield product_case(rng, "qmv_quad", "affine", "bfloat16", 1, 64, 128, 64, 8, batch=2)
    yield product_case(rng, "qmv_wide", "affine", "float16", 7, 33, 256, 64, 4)
    yield product_case(rng, "qvm", "affine", "float32", 1, 128, 96, 64, 4)
    yield product_case(rng, "qvm", "affine", "float16", 2, 192, 50, 32, 8, batch=2)
    yield product_case(rng, "qmm_t", "affine", "float32", 64, 64, 64, 64, 4, batch=2)
    yield product_case(rng, "qmm_n", "affine", "float32", 40, 64, 96, 64, 4)
    yield product_case(rng, "qmm_n", "affine", "float16", 33, 128, 64, 32, 8)
    yield split_case(rng, "float32", 1, 128, 1024, 64, 4)
    yield parts_case(rng, "float16", 20, 40, 256, 64, 4, 4)
    yield gather_case(rng, "gather_qmv_fast", "float16", 1, 16, 512, 64, 4)
    yield gather_case(rng, "gather_qmv", "float32", 1, 21, 128, 32, 8)
    yield gather_case(rng, "gather_qvm", "float32", 1, 64, 70, 64, 4)
    yield gather_case(rng, "gather_qmm_t", "bfloat16", 33, 40, 64, 64, 4)
    for mode, group, bits in (("mxfp4", 32, 4), ("mxfp8", 32, 8), ("nvfp4", 16, 4)):
        yield product_case(rng, "qmv_fast", mode, "float16", 1, 16, 512, group, bits,
                           has_global_scale=True)
        yield product_case(rng, "qmv", mode, "bfloat16", 2, 13, 160, group, bits,
                           has_global_scale=True)
        yield product_case(rng, "qmm_t", mode, "float32", 33, 37, 64, group, bits,
                           has_global_scale=True)
        yield dequantise_case(rng, mode, "float16", group, bits)
        yield dequantise_case(rng, mode, "float32", group, bits)
