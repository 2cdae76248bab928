#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs one `tmjit run` command line on every engine and says whether all agree.

matrix.py --tmjit PATH [--status N] [--widths W,W,...] [--short] KERNEL [options of tmjit run]

The interpreter, and the simulator at 4, 8, 16 and 32 lanes (or --widths) with and without
optimisation and once more without bounds checks on one worker thread, must exit with status N
(0 without --status) and print the same. Their output is printed once: for status 0 stdout, else
stdout and stderr. Any difference is shown and ends with status 99.
"""
import difflib
import os
import subprocess
import sys

LIMIT_S = 120


def configurations(args, widths, is_short):
    """The option lists to run with; what the command line fixes itself is not varied."""
    if "--engine" in args:
        return [[]]
    if is_short:
        pairs = [(widths[0], "0"), (widths[-1], "2")]
    else:
        pairs = [(w, o) for w in widths for o in ("0", "2")]
    if "--lanes" in args or "--opt" in args:
        pairs = [("", "")]
    out = [["--engine", "interp"]]
    for width, level in pairs:
        options = ["--engine", "simd"]
        if "XDG_CACHE_HOME" not in os.environ:  # code to be verified is never out of a cache
            options.append("--verify-each")
        if width:
            options += ["--lanes", width, "--opt", level]
        out.append(options)
    if "--check" not in args:
        out.append(["--engine", "simd", "--check", "none", "--threads", "1"])
    return out


def run(tmjit, args, options):
    """(status, stdout, stderr); a signal is a negative status, a time-out None."""
    try:
        done = subprocess.run([tmjit, "run"] + args + options, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return None, "", f"still running after {LIMIT_S} s"
    out, err = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
    return done.returncode, out, err


def describe(options):
    return " ".join(options) or "as given"


def show_difference(first, name, other, other_name):
    lines = difflib.unified_diff(first.splitlines(), other.splitlines(), name, other_name,
                                 lineterm="", n=1)
    for number, line in enumerate(lines):
        if number == 40:
            print("...", file=sys.stderr)
            break
        print(line[:400], file=sys.stderr)


def main(argv):
    own = {"--tmjit": "tmjit", "--status": "0", "--widths": "4,8,16,32"}
    is_short = False
    args = argv[1:]
    while args and (args[0] in own or args[0] == "--short"):
        option = args.pop(0)
        if option == "--short":
            is_short = True
        else:
            own[option] = args.pop(0)
    tmjit, status = own["--tmjit"], int(own["--status"])

    options_list = configurations(args, own["--widths"].split(","), is_short)
    if status:  # without checks a faulty kernel has no defined end
        options_list = [o for o in options_list if "none" not in o]
    first = None
    has_failed = False
    for options in options_list:
        code, out, err = run(tmjit, args, options)
        if code != status:
            has_failed = True
            print(f"matrix: {describe(options)}: exit status {code}, expected {status}\n"
                  f"{err[:4000]}", file=sys.stderr)
            continue
        text = out if status == 0 else out + err
        if first is None:
            first = (text, describe(options))
        elif text != first[0]:
            has_failed = True
            print("matrix: engines differ", file=sys.stderr)
            show_difference(first[0], first[1], text, describe(options))
    if first:
        sys.stdout.write(first[0])
    return 99 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
