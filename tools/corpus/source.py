#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads Metal source files of a project: source.py [options] FILE.metal...

For each file one row: what `tmjit info` makes of all its kernels, how many there are, seconds,
and the first error. With --sample N, N kernels of each file (evenly spread) are compiled for the
host as well, each by its name alone.

    tools/corpus/source.py -I MLX --sample 5 --out source.tsv MLX/mlx/backend/metal/kernels/*.metal
"""
import argparse
import json
import subprocess
import sys
import time


def call(words, limit_s):
    """Status, output and errors; None for a status when time ran out."""
    try:
        run = subprocess.run(words, capture_output=True, text=True, timeout=limit_s)
        return run.returncode, run.stdout, run.stderr
    except subprocess.TimeoutExpired:
        return None, "", "out of time"


def kernels_of(text):
    described = json.loads(text)
    rows = described if isinstance(described, list) else described.get("kernels", [described])
    return [row["name"] for row in rows]


def spread(names, count):
    return names[:: max(1, len(names) // count)][:count] if count else []


def read(tmjit, flags, path, options):
    start = time.monotonic()
    status, out, err = call([tmjit, "info", path, "--json", *flags], options.time_limit)
    seconds = time.monotonic() - start
    names = kernels_of(out) if status == 0 else []
    failed = []
    for name in spread(names, options.sample):
        words = [tmjit, "emit", path, "--entry", name, "--as", "obj", "-o", "/dev/null", *flags]
        status_one, _, err_one = call(words, options.time_limit)
        if status_one != 0:
            failed.append(f"{name}: {err_one.splitlines()[0] if err_one else status_one}")
    error = err.splitlines()[0] if status != 0 and err else ""
    return names, seconds, failed, error


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--tmjit", default="build/tmjit")
    parser.add_argument("-I", dest="folders", action="append", default=[])
    parser.add_argument("-D", dest="macros", action="append", default=[])
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--time-limit", type=float, default=600)
    parser.add_argument("--out")
    options = parser.parse_args()
    flags = [word for f in options.folders for word in ("-I", f)]
    flags += [word for m in options.macros for word in ("-D", m)]
    to = open(options.out, "w") if options.out else sys.stdout
    bad = 0
    print("file", "kernels", "seconds", "compiled", "of", "error", sep="\t", file=to)
    for path in options.files:
        names, seconds, failed, error = read(options.tmjit, flags, path, options)
        tried = len(spread(names, options.sample))
        bad += bool(error) + len(failed)
        print(path, len(names), f"{seconds:.1f}", tried - len(failed), tried,
              error or "; ".join(failed), sep="\t", file=to, flush=True)
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
