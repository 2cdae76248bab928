# SPDX-License-Identifier: MIT
"""Whole Triton kernels of the kinds that models are made of, against numpy.

    run.py INTERPRETER

runs the suites beside this file with INTERPRETER, which has the triton wheel and numpy and
nothing else; tools/setup --tests makes it. Without it the test is skipped (status 77).
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent


def main():
    python = sys.argv[1]
    if not os.path.exists(python):
        print(f"SKIPPED: no {python}; tools/setup --tests makes it")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        caches = {"TRITON_CACHE_DIR": f"{folder}/triton", "TMJIT_CACHE_DIR": f"{folder}/tmjit"}
        words = [python, "-m", "unittest", "discover", "-s", str(HERE)]
        return subprocess.run(words, env={**os.environ, **caches, "TMJIT_DEVICE": "sim"},
                              check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
