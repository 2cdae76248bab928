# SPDX-License-Identifier: MIT
# How lit finds the tests and what their run lines may say. tests/README.md explains both.
import os
import platform
import shlex
import shutil
import sys

import lit.formats

config.name = "tmjit"
config.suffixes = [".ll", ".test", ".cl", ".metal", ".ttir"]
config.excludes = ["kernels", "unit", "api", "diff", "fuzz", "Inputs", "cases"]
config.test_source_root = os.path.dirname(__file__)
config.test_format = lit.formats.ShTest(execute_external=False)

if not hasattr(config, "tmjit"):
    lit_config.fatal("run lit on the build folder: lit BUILD/tests/run")

config.environment["PATH"] = os.pathsep.join(
    [os.path.dirname(config.tmjit), config.llvm_tools_dir, config.environment["PATH"]])
# No test depends on what another one has compiled; tests of the cache name a folder.
for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMJIT_CACHE_DIR", "TMJIT_THREADS",
             "TMJIT_DEBUG", "TMJIT_FORCE_SYNC", "TMJIT_DISABLE_AUTOTUNING"):
    config.environment.pop(name, None)
# `--param cache=FOLDER`: all tests use one cache, whose entries must change nothing.
if lit_config.params.get("cache"):
    config.environment["XDG_CACHE_HOME"] = lit_config.params["cache"]
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

if platform.machine() == "x86_64" and platform.libc_ver()[0] == "glibc":
    config.available_features.add("x86_64-libmvec")

clang = shutil.which("clang-22") or shutil.which("clang-22", path=config.llvm_tools_dir)
if clang:
    config.available_features.add("clang")
    config.substitutions.append(("%clang", clang))

python = shlex.quote(sys.executable) + " -S -E"
here = config.test_source_root
matrix = f"{python} {here}/matrix.py --tmjit {config.tmjit}"
if config.is_sanitized:
    matrix += " --short"
    config.available_features.add("sanitized")

config.substitutions += [
    ("%tmjit", config.tmjit),
    ("%FileCheck", os.path.join(config.llvm_tools_dir, "FileCheck")),
    ("%run", matrix),
    ("%simd", matrix + " --widths 32"),  # SIMD-group functions: always 32 lanes
    ("%fails", matrix + " --status 1"),
    ("%npy", f"{python} {here}/npy.py --from %s"),
    ("%metallib", f"{python} {here}/metallib.py"),
    ("%python", python),
    ("%kernels", os.path.join(here, "kernels")),
]
