# SPDX-License-Identifier: MIT
"""Pixel formats: fields by exact fractions, the definitions of ir/canon_pack.c's head comment."""
from fractions import Fraction
import math

import numpy as np

import floats
from engine import Call, MODES, suffix
from floats import LD

FORMATS = {  # name: form, bits of each component from the lowest on
    "unorm4x8": ("unorm", (8,) * 4), "snorm4x8": ("snorm", (8,) * 4),
    "unorm2x16": ("unorm", (16,) * 2), "snorm2x16": ("snorm", (16,) * 2),
    "unorm4x8.srgb": ("srgb", (8,) * 4), "unorm.rgb10a2": ("unorm", (10, 10, 10, 2)),
    "snorm.rgb10a2": ("snorm", (10, 10, 10, 2)), "unorm.rg11b10f": ("small", (11, 11, 10)),
    "unorm.rgb9e5": ("shared", (9, 9, 9)), "unorm.rgb565": ("unorm", (5, 6, 5)),
    "unorm2x8": ("unorm", (8,) * 2), "snorm2x8": ("snorm", (8,) * 2),
    "unorm1x8": ("unorm", (8,)), "snorm1x8": ("snorm", (8,)), "unorm1x16": ("unorm", (16,)),
    "snorm1x16": ("snorm", (16,)), "unorm4x16": ("unorm", (16,) * 4),
    "snorm4x16": ("snorm", (16,) * 4),
}


def integer_kind(name):
    total = 32 if FORMATS[name][0] == "shared" else sum(FORMATS[name][1])
    return f"i{total}"


def id_of(prefix, name):
    return f"{prefix}_{name.upper().replace('.', '_')}"


def float32(value):
    """A fraction rounded to float."""
    return Fraction(float(np.float32(float(value)))) if value else Fraction(0)


def to_even(value):
    whole = math.floor(value)
    rest = value - whole
    return whole + (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2))


def pack_norm(x, bits, is_signed):
    if math.isnan(x):
        return 0
    x = Fraction(min(max(x, -1.0 if is_signed else 0.0), 1.0))
    scale = (1 << bits - is_signed) - 1
    return int(to_even(float32(x * scale))) & (1 << bits) - 1


def to_srgb(x):
    x = min(max(x, 0.0), 1.0) if x == x else 0.0
    return 12.92 * x if x < 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055


def pack_small(x, bits):
    """Five bits of exponent, bits - 5 of fraction, to nearest even."""
    fraction = bits - 5
    if math.isnan(x):
        return None
    if x <= 0:
        return 0
    if math.isinf(x):
        return 31 << fraction
    exponent = max(math.frexp(x)[1] - 1, -14)
    units = to_even(Fraction(x) / Fraction(2) ** (exponent - fraction))
    code = int(units) + (exponent + 14 << fraction)
    return min(code, 31 << fraction)


def pack_shared(parts):
    """EXT_texture_shared_exponent, in exact numbers."""
    parts = [Fraction(min(max(x, 0.0), 65408.0)) if x == x else Fraction(0) for x in parts]
    largest = max(parts)
    exponent = max(-16, math.frexp(float(largest))[1] - 1 if largest else -999) + 16
    half = Fraction(1, 2)
    if math.floor(largest / Fraction(2) ** (exponent - 24) + half) == 512:
        exponent += 1
    fields = [math.floor(x / Fraction(2) ** (exponent - 24) + half) for x in parts]
    return fields[0] | fields[1] << 9 | fields[2] << 18 | exponent << 27


def field_error(form, x, got, bits):
    """Whether a field is right; sRGB may be off where its curve comes near a middle."""
    if form == "small":
        exact = pack_small(x, bits)
        if exact is None:
            return got >> bits - 5 == 31 and got & (1 << bits - 5) - 1 != 0
        return got == exact
    if form == "srgb":
        return abs(got - to_srgb(x) * ((1 << bits) - 1)) <= 0.5 + 1e-4
    return got == pack_norm(x, bits, form == "snorm")


def check_pack(context, name, call, mode, parts, got):
    form, bits = FORMATS[name]
    wrong = 0
    for values, word in zip(parts, got):
        word = int(word)
        if form == "shared":
            is_right = word == pack_shared(values)
        else:
            is_right, at = True, 0
            for part, (x, width) in enumerate(zip(values, bits)):
                own = "unorm" if form == "srgb" and part == 3 else form
                is_right &= field_error(own, x, word >> at & (1 << width) - 1, width)
                at += width
            is_right &= word >> at == 0
        if not is_right:
            wrong += 1
            if wrong <= 3:
                context.fail(f"{call.name}{tuple(values)} {'/'.join(mode)}: {word:#x}")
    context.count += len(parts)


def unpack_exact(form, field, bits):
    """The component as a long double."""
    if form == "small":
        return floats.decode(floats.HALF, np.array([field << 15 - bits]))[0]
    if form == "snorm":
        value = field - (1 << bits) if field >> bits - 1 else field
        return max(LD(value) / LD((1 << bits - 1) - 1), LD(-1))
    value = LD(field) / LD((1 << bits) - 1)
    if form == "srgb":
        return value / LD("12.92") if value <= LD("0.04045") else \
            ((value + LD("0.055")) / LD("1.055")) ** LD("2.4")
    return value


def unpack_word(name, word):
    form, bits = FORMATS[name]
    if form == "shared":
        scale = np.ldexp(LD(1), (word >> 27) - 24)
        return [LD(word >> 9 * i & 511) * scale for i in range(3)]
    out, at = [], 0
    for part, width in enumerate(bits):
        own = "unorm" if form == "srgb" and part == 3 else form
        out.append(unpack_exact(own, word >> at & (1 << width) - 1, width))
        at += width
    return out


def pack_inputs(fmt, rng, parts):
    base = floats.edges(fmt)
    near = floats.encode(fmt, np.concatenate([
        (rng.integers(0, 1024, 300) + 0.5) / 1023, (rng.integers(0, 256, 300) + 0.5) / 255,
        (rng.integers(-128, 128, 200) + 0.5) / 127, rng.uniform(-1.1, 1.1, 400),
        2.0 ** rng.uniform(-30, 17, 400)])).astype(np.uint64)
    pool = np.concatenate([base, near])
    return np.stack([pool[rng.permutation(len(pool))] for _ in range(parts)], axis=1)


def run(context):
    for type_name in ("f32", "f16"):
        fmt = floats.FORMATS[type_name]
        rng = np.random.default_rng(5)
        for name, (_, bits) in FORMATS.items():
            count, kind = len(bits), integer_kind(name)
            pack = Call(f"air.pack.{name}.{suffix(fmt.kind, count)}", (kind, 1),
                        [(fmt.kind, count)])
            parts = pack_inputs(fmt, rng, count)
            parts = parts[:len(parts) // 2 * 2] if type_name == "f32" else parts[::3]
            values = floats.decode(fmt, parts).astype(np.float64).tolist()
            width = int(kind[1:])
            words = np.arange(1 << width, dtype=np.uint64) if width <= 16 else \
                rng.integers(0, 1 << 63, 1500, dtype=np.uint64) << np.uint64(1) >> \
                np.uint64(64 - width)
            unpack = Call(f"air.unpack.{name}.{suffix(fmt.kind, count)}", (fmt.kind, count),
                          [(kind, 1)])
            exact = np.array([unpack_word(name, int(w)) for w in words], LD).ravel()
            for mode in MODES[:2]:
                got = context.engine.batch([pack], [parts.ravel()], mode)[0]
                check_pack(context, name, pack, mode, values, got)
                got = context.engine.batch([unpack], [words], mode)[0]
                context.judge_result(id_of("UNPACK", name), type_name, unpack, mode, [words], got,
                                     exact, fmt)


GROUPS = {"packing": (lambda table: {id_of(p, n) for p in ("PACK", "UNPACK") for n in FORMATS},
                      run)}
