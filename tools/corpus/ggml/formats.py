# SPDX-License-Identifier: MIT
"""Quantised blocks of ggml: random ones, and what their bytes mean, written from the definition
of each format (the structs in ggml-common.h say where its parts lie)."""
import numpy as np

NL = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], "f8")
E2M1 = np.array([0, .5, 1, 1.5, 2, 3, 4, 6, 0, -.5, -1, -1.5, -2, -3, -4, -6])


def half(blocks, at):
    """The float16 at a byte of each block, as a column."""
    return np.ascontiguousarray(blocks[:, at:at + 2]).view(np.float16).astype("f8")


def nibbles(part):
    """Low halves, then high halves."""
    return np.concatenate([part & 15, part >> 4], axis=1).astype("f8")


def fifth_bits(blocks, at):
    bits = np.ascontiguousarray(blocks[:, at:at + 4]).view(np.uint32)
    return ((bits >> np.arange(32, dtype=np.uint32)) & 1).astype("f8") * 16


def q4_0(b):
    return (nibbles(b[:, 2:]) - 8) * half(b, 0)


def q4_1(b):
    return nibbles(b[:, 4:]) * half(b, 0) + half(b, 2)


def q5_0(b):
    return (nibbles(b[:, 6:]) + fifth_bits(b, 2) - 16) * half(b, 0)


def q5_1(b):
    return (nibbles(b[:, 8:]) + fifth_bits(b, 4)) * half(b, 0) + half(b, 2)


def q8_0(b):
    return b[:, 2:].view(np.int8) * half(b, 0)


def q1_0(b):
    bits = np.unpackbits(b[:, 2:], axis=1, bitorder="little")
    return (bits * 2.0 - 1) * half(b, 0)


def q2_0(b):
    parts = np.stack([b[:, 2:] >> shift & 3 for shift in (0, 2, 4, 6)], axis=2)
    return (parts.reshape(len(b), -1) - 1.0) * half(b, 0)


def iq4_nl(b):
    return NL[nibbles(b[:, 2:]).astype(int)] * half(b, 0)


def mxfp4(b):
    return E2M1[nibbles(b[:, 1:]).astype(int)] * 2.0 ** (b[:, :1].astype("f8") - 127)


def quarters(part, step):
    """Two bits of each byte of runs of `step` bytes: all lowest ones of a run, the next, ..."""
    runs = part.reshape(len(part), -1, 1, step)
    return (runs >> np.arange(0, 8, 2, dtype=np.uint8).reshape(1, 1, 4, 1) & 3).reshape(
        len(part), -1).astype("f8")


def tq2_0(b):
    return (quarters(b[:, :64], 32) - 1) * half(b, 64)


def q2_K(b):
    scale = np.repeat((b[:, :16] & 15) * half(b, 80), 16, axis=1)
    least = np.repeat((b[:, :16] >> 4) * half(b, 82), 16, axis=1)
    return quarters(b[:, 16:80], 32) * scale - least


def q3_K(b):
    low, packed = b[:, 96:104], b[:, 104:108]
    four = np.concatenate([low & 15, low >> 4], axis=1)
    high = np.concatenate([packed >> shift & 3 for shift in (0, 2, 4, 6)], axis=1)
    scale = np.repeat((four | high << 4).astype("f8") - 32, 16, axis=1) * half(b, 108)
    third = np.concatenate([b[:, :32] >> bit & 1 for bit in range(8)], axis=1)
    return (quarters(b[:, 32:96], 32) - 4 * (1 - third.astype("f8"))) * scale


def six_bits(b, at):
    """Scales and minima of the eight parts of a block, 6 bits each in 12 bytes."""
    s = b[:, at:at + 12]
    scale = np.concatenate([s[:, :4] & 63, s[:, 8:] & 15 | s[:, :4] >> 6 << 4], axis=1)
    least = np.concatenate([s[:, 4:8] & 63, s[:, 8:] >> 4 | s[:, 4:8] >> 6 << 4], axis=1)
    return [np.repeat(part.astype("f8"), 32, axis=1) for part in (scale, least)]


def by_32(part):
    """Low halves of 32 bytes, their high halves, and so on."""
    return np.concatenate([nibbles(part[:, i:i + 32]) for i in range(0, part.shape[1], 32)],
                          axis=1)


def q4_K(b):
    scale, least = six_bits(b, 4)
    return by_32(b[:, 16:]) * scale * half(b, 0) - least * half(b, 2)


def q5_K(b):
    scale, least = six_bits(b, 4)
    fifth = np.concatenate([b[:, 16:48] >> bit & 1 for bit in range(8)], axis=1) * 16.0
    return (by_32(b[:, 48:]) + fifth) * scale * half(b, 0) - least * half(b, 2)


def q6_K(b):
    parts = []
    for low, high in ((b[:, :64], b[:, 128:160]), (b[:, 64:128], b[:, 160:192])):
        four = np.concatenate([low & 15, low >> 4], axis=1)
        parts.append(four | np.concatenate([high >> s & 3 for s in (0, 2, 4, 6)], axis=1) << 4)
    scale = np.repeat(b[:, 192:208].view(np.int8).astype("f8"), 16, axis=1)
    return (np.concatenate(parts, axis=1) - 32.0) * scale * half(b, 208)


def iq4_xs(b):
    high = np.ascontiguousarray(b[:, 2:4]).view(np.uint16)
    four = np.stack([b[:, 4:8] & 15, b[:, 4:8] >> 4], axis=2).reshape(len(b), 8)
    two = high >> np.arange(0, 16, 2, dtype=np.uint16) & 3
    scale = np.repeat((four | two << 4).astype("f8") - 32, 32, axis=1) * half(b, 0)
    values = np.concatenate([nibbles(b[:, i:i + 16]) for i in range(8, 136, 16)], axis=1)
    return NL[values.astype(int)] * scale


# name: elements and bytes of a block, where its float16 numbers are, its meaning
FORMATS = {"q1_0": (128, 18, (0,), q1_0), "q2_0": (64, 18, (0,), q2_0),
           "q4_0": (32, 18, (0,), q4_0), "q4_1": (32, 20, (0, 2), q4_1),
           "q5_0": (32, 22, (0,), q5_0), "q5_1": (32, 24, (0, 2), q5_1),
           "q8_0": (32, 34, (0,), q8_0), "iq4_nl": (32, 18, (0,), iq4_nl),
           "mxfp4": (32, 17, (), mxfp4), "tq2_0": (256, 66, (64,), tq2_0),
           "q2_K": (256, 84, (80, 82), q2_K), "q3_K": (256, 110, (108,), q3_K),
           "q4_K": (256, 144, (0, 2), q4_K), "q5_K": (256, 176, (0, 2), q5_K),
           "q6_K": (256, 210, (208,), q6_K), "iq4_xs": (256, 136, (0,), iq4_xs)}


def random(rng, name, shape):
    """Bytes of a random array, rows last, and its numbers. `shape`: as numpy's."""
    elements, size, halves, meaning = FORMATS[name]
    count = int(np.prod(shape)) // elements
    blocks = rng.integers(0, 256, (count, size), dtype=np.uint8)
    for at in halves:
        values = rng.uniform(0.01, 0.1, (count, 1)).astype(np.float16)
        blocks[:, at:at + 2] = values.view(np.uint8)
    if name == "mxfp4":
        blocks[:, 0] = rng.integers(120, 130, count)
    if name == "iq1_m":  # its scale lies in the high nibbles of four words
        bits = rng.uniform(0.01, 0.1, count).astype(np.float16).view(np.uint16)
        for i in range(4):
            at = blocks[:, 49 + 2 * i]
            at[:] = at & 15 | (bits >> 4 * i & 15) << 4
    return blocks.reshape(-1), meaning(blocks).reshape(shape)


# ---- the way there, in float as ggml's kernels compute it ---------------------------------------


def inverse(scale):
    return np.where(scale != 0, np.float32(1) / np.where(scale != 0, scale, 1), 0).astype("f4")


def largest(x):
    """The element of each block that is farthest from zero."""
    return np.take_along_axis(x, np.abs(x).argmax(1)[:, None], 1)


def packed(parts, *halves):
    """Blocks of float16 numbers and of two elements a byte."""
    low, high = parts[:, :16].astype(np.uint8), parts[:, 16:].astype(np.uint8)
    heads = [part.astype(np.float16).view(np.uint8) for part in halves]
    return np.concatenate([*heads, low | high << 4], axis=1)


def to_q8_0(x):
    scale = np.abs(x).max(1, keepdims=True) / np.float32(127)
    scaled = x * inverse(scale)
    rounded = np.trunc(scaled + np.copysign(np.float32(0.5), scaled)).astype(np.int8)
    return np.concatenate([scale.astype(np.float16).view(np.uint8), rounded.view(np.uint8)],
                          axis=1)


def to_q4_0(x):
    scale = largest(x) / np.float32(-8)
    return packed(np.minimum(15, np.trunc(x * inverse(scale) + np.float32(8.5))), scale)


def to_q4_1(x):
    least = x.min(1, keepdims=True)
    scale = (x.max(1, keepdims=True) - least) / np.float32(15)
    return packed(np.minimum(15, np.trunc((x - least) * inverse(scale) + np.float32(0.5))),
                  scale, least)


def five_bits(values, *halves):
    """As packed(), with the fifth bits before the others."""
    values = values.astype(np.uint8)
    fifth = np.packbits(values >> 4, axis=1, bitorder="little")
    low = packed(values & 15, *halves)
    return np.concatenate([low[:, :2 * len(halves)], fifth, low[:, 2 * len(halves):]], axis=1)


def to_q5_0(x):
    scale = largest(x) / np.float32(-16)
    return five_bits(np.minimum(31, np.trunc(x * inverse(scale) + np.float32(16.5))), scale)


def to_q5_1(x):
    least = x.min(1, keepdims=True)
    scale = (x.max(1, keepdims=True) - least) / np.float32(31)
    return five_bits(np.trunc((x - least) * inverse(scale) + np.float32(0.5)), scale, least)


def to_iq4_nl(x):
    """Nearest of sixteen values; then the scale that suits the choice best."""
    scaled = x * inverse(largest(x) / np.float32(-127))
    index = np.abs(scaled[:, :, None].astype("f8") - NL).argmin(2)
    weight = x.astype("f8") ** 2
    scale = (weight * NL[index] * x).sum(1) / (weight * NL[index] ** 2).sum(1)
    return packed(index, scale[:, None])


def to_q1_0(x):
    scale = np.abs(x).astype("f8").mean(1, keepdims=True)
    return np.concatenate([scale.astype(np.float16).view(np.uint8),
                           np.packbits(x >= 0, axis=1, bitorder="little")], axis=1)


def thirds(x):
    """-1, 0, 1 as 0, 1, 2; and the scale."""
    scale = np.abs(x).max(1, keepdims=True)
    scaled = x * inverse(scale)
    rounded = np.trunc(scaled + np.copysign(np.float32(0.5), scaled))
    return rounded.astype(int) + 1, scale.astype(np.float16).view(np.uint8)


def two_bits(parts):
    """Four to a byte, along the last axis."""
    return (parts << np.array([0, 2, 4, 6])).sum(-1).astype(np.uint8)


def to_q2_0(x):
    values, scale = thirds(x)
    return np.concatenate([scale, two_bits(values.reshape(len(x), -1, 4))], axis=1)


def to_tq2_0(x):
    values, scale = thirds(x)
    runs = values.reshape(len(x), -1, 4, 32).swapaxes(2, 3)
    return np.concatenate([two_bits(runs).reshape(len(x), -1), scale], axis=1)


QUANTISE = {"q8_0": to_q8_0, "q4_0": to_q4_0, "q4_1": to_q4_1, "q5_0": to_q5_0,
            "q5_1": to_q5_1, "iq4_nl": to_iq4_nl, "q1_0": to_q1_0, "q2_0": to_q2_0,
            "tq2_0": to_tq2_0}
