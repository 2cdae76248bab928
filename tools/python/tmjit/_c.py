# SPDX-License-Identifier: MIT
"""libtmjit by ctypes: tmjit.h and tmjit_source.h, as far as this package uses them.

The library is opened by the first use, never by `import tmjit`.
"""
from __future__ import annotations

import ctypes
import ctypes.util
import functools
import os
import pathlib
import sys
from ctypes import (CFUNCTYPE, POINTER, Structure, c_bool, c_char_p, c_double, c_int, c_size_t,
                    c_uint, c_uint32, c_uint64, c_void_p)
from typing import Any, TypeVar

from . import errors

VERSION = (0, 1)  # of tmjit.h: structs and functions below are this version's
LANGUAGES = {"opencl": 1, "metal": 2, "ttir": 3}
# Of a language, as the command's --cl-std and --msl-version, and Apple's own spelling.
STANDARDS = {"opencl": {name: name for name in ("CL3.0", "CL2.0", "CL1.2")},
             "metal": {prefix + name: name.replace(".", "") + "0" for prefix in ("", "metal")
                       for name in ("2.3", "2.4", "3.0", "3.1", "3.2", "4.0")}}
ARG_BUFFER, ARG_THREADGROUP, ARG_BUILTIN = 0, 1, 2
SPACE_DEVICE, SPACE_CONSTANT = 1, 2
ENGINES = {"simd": 0, "interp": 1}
MATHS = {"strict": 0, "fast": 1}
VIEWS = {"air": 0, "host": 1, "asm": 2, "obj": 3, "shapes": 4, "msl": 5}


_Struct = TypeVar("_Struct", bound=Structure)


class CError(Structure):
    _fields_ = [("status", c_int), ("message", c_char_p), ("rendered", c_char_p),
                ("file", c_char_p), ("line", c_uint), ("column", c_uint), ("kernel", c_char_p)]


class ContextOptions(Structure):
    _fields_ = [("struct_size", c_size_t), ("threads", c_uint), ("chip", c_char_p),
                ("cache_dir", c_char_p), ("cache_byte_limit", c_uint64),
                ("allow_fp64", c_bool)]


class Chip(Structure):
    _fields_ = [("name", c_char_p), ("family", c_char_p), ("max_threads", c_uint),
                ("threadgroup_byte_len", c_uint64), ("buffer_count", c_uint),
                ("value_byte_len", c_uint64), ("has_shuffle_and_fill", c_bool),
                ("has_atomic_min_max_64", c_bool), ("has_atomics_64", c_bool)]


class Arg(Structure):
    _fields_ = [("kind", c_int), ("name", c_char_p), ("type_name", c_char_p),
                ("address_space", c_uint), ("location", c_uint), ("is_read", c_bool),
                ("is_written", c_bool), ("is_unused", c_bool), ("scalar", c_int),
                ("components", c_uint), ("elem_byte_len", c_uint64), ("fixed_byte_len", c_uint64),
                ("fields", c_void_p), ("field_count", c_size_t), ("builtin", c_char_p),
                ("is_optional", c_bool)]  # fields: see Field


class Field(Structure):
    _fields_ = [("name", c_char_p), ("type_name", c_char_p), ("byte_offset", c_uint32),
                ("byte_len", c_uint32), ("array_len", c_uint32), ("buffer", POINTER(Arg))]


class ConstantInfo(Structure):
    _fields_ = [("name", c_char_p), ("type_name", c_char_p), ("index", c_uint32),
                ("scalar", c_int), ("components", c_uint), ("is_required", c_bool)]


class Extent(Structure):
    _fields_ = [("x", c_uint32), ("y", c_uint32), ("z", c_uint32)]


class Constant(Structure):
    _fields_ = [("name", c_char_p), ("index", c_uint32), ("scalar", c_int), ("components", c_uint),
                ("data", c_void_p)]


class PipelineOptions(Structure):
    _fields_ = [("struct_size", c_size_t), ("threadgroup", Extent), ("grid", Extent),
                ("engine", c_int), ("math", c_int), ("no_bounds_checks", c_bool),
                ("lanes", c_uint), ("has_opt_level", c_bool), ("opt_level", c_uint),
                ("verify_each", c_bool), ("no_watchdog", c_bool), ("constants", POINTER(Constant)),
                ("constant_count", c_size_t)]


class PipelineInfo(Structure):
    _fields_ = [("threadgroup", Extent), ("lanes", c_uint), ("has_barriers", c_bool),
                ("static_threadgroup_byte_len", c_uint64), ("private_byte_len", c_uint64),
                ("extract_s", c_double), ("canon_s", c_double), ("lower_s", c_double),
                ("optimize_s", c_double), ("emit_s", c_double), ("link_s", c_double),
                ("cache_s", c_double), ("is_from_cache", c_bool)]


class Binding(Structure):
    _fields_ = [("data", c_void_p), ("byte_len", c_uint64)]


class LogEntry(Structure):
    _fields_ = [("level", c_int), ("subsystem", c_char_p), ("category", c_char_p),
                ("message", c_char_p), ("thread", c_uint32 * 3), ("dropped_count", c_uint64)]


LOG_FN = CFUNCTYPE(None, POINTER(LogEntry), c_void_p)


class Launch(Structure):
    _fields_ = [("struct_size", c_size_t), ("grid", Extent), ("bindings", c_char_p),
                ("binding_count", c_size_t), ("timeout_s", c_double), ("order_seed", c_uint64),
                ("buffers", c_void_p), ("waits", c_void_p), ("wait_count", c_size_t),
                ("log", LOG_FN), ("log_user", c_void_p), ("log_byte_limit", c_uint64),
                ("members", c_void_p), ("member_count", c_size_t),
                ("resident", c_char_p), ("resident_count", c_size_t)]


class SourceOptions(Structure):
    _fields_ = [("struct_size", c_size_t), ("clang", c_char_p),
                ("include_dirs", POINTER(c_char_p)), ("defines", POINTER(c_char_p)),
                ("standard", c_char_p), ("time_limit_s", c_double), ("entry", c_char_p),
                ("fast_math", c_bool), ("num_warps", c_uint)]


# name: result, arguments. Objects are c_void_p, out-parameters pointers to one.
_OUT = POINTER(c_void_p)
FUNCTIONS = {
    "tmjit_version": (c_char_p,),
    "tmjit_last_error": (POINTER(CError), c_void_p),
    "tmjit_free": (None, c_void_p),
    "tmjit_context_create": (c_int, POINTER(ContextOptions), _OUT),
    "tmjit_context_destroy": (None, c_void_p),
    "tmjit_context_get_chip": (Chip, c_void_p),
    "tmjit_library_load_file": (c_int, c_void_p, c_char_p, _OUT),
    "tmjit_library_load_memory": (c_int, c_void_p, c_char_p, c_size_t, c_char_p, _OUT),
    "tmjit_library_load_source": (c_int, c_void_p, c_int, c_char_p, c_size_t, c_char_p,
                                  POINTER(SourceOptions), _OUT),
    "tmjit_language_of": (c_int, c_char_p),
    "tmjit_library_destroy": (None, c_void_p),
    "tmjit_library_kernel_count": (c_size_t, c_void_p),
    "tmjit_library_kernel": (c_void_p, c_void_p, c_size_t),
    "tmjit_library_load_kernel": (c_int, c_void_p, c_char_p, _OUT),
    "tmjit_kernel_name": (c_char_p, c_void_p),
    "tmjit_kernel_arg_count": (c_size_t, c_void_p),
    "tmjit_kernel_arg": (POINTER(Arg), c_void_p, c_size_t),
    "tmjit_kernel_constant_count": (c_size_t, c_void_p),
    "tmjit_kernel_constant": (POINTER(ConstantInfo), c_void_p, c_size_t),
    "tmjit_kernel_max_threads": (c_uint, c_void_p),
    "tmjit_kernel_view": (c_int, c_void_p, c_void_p, POINTER(PipelineOptions), c_int, c_char_p,
                          c_bool, _OUT, POINTER(c_size_t)),
    "tmjit_pipeline_create": (c_int, c_void_p, c_void_p, POINTER(PipelineOptions), _OUT),
    "tmjit_pipeline_destroy": (None, c_void_p),
    "tmjit_pipeline_has_arg": (c_bool, c_void_p, c_size_t),
    "tmjit_pipeline_get_info": (PipelineInfo, c_void_p),
    "tmjit_pipeline_launch": (c_int, c_void_p, POINTER(Launch)),
}


def library_path() -> str:
    """TMJIT_LIBRARY, else the library inside the package, else one that the system finds."""
    named = os.environ.get("TMJIT_LIBRARY")
    if named:
        return named
    suffix = "dylib" if sys.platform == "darwin" else "so"
    folders = sys.modules[__package__].__path__  # an editable installation has two
    for folder in folders:
        bundled = pathlib.Path(folder) / "lib" / f"libtmjit.{suffix}"
        if bundled.exists():
            return str(bundled)
    found = ctypes.util.find_library("tmjit")
    if not found:
        raise ImportError(f"libtmjit is neither in {folders} nor among the system's libraries; "
                          "TMJIT_LIBRARY=PATH names one")
    return found


@functools.cache
def library() -> ctypes.CDLL:
    """The opened library, with its functions declared."""
    path = library_path()
    lib = ctypes.CDLL(path)
    missing = [name for name in FUNCTIONS if not hasattr(lib, name)]
    if missing:
        raise ImportError(f"{path} has no {missing[0]}: it is no libtmjit, or an older one than "
                          "this package needs")
    for name, (result, *arguments) in FUNCTIONS.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    version = lib.tmjit_version().decode()
    if tuple(map(int, version.split()[0].split(".")[:2])) != VERSION:
        raise ImportError(f"{path} is version {version}; this package needs "
                          f"{VERSION[0]}.{VERSION[1]}")
    return lib


def options(kind: type[_Struct], **fields: Any) -> _Struct:
    """A struct of options with its struct_size set."""
    return kind(struct_size=ctypes.sizeof(kind), **fields)


def text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(errors="replace")


def check(status: int, context: Any, cause: str | None = None) -> None:
    """Raises what the calling thread's last error in `context` says; `cause`, what the kernel
    logged of it, follows the message."""
    if not status:
        return
    found = library().tmjit_last_error(context).contents
    known = errors.BY_STATUS[status] if status < len(errors.BY_STATUS) else None
    kind = known or errors.InternalError
    message, rendered = text(found.message) or f"status {status}", text(found.rendered)
    if cause:
        message, rendered = f"{message}: {cause}", f"{(rendered or message).rstrip()}\n  {cause}"
    raise kind(message, rendered, text(found.file), found.line, found.column,
               text(found.kernel))
