#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""coverage.py ROOT: every operation of ir/ttir/ops.def is in a text test or case whose results are
compared, or is named by an error that tests expect."""
import pathlib
import re
import sys


def uses(text):
    """Names of the operations of a text, without its comments."""
    text = re.sub(r"//[^\n]*", "", text)
    return set(re.findall(r"[\w\"](?:tt|arith|math|scf|cf|ub|llvm|gpu|ttg)\.[\w.]+|"
                          r"\b(?:tt|arith|math|scf|cf|ub|llvm|gpu|ttg)\.[\w.]+", text))


def main(argv):
    root = pathlib.Path(argv[1])
    table = (root / "ir" / "ttir" / "ops.def").read_text()
    names = re.findall(r'^(?:TT_OP|BINARY|UNARY|CAST)\(\w+, "([\w.]+)"', table, re.M)
    folder = root / "tests" / "ttir"
    seen = set()
    for path in [*folder.glob("*.ttir"), *folder.glob("cases/*/kernel.ttir")]:
        text = path.read_text()
        if path.parent == folder and not re.search(r"--print|--expect|FileCheck", text):
            print(f"{path.name}: no result is compared")
            return 1
        seen |= {name.strip('"') for name in uses(text)}
    refused = set(re.findall(r"error: ((?:tt|arith|math|scf|cf)\.\w+(?:\.\w+)?):",
                             (folder / "refused.test").read_text()))
    missing = [name for name in names if name not in seen | refused]
    for name in missing:
        print(f"{name}: no test has it")
    print(f"{len(names)} operations, {len(missing)} without a test")
    return 1 if missing or len(names) < 100 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
