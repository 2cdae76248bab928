# SPDX-License-Identifier: MIT
"""ggml: attention, softmax(q k' scale + mask) v, for few queries (vec) and for many, with what
goes before (copies of the last keys, blocks of the mask that hide all, halves of quantised
keys) and after (sums over threadgroups)."""
from dataclasses import dataclass

import numpy as np

from case import Case, Expect, Launch, padded, random

from . import formats
from .arguments import of
from .products import matrix

SIZES = ((32, 32), (40, 40), (48, 48), (64, 64), (72, 72), (80, 80), (96, 96), (112, 112),
         (128, 128), (192, 192), (192, 128), (256, 256), (320, 256), (512, 512), (576, 512))
KINDS = ("f32", "f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0")
MOST_LOCAL = 32768


@dataclass
class Problem:
    """heads of the queries share heads of the keys. sinks: a score more, whose value is zero;
    slope: the mask counts less for each head that follows; cap: of the scores."""
    kind: str
    dk: int
    dv: int
    rows: int
    keys: int
    heads: int = 4
    shared: int = 2
    mask: bool = False
    sinks: bool = False
    slope: float = 0.0
    cap: float = 0.0


def slopes(p):
    """ALiBi: powers of two numbers, the second for heads behind the last power of two."""
    low = 1 << (p.heads.bit_length() - 1)
    bases = [2.0 ** -(p.slope / n / low) for n in (1, 2)]
    values = [bases[0] ** (i + 1) if i < low else bases[1] ** (2 * (i - low) + 1)
              for i in range(p.heads)]
    return low, bases, np.array(values if p.slope else [1.0] * p.heads)


def tensors(rng, p):
    q = random(rng, (1, p.heads, p.rows, p.dk), "float32")
    k, v = (matrix(rng, p.kind, (1, p.shared, p.keys, width)) for width in (p.dk, p.dv))
    # Rows to a multiple of eight: the search for blocks that hide all reads so many.
    mask = np.zeros((1, 1, padded(p.rows, 8), p.keys), np.float16)
    if p.mask:
        mask = random(rng, mask.shape, "float16")
        mask[..., p.keys // 2:] = -np.inf
        mask[..., p.rows // 2:, p.keys // 2:] = 0.5
        mask[..., p.rows:, :] = -np.inf
    return q, k, v, mask, random(rng, (p.heads,), "float32", -2, 2)


def answer(p, q, k, v, mask, sinks):
    """Rows outside of heads, as ggml stores them."""
    share = p.heads // p.shared
    score = q.astype("f8") @ k.repeat(share, axis=1).swapaxes(-1, -2) / np.sqrt(p.dk)
    if p.cap:
        score = p.cap * np.tanh(score / p.cap)
    score = score + mask[..., :p.rows, :].astype("f8") * slopes(p)[2][:, None, None]
    most = score.max(-1, keepdims=True)
    e = np.exp(score - most)
    total = e.sum(-1, keepdims=True)
    if p.sinks:
        total = total + np.exp(sinks.astype("f8")[:, None, None] - most)
    return (e / total @ v.repeat(share, axis=1)).swapaxes(1, 2)


class Plan:
    """The launches of one problem, and the layouts of its keys and values."""

    def __init__(self, h, p, q, k, v, mask, want):
        self.h, self.p, self.q, self.mask = h, p, q, mask
        self.of_k, self.of_v, self.want = k[2], v[2], want
        self.launches, self.buffers = [], {}

    def fields(self):
        return {**{f"nb1{i}": self.of_k[f"nb0{i}"] for i in range(4)},
                **{f"nb2{i}": self.of_v[f"nb0{i}"] for i in range(4)}}

    def steps(self):
        return [of["nb01"] // of["nb00"] for of in (self.of_k, self.of_v)]

    def copied(self):
        """Keys and values as halves, where many queries will read them."""
        for name, width, side in (("k", self.p.dk, self.of_k), ("v", self.p.dv, self.of_v)):
            blocks = self.p.shared * self.p.keys * width // 32
            args = self.h.pack("flash_attn_ext_kv_f16", {
                **{f"ne{i}": side[f"ne0{i}"] for i in range(4)},
                **{f"nb{i}": side[f"nb0{i}"] for i in range(4)}}, nblocks=blocks)
            self.launches.append(Launch(
                f"kernel_flash_attn_ext_kv_{self.p.kind}_f16", (256, 1, 1),
                {0: args, 1: name, 2: name + "16"}, groups=(-(-blocks // 256), 1, 1)))
            halves = np.zeros((1, self.p.shared, self.p.keys, width), np.float16)
            self.buffers[name + "16"] = halves
            side.update(of("0", halves))

    def padded(self, k, v, chunk):
        """The keys of the last chunk, where they do not fill it."""
        p, first = self.p, self.h.numbers["FC_FLASH_ATTN_EXT_PAD"]
        row = p.shared * (self.of_k["nb01"] + self.of_v["nb01"])
        row += 2 * self.mask.shape[2] * p.mask
        size = chunk * row
        self.buffers["pad"] = np.zeros(size, np.uint8)
        args = self.h.pack("flash_attn_ext_pad", self.fields(), of("3", self.mask), ne11=p.keys,
                           ne_12_2=p.shared, ne_12_3=1)
        self.launches.append(Launch(
            "kernel_flash_attn_ext_pad", (32, 1, 1),
            {0: args, 1: k, 2: v, 3: "m" if p.mask else "q", 4: "pad"},
            groups=(chunk, p.shared, 1), constants={first: p.mask, first + 25: chunk}))

    def hidden(self):
        """Which blocks of the mask hide all, and which hide nothing."""
        p, first = self.p, self.h.numbers["FC_FLASH_ATTN_EXT_BLK"]
        down, across = -(-p.rows // 8), -(-p.keys // 64)
        self.buffers["skip"] = np.zeros(padded(down * across, 32), np.int8)
        args = self.h.pack("flash_attn_ext_blk", of("0", self.q), of("3", self.mask),
                           ne30=p.keys)
        self.launches.append(Launch(
            "kernel_flash_attn_ext_blk", (32, 1, 1), {0: args, 1: "m", 2: "skip"}, groups=(across, down, 1),
            constants={first + 24: 8, first + 25: 64}))

    def constants(self, word, sgs, is_padded):
        p, first = self.p, self.h.numbers[word]
        steps = self.steps()
        return {first: p.mask, first + 1: p.sinks, first + 2: p.slope != 0,
                first + 3: p.cap != 0, first + 4: is_padded, first + 20: steps[0],
                first + 21: steps[1], first + 22: sgs}

    def arguments(self, struct):
        p = self.p
        low, bases, _ = slopes(p)
        steps = self.steps()
        scale = 1 / np.sqrt(p.dk)
        return self.h.pack(
            struct, of("0", self.q), self.fields(), of("3", self.mask),
            of("", self.want.astype("f4")), ne11=p.keys, ne_12_2=p.shared, ne_12_3=1,
            ns10=steps[0], ns20=steps[1], scale=scale / p.cap if p.cap else scale,
            max_bias=p.slope, m0=bases[0], m1=bases[1], n_head_log2=low, logit_softcap=p.cap)

    def bound(self, args, k, v):
        return {0: args, 1: "q", 2: k, 3: v, 4: "m" if self.p.mask else "q",
                5: "sinks" if self.p.sinks else "q",
                6: "pad" if "pad" in self.buffers else "q"}

    def many(self):
        """As many queries as fill a matrix: eight a threadgroup."""
        p, kind, k, v = self.p, self.p.kind, "k", "v"
        if kind in formats.FORMATS and p.rows >= 32:
            self.copied()
            kind, k, v = "f16", "k16", "v16"
        is_padded = p.keys % 64 != 0
        if is_padded:
            self.padded(k, v, 64)
        if p.mask:
            self.hidden()
        sgs = 8 if p.dk >= 512 else 4
        local = padded(2 * (8 * (p.dk + 2 * padded(p.dv, 64) + 4 * 64)
                            + (kind in formats.FORMATS) * 16 * 32 * sgs), 16)
        constants = self.constants("FC_FLASH_ATTN_EXT", sgs, is_padded)
        constants[self.h.numbers["FC_FLASH_ATTN_EXT"] + 10] = False  # rows of eight
        bound = self.bound(self.arguments("flash_attn_ext"), k, v)
        bound.update({7: "skip" if p.mask else "q", 8: "y"})
        self.launches.append(Launch(
            f"kernel_flash_attn_ext_{kind}_dk{p.dk}_dv{p.dv}", (32, sgs, 1), bound,
            groups=(-(-p.rows // 8), p.heads, 1), local={0: local}, constants=constants))
        return local

    def few(self, groups, is_tight):
        """A query a threadgroup, or `groups` of them, whose sums are then added. Where half of a
        SIMD-group or less has the columns of the values, the others clear what is behind them:
        up to 24 vectors behind what ggml asks for."""
        p = self.p
        is_padded = p.keys % 32 != 0
        if is_padded:
            self.padded("k", "v", 32)
        sgs = 1 if groups > 1 else 4
        while groups > 1 and 2 * groups * sgs * 32 < p.keys and sgs < 4:
            sgs *= 2
        constants = self.constants("FC_FLASH_ATTN_EXT_VEC", sgs, is_padded)
        constants[self.h.numbers["FC_FLASH_ATTN_EXT_VEC"] + 23] = groups
        bound = self.bound(self.arguments("flash_attn_ext_vec"), "k", "v")
        bound[7] = "sums" if groups > 1 else "y"
        local = padded((padded(p.dk, 128) + 4 * 32 + 2 * padded(p.dv, 128)) * sgs * 2, 16)
        local += 0 if is_tight else 24 * 16
        self.launches.append(Launch(
            f"kernel_flash_attn_ext_vec_{p.kind}_dk{p.dk}_dv{p.dv}", (32, sgs, 1), bound,
            groups=(p.rows, p.heads, groups), local={0: local}, constants=constants))
        if groups == 1:
            return
        count, first = p.rows * p.heads, self.h.numbers["FC_FLASH_ATTN_EXT_VEC_REDUCE"]
        self.buffers["sums"] = np.zeros(count * groups * (p.dv + 2), np.float32)
        self.launches.append(Launch(
            "kernel_flash_attn_ext_vec_reduce", (32 * groups, 1, 1),
            {0: self.h.pack("flash_attn_ext_vec_reduce", nrows=count), 1: "sums", 2: "y"},
            groups=(count, 1, 1), constants={first: p.dv, first + 1: groups}))


def with_room(array):
    """The kernels of many queries read values in 64 columns, also where there are fewer: behind
    the last row as well, which ggml's tensors, parts of one buffer, allow."""
    return np.concatenate([np.frombuffer(array.tobytes(), np.uint8), np.zeros(256, np.uint8)])


def case(h, rng, p, few=0, is_tight=False):
    """Of a problem; few: threadgroups a query, 0 for the kernels of many queries. is_tight: of
    memory that nothing follows, so that reading or writing behind it has to be found."""
    q, k, v, mask, sinks = tensors(rng, p)
    want = answer(p, q, k[1], v[1], mask, sinks)
    plan = Plan(h, p, q, k, v, mask, want)
    if few:
        plan.few(few, is_tight)
    elif plan.many() > MOST_LOCAL:
        return None
    words = [word for word in ("mask", "sinks", "slope", "cap") if getattr(p, word)]
    buffers = {"q": q, "k": k[0], "v": v[0], "m": mask, "sinks": sinks,
               "y": np.zeros(want.shape, np.float32), **plan.buffers}
    for side in ("v", "v16", "pad") if not few and p.dv % 64 and not is_tight else ():
        if side in buffers:
            buffers[side] = with_room(buffers[side])
    name = next(launch.kernel for launch in plan.launches if "_dk" in launch.kernel)
    size = float(np.abs(v[1]).max())
    return Case("attention", " ".join([name, str(p.keys), *words]), buffers, plan.launches,
                [Expect("y", want, "float32", atol=(2e-3 if few else 5e-3) * size)],
                fault=f"of buffer '{'shmem_f16' if few else 'v'}'" if is_tight else "")


def variants(i):
    """Masks and the rest, in turn."""
    return (dict(), dict(mask=True), dict(sinks=True), dict(mask=True, slope=4.0, heads=6),
            dict(cap=2.0), dict(mask=True, sinks=True, cap=3.0))[i % 6]


def cases(h):
    rng = np.random.default_rng(10)
    for i, kind in enumerate(KINDS):
        for j, (dk, dv) in enumerate(SIZES):
            if kind in formats.FORMATS and dk % 32:
                continue  # blocks have 32 elements
            large = dk > 128
            p = Problem(kind, dk, dv, 10 if large else 20, 64 if (i + j) % 2 else 85,
                        **variants(i + j))
            yield case(h, rng, p)
            if dk % 32 == 0:
                p = Problem(kind, dk, dv, 3, 96 if (i + j) % 2 else 77, **variants(i + j + 3))
                yield case(h, rng, p, 1 if j % 3 == 2 else 32)
        if kind in formats.FORMATS:
            yield case(h, rng, Problem(kind, 64, 64, 33, 100))
    yield case(h, rng, Problem("f16", 64, 64, 2, 4200, mask=True), 32)
    for p, few in ((Problem("f16", 32, 32, 20, 64), 0), (Problem("f32", 320, 256, 3, 64), 32)):
        tight = case(h, rng, p, few, is_tight=True)
        tight.name += " tight"
        yield tight
