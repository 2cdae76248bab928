#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bessel functions of ir/ttir/lower_bessel.c against mpmath, float and double, in both engines, which
must agree.

    bessel.py --tmjit TMJIT [--samples N]

Functions that oscillate count their errors in ulp of the amplitude sqrt(J^2 + Y^2), as their zeros are
no numbers of floating point: J from 1 on, Y everywhere. Others count in ulp of the result. What comes
of 0, infinities, NaN and negative numbers is compared as it is.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import mpmath as mp
import numpy as np

from dots import Text, tensor

mp.mp.dps = 50
SIZE = 512
NAN, INF = np.nan, np.inf
# name, symbols in float, symbol in double, reference, amplitude, results of SPECIAL, ulp in float, in double
SPECIAL = [0.0, -0.0, INF, -INF, NAN, -3.5]


def amplitude(order):
    return lambda x: mp.hypot(mp.besselj(order, x), mp.bessely(order, x))


FUNCTIONS = [
    ("j0", ["__nv_j0f", "__ocml_j0_f32"], "__nv_j0", lambda x: mp.besselj(0, x), amplitude(0),
     [1, 1, 0, 0, NAN, None]),
    ("j1", ["__nv_j1f", "__ocml_j1_f32"], "__ocml_j1_f64", lambda x: mp.besselj(1, x), amplitude(1),
     [0, -0.0, 0, -0.0, NAN, None]),
    ("y0", ["__nv_y0f"], "__nv_y0", lambda x: mp.bessely(0, x), amplitude(0), [-INF, -INF, 0, NAN, NAN, NAN]),
    ("y1", ["__nv_y1f"], "__nv_y1", lambda x: mp.bessely(1, x), amplitude(1), [-INF, -INF, 0, NAN, NAN, NAN]),
    ("i0", ["__nv_cyl_bessel_i0f", "__ocml_i0_f32"], "__nv_cyl_bessel_i0", lambda x: mp.besseli(0, x), None,
     [1, 1, INF, INF, NAN, None]),
    ("i1", ["__nv_cyl_bessel_i1f", "__ocml_i1_f32"], "__nv_cyl_bessel_i1", lambda x: mp.besseli(1, x), None,
     [0, -0.0, INF, -INF, NAN, None]),
]
MOST = {"f32": {"j0": 6, "j1": 6, "y0": 12, "y1": 12, "i0": 4, "i1": 4},
        "f64": {"j0": 12, "j1": 12, "y0": 12, "y1": 12, "i0": 5, "i1": 5}}


def arguments(random, name, kind, count):
    """Near 0, up to 8 and around it, far out; of growing functions as far as they are finite."""
    far = {"f32": 1e30, "f64": 1e15}[kind] if name[0] != "i" else {"f32": 91, "f64": 713}[kind]
    parts = [np.exp2(random.uniform(-60, 0, count // 8)), random.uniform(0, 8, count // 2), random.uniform(7.9, 8.1, count // 8)]
    rest = count - sum(len(p) for p in parts)
    parts.append(np.exp(random.uniform(np.log(8), np.log(far), rest)))
    out = np.concatenate(parts)
    return out * random.choice([-1, 1], count) if name[0] != "y" else out


ORDERS = [("jn", ["__nv_jnf", "__ocml_jn_f32"], "__nv_jn"), ("yn", ["__nv_ynf"], "__nv_yn")]
# n, x, wanted of jn, of yn
SPECIAL_ORDERS = [(0, 0.0, 1, -INF), (5, 0.0, 0, -INF), (2, INF, 0, 0), (2**31 - 1, INF, 0, 0), (-1, 2.0, NAN, NAN),
                  (3, NAN, NAN, NAN), (2**31 - 1, 3.0, 0, -INF), (4, -2.5, None, NAN), (3, -INF, 0, NAN)]
MOST_OF_ORDER = {"f32": 24, "f64": 24}


def orders(random, kind):
    """Orders and arguments: below, around and far above the order, tiny ones."""
    n = np.concatenate([random.integers(0, 12, SIZE // 2), random.integers(0, 60, SIZE // 4), np.full(SIZE // 4, 2)])
    x = np.concatenate([random.uniform(0, 20, SIZE // 2), random.uniform(0.5, 90, SIZE // 4), np.exp2(random.uniform(-20, 2, SIZE // 4))])
    n[-4:], x[-4:] = [700, 150, 301, 250], [690, 400, 200, 249.5]
    for i, (order, value, *_) in enumerate(SPECIAL_ORDERS):
        n[i], x[i] = order, value
    return n.astype(np.int32), x.astype({"f32": np.float32, "f64": np.float64}[kind])


def check_orders(name, kind, n, x, got):
    """As `check`; beyond the turning point at x = n in ulp of the result, which may vanish."""
    float_type = {"f32": np.float32, "f64": np.float64}[kind]
    worst, at = 0, None
    for i in range(len(n)):
        place = f"{name}({n[i]}, {x[i]!r}) = {got[i]!r}"
        if i < len(SPECIAL_ORDERS):
            want = SPECIAL_ORDERS[i][2 + (name == "yn")]
            if want is not None and not (np.isnan(want) and np.isnan(got[i]) or got[i] == want):
                return INF, f"{place}, not {want}"
            continue
        order, value = int(n[i]), mp.mpf(float(x[i]))
        j, y = mp.besselj(order, value), mp.bessely(order, value)
        want = j if name == "jn" else y
        size = mp.hypot(j, y) if value > order or name == "yn" else abs(want)
        with np.errstate(over="ignore"):
            rounded = float_type(float(want)) if abs(want) < mp.mpf(10) ** 300 else float_type(mp.sign(want) * INF)
        if not np.isfinite(rounded):
            error = 0 if got[i] == rounded else INF
        else:
            error = float(abs(mp.mpf(float(got[i])) - want)) / float(np.spacing(float_type(float(size))))
        if not error <= worst:
            worst, at = error, f"{place}, not {float(want)!r}"
    return worst, at


def run_orders(tmjit, kind, samples):
    n, x = orders(np.random.default_rng(7), kind)
    text, failed = Text(), 0
    values = text.load("n", [SIZE], "i32"), text.load("x", [SIZE], kind)
    rows = [(name, i, symbol) for name, floats, double in ORDERS
            for i, symbol in enumerate(floats if kind == "f32" else [double])]
    for name, i, symbol in rows:
        out = text.value(f"tt.extern_elementwise {', '.join(values)} {{libname = \"\", libpath = \"\", pure = true, symbol = "
                         f"\"{symbol}\"}} : ({tensor([SIZE], 'i32')}, {tensor([SIZE], kind)}) -> {tensor([SIZE], kind)}")
        text.store(f"{name}_{i}", [SIZE], kind, out)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "kernel.ttir").write_text(text.text())
        np.save(folder / "n.npy", n)
        np.save(folder / "x.npy", x)
        command = [tmjit, "run", str(folder / "kernel.ttir"), "--no-cache", "--engine", "both", "--grid", "1", "--timeout",
                   "120", "--allow-fp64", "--buf", f"n={folder}/n.npy", "--buf", f"x={folder}/x.npy"]
        for name, i, _ in rows:
            command += ["--buf", f"{name}_{i}={kind}[{SIZE}]", "--out", f"{name}_{i}={folder}/{name}_{i}.npy"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(done.stdout, done.stderr)
            return 1
        for name, i, symbol in rows:
            got = np.load(folder / f"{name}_{i}.npy")
            if i:
                failed += got.tobytes() != np.load(folder / f"{name}_0.npy").tobytes()
                continue
            chosen = np.unique(np.concatenate([np.arange(len(SPECIAL_ORDERS)), np.arange(SIZE - 4, SIZE),
                                               np.arange(0, SIZE, max(1, SIZE // samples))]))
            worst, at = check_orders(name, kind, n[chosen], x[chosen], got[chosen])
            failed += worst > MOST_OF_ORDER[kind]
            print(f"{name} {kind}: {worst:.2f} ulp, {MOST_OF_ORDER[kind]} accepted; {at}")
    return failed


def kernel(kind):
    text = Text()
    for name, floats, double, *_ in FUNCTIONS:
        x = text.load(f"x_{name}", [SIZE], kind)
        for i, symbol in enumerate(floats if kind == "f32" else [double]):
            value = text.value(f"tt.extern_elementwise {x} {{libname = \"\", libpath = \"\", pure = true, symbol = "
                               f"\"{symbol}\"}} : ({tensor([SIZE], kind)}) -> {tensor([SIZE], kind)}")
            text.store(f"{name}_{i}", [SIZE], kind, value)
    return text.text()


def check(name, kind, x, got, reference, size_of, special):
    """The largest error, and what is wrong with special values."""
    float_type = {"f32": np.float32, "f64": np.float64}[kind]
    worst, at = 0, None
    for i in range(len(SPECIAL)):
        want = special[i]
        if want is None:
            continue
        same = np.isnan(got[i]) if np.isnan(want) else got[i] == want and np.signbit(got[i]) == np.signbit(want)
        if not same:
            return INF, f"{name}({x[i]}) = {got[i]}, not {want}"
    for i in range(len(SPECIAL), len(x)):
        value = mp.mpf(float(x[i]))
        want = reference(value)
        size = abs(want)
        if size_of and (abs(value) >= 1 or name[0] == "y"):
            size = size_of(abs(value))
        unit = float(np.spacing(float_type(float(size))))
        if not np.isfinite(got[i]):
            return INF, f"{name}({x[i]!r}) = {got[i]}, not {float(want)}"
        error = float(abs(mp.mpf(float(got[i])) - want)) / unit
        if error > worst:
            worst, at = error, f"{name}({x[i]!r}) = {got[i]!r}, not {float(want)!r}"
    return worst, at


def run(tmjit, kind, samples):
    random, failed = np.random.default_rng(5), 0
    float_type = {"f32": np.float32, "f64": np.float64}[kind]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "kernel.ttir").write_text(kernel(kind))
        command = [tmjit, "run", str(folder / "kernel.ttir"), "--no-cache", "--engine", "both", "--grid", "1", "--timeout", "120"]
        command += ["--allow-fp64"] if kind == "f64" else []
        inputs = {}
        for name, floats, *_ in FUNCTIONS:
            x = np.concatenate([SPECIAL, arguments(random, name, kind, SIZE - len(SPECIAL))]).astype(float_type)
            inputs[name] = x
            np.save(folder / f"x_{name}.npy", x)
            command += ["--buf", f"x_{name}={folder}/x_{name}.npy"]
            for i in range(len(floats) if kind == "f32" else 1):
                command += ["--buf", f"{name}_{i}={kind}[{SIZE}]", "--out", f"{name}_{i}={folder}/{name}_{i}.npy"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(done.stdout, done.stderr)
            return 1
        for name, floats, _, reference, size_of, special in FUNCTIONS:
            got = np.load(folder / f"{name}_0.npy")
            for i in range(1, len(floats) if kind == "f32" else 1):
                if np.load(folder / f"{name}_{i}.npy").tobytes() != got.tobytes():
                    print(f"FAIL {floats[i]} gives something else than {floats[0]}")
                    failed += 1
            step = max(1, SIZE // samples)
            chosen = np.concatenate([np.arange(len(SPECIAL)), np.arange(len(SPECIAL), SIZE, step)])
            worst, at = check(name, kind, inputs[name][chosen], got[chosen], reference, size_of, special)
            most = MOST[kind][name]
            failed += worst > most
            print(f"{'FAIL ' if worst > most else ''}{name} {kind}: {worst:.2f} ulp, {most} accepted; {at}")
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tmjit", required=True)
    parser.add_argument("--samples", type=int, default=SIZE)
    args = parser.parse_args()
    failed = sum(run(args.tmjit, kind, args.samples) + run_orders(args.tmjit, kind, args.samples) for kind in ("f32", "f64"))
    print(f"{failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
