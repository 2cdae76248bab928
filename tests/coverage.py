#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""coverage.py ROOT: every row of the tables in ir/ is named by a test.

intrinsics.def: some kernel declares the function, or a group of conform/ has it; sysvals.def: some kernel has the input;
errors.def: some test expects the short name in brackets.
"""
import pathlib
import re
import subprocess
import sys

# What no input can bring about on purpose, with the reason.
UNREACHABLE = {
    "ok": "is no error",
    "internal": "a fault of tmjit itself",
    "memory": "needs a machine without memory; unit tests cover the limits",
    "cancelled": "the command cancels nothing; tests/api covers it",
    "pending": "the command waits without limit; tests/api covers it",
    "mismatch": "needs an engine that is wrong; unit tests of the command cover it",
}


def rows(path, macro):
    return re.findall(rf"^{macro}\((\w+), +\"([^\"]*)\",", path.read_text(), re.M)


def air_pattern(name, table_name):
    """How a declaration of the row looks; atomics have the space in front of the operation."""
    if re.match(r"(load|store|xchg|cmpxchg|add|sub|min|max|and|or|xor)\b", name) \
            and table_name.startswith("ATOMIC_"):
        return rf"@air\.atomic\.(global|local)\.{re.escape(name)}\."
    return rf"@air\.(fast_)?{re.escape(name)}[.(]"


def main(argv):
    root = pathlib.Path(argv[1])
    texts = "\n".join(path.read_text(errors="replace")
                      for folder in ("run", "errors", "load", "passes", "tool", "regress")
                      for path in (root / "tests" / folder).rglob("*.*")
                      if path.suffix in (".ll", ".test"))
    conform = subprocess.run([sys.executable, root / "tests/conform/conform.py", "--rows"],
                             check=True, capture_output=True, text=True).stdout.split()
    missing = []
    for row, name in rows(root / "ir/intrinsics.def", "INTRIN"):
        if row not in conform and not re.search("declare [^\n]*" + air_pattern(name, row), texts):
            missing.append(f"intrinsics.def: {row}, air.{name}")
    for row, name in rows(root / "ir/sysvals.def", "SYSVAL"):
        if not re.search(rf'"tmjit\.builtin"="{name}"|!"air\.{name}"', texts):
            missing.append(f"sysvals.def: {row}")
    for row, name in rows(root / "ir/errors.def", "ERR"):
        if name not in UNREACHABLE and f"[{name}]" not in texts:
            missing.append(f"errors.def: {row}, [{name}]")
    for line in missing:
        print(f"no test names {line}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
