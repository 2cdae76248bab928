#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kernels in OpenCL C as Metal: clang finds no fault in any print.

    prints.py TMJIT CLANG FILE.cl...
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "msl"))
import strict  # noqa: E402

# What Metal has no words for.
NOT_IN_METAL = {
    ("atomics.cl", "wide"): "this atomic operation is not in Metal",
}


def kernels(tmjit, file):
    info = subprocess.run([tmjit, "info", file], capture_output=True, text=True, check=True)
    return [line.split()[1] for line in info.stdout.splitlines() if line.startswith("kernel ")]


def faults(tmjit, clang, file, kernel):
    run = subprocess.run([tmjit, "emit", file, "--entry", kernel, "--as", "msl"],
                         capture_output=True, text=True)
    known = NOT_IN_METAL.get((pathlib.Path(file).name, kernel))
    if run.returncode:
        return "" if known and known in run.stderr else run.stderr
    if known:
        return f"is printed, although '{known}' is expected"
    return strict.faults(clang, run.stdout)


def main():
    tmjit, clang, *files = sys.argv[1:]
    count = bad = 0
    for file in files:
        for kernel in kernels(tmjit, file):
            found = faults(tmjit, clang, file, kernel)
            count += 1
            bad += bool(found)
            if found:
                print(f"{file} {kernel}:\n{found}")
    print(f"{count - bad} of {count} kernels")
    return 1 if bad or not count else 0


if __name__ == "__main__":
    sys.exit(main())
