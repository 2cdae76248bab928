# SPDX-License-Identifier: MIT
"""ggml: products of matrices where an index chooses the matrix of each column (experts)."""
import numpy as np

from case import Case, Expect, Launch, random

from . import formats
from .arguments import of
from .products import ROWS_ALONE, depth_of, matrix, scratch
from .simple import TYPES, number


def chosen(rng, tokens, experts, used):
    """`used` different experts for each token."""
    picks = [rng.permutation(experts)[:used] for _ in range(tokens)]
    return np.array(picks, np.int32)


def product(h, rng, kind, other, sizes, near):
    """Case without launches: each token's vectors (one for all its experts, or one each) by the
    matrices that its experts are."""
    experts, used, tokens, shared, rows, depth = sizes
    a, a_numbers, a_layout = matrix(rng, kind, (1, experts, rows, depth))
    b = random(rng, (1, tokens, 1 if shared else used, depth), TYPES[other])
    ids = chosen(rng, tokens, experts, used)
    b_numbers = np.broadcast_to(number(b, other)[0], (tokens, used, depth))
    picked = a_numbers[0][ids]
    want = np.einsum("turd,tud->tur", picked, b_numbers)
    size = np.einsum("turd,tud->tur", np.abs(picked), np.abs(b_numbers)).max()
    y = np.zeros(want.shape, np.float32)
    case = Case("", "", {"a": a, "b": b, "ids": ids, "y": y}, [],
                [Expect("y", want, "float32", atol=near * float(size))])
    return case, (a_layout, of("1", b), of("2", ids), of("", y[None]))


def by_vector(h, rng):
    plain = [(kind, depth) for kind in ("f32", "f16", "bf16") for depth in (131, 256)]
    blocks = [(kind, depth_of(kind)) for kind in formats.FORMATS]
    for i, (kind, depth) in enumerate(plain + blocks):
        packed = kind in formats.FORMATS
        suffix = "" if packed or depth % 4 else "_4"
        nr0 = h.numbers["N_R0_" + kind.upper()] if packed else 2
        nsg = h.numbers["N_SG_" + kind.upper()] if packed else -(-depth // 128)
        case, layouts = product(h, rng, kind, "f32", (5, 2, 3, i % 2, 32, depth), 2e-6)
        first = h.numbers["FC_MUL_MV"]
        case.family, case.name = "mul_mv_id", f"kernel_mul_mv_id_{kind}_f32{suffix}"
        per_group = nr0 if kind in ROWS_ALONE else nr0 * nsg
        case.launches = [Launch(
            case.name, (32, nsg, 1),
            {0: h.pack("mul_mv_id", *layouts, nei0=2, nei1=3, nbi1=8, nr0=nr0), 1: "a", 2: "b",
             3: "y", 4: "ids"},
            groups=(-(-32 // per_group), 1, 6), local={0: scratch(kind, nr0)},
            constants={first: nsg, first + 2: 1, first + 3: 1, first + 4: 1})]
        yield case


def mapped(h, layouts, used, experts):
    """Which columns each expert has."""
    return Launch(f"kernel_mul_mm_id_map0_ne20_{used}", (experts, 1, 1),
                  {0: h.pack("mul_mm_id_map0", *layouts), 1: "ids", 2: "tpe", 3: "columns"},
                  groups=(1, 1, 1), local={0: max(16, 2 * experts * used)})


def by_matrix(h, rng):
    first = h.numbers["FC_MUL_MM"]
    plain = [("f32", "f32"), ("f16", "f32"), ("bf16", "f32"), ("f32", "f16"), ("f16", "f16")]
    kinds = plain + [(kind, other) for kind in formats.FORMATS for other in ("f32", "f16")]
    uses = (1, 2, 4, 5, 6, 8, 10, 16, 22)
    for i, (kind, other) in enumerate(kinds):
        used = uses[i] if i < len(uses) else 2
        experts, tokens, rows = used + 3, 45 if used < 3 else 34, 70
        depth = 72 if kind in ("f32", "f16", "bf16") else depth_of(kind) // 2
        depth = max(depth, formats.FORMATS[kind][0] if kind in formats.FORMATS else 0)
        case, layouts = product(h, rng, kind, other,
                                (experts, used, tokens, i % 2, rows, depth), 1.5e-3)
        name = f"kernel_mul_mm_id_{kind}_{other}"
        case.family, case.name = "mul_mm_id", f"{name} {used} of {experts}"
        case.buffers.update(tpe=np.zeros(experts, np.uint32),
                            columns=np.zeros((experts, tokens), np.int32))
        case.launches = [mapped(h, layouts, used, experts), Launch(
            name, (128, 1, 1),
            {0: h.pack("mul_mm_id", *layouts, r2=1, r3=1), 1: "a", 2: "b", 3: "tpe",
             4: "columns", 5: "y"},
            groups=(-(-tokens // 32), -(-rows // 64), experts), local={0: 8192},
            constants={first: depth % 32 != 0})]
        yield case


def cases(h):
    rng = np.random.default_rng(7)
    for family in (by_vector, by_matrix):
        yield from family(h, rng)
