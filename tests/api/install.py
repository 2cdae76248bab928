#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Installs the build into a temporary prefix, moves that, and builds and runs the examples
there: by pkg-config with the C and the C++ compiler, and by find_package(tmjit). The README's
example must be the installed one, so that it is compiled too."""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SUMS = "100 101 102 ... 1099\n"
WANTED = {"c": SUMS, "cpp": SUMS + "bounds at line 21\n"}
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror"]


def run(command, **options):
    """The command's output; ends with all it printed when it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\nexit status {done.returncode}\n{done.stdout}")
    return done.stdout


def check(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: {found!r}; expected {wanted!r}")
    print(f"ok  {what}")


def check_library(prefix):
    """One shared library with a versioned name, which needs nothing of the build folder."""
    library = next(prefix.glob("lib*/**/libtmjit.so"))
    soname = re.search(r"SONAME.*\[(.*)\]", run(["readelf", "-d", library]))[1]
    check("SONAME", soname, "libtmjit.so.0")
    check("links", sorted(path.name for path in library.parent.glob("libtmjit.so*")),
          ["libtmjit.so", "libtmjit.so.0", os.path.realpath(library).rsplit("/", 1)[1]])
    return library.parent


def check_pkg_config(args, prefix, libdir, work):
    environment = {**os.environ, "PKG_CONFIG_PATH": str(libdir / "pkgconfig")}
    flags = run([args.pkg_config, "--cflags", "--libs", "tmjit"], env=environment).split()
    version = run([args.pkg_config, "--modversion", "tmjit"], env=environment).strip()
    check("pkg-config version", re.fullmatch(r"\d+\.\d+\.\d+", version) is not None, True)
    example = prefix / "share/tmjit/example"
    for suffix, compiler, standard in (("c", args.cc, "c99"), ("c", args.cc, "c17"),
                                       ("cpp", args.cxx, "c++17")):
        program = work / f"pkg-{standard}"
        run([compiler, f"-std={standard}", *STRICT, example / f"vector_add.{suffix}", "-o",
             program, *flags, f"-Wl,-rpath,{libdir}"])
        check(f"pkg-config, {standard}", run([program, example / "vector_add.ll"]),
              WANTED[suffix])


def check_cmake(args, prefix, work):
    example = prefix / "share/tmjit/example"
    build = work / "cmake"
    run([args.cmake, "-S", example, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
         f"-DCMAKE_C_COMPILER={args.cc}", f"-DCMAKE_CXX_COMPILER={args.cxx}"])
    run([args.cmake, "--build", build])
    for suffix, program in (("c", "vector_add"), ("cpp", "vector_add_cpp")):
        check(f"find_package, {program}", run([build / program, example / "vector_add.ll"]),
              WANTED[suffix])


def check_readme(args, prefix):
    blocks = re.findall(r"^```c\n(.*?)^```$", (args.source / "README.md").read_text(),
                        re.M | re.S)
    example = (prefix / "share/tmjit/example/vector_add.c").read_text()
    check("README's example", blocks, [example.split("\n", 1)[1]])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--build", "--source", "--cmake", "--pkg-config", "--cc", "--cxx"):
        parser.add_argument(option, required=True, type=pathlib.Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        run([args.cmake, "--install", args.build, "--prefix", work / "first"])
        prefix = (work / "first").rename(work / "moved")
        libdir = check_library(prefix)
        check_pkg_config(args, prefix, libdir, work)
        check_cmake(args, prefix, work)
        command = prefix / "bin/tmjit"
        check("the command", run([command, "run", prefix / "share/tmjit/example/vector_add.ll",
                                  "--grid", "3", "--buf", "a=f32[3]:iota", "--buf",
                                  "b=f32[3]:100", "--buf", "c=f32[3]", "--print", "c"]),
              "c = 100 101 102\n")
        check_readme(args, prefix)


if __name__ == "__main__":
    main()
