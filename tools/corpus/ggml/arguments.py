# SPDX-License-Identifier: MIT
"""Argument structs of ggml's Metal kernels, read from its header, and tensors as ggml sees them:
dimension 0 is the innermost, numpy's last."""
import pathlib
import re

import numpy as np

SCALARS = {"int16_t": "<i2", "int32_t": "<i4", "int": "<i4", "int64_t": "<i8",
           "uint64_t": "<u8", "size_t": "<u8", "float": "<f4", "bool": "?"}


class Header:
    """ggml-metal-impl.h: structs by their short name, and macros that are numbers."""

    def __init__(self, folder):
        text = pathlib.Path(folder, "src/ggml-metal/ggml-metal-impl.h").read_text()
        text = re.sub(r"//[^\n]*", "", text)
        self.numbers = {name: int(value)
                        for name, value in re.findall(r"#define (\w+) +(\d+)\b", text)}
        self.structs = {}
        for body, name in re.findall(r"struct\s*\{([^{}]*)\}\s*ggml_metal_kargs_(\w+);", text):
            fields = re.findall(r"(\w+)\s+(\w+)(?:\[(\d+)\])?\s*;", body)
            self.structs[name] = np.dtype(
                [(field, SCALARS[kind], int(count or 1)) if count else (field, SCALARS[kind])
                 for kind, field, count in fields], align=True)

    def pack(self, struct, *layouts, **values):
        """The bytes of a struct: from layouts what it has of them, and every value given. What
        neither gives is zero, as in ggml's initialisers."""
        one = np.zeros((), self.structs[struct])
        for layout in layouts:
            for field, value in layout.items():
                if field in one.dtype.names:
                    one[field] = value
        for field, value in values.items():
            one[field] = value
        return np.frombuffer(bytearray(one.tobytes()), np.uint8)


def layout(prefix, shape, element, block=1):
    """ne and nb of a dense tensor; `shape` as numpy's, padded to four dimensions. `element` is
    the size of a block of `block` elements."""
    ne = ([1] * (4 - len(shape)) + list(shape))[::-1]
    nb = [element, element * (ne[0] // block)]
    nb += [nb[1] * ne[1], nb[1] * ne[1] * ne[2]]
    fields = {f"ne{prefix}{i}": n for i, n in enumerate(ne)}
    fields.update({f"nb{prefix}{i}": n for i, n in enumerate(nb)})
    return fields


def of(prefix, array):
    return layout(prefix, array.shape, array.itemsize)
