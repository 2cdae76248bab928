#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles each golden print: printed.py TMJIT FOLDER."""
import pathlib
import subprocess
import sys


def main():
    tmjit, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    sources = sorted(folder.glob("*.metal"))
    bad = 0
    for source in sources:
        run = subprocess.run([tmjit, "compile", str(source)], capture_output=True, text=True)
        if run.returncode:
            bad += 1
            print(f"{source.name}: {run.stdout}{run.stderr}")
    if len(sources) < 20:
        print(f"only {len(sources)} prints in {folder}")
    sys.exit(bad > 0 or len(sources) < 20)


if __name__ == "__main__":
    main()
