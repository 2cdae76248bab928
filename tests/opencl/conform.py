#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every function of OpenCL C in both engines against Python's and numpy's own.

    conform.py --tmjit PATH [--group NAME]...    run groups, all without any
    conform.py --groups                          their names
    conform.py --check-rows                      every row of opencl.def and every function of the
                                                 prelude is in a group or in a named text test

A group becomes one kernel that applies its functions to numbers and to vectors of one length of
each; bounds in ULP are those of the OpenCL C specification (section 7.4, full profile), for half
and native functions wider where the specification leaves them open. What does not follow from
IEEE, from Python's math, or from integers of any size is spelled out in cases.py.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

import cases

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent / "ir/source"
COUNT = 240  # numbers a case: of all lengths of vectors
LENGTHS = (2, 3, 4, 8, 16)
C_NAMES = {"f": "float", "h": "half", "c": "char", "C": "uchar", "s": "short", "S": "ushort",
           "i": "int", "I": "uint", "l": "long", "L": "ulong"}
DTYPES = {"f": np.float32, "h": np.float16, "c": np.int8, "C": np.uint8, "s": np.int16,
          "S": np.uint16, "i": np.int32, "I": np.uint32, "l": np.int64, "L": np.uint64}


class Memory:
    """One array of each type, in which cases take regions."""

    def __init__(self):
        self.parts = {letter: [] for letter in C_NAMES}

    def put(self, letter, values):
        offset = sum(len(part) for part in self.parts[letter])
        self.parts[letter].append(np.asarray(values, dtype=DTYPES[letter]))
        return offset

    def used(self):
        return [letter for letter, parts in self.parts.items() if parts]

    def array(self, letter):
        return np.concatenate(self.parts[letter])


def operand(letter, offset, length, is_scalar):
    name = f"in_{letter}"
    if is_scalar:
        return f"{name}[{offset}]"
    if length == 1:
        return f"{name}[{offset} + i]"
    return f"vload{length}(i, {name} + {offset})"


def statement(case, length, inputs, offset):
    """Applies a case to `length` numbers at once."""
    args = [operand(letter, at, length, scalar)
            for letter, at, scalar in zip(case.args, inputs, case.scalars)]
    call = case.expression(args, length)
    target = f"out_{case.result}"
    if length == 1:
        store = f"{target}[{offset} + i] = {call};"
    else:
        store = f"vstore{length}({call}, i, {target} + {offset});"
    return f"    if (i < {COUNT // length}) {store}\n"


def lengths_of(number, case):
    if case.lengths:
        return case.lengths
    return (1, LENGTHS[number % len(LENGTHS)])


def build(group):
    """The kernel, the inputs, and what is expected where."""
    inputs, outputs, body, expected = Memory(), Memory(), "", []
    for number, case in enumerate(group):
        values = case.values(COUNT)
        offsets = [inputs.put(letter, v) for letter, v in zip(case.args, values)]
        for length in lengths_of(number, case):
            at = outputs.put(case.result, np.zeros(COUNT))
            body += statement(case, length, offsets, at)
            expected.append((case, length, at, values))
    params = [f"global const {C_NAMES[t]} *in_{t}" for t in inputs.used()]
    params += [f"global {C_NAMES[t]} *out_{t}" for t in outputs.used()]
    text = f"kernel void k({', '.join(params)})\n{{\n    size_t i = get_global_id(0);\n{body}}}\n"
    return text, inputs, outputs, expected


def check(case, length, values, got, engine):
    """How many numbers are wrong; the first one is shown."""
    wanted = case.reference(*[np.asarray(v, dtype=DTYPES[t]) for v, t in zip(values, case.args)],
                            length)
    errors = case.errors(got, wanted)
    bad = np.nonzero(~(errors <= case.ulp))[0]
    if len(bad):
        at = bad[0]
        what = ", ".join(repr(np.asarray(v)[0 if s else at])
                         for v, s in zip(values, case.scalars))
        print(f"{case.name} {case.args} x {length}, {engine}: {len(bad)} wrong; of ({what}) "
              f"{got[at]!r}, not {wanted[at]!r} ({errors[at]:.3g} ULP, {case.ulp} allowed)")
    return len(bad)


def run_group(tmjit, name, folder):
    text, inputs, outputs, expected = build(cases.GROUPS[name])
    source = folder / f"{name}.cl"
    source.write_text(text)
    words = [tmjit, "run", str(source), "--no-cache", "--grid", str(COUNT), "--threadgroup", "32"]
    for t in inputs.used():
        np.save(folder / f"in_{t}.npy", inputs.array(t))
        words += ["--buf", f"in_{t}={folder}/in_{t}.npy"]
    for t in outputs.used():
        np.save(folder / f"zero_{t}.npy", outputs.array(t))
        words += ["--buf", f"out_{t}={folder}/zero_{t}.npy", "--out", f"out_{t}={folder}/out_{t}.npy"]
    failed = 0
    for engine in ("interp", "simd"):
        run = subprocess.run(words + ["--engine", engine], capture_output=True, text=True)
        if run.returncode:
            print(f"{name}, {engine}: {run.stderr}")
            return 1
        results = {t: np.load(folder / f"out_{t}.npy") for t in outputs.used()}
        for case, length, at, values in expected:
            got = results[case.result][at:at + COUNT]
            failed += check(case, length, values, got, engine)
    print(f"{name}: {len(expected)} forms of {len(cases.GROUPS[name])} functions"
          f"{f', {failed} WRONG' if failed else ''}")
    return failed


def table_rows():
    text = (SOURCE / "opencl.def").read_text()
    names = re.findall(r'^OPENCL\("([^"]+)",', text, re.M)
    for macro, body in re.findall(r"#define (ATOMICS|ORDERED)\(\w+\)(.*?)\n(?=ATOMICS|ORDERED)", text,
                                  re.S):
        for use in re.findall(rf'^{macro}\("(.*?)"\)', text, re.M):
            for prefix, suffix in re.findall(r'OPENCL\((?:prefix )?"([^"]+)"( suffix)?', body):
                names.append(prefix + use if suffix else use + prefix)
    return names


def prelude_functions(clang):
    """Names that the prelude declares, its own aside."""
    text = subprocess.run([clang, "-E", "-P", "-x", "cl", "-cl-std=CL3.0", "-target", "spir64",
                           "-Xclang", "-fdeclare-opencl-builtins", "-Xclang",
                           "-finclude-default-header", str(SOURCE / "opencl_prelude.cl")],
                          capture_output=True, text=True, check=True).stdout
    found = re.findall(r"overloadable, always_inline, nodebug\)\)\s+[\w ]+?\b(\w+)\(", text)
    return sorted({name for name in found if not name.startswith("__tj")})


def check_rows(clang):
    tested = {case.name for group in cases.GROUPS.values() for case in group}
    texts = {path.name: path.read_text() for path in HERE.glob("*.cl")}
    missing = 0
    for name in table_rows() + prelude_functions(clang):
        stem = name.rstrip("*")
        if any(t == name or (name.endswith("*") and t.startswith(stem)) for t in tested):
            continue
        if any(re.search(rf"\b{stem}(\b|(?=\w)(?<=_)|\d)\w*\(", text) if name.endswith("*") else
               re.search(rf"\b{name}\(", text) for text in texts.values()):
            continue
        print(f"no test has {name}")
        missing += 1
    return missing


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tmjit")
    parser.add_argument("--clang", default="clang-22")
    parser.add_argument("--group", action="append")
    parser.add_argument("--groups", action="store_true")
    parser.add_argument("--check-rows", action="store_true")
    args = parser.parse_args()
    if args.groups:
        print("\n".join(cases.GROUPS))
        return 0
    if args.check_rows:
        return 1 if check_rows(args.clang) else 0
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in args.group or cases.GROUPS:
            failed += run_group(args.tmjit, name, pathlib.Path(folder))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
