# SPDX-License-Identifier: MIT
"""ggml's formats of one to three bits, whose values are points of a grid: an index chooses
eight (or four) numbers of a table, signs and scales are beside it. Written from the definition
of each format; the tables are read from ggml-common.h as they stand there. That of one bit is
in the form that ggml's code for processors uses, its Metal kernels have another."""
import pathlib
import re

import numpy as np

from .formats import half

TABLE = re.compile(r"GGML_TABLE_BEGIN\((u?int\d+)_t, (\w+), \w+\)(.*?)GGML_TABLE_END", re.S)


def tables(folder):
    """Name -> entries of bytes: one row for an index."""
    text = re.sub(r"//[^\n]*", "", pathlib.Path(folder, "src/ggml-common.h").read_text())
    found = {}
    for kind, name, body in TABLE.findall(text):
        values = [int(word, 0) for word in re.findall(r"-?\w+", body)]
        words = np.array(values, "<" + kind[0] + str(int(kind.lstrip("uint")) // 8))
        found[name] = words.view(np.uint8).reshape(len(words), -1)
    return found


def words(part, kind):
    return np.ascontiguousarray(part).view(kind)


def nibbles(part):
    """The two of a byte beside each other."""
    return np.stack([part & 15, part >> 4], axis=2).reshape(len(part), -1).astype("f8")


def seven_signs(index):
    """Seven bits are signs, the eighth makes their number even."""
    bits = index[..., None] >> np.arange(7) & 1
    bits = np.concatenate([bits, bits.sum(-1, keepdims=True) & 1], axis=-1)
    return 1.0 - 2.0 * bits


def eight_signs(part):
    return 1.0 - 2.0 * np.unpackbits(part, axis=1, bitorder="little").reshape(len(part), -1, 8)


def scaled(points, scale):
    """Points of a block, each scale for as many of them as there are."""
    flat = points.reshape(len(points), -1)
    return flat * np.repeat(scale, flat.shape[1] // scale.shape[1], axis=1)


class Grids:
    """The meaning of each format, with the tables of a folder of ggml."""

    def __init__(self, folder):
        found = tables(folder)
        self.two = {name: found[f"iq2{name}_grid"].astype("f8") for name in ("xxs", "xs", "s")}
        self.three = {name: found[f"iq3{name}_grid"].astype("f8") for name in ("xxs", "s")}
        self.one = found["iq1s_grid"].view(np.int8).astype("f8")

    def iq2_xxs(self, b):
        pairs = words(b[:, 2:], "<u4").reshape(len(b), 8, 2)
        index = words(pairs[:, :, 0], np.uint8).reshape(len(b), 8, 4)
        signs = seven_signs(pairs[:, :, 1:] >> np.arange(0, 28, 7, dtype=np.uint32) & 127)
        scale = (0.5 + (pairs[:, :, 1] >> 28)) / 4 * half(b, 0)
        return scaled(self.two["xxs"][index] * signs, scale)

    def iq2_xs(self, b):
        code = words(b[:, 2:66], "<u2")
        points = self.two["xs"][code & 511] * seven_signs(code >> 9)
        return scaled(points, (0.5 + nibbles(b[:, 66:])) / 4 * half(b, 0))

    def iq2_s(self, b):
        high = b[:, 66:74, None] >> np.arange(0, 8, 2, dtype=np.uint8) & 3
        index = b[:, 2:34].astype(int) | high.reshape(len(b), 32).astype(int) << 8
        points = self.two["s"][index] * eight_signs(b[:, 34:66])
        return scaled(points, (0.5 + nibbles(b[:, 74:])) / 4 * half(b, 0))

    def iq3_xxs(self, b):
        more = words(b[:, 66:], "<u4")
        signs = seven_signs(more[:, :, None] >> np.arange(0, 28, 7, dtype=np.uint32) & 127)
        points = self.three["xxs"][b[:, 2:66]].reshape(signs.shape) * signs
        return scaled(points, (0.5 + (more >> 28)) / 2 * half(b, 0))

    def iq3_s(self, b):
        ninth = np.unpackbits(b[:, 66:74], axis=1, bitorder="little")
        signs = eight_signs(b[:, 74:106])
        points = self.three["s"][b[:, 2:66].astype(int) | ninth.astype(int) << 8]
        return scaled(points.reshape(signs.shape) * signs, (1 + 2 * nibbles(b[:, 106:]))
                      * half(b, 0))

    def iq1_s(self, b):
        high = words(b[:, 34:], "<u2").astype(int)
        three = high[:, :, None] >> np.arange(0, 12, 3) & 7
        index = b[:, 2:34].astype(int).reshape(three.shape) | three << 8
        shift = np.where(high & 0x8000, -0.125, 0.125)[:, :, None, None]
        return scaled(self.one[index] + shift, (2 * (high >> 12 & 7) + 1) * half(b, 0))

    def iq1_m(self, b):
        high = nibbles(b[:, 32:48]).astype(int)
        points = self.one[b[:, :32].astype(int) | (high & 7) << 8]
        points = points + np.where(high & 8, -0.125, 0.125)[:, :, None]
        parts = words(b[:, 48:], "<u2").astype(int)
        bits = sum(parts[:, i] >> 12 << 4 * i for i in range(4)).astype(np.uint16)
        scale = 2 * (parts[:, :, None] >> np.arange(0, 12, 3) & 7).reshape(len(b), 16) + 1
        return scaled(points, scale * bits.view(np.float16).astype("f8")[:, None])


# Bytes of a block of 256 elements.
SIZES = {"iq2_xxs": 66, "iq2_xs": 74, "iq2_s": 82, "iq3_xxs": 98, "iq3_s": 110, "iq1_s": 50,
         "iq1_m": 56}


def formats(folder):
    """As formats.FORMATS; where the scale of iq1_m is, formats.random knows."""
    grids = Grids(folder)
    return {name: (256, size, () if name == "iq1_m" else (0,), getattr(grids, name))
            for name, size in SIZES.items()}
