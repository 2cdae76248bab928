#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""exports.py LIBRARY HEADER...: the library exports what the headers mark TMJIT_API, no more."""
import re
import subprocess
import sys


SANITIZER_NAMES = ("__asan", "__ubsan", "__odr_", "__start_asan", "__stop_asan")


def main(argv):
    header = "".join(open(path).read() for path in argv[2:])
    promised = set(re.findall(r"^TMJIT_API[^;(]*?\b(tmjit_\w+)\(", header, re.M))
    listing = subprocess.run(["nm", "-D", "--defined-only", argv[1]], check=True,
                             capture_output=True, text=True).stdout
    exported = {line.split()[-1].split("@")[0] for line in listing.splitlines() if line}
    exported = {name for name in exported if not name.startswith(SANITIZER_NAMES)}
    exported -= {"_init", "_fini", "__bss_start", "_edata", "_end"}
    for name in sorted(promised - exported):
        print(f"not exported, but in a header: {name}")
    for name in sorted(exported - promised):
        print(f"exported, but in no header: {name}")
    print(f"{len(promised)} functions")
    return 0 if promised and promised == exported else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
