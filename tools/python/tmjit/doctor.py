# SPDX-License-Identifier: MIT
"""What this machine has of what tmjit uses: `check_environment`, `python -m tmjit doctor`."""
from __future__ import annotations

import dataclasses
import importlib.metadata
import os
import pathlib
import platform
import re
import shutil
import sys

from . import config

CLANG_FOLDERS = ("/usr/lib/llvm-22/bin", "/opt/homebrew/opt/llvm/bin")
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


def _clang() -> Check:
    path = shutil.which("clang-22", path=os.pathsep.join((*CLANG_FOLDERS, os.environ["PATH"]))) \
        or next((f"{folder}/clang" for folder in CLANG_FOLDERS
                 if os.access(f"{folder}/clang", os.X_OK)), None)
    return Check("clang 22", path or "missing", bool(path) or None,
                 "" if path else "for .metal and .cl: tools/setup installs it")


def _package(name: str, need: str) -> Check:
    try:
        return Check(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, "missing", None, f"for {need}: pip install {name}")


def _settings() -> list[Check]:
    try:
        found = config.settings()
    except ValueError as error:
        return [Check("settings", str(error), False, "correct or remove it")]
    changed = [f"{name}={value}" for name, value in found.items()
               if value != config.SETTINGS[name].default]
    folder = config.cache_dir()
    return [Check("settings", ", ".join(changed) or f"defaults, no {config.config_path()}"),
            Check("cache", folder or "none", True if folder else None,
                  "" if folder else "kernels are compiled by every process")]


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


def check_environment() -> list[Check]:
    """Every check; the machine is fit when none has `is_ok` False."""
    checks = [_cpu(), Check("Python", sys.version.split()[0], sys.version_info >= (3, 10),
                            "3.10 or newer"), *_settings()]
    if all(check.is_ok is not False for check in checks):
        checks.append(_library())
    checks += [_clang(), _package("numpy", "arrays"), _package("triton", "@triton.jit kernels"),
               _package("torch", "tensors of Triton's kernels"), _package("mlx", "MLX arrays")]
    if all(check.is_ok for check in checks if check.name in ("libtmjit", "triton", "torch")):
        checks.append(_driver())
    return checks


def main() -> int:
    """Prints the checks and a verdict; 1 when the machine is not fit."""
    checks = check_environment()
    for check in checks:
        mark = {True: "ok  ", False: "BAD ", None: "-   "}[check.is_ok]
        print(f"{mark} {check.name + ':':17} {check.found}")
        if check.advice and not check.is_ok:
            print(f"{'':22} {check.advice}")
    bad = [check.name for check in checks if check.is_ok is False]
    print(f"not fit: {', '.join(bad)}" if bad else "fit: kernels can run")
    return 1 if bad else 0
