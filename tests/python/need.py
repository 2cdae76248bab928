# SPDX-License-Identifier: MIT
"""Packages that a suite cannot do without; a fresh cache; the end of a suite."""
import importlib.util
import os
import sys
import tempfile
import unittest


def modules(*names):
    """Ends with status 77, which ctest takes as skipped, when one is missing."""
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        print(f"SKIPPED: {sys.executable} has no {', '.join(missing)}")
        sys.exit(77)


def needs(name):
    """Skips by name what an interpreter without the package cannot test."""
    return unittest.skipUnless(importlib.util.find_spec(name), f"no {name}")


def run():
    """unittest.main with caches of its own, which end with it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRITON_CACHE_DIR"] = os.path.join(folder, "triton")
        os.environ["TMJIT_CACHE_DIR"] = os.path.join(folder, "tmjit")
        unittest.main(module="__main__", verbosity=1)
