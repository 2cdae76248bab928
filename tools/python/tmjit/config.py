# SPDX-License-Identifier: MIT
"""Settings from the environment: read here, never inside the C library."""
from __future__ import annotations

import os
import pathlib


def cache_dir() -> str | None:
    """Folder of compiled code: TMJIT_CACHE_DIR ("" for none), else the command's own."""
    named = os.environ.get("TMJIT_CACHE_DIR")
    if named is not None:
        return named or None
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        folder = pathlib.Path(base) if base.startswith("/") else pathlib.Path.home() / ".cache"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return str(folder / "tmjit")
