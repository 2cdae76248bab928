# SPDX-License-Identifier: MIT
"""Prints kernels as Metal, compiles the prints, runs both on the same bytes.

    roundtrip.py TMJIT CLANG [--sample N/M] [FILE.ll ...]   run lines of tests, all of tests/run
    roundtrip.py TMJIT CLANG --difftest PROGRAM FIRST COUNT  random kernels

A kernel passes when clang finds nothing in its print (strict.py), the print runs and leaves the
same bits in every buffer as the kernel that was printed, and the print of the print is a fixed
point: it prints as itself. One line for each that does not, and what each step came to.
"""
import collections
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
LIMIT_S = 60
DROPPED = {"--expect": 1, "--print": 1, "--rtol": 1, "--atol": 1, "--ulp": 1, "--out": 1,
           "--engine": 1, "--lanes": 1, "--opt": 1, "--time": 1, "--entry": 1, "--json": 0,
           "--order": 1, "--dump": 1}
BITS = {"bool": 8, "i8": 8, "u8": 8, "i16": 16, "u16": 16, "f16": 16, "bf16": 16, "i32": 32,
        "u32": 32, "f32": 32, "i64": 64, "u64": 64, "f64": 64}


def call(*args, **more):
    return subprocess.run(args, capture_output=True, text=True, timeout=LIMIT_S, **more)


def run_lines(path):
    """RUN lines of a test with its DEFINEs put in."""
    lines, defines = [], {}
    for line in path.read_text().splitlines():
        match = re.match(r"; (RUN|DEFINE): (.*)", line)
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


def launches(path, folder):
    """(entry or None, options) of each run line that is made for success."""
    for line in run_lines(path):
        if line.startswith("%npy "):
            words = shlex.split(expand(line[5:], path, folder))
            call(sys.executable, str(HERE.parent / "npy.py"), "--from", str(path), *words,
                 check=True)
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
        if any(">" in word for word in options):
            continue
        if line.startswith("%simd"):
            options += ["--lanes", "32"]
        yield entry, options


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
        if previous in ("--buf", "--set", "--local", "--threadgroup-memory") and "=" in word:
            name, _, value = word.partition("=")
            head, dot, rest = name.partition(".")
            word = f"{names.get(head, head)}{dot}{rest}={value}"
        previous = word
        out.append(word)
    return out


def constants_of(options):
    """Function constants, which choose what is printed; and all else."""
    chosen, rest, i = [], [], 0
    while i < len(options):
        if options[i] == "--constant":
            chosen += options[i:i + 2]
            i += 2
        else:
            rest.append(options[i])
            i += 1
    return chosen, rest


class Trip:
    def __init__(self, tmjit, clang, folder):
        self.tmjit, self.clang, self.folder = tmjit, clang, folder
        self.counts = collections.Counter()
        self.failed = []

    def fail(self, name, step, message=""):
        self.counts[step] += 1
        self.failed.append(f"{name}: {step}: {message.strip().splitlines()[0] if message.strip() else ''}")
        print(self.failed[-1], flush=True)

    def emit(self, source, *options):
        run = call(self.tmjit, "emit", source, "--as", "msl", *options)
        return run.stdout if run.returncode == 0 else None, run.stderr

    def strict(self, path):
        run = call(sys.executable, str(HERE / "strict.py"), self.clang, path)
        return run.returncode == 0, run.stdout

    def execute(self, source, entry, options, tag):
        """(status, stderr, bytes of each buffer) of a run on the vector engine."""
        outs = {}
        names = [word.partition("=")[0] for word, before in zip(options[1:], options)
                 if before == "--buf" and "=" in word]
        more = []
        for name in names:
            outs[name] = self.folder / f"{tag}.{name}.npy"
            outs[name].unlink(missing_ok=True)
            more += ["--out", f"{name}={outs[name]}"]
        run = call(self.tmjit, "run", source,
                   *(["--entry", entry] if entry else []), *options, *more)
        data = [path.read_bytes() if path.exists() else b"" for path in outs.values()]
        return run.returncode, run.stderr, data

    def kernel(self, name, source, entry, options):
        chosen, options = constants_of(options)
        text, why = self.emit(source, *(["--entry", entry] if entry else []), *chosen)
        if text is None:
            self.fail(name, "refused", why)
            return
        first = self.folder / "first.metal"
        first.write_text(text)
        is_good, why = self.strict(str(first))
        if not is_good:
            self.fail(name, "strict", "\n".join(why.splitlines()[1:]))
            return
        places, printed = arguments(self.tmjit, source, entry), names_of(text)
        names = {old: printed[place] for place, old in places.items() if place in printed}
        status, why, expected = self.execute(source, entry, options + chosen, "was")
        if status:
            self.fail(name, "original does not run", why)
            return
        status, why, actual = self.execute(str(first), None, renamed(options, names), "is")
        if status:
            self.fail(name, "print does not run", why)
            return
        if expected != actual:
            self.fail(name, "different results")
            return
        self.fixed_point(name, first)

    def fixed_point(self, name, first):
        second, why = self.emit(str(first))
        if second is None:
            self.fail(name, "second print", why)
            return
        path = self.folder / "second.metal"
        path.write_text(second)
        third, why = self.emit(str(path))
        if third is None:
            self.fail(name, "third print", why)
        elif third != second:
            path.with_name(f"{name.replace('/', '_').replace(' ', '.')}.2.metal").write_text(second)
            path.with_name(f"{name.replace('/', '_').replace(' ', '.')}.3.metal").write_text(third)
            self.fail(name, "no fixed point")
        else:
            self.counts["pass"] += 1
            self.counts["second print is the first"] += second == first.read_text()


def tests(trip, files):
    for path in files:
        for entry, options in launches(path, trip.folder):
            name = f"{path.name} {entry}" if entry else path.name
            try:
                trip.kernel(name, str(path), entry, options)
            except subprocess.TimeoutExpired:
                trip.fail(name, "time")


def random_kernels(trip, program, first, count):
    import random
    for seed in range(first, first + count):
        path = trip.folder / f"seed{seed}.ll"
        text = call(program, "gen", str(seed), check=True).stdout
        path.write_text(text)
        grid = re.search(r"^; launch (\d+) (\d+) (\d+) (\d+)", text, re.M)
        x, y, tx, ty = map(int, grid.groups())
        options = ["--grid", f"{x},{y}", "--threadgroup", f"{tx},{ty}"]
        if "; lanes 32" in text:
            options += ["--lanes", "32"]
        numbers = random.Random(seed)
        for name, kind, width, each, more, how in re.findall(
                    r"^; buffer (\S+) (\S+) (\d+) (\d+) (\d+) (\S+)", text, re.M):
            count_of = (x * y * int(each) + int(more)) * int(width)
            if kind == "bf16":
                fill = f"rand({seed})" if how == "random" else "zeros"
                options += ["--buf", f"{name}=bf16[{count_of}]:{fill}"]
                continue
            data = trip.folder / f"{name}.bin.npy"
            write_npy(data, kind, count_of, how, numbers)
            options += ["--buf", f"{name}={data}"]
        for name, length in re.findall(r"^; threadgroup (\S+) (\d+)", text, re.M):
            options += ["--local", f"{name}={length}"]
        try:
            trip.kernel(f"seed {seed}", str(path), None, options)
        except subprocess.TimeoutExpired:
            trip.fail(f"seed {seed}", "time")


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


def sampled(files, part):
    number, _, total = part.partition("/")
    return [file for i, file in enumerate(files) if i % int(total) == int(number)]


def main():
    tmjit, clang, rest = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
    with tempfile.TemporaryDirectory() as folder:
        folder = os.environ.get("ROUNDTRIP_FOLDER", folder)
        trip = Trip(tmjit, clang, pathlib.Path(folder))
        if rest and rest[0] == "--difftest":
            random_kernels(trip, rest[1], int(rest[2]), int(rest[3]))
        else:
            part = "0/1"
            if rest and rest[0] == "--sample":
                part, rest = rest[1], rest[2:]
            files = [pathlib.Path(f).resolve() for f in rest] or sorted(
                (HERE.parent / "run").glob("*.ll"))
            tests(trip, sampled(files, part))
    print(", ".join(f"{step}: {count}" for step, count in trip.counts.most_common()))
    return int(bool(trip.failed) or not trip.counts["pass"])


if __name__ == "__main__":
    sys.exit(main())
