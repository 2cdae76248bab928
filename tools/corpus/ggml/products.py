# SPDX-License-Identifier: MIT
"""ggml: products of matrices, plain and quantised."""
import numpy as np

from case import Case, Expect, Launch, random, store

from . import formats
from .arguments import layout, of
from .simple import BYTES, TYPES, number

ROWS_ALONE = ("f32", "f16", "bf16", "q8_0")  # a threadgroup has the rows of one SIMD-group
# Bytes of threadgroup memory; grids of two and three bits are copied there.
SCRATCH = {"mxfp4": 128, "iq4_nl": 128, "iq4_xs": 128, "iq2_xxs": 256 * 8 + 128,
           "iq2_xs": 512 * 8 + 128, "iq3_xxs": 256 * 4 + 128, "iq3_s": 512 * 4}


def matrix(rng, kind, shape):
    """Buffer, numbers, layout."""
    if kind in formats.FORMATS:
        data, numbers = formats.random(rng, kind, shape)
        block, size, _, _ = formats.FORMATS[kind]
        return data, numbers, layout("0", shape, size, block)
    data = random(rng, shape, TYPES[kind])
    return data, number(data, kind), layout("0", shape, BYTES[kind])


def scratch(kind, nr0):
    """What a product by a vector wants, of a format or of floats."""
    return SCRATCH.get(kind, 16) if kind in formats.FORMATS and kind != "q8_0" else 128 * nr0


def depth_of(kind):
    return 512 if formats.FORMATS[kind][0] == 256 else 256


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
    packed = [(kind, "f32", depth_of(kind)) for kind in formats.FORMATS]
    for kind, other, depth in plain + packed:
        suffix = ""
        if kind in formats.FORMATS:
            nr0, nsg = h.numbers["N_R0_" + kind.upper()], h.numbers["N_SG_" + kind.upper()]
        elif depth < 32:
            suffix, nr0, nsg = "_short", 32, 1
        else:
            suffix, nr0, nsg = "_4" if depth % 4 == 0 else "", 2, -(-depth // 128)
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
            groups=(-(-rows // per_group), 3, 2), local={0: scratch(kind, nr0)},
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
    """Two to five columns: as many kernels for each of seventeen types."""
    few = ("f32", "f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0", "mxfp4", "iq4_nl",
           "q1_0", "q2_0", "q2_K", "q3_K", "q4_K", "q5_K", "q6_K")
    for kind, columns in ((kind, columns) for kind in few for columns in (2, 3, 4, 5)):
        case, layouts = product(h, rng, kind, "f32", 19, columns, 256, 2e-6)
        across = 16 if columns < 3 else 8
        down = 32 // across * 2
        first = h.numbers["FC_MUL_MV"]
        case.family, case.name = "mul_mv_ext", f"kernel_mul_mv_ext_{kind}_f32_r1_{columns}"
        case.launches = [Launch(
            case.name, (32, 2, 1),
            {0: h.pack("mul_mv_ext", *layouts, r2=2, r3=1), 1: "a", 2: "b", 3: "y"},
            groups=(-(-19 // down), 1, 2),
            constants={first: 2, first + 1: across, first + 2: 2, first + 3: 2, first + 4: 1})]
        yield case


def by_matrix(h, rng):
    kinds = [("f32", "f32", 40, 70), ("f16", "f32", 64, 64), ("bf16", "f32", 96, 70),
             ("f16", "f16", 64, 33)]
    kinds += [("f32", "f16", 72, 70)]
    kinds += [(kind, "f32", 256, 70) for kind in formats.FORMATS]
    kinds += [(kind, "f16", max(64, formats.FORMATS[kind][0]), 64) for kind in formats.FORMATS]
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


def cases(h):
    rng = np.random.default_rng(6)
    for family in (by_vector, by_few, by_matrix):
        yield from family(h, rng)
