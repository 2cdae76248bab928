#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""exports.py HEADER LIBRARY: the library exports what the header marks TMJIT_API, no more."""
import re
import subprocess
import sys


SANITIZER_NAMES = ("__asan", "__ubsan", "__odr_", "__start_asan", "__stop_asan")


def main(argv):
    header = open(argv[1]).read()
    promised = set(re.findall(r"^TMJIT_API[^;(]*?\b(tmjit_\w+)\(", header, re.M))
    listing = subprocess.run(["nm", "-D", "--defined-only", argv[2]], check=True,
                             capture_output=True, text=True).stdout
    exported = {line.split()[-1].split("@")[0] for line in listing.splitlines() if line}
    exported = {name for name in exported if not name.startswith(SANITIZER_NAMES)}
    exported -= {"_init", "_fini", "__bss_start", "_edata", "_end"}
    for name in sorted(promised - exported):
        print(f"not exported, but in the header: {name}")
    for name in sorted(exported - promised):
        print(f"exported, but not in the header: {name}")
    print(f"{len(promised)} functions")
    return 0 if promised and promised == exported else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
