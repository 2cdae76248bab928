# SPDX-License-Identifier: MIT
"""The family of a kernel of MLX's Metal library, by its name."""
import re

# First match counts. Element-wise kernels are named SHAPE_OPERATION TYPE: vv_Addfloat32.
RULES = [(family, re.compile(pattern)) for family, pattern in (
    ("copy", r"_copy"),
    ("attention", r"^steel_attention|^sdpa_"),
    ("steel gemm", r"^steel_(gemm|gather|segmented)"),
    ("conv", r"conv|^winograd|^naive_unfold|^depthwise"),
    ("quantised", r"^(affine|mxfp|nvfp|fp_|qmv|qmm)"),
    ("gemv", r"^gemv|^dot_product"),
    ("arg-reduce", r"^arg(min|max)"),
    ("reduce", r"^(init|all|row|col)_reduce|^(row|col)_"),
    ("scan", r"_scan_"),
    ("sort", r"sort|^partition|_merge|^searchsorted|^c?arg?"),
    ("softmax", r"softmax|^(block|looped)_logsumexp|^logsumexp|cross_entropy|^cross"),
    ("norm", r"rms|layer_norm|^vjp"),
    ("rope", r"^rope"),
    ("random", r"^rbits"),
    ("fft", r"fft|^rader|^bluestein|^four_step|hadamard"),
    ("gather/scatter", r"^(gather|scatter|masked|slice)"),
    ("arange", r"^arange"),
    ("gated delta", r"gated_delta"),
    ("ternary", r"^[a-z0-9]+(large)?_Select"),
    ("element-wise", r"^(vv|vs|sv|ss|v|s|g|gn|vn|sn|vvn|vsn|svn|gg|ggn)[0-9n]*(large)?_"),
)]


def family(name):
    for word, pattern in RULES:
        if pattern.search(name):
            return word
    return "other"
