# SPDX-License-Identifier: MIT
"""What this machine has of what tmjit uses: `check_environment`, `python -m tmjit doctor`."""
from __future__ import annotations

import dataclasses
import importlib
import importlib.metadata
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

from . import config

_KERNEL = """module { tt.func public @k(%p: !tt.ptr<i32>) { %c = arith.constant 42 : i32
tt.store %p, %c : !tt.ptr<i32>
tt.return } }
"""
WIDTHS = (("avx512f", 512), ("avx2", 256), ("asimd", 128), ("sse2", 128))


@dataclasses.dataclass(frozen=True)
class Check:
    """`is_ok` None: not there, and only needed for what `advice` says."""
    name: str
    found: str
    is_ok: bool | None = True
    advice: str = ""


def _cpu() -> Check:
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return Check("CPU", f"{platform.machine()} {platform.processor()}".strip())
    name = re.search(r"^model name\s*: (.*)$", text, re.M)
    flags = set(re.findall(r"[\w.]+", " ".join(re.findall(r"^(?:flags|Features)\s*:(.*)$", text,
                                                          re.M))))
    width = next((bits for flag, bits in WIDTHS if flag in flags), 0)
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Check("CPU", f"{name[1] if name else platform.machine()}, {count} cores, "
                        f"vectors of {width or 'unknown'} bits")


def _library() -> Check:
    from . import _c, errors, kernels
    try:
        version = _c.library().tmjit_version().decode()
        chip = kernels.context().chip
    except (ImportError, OSError, AttributeError, errors.Error) as error:
        return Check("libtmjit", str(error), False,
                     "pip install ./tools/python, or TMJIT_LIBRARY=PATH")
    return Check("libtmjit", f"{version}, {_c.library_path()}, limits of {chip.name.decode()}")


def _settings() -> list[Check]:
    try:
        found = config.settings_with_sources()
    except ValueError as error:
        return [Check("settings", str(error), False, "correct or remove it"),
                Check("cache", "none", None, "kernels are compiled by every process")]
    changed = [f"{name}={json.dumps(value)} by {source}"
               for name, (value, source) in found.items() if source]
    return [Check("settings", ", ".join(changed) or "defaults"), _cache()]


def _cache() -> Check:
    """Whether the folder, or the nearest one above it that there is, can be written."""
    folder = config.cache_dir()
    if not folder:
        return Check("cache", "none", None, "kernels are compiled by every process")
    there = next(path for path in (pathlib.Path(folder).absolute(), *pathlib.Path(folder)
                                   .absolute().parents) if path.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Check("cache", folder)
    return Check("cache", f"'{there}' cannot be written",
                 None if config.settings()["cache_dir"] is None else False,
                 "TMJIT_CACHE_DIR or cache_dir names a folder of your own")


def _kernels() -> Check:
    """One is compiled and run: what is needed for all."""
    from . import errors, kernels
    memory = bytearray(4)
    try:
        kernel = kernels.load_source(_KERNEL, "ttir", "doctor.ttir", num_warps=1)["k"]
        kernel.launch(1, None, memory)
        lanes = kernel.pipeline((32, 1, 1)).info.lanes
    except errors.Error as error:
        return Check("kernels", error.message, False, "report it: it is a fault")
    if memory != b"\x2a\0\0\0":
        return Check("kernels", "a kernel ran with a wrong result", False,
                     "report it: it is a fault")
    return Check("kernels", f"one compiled and ran, {lanes} lanes")


def _clang() -> Check:
    from . import errors, kernels
    try:
        kernels.load_source("kernel void k(global int *p) { p[0] = 42; }\n", "opencl",
                            "doctor.cl")
    except errors.Error as error:
        return Check("clang 22", error.message, None,
                     "for .metal and .cl: tools/setup installs it")
    return Check("clang 22", "compiles")


def _package(name: str, need: str) -> Check:
    try:
        return Check(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, "missing", None, f"for {need}: pip install {name}")


def _mlx() -> Check:
    """MLX's wheel for Linux alone has no library in it; that comes with mlx[cpu]."""
    name = "mlx" if sys.platform == "darwin" else "mlx[cpu]"
    try:
        importlib.import_module("mlx.core")
    except ImportError as error:
        found = "missing" if error.name in ("mlx", "mlx.core") else str(error)
        return Check("mlx", found, None, f"for MLX arrays: pip install '{name}'")
    return Check("mlx", importlib.metadata.version("mlx"))


def _driver() -> Check:
    try:
        import triton
        target = triton.runtime.driver.active.get_current_target()
    except Exception as error:  # whatever other back ends raise
        return Check("Triton's driver", f"{type(error).__name__}: {error}", None,
                     "TMJIT_DEVICE=sim or tmjit.triton.activate() chooses tmjit")
    is_ours = target.backend == "tmjit"
    return Check("Triton's driver", target.backend, is_ours or None,
                 "" if is_ours else "TMJIT_DEVICE=sim or tmjit.triton.activate() chooses tmjit")


def _gpu() -> Check:
    """A Mac's GPU by Apple's documented program. Untested."""
    try:
        text = subprocess.run(["/usr/sbin/system_profiler", "SPDisplaysDataType"], timeout=20,
                              capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        text = ""
    found = [value.strip() for key in ("Chipset Model", "Metal Support")
             for value in re.findall(rf"{key}: (.*)", text)[:1]]
    return Check("GPU", f"{', '.join(found) or 'not told by system_profiler'} (untested)",
                 True if found else None, "")


def check_environment() -> list[Check]:
    """Every check; the machine is fit when none has `is_ok` False. The command's `tmjit doctor`
    makes the same ones."""
    checks = [_cpu(), *_settings()]
    if all(check.is_ok is not False for check in checks):
        checks.append(_library())
        if checks[-1].is_ok:
            checks += [_kernels(), _clang()]
    checks += [Check("python3", f"{sys.version.split()[0]} {sys.executable}",
                     sys.version_info >= (3, 10), "3.10 or newer"),
               _package("numpy", "arrays"), _package("triton", "@triton.jit kernels"),
               _package("torch", "tensors of Triton's kernels"), _mlx()]
    if sys.platform == "darwin":
        checks.append(_gpu())
    if all(check.is_ok for check in checks if check.name in ("libtmjit", "triton", "torch")):
        checks.append(_driver())
    return checks


def _print(checks: list[Check], verdict: str) -> None:
    for check in checks:
        mark = {True: "ok  ", False: "BAD ", None: "-   "}[check.is_ok]
        print(f"{mark} {check.name + ':':17} {check.found}")
        if check.advice and not check.is_ok:
            print(f"{'':22} {check.advice}")
    print(verdict)


def main(words: list[str]) -> int:
    """`doctor [--json]`: the checks and a verdict; 1 when the machine is not fit."""
    if words not in (["doctor"], ["doctor", "--json"]):
        print("usage: python -m tmjit doctor [--json]", file=sys.stderr)
        return 2
    checks = check_environment()
    bad = [check.name for check in checks if check.is_ok is False]
    verdict = f"not fit: {', '.join(bad)}" if bad else "fit: kernels can run"
    if words[1:]:
        try:
            found = config.settings_with_sources()
        except ValueError:
            found = {}
        states = {True: "ok", False: "bad", None: "missing"}
        print(json.dumps({
            "fit": not bad, "verdict": verdict,
            "settings": {name: {"value": value, "from": source}
                         for name, (value, source) in found.items() if source},
            "checks": [{"name": check.name, "state": states[check.is_ok], "found": check.found,
                        "advice": "" if check.is_ok else check.advice} for check in checks]},
            indent=1))
    else:
        _print(checks, verdict)
    return 1 if bad else 0
