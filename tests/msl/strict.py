# SPDX-License-Identifier: MIT
"""Checks printed Metal with clang, all warnings on, against the declarations in strict/.

    strict.py CLANG FILE...              golden files, or any others
    strict.py CLANG --print TMJIT        every kernel of tests/run and of the benchmark

Clang has no Metal: address spaces are numbered, attributes are dropped, threadgroup variables
and function constants become extern and half literals a conversion. A print may lose nothing but that.
"""
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# The target whose address spaces do not convert into each other.
FLAGS = """-x c++ -std=c++17 -target spir64-unknown-unknown -nostdinc -fsyntax-only
    -Xclang -cl-single-precision-constant -Xclang -ffloat16-excess-precision=none
    -fno-exceptions -fno-rtti -Wall -Wextra -Wno-gcc-compat -Wno-unused-parameter
    -Wno-undefined-internal -Wno-undefined-inline""".split()


def as_clang_takes_it(text):
    text = re.sub(r"^(constant .*) \[\[function_constant", r"extern \1 [[function_constant", text,
                  flags=re.M)
    text = re.sub(r"\[\[.*?\]\]", "", text)
    text = re.sub(r"^constant os_log ", "const os_log ", text, flags=re.M)
    text = re.sub(r"\b(\d[\w.+-]*?)h\b", r"half(\1f)", text)
    return re.sub(r"^(    threadgroup [^*\n]*;|    \w+ \w+ \*threadgroup .*;)$", r"extern \1", text,
                  flags=re.M)


def run_clang(clang, text):
    run = subprocess.run([clang, *FLAGS, "-isystem", str(HERE / "strict"), "-"], input=text,
                         capture_output=True, text=True)
    return run.stderr or ("" if run.returncode == 0 else f"clang ended with {run.returncode}")


def faults(clang, text):
    """What clang says about a print; nothing when it is good."""
    return run_clang(clang, as_clang_takes_it(text))


def faults_of(clang, prints):
    """(name, what clang says) of the prints, pairs of name and text, that are not good."""
    text = "#include <metal_stdlib>\n#include <metal_simdgroup_matrix>\nusing namespace metal;\n"
    for i, (_, one) in enumerate(prints): # one start of clang for all
        one = re.sub(r"^(#include|using namespace) .*$", "", one, flags=re.M)
        text += f"namespace print{i} {{\n{as_clang_takes_it(one)}}}\n"
    if not run_clang(clang, text):
        return []
    single = [(name, faults(clang, one)) for name, one in prints]
    return [(name, found) for name, found in single if found]


def check(clang, name, text):
    found = faults(clang, text)
    if found:
        print(f"{name}:\n{found}")
    return not found


def prints(tmjit):
    sources = sorted((HERE.parent / "run").glob("*.ll"))
    sources += sorted((HERE.parent / "opencl").glob("*.cl"))
    sources += sorted((ROOT / "tools/bench/kernels").glob("*.ll"))
    for source in sources:
        info = subprocess.run([tmjit, "info", source], capture_output=True, text=True)
        for line in info.stdout.splitlines():
            if not line.startswith("kernel "):
                continue
            kernel = line.split()[1]
            run = subprocess.run([tmjit, "emit", source, "--entry", kernel, "--as", "msl"],
                                 capture_output=True, text=True)
            if run.returncode == 0:
                yield f"{source.name} {kernel}", run.stdout
            else:
                print(f"not printed: {run.stderr.splitlines()[0]}")


def main():
    clang, files = sys.argv[1], sys.argv[2:]
    texts = prints(files[1]) if files[0] == "--print" else \
        ((file, pathlib.Path(file).read_text()) for file in files)
    results = [check(clang, name, text) for name, text in texts]
    print(f"{results.count(True)} of {len(results)} pass")
    return int(not results or not all(results))


if __name__ == "__main__":
    sys.exit(main())
