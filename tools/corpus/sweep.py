#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every kernel of a .metallib for the host and says how each one went.

    tools/corpus/sweep.py TMJIT LIBRARY.metallib --out sweep.tsv [--filter REGEX] [--jobs 2]
                          [--every N] [--again OLD.tsv] [--resume]
                          [--print CLANG] [--rest OPTIONS OF tmjit compile]

`tmjit compile` does the work, in processes that take batches of names. A kernel that ends its
process (a crash) or that takes longer than --limit seconds is recorded as such, and the batch
goes on behind it. The table has a row as soon as a kernel is done; --resume goes on behind the
rows of a table whose sweep was ended. --print also prints each kernel as Metal source and has
clang check it (prints.py). Standard library only.
"""
import argparse
import collections
import csv
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time

import families
import prints

STEPS = ("load", "extract", "canon", "lower", "optimize", "emit", "link")
COLUMNS = ("function", "family", "bytes", "outcome", "stage", *STEPS, "cpu", "message",
           *prints.COLUMNS)
# What a line of `tmjit compile` holds.
REPORTED = ("function", "outcome", "stage", *STEPS, "cpu", "message")
BATCH = 128


def list_functions(tmjit, path):
    """(name, kind, bytes) of every function."""
    text = subprocess.run([tmjit, "info", path], check=True, capture_output=True,
                          text=True).stdout
    for line in text.splitlines()[1:]:
        kind, _air, _metal, size, _hash, name = line.split(None, 5)
        yield name, kind, int(size)


class Worker:
    """One process of `tmjit compile` after another, until its batch is done."""

    def __init__(self, command, limit):
        self.command, self.limit = command, limit

    def run(self, names, report):
        names = collections.deque(names)
        while names:
            lost = self.run_process(names, report)
            if names:
                name = names.popleft()
                report({"function": name, "outcome": lost, "stage": "process", "message": lost})

    def run_process(self, names, report):
        """Takes from `names` what the process reports on; why it ended early."""
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
            listed.write("\n".join(names) + "\n")
            listed.flush()
            process = subprocess.Popen(self.command + ["--entries", listed.name],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            reason = None
            for line in self.lines(process):
                if line is None:
                    reason = "timeout"
                    break
                fields = line.split("\t")
                if fields[0] != names[0]:
                    continue  # the head
                names.popleft()
                report(dict(zip(REPORTED, fields)))
                if not names:
                    break
            process.kill()
            status = process.wait()
            process.stdout.close()
        if reason:
            return reason
        if status < 0:
            return "crash " + signal.Signals(-status).name
        return f"exit {status}"

    def lines(self, process):
        """Lines as they come; None when the next one takes too long."""
        rest, fd = b"", process.stdout.fileno()
        while True:
            while b"\n" in rest:
                line, _, rest = rest.partition(b"\n")
                yield line.decode(errors="replace")
            if not select.select([fd], [], [], self.limit)[0]:
                yield None
                return
            more = os.read(fd, 1 << 16)
            if not more:
                return
            rest += more


def normal(message):
    """A refusal without the names and numbers of one kernel."""
    message = re.sub(r"'[^']*'", lambda m: m.group(0) if m.group(0).startswith("'air.") or
                     m.group(0).startswith("'llvm.") else "'...'", message)
    message = re.sub(r"air\.arg\S*", "air.arg...", message)
    return re.sub(r"\b\d+\b", "N", message)[:110]


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))] if values else 0.0


def summarise(rows, to):
    """By family and by refusal; a table that was read back does as well."""
    table = collections.defaultdict(list)
    for row in rows:
        table[row["family"]].append(row)
    print("| family | kernels | compile | refused | lost | CPU ms, median | 95 % | most |",
          file=to)
    print("|---|---:|---:|---:|---:|---:|---:|---:|", file=to)
    for name, members in sorted(table.items()) + [("all", rows)]:
        good = [r for r in members if r["outcome"] == "ok"]
        lost = [r for r in members if r["stage"] == "process"]
        times = [float(r["cpu"]) for r in good]
        print(f"| {name} | {len(members)} | {len(good)} | "
              f"{len(members) - len(good) - len(lost)} | {len(lost)} | "
              f"{quantile(times, .5):.0f} | {quantile(times, .95):.0f} | "
              f"{max(times, default=0):.0f} |", file=to)
    refusals = collections.Counter(f"[{r['outcome']}] {r['stage']}: {normal(r['message'])}"
                                   for r in rows if r["outcome"] != "ok")
    example = {}
    for r in rows:
        example.setdefault(f"[{r['outcome']}] {r['stage']}: {normal(r['message'])}",
                           r["function"])
    print(file=to)
    for text, count in refusals.most_common():
        print(f"{count:6d}  {text}  (as {example[text]})", file=to)


def parse_args(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tmjit")
    parser.add_argument("library")
    parser.add_argument("--out", default="sweep.tsv", help="the table")
    parser.add_argument("--filter", default="", help="only names that this expression finds")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth of them")
    parser.add_argument("--again", metavar="TSV", help="only what is not ok in this table")
    parser.add_argument("--resume", action="store_true",
                        help="keep the rows of --out and try only what it lacks")
    parser.add_argument("--print", metavar="CLANG",
                        help="also print as Metal and check with this clang")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=float, default=120, help="seconds for one kernel")
    parser.add_argument("--rest", nargs=argparse.REMAINDER, default=[],
                        help="options of tmjit compile, last")
    return parser.parse_args(argv)


def choose(args):
    chosen = [f for f in list_functions(args.tmjit, args.library)
              if f[1] == "kernel" and re.search(args.filter, f[0])]
    if args.again:
        with open(args.again, newline="") as stream:
            bad = {r["function"] for r in csv.DictReader(stream, delimiter="\t")
                   if r["outcome"] != "ok"}
        chosen = [f for f in chosen if f[0] in bad]
    return chosen[::args.every]


def open_table(stream):
    writer = csv.DictWriter(stream, COLUMNS, restval="", delimiter="\t", lineterminator="\n",
                            quoting=csv.QUOTE_NONE, escapechar="\\")
    writer.writeheader()
    return writer


def old_rows(path):
    """The whole rows of a table; the last may have been cut off when its sweep was ended."""
    if not os.path.exists(path):
        return []
    with open(path, newline="") as stream:
        whole = [line for line in stream if line.endswith("\n")]
    return list(csv.DictReader(whole, delimiter="\t", quoting=csv.QUOTE_NONE,
                               escapechar="\\"))


class Sweep:
    """All batches, on several threads; the table has a row as soon as a kernel is done."""

    def __init__(self, args, chosen):
        self.args, self.total = args, len(chosen)
        self.sizes = {name: size for name, _, size in chosen}
        self.rows, self.lock = old_rows(args.out) if args.resume else [], threading.Lock()
        done = {row["function"] for row in self.rows}
        names = [name for name, _, _ in chosen if name not in done]
        self.batches = collections.deque(names[at:at + BATCH]
                                         for at in range(0, len(names), BATCH))
        self.stream = open(args.out, "w", newline="")
        self.table = open_table(self.stream)
        self.table.writerows(self.rows)
        self.stream.flush()

    def report(self, row):
        row["family"] = families.family(row["function"])
        row["bytes"] = self.sizes[row["function"]]
        if self.args.print and row["outcome"] == "ok":
            row.update(prints.run(self.args.tmjit, self.args.library, self.args.print,
                                  row["function"], self.args.limit))
        with self.lock:
            self.rows.append(row)
            self.table.writerow(row)
            self.stream.flush()

    def work(self):
        command = [self.args.tmjit, "compile", self.args.library, *self.args.rest]
        worker = Worker(command, self.args.limit)
        while True:
            with self.lock:
                if not self.batches:
                    return
                batch = self.batches.popleft()
                if sys.stderr.isatty():
                    print(f"\r{len(self.rows)} of {self.total}", end="", file=sys.stderr)
            worker.run(batch, self.report)

    def run(self):
        threads = [threading.Thread(target=self.work) for _ in range(self.args.jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.stream.close()


def main(argv):
    args = parse_args(argv)
    sweep = Sweep(args, choose(args))
    start = time.monotonic()
    sweep.run()
    summarise(sweep.rows, sys.stdout)
    if args.print:
        prints.summarise(sweep.rows, sys.stdout)
    print(f"\n{len(sweep.rows)} kernels in {time.monotonic() - start:.0f} s; "
          f"table in {args.out}")
    return 1 if any(r["stage"] == "process" for r in sweep.rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
