# SPDX-License-Identifier: MIT
"""Prints kernels as Metal, compiles the prints, runs both on the same bytes.

    roundtrip.py TMJIT CLANG [--part N/M] [FILE ...]        run lines of tests; of all of them
    roundtrip.py TMJIT CLANG --difftest PROGRAM FIRST COUNT  random kernels

A kernel passes when clang finds nothing in its print (strict.py), the print runs and leaves the
same bits in every buffer as the kernel that was printed, and the print of the print is a fixed
point: it prints as itself. One line for each that does not, and what each step came to.

roundtrip.except lists the kernels that must fail, with the step and the reason; one that passes
fails the test. Step `any` is of kernels that may pass, a step with `?` of those that may pass or
fail there, but nowhere else.
"""
import collections
import contextlib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import npy  # noqa: E402
import strict  # noqa: E402

LIMIT_S = 60
BATCH = 25
DROPPED = {"--expect": 1, "--print": 1, "--rtol": 1, "--atol": 1, "--ulp": 1, "--out": 1,
           "--engine": 1, "--lanes": 1, "--opt": 1, "--time": 1, "--entry": 1, "--json": 0,
           "--order": 1, "--dump": 1, "--threads": 1}
NAMES = ("--buf", "--set", "--local", "--threadgroup-memory")


def call(*args, **more):
    return subprocess.run(args, capture_output=True, text=True, timeout=LIMIT_S, **more)


# ---- the tests' run lines ---------------------------------------------------------------------

def run_lines(path):
    """RUN lines of a test with its DEFINEs put in."""
    lines, defines = [], {}
    for line in path.read_text().splitlines():
        match = re.match(r"(?:;|//) (RUN|DEFINE): (.*)", line)
        if match and match[1] == "DEFINE":
            name, _, value = match[2].partition(" = ")
            defines[name] = value.rstrip("\\").rstrip()
        elif match:
            lines.append(match[2])
    for name, value in defines.items():
        lines = [line.replace(name, value) for line in lines]
    return lines


def expand(line, path, folder):
    stem = str(folder / path.stem)
    return (line.replace("%%", "\0").replace("%s", str(path)).replace("%tmjit", "tmjit")
            .replace("%t", stem).replace("\0", "%"))


def write_data(words, path):
    with contextlib.redirect_stderr(None):
        if npy.main(["npy.py", "--from", str(path), *words]):
            raise RuntimeError(f"{path}: {' '.join(words)}")


def launches(path, folder):
    """(entry or None, options) of each run line that is made for success."""
    for line in run_lines(path):
        if line.startswith("%npy "):
            write_data(shlex.split(expand(line[5:], path, folder)), path)
        if not re.match(r"%(run|simd) ", line):
            continue
        words = shlex.split(expand(line.split("|")[0].split("&&")[0].split(" ", 1)[1], path, folder))
        if not words or words[0] != str(path):
            continue
        entry, options, i = None, [], 1
        while i < len(words):
            if words[i] == "--entry":
                entry = words[i + 1]
            if words[i] in DROPPED:
                i += 1 + DROPPED[words[i]]
                continue
            options.append(words[i])
            i += 1
        if not any(">" in word for word in options):
            yield entry, options


def constants_of(options):
    """Function constants, which choose what is printed; and all else."""
    chosen, rest, i = [], [], 0
    while i < len(options):
        if options[i] in ("--constant", "-c"):
            chosen += options[i:i + 2]
            i += 2
        else:
            rest.append(options[i])
            i += 1
    return chosen, rest


def given(options):
    """Names that options give memory or values."""
    return [word.partition("=")[0].partition(".")[0]
            for word, before in zip(options[1:], options) if before in NAMES and "=" in word]


# ---- names ------------------------------------------------------------------------------------

def names_of(text):
    """Names of a print's buffers, by place."""
    found = re.findall(r"[*&](\w+) \[\[(buffer|threadgroup)\((\d+)\)", text)
    return {(kind, int(index)): name for name, kind, index in found}


def arguments(tmjit, source, entry):
    """Names of a kernel's buffers, by place, from `tmjit info`."""
    run = call(tmjit, "info", source, *(["--entry", entry] if entry else []))
    found = re.findall(r"^ +\d+  (\S+) .*? (buffer|threadgroup) (\d+)\b", run.stdout, re.M)
    return {(kind, int(index)): name for name, kind, index in found}


def renamed(options, names):
    """The options with the buffers' names in the print."""
    out, previous = [], ""
    for word in options:
        if previous in NAMES and "=" in word:
            name, _, value = word.partition("=")
            head, dot, rest = name.partition(".")
            word = f"{names.get(head, head)}{dot}{rest}={value}"
        previous = word
        out.append(word)
    return out


# ---- the trip ---------------------------------------------------------------------------------

Print = collections.namedtuple("Print", "name source entry chosen text path")


class Trip:
    """Steps of all kernels; what failed is kept by name."""

    def __init__(self, tmjit, clang, folder):
        self.tmjit, self.clang, self.folder = tmjit, clang, folder
        self.cache = ["--cache", str(folder / "cache")]
        self.counts = collections.Counter()
        self.seconds = collections.Counter()
        self.failed = {}
        self.tried = set()
        self.prints = []

    def fail(self, name, step, message=""):
        message = message.strip()
        self.failed.setdefault(name, (step, message.splitlines()[0] if message else ""))

    @contextlib.contextmanager
    def step(self, name):
        start = time.monotonic()
        yield
        self.seconds[name] += time.monotonic() - start

    def emit(self, source, *options):
        run = call(self.tmjit, "emit", source, "--as", "msl", *self.cache, *options)
        return run.stdout if run.returncode == 0 else None, run.stderr

    def execute(self, source, entry, options, tag):
        """(status, stderr, bytes of each buffer) of a run on the interpreter."""
        outs, more = [], []
        for i, name in enumerate(dict.fromkeys(
                word.partition("=")[0] for word, before in zip(options[1:], options)
                if before == "--buf" and "=" in word)):
            outs.append(self.folder / f"{tag}.{i}.npy")
            outs[-1].unlink(missing_ok=True)
            more += ["--out", f"{name}={outs[-1]}"]
        run = call(self.tmjit, "run", source, *(["--entry", entry] if entry else []),
                   "--engine", "interp", *self.cache, *options, *more)
        return run.returncode, run.stderr, [path.exists() and path.read_bytes() for path in outs]

    def kernel(self, name, source, entry, chosen):
        """The print of a kernel with its function constants; None: that failed."""
        self.tried.add(name)
        with self.step("print"):
            text, why = self.emit(source, *(["--entry", entry] if entry else []), *chosen)
        if text is None:
            self.fail(name, "refused", why)
            return None
        self.prints.append((name, text))
        path = self.folder / f"{len(self.prints)}.metal"
        path.write_text(text)
        return Print(name, source, entry, chosen, text, path)

    def names_in(self, one, options):
        """The names that the print has for the kernel's."""
        printed = names_of(one.text)
        if all(word in printed.values() for word in given(options)):
            return {}
        places = arguments(self.tmjit, one.source, one.entry)
        return {old: printed[place] for place, old in places.items() if place in printed}

    def compare(self, one, options):
        with self.step("run"):
            status, why, expected = self.execute(one.source, one.entry, options + one.chosen,
                                                 "was")
        if status:
            self.fail(one.name, "original does not run", why)
            return
        options = renamed(options, self.names_in(one, options))
        with self.step("compile and run the print"):
            status, why, actual = self.execute(str(one.path), None, options, "is")
        if status:
            self.fail(one.name, "print does not run", why)
        elif expected != actual:
            self.fail(one.name, "different results")

    def fixed_point(self, one):
        with self.step("second print"):
            second, why = self.emit(str(one.path))
        if second is None:
            self.fail(one.name, "second print", why)
            return
        self.counts["second print is the first"] += second == one.text
        if second == one.text:
            return
        path = one.path.with_suffix(".2.metal")
        path.write_text(second)
        with self.step("third print"):
            third, why = self.emit(str(path))
        if third is None:
            self.fail(one.name, "third print", why)
        elif third != second:
            one.path.with_suffix(".3.metal").write_text(third)
            self.fail(one.name, "no fixed point", str(path))

    def check_prints(self):
        with self.step("strict check"):
            for start in range(0, len(self.prints), BATCH):
                for name, found in strict.faults_of(self.clang, self.prints[start:start + BATCH]):
                    self.fail(name, "strict", found)


def test(trip, path):
    prints = {}
    for entry, options in launches(path, trip.folder):
        chosen, options = constants_of(options)
        name = " ".join([path.name, *([entry] if entry else []),
                         *(word for word in chosen if not word.startswith("-"))])
        if name not in prints:
            prints[name] = trip.kernel(name, str(path), entry, chosen)
        if prints[name] and name not in trip.failed:
            trip.compare(prints[name], options)
    for name, one in prints.items():
        if one and name not in trip.failed:
            trip.fixed_point(one)


def random_kernels(trip, program, first, count):
    import random
    for seed in range(first, first + count):
        path = trip.folder / f"seed{seed}.ll"
        text = call(program, "gen", str(seed), check=True).stdout
        path.write_text(text)
        grid = re.search(r"^; launch (\d+) (\d+) (\d+) (\d+)", text, re.M)
        x, y, tx, ty = map(int, grid.groups())
        options = ["--grid", f"{x},{y}", "--threadgroup", f"{tx},{ty}"]
        numbers = random.Random(seed)
        for name, kind, width, each, more, how in re.findall(
                    r"^; buffer (\S+) (\S+) (\d+) (\d+) (\d+) (\S+)", text, re.M):
            width = 4 if int(width) == 3 else int(width)  # as memory has vectors of three
            count_of = (x * y * int(each) + int(more)) * width
            if kind == "bf16":
                fill = f"rand({seed})" if how == "random" else "zeros"
                options += ["--buf", f"{name}=bf16[{count_of}]:{fill}"]
                continue
            data = trip.folder / f"{name}.bin.npy"
            write_npy(data, kind, count_of, how, numbers)
            options += ["--buf", f"{name}={data}"]
        for name, length in re.findall(r"^; threadgroup (\S+) (\d+)", text, re.M):
            options += ["--local", f"{name}={length}"]
        one = trip.kernel(f"seed {seed}", str(path), None, [])
        if one:
            trip.compare(one, options)
        if one and one.name not in trip.failed:
            trip.fixed_point(one)


def write_npy(path, kind, count, how, numbers):
    sizes = {"i8": "|i1", "u8": "|u1", "i16": "<i2", "u16": "<u2", "i32": "<i4", "u32": "<u4",
             "i64": "<i8", "u64": "<u8", "f16": "<f2", "f32": "<f4"}
    import struct
    code = sizes[kind]
    size = int(code[2])
    if how != "random":
        data = bytes(count * size)
    elif code[1] == "f":
        data = b"".join(struct.pack("<" + {2: "e", 4: "f"}[size], numbers.uniform(-8, 8))
                        for _ in range(count))
    else:
        data = numbers.randbytes(count * size)
    head = f"{{'descr': '{code}', 'fortran_order': False, 'shape': ({count},), }}"
    head += " " * (63 - (len(head) + 10) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + data)


# ---- exceptions -------------------------------------------------------------------------------

def exceptions():
    """What must fail: {name: step}."""
    found = {}
    for line in (HERE / "roundtrip.except").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, step, _ = line.split(": ", 2)
            found[name] = step
    return found


def report(trip):
    """One line for each surprise; their number."""
    expected, surprises = exceptions(), 0
    for name in sorted(trip.tried):
        step, why = trip.failed.get(name, (None, ""))
        trip.counts[step or "pass"] += 1
        wanted = expected.get(name, "")
        if wanted in (step, "any") or (wanted.endswith("?") and step in (None, wanted[:-1])) or (
                not step and not wanted):
            continue
        surprises += 1
        print(f"{name}: {step}: {why}" if step else
              f"{name}: passes, and stands in roundtrip.except as: {wanted}")
    print(", ".join(f"{step}: {count}" for step, count in trip.counts.most_common()))
    print(", ".join(f"{step} {seconds:.1f} s" for step, seconds in trip.seconds.most_common()))
    return surprises


def part_of(files, part):
    number, _, total = part.partition("/")
    return [file for i, file in enumerate(files) if i % int(total) == int(number)]


def main():
    tmjit, clang, rest = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(os.environ.get("ROUNDTRIP_FOLDER") or folder)
        (folder / "cache").mkdir(mode=0o700, exist_ok=True)
        trip = Trip(tmjit, clang, folder)
        if rest and rest[0] == "--difftest":
            random_kernels(trip, rest[1], int(rest[2]), int(rest[3]))
        else:
            part = "0/1"
            if rest and rest[0] == "--part":
                part, rest = rest[1], rest[2:]
            files = [pathlib.Path(f).resolve() for f in rest] or sorted(
                [*(HERE.parent / "run").glob("*.ll"), *(HERE.parent / "opencl").glob("*.cl")])
            for path in part_of(files, part):
                test(trip, path)
        trip.check_prints()
        surprises = report(trip)
    return int(bool(surprises) or not trip.counts["pass"])


if __name__ == "__main__":
    sys.exit(main())
