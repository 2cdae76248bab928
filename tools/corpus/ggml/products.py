# SPDX-License-Identifier: MIT
"""ggml: products of matrices, plain and quantised, and attention."""
import numpy as np

from case import Case, Expect, Launch, random, store

from . import formats
from .arguments import layout, of
from .simple import BYTES, TYPES, number

ROWS_ALONE = ("f32", "f16", "bf16", "q8_0")  # a threadgroup has the rows of one SIMD-group
SCRATCH = {"mxfp4": 128, "iq4_nl": 128, "iq4_xs": 128}


def matrix(rng, kind, shape):
    """Buffer, numbers, layout."""
    if kind in formats.FORMATS:
        data, numbers = formats.random(rng, kind, shape)
        block, size, _, _ = formats.FORMATS[kind]
        return data, numbers, layout("0", shape, size, block)
    data = random(rng, shape, TYPES[kind])
    return data, number(data, kind), layout("0", shape, BYTES[kind])


def product(h, rng, kind, other, rows, columns, depth, near):
    """One case without its launch: a has `rows`, b two matrices of `columns` rows."""
    a, a_numbers, a_layout = matrix(rng, kind, (1, 1, rows, depth))
    b = random(rng, (1, 2, columns, depth), TYPES[other])
    b_numbers = number(b, other)
    y = np.zeros((1, 2, columns, rows), np.float32)
    want = b_numbers @ a_numbers.swapaxes(-1, -2)
    size = np.abs(b_numbers) @ np.abs(a_numbers).swapaxes(-1, -2)
    case = Case("", "", {"a": a, "b": b, "y": y}, [],
                [Expect("y", want, "float32", atol=near * float(size.max()))])
    return case, (a_layout, of("1", b), of("", y))


def by_vector(h, rng):
    plain = [(kind, other, depth) for kind, other in (
        ("f32", "f32"), ("f16", "f32"), ("f16", "f16"), ("bf16", "f32"), ("bf16", "bf16"))
        for depth in (20, 131, 256)]
    packed = [(kind, "f32", 512 if formats.FORMATS[kind][0] == 256 else 256)
              for kind in formats.FORMATS]
    for kind, other, depth in plain + packed:
        suffix, nr0, nsg, scratch = "", 0, 0, 16
        if kind in formats.FORMATS:
            nr0, nsg = h.numbers["N_R0_" + kind.upper()], h.numbers["N_SG_" + kind.upper()]
            scratch = 128 * nr0 if kind == "q8_0" else SCRATCH.get(kind, 16)
        elif depth < 32:
            suffix, nr0, nsg = "_short", 32, 1
        else:
            suffix, nr0, nsg, scratch = "_4" if depth % 4 == 0 else "", 2, -(-depth // 128), 256
        rows = 32 if kind in formats.FORMATS else 34
        case, layouts = product(h, rng, kind, other, rows, 3, depth, 2e-6)
        first = h.numbers["FC_MUL_MV"]
        if kind == other != "f32" and not suffix:  # products of halves are halves
            a, b = number(case.buffers["a"], kind), number(case.buffers["b"], kind)
            parts = store(b[..., :, None, :] * a[..., None, :, :], TYPES[kind])
            case.expects[0].want = number(parts, kind).sum(-1)
        case.family, case.name = "mul_mv", f"kernel_mul_mv_{kind}_{other}{suffix}"
        per_group = nr0 if kind in ROWS_ALONE else nr0 * nsg
        case.launches = [Launch(
            case.name, (32, nsg, 1),
            {0: h.pack("mul_mv", *layouts, nr0=nr0, r2=2, r3=1), 1: "a", 2: "b", 3: "y"},
            groups=(-(-rows // per_group), 3, 2), local={0: scratch},
            constants={first: nsg, first + 2: 2, first + 3: 2, first + 4: 1})]
        yield case
    # Rows in pairs: with an odd number of them the last pair reads behind the matrix.
    case, layouts = product(h, rng, "f32", "f32", 33, 3, 131, 2e-6)
    case.family, case.name = "mul_mv", "kernel_mul_mv_f32_f32 33 rows"
    case.fault = "buffer 'src0' (17292 bytes)"
    first = h.numbers["FC_MUL_MV"]
    case.launches = [Launch("kernel_mul_mv_f32_f32", (32, 2, 1),
                            {0: h.pack("mul_mv", *layouts, nr0=2, r2=2, r3=1), 1: "a", 2: "b",
                             3: "y"}, groups=(17, 3, 2), local={0: 256},
                            constants={first: 2, first + 2: 2, first + 3: 2, first + 4: 1})]
    yield case


def by_few(h, rng):
    few = ("f32", "f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0", "mxfp4", "iq4_nl",
           "q4_K", "q5_K", "q6_K")
    for i, kind in enumerate(few):
        columns = 4 if kind.endswith("K") else (2, 3, 4, 5)[i % 4]
        case, layouts = product(h, rng, kind, "f32", 19, columns, 256, 2e-6)
        across = 16 if columns < 3 else 8
        down = 32 // across * 2
        first = h.numbers["FC_MUL_MV"]
        case.family, case.name = "mul_mv", f"kernel_mul_mv_ext_{kind}_f32_r1_{columns}"
        case.launches = [Launch(
            case.name, (32, 2, 1),
            {0: h.pack("mul_mv_ext", *layouts, r2=2, r3=1), 1: "a", 2: "b", 3: "y"},
            groups=(-(-19 // down), 1, 2),
            constants={first: 2, first + 1: across, first + 2: 2, first + 3: 2, first + 4: 1})]
        yield case


def by_matrix(h, rng):
    kinds = [("f32", "f32", 40, 70), ("f16", "f32", 64, 64), ("bf16", "f32", 96, 70),
             ("f16", "f16", 64, 33)]
    kinds += [(kind, "f32", 256, 70) for kind in formats.FORMATS]
    kinds += [("q4_0", "f16", 64, 64), ("q6_K", "f16", 256, 64)]
    for kind, other, depth, rows in kinds:
        columns = 32 if rows == 64 else 37
        case, layouts = product(h, rng, kind, other, rows, columns, depth, 1.5e-3)
        inside, outside = depth % 32 != 0, rows % 64 != 0 or columns % 32 != 0
        first = h.numbers["FC_MUL_MM"]
        values = dict(zip(range(first, first + 6), (inside, outside, 2, 1, 2, 1)))
        case.family, case.name = "mul_mm", f"kernel_mul_mm_{kind}_{other}"
        case.launches = [Launch(
            case.name, (32, 4, 1),
            {0: h.pack("mul_mm", *layouts, r2=2, r3=1), 1: "a", 2: "b", 3: "y"},
            groups=(-(-columns // 32), -(-rows // 64), 2), local={0: 8192 if outside else 6144},
            constants=values)]
        yield case


def attention(h, rng):
    """softmax(q k' / 8 + mask) v of 3 heads that share k and v; with a mask a first launch finds
    the blocks of it that hide all."""
    first, blocks = h.numbers["FC_FLASH_ATTN_EXT"], h.numbers["FC_FLASH_ATTN_EXT_BLK"]
    for kind, masked in (("f16", False), ("f16", True), ("bf16", False), ("q4_0", False),
                         ("q8_0", True)):
        q = random(rng, (1, 3, 24, 64), "float32")
        k, k_numbers, of_k = matrix(rng, kind, (1, 1, 128, 64))
        v, v_numbers, of_v = matrix(rng, kind, (1, 1, 128, 64))
        mask = random(rng, (1, 1, 24, 128), "float16") if masked else np.zeros(1, np.float16)
        if masked:
            mask[..., 64:] = -np.inf
            mask[..., 16:, 64:] = 0
        score = q.astype("f8") @ k_numbers.swapaxes(-1, -2) / 8
        score = score + mask.astype("f8")
        e = np.exp(score - score.max(-1, keepdims=True))
        want = (e / e.sum(-1, keepdims=True)) @ v_numbers
        want = want.swapaxes(1, 2)
        step = {kind: 64 for kind in ("f16", "bf16")}.get(kind, 2)
        args = h.pack("flash_attn_ext", of("0", q), {f"nb1{i}": of_k[f"nb0{i}"] for i in range(4)},
                      {f"nb2{i}": of_v[f"nb0{i}"] for i in range(4)}, of("3", mask),
                      of("", want.astype("f4")), ne11=128, ne_12_2=1, ne_12_3=1, ns10=step,
                      ns20=step, scale=0.125, n_head_log2=2, m0=1, m1=1)
        values = {first + i: False for i in (1, 2, 3, 4, 10)}
        values.update({first: masked, first + 20: step, first + 21: step, first + 22: 4})
        launches = []
        if masked:
            launches.append(Launch(
                "kernel_flash_attn_ext_blk", (32, 1, 1),
                {0: h.pack("flash_attn_ext_blk", of("0", q), of("3", mask)), 1: "m", 2: "skip"},
                groups=(2, 3, 1), constants={blocks + 24: 8, blocks + 25: 64}))
        name = f"kernel_flash_attn_ext_{kind}_dk64_dv64"
        scratch = 2 * (8 * (64 + 2 * 64 + 4 * 64) + (kind[0] == "q") * 16 * 32 * 4)
        launches.append(Launch(
            name, (32, 4, 1), {0: args, 1: "q", 2: "k", 3: "v", 4: "m" if masked else "q", 5: "q",
                               6: "q", 7: "skip", 8: "y"},
            groups=(3, 3, 1), local={0: scratch}, constants=values))
        yield Case("attention", f"{name}{' mask' if masked else ''}",
                   {"q": q, "k": k, "v": v, "m": mask, "skip": np.zeros(6, np.int8),
                    "y": np.zeros(want.shape, np.float32)}, launches,
                   [Expect("y", want, "float32", atol=5e-3 * float(np.abs(v_numbers).max()))])


def cases(h):
    rng = np.random.default_rng(6)
    for family in (by_vector, by_few, by_matrix, attention):
        yield from family(h, rng)
