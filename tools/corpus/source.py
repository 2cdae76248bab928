#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads whole Metal source files and compiles their kernels: source.py [options] FILE.metal...

A file is loaded as a host would, all its kernels at once, which also checks them all; then every
N-th of them (--every, the first always) is compiled for the host, or all. The table has a line a
file: kernels, those that its preprocessed text names (names.py), seconds until loaded, kernels
tried and compiled, processor milliseconds of a compilation, what failed first. Each file is a
process of its own, so that a crash is a line too. Exit status 1 when one failed.

    tools/corpus/source.py -I MLX --every 20 --out source.tsv \\
        $(find MLX/mlx/backend/metal/kernels -name '*.metal' ! -name '*nax*')
    tools/corpus/source.py -I GGML/src -D GGML_METAL_HAS_BF16=1 \\
        GGML/src/ggml-metal/ggml-metal.metal
"""
import argparse
import os
import pickle
import resource
import statistics
import sys
import time

import library
import names

COLUMNS = ("file", "named", "kernels", "load_s", "load_cpu_s", "tried", "compiled", "median_ms",
           "most_ms", "failed")
THREADS = 256  # of a threadgroup, where the kernel allows as many


def cpu_s():
    return sum(sum(resource.getrusage(who)[:2])
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def compile_some(tmjit, kernels, options):
    """Milliseconds of those that compile, and what was said of the others."""
    times, failed = [], []
    chosen = [kernels[name] for name in sorted(kernels)][::options.every]
    for kernel in chosen:
        threads = min(THREADS, tmjit.lib.tmjit_kernel_max_threads(kernel))
        start = cpu_s()
        try:
            pipeline, _ = tmjit.compile(kernel, (threads, 1, 1),
                                          constants=dict.fromkeys(tmjit.constants(kernel), 0))
            times.append((cpu_s() - start) * 1e3)
            tmjit.free(pipeline)
        except library.Refused as refused:
            failed.append(f"{tmjit.lib.tmjit_kernel_name(kernel).decode()}: {refused}")
    return len(chosen), times, failed


def read(path, options):
    row = dict.fromkeys(COLUMNS, 0)
    row.update(file=os.path.basename(path), failed="")
    try:
        row["named"] = len(names.kernels(options.clang, path, options.folders, options.macros))
        tmjit = library.Tmjit(options.library)
        start, cpu = time.monotonic(), cpu_s()
        kernels = tmjit.kernels(tmjit.open_source(path, options.folders, options.macros,
                                                  options.entry, options.limit))
        row["load_s"] = round(time.monotonic() - start, 1)
        row["load_cpu_s"] = round(cpu_s() - cpu, 1)
        row["kernels"] = len(kernels)
        row["tried"], times, failed = compile_some(tmjit, kernels, options)
        row["compiled"] = len(times)
        row["median_ms"] = round(statistics.median(times)) if times else 0
        row["most_ms"] = round(max(times, default=0))
        row["failed"] = " ; ".join(failed)
    except library.Refused as refused:
        row["failed"] = str(refused)
    row["failed"] = " | ".join(row["failed"].split("\n")).replace("\t", " ")
    return row


def in_child(path, options):
    """The row of a file; a crash is one as well."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        with os.fdopen(write_end, "wb") as pipe:
            pickle.dump(read(path, options), pipe)
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if status == 0 and data:
        return pickle.loads(data)
    row = dict.fromkeys(COLUMNS, 0)
    row.update(file=os.path.basename(path), failed=f"the process ended with {status:#x}")
    return row


def summary(rows):
    """The table of the README."""
    lines = ["| file | kernels | loaded in s | of the processor | compile | CPU ms, median "
             "| most |",
             "|---|---:|---:|---:|---:|---:|---:|"]
    for row in rows:
        lines.append(f"| {row['file']} | {row['kernels']} | {row['load_s']} | "
                     f"{row['load_cpu_s']} | {row['compiled']} of {row['tried']} | "
                     f"{row['median_ms']} | {row['most_ms']} |")
    total = {key: sum(row[key] for row in rows)
             for key in ("kernels", "load_s", "load_cpu_s", "compiled", "tried")}
    lines.append(f"| all | {total['kernels']} | {total['load_s']:.0f} | "
                 f"{total['load_cpu_s']:.0f} | {total['compiled']} of {total['tried']} | | |")
    return "\n".join(lines)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--library", default="build/jit/libtmjit.so")
    parser.add_argument("--clang", default="clang-22", help="that lists names")
    parser.add_argument("-I", dest="folders", action="append", default=[])
    parser.add_argument("-D", dest="macros", action="append", default=[])
    parser.add_argument("--every", type=int, default=1, help="kernels to compile")
    parser.add_argument("--entry", help="the only kernel that is wanted")
    parser.add_argument("--limit", type=float, default=900, help="seconds of clang for a file")
    parser.add_argument("--out", help="write the table (tab-separated) to this file")
    return parser.parse_args()


def main():
    options = read_options()
    rows = []
    out = open(options.out, "w") if options.out else None
    if out:
        print(*COLUMNS, sep="\t", file=out, flush=True)
    for path in options.files:
        rows.append(in_child(path, options))
        if rows[-1]["failed"]:
            print(f"BAD {rows[-1]['file']}: {rows[-1]['failed'][:400]}", flush=True)
        if out:
            print(*(rows[-1][key] for key in COLUMNS), sep="\t", file=out, flush=True)
    print(summary(rows))
    return 1 if any(row["failed"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
