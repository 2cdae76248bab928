# SPDX-License-Identifier: MIT
"""Libraries, kernels and pipelines of libtmjit as Python objects."""
from __future__ import annotations

import ctypes
import functools
import os
import sys
import threading
from ctypes import byref, c_void_p

from . import _c, config

_LOG_LEVELS = ("default", "info", "debug", "error", "fault")


@_c.LOG_FN
def _log(entry, _user):
    """What kernels log goes to stderr, a message a line, as the command prints it."""
    entry = entry.contents
    if entry.message is None:
        print(f"log: {entry.dropped_count} more messages dropped", file=sys.stderr)
        return
    message = entry.message.decode(errors="backslashreplace").rstrip("\n")
    print(f"log {_LOG_LEVELS[entry.level]} ({', '.join(map(str, entry.thread))}): {message}",
          file=sys.stderr)


class Context:
    """Worker threads and cache of this process; see `context`."""

    def __init__(self, threads: int = 0, cache_dir: str | None = None):
        self.lib = _c.library()
        self.handle = c_void_p()
        options = _c.options(_c.ContextOptions, threads=threads,
                             cache_dir=cache_dir.encode() if cache_dir else None)
        _c.check(self.lib.tmjit_context_create(byref(options), byref(self.handle)), None)

    @property
    def chip(self) -> _c.Chip:
        """The limits that kernels obey."""
        return self.lib.tmjit_context_get_chip(self.handle)


@functools.cache
def _context_of(_pid: int) -> Context:
    threads = os.environ.get("TMJIT_THREADS", "0")
    if not threads.isdigit() or int(threads) > 1024:
        raise ValueError(f"TMJIT_THREADS={threads}: a number from 0 to 1024 is accepted")
    return Context(int(threads), config.cache_dir())


_lock = threading.Lock()


def context() -> Context:
    """The context of this process; a forked child gets one of its own."""
    with _lock:
        return _context_of(os.getpid())


class Library:
    """Kernels of one module; made by `load_source` and `load_memory`."""

    def __init__(self, ctx: Context, handle: c_void_p):
        self.context, self._handle = ctx, handle
        self._pid = os.getpid()

    def __del__(self):
        if self._pid == os.getpid():
            self.context.lib.tmjit_library_destroy(self._handle)

    def __len__(self) -> int:
        return self.context.lib.tmjit_library_kernel_count(self._handle)

    def __getitem__(self, name: str) -> Kernel:
        """The kernel of that name; NotFoundError for others."""
        handle = c_void_p()
        _c.check(self.context.lib.tmjit_library_load_kernel(self._handle, name.encode(),
                                                            byref(handle)), self.context.handle)
        return Kernel(self, handle)


def load_source(text: str, language: int, name: str, **options) -> Library:
    """Compiles source text; `options` are fields of tmjit_source_options."""
    ctx = context()
    data = text.encode()
    handle = c_void_p()
    given = _c.options(_c.SourceOptions, **options)
    _c.check(ctx.lib.tmjit_library_load_source(ctx.handle, language, data, len(data),
                                               name.encode(), byref(given), byref(handle)),
             ctx.handle)
    return Library(ctx, handle)


class Kernel:
    """An entry point of a library and its arguments."""

    def __init__(self, library: Library, handle: c_void_p):
        self.library, self.context, self.handle = library, library.context, handle
        lib = self.context.lib
        self.name = lib.tmjit_kernel_name(handle).decode()
        self.max_threads = lib.tmjit_kernel_max_threads(handle)
        self.args = [lib.tmjit_kernel_arg(handle, i).contents
                     for i in range(lib.tmjit_kernel_arg_count(handle))]

    def pipeline(self, threadgroup: tuple[int, int, int], **options) -> Pipeline:
        """Compiles for one threadgroup size; `options` are of tmjit_pipeline_options."""
        return Pipeline(self, threadgroup, **options)

    def view(self, name: str, threadgroup: tuple[int, int, int] = (0, 0, 0), **options) -> bytes:
        """One of the inside views: "air", "host", "asm", "obj", "shapes" or "msl"."""
        given = _c.options(_c.PipelineOptions, threadgroup=threadgroup, **options)
        out, byte_len = c_void_p(), ctypes.c_size_t()
        lib = self.context.lib
        _c.check(lib.tmjit_kernel_view(self.context.handle, self.handle, byref(given),
                                       _c.VIEWS[name], None, False, byref(out), byref(byte_len)),
                 self.context.handle)
        try:
            return ctypes.string_at(out, byte_len.value)
        finally:
            lib.tmjit_free(out)


class Pipeline:
    """A kernel compiled for one threadgroup size and one set of options."""

    def __init__(self, kernel: Kernel, threadgroup: tuple[int, int, int], **options):
        self.kernel, self.context = kernel, kernel.context
        self._pid = os.getpid()
        self.handle = c_void_p()
        given = _c.options(_c.PipelineOptions, threadgroup=threadgroup, **options)
        _c.check(self.context.lib.tmjit_pipeline_create(self.context.handle, kernel.handle,
                                                        byref(given), byref(self.handle)),
                 self.context.handle)
        self.info = self.context.lib.tmjit_pipeline_get_info(self.handle)

    def __del__(self):
        if self.handle and self._pid == os.getpid():
            self.context.lib.tmjit_pipeline_destroy(self.handle)

    def launch(self, threads: tuple[int, int, int], bindings, count: int,
               timeout_s: float = 0) -> None:
        """Runs over a grid of `threads`; `bindings` is an address of `count` of Binding."""
        given = _c.options(_c.Launch, grid=threads, bindings=bindings, binding_count=count,
                           timeout_s=timeout_s, log=_log)
        status = self.context.lib.tmjit_pipeline_launch(self.handle, byref(given))
        if status:
            _c.check(status, self.context.handle)
