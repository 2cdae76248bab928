# SPDX-License-Identifier: MIT
"""The functions of conform.py: operands, values, references, bounds."""
import math

import numpy as np

BITS = {"c": 8, "C": 8, "s": 16, "S": 16, "i": 32, "I": 32, "l": 64, "L": 64}
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, math.inf, -math.inf, math.nan, 1e-40, -1e-40,
         3.4e38, -3.4e38, 1.1754944e-38, 0.99999994, 1.0000001]


def wrap(value, letter):
    bits = BITS[letter]
    value &= (1 << bits) - 1
    return value - (1 << bits) if letter.islower() and value >> (bits - 1) else value


def span(letter):
    bits = BITS[letter]
    return (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if letter.islower() else (0, (1 << bits) - 1)


def clip(value, letter):
    low, high = span(letter)
    return min(max(value, low), high)


def spaced(value, dtype):
    """Distance of a float to its neighbour away from zero."""
    value = np.abs(value.astype(dtype))
    with np.errstate(all="ignore"):
        gap = np.spacing(np.minimum(value, np.finfo(dtype).max / 2)).astype(np.float64)
    return np.where(np.isfinite(gap), gap, 1.0)


class Case:
    """name(args) -> result. `rule` takes and gives Python numbers, `whole` numpy arrays."""

    def __init__(self, name, args, result, rule=None, whole=None, ulp=0, domain=None, edges=True,
                 lengths=None, scalars="", call=None, absolute=0.0):
        self.name, self.args, self.result, self.ulp = name, args, result, ulp
        self.rule, self.whole, self.domain, self.edges = rule, whole, domain, edges
        self.lengths, self.call, self.absolute = lengths, call, absolute
        self.scalars = [letter == "1" for letter in scalars.ljust(len(args), "0")]

    def expression(self, args, length):
        text = self.call or f"{self.name}({', '.join('{}' for _ in args)})"
        return text.format(*args, n="" if length == 1 else length)

    def floats(self, rng, count, letter, which):
        domain = self.domain[which] if isinstance(self.domain, list) else self.domain
        low, high = domain or (-100.0, 100.0)
        values = rng.uniform(low, high, count)
        if low > 0 and high / low > 1e4:
            values = np.exp(rng.uniform(math.log(low), math.log(high), count))
        if self.edges:
            grid = [e for e in EDGES if letter == "f" or abs(e) < 6e4 or not math.isfinite(e)]
            pick = [grid[(i // (len(grid) if which else 1)) % len(grid)] for i in range(count // 2)]
            values[:count // 2] = pick
        return values.astype(np.float32 if letter == "f" else np.float16)

    def integers(self, rng, count, letter, which):
        low, high = span(letter)
        if isinstance(self.domain, list) and self.domain[which]:
            low, high = self.domain[which]
            return rng.integers(low, high, count, endpoint=True)
        dtype = np.int64 if letter.islower() else np.uint64
        values = rng.integers(low, high, count, dtype=dtype, endpoint=True)
        edges = [low, high, low + 1, high - 1, 0, 1, high // 2, 2, 3]
        for i in range(count // 2):
            values[i] = edges[(i // (len(edges) if which else 1)) % len(edges)]
        return values

    def values(self, count):
        rng = np.random.default_rng(sum(map(ord, self.name + self.args)))
        return [self.floats(rng, count, t, i) if t in "fh" else self.integers(rng, count, t, i)
                for i, t in enumerate(self.args)]

    def reference(self, *args):
        *args, length = args
        args = [np.full(len(args[i]), args[i][0], args[i].dtype) if self.scalars[i] else args[i]
                for i in range(len(args))]
        if self.whole:
            return self.whole(*args, length) if self.whole.__code__.co_argcount > len(args) \
                else self.whole(*args)
        out = []
        for row in zip(*args):
            row = [float(v) if t in "fh" else int(v) for v, t in zip(row, self.args)]
            out.append(self.one(row))
        return np.array(out, dtype=np.float64 if self.result in "fh" else object)

    def one(self, row):
        try:
            return self.rule(*row)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan

    def errors(self, got, wanted):
        """In ULP; of integers 0 or infinite."""
        if self.result not in "fh":
            return np.array([0 if int(g) == int(w) else math.inf for g, w in zip(got, wanted)])
        dtype = np.float32 if self.result == "f" else np.float16
        with np.errstate(all="ignore"):
            wide = np.asarray(wanted, dtype=np.float64)
            near = wide.astype(dtype)
            off = np.abs(got.astype(np.float64) - wide) / spaced(wide, dtype)
            off = np.where(np.abs(got.astype(np.float64) - wide) <= self.absolute, 0, off)
        same = (np.isnan(got) & np.isnan(near)) | (got == near)
        # What overflows for the reference may be the largest number within the bound.
        return np.where(same, 0, np.where(np.isfinite(got) & np.isfinite(near), off, math.inf))


# ---- maths ----------------------------------------------------------------------------------

def signed_zero(f):
    """x where x is a zero."""
    return lambda x: x if x == 0 else f(x)


def pi_of(f):
    return lambda x: f(x) / math.pi


def trig_pi(f):
    """sinpi and its like, with exact reduction."""
    def rule(x):
        if not math.isfinite(x):
            return math.nan
        x = math.fmod(x, 2.0)
        return f(x)
    return rule


def sinpi(x):
    x = math.fmod(x, 2.0)
    if x == int(x):
        return math.copysign(0.0, x)
    if abs(x) > 1:
        x = x - math.copysign(2, x)
    return math.sin(math.pi * x) if abs(x) <= 0.5 else math.copysign(
        math.sin(math.pi * (1 - abs(x))), x)


def cospi(x):
    x = abs(math.fmod(x, 2.0))
    if x > 1:
        x = 2 - x
    return math.sin(math.pi * (0.5 - x))


def log(f):
    return lambda x: -math.inf if x == 0 else f(x)


def exp_of(f):
    return lambda x: 0.0 if x == -math.inf else f(x)


def cbrt(x):
    if x == 0 or not math.isfinite(x):
        return x
    root = math.copysign(math.exp2(math.log2(abs(x)) / 3), x)
    return root - (root ** 3 - x) / (3 * root * root)


def nearest_even(x):
    return x if not math.isfinite(x) else math.copysign(float(round(x)), x)


def half_away(x):
    return x if not math.isfinite(x) else math.copysign(math.floor(abs(x) + 0.5), x)


def kept(f):
    return lambda x: x if not math.isfinite(x) else math.copysign(float(f(x)), x)


def atanh(x):
    return math.copysign(math.inf, x) if abs(x) == 1 else math.atanh(x)


def rsqrt(x):
    return math.copysign(math.inf, x) if x == 0 else 0.0 if x == math.inf else 1 / math.sqrt(x)


def tgamma(x):
    if x == 0:
        return math.copysign(math.inf, x)
    if x == -math.inf or (x < 0 and x == math.floor(x)):
        return math.nan
    try:
        return math.gamma(x)
    except OverflowError:
        return math.inf


def lgamma(x):
    return math.inf if x <= 0 and x == math.floor(x) else math.lgamma(x)


def logb(x):
    return math.inf if math.isinf(x) else x if x != x else -math.inf if x == 0 \
        else float(math.frexp(x)[1] - 1)


def ilogb(x):
    if x == 0:
        return -2 ** 31
    return 2 ** 31 - 1 if math.isinf(x) else -2 ** 31 if x != x else math.frexp(x)[1] - 1


def sinh(x):
    return math.copysign(math.inf, x) if abs(x) > 700 else math.sinh(x)


def single(x):
    return float(np.float32(x))


def unary(name, rule, ulp, domain=None, **more):
    return Case(name, "f", "f", rule, ulp=ulp, domain=domain, **more)


MATHS = {
    "acos": (math.acos, 4, (-1, 1)), "acosh": (math.acosh, 4, (1, 1e30)),
    "acospi": (pi_of(math.acos), 5, (-1, 1)), "asin": (math.asin, 4, (-1, 1)),
    "asinh": (math.asinh, 4, (-1e30, 1e30)), "asinpi": (pi_of(math.asin), 5, (-1, 1)),
    "atan": (math.atan, 5, None), "atanh": (atanh, 5, (-1, 1)),
    "atanpi": (pi_of(math.atan), 5, None), "cbrt": (cbrt, 2, (-1e30, 1e30)),
    "ceil": (kept(math.ceil), 0, None), "cos": (math.cos, 4, None),
    "cosh": (math.cosh, 4, (-88, 88)), "cospi": (trig_pi(cospi), 4, None),
    "erf": (math.erf, 16, (-5, 5)), "erfc": (math.erfc, 16, (-5, 9)),
    "exp": (exp_of(math.exp), 3, (-87, 88)), "exp10": (exp_of(lambda x: 10.0 ** x), 3, (-37, 38)),
    "exp2": (exp_of(math.exp2), 3, (-125, 127)), "expm1": (math.expm1, 3, (-3, 88)),
    "fabs": (abs, 0, None), "floor": (kept(math.floor), 0, None),
    "lgamma": (lgamma, 8, (0.01, 100)), "log": (log(math.log), 3, (1e-30, 1e30)),
    "log10": (log(math.log10), 3, (1e-30, 1e30)),
    "log1p": (lambda x: -math.inf if x == -1 else math.log1p(x), 2, (-0.99, 1e5)),
    "log2": (log(math.log2), 3, (1e-30, 1e30)), "logb": (logb, 0, (1e-30, 1e30)),
    "rint": (nearest_even, 0, None), "round": (half_away, 0, None), "rsqrt": (rsqrt, 2, (1e-30, 1e30)),
    "sin": (math.sin, 4, None), "sinh": (sinh, 4, (-88, 88)),
    "sinpi": (trig_pi(sinpi), 4, None), "sqrt": (lambda x: x if x == 0 else math.sqrt(x), 0.5, (1e-30, 1e30)),
    "tan": (math.tan, 5, None), "tanh": (math.tanh, 5, (-9, 9)),
    "tgamma": (tgamma, 16, (-5, 34)), "trunc": (kept(math.trunc), 0, None),
}
MATHS_GROUP = [unary(name, *row) for name, row in MATHS.items()]
tanpi = Case("tanpi", "f", "f", lambda x: sinpi(x) / cospi(x), ulp=6, domain=(-20, 20), edges=False)


def fmod(x, y):
    return x if math.isfinite(x) and math.isinf(y) else math.fmod(x, y)


def fmax(x, y):
    return y if x != x else x if y != y else max(x, y)


def fmin(x, y):
    return y if x != x else x if y != y else min(x, y)


def power(x, y):
    try:
        return math.pow(x, y)
    except ValueError:
        if x == 0 and y < 0:
            return math.copysign(math.inf, x) if y == int(y) and y % 2 else math.inf
        return math.nan
    except OverflowError:
        return -math.inf if x < 0 and y % 2 else math.inf


def powr(x, y):
    if x < 0 or x != x or y != y or (x == 0 and y == 0) or (x == 1 and math.isinf(y)) or \
            (x == math.inf and y == 0):
        return math.nan
    return abs(power(abs(x), y))


def remainder(x, y):
    return math.remainder(x, y) or math.copysign(0.0, x)


def fdim(x, y):
    return math.nan if x != x or y != y else x - y if x > y else 0.0


def maxmag(x, y):
    return x if abs(x) > abs(y) else y if abs(y) > abs(x) else fmax(x, y)


def minmag(x, y):
    return x if abs(x) < abs(y) else y if abs(y) < abs(x) else fmin(x, y)


def pown(x, n):
    return power(x, n) if n else 1.0


def rootn(x, n):
    if n == 0 or (x < 0 and n % 2 == 0) or x != x:
        return math.nan
    if x == 0 or math.isinf(x):
        size = math.inf if (x == 0) == (n < 0) else 0.0
    else:
        size = math.exp2(math.log2(abs(x)) / n)
    return math.copysign(size, x) if n % 2 else size


def nextafter(x, y):
    return float(np.nextafter(np.float32(x), np.float32(y)))


def binary(name, rule, ulp, domain=None, **more):
    return Case(name, "ff", "f", rule, ulp=ulp, domain=domain, **more)


def fused(x, y, z):
    import fractions
    if not all(map(math.isfinite, (x, y, z))):
        return x * y + z
    exact = fractions.Fraction(x) * fractions.Fraction(y) + fractions.Fraction(z)
    return float(exact) if exact else x * y + z


def fract(x):
    return math.nan if x != x else math.copysign(0.0, x) if math.isinf(x) else \
        min(x - math.floor(x), 0.99999994) if x != 0 else x


BINARY_GROUP = [
    binary("atan2", math.atan2, 6), binary("atan2pi", lambda x, y: math.atan2(x, y) / math.pi, 6),
    binary("copysign", math.copysign, 0), binary("fdim", fdim, 0.5, lengths=(1, 2, 3, 4, 8, 16)),
    binary("fmax", fmax, 0), binary("fmin", fmin, 0), binary("fmod", fmod, 0),
    binary("hypot", math.hypot, 4, (-1e30, 1e30)), binary("maxmag", maxmag, 0),
    binary("minmag", minmag, 0), binary("nextafter", nextafter, 0),
    binary("remainder", remainder, 0), binary("half_divide", lambda x, y: x / y, 8192, (1, 9), edges=False),
    binary("native_divide", lambda x, y: x / y, 8, (1, 9), edges=False),
]
POWERS_GROUP = [
    binary("pow", power, 16, (0.01, 9)), binary("powr", powr, 16, [(0.01, 9), (-9, 9)]),
    binary("half_powr", powr, 8192, [(0.1, 4), (-5, 5)], edges=False),
    binary("native_powr", powr, 8192, [(0.1, 4), (-5, 5)], edges=False),
    Case("pown", "fi", "f", pown, ulp=16, domain=[(-9, 9), (-30, 30)]),
    Case("rootn", "fi", "f", rootn, ulp=16, domain=[(-1e6, 1e6), (-9, 9)]),
    Case("ldexp", "fi", "f", lambda x, n: math.ldexp(x, n), ulp=0.5, domain=[(-9, 9), (-200, 200)]),
    Case("ldexp", "fi", "f", lambda x, n: math.ldexp(x, n), ulp=0.5, domain=[(-9, 9), (-60, 60)],
         scalars="01", lengths=(4, 16)),
    Case("fma", "fff", "f", fused, ulp=0.5, domain=(-9, 9)),
    Case("mad", "fff", "f", lambda x, y, z: single(single(x * y) + z), ulp=0, domain=(-9, 9), edges=False),
    Case("ilogb", "f", "i", ilogb),
    Case("nan", "I", "f", lambda n: math.nan),
    tanpi,
]



def through(name, pointee, what, result, rule, ulp, domain=None, args="f"):
    """`name` has a second result behind a pointer; `what` is the one that counts."""
    operands = ", ".join("{}" for _ in args)
    call = "({{ {p}{{n}} p; float{{n}} r = {f}({o}, &p); {w}; }})"
    call = "({ PTYPE{n} p; float{n} r = NAME(OPS, &p); WHAT; })"
    call = call.replace("{", "{{").replace("}", "}}").replace("{{n}}", "{n}")
    call = call.replace("PTYPE", pointee).replace("NAME", name).replace("OPS", operands)
    call = call.replace("WHAT", what)
    return Case(name, args, result, rule, ulp=ulp, domain=domain, call=call)


def frexp_part(x):
    return x if x == 0 or not math.isfinite(x) else math.frexp(x)[0]


def frexp_exponent(x):
    return 0 if x == 0 or not math.isfinite(x) else math.frexp(x)[1]


def quotient_bits(x, y):
    if not math.isfinite(x) or y != y or y == 0:
        return 0
    if math.isinf(y):
        return 0
    import fractions
    q = round(fractions.Fraction(x) / fractions.Fraction(y))
    return (abs(q) & 127) * (-1 if math.copysign(1, x) != math.copysign(1, y) else 1)


TWO_GROUP = [
    through("sincos", "float", "r", "f", math.sin, 4), through("sincos", "float", "p", "f", math.cos, 4),
    through("fract", "float", "r", "f", fract, 0.5),
    through("fract", "float", "p", "f", kept(math.floor), 0),
    through("frexp", "int", "r", "f", frexp_part, 0), through("frexp", "int", "p", "i", frexp_exponent, 0),
    through("modf", "float", "r", "f", lambda x: math.copysign(0.0, x) if math.isinf(x) else math.modf(x)[0], 0),
    through("modf", "float", "p", "f", lambda x: x if not math.isfinite(x) else math.modf(x)[1], 0),
    through("lgamma_r", "int", "r", "f", lgamma, 8, (0.01, 30)),
    through("lgamma_r", "int", "p", "i", lambda x: 0 if math.isfinite(x) and x < 0 and x == math.floor(x)
            else -1 if math.copysign(1, x) < 0 and (x == 0 or (math.isfinite(x) and math.floor(x) % 2)) else 1,
            0, (-6, 6)),
    through("remquo", "int", "r", "f", remainder, 0, args="ff"),
    through("remquo", "int", "p", "i", quotient_bits, 0, args="ff"),
]


def quick(prefix, stem, rule, domain, ulp=8192):
    return Case(prefix + stem, "f", "f", rule, ulp=ulp, domain=domain, edges=False, absolute=2e-4)


QUICK = {"cos": (math.cos, (-3, 3)), "exp": (math.exp, (-10, 10)), "exp10": (lambda x: 10.0 ** x, (-5, 5)),
         "exp2": (math.exp2, (-10, 10)), "log": (math.log, (0.1, 100)), "log10": (math.log10, (0.1, 100)),
         "log2": (math.log2, (0.1, 100)), "recip": (lambda x: 1 / x, (0.1, 100)), "rsqrt": (rsqrt, (0.1, 100)),
         "sin": (math.sin, (-3, 3)), "sqrt": (math.sqrt, (0.1, 100)), "tan": (math.tan, (-1, 1))}
QUICK_GROUP = [quick(prefix, stem, *row) for prefix in ("half_", "native_") for stem, row in QUICK.items()]

# ---- common, relations ---------------------------------------------------------------------

COMMON_GROUP = [
    Case("clamp", "fff", "f", lambda x, a, b: min(max(x, a), b), domain=[(-9, 9), (-3, 0), (1, 4)], edges=False),
    Case("clamp", "fff", "f", lambda x, a, b: min(max(x, a), b), domain=[(-9, 9), (-3, 0), (1, 4)], edges=False,
         scalars="011", lengths=(2, 16)),
    Case("max", "ff", "f", max, edges=False), Case("min", "ff", "f", min, edges=False),
    Case("max", "ff", "f", max, edges=False, scalars="01", lengths=(3, 8)),
    Case("min", "ff", "f", min, edges=False, scalars="01", lengths=(4, 8)),
    Case("mix", "fff", "f", lambda x, y, a: x + (y - x) * a, ulp=4, absolute=2e-5, domain=[(-9, 9), (-9, 9), (0, 1)], edges=False),
    Case("mix", "fff", "f", lambda x, y, a: x + (y - x) * a, ulp=4, absolute=2e-5, domain=[(-9, 9), (-9, 9), (0, 1)], edges=False,
         scalars="001", lengths=(4,)),
    Case("sign", "f", "f", lambda x: 0.0 if x != x else x if x == 0 else math.copysign(1, x)),
    Case("degrees", "f", "f", math.degrees, ulp=2), Case("radians", "f", "f", math.radians, ulp=2),
    Case("step", "ff", "f", lambda e, x: 0.0 if x < e else 1.0),
    Case("step", "ff", "f", lambda e, x: 0.0 if x < e else 1.0, scalars="1", lengths=(3,), edges=False),
    Case("smoothstep", "fff", "f", lambda a, b, x: (lambda t: t * t * (3 - 2 * t))(min(max((x - a) / (b - a), 0), 1)),
         domain=[(-3, 0), (1, 4), (-5, 5)], ulp=16, absolute=1e-6, edges=False),
]


def relation(name, rule, args="ff"):
    def whole(*row):
        *values, length = row
        yes = 1 if length == 1 else -1
        return [yes if rule(*map(float, v)) else 0 for v in zip(*values)]
    whole.__code__ = whole.__code__
    case = Case(name, args, "i", whole=whole)
    case.reference = lambda *row: whole(*row)
    return case


RELATIONS_GROUP = [
    relation("isequal", lambda x, y: x == y), relation("isnotequal", lambda x, y: x != y),
    relation("isgreater", lambda x, y: x > y), relation("isgreaterequal", lambda x, y: x >= y),
    relation("isless", lambda x, y: x < y), relation("islessequal", lambda x, y: x <= y),
    relation("islessgreater", lambda x, y: x < y or x > y),
    relation("isordered", lambda x, y: x == x and y == y),
    relation("isunordered", lambda x, y: x != x or y != y),
    relation("isnan", lambda x: x != x, "f"), relation("isinf", math.isinf, "f"),
    relation("isfinite", math.isfinite, "f"),
    relation("isnormal", lambda x: math.isfinite(x) and abs(x) >= 1.1754943508222875e-38, "f"),
    relation("signbit", lambda x: math.copysign(1, x) < 0, "f"),
]


def chosen(a, b, c, length):
    return [y if (int(z) < 0 if length > 1 else int(z)) else x for x, y, z in zip(a, b, c)]


def bits_of(values):
    return np.asarray(values).view({1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}[np.asarray(values).itemsize])


def bit_chosen(a, b, c):
    a, b, c = (np.ascontiguousarray(v) for v in (a, b, c))
    mixed = (bits_of(a) & ~bits_of(c)) | (bits_of(b) & bits_of(c))
    return mixed.view(a.dtype)


CHOICES_GROUP = [
    Case("select", "ffi", "f", whole=lambda a, b, c, length: np.array(chosen(a, b, c, length)), edges=False),
    Case("select", "CCc", "C", whole=lambda a, b, c, length: np.array(chosen(a, b, c, length))),
    Case("select", "lll", "l", whole=lambda a, b, c, length: np.array(chosen(a, b, c, length))),
    Case("bitselect", "iii", "i", whole=lambda a, b, c: bit_chosen(a, b, c)),
    Case("bitselect", "CCC", "C", whole=lambda a, b, c: bit_chosen(a, b, c)),
    Case("bitselect", "fff", "f", whole=lambda a, b, c: bit_chosen(a, b, c), edges=False, domain=(1, 2)),
    Case("bitselect", "LLL", "L", whole=lambda a, b, c: bit_chosen(a, b, c)),
]

# ---- integers ------------------------------------------------------------------------------


def rotated(x, n, t):
    bits = BITS[t]
    x &= (1 << bits) - 1
    n %= bits
    return wrap(x << n | x >> (bits - n), t)


def low24(x, t):
    x &= 0xffffff
    return x - (1 << 24) if t.islower() and x >> 23 else x


def integer_cases(t):
    b = BITS[t]
    mask = (1 << b) - 1
    unsigned = t.upper()
    small = [None] * 3
    del small
    return [
        Case("abs", t, unsigned, lambda x: wrap(abs(x), unsigned)),
        Case("abs_diff", t * 2, unsigned, lambda x, y: abs(x - y)),
        Case("add_sat", t * 2, t, lambda x, y: clip(x + y, t)),
        Case("sub_sat", t * 2, t, lambda x, y: clip(x - y, t)),
        Case("hadd", t * 2, t, lambda x, y: (x + y) >> 1),
        Case("rhadd", t * 2, t, lambda x, y: (x + y + 1) >> 1),
        Case("clamp", t * 3, t, lambda x, a, c: min(max(x, a), c), domain=[None, (0, 20), (30, 100)]),
        Case("max", t * 2, t, max), Case("min", t * 2, t, min),
        Case("max", t * 2, t, max, scalars="01", lengths=(2, 4)),
        Case("mul_hi", t * 2, t, lambda x, y: x * y >> b),
        Case("mad_hi", t * 3, t, lambda x, y, z: wrap((x * y >> b) + z, t)),
        Case("mad_sat", t * 3, t, lambda x, y, z: clip(x * y + z, t)),
        Case("rotate", t * 2, t, lambda x, n: rotated(x, n, t)),
        Case("clz", t, t, lambda x: b - (x & mask).bit_length()),
        Case("ctz", t, t, lambda x: (x & mask & -(x & mask)).bit_length() - 1 if x & mask else b),
        Case("popcount", t, t, lambda x: bin(x & mask).count("1")),
    ]


SMALL_GROUP = [
    Case("mul24", "ii", "i", lambda x, y: wrap(low24(x, "i") * low24(y, "i"), "i"), domain=[(-2 ** 23, 2 ** 23 - 1)] * 2),
    Case("mul24", "II", "I", lambda x, y: wrap(x * y, "I"), domain=[(0, 2 ** 24 - 1)] * 2),
    Case("mad24", "iii", "i", lambda x, y, z: wrap(x * y + z, "i"), domain=[(-2 ** 23, 2 ** 23 - 1)] * 2 + [None]),
    Case("upsample", "cC", "s", lambda h, l: h * 256 + l), Case("upsample", "CC", "S", lambda h, l: h * 256 + l),
    Case("upsample", "sS", "i", lambda h, l: h * 65536 + l), Case("upsample", "iI", "l", lambda h, l: (h << 32) + l),
    Case("upsample", "II", "L", lambda h, l: (h << 32) + l),
]

# ---- half ----------------------------------------------------------------------------------


def of_half(name, rule, ulp, domain=(-5, 5), args="h"):
    return Case(name, args, "h", rule, ulp=ulp, domain=domain, edges=False, absolute=1e-4)


HALF_GROUP = [
    of_half(name, MATHS[name][0], 4, (0.1, 0.9)) for name in
    ("acos", "asin", "atan", "cbrt", "ceil", "cos", "erf", "exp", "expm1", "fabs", "floor", "log",
     "log1p", "rint", "round", "rsqrt", "sin", "sqrt", "tan", "tanh", "tgamma", "trunc")
] + [
    of_half("fmax", fmax, 0, args="hh"), of_half("fmin", fmin, 0, args="hh"),
    of_half("hypot", math.hypot, 2, args="hh"), of_half("fdim", fdim, 1, args="hh"),
    of_half("mix", lambda x, y, a: x + (y - x) * a, 6, args="hhh"),
    of_half("degrees", math.degrees, 2), of_half("radians", math.radians, 2),
    of_half("step", lambda e, x: 0.0 if x < e else 1.0, 0, args="hh"),
]

# ---- conversions ---------------------------------------------------------------------------

C_NAMES = {"f": "float", "h": "half", "c": "char", "C": "uchar", "s": "short", "S": "ushort",
           "i": "int", "I": "uint", "l": "long", "L": "ulong"}
ROUNDINGS = {"_rte": round, "_rtz": math.trunc, "_rtp": math.ceil, "_rtn": math.floor}


def conversion(source, to, manner, rule, **more):
    name = f"convert_{C_NAMES[to]}{manner}"
    call = f"convert_{C_NAMES[to]}{{n}}{manner}({{}})"
    return Case(name, source, to, rule, call=call, **more)


def to_integer(to, rounding):
    def rule(x):
        if x != x:
            return 0
        return span(to)[x > 0] if math.isinf(x) else clip(int(rounding(x)), to)
    return rule


def directed(to, manner):
    """A float nearest to an exact number on one side."""
    dtype = np.float32 if to == "f" else np.float16
    limit = float(np.finfo(dtype).max)

    def rule(x):
        import fractions
        if isinstance(x, float) and not math.isfinite(x):
            return x
        exact = fractions.Fraction(x)
        with np.errstate(all="ignore"):
            near = dtype(float(exact)) if abs(exact) < 2 ** 1000 else dtype(math.inf)
        if manner == "_rte":
            return float(near)
        toward = {"_rtz": 0.0 if exact else 0.0, "_rtp": math.inf, "_rtn": -math.inf}[manner]
        if math.isinf(near):
            is_kept = manner == "_rtz" or (manner == "_rtp") == (exact < 0)
            return math.copysign(limit if is_kept else math.inf, near)
        is_over = fractions.Fraction(float(near)) != exact and (
            (manner == "_rtp" and fractions.Fraction(float(near)) < exact) or
            (manner == "_rtn" and fractions.Fraction(float(near)) > exact) or
            (manner == "_rtz" and abs(fractions.Fraction(float(near))) > abs(exact)))
        with np.errstate(all="ignore"):
            return float(np.nextafter(near, dtype(toward))) if is_over else float(near)
    return rule


FLOAT_TO_INTEGER_GROUP = [
    conversion("f", t, sat + manner, to_integer(t, rounding), domain=(-300, 300))
    for t in "cCsSiI" for sat, (manner, rounding) in
    zip(("_sat", "", "_sat", "", "_sat"), [("", math.trunc)] + list(ROUNDINGS.items()))
] + [conversion("f", t, "_sat_rte", to_integer(t, round), domain=(-1e19, 1e19)) for t in "lL"]
TO_FLOAT_GROUP = [
    conversion(t, "f", manner, directed("f", manner or "_rte"))
    for t in "iIlL" for manner in ("", "_rte", "_rtz", "_rtp", "_rtn")
] + [
    conversion("f", "h", manner, directed("h", manner or "_rte"), domain=(-7e4, 7e4))
    for manner in ("", "_rte", "_rtz", "_rtp", "_rtn")
] + [conversion("h", "f", "", float, edges=False), conversion("f", "f", "", float),
     conversion("c", "h", "", float), conversion("S", "h", "_rtz", directed("h", "_rtz"))]
INTEGER_TO_INTEGER_GROUP = [
    conversion(source, to, manner, (lambda to: lambda x: clip(x, to))(to) if manner
               else (lambda to: lambda x: wrap(x, to))(to))
    for manner in ("", "_sat") for source in "cCsSiIlL" for to in "cCsSiIlL"
    if (ord(source) + ord(to)) % (2 if manner else 5) == 0
]

GROUPS = {
    "maths1": MATHS_GROUP[:10], "maths2": MATHS_GROUP[10:20], "maths3": MATHS_GROUP[20:30],
    "maths4": MATHS_GROUP[30:], "binary": BINARY_GROUP, "powers": POWERS_GROUP, "two": TWO_GROUP,
    "quick": QUICK_GROUP, "common": COMMON_GROUP, "relations": RELATIONS_GROUP,
    "choices": CHOICES_GROUP, "small": SMALL_GROUP, "half": HALF_GROUP,
    "to_integer": FLOAT_TO_INTEGER_GROUP, "to_float": TO_FLOAT_GROUP,
    "between_integers": INTEGER_TO_INTEGER_GROUP,
    **{f"integer_{C_NAMES[t]}": integer_cases(t) for t in "cCsSiIlL"},
}
