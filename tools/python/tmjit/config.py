# SPDX-License-Identifier: MIT
"""Settings: environment, then config.json, then Triton's metal_config.json; never read by the
library. All are validated; ValueError names what is wrong, with file and line.

config.json is $XDG_CONFIG_HOME/tmjit/config.json, or ~/.config/tmjit/config.json: an object with
the names of `SETTINGS` as keys. ~/.triton/metal_config.json has the names of `METAL`.
"""
from __future__ import annotations

import dataclasses
import functools
import json
import os
import pathlib
import re
from typing import Any, Callable, Mapping, NoReturn


@dataclasses.dataclass(frozen=True)
class Setting:
    """`kind` is str, int (`least` to `limit`) or bool, which the environment writes as 0 or 1."""
    variable: str | None
    kind: type
    default: Any
    meaning: str
    limit: int = 1
    least: int = 0


# As tools/settings.def.
SETTINGS = {
    "cache_dir": Setting("TMJIT_CACHE_DIR", str, None,
                         "folder of compiled code; empty: none; default: the command's"),
    "threads": Setting("TMJIT_THREADS", int, 0, "threads that run a launch; 0: one per core", 1024),
    "debug": Setting("TMJIT_DEBUG", bool, False,
                     "the code is checked after each pass; Triton kernels keep their asserts"),
    "force_sync": Setting("TMJIT_FORCE_SYNC", bool, False,
                          "launches wait for their end, which those of the simulator always do"),
    "disable_autotuning": Setting("TMJIT_DISABLE_AUTOTUNING", bool, False,
                                  "triton.autotune takes its first configuration untimed"),
    "threadgroup_size": Setting(None, int, 0, "threads of a threadgroup whose size is not given; "
                                "0: chosen for the kernel", 1024),
    "max_threadgroup_bytes": Setting(None, int, 0, "kernels that need more threadgroup memory "
                                     "are refused; 0: the chip's limit", 65536),
    "opt_level": Setting(None, int, 2, "0: the code is not optimised", 3),
    "allow_fp64": Setting("TMJIT_ALLOW_FP64", bool, False,
                          "double computes, in AIR and Triton's kernels; Metal has none"),
}
# Keys of metal_config.json: how they are written, what they set.
METAL: Mapping[str, tuple[Setting, str, Callable[[Any], Any]]] = {
    "cache_dir": (Setting(None, str, None, ""), "cache_dir", str),
    "debug_level": (Setting(None, int, 0, "", 3), "debug", bool),
    "auto_tuning": (Setting(None, bool, True, ""), "disable_autotuning", lambda on: not on),
    "preferred_threadgroup_size": (Setting(None, int, 0, "", 1024, 1), "threadgroup_size", int),
    "max_shared_memory": (Setting(None, int, 0, "", 65536, 1), "max_threadgroup_bytes", int),
    "optimization_level": (Setting(None, int, 0, "", 3), "opt_level", int),
}


def _home() -> pathlib.Path:
    return pathlib.Path(os.path.expanduser("~"))


def config_path() -> pathlib.Path:
    base = os.environ.get("XDG_CONFIG_HOME", "")
    folder = pathlib.Path(base) if base.startswith("/") else _home() / ".config"
    return folder / "tmjit" / "config.json"


def metal_config_path() -> pathlib.Path:
    return _home() / ".triton" / "metal_config.json"


def _fail(where: str, shown: str, setting: Setting) -> NoReturn:
    accepted = {str: "text", bool: "true or false",
                int: f"a number from {setting.least} to {setting.limit}"}[setting.kind]
    raise ValueError(f"{where} is {shown}; {accepted} is accepted")


def _of_text(name: str, text: str, setting: Setting) -> Any:
    if setting.kind is str:
        return text
    if not text.isascii() or not text.isdigit() or int(text) > setting.limit:
        raise ValueError(f"{name} is '{text}'; a number from 0 to {setting.limit} is accepted")
    return setting.kind(int(text))


def _of_json(where: str, value: Any, setting: Setting) -> Any:
    if setting.kind is int and type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not setting.kind or (isinstance(value, int) and setting.kind is int and
                                           not setting.least <= value <= setting.limit):
        _fail(where, json.dumps(value, separators=(",", ":"), ensure_ascii=False), setting)
    return value


def _of_file(path: pathlib.Path, known: Mapping[str, Setting]) -> dict[str, Any]:
    """Values by key; a file that is not there has none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from None

    def line(key: str) -> int:
        """The first place where the key stands quoted before a colon."""
        found = re.search(rf'"{re.escape(key)}"[ \t\r\n]*:', text)
        return text.count("\n", 0, found.start()) + 1 if found else 1

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice = next((key for i, key in enumerate(keys) if key in keys[:i]), None)
        if twice is not None:
            raise KeyError(twice)
        return dict(pairs)
    try:
        found = json.loads(text, object_pairs_hook=collect)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}:{error.lineno}: no JSON: {error.msg}") from None
    except KeyError as error:
        raise ValueError(f"{path}:{line(error.args[0])}: key '{error.args[0]}' is given twice") \
            from None
    if not isinstance(found, dict):
        raise ValueError(f"{path}:1: an object is accepted")
    for key in found:
        if key not in known:
            raise ValueError(f"{path}:{line(key)}: unknown key '{key}'; known are "
                             f"{', '.join(known)}")
    return {key: _of_json(f"{path}:{line(key)}: {key}", value, known[key])
            for key, value in found.items()}


@functools.cache
def settings_with_sources() -> dict[str, tuple[Any, str]]:
    """Every setting's value and the variable or file that it is from, "" for a default; read
    once."""
    out = {name: (setting.default, "") for name, setting in SETTINGS.items()}
    path = metal_config_path()
    for key, value in _of_file(path, {key: row[0] for key, row in METAL.items()}).items():
        _, name, convert = METAL[key]
        out[name] = convert(value), str(path)
    path = config_path()
    for name, value in _of_file(path, SETTINGS).items():
        out[name] = value, str(path)
    for name, setting in SETTINGS.items():
        text = os.environ.get(setting.variable) if setting.variable else None
        if text is not None and setting.variable:
            out[name] = _of_text(setting.variable, text, setting), setting.variable
    return out


@functools.cache
def settings() -> dict[str, Any]:
    """All settings by name, read once; ValueError names what is wrong and where."""
    return {name: value for name, (value, _) in settings_with_sources().items()}


def forget() -> None:
    """Settings are read again by their next use."""
    settings_with_sources.cache_clear()
    settings.cache_clear()


def cache_dir() -> str | None:
    """Folder of compiled code; None: none."""
    named = settings()["cache_dir"]
    if named is not None:
        return named or None
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        folder = pathlib.Path(base) if base.startswith("/") else _home() / ".cache"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return str(folder / "tmjit")
