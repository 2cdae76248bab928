# SPDX-License-Identifier: MIT
"""The kernels of a Metal source file by the names that a host asks for: a look at its
preprocessed text, which takes milliseconds where compiling it takes minutes.

A kernel is what stands in host_name("..."), or `kernel void NAME` that is no template. Metal's
own headers are empty files here, as they hold no kernels.
"""
import pathlib
import re
import subprocess
import tempfile

HEADERS = ("metal_stdlib", "metal_compute", "metal_simdgroup", "metal_simdgroup_matrix",
           "metal_math", "metal_atomic", "metal_integer", "metal_geometric", "metal_common",
           "metal_relational", "metal_pack", "metal_type_traits", "metal_limits",
           "metal_matrix", "metal_logging", "metal_numeric", "metal_array", "metal_tensor",
           "simd/simd.h")
PREDEFINED = ("__METAL__=1", "__METAL_MACOS__=1", "__METAL_VERSION__=320",
              "__HAVE_BFLOAT__=1")
HOST_NAME = re.compile(r'host_name\s*\(\s*((?:"[^"]*"\s*)+)\)')
PLAIN = re.compile(r"(template\b[^;{}]*)?(?:\bkernel|\[\[\s*kernel[^;{}()]*?\]\])\s+"
                   r"(?:\[\[[^;{}]*?\]\]\s*)?void\s+(\w+)\s*\(")


def preprocessed(clang, path, folders, macros):
    with tempfile.TemporaryDirectory() as stubs:
        for name in HEADERS:
            stub = pathlib.Path(stubs, name)
            stub.parent.mkdir(exist_ok=True)
            stub.touch()
        words = [clang, "-E", "-P", "-w", "-undef", "-nostdinc", "-x", "c++", "-std=c++17",
                 "-isystem", stubs]
        words += ["-D" + macro for macro in (*PREDEFINED, *macros)]
        words += [word for folder in folders for word in ("-I", folder)]
        run = subprocess.run([*words, str(path)], capture_output=True, text=True, check=True)
    return run.stdout


def kernels(clang, path, folders=(), macros=()):
    """Names in the order of the text."""
    text = preprocessed(clang, path, folders, macros)
    found = [(match.start(), "".join(re.findall(r'"([^"]*)"', match[1])))
             for match in HOST_NAME.finditer(text)]
    found += [(match.start(), match[2]) for match in PLAIN.finditer(text) if not match[1]]
    return list(dict.fromkeys(name for _, name in sorted(found)))
