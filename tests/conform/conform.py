#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares every AIR function, in both engines, with a reference that knows nothing of tmjit.

conform.py --tmjit PATH [--group NAME]... [--report FILE] [--keep FOLDER]
conform.py --tmjit PATH --sweep ID [--step N]     every float through one function
conform.py --rows | --check-rows

Rows come from ir/intrinsics.def, bounds in ULP from accuracy.def. A result beyond its bound and a
difference between the engines in strict maths end with status 1. --report writes the measured
errors as a table in Markdown (ir/accuracy.md).
"""
import argparse
import collections
import platform
import sys

try:
    import mpmath  # noqa: F401 (maths.py needs it)
    import numpy as np
except ImportError as missing:
    sys.exit(f"conform.py: {missing}; tools/setup installs it")

import atomics
import convert
import floats
import integers
import lanes
import maths
import matrices
import misc
import packing
import table as tables
from engine import Engine, EngineError, MODES
from floats import LD

MODULES = (maths, integers, convert, packing, lanes, misc, atomics, matrices)
GROUPS = {name: group for module in MODULES for name, group in module.GROUPS.items()}
MAX_SHOWN = 3
REPORT_STEP = 4093  # --report sweeps each so many floats


class Context:
    """What the groups share: the tables, the engine, failures, measured errors."""

    def __init__(self, tmjit, keep):
        self.table = tables.rows()
        self.bounds = tables.bounds()
        self.engine = Engine(tmjit, keep)
        self.failures = []
        self.measured = collections.defaultdict(float)  # (id, column) to ULP
        self.count = 0

    def fail(self, text):
        self.failures.append(text)
        print("FAIL " + text, file=sys.stderr)

    # ---- floating-point results ----

    def bound_of(self, row, name, is_fast):
        bound = self.bounds.get(row.id)
        if bound is None:
            raise KeyError(f"accuracy.def has no row {row.id}")
        return bound.fast if is_fast and name == "f32" else getattr(bound, name)

    def compare_floats(self, calls, name, fmt, arrays, values):
        """calls: [(row, is_fast, call)] of one arity over the same operands."""
        modes = MODES if name == "f32" else MODES[:2]  # fast maths changes floats only
        results = {mode: self.engine.batch([c for _, _, c in calls], arrays, mode)
                   for mode in modes}
        rng = np.random.default_rng(7)
        for number, (row, is_fast, call) in enumerate(calls):
            expected = maths.expected_of(row, fmt, values)
            undefined = np.zeros(len(expected), bool)
            if row.id in maths.UNDEFINED:
                undefined = maths.UNDEFINED[row.id](*values)
            if not is_fast and call.result[1] == 1:
                self.check_reference(row, values, expected, ~undefined, rng)
            seen = []
            for mode in modes:
                got = results[mode][number]
                is_loose = is_fast and mode[1] == "fast"
                error = next((e for g, e in seen if np.array_equal(g, got)), None)
                if error is None:
                    error = np.where(undefined, LD(0), floats.errors(fmt, got, expected))
                    seen.append((got, error))
                if is_loose and row.id in maths.UNDEFINED_FAST:
                    error = np.where(maths.UNDEFINED_FAST[row.id](*values), LD(0), error)
                self.judge_floats(row, name, is_loose, mode, call, arrays, got, expected, error,
                                  fmt)
            self.same_bits(call, arrays, fmt, results[MODES[0]][number],
                           results[MODES[1]][number])
            self.count += len(expected) * len(modes)

    def judge_result(self, name, column, call, mode, arrays, got, exact, fmt, is_fast=False):
        """Results of one call against exact numbers and the bound of the row."""
        error = floats.errors(fmt, got, exact)
        self.judge_floats(self.table[name], column, is_fast, mode, call, arrays, got, exact, error,
                          fmt)
        self.count += len(exact)

    def check_reference(self, row, values, expected, usable, rng):
        worst = maths.check_reference(row, values, expected, usable, rng)
        if worst > 2.0 ** -50:
            self.fail(f"{row.id}: the reference is off by {worst:.3g} from mpmath")

    def judge_floats(self, row, name, is_fast, mode, call, arrays, got, expected, error, fmt):
        bound = self.bound_of(row, name, is_fast)
        column = "fast" if is_fast else name
        finite = error[np.isfinite(error)]
        worst = float(finite.max()) if len(finite) else 0.0
        key = (row.id, column)
        self.measured[key] = max(self.measured[key], worst)
        bad = np.flatnonzero(~(error <= bound))
        for place in bad[:MAX_SHOWN]:
            operands = ", ".join(f"{float(floats.decode(fmt, a[place])):.9g}"
                                 if len(a) == len(got) else "..." for a in arrays)
            self.fail(f"{call.name}({operands}) {'/'.join(mode)}: "
                      f"{float(floats.decode(fmt, got[place])):.9g}, exactly "
                      f"{float(expected[place]):.12g}: {float(error[place]):.4g} ULP, bound "
                      f"{bound:g}; {len(bad)} such")

    # ---- exact results ----

    def compare_exact(self, calls, columns, expected, modes=MODES):
        """calls over the same operands; `expected`: a list of bits per call."""
        arrays = [np.array(c, np.uint64) for c in columns]
        for mode in modes:
            results = self.engine.batch(calls, arrays, mode)
            for call, got, exact in zip(calls, results, expected):
                self.compare_bits(call, mode, arrays, got, np.array(exact, np.uint64))

    def compare_bits(self, call, mode, arrays, got, exact, fmt=None):
        """Bits against bits; with a format any NaN is as good as another."""
        got, exact = got.astype(np.uint64), np.asarray(exact).astype(np.uint64)
        wrong = got != exact
        if fmt is not None:
            wrong &= ~(np.isnan(floats.decode(fmt, got)) & np.isnan(floats.decode(fmt, exact)))
        different = np.flatnonzero(wrong)
        for place in different[:MAX_SHOWN]:
            operands = ", ".join(hex(int(a[place])) for a in arrays if len(a) == len(got))
            self.fail(f"{call.name}({operands}) at {place} {'/'.join(mode)}: "
                      f"{int(got[place]):#x}, exactly {int(exact[place]):#x}; "
                      f"{len(different)} such")
        self.count += len(exact)

    def same_bits(self, call, arrays, fmt, first, second):
        both_nan = np.isnan(floats.decode(fmt, first)) & np.isnan(floats.decode(fmt, second))
        different = np.flatnonzero((first != second) & ~both_nan)
        for place in different[:MAX_SHOWN]:
            operands = ", ".join(hex(int(a[place])) for a in arrays)
            self.fail(f"{call.name}({operands}): interp {int(first[place]):#x}, simd "
                      f"{int(second[place]):#x} in strict maths; {len(different)} such")


REPORT_HEAD = """# Accuracy of the floating-point functions

Written by `tests/conform/conform.py --tmjit build/tmjit --report ir/accuracy.md`; the bounds are those
of `tests/conform/accuracy.def`, the measured errors those of the run that wrote this page, with glibc
%s. Errors are in ULP: the distance from the exact result over the distance of neighbouring numbers
there; 0 is exact, 0.5 correctly rounded. `fast` are the `air.fast_` functions under fast maths;
the other columns are strict maths and both engines. Functions of one half or bfloat are measured on
all 65,536 values, of one float on each 4093rd of all, and everything on zeros, infinities, NaN,
subnormals, extremes and random numbers. `conform.py --sweep ID` measures every float.
Not in the table: fast `dot` is within 4 ULP of the sum of its products' sizes; everything else
of `intrinsics.def` is exact or moves bits.

| function | float bound | measured | fast bound | measured | half bound | measured | bfloat bound | measured |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""


def write_report(context, path):
    """The table of bounds and measured errors."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(REPORT_HEAD % platform.libc_ver()[1])
        for name, bound in context.bounds.items():
            cells = [f"`{context.table[name].name}`"]
            for column in ("f32", "fast", "f16", "bf16"):
                measured = context.measured.get((name, column))
                cells += [f"{getattr(bound, column):g}",
                          "–" if measured is None else f"{measured:.3g}"]
            file.write(f"| {' | '.join(cells)} |\n")


def check_rows():
    """Rows without a group: only those that give no numbers, which text tests have."""
    table = tables.rows()
    claimed = {i for ids, _ in GROUPS.values() for i in ids(table)}
    missing = sorted(i for i, row in table.items()
                     if i not in claimed and i not in tables.ELSEWHERE)
    stray = sorted((claimed | set(tables.ELSEWHERE)) - set(table))
    unbounded = sorted(i for i in maths.ONE | maths.TWO | maths.THREE
                       if i not in tables.bounds())
    for what, ids in (("has no conformance test", missing), ("is no row", stray),
                      ("has no bound in accuracy.def", unbounded)):
        for i in ids:
            print(f"{i} {what}", file=sys.stderr)
    return 1 if missing or stray or unbounded else 0


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tmjit")
    parser.add_argument("--rows", action="store_true", help="print the ids that are tested")
    parser.add_argument("--check-rows", action="store_true",
                        help="fail when a function that gives numbers has no group")
    parser.add_argument("--group", action="append", choices=sorted(GROUPS))
    parser.add_argument("--report")
    parser.add_argument("--sweep", metavar="ID", action="append", choices=sorted(maths.ONE),
                        help="all floats through a function of one operand, about half an hour")
    parser.add_argument("--step", type=int, default=1, help="each so many floats of --sweep")
    parser.add_argument("--keep", help="folder for kernels and arrays")
    args = parser.parse_args(argv)
    if args.rows:
        print("\n".join(sorted(i for ids, _ in GROUPS.values() for i in ids(tables.rows()))))
        return 0
    if args.check_rows:
        return check_rows()
    if not args.tmjit:
        parser.error("--tmjit is needed")
    context = Context(args.tmjit, args.keep)
    for name in args.sweep or ():
        maths.sweep(context, context.table[name], args.step)
    for name in () if args.sweep else args.group or GROUPS:
        try:
            GROUPS[name][1](context)
        except EngineError as error:
            context.fail(f"{name}: {error}")
    if args.report:
        for name in maths.ONE:
            maths.sweep(context, context.table[name], REPORT_STEP)
        write_report(context, args.report)
    print(f"{context.count} results, {context.engine.runs} runs, {len(context.failures)} failures")
    return 1 if context.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
