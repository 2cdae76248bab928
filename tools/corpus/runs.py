#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs kernels of MLX's Metal library as MLX launches them and compares with numpy.

    pip download mlx-metal==0.32.4 --no-deps --only-binary=:all: \\
        --platform macosx_14_0_arm64 -d DIR && unzip -d DIR DIR/mlx_metal-*.whl
    tools/corpus/runs.py DIR/mlx/lib/mlx.metallib --out runs.tsv

Each case of cases/*.py runs in a process of its own (many of ggml/*.py share one, where ggml's
file is read once): vector code first, then the interpreter, which must leave the same bits in
every buffer. The table has a line per launch.
With --from-source MLX the kernels are made from Metal source, of MLX's folder, each by its
name alone; where the library has the kernel too, both must leave the same bits ("bits").
"refused" counts cases whose access outside a buffer has to be found. --math fast runs vector
code alone, with the same tolerances, and says which cases leave other bits than strict maths.
Exit status 1 when a case was refused, crashed, ran too long or differs.
"""
import argparse
import importlib
import os
import pathlib
import pickle
import re
import select
import signal
import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit("SKIPPED: sampled kernels against numpy (this Python has no numpy)")

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import case as description  # noqa: E402
import library  # noqa: E402
import names  # noqa: E402

COLUMNS = ("family", "case", "function", "loads", "compiles", "runs", "equal", "error",
           "engines", "bits", "read_ms", "compile_ms", "run_ms", "interp_ms", "note")
LIMIT_S = 900  # of reading a file, on a machine that others use too
GOOD = ("yes", "refused as it must be")
# Kernels that read outside as their source stands: Apple's compiler moved such a load behind
# the condition that follows it.
SOURCE_FAULTS = {"affine_qmv_quad": "of buffer 'scales'", "fp_qmv_quad": "of buffer 'scales'"}


def all_cases(options):
    if options.ggml:
        header = importlib.import_module("ggml.arguments").Header(options.ggml)
        importlib.import_module("ggml.formats").FORMATS.update(
            importlib.import_module("ggml.grids").formats(options.ggml))
        for name in ("simple", "reductions", "images", "products", "attention",
                     "experts", "models", "rest"):
            yield from filter(None, importlib.import_module("ggml." + name).cases(header))
        return
    for path in sorted((HERE / "cases").glob("*.py")):
        yield from importlib.import_module("cases." + path.stem).cases()


# ---- one case, in its own process ---------------------------------------------------------


def place(array):
    """A copy of an array's bytes at an address that suits every type; exact length."""
    flat = np.frombuffer(array.tobytes(), np.uint8)
    room = np.empty(flat.size + 256, np.uint8)
    start = -room.ctypes.data % 256
    room[start:start + flat.size] = flat
    return room[start:start + flat.size]


def bind(args, launch, buffers):
    """(address, bytes) per kernel argument, and what must stay alive."""
    bindings, alive = [], []
    for arg in args:
        if arg.kind == library.BUILTIN:
            bindings.append((None, 0))
            continue
        if arg.kind == library.THREADGROUP:
            bindings.append((None, launch.local[arg.location]))
            continue
        value = launch.args.get(arg.location)
        if value is None:  # MLX leaves it unbound: the kernel must not need it
            value = np.zeros(arg.fixed_byte_len, np.uint8)
        if isinstance(value, str):
            data = buffers[value]
        elif isinstance(value, tuple):
            data = buffers[value[0]][value[1]:]
        else:
            data = place(np.asarray(value))
        alive.append(data)
        bindings.append((data.ctypes.data, data.size))
    return bindings, alive


class Compiled:
    """Kernels of a container."""

    def __init__(self, tmjit, path):
        self.tmjit, self.library = tmjit, tmjit.open(path)

    def load(self, name):
        return self.tmjit.load(self.library, name)


class Source:
    """Kernels of source files, each read when it is asked for, and once."""

    def __init__(self, tmjit, options):
        self.tmjit, self.options, self.known = tmjit, options, {}

    def load(self, name):
        if name not in self.known:
            path = self.options.files.get(name)
            if not path:
                raise library.Refused("load", f"no source file has '{name}'")
            made = self.tmjit.open_source(path, self.options.folders, self.options.macros,
                                          entry=name, limit_s=LIMIT_S)
            self.known[name] = self.tmjit.kernels(made)[name]
        return self.known[name]


class Whole(Source):
    """Kernels of one source file that is read once, for all cases that follow."""

    def load(self, name):
        if not self.known:
            (path,) = set(self.options.files.values())
            self.known = self.tmjit.kernels(self.tmjit.open_source(
                path, self.options.folders, self.options.macros, limit_s=LIMIT_S))
        return self.known[name]


def find_sources(options):
    """Kernel -> the file that has it; and what all files are compiled with."""
    if options.ggml:
        paths = [pathlib.Path(options.ggml, "src/ggml-metal/ggml-metal.metal")]
        options.folders = [str(pathlib.Path(options.ggml, "src"))]
        options.macros = ["GGML_METAL_HAS_BF16=1"]
    else:
        paths = pathlib.Path(options.from_source, "mlx/backend/metal/kernels").rglob("*.metal")
        options.folders = [folder for folder in (options.headers, options.from_source) if folder]
        options.macros = []
    options.files = {}
    for path in sorted(paths):
        if "nax" not in path.name:  # these need Apple's MetalPerformancePrimitives
            options.files.update(dict.fromkeys(
                names.kernels(options.clang, path, options.folders, options.macros), path))


def run_engine(tmjit, kernels, case, engine, math, options, rows):
    buffers = {name: place(array) for name, array in case.buffers.items()}
    for launch, row in zip(case.launches, rows):
        start = time.perf_counter()
        kernel = kernels.load(launch.kernel)
        row["loads"] = "yes"
        if not row["read_ms"]:
            row["read_ms"] = f"{(time.perf_counter() - start) * 1e3:.0f}"
        pipeline, seconds = tmjit.compile(kernel, launch.group, engine, math,
                                          launch.constants)
        row["compiles"] = "yes"
        if engine == "simd" and math == options.math:
            row["compile_ms"] = f"{seconds * 1e3:.1f}"
        bindings, alive = bind(tmjit.args(kernel), launch, buffers)
        seconds = tmjit.launch(pipeline, launch.threads(), bindings, options.timeout)
        tmjit.free(pipeline)
        del alive
        if math == options.math:
            row["runs"] = "yes"
            row["run_ms" if engine == "simd" else "interp_ms"] = f"{seconds * 1e3:.2f}"
    return buffers


def difference(expect, got, scale):
    """(equal, largest error over 1 or the wanted magnitude, text)."""
    want = description.load(expect.want, expect.type)
    got = description.load(got.view(description.dtype(expect.type)).reshape(want.shape),
                           expect.type)
    if expect.where is not None:
        want, got = want[expect.where], got[expect.where]
    with np.errstate(all="ignore"):
        if expect.rtol == 0 and expect.atol == 0:
            wrong = ~((want == got) | ((want != want) & (got != got)))
        else:
            near = np.abs(got - want) <= scale * (expect.atol + expect.rtol * np.abs(want))
            wrong = ~(near | (want == got) | ((want != want) & (got != got)))
        error = np.abs(got.astype(complex) - want) / np.maximum(1, np.abs(want))
    error = np.where(np.isfinite(error), error, 0 if not wrong.any() else np.inf)
    if not wrong.any():
        return True, float(error.max(initial=0)), ""
    at = tuple(int(i) for i in np.argwhere(wrong)[0])
    return False, float(error.max(initial=0)), (
        f"{expect.buffer}{list(at)} is {got[at]}, want {want[at]}; "
        f"{int(wrong.sum())} of {wrong.size} differ")


class Worker:
    """What cases of one process share: a context and its kernels."""

    def __init__(self, options):
        self.tmjit = library.Tmjit(options.library)
        if options.whole:
            self.kernels = Whole(self.tmjit, options)
        elif options.files:
            self.kernels = Source(self.tmjit, options)
        else:
            self.kernels = Compiled(self.tmjit, options.metallib)


def run_case(case, options, worker):
    rows = [dict.fromkeys(COLUMNS, "") for _ in case.launches]
    for row, launch in zip(rows, case.launches):
        row.update(family=case.family, case=case.name, function=launch.kernel, loads="no",
                   compiles="no", runs="no", equal="no")
    try:
        tmjit, kernels = worker.tmjit, worker.kernels
        buffers = run_engine(tmjit, kernels, case, "simd", options.math, options, rows)
        results = [difference(expect, buffers[expect.buffer], options.slack)
                   for expect in case.expects]
        notes = [text for _, _, text in results if text]
        for row in rows:
            row.update(equal="no" if notes else "yes", note="; ".join(notes),
                       error=f"{max(error for _, error, _ in results):.2g}")
        if options.math == "fast":
            compare_maths(tmjit, kernels, case, options, rows, buffers)
        elif case.interp and not options.no_interp:
            compare_engines(tmjit, kernels, case, options, rows, buffers)
        if options.files and options.metallib:
            compare_compilers(tmjit, case, options, rows, buffers)
        if case.fault:
            rows[0].update(equal="no", note=f"ran, and should be refused: {case.fault}")
    except library.Refused as refused:
        rows[0]["note"] = f"{refused.stage}: " + " | ".join(str(refused).split("\n"))
        fault = case.fault
        if options.files and not fault:
            fault = next((text for word, text in SOURCE_FAULTS.items()
                          if word in case.launches[0].kernel), "")
        if fault and refused.stage == "run" and fault in str(refused):
            for row in rows:  # what follows the refused launch does not run
                row["equal"] = GOOD[1]
    return rows


def compare_engines(tmjit, kernels, case, options, rows, buffers):
    try:
        other = run_engine(tmjit, kernels, case, "interp", "strict", options, rows)
    except library.Refused as refused:
        late = "[timeout]" in str(refused) or "timeout" in str(refused)
        for row in rows:
            row["engines"] = "timeout" if late else "refused"
        if not late:
            rows[0]["note"] += "interp: " + " | ".join(str(refused).split("\n"))
        return
    differ = [name for name in buffers if not np.array_equal(buffers[name], other[name])]
    for row in rows:
        row["engines"] = "differ" if differ else "agree"
        if differ:
            name = differ[0]
            at = int(np.flatnonzero(buffers[name] != other[name])[0])
            row["note"] += f" engines differ in {name} from byte {at}"


def compare_compilers(tmjit, case, options, rows, buffers):
    """Apple's kernel of that name on the same buffers. Other bits are no failure: see where."""
    spare = [dict.fromkeys(COLUMNS, "") for _ in rows]
    try:
        other = run_engine(tmjit, Compiled(tmjit, options.metallib), case, "simd",
                           options.math, options, spare)
        differ = [name for name in buffers if not np.array_equal(buffers[name], other[name])]
        word = "other in " + ", ".join(differ) if differ else "same"
    except library.Refused as refused:
        word = f"{refused.stage}: refused"
    for row in rows:
        row["bits"] = word


def compare_maths(tmjit, kernels, case, options, rows, buffers):
    """Fast maths may differ from strict; where it does, it had an effect."""
    other = run_engine(tmjit, kernels, case, "simd", "strict", options, rows)
    same = all(np.array_equal(buffers[name], other[name]) for name in buffers)
    for row in rows:
        row["engines"] = "as strict" if same else "other bits"


# ---- all cases ----------------------------------------------------------------------------


def work(cases, options, pipe):
    """In a child: the rows of one case after the other."""
    worker = Worker(options)
    for case in cases:
        pickle.dump(run_case(case, options, worker), pipe)
        pipe.flush()


def in_child(cases, options):
    """The rows of each case that a child came to, in order; a crash or a hang is the last of
    them."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        with os.fdopen(write_end, "wb") as pipe:
            work(cases, options, pipe)
        os._exit(0)
    os.close(write_end)
    done, limit_s = 0, 4 * options.timeout + (LIMIT_S if options.files else 0)
    with os.fdopen(read_end, "rb", buffering=0) as pipe:
        while done < len(cases):
            if not select.select([pipe], [], [], limit_s)[0]:
                os.kill(child, signal.SIGKILL)
                break
            try:
                yield pickle.load(pipe)
            except (EOFError, pickle.UnpicklingError):
                break
            done += 1
    _, status = os.waitpid(child, 0)
    if done < len(cases):
        row = dict.fromkeys(COLUMNS, "no")
        row.update(family=cases[done].family, case=cases[done].name, error="", engines="",
                   function=cases[done].launches[0].kernel,
                   note=f"the process ended with status {status:#x}")
        yield [row]


def run_all(cases, options):
    """The rows of each case. ggml's share a process where its one file is read for all of them;
    each of the others has one of its own."""
    while cases:
        found = 0
        for rows in in_child(cases if options.whole else cases[:1], options):
            found += 1
            yield rows
        cases = cases[found:]


def is_good(row):
    return row["equal"] in GOOD and row["engines"] not in ("differ", "refused")


def summary(rows, math):
    cases = {}
    for row in rows:
        cases.setdefault((row["family"], row["case"]), []).append(row)
    families = {}
    for (family, _), members in cases.items():
        count = families.setdefault(family, [0, set(), 0, 0, 0])
        count[0] += 1
        count[1] |= {row["function"] for row in members}
        count[2] += all(row["equal"] == "yes" for row in members)
        count[3] += any(row["equal"] == GOOD[1] for row in members)
        count[4] += all(row["engines"] in ("agree", "as strict") for row in members)
    last = "as strict" if math == "fast" else "both engines"
    lines = [f"{'family':12} {'cases':>6} {'kernels':>8} {'equal':>6} {'refused':>8} "
             f"{last:>13}"]
    for family, (count, functions, equal, refused, agree) in sorted(families.items()):
        lines.append(f"{family:12} {count:6} {len(functions):8} {equal:6} {refused:8} "
                     f"{agree:13}")
    good = sum(is_good(row) for row in rows)
    lines.append(f"{len(cases)} cases, {len({row['function'] for row in rows})} kernels, "
                 f"{len(rows)} launches: {good} good")
    return "\n".join(lines)


def write(rows, to):
    for row in rows if to else ():
        print(*(row[name].replace("\t", " ") for name in COLUMNS), sep="\t", file=to, flush=True)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("metallib", nargs="?", help="mlx.metallib of the wheel mlx-metal")
    parser.add_argument("--from-source", metavar="MLX", help="kernels from MLX's Metal source")
    parser.add_argument("--headers", metavar="FOLDER",
                        help="MLX's headers from here, such as the wheel's mlx/include")
    parser.add_argument("--ggml", metavar="GGML", help="ggml's kernels, from its Metal source")
    parser.add_argument("--clang", default="clang-22", help="that lists kernels of source")
    parser.add_argument("--every", type=int, default=1, help="a sample of the cases")
    parser.add_argument("--library", default=str(HERE.parents[1] / "build/jit/libtmjit.so"))
    parser.add_argument("--out", help="write the table (tab-separated) to this file")
    parser.add_argument("--only", help="regular expression over 'family case function'")
    parser.add_argument("--math", choices=("strict", "fast"), default="strict")
    parser.add_argument("--slack", type=float, default=1.0, help="widen tolerances by")
    parser.add_argument("--timeout", type=float, default=30, help="seconds a launch")
    parser.add_argument("--no-interp", action="store_true", help="vector code only")
    parser.add_argument("--list", action="store_true", help="print the cases and end")
    return parser.parse_args()


def main():
    options = read_options()
    options.files = None
    if options.ggml or options.from_source:
        find_sources(options)
    wanted = re.compile(options.only or "")
    cases = [case for case in all_cases(options) if wanted.search(
        " ".join([case.family, case.name] + [launch.kernel for launch in case.launches]))]
    cases = cases[::options.every]
    if options.files:  # what this version of the source does not have is no case
        total = len(cases)
        cases = [case for case in cases
                 if all(launch.kernel in options.files for launch in case.launches)]
        print(f"{total - len(cases)} of {total} cases are of kernels that the source has not")
    if options.list:
        for case in cases:
            print(case.family, "|", case.name, "|", *[l.kernel for l in case.launches])
        return 0
    if not options.metallib and not options.from_source and not options.ggml:
        sys.exit("runs: the path of mlx.metallib is wanted")
    if not cases:
        sys.exit("runs: no case of that name")
    # Reading ggml's file takes as long as reading forty kernels of it, each alone.
    options.whole = bool(options.ggml) and len(cases) > 40
    rows = []
    out = open(options.out, "w") if options.out else None
    write([dict(zip(COLUMNS, COLUMNS))], out)
    for found in run_all(cases, options):
        rows += found
        write(found, out)
        for row in found:
            if not is_good(row):
                print(f"BAD {row['family']} | {row['case']} | {row['function']}: {row['note']}",
                      flush=True)
    print(summary(rows, options.math))
    return 0 if all(is_good(row) for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
