#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads whole Metal source files and compiles their kernels: source.py [options] FILE.metal...

A file is loaded as a host would, all its kernels at once, which also checks them all; then its
kernels are compiled for the host: all, every N-th (--every, the first always), or one of each
stratum (--strata), which is names that differ in no more than the numbers in them, those of
types such as float16 not counted. The table has a line a file: kernels, those that its
preprocessed text names (names.py), seconds until loaded, kernels tried and compiled, processor
milliseconds of a compilation, what failed. Each file is a process of its own, so that a crash
or a compilation without end (--seconds) is a line too; the file's other kernels follow.
--kernels TABLE has a line a kernel, written as soon as it is known; with --resume kernels that
are in it already are not tried again. Exit status 1 when one failed.

    tools/corpus/source.py -I MLX --every 20 --out source.tsv \\
        $(find MLX/mlx/backend/metal/kernels -name '*.metal' ! -name '*nax*')
    tools/corpus/source.py -I GGML/src -D GGML_METAL_HAS_BF16=1 --kernels ggml.tsv --resume \\
        GGML/src/ggml-metal/ggml-metal.metal
"""
import argparse
import os
import pickle
import re
import resource
import select
import signal
import statistics
import sys
import time

import library
import names

COLUMNS = ("file", "named", "kernels", "strata", "load_s", "load_cpu_s", "tried", "compiled",
           "median_ms", "most_ms", "failed")
LINE = ("file", "kernel", "outcome", "ms", "message")
THREADS = 256  # of a threadgroup, where the kernel allows as many
TYPE = re.compile(r"(?:float|complex|int|bool)\d+|_b_\d+|[qf]\d+(?:_[01])?(?=_|$)")


def cpu_s():
    return sum(sum(resource.getrusage(who)[:2])
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def stratum(name):
    """The name without its numbers, but for those of types."""
    letters = str.maketrans("0123456789", "abcdefghij")
    return re.sub(r"\d+", "#", TYPE.sub(lambda m: m[0].translate(letters), name))


def first_of_each(kernel_names):
    seen = {}
    for name in kernel_names:
        seen.setdefault(stratum(name), name)
    return list(seen.values())


def one_line(text):
    return " | ".join(str(text).split("\n")).replace("\t", " ")


def forked(work):
    """Runs work(send) in a child; its process id and where its messages come out."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        work(lambda message: os.write(write_end, pickle.dumps(message)))
        os._exit(0)
    os.close(write_end)
    return child, os.fdopen(read_end, "rb", buffering=0)


def messages(work, limit_s):
    """What work(send) sends, in a child; at last why it ended: "", or what is wrong."""
    child, pipe = forked(work)
    reason = ""
    while not reason:
        if not select.select([pipe], [], [], limit_s)[0]:
            os.kill(child, signal.SIGKILL)
            reason = "too long"
            break
        try:
            yield pickle.load(pipe)
        except (EOFError, pickle.UnpicklingError):
            break
    pipe.close()
    _, status = os.waitpid(child, 0)
    yield reason or (f"crashed with {status:#x}" if status else "")


def read_lines(options):
    """What the table of kernels has already."""
    known = {}
    if options.kernels and options.resume and os.path.exists(options.kernels):
        with open(options.kernels) as file:
            for line in file:
                fields = line.rstrip("\n").split("\t")
                if len(fields) == len(LINE) and fields[0] != LINE[0]:
                    known[fields[0], fields[1]] = (*fields[1:3], int(fields[3]), fields[4])
    return known


def choose(kernels, options):
    chosen = sorted(kernels)
    if options.strata:
        chosen = first_of_each(chosen)
    return chosen[::options.every]


def compile_one(tmjit, kernel, name):
    """The line of a kernel."""
    threads = min(THREADS, tmjit.lib.tmjit_kernel_max_threads(kernel))
    start, outcome, message = cpu_s(), "ok", ""
    try:
        pipeline, _ = tmjit.compile(kernel, (threads, 1, 1),
                                      constants=dict.fromkeys(tmjit.constants(kernel), 0))
        tmjit.free(pipeline)
    except library.Refused as refused:
        outcome, message = "refused", one_line(refused)
    return name, outcome, round((cpu_s() - start) * 1e3), message


def read(path, known, options, send):
    """In a child: the file, then one kernel after the other."""
    row = {}
    try:
        row["named"] = len(names.kernels(options.clang, path, options.folders, options.macros))
        tmjit = library.Tmjit(options.library)
        start, cpu = time.monotonic(), cpu_s()
        kernels = tmjit.kernels(tmjit.open_source(path, options.folders, options.macros,
                                                  options.entry, options.limit))
        row["load_s"] = round(time.monotonic() - start, 1)
        row["load_cpu_s"] = round(cpu_s() - cpu, 1)
        row["kernels"], row["strata"] = len(kernels), len(first_of_each(kernels))
        chosen = choose(kernels, options)
        send((row, chosen))
        for name in chosen:
            if name not in known:
                send(compile_one(tmjit, kernels[name], name))
    except library.Refused as refused:
        send(({"failed": one_line(refused)}, []))


def note(to, file, line):
    if to:
        print(file, *line, sep="\t", file=to, flush=True)


def compile_file(path, options):
    """What is known of a file, and the lines of its kernels. A child that crashes or hangs is
    followed by another, which has to load the file again."""
    file, row, chosen = os.path.basename(path), {}, []
    known = {name: line for (of, name), line in read_lines(options).items() if of == file}
    to = open(options.kernels, "a") if options.kernels else None
    while True:
        reason = ""
        for message in messages(lambda send: read(path, known, options, send),
                                max(options.seconds, options.limit)):
            if isinstance(message, str):
                reason = message
            elif isinstance(message[0], dict):
                row, chosen = message
                continue
            else:
                known[message[0]] = message
                note(to, file, message)
        culprit = next((name for name in chosen if name not in known), None)
        if not reason or not culprit:
            break
        known[culprit] = (culprit, "late" if reason == "too long" else "crashed", 0, reason)
        note(to, file, known[culprit])
    return dict(row, failed=row.get("failed") or reason), [known[name] for name in chosen]


def row_of(path, options):
    row = dict.fromkeys(COLUMNS, 0)
    found, lines = compile_file(path, options)
    times = [ms for _, outcome, ms, _ in lines if outcome == "ok"]
    bad = [f"{name}: {outcome}: {message}" for name, outcome, _, message in lines
           if outcome != "ok"]
    row.update(found, file=os.path.basename(path), tried=len(lines), compiled=len(times),
               median_ms=round(statistics.median(times)) if times else 0,
               most_ms=max(times, default=0),
               failed=found["failed"] or " ; ".join(bad))
    return row


def summary(rows):
    """The table of the README."""
    lines = ["| file | kernels | strata | loaded in s | of the processor | compile "
             "| CPU ms, median | most |",
             "|---|---:|---:|---:|---:|---:|---:|---:|"]
    for row in rows:
        lines.append(f"| {row['file']} | {row['kernels']} | {row['strata']} | "
                     f"{row['load_s']} | {row['load_cpu_s']} | {row['compiled']} of "
                     f"{row['tried']} | {row['median_ms']} | {row['most_ms']} |")
    total = {key: sum(row[key] for row in rows)
             for key in ("kernels", "strata", "load_s", "load_cpu_s", "compiled", "tried")}
    lines.append(f"| all | {total['kernels']} | {total['strata']} | {total['load_s']:.0f} | "
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
    parser.add_argument("--strata", action="store_true", help="compile one of each stratum")
    parser.add_argument("--seconds", type=float, default=600, help="limit of a compilation")
    parser.add_argument("--kernels", help="add a line for each kernel to this table")
    parser.add_argument("--resume", action="store_true", help="go on with that table")
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
        rows.append(row_of(path, options))
        if rows[-1]["failed"]:
            print(f"BAD {rows[-1]['file']}: {rows[-1]['failed'][:400]}", flush=True)
        if out:
            print(*(rows[-1][key] for key in COLUMNS), sep="\t", file=out, flush=True)
    print(summary(rows))
    return 1 if any(row["failed"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
