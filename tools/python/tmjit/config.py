# SPDX-License-Identifier: MIT
"""Settings: environment variables before the file, both validated; never read by the library.

The file is $XDG_CONFIG_HOME/tmjit/config.json, or ~/.config/tmjit/config.json: an object with
the names of `SETTINGS` as keys.
"""
from __future__ import annotations

import dataclasses
import functools
import json
import os
import pathlib


@dataclasses.dataclass(frozen=True)
class Setting:
    """`kind` is str, int (0 to `limit`) or bool, which the environment writes as 0 or 1."""
    variable: str
    kind: type
    default: object
    meaning: str
    limit: int = 0


SETTINGS = {
    "cache_dir": Setting("TMJIT_CACHE_DIR", str, None,
                         "folder of compiled code; empty: none; default: the command's"),
    "threads": Setting("TMJIT_THREADS", int, 0, "threads that run a launch; 0: one per core", 1024),
    "debug": Setting("TMJIT_DEBUG", bool, False, "Triton kernels keep their device asserts"),
    "force_sync": Setting("TMJIT_FORCE_SYNC", bool, False,
                          "launches wait for their end, which those of the simulator always do"),
    "disable_autotuning": Setting("TMJIT_DISABLE_AUTOTUNING", bool, False,
                                  "triton.autotune takes its first configuration untimed"),
}


def config_path() -> pathlib.Path:
    base = os.environ.get("XDG_CONFIG_HOME", "")
    folder = pathlib.Path(base) if base.startswith("/") else pathlib.Path.home() / ".config"
    return folder / "tmjit" / "config.json"


def _fail(where: str, value, setting: Setting):
    accepted = {str: "text", bool: "true or false, in the environment 1 or 0",
                int: f"a number from 0 to {setting.limit}"}[setting.kind]
    raise ValueError(f"{where}: {value!r}; {accepted} is accepted")


def _of_text(name: str, text: str, setting: Setting):
    if setting.kind is bool:
        if text not in ("0", "1"):
            _fail(name, text, setting)
        return text == "1"
    if setting.kind is int:
        if not text.isascii() or not text.isdigit() or int(text) > setting.limit:
            _fail(name, text, setting)
        return int(text)
    return text


def _of_file() -> dict:
    path = config_path()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path}: an object is accepted")
    unknown = sorted(found.keys() - SETTINGS.keys())
    if unknown:
        raise ValueError(f"{path}: unknown key {', '.join(unknown)}; known are "
                         f"{', '.join(SETTINGS)}")
    for name, value in found.items():
        setting = SETTINGS[name]
        if type(value) is not setting.kind or (setting.kind is int and
                                               not 0 <= value <= setting.limit):
            _fail(f"{path}: {name}", value, setting)
    return found


@functools.cache
def settings() -> dict:
    """All settings by name, read once; ValueError names what is wrong and where."""
    out = {name: setting.default for name, setting in SETTINGS.items()} | _of_file()
    for name, setting in SETTINGS.items():
        text = os.environ.get(setting.variable)
        if text is not None:
            out[name] = _of_text(setting.variable, text, setting)
    return out


def cache_dir() -> str | None:
    """Folder of compiled code; None: none."""
    named = settings()["cache_dir"]
    if named is not None:
        return named or None
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        folder = pathlib.Path(base) if base.startswith("/") else pathlib.Path.home() / ".cache"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return str(folder / "tmjit")
