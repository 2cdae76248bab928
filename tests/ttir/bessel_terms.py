#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes ir/ttir/bessel.def: the polynomials of ir/ttir/lower_bessel.c, in mpmath's numbers.

    bessel_terms.py > ir/ttir/bessel.def

Near 0, up to 8, the functions are polynomials in t = x^2 / 32 - 1 (with the logarithm taken out of
those of the second kind), beyond it polynomials in t = 2 (8 / x)^2 - 1, those of growing functions
in t = 16 / x - 1: interpolation in Chebyshev's nodes, cut where the terms no longer count. The
growing ones near 0 are their series in x^2 / 4, whose terms are all positive, J0 up to 1 its own.
"""
import mpmath as mp

mp.mp.dps = 60
TYPES = [("F32", mp.mpf(2) ** -27, "%.9g"), ("F64", mp.mpf(2) ** -57, "%.17g")]
SQRT8 = mp.sqrt(2 / mp.pi)


def near(function):
    """Of x^2 in t; at x = 0 the limit, by a small x."""
    return lambda t: function(mp.sqrt(32 * (t + 1)) or mp.mpf(10) ** -20)


def far(function):
    def of(t):
        w = mp.sqrt((t + 1) / 2)
        return function(8 / (w or mp.mpf(10) ** -6))
    return of


def phase(order, is_odd):
    """P and Q 8 / x of J = sqrt(2 / (pi x)) (P cos(a) - Q sin(a)), a = x - (2 order + 1) pi / 4."""
    def of(x):
        a, size = x - (2 * order + 1) * mp.pi / 4, mp.sqrt(mp.pi * x / 2)
        j, y = size * mp.besselj(order, x), size * mp.bessely(order, x)
        return (y * mp.cos(a) - j * mp.sin(a)) * x / 8 if is_odd else j * mp.cos(a) + y * mp.sin(a)
    return of


def growing(order):
    return lambda t: (lambda x: mp.besseli(order, x) * mp.exp(-x) * mp.sqrt(x))(16 / (t + 1 or mp.mpf(10) ** -9))


FUNCTIONS = [
    ("J0_NEAR", near(lambda x: mp.besselj(0, x))),
    ("J1_NEAR", near(lambda x: mp.besselj(1, x) / x)),
    ("Y0_NEAR", near(lambda x: mp.bessely(0, x) - 2 / mp.pi * mp.log(x) * mp.besselj(0, x))),
    ("Y1_NEAR", near(lambda x: (mp.bessely(1, x) - 2 / mp.pi * (mp.log(x) * mp.besselj(1, x) - 1 / x)) / x)),
    ("P0_FAR", far(phase(0, False))), ("Q0_FAR", far(phase(0, True))),
    ("P1_FAR", far(phase(1, False))), ("Q1_FAR", far(phase(1, True))),
    ("I0_FAR", growing(0)), ("I1_FAR", growing(1)),
]


def chebyshev(function, count):
    """Coefficients of the interpolation in `count` nodes."""
    angles = [mp.pi * (k + mp.mpf(1) / 2) / count for k in range(count)]
    values = [function(mp.cos(a)) for a in angles]
    out = [2 * sum(v * mp.cos(n * a) for v, a in zip(values, angles)) / count for n in range(count)]
    out[0] /= 2
    return out


def powers(terms):
    """Of t, from Chebyshev's polynomials."""
    out, last, this = [mp.mpf(0)] * len(terms), [mp.mpf(1)], [mp.mpf(0), mp.mpf(1)]
    for n, term in enumerate(terms):
        row = [mp.mpf(1)] if n == 0 else this
        for k, c in enumerate(row):
            out[k] += term * c
        if n:
            double = [mp.mpf(0)] + [2 * c for c in this]
            last, this = this, [a - b for a, b in zip(double, last + [mp.mpf(0)] * 2)]
    return out


def series(order, least):
    """Of I0, or of I1 / x, in x^2 / 4 up to 16."""
    out, k = [], 0
    while True:
        term = 1 / (mp.factorial(k) * mp.factorial(k + order)) / (2 if order else 1)
        if term * 16**k < least * mp.besseli(order, 8) / (8 if order else 1):
            return out
        out.append(term)
        k += 1


def small_j0(least):
    """(J0 - 1) / x^2 in x^2 up to 1."""
    out = []
    while not out or abs(out[-1]) > least:
        k = len(out) + 1
        out.append((-1) ** k / (mp.factorial(k) ** 2 * mp.mpf(4) ** k))
    return out


def show(name, kind, form, terms):
    words = [form % float(c) for c in reversed(terms)]
    lines, line = [], "     "
    for word in words:
        word = word if set(word) & set(".e") else word + ".0"
        if len(line) + len(word) + 2 > 92:
            lines.append(line)
            line = "     "
        line += f" {word},"
    lines.append(line)
    body = "\n".join(lines).rstrip(",")
    print(f"TERMS({name}, {kind},\n{body})")


def main():
    print("/* TERMS(polynomial, type, coefficients from the highest power down), of lower_bessel.c;\n"
          " * tests/ttir/bessel_terms.py makes them. */")
    for name, function in FUNCTIONS:
        terms = chebyshev(function, 48)
        for kind, least, form in TYPES:
            limit = least * abs(terms[0])
            count = max(n for n, c in enumerate(terms) if abs(c) > limit) + 1
            show(name, kind, form, powers(terms[:count]))
    for kind, least, form in TYPES:
        show("J0_SMALL", kind, form, small_j0(least))
    for order in (0, 1):
        for kind, least, form in TYPES:
            show(f"I{order}_NEAR", kind, form, series(order, least))


if __name__ == "__main__":
    main()
