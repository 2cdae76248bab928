#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints kernels of a .metallib as Metal source and has clang check the prints.

    prints.py TMJIT LIBRARY [--clang clang-22] [--every N] [--only REGEX] --out FILE

The check is tests/msl/strict.py: clang with all warnings on. One line of the table for each
kernel; status 1 when one does not print or clang finds something. Also used by
`sweep.py --print`.
"""
import argparse
import collections
import concurrent.futures
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "msl"))

import families  # noqa: E402
import strict  # noqa: E402

COLUMNS = ("prints", "strict")


def constants(tmjit, library, name):
    """Options that give every required function constant the value 0."""
    text = subprocess.run([tmjit, "info", library, "--entry", name], capture_output=True,
                          text=True).stdout
    return [word for index in re.findall(r"^ +(\d+) +\S+ +\S+ +required$", text, flags=re.M)
            for word in ("--constant", f"{index}=0")]


def run(tmjit, library, clang, name, limit):
    """Both columns: yes, or why not."""
    command = [tmjit, "emit", library, "--entry", name, "--as", "msl"]
    try:
        emit = subprocess.run(command + constants(tmjit, library, name), capture_output=True,
                              text=True, errors="replace", timeout=limit)
    except subprocess.TimeoutExpired:
        return {"prints": "timeout", "strict": ""}
    if emit.returncode < 0:
        return {"prints": f"crash: signal {-emit.returncode}", "strict": ""}
    if emit.returncode:
        return {"prints": refusal(emit.stderr), "strict": ""}
    return {"prints": "yes", "strict": fault(strict.faults(clang, emit.stdout)) or "yes"}


def refusal(text):
    """The message, and the instruction that it is about."""
    found = re.search(r"error: (.*)", text)
    place = re.search(r"\n  in kernel @[^,\n]*, block [^:]*: (.*)", text)
    words = (found.group(1) if found else text.strip()[:100],
             place.group(1) if place else "")
    return ": ".join(word.replace("\t", " ") for word in words if word)


def fault(text):
    """The first thing that clang says."""
    found = re.search(r"(?:error|warning): .*", text)
    return (found.group(0) if found else text.strip()[:100]).replace("\t", " ")


def normal(text):
    """A reason without the numbers and names of one kernel, to be counted."""
    text = re.sub(r"\[\w+\]: .*?(?:%\S+ = )?(?:tail )?([a-z]\w+) .*", r"\1", text)
    text = re.sub(r"'[^']*'", "'...'", text)
    return re.sub(r"\d+", "N", text)[:110]


def summarise(rows, to):
    """By family and by reason; a table that was read back does as well."""
    tried = [row for row in rows if row.get("prints")]
    table = collections.defaultdict(list)
    for row in tried:
        table[row["family"]].append(row)
    print("\n| family | tried | print | strict check passed |", file=to)
    print("|---|---:|---:|---:|", file=to)
    for name, members in sorted(table.items()) + [("all", tried)]:
        printed = sum(row["prints"] == "yes" for row in members)
        passed = sum(row["strict"] == "yes" for row in members)
        print(f"| {name} | {len(members)} | {printed} | {passed} |", file=to)
    reasons = {}
    for row in tried:
        text = row["prints"] if row["prints"] != "yes" else row["strict"]
        if text != "yes":
            reasons.setdefault(normal(text), []).append(row["function"])
    print(file=to)
    for text, names in sorted(reasons.items(), key=lambda item: -len(item[1])):
        print(f"{len(names):6d}  {text}  (as {names[0]})", file=to)


def kernels(tmjit, library):
    text = subprocess.run([tmjit, "info", library], check=True, capture_output=True,
                          text=True).stdout
    return [line.split(None, 5)[5] for line in text.splitlines()[1:]
            if line.split(None, 1)[0] == "kernel"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tmjit")
    parser.add_argument("library")
    parser.add_argument("--clang", default="clang-22")
    parser.add_argument("--every", type=int, default=1, help="one kernel of N")
    parser.add_argument("--only", default="", help="kernels whose names match")
    parser.add_argument("--out", required=True)
    parser.add_argument("--limit", type=float, default=60, help="seconds for a kernel")
    args = parser.parse_args()
    names = [name for name in kernels(args.tmjit, args.library)[::args.every]
             if re.search(args.only, name)]
    rows = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool, open(args.out, "w") as out:
        print("function", "family", *COLUMNS, sep="\t", file=out)
        results = pool.map(lambda name: run(args.tmjit, args.library, args.clang, name,
                                            args.limit), names)
        for name, result in zip(names, results):
            rows.append({"function": name, "family": families.family(name), **result})
            print(*rows[-1].values(), sep="\t", file=out, flush=True)
    summarise(rows, sys.stdout)
    return int(not rows or any(row["strict"] != "yes" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
