# SPDX-License-Identifier: MIT
"""The package's types, by mypy: its own sources, and what a user's right and wrong calls say."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import need

need.modules("mypy")
PACKAGE = pathlib.Path(__file__).resolve().parents[2] / "tools/python"
RIGHT = """
import pathlib
import tmjit
import tmjit.triton

library: tmjit.Library = tmjit.load(pathlib.Path("k.metal"), entry="k", defines=["N=1"])
kernel: tmjit.Kernel = library["k"]
kernel.launch((64, 2), None, bytearray(4), 3, timeout_s=1.5, n=7)
text: str = kernel.emit_msl() + kernel.emit("asm")
code: bytes = kernel.emit("obj")
names: list[str] = [argument.name for argument in kernel.arguments] + list(library)
pieces: dict[str, str] = tmjit.mlx_source(kernel, threadgroup_bytes={"t": 256}).dtypes
bad: list[tmjit.Check] = [check for check in tmjit.check_environment() if check.is_ok is False]
tmjit.triton.activate()
with tmjit.triton.resident(bytearray(4)):
    address: int = tmjit.triton.pointer(bytearray(4)).data_ptr()
try:
    tmjit.load_source("", "ttir", num_warps=2)
except tmjit.BoundsError as error:
    line: int = error.line
"""
# A line each, and what is said of it.
WRONG = (("tmjit.laod('k.metal')", 'no attribute "laod"'),
         ("tmjit.load(3)", 'incompatible type "int"'),
         ("tmjit.load('k.cl', colour='red')", 'Unexpected keyword argument "colour"'),
         ("tmjit.load('k.ll')['k'].launch('x', None)", 'Argument 1 to "launch"'),
         ("x: str = tmjit.load('k.ll')['k'].emit('obj')", 'expression has type "bytes"'),
         ("tmjit.load('k.ll')['k'].emit('msk')", 'No overload variant of "emit"'),
         ("y: str = tmjit.check_environment()", 'expression has type "list[Check]"'))


def check(*words):
    """What mypy says, from a folder without settings."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder,
                              "--no-error-summary", *words], cwd=folder, text=True, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             env=os.environ | {"MYPYPATH": str(PACKAGE)})
        return run.returncode, run.stdout


class Types(unittest.TestCase):
    def user(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "user.py"
            path.write_text(text)
            return check("--follow-imports=silent", str(path))

    def test_package(self):
        for version in ("3.10", "3.13"):
            found = check("--config-file", str(PACKAGE / "pyproject.toml"), "--python-version",
                          version, str(PACKAGE / "tmjit"))
            self.assertEqual(found, (0, ""), version)

    def test_right(self):
        self.assertEqual(self.user(RIGHT), (0, ""))

    def test_wrong(self):
        status, said = self.user("import tmjit\n" + "\n".join(line for line, _ in WRONG) + "\n")
        self.assertEqual(status, 1, said)
        for number, (line, text) in enumerate(WRONG, 2):
            self.assertRegex(said, rf"user\.py:{number}: error: .*{re.escape(text)}", line)


if __name__ == "__main__":
    need.run()
