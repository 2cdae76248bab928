#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Functions of ir/ttir/lower_composed.c against numpy in float64, in both engines, which must agree.

    composed.py --tmjit TMJIT

Arguments are zeros, infinities, NaN, extremes, subnormals, numbers around 1 and random bits; each
function has the largest error that it may have, in ulp of float.
"""
import argparse
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from dots import Text, tensor

SIZE = 2048


def remainder(x, y):
    out = [math.remainder(a, b) if np.isfinite(a) and b and not np.isnan(b) else np.nan
           for a, b in zip(x, y)]
    return np.array(out)


def fdim(x, y):
    return np.where(np.isnan(x) | np.isnan(y), np.nan, np.where(x > y, x - y, 0))


def power(x, n):
    with np.errstate(all="ignore"):
        out = np.power(np.abs(x), n.astype(np.float64))
    return np.where((n & 1 == 1) & np.signbit(x), -out, out)


def inverse(x):
    return 1 / x


def length(*values):
    infinite = np.any(np.isinf(values), axis=0)
    return np.where(infinite, np.inf, np.sqrt(sum(v * v for v in values)))


def logb(x):
    out = np.frexp(x)[1] - 1.0
    return np.where(x == 0, -np.inf, np.where(np.isfinite(x), out, np.abs(x)))


def ilogb(x):
    whole = np.where(np.isfinite(x) & (x != 0), np.frexp(x)[1] - 1, -2**31)
    return np.where(np.isinf(x), 2**31 - 1, whole)


def erfcx(x):
    """By its asymptotic series where exp(x^2) is too large."""
    with np.errstate(all="ignore"):
        far = (1 - 0.5 / x**2 + 0.75 / x**4 - 1.875 / x**6 + 6.5625 / x**8) / (x * math.sqrt(math.pi))
        near = np.exp(x * x) * np.array([math.erfc(v) for v in x])
    return np.where(x > 20, far, near)


# symbol, operands and result (f, i), ulp, reference in float64
FUNCTIONS = [
    ("__nv_expm1f", "ff", 3, np.expm1), ("__ocml_expm1_f32", "ff", 3, np.expm1),
    ("__nv_log1pf", "ff", 3, np.log1p), ("__nv_cbrtf", "ff", 1, np.cbrt),
    ("__nv_rcbrtf", "ff", 2, lambda x: inverse(np.cbrt(x))), ("__nv_hypotf", "fff", 1.5, length),
    ("__nv_rhypotf", "fff", 2.5, lambda *v: inverse(length(*v))),
    ("__nv_norm3df", "ffff", 2, length), ("__nv_norm4df", "fffff", 2, length),
    ("__nv_rnorm3df", "ffff", 3, lambda *v: inverse(length(*v))),
    ("__nv_rnorm4df", "fffff", 3, lambda *v: inverse(length(*v))),
    ("__nv_erfcf", "ff", 5, lambda x: np.array([math.erfc(v) for v in x])), ("__nv_erfcxf", "ff", 4, erfcx),
    ("__nv_fdimf", "fff", 0.5, fdim), ("__nv_remainderf", "fff", 0, remainder),
    ("__nv_powif", "fif", 2, power), ("__ocml_pown_f32", "fif", 2, power),
    ("__nv_ldexpf", "fif", 0.5, np.ldexp), ("__nv_scalbnf", "fif", 0.5, np.ldexp),
    ("__nv_logbf", "ff", 0, logb), ("__nv_ilogbf", "fi", 0, ilogb),
    ("__nv_nextafterf", "fff", 0, np.nextafter), ("__ocml_isfinite_f32", "fi", 0, np.isfinite),
    ("__ocml_signbit_f32", "fi", 0, np.signbit),
]
EXACT = {"__nv_nextafterf"}  # the reference is of float


def floats(random):
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 2, -2, 0.5, 3.4028235e38, -3.4028235e38,
                        1.1754944e-38, 1e-45, -1e-45, 1e-40, 1e-20, -1e-20, 1e20, 88.7, -88.7, -17.3, 17.3,
                        8, 27, -27, 0.125], np.float32)
    count = (SIZE - len(special)) // 4
    one = np.exp2(random.uniform(-30, 1, count)) * random.choice([-1, 1], count)
    middle = random.uniform(-100, 100, count) * random.choice([0.1, 1], count)
    wide = random.integers(0, 2**32, SIZE - len(special) - 2 * count, dtype=np.uint32)
    out = np.concatenate([special, one.astype(np.float32), middle.astype(np.float32), wide.view(np.float32)])
    return random.permutation(out)


def kernel(buffers):
    text, size = Text(), [SIZE]
    values = {name: text.load(name, size, "i32" if name == "n" else "f32") for name in buffers}
    for i, (symbol, types, _, _) in enumerate(FUNCTIONS):
        elems = ["f32" if t == "f" else "i32" for t in types]
        args = ["n" if t == "i" else name for t, name in zip(types[:-1], "xyzw")]
        out = text.value(f"tt.extern_elementwise {', '.join(values[a] for a in args)} {{libname = \"\", libpath "
                         f"= \"\", pure = true, symbol = \"{symbol}\"}} : ({', '.join(tensor(size, e) for e in elems[:-1])}"
                         f") -> {tensor(size, elems[-1])}")
        text.store(f"out{i}", size, elems[-1], out)
    return text.text()


def error(got, want):
    """In ulp of float; numbers beyond it are infinite."""
    with np.errstate(all="ignore"):
        rounded = want.astype(np.float32)
        same = (got == rounded) | (np.isnan(got) & np.isnan(rounded))
        out = np.abs(got.astype(np.float64) - want) / np.spacing(np.abs(rounded)).astype(np.float64)
    return np.where(same & ~np.isfinite(rounded), 0, np.where(np.isfinite(got) & np.isfinite(rounded), out, np.inf))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tmjit", required=True)
    args = parser.parse_args()
    random, failed = np.random.default_rng(3), 0
    buffers = {name: floats(random) for name in "xyzw"}
    buffers["n"] = np.concatenate([random.integers(-160, 161, SIZE - 9),
                                   [2**31 - 1, -2**31, 2**24 + 1, 0, 1, -1, 2, 3, -3]]).astype(np.int32)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "kernel.ttir").write_text(kernel(buffers))
        command = [args.tmjit, "run", str(folder / "kernel.ttir"), "--no-cache", "--engine", "both", "--grid", "1",
                   "--timeout", "120"]
        for name, data in buffers.items():
            np.save(folder / f"{name}.npy", data)
            command += ["--buf", f"{name}={folder}/{name}.npy"]
        for i, (_, types, _, _) in enumerate(FUNCTIONS):
            command += ["--buf", f"out{i}={'f32' if types[-1] == 'f' else 'i32'}[{SIZE}]",
                        "--out", f"out{i}={folder}/out{i}.npy"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(done.stdout, done.stderr)
            return 1
        for i, (symbol, types, most, reference) in enumerate(FUNCTIONS):
            with np.errstate(all="ignore"):
                given = [buffers["n"] if t == "i" else buffers[name] if symbol in EXACT
                         else buffers[name].astype(np.float64) for t, name in zip(types[:-1], "xyzw")]
                want = np.asarray(reference(*given), np.float64)
            got = np.load(folder / f"out{i}.npy")
            worst = error(got, want) if types[-1] == "f" else np.where(got == want, 0, np.inf)
            at = int(np.argmax(worst))
            if worst[at] > most:
                failed += 1
                print(f"FAIL {symbol}({', '.join(repr(float(g[at])) for g in given)}): {got[at]!r}, not {want[at]!r}")
            print(f"{symbol}: {worst[at]:.2f} ulp, {most} accepted")
    print(f"{len(FUNCTIONS) - failed} of {len(FUNCTIONS)} passed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
