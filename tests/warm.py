#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""warm.py TMJIT LIT [lit options] FOLDER...: text tests twice with one cache.

The second pass must pass too and find all that the first one stored: results, messages and
places of code out of the cache are those of compiled code, and of the interpreter.
"""
import os
import re
import subprocess
import sys
import tempfile


def entries(tmjit, folder):
    text = subprocess.run([tmjit, "cache", "stats", "--cache", folder], check=True,
                          capture_output=True, text=True).stdout
    return int(re.search(r"^entries (\d+)$", text, re.M).group(1))


def main(argv):
    tmjit, lit = argv[1], argv[2:]
    counts = []
    with tempfile.TemporaryDirectory() as base:
        for _ in range(2):
            done = subprocess.run([sys.executable, *lit, "--param", f"cache={base}"],
                                  check=False)
            if done.returncode:
                return done.returncode
            counts.append(entries(tmjit, os.path.join(base, "tmjit")))
        verified = subprocess.run([tmjit, "cache", "verify", "--cache",
                                   os.path.join(base, "tmjit")], check=False)
    print("entries behind each pass:", counts)
    if verified.returncode or counts[0] < 100 or counts[1] != counts[0]:
        print("the second pass had to compile, or the first one stored too little")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
