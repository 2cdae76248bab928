# SPDX-License-Identifier: MIT
"""What `pip install ./tools/python` makes, as a user has it.

    install.py INTERPRETER LIBRARY

installs the package with LIBRARY in it into a folder of its own, without the network, and runs
the doctor and a suite of whole kernels from there. Skipped (status 77) without scikit-build-core.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "tools/python"
BACKENDS = "import triton; print(*triton.backends.backends, triton.runtime.driver.active.__module__)"


def run(python, *words, **variables):
    env = {key: value for key, value in os.environ.items()
           if not key.startswith(("TMJIT_", "PYTHONPATH"))}
    return subprocess.run([python, *words], env=env | variables, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def install(python, library, folder):
    return run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps",
               "--no-index", "--no-build-isolation", "--target", folder, str(PACKAGE),
               "-C", f"cmake.define.TMJIT_LIBRARY={library}")


def want(condition, done):
    if not condition:
        sys.exit(f"{done.args}: status {done.returncode}\n{done.stdout}")


def main():
    python, library = sys.argv[1:]
    if not os.path.exists(python) or run(python, "-c", "import scikit_build_core").returncode:
        print(f"SKIPPED: {python} with scikit-build-core; tools/setup --tests makes it")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        site = f"{folder}/site"
        done = install(python, library, site)
        want(done.returncode == 0, done)
        here = {"PYTHONPATH": site, "TRITON_CACHE_DIR": f"{folder}/triton", "TMJIT_DEVICE": "sim",
                "TMJIT_CACHE_DIR": f"{folder}/tmjit"}
        done = run(python, "-m", "tmjit", "doctor", "--json", **here)
        found = {check["name"]: check["found"] for check in json.loads(done.stdout)["checks"]}
        want(f"{site}/tmjit/lib/libtmjit" in found["libtmjit"], done)
        done = run(python, "-c", BACKENDS, **here)
        want("tmjit " in done.stdout and "tmjit.triton.driver" in done.stdout, done)
        done = run(python, str(HERE / "e2e/test_rows.py"), "Rows.test_vector_add", **here)
        want(done.returncode == 0, done)
        done = install(python, f"{folder}/no-such-library.so", f"{folder}/other")
        want(done.returncode != 0 and "no-such-library.so" in done.stdout, done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
