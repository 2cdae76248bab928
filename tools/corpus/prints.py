# SPDX-License-Identifier: MIT
"""Prints a kernel of a .metallib as Metal source and has clang check the print.

Used by `sweep.py --print`. The check is tests/msl/strict.py: clang with all warnings on.
"""
import collections
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "msl"))

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
