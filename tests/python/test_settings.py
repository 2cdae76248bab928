# SPDX-License-Identifier: MIT
"""Settings from environment and file, and the doctor, in processes of their own."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

from tmjit import config

KERNEL = pathlib.Path(__file__).resolve().parent.parent / "tool/Inputs/local.ll"
EFFECTS = f"""
import tmjit
kernel = tmjit.load({str(KERNEL)!r})["local"]
kernel.launch(32, None, bytearray(128), 64)
pipeline, = kernel._pipelines.values()
print((pipeline.info.threadgroup.x, pipeline.info.threadgroup.y, pipeline.info.threadgroup.z))
try:
    kernel.launch(32, None, bytearray(128), 128)
except tmjit.UnsupportedError as error:
    print(error)
"""
SHOW = "import json, tmjit.config as c; print(json.dumps([c.settings(), c.cache_dir()]))"


class Settings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.file = self.home / "tmjit/config.json"
        self.file.parent.mkdir()
        self.metal = self.home / ".triton/metal_config.json"
        self.metal.parent.mkdir()

    def environment(self, **variables):
        env = {key: value for key, value in os.environ.items()
               if not key.startswith("TMJIT_") or key == "TMJIT_LIBRARY"}
        return env | {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home),
                      "XDG_CACHE_HOME": str(self.home)} | variables

    def run_python(self, *words, **variables):
        return subprocess.run([sys.executable, *words], capture_output=True, text=True,
                              env=self.environment(**variables), check=False)

    def show(self, **variables):
        done = self.run_python("-c", SHOW, **variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_order(self):
        settings, cache = self.show()
        self.assertEqual((settings["threads"], settings["debug"]), (0, False))
        self.assertEqual(cache, str(self.home / "tmjit"))
        self.metal.write_text('{"cache_dir": "/m", "debug_level": 2, "auto_tuning": false, '
                              '"preferred_threadgroup_size": 64, "max_shared_memory": 4096, '
                              '"optimization_level": 0}')
        settings, cache = self.show()
        self.assertEqual(cache, "/m")
        self.assertEqual((settings["debug"], settings["disable_autotuning"]), (True, True))
        self.assertEqual([settings[name] for name in ("threadgroup_size", "max_threadgroup_bytes",
                                                      "opt_level")], [64, 4096, 0])
        self.file.write_text('{"threads": 3, "debug": true, "cache_dir": "/x"}')
        settings, cache = self.show()
        self.assertEqual((settings["threads"], settings["debug"], cache), (3, True, "/x"))
        settings, cache = self.show(TMJIT_THREADS="2", TMJIT_DEBUG="0", TMJIT_CACHE_DIR="")
        self.assertEqual((settings["threads"], settings["debug"], cache), (2, False, None))

    def test_effects(self):
        self.file.write_text('{"threadgroup_size": 8, "max_threadgroup_bytes": 64, '
                             '"opt_level": 0, "debug": true}')
        done = self.run_python("-c", EFFECTS)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], "(8, 1, 1)")
        self.assertIn("kernel 'local': 128 bytes of threadgroup memory are needed; there are 64, "
                      f"by max_threadgroup_bytes of {self.file}", lines[1])

    def command(self, *words, **variables):
        return subprocess.run([os.environ["TMJIT_COMMAND"], *words], capture_output=True,
                              text=True, check=False, env=self.environment(**variables))

    def refusal(self, **variables):
        """What Python says of the settings, in this process."""
        with unittest.mock.patch.dict(os.environ, self.environment(**variables), clear=True):
            config.settings_with_sources.cache_clear()
            with self.assertRaises(ValueError) as caught:
                config.settings_with_sources()
        return str(caught.exception)

    @unittest.skipUnless("TMJIT_COMMAND" in os.environ, "no TMJIT_COMMAND")
    def test_refusals_are_the_commands(self):
        """Python and the command refuse the same, in the same words but for JSON's own."""
        cases = [(self.file, text) for text in (
            '{"colour": 1}', '{"threads": "2"}', '{"threads":\n 5000}', '{"debug": 1}', "[]",
            '{"threads": -1}', '{"opt_level": 1.5}', '{\n"cache_dir": null}',
            '{"debug": true, "debug": false}', '{"threads": [1]}', '{\n\n"threads": 1,}')]
        cases += [(self.metal, text) for text in (
            '{"threads": 1}', '{"debug_level": 4}', '{"debug_level": true}',
            '{"max_shared_memory": 0}', '{"auto_tuning": "on"}')]
        for file, text in cases:
            file.write_text(text)
            command = self.command("passes")
            self.assertEqual(command.returncode, 2, text)
            self.assertEqual(self.refusal().split(": no JSON")[0],
                             command.stderr.strip().removeprefix("tmjit: ").split(": no JSON")[0])
            file.unlink()
        for variables in ({"TMJIT_THREADS": "1025"}, {"TMJIT_THREADS": "-1"},
                          {"TMJIT_DEBUG": "yes"}, {"TMJIT_FORCE_SYNC": ""}):
            self.assertEqual("tmjit: " + self.refusal(**variables),
                             self.command("passes", **variables).stderr.strip())

    @unittest.skipUnless("TMJIT_COMMAND" in os.environ, "no TMJIT_COMMAND")
    def test_same_table(self):
        """Every setting of Python's table, at its limit, is the command's, and no other is."""
        values = {name: str(self.home / "own") if setting.kind is str else setting.kind(setting.limit)
                  for name, setting in config.SETTINGS.items()}
        self.file.write_text(json.dumps(values))
        found = json.loads(self.command("doctor", "--json").stdout)["settings"]
        self.assertEqual({name: row["value"] for name, row in found.items()}, values)
        variables = {setting.variable: str(self.home / "kept") if setting.kind is str else "0"
                     for setting in config.SETTINGS.values() if setting.variable}
        mine = json.loads(self.run_python("-m", "tmjit", "doctor", "--json",
                                          **variables).stdout)["settings"]
        theirs = json.loads(self.command("doctor", "--json", **variables).stdout)["settings"]
        self.assertEqual(mine, theirs)
        self.file.write_text('{"colour": 1}')
        self.assertIn(f"known are {', '.join(config.SETTINGS)}\n", self.command("passes").stderr)

    def test_doctor(self):
        done = self.run_python("-m", "tmjit", "doctor")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"ok   libtmjit: +0\.\d+\.\d+ \(LLVM 22")
        self.assertRegex(done.stdout, r"ok   kernels: +one compiled and ran, \d+ lanes")
        self.assertIn(" cores", done.stdout)
        self.assertEqual(done.stdout.splitlines()[-1], "fit: kernels can run")
        found = json.loads(self.run_python("-m", "tmjit", "doctor", "--json").stdout)
        self.assertEqual((found["fit"], found["settings"]), (True, {}))
        names = [check["name"] for check in found["checks"]]
        self.assertEqual(names[:5], ["CPU", "settings", "cache", "libtmjit", "kernels"])

    def test_doctor_finds_faults(self):
        done = self.run_python("-m", "tmjit", "doctor", TMJIT_LIBRARY="/no/such.so")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.splitlines()[-1], "not fit: libtmjit")
        if sys.platform == "linux":
            done = self.run_python("-m", "tmjit", "doctor", TMJIT_LIBRARY="libc.so.6")
            self.assertIn("libc.so.6 has no tmjit_version: it is no libtmjit", done.stdout)
        self.file.write_text('{"colour": 1}')
        done = self.run_python("-m", "tmjit", "doctor")
        self.assertEqual(done.stdout.splitlines()[-1], "not fit: settings")
        self.assertEqual(self.run_python("-m", "tmjit", "docter").returncode, 2)

    def test_doctor_imports_mlx(self):
        """Its wheel for Linux alone is a package without a library."""
        (self.home / "mlx").mkdir()
        (self.home / "mlx/__init__.py").touch()
        (self.home / "mlx-1.0.dist-info").mkdir()
        (self.home / "mlx-1.0.dist-info/METADATA").write_text("Name: mlx\nVersion: 1.0\n")
        path = f"{self.home}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        name = "mlx" if sys.platform == "darwin" else "mlx[cpu]"
        done = self.run_python("-m", "tmjit", "doctor", PYTHONPATH=path)
        self.assertIn(f"pip install '{name}'", done.stdout)
        done = self.command("doctor", PYTHONPATH=path)
        self.assertIn("-    mlx:        missing\n", done.stdout)


if __name__ == "__main__":
    unittest.main()
