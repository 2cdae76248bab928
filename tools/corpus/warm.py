#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long `tmjit run` takes to start a kernel of a .metallib whose code is in the cache.

    tools/corpus/warm.py TMJIT LIBRARY.metallib --table sweep.tsv [--most 20] [--out warm.tsv]

Takes the kernels that needed the most processor time to compile (of the sweep's table, all or
those of --filter) and runs each: once to fill a cache of its own, then --starts times. A line
has the size of its code, the processor time of a start (user and system, median) and the time
to its end (median), in ms. The launch is one threadgroup over buffers of zeros and numbers
that are all --number: enough to run the code, nothing is checked. Exit status 1 when a start
took more than --most-ms processor time. Standard library only.
"""
import argparse
import csv
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

TYPES = {"bool": "bool", "char": "i8", "uchar": "u8", "short": "i16", "ushort": "u16",
         "int": "i32", "uint": "u32", "long": "i64", "ulong": "u64", "half": "f16",
         "bfloat": "bf16", "float": "f32"}
ELEMENTS = 1 << 16
COLUMNS = ("function", "code_bytes", "cpu_ms", "wall_ms", "note")
ARGUMENT = re.compile(r"^ +\d+  (\S+) +(\S+) +(device|constant) +buffer \d+ +(.*)$")
FIELD = re.compile(r"^ +\.(\S+) +(\S+) +at byte")
CONSTANT = re.compile(r"^ +(\d+) +\S+ +\S+ +required$")


def bindings(info, number):
    """Options of tmjit run for every argument and function constant of a kernel, and a buffer
    that it writes."""
    options, written, holder = [], None, None
    for line in info.splitlines():
        argument, field = ARGUMENT.match(line), FIELD.match(line)
        constant = CONSTANT.match(line)
        if argument:
            name, kind, memory, rest = argument.groups()
            scalar = re.sub(r"\d$", "", kind)
            holder = None
            if "in all" in rest and memory == "constant":
                options += ["--set", f"{name}={number}"]
            elif scalar in TYPES:
                options += ["--buf", f"{name}={TYPES[scalar]}[{ELEMENTS}]"]
            elif memory == "constant":
                holder = name
            else:
                options += ["--buf", f"{name}=u8[{ELEMENTS}]"]
            if "write" in rest and scalar in TYPES:
                written = name
        elif field and holder:
            options += ["--set", f"{holder}.{field.group(1)}={number}"]
        elif constant:
            options += ["--constant", f"{constant.group(1)}=0"]
    return options, ["--print", written] if written else []


def measure(tmjit, library, name, folder, starts):
    """A row of the table."""
    info = subprocess.run([tmjit, "info", library, "--entry", name], capture_output=True,
                          text=True, check=True).stdout
    note = "no start"
    for number in (16, 0):
        options, shown = bindings(info, number)
        command = [tmjit, "run", library, "--entry", name, "--threadgroups", "1",
                   "--threadgroup", "32", "--cache", folder, *options, *shown]
        before = code_bytes(folder)
        first = subprocess.run(command, capture_output=True, text=True)
        if first.returncode == 0:
            note = f"arguments {number}"
            break
        note = first.stderr.strip().split("\n")[0]
    samples = [start(command) for _ in range(starts)]
    return {"function": name, "code_bytes": code_bytes(folder) - before,
            "cpu_ms": f"{1e3 * statistics.median(s[0] for s in samples):.1f}",
            "wall_ms": f"{1e3 * statistics.median(s[1] for s in samples):.1f}", "note": note}


def start(command):
    """Seconds of the processor and of the clock."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0
    return used.ru_utime + used.ru_stime, time.perf_counter() - begin


def code_bytes(folder):
    return sum(path.stat().st_size for path in pathlib.Path(folder).glob("*.code"))


def choose(args):
    with open(args.table, newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
                if row["outcome"] == "ok" and re.search(args.filter, row["function"])]
    rows.sort(key=lambda row: -float(row["cpu"]))
    return [row["function"] for row in rows[:args.most]]


def parse_args(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tmjit")
    parser.add_argument("library")
    parser.add_argument("--table", required=True, help="written by sweep.py")
    parser.add_argument("--filter", default="", help="only names that this expression finds")
    parser.add_argument("--most", type=int, default=20, help="how many kernels")
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument("--most-ms", type=float, default=40)
    parser.add_argument("--out", help="the table")
    return parser.parse_args(argv)


def main(argv):
    args = parse_args(argv)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in choose(args):
            rows.append(measure(args.tmjit, args.library, name, folder, args.starts))
            print(*rows[-1].values(), sep="\t", flush=True)
    if args.out:
        with open(args.out, "w") as stream:
            for row in [dict(zip(COLUMNS, COLUMNS))] + rows:
                stream.write("\t".join(str(row[column]) for column in COLUMNS) + "\n")
    return 1 if any(float(row["cpu_ms"]) > args.most_ms for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
