# SPDX-License-Identifier: MIT
"""Floating-point functions: exact results in long double, and in mpmath for a part of them."""
import mpmath
import numpy as np

import floats
from engine import Call, MODES, suffix
from floats import LD

PI = LD(np.pi) + LD(1.2246467991473532e-16)  # pi as the sum of two doubles
LN10 = np.log(LD(10))


def is_nan_any(*args):
    out = np.isnan(args[0])
    for a in args[1:]:
        out = out | np.isnan(a)
    return out


# ---- one operand -----------------------------------------------------------------------------

def quarter_turns(x):
    """x as (nearest integer is odd, exact rest within a half)."""
    with np.errstate(all="ignore"):
        nearest = np.rint(x)
        return np.fmod(nearest, 2) != 0, x - nearest


def sinpi(x):
    odd, rest = quarter_turns(x)
    value = np.sin(PI * rest)
    value = np.where(odd, -value, value)
    return np.where(rest == 0, np.copysign(LD(0), x), value)  # as IEEE 754's sinPi


def cospi(x):
    odd, rest = quarter_turns(x)
    value = np.where(np.abs(rest) == 0.5, LD(0), np.cos(PI * rest))
    return np.where(odd & (value != 0), -value, value)


def tanpi(x):
    odd, rest = quarter_turns(x)
    with np.errstate(all="ignore"):
        value = np.where(np.abs(rest) == 0.5, np.copysign(LD(np.inf), rest), np.tan(PI * rest))
    zero = np.copysign(LD(0), x)
    return np.where(rest == 0, np.where(odd, -zero, zero), value)  # as IEEE 754's tanPi


def round_away(x):
    whole = np.trunc(x)
    part = np.abs(x - whole)
    return np.where(np.isfinite(x), np.where(part >= 0.5, whole + np.copysign(LD(1), x), whole), x)


def fract(x, fmt):
    """x - floor(x), below one in the format; 0 of an infinity."""
    largest = 1 - np.ldexp(LD(1), -fmt.digits)
    with np.errstate(all="ignore"):
        return np.where(np.isinf(x), LD(0), np.minimum(x - np.floor(x), largest))


def saturate(x):
    return np.where(np.isnan(x) | (x <= 0), LD(0), np.minimum(x, LD(1)))


def sign(x):
    return np.where(np.isnan(x), LD(0), np.where(x == 0, x, np.copysign(LD(1), x)))


ONE = {
    "ACOSPI": lambda x: np.arccos(x) / PI, "ASINPI": lambda x: np.arcsin(x) / PI,
    "ATANPI": lambda x: np.arctan(x) / PI,
    "ACOS": np.arccos, "ACOSH": np.arccosh, "ASIN": np.arcsin, "ASINH": np.arcsinh,
    "ATAN": np.arctan, "ATANH": np.arctanh, "CEIL": np.ceil, "COS": np.cos, "COSH": np.cosh,
    "COSPI": cospi, "EXP": np.exp, "EXP10": lambda x: np.power(LD(10), x), "EXP2": np.exp2,
    "FABS": np.abs, "FLOOR": np.floor, "FRACT": fract, "LOG": np.log, "LOG10": np.log10,
    "LOG2": np.log2, "RINT": np.rint, "ROUND": round_away, "RSQRT": lambda x: 1 / np.sqrt(x),
    "SATURATE": saturate, "SIGN": sign, "SIN": np.sin, "SINH": np.sinh, "SINPI": sinpi,
    "SQRT": np.sqrt, "TAN": np.tan, "TANH": np.tanh, "TANPI": tanpi, "TRUNC": np.trunc,
}


# ---- two and three operands ------------------------------------------------------------------

def least(a, b):
    """The operand that is not NaN; -0 below +0."""
    smaller = np.where((a < b) | ((a == b) & np.signbit(a)), a, b)
    return np.where(np.isnan(a), b, np.where(np.isnan(b), a, smaller))


def most(a, b):
    return -least(-a, -b)


def next_after(a, b, fmt):
    """The neighbour of a on b's side, through the order of the patterns."""
    size = 1 << (fmt.bits - 1)
    bits = floats.encode(fmt, a).astype(np.int64)
    order = np.where(bits >= size, -(bits - size), bits)  # -0 and +0 are both 0
    order = order + np.where(a < b, 1, -1)
    out = np.where(order < 0, size - order, order).astype(np.uint64)
    negative_zero = (order == 0) & (a < 0)
    value = floats.decode(fmt, np.where(negative_zero, np.uint64(size), out))
    value = np.where(a == b, b, value)
    return np.where(is_nan_any(a, b), LD(np.nan), value)


def powr(a, b):
    return np.where(a >= 0, np.power(a, b), np.power(np.abs(a), b))


TWO = {
    "ATAN2": np.arctan2, "ATAN2PI": lambda y, x: np.arctan2(y, x) / PI, "COPYSIGN": np.copysign, "FMAX": most, "FMIN": least, "FMOD": np.fmod,
    "POW": np.power, "POWR": powr, "NEXTAFTER": next_after,
}


def fma(a, b, c, fmt):
    """a * b + c with one rounding: the product is two long doubles, their sum with c rounds to
    odd, so that the format's rounding is the only one."""
    with np.errstate(all="ignore"):
        product = a * b  # of two floats: exact, 48 bits
        total = product + c
        rest = total - product
        tail = (product - (total - rest)) + (c - rest)
        mantissa, exponent = np.frexp(total)
        scaled = np.ldexp(mantissa, np.finfo(LD).nmant + 1)
        is_even = np.fmod(scaled, 2) == 0
        toward = np.where(tail > 0, LD(np.inf), LD(-np.inf))
        moved = np.where(is_even & (tail != 0) & np.isfinite(total),
                         np.nextafter(total, toward), total)
        del exponent
    return floats.decode(fmt, floats.encode(fmt, moved))


def rounded(fmt, values):
    return floats.decode(fmt, floats.encode(fmt, values))


def mix(x, y, a, fmt):
    with np.errstate(all="ignore"):
        return rounded(fmt, x + rounded(fmt, rounded(fmt, y - x) * a))


def median(a, b, c):
    return most(least(a, b), least(most(a, b), c))


THREE = {
    "FCLAMP": lambda x, low, high: least(most(x, low), high),
    "FMAX3": lambda a, b, c: most(most(a, b), c), "FMIN3": lambda a, b, c: least(least(a, b), c),
    "FMEDIAN3": median, "FMA": fma, "MIX": mix,
}

WITH_FORMAT = {"FRACT", "NEXTAFTER", "FMA", "MIX"}

# Where nothing is defined, and nothing is asked but that both engines agree.
UNDEFINED = {
    "POWR": lambda a, b: (a < 0) | np.isnan(a) | np.isnan(b) | ((a == 0) & (b == 0))
    | (np.isinf(a) & (b == 0)) | ((a == 1) & np.isinf(b)) | np.signbit(a),
    "FMEDIAN3": is_nan_any,
}
# Fast maths does not keep the sign of zeros.
UNDEFINED_FAST = {"RSQRT": lambda x: (x == 0) & np.signbit(x)}


def expected_of(row, fmt, args):
    functions = {1: ONE, 2: TWO, 3: THREE}[len(args)]
    function = functions[row.id]
    with np.errstate(all="ignore"):
        out = function(*args, fmt) if row.id in WITH_FORMAT else function(*args)
    return np.asarray(out, LD)


# ---- mpmath --------------------------------------------------------------------------------

def mp_tanpi(x):
    return mpmath.sinpi(x) / mpmath.cospi(x)


PRECISE = {
    "ACOSPI": lambda x: mpmath.acos(x) / mpmath.pi, "ASINPI": lambda x: mpmath.asin(x) / mpmath.pi,
    "ATANPI": lambda x: mpmath.atan(x) / mpmath.pi,
    "ATAN2PI": lambda y, x: mpmath.atan2(y, x) / mpmath.pi,
    "ACOS": mpmath.acos, "ACOSH": mpmath.acosh, "ASIN": mpmath.asin, "ASINH": mpmath.asinh,
    "ATAN": mpmath.atan, "ATANH": mpmath.atanh, "COS": mpmath.cos, "COSH": mpmath.cosh,
    "COSPI": mpmath.cospi, "EXP": mpmath.exp, "EXP10": lambda x: mpmath.power(10, x),
    "EXP2": lambda x: mpmath.power(2, x), "LOG": mpmath.log, "LOG10": mpmath.log10,
    "LOG2": lambda x: mpmath.log(x, 2), "RSQRT": lambda x: 1 / mpmath.sqrt(x),
    "SIN": mpmath.sin, "SINH": mpmath.sinh, "SINPI": mpmath.sinpi, "SQRT": mpmath.sqrt,
    "TAN": mpmath.tan, "TANH": mpmath.tanh, "TANPI": mp_tanpi,
    "ATAN2": mpmath.atan2, "POW": mpmath.power, "POWR": mpmath.power,
}


def mp_number(value):
    """A long double as it is: two doubles hold its mantissa."""
    mantissa, exponent = np.frexp(value)
    high = float(mantissa)
    return mpmath.ldexp(mpmath.mpf(high) + mpmath.mpf(float(mantissa - LD(high))), int(exponent))


def check_reference(row, args, expected, usable, rng, count=60):
    """The largest relative error of the reference against mpmath on finite samples."""
    if row.id not in PRECISE:
        return 0.0
    usable = usable & np.isfinite(expected) & (expected != 0)
    for a in args:
        usable &= np.isfinite(a) & ((a != 0) | (len(args) == 1))  # mpmath has no -0
    with np.errstate(all="ignore"):
        usable &= (np.abs(expected) >= np.finfo(LD).tiny)
    places = np.flatnonzero(usable)
    places = rng.choice(places, min(count, len(places)), replace=False)
    worst = 0.0
    with mpmath.workprec(200):
        for place in places:
            exact = PRECISE[row.id](*[mpmath.mpf(float(a[place])) for a in args])
            found = mp_number(expected[place])
            if exact != 0:
                worst = max(worst, float(abs((found - exact) / exact)))
    return worst


# ---- the group -------------------------------------------------------------------------------

def float_rows(table, arity):
    functions = {1: ONE, 2: TWO, 3: THREE}[arity]
    return [table[i] for i in functions]


def calls_of(table_rows, kind, length, arity, has_fast):
    """(row, is_fast, call) of each."""
    out = []
    for row in table_rows:
        for is_fast in (False, True) if has_fast else (False,):
            name = f"air.{'fast_' if is_fast else ''}{row.name}.{suffix(kind, length)}"
            flags = "reassoc arcp contract afn " if is_fast else ""
            out.append((row, is_fast, Call(name, (kind, length), [(kind, length)] * arity, flags)))
    return out


def run_group(context, arity):
    """Every function of `arity` operands: all formats, scalars and vectors, all engines."""
    for name, fmt in floats.FORMATS.items():
        rng = np.random.default_rng(arity)
        if arity == 1:
            full = [floats.one_operand(fmt, rng)]
        else:
            full = floats.operands(fmt, rng, arity)
        short = [a[rng.permutation(len(a))[:960]] for a in full] if arity == 1 else \
            [a[::max(1, len(a) // 960)][:960] for a in full]
        for length in (1, 2, 3, 4):
            arrays = full if length == 1 else short
            arrays = [a[:len(a) // 48 * 48] for a in arrays]
            values = [floats.decode(fmt, a) for a in arrays]
            calls = calls_of(float_rows(context.table, arity), fmt.kind, length, arity,
                             name == "f32")
            context.compare_floats(calls, name, fmt, arrays, values)


def sweep(context, row, step):
    """Every float pattern, or each `step`-th, through a function of one operand, precise and fast;
    prints the largest error of each."""
    fmt, part = floats.FLOAT, 1 << 22
    for start in range(0, 1 << 32, part * step):
        bits = np.arange(start, min(start + part * step, 1 << 32), step, dtype=np.uint64)
        bits = floats.pad(bits)
        calls = calls_of([row], fmt.kind, 1, 1, True)
        context.compare_floats(calls, "f32", fmt, [bits], [floats.decode(fmt, bits)])
    for column in ("f32", "fast"):
        print(f"{row.name} {column}: {context.measured[row.id, column]:.4f} ULP")


GROUPS = {
    "maths1": (lambda table: set(ONE), lambda context: run_group(context, 1)),
    "maths2": (lambda table: set(TWO), lambda context: run_group(context, 2)),
    "maths3": (lambda table: set(THREE), lambda context: run_group(context, 3)),
}
