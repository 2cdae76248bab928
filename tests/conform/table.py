# SPDX-License-Identifier: MIT
"""Reads ir/intrinsics.def and tests/conform/accuracy.def."""
import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACCURACY = pathlib.Path(__file__).with_name("accuracy.def")

# Rows whose effect is no number, or that have doubles alone; text tests in tests/run and tests/errors have them.
ELSEWHERE = {
    "WG_BARRIER": "barrier-*.ll", "SIMDGROUP_BARRIER": "simdgroup-barrier.ll",
    "ATOMIC_FENCE": "atomic-air29-form.ll",
    **dict.fromkeys(("CBRT", "ERF", "ERFC", "EXPM1", "HYPOT", "LOG1P", "REMAINDER"), "fp64-functions.ll"),
}

Row = collections.namedtuple("Row", "id name overload signature result effect metal")
Bound = collections.namedtuple("Bound", "id f32 fast f16 bf16")


def macro_rows(path, macro):
    """The arguments of each line MACRO(...), as text without quotes."""
    for line in path.read_text().splitlines():
        found = re.match(r"%s\((.*)\)$" % macro, line)
        if found:
            yield [field.strip().strip('"') for field in found.group(1).split(",")]


def rows():
    """Every row of intrinsics.def, by id."""
    return {fields[0]: Row(*fields)
            for fields in macro_rows(ROOT / "ir" / "intrinsics.def", "INTRIN")}


def bounds():
    """Every row of accuracy.def, by id."""
    return {fields[0]: Bound(fields[0], *map(float, fields[1:]))
            for fields in macro_rows(ACCURACY, "ACCURACY")}
