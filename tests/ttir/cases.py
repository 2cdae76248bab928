#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the cases of tests/ttir/cases: Triton kernels with inputs, and what an NVIDIA GPU gave.

    cases.py --tmjit TMJIT [--warps N]... [--engine simd|interp|both] [--math strict|fast]
        [--printed CLANG] [CASE]...

A case passes when `tmjit run --expect` accepts every buffer that the kernel writes, within the
tolerances of its case.json; whole numbers must be equal. Without --warps each case runs with the
SIMD-groups that it was made with. With --printed the kernel is printed as Metal, clang must find
nothing in the print, and the print must leave the same bits in every buffer as the kernel itself.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "msl"))
HERE = pathlib.Path(__file__).parent / "cases"
FLOATS = ("fp32", "fp16", "bf16")


def arguments_of(tmjit, kernel):
    """Names of the kernel's arguments: Triton drops those that are 1."""
    out = subprocess.run([tmjit, "info", kernel, "--json"], capture_output=True, text=True)
    if out.returncode:
        raise RuntimeError(out.stderr.strip())
    return {arg["name"] for arg in json.loads(out.stdout)["kernels"][0]["arguments"]}


def commands_of(args, case, warps):
    """One run for floats, which may differ by the tolerances, and one for what must be equal."""
    folder = HERE / case
    about = json.loads((folder / "case.json").read_text())
    kernel = str(folder / "kernel.ttir")
    names = arguments_of(args.tmjit, kernel)
    common = [args.tmjit, "run", kernel, "--no-cache", "--engine", args.engine, "--math", args.math,
              "--timeout", "120", "--grid", ",".join(map(str, about["grid"])),
              "--num-warps", str(warps or about["num_warps"])]
    near, equal = [], []
    for arg in about["args"]:
        name = arg["name"]
        if name not in names:
            continue
        if arg["kind"] == "scalar":
            common += ["--set", f"{name}={arg['value']}"]
            continue
        common += ["--buf", f"{name}={folder / arg['in']}"]
        if "out" in arg:
            wanted = near if arg["dtype"] in FLOATS else equal
            wanted += ["--expect", f"{name}={folder / arg['out']}"]
    if near:
        near += ["--rtol", str(about.get("rtol", 0)), "--atol", str(about.get("atol", 0))]
    return [common + wanted for wanted in (near, equal) if wanted]


def printed(args, case, warps):
    """What is wrong with the print of a case; None: nothing."""
    import strict
    about = json.loads((HERE / case / "case.json").read_text())
    warps = warps or about["num_warps"]
    kernel = str(HERE / case / "kernel.ttir")
    plain = [word for command in commands_of(args, case, warps)[:1] for word in command]
    plain = plain[:next(i for i, word in enumerate(plain) if word == "--expect")]
    buffers = [word.partition("=")[0] for i, word in enumerate(plain) if plain[i - 1] == "--buf"]
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder) / f"{case}.metal"
        emit = [args.tmjit, "emit", kernel, "--as", "msl", "--num-warps", str(warps), "-o", str(text)]
        as_print = [str(text) if word == kernel else word for word in plain]
        as_print[as_print.index("--grid")] = "--threadgroups"
        at = as_print.index("--num-warps")
        as_print[at:at + 2] = ["--threadgroup", str(32 * warps)]
        for name, command in (("own", plain), ("print", as_print)):
            outs = [word for b in buffers for word in ("--out", f"{b}={folder}/{b}.{name}.npy")]
            for step in ([emit] if name == "print" else []) + [command + outs]:
                out = subprocess.run(step, capture_output=True, text=True)
                if out.returncode:
                    return " ".join(step) + "\n" + out.stdout + out.stderr
        for _, found in strict.faults_of(args.printed, [(case, text.read_text())]):
            return found
        for b in buffers:
            own, other = (pathlib.Path(folder, f"{b}.{name}.npy").read_bytes()
                          for name in ("own", "print"))
            if own != other:
                return f"other bits in {b}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tmjit", required=True)
    parser.add_argument("--warps", action="append", type=int)
    parser.add_argument("--engine", default="both")
    parser.add_argument("--math", default="strict")
    parser.add_argument("--printed", metavar="CLANG")
    parser.add_argument("cases", nargs="*")
    args = parser.parse_args()
    failed = total = 0
    for case in args.cases or sorted(path.name for path in HERE.iterdir()):
        for warps in args.warps or [None]:
            total += 1
            if args.printed:
                why = printed(args, case, warps)
                failed += bool(why)
                if why:
                    print(f"FAIL {case} printed, num_warps {warps or 'own'}: {why}")
                continue
            for command in commands_of(args, case, warps):
                out = subprocess.run(command, capture_output=True, text=True)
                if not out.returncode:
                    continue
                failed += 1
                print(f"FAIL {case} num_warps {warps or 'own'}: status {out.returncode}")
                print(" ", " ".join(command))
                print(out.stdout + out.stderr)
                break
    print(f"{total - failed} of {total} passed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
