# SPDX-License-Identifier: MIT
"""Settings from environment and file, and the doctor, in processes of their own."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SHOW = "import json, tmjit.config as c; print(json.dumps([c.settings(), c.cache_dir()]))"


class Settings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.file = self.home / "tmjit/config.json"
        self.file.parent.mkdir()

    def run_python(self, *words, **variables):
        env = {key: value for key, value in os.environ.items()
               if not key.startswith("TMJIT_") or key == "TMJIT_LIBRARY"}
        env |= {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home),
                "XDG_CACHE_HOME": str(self.home)} | variables
        return subprocess.run([sys.executable, *words], capture_output=True, text=True, env=env,
                              check=False)

    def show(self, **variables):
        done = self.run_python("-c", SHOW, **variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, text, **variables):
        done = self.run_python("-c", SHOW, **variables)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(text, done.stderr.splitlines()[-1])

    def test_order(self):
        settings, cache = self.show()
        self.assertEqual((settings["threads"], settings["debug"]), (0, False))
        self.assertEqual(cache, str(self.home / "tmjit"))
        self.file.write_text('{"threads": 3, "debug": true, "cache_dir": "/x"}')
        settings, cache = self.show()
        self.assertEqual((settings["threads"], settings["debug"], cache), (3, True, "/x"))
        settings, cache = self.show(TMJIT_THREADS="2", TMJIT_DEBUG="0", TMJIT_CACHE_DIR="")
        self.assertEqual((settings["threads"], settings["debug"], cache), (2, False, None))

    def test_bad_variables(self):
        self.refused("TMJIT_THREADS: '1025'", TMJIT_THREADS="1025")
        self.refused("TMJIT_THREADS: '-1'", TMJIT_THREADS="-1")
        self.refused("TMJIT_DEBUG: 'yes'", TMJIT_DEBUG="yes")

    def test_bad_file(self):
        for text, said in (('{"colour": 1}', "unknown key colour; known are cache_dir"),
                           ('{"threads": "2"}', "threads: '2'"), ('{"threads": 5000}', "5000"),
                           ('{"debug": 1}', "true or false"), ("[]", "an object is accepted"),
                           ("{", "config.json")):
            self.file.write_text(text)
            self.refused(said)

    def test_doctor(self):
        done = self.run_python("-m", "tmjit", "doctor")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"ok   libtmjit: +0\.\d+\.\d+ \(LLVM 22")
        self.assertIn("vectors of", done.stdout)
        self.assertEqual(done.stdout.splitlines()[-1], "fit: kernels can run")

    def test_doctor_finds_faults(self):
        done = self.run_python("-m", "tmjit", "doctor", TMJIT_LIBRARY="/no/such.so")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.splitlines()[-1], "not fit: libtmjit")
        self.file.write_text('{"colour": 1}')
        done = self.run_python("-m", "tmjit", "doctor")
        self.assertEqual(done.stdout.splitlines()[-1], "not fit: settings")
        self.assertEqual(self.run_python("-m", "tmjit", "docter").returncode, 2)


if __name__ == "__main__":
    unittest.main()
