# SPDX-License-Identifier: MIT
"""Libraries, kernels and pipelines of libtmjit as Python objects."""
from __future__ import annotations

import ctypes
import dataclasses
import functools
import numbers
import operator
import os
import pathlib
import sys
import threading
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any, Iterator, Literal, Mapping, Sequence, TypeVar, overload

from . import _c, arrays, config
from .errors import InvalidError, NotFoundError, UnsupportedError

if TYPE_CHECKING:
    from typing_extensions import TypedDict, Unpack  # of the type checker; typing's in 3.11

    class SourceOptions(TypedDict, total=False):
        """Keywords of `load` for source text; `load_source` says which are for what."""
        num_warps: int
        fast_math: bool
        entry: str | None
        standard: str | None
        clang: str | None
        defines: Sequence[str]
        include_dirs: Sequence[str | os.PathLike[str]]

_LOG_LEVELS = ("default", "info", "debug", "error", "fault")
_LOG_FAULT = _LOG_LEVELS.index("fault")
_launching = threading.local()  # fault: what the launch of this thread logged last of its end


def _log(entry: Any, _user: Any) -> None:
    """What kernels log goes to stderr, a message a line, as the command prints it. The last
    fault of a launch, a failed assert's words, is kept for its exception."""
    entry = entry.contents
    if entry.message is None:
        print(f"log: {entry.dropped_count} more messages dropped", file=sys.stderr)
        return
    message = entry.message.decode(errors="backslashreplace").rstrip("\n")
    if entry.level == _LOG_FAULT:
        _launching.fault = message
    print(f"log {_LOG_LEVELS[entry.level]} ({', '.join(map(str, entry.thread))}): {message}",
          file=sys.stderr)


def _print(entry: Any, user: Any) -> None:
    """What a Triton kernel prints goes to stdout, as from every device; the rest as in `_log`."""
    message = entry.contents.message
    if message is None or entry.contents.level == _LOG_FAULT:
        _log(entry, user)
    else:
        print(message.decode(errors="backslashreplace").rstrip("\n"))


_LOG, _PRINT = _c.LOG_FN(_log), _c.LOG_FN(_print)


class Context:
    """Worker threads and cache of this process; see `context`."""

    def __init__(self, threads: int = 0, cache_dir: str | None = None, allow_fp64: bool = False):
        self.lib = _c.library()
        self.handle = c_void_p()
        options = _c.options(_c.ContextOptions, threads=threads, allow_fp64=allow_fp64,
                             cache_dir=cache_dir.encode() if cache_dir else None)
        _c.check(self.lib.tmjit_context_create(byref(options), byref(self.handle)), None)

    @property
    def chip(self) -> _c.Chip:
        """The limits that kernels obey."""
        found: _c.Chip = self.lib.tmjit_context_get_chip(self.handle)
        return found


@functools.cache
def _context_of(_pid: int) -> Context:
    given = config.settings()
    return Context(given["threads"], config.cache_dir(), given["allow_fp64"])


_lock = threading.Lock()


def context() -> Context:
    """The context of this process; a forked child gets one of its own."""
    with _lock:
        return _context_of(os.getpid())


class Library:
    """Kernels of one module by name; made by `load`, `load_source` and `load_memory`."""

    def __init__(self, ctx: Context, handle: c_void_p, num_warps: int = 0):
        self.context, self._handle, self._pid = ctx, handle, os.getpid()
        self.num_warps = num_warps  # of Triton's programs; 0: another language
        self._kernels: dict[str, Kernel] = {}

    def __del__(self) -> None:
        if self._pid == os.getpid():
            self.context.lib.tmjit_library_destroy(self._handle)

    def __repr__(self) -> str:
        return f"<tmjit.Library, kernels: {len(self)}>"

    def __len__(self) -> int:
        return int(self.context.lib.tmjit_library_kernel_count(self._handle))

    def __iter__(self) -> Iterator[str]:
        """Names of the kernels, in the order of the module."""
        lib = self.context.lib
        for index in range(len(self)):
            handle = lib.tmjit_library_kernel(self._handle, index)
            if not handle:
                _c.check(lib.tmjit_last_error(self.context.handle).contents.status,
                         self.context.handle)
            yield lib.tmjit_kernel_name(handle).decode()

    def __getitem__(self, name: str) -> Kernel:
        """The kernel of that name; NotFoundError for others."""
        if name not in self._kernels:
            handle = c_void_p()
            _c.check(self.context.lib.tmjit_library_load_kernel(
                self._handle, name.encode(), byref(handle)), self.context.handle)
            self._kernels[name] = Kernel(self, handle)
        return self._kernels[name]


def _strings(values: Sequence[str | os.PathLike[str]]) -> Any:
    """A list that NULL ends."""
    return (ctypes.c_char_p * (len(values) + 1))(*(os.fsencode(value) for value in values), None)


def load_source(text: str | bytes, language: str, name: str = "<text>", *, num_warps: int = 4,
                fast_math: bool = False, entry: str | None = None, standard: str | None = None,
                clang: str | None = None, defines: Sequence[str] = (),
                include_dirs: Sequence[str | os.PathLike[str]] = ()) -> Library:
    """Kernels of source text in "metal", "opencl" or "ttir", Triton's IR.

    `name`, as of a file, stands in errors. Triton's IR takes `num_warps`, the SIMD-groups of a
    program, and `fast_math`; the others `fast_math`, `defines` ("NAME", "NAME=VALUE"),
    `include_dirs`, `standard` ("3.1" of Metal, "CL2.0" of OpenCL C), `clang`, a program, and
    Metal `entry`, the only kernel to compile or a template with its arguments.

    Errors: MalformedError and UnsupportedError with the place, InvalidError of an option.
    """
    number = _choice("language", language, _c.LANGUAGES)
    if standard is not None:
        standard = _choice("standard", standard, _c.STANDARDS.get(language, {}))
    ctx, handle = context(), c_void_p()
    data = text.encode() if isinstance(text, str) else text
    given = _c.options(_c.SourceOptions, num_warps=num_warps, fast_math=fast_math,
                       entry=entry and entry.encode(), standard=standard and standard.encode(),
                       clang=clang and os.fsencode(clang), defines=_strings(defines),
                       include_dirs=_strings(include_dirs))
    _c.check(ctx.lib.tmjit_library_load_source(ctx.handle, number, data, len(data),
                                               os.fsencode(name), byref(given), byref(handle)),
             ctx.handle)
    return Library(ctx, handle, num_warps if language == "ttir" else 0)


def load_memory(data: bytes, name: str = "<memory>") -> Library:
    """Kernels of AIR as LLVM text or bitcode, or of a metallib container.

    Errors: MalformedError and UnsupportedError with the place."""
    ctx, handle = context(), c_void_p()
    _c.check(ctx.lib.tmjit_library_load_memory(ctx.handle, data, len(data), os.fsencode(name),
                                               byref(handle)), ctx.handle)
    return Library(ctx, handle)


def load(path: str | os.PathLike[str], **options: Unpack[SourceOptions]) -> Library:
    """Kernels of a file of any kind that the command takes; .metal, .cl and .ttir take the
    options of `load_source`.

    Errors: NotFoundError, and those of `load_source` and `load_memory`."""
    path = os.fspath(path)
    ctx, handle = context(), c_void_p()
    number = ctx.lib.tmjit_language_of(os.fsencode(path))
    for language in (name for name, each in _c.LANGUAGES.items() if each == number):
        try:
            text = pathlib.Path(path).read_bytes()
        except OSError as error:
            raise NotFoundError(f"cannot read '{path}': {error.strerror}", file=path) from None
        return load_source(text, language, path, **options)
    if options:
        raise InvalidError(f"{', '.join(options)}: for source text, which {path} is not")
    _c.check(ctx.lib.tmjit_library_load_file(ctx.handle, os.fsencode(path), byref(handle)),
             ctx.handle)
    return Library(ctx, handle)


@dataclasses.dataclass(frozen=True)
class Argument:
    """What a kernel takes. `kind` is "buffer", "value" (constant memory of a fixed length),
    "threadgroup" or "builtin"."""
    name: str
    kind: str
    type_name: str
    location: int
    scalar: str
    components: int
    element_bytes: int
    fixed_bytes: int
    is_read: bool
    is_written: bool
    is_optional: bool = False  # there for some values of function constants only
    fields: tuple[Field, ...] = ()  # of a struct


@dataclasses.dataclass(frozen=True)
class Field:
    """Of a struct. `array_len` 0: no array. `buffer` is what a pointer of an argument buffer
    leads to."""
    name: str
    type_name: str
    byte_offset: int
    byte_len: int
    array_len: int
    buffer: Argument | None


@dataclasses.dataclass(frozen=True)
class Constant:
    """A function constant; one that is not required may be left out."""
    name: str
    type_name: str
    index: int
    scalar: str
    components: int
    is_required: bool


def _describe(arg: _c.Arg) -> Argument:
    kind = ("buffer", "threadgroup", "builtin")[arg.kind]
    if kind == "buffer" and arg.address_space == _c.SPACE_CONSTANT and arg.fixed_byte_len:
        kind = "value"
    return Argument(arg.name.decode(), kind, arg.type_name.decode(), arg.location,
                    arrays.SCALARS[arg.scalar][0], arg.components, arg.elem_byte_len,
                    arg.fixed_byte_len, arg.is_read, arg.is_written, arg.is_optional,
                    tuple(map(_describe_field, ctypes.cast(
                        arg.fields, ctypes.POINTER(_c.Field))[:arg.field_count])))


def _describe_field(field: Any) -> Field:
    return Field(field.name.decode(), field.type_name.decode(), field.byte_offset, field.byte_len,
                 field.array_len, _describe(field.buffer.contents) if field.buffer else None)


def _describe_constant(info: Any) -> Constant:
    return Constant(info.name.decode(), info.type_name.decode(), info.index,
                    arrays.SCALARS[info.scalar][0], info.components, info.is_required)


def _extent(value: int | Sequence[int]) -> tuple[int, int, int]:
    try:
        values = (operator.index(value),)  # type: ignore[arg-type]
    except TypeError:
        try:
            values = tuple(map(operator.index, value))  # type: ignore[arg-type, assignment]
        except TypeError:
            values = ()  # type: ignore[assignment]
    if not 1 <= len(values) <= 3 or not all(0 <= item < 1 << 32 for item in values):
        raise InvalidError(f"{value!r}: one to three numbers from 0 to 4294967295 are accepted")
    x, y, z = (*values, 1, 1)[:3]
    return x, y, z


_T = TypeVar("_T")


def _choice(name: str, value: str, choices: Mapping[str, _T]) -> _T:
    if value not in choices:
        raise InvalidError(f"{name} is {value!r}; {' or '.join(choices) or 'None'} is accepted")
    return choices[value]


def _numbers_of(value: Any, scalar: str, components: int, name: str, type_name: str) -> bytes:
    """One number or a sequence of as many as there are components, in bytes."""
    values = value if isinstance(value, (tuple, list)) else (value,)
    if len(values) != components:
        raise InvalidError(f"{name} is {type_name}; {len(values)} numbers are given")
    return b"".join(arrays.pack_exactly(scalar, each, name) for each in values)


class Kernel:
    """An entry point of a library."""

    def __init__(self, library: Library, handle: c_void_p):
        self._library, self.context, self.handle = library, library.context, handle
        lib = self.context.lib
        self.name: str = lib.tmjit_kernel_name(handle).decode()
        self.max_threads: int = lib.tmjit_kernel_max_threads(handle)
        self.arguments: list[Argument] = [
            _describe(lib.tmjit_kernel_arg(handle, i).contents)
            for i in range(lib.tmjit_kernel_arg_count(handle))]
        self.constants: list[Constant] = [
            _describe_constant(lib.tmjit_kernel_constant(handle, i).contents)
            for i in range(lib.tmjit_kernel_constant_count(handle))]
        self._pipelines: dict[Any, Pipeline] = {}

    def __repr__(self) -> str:
        listed = (f"{each.name}: {each.type_name or each.kind}" for each in self.arguments
                  if each.kind != "builtin")
        return f"<tmjit.Kernel {self.name}({', '.join(listed)})>"

    @property
    def program_threads(self) -> tuple[int, int, int] | None:
        """The threadgroup of a Triton program; None for other kernels."""
        warps = self._library.num_warps
        return (32 * warps, 1, 1) if warps else None

    def pipeline(self, threadgroup: Sequence[int] = (0, 0, 0), *,
                 grid: Sequence[int] = (0, 0, 0), engine: str = "simd",
                 math: str = "strict", check_bounds: bool = True,
                 constants: Mapping[str | int, Any] | None = None) -> Pipeline:
        """Compiled for one threadgroup size; zeros: chosen, for `grid` where that is given."""
        given = self._pack_constants(constants or {})
        key = (tuple(threadgroup), tuple(grid), engine, math, check_bounds, given)
        if key not in self._pipelines:
            self._pipelines[key] = Pipeline(
                self, threadgroup=threadgroup, grid=grid, no_bounds_checks=not check_bounds,
                engine=_choice("engine", engine, _c.ENGINES),
                math=_choice("math", math, _c.MATHS), **self._constant_options(given))
        return self._pipelines[key]

    def _pack_constants(self, values: Mapping[str | int, Any]) -> tuple[tuple[int, bytes], ...]:
        """Positions in `constants` and bytes."""
        found = {}
        for key, value in values.items():
            at = next((i for i, each in enumerate(self.constants) if key in
                       (each.name, each.index)), None)
            if at is None or at in found:
                names = ", ".join(f"{each.name} (index {each.index}, {each.type_name})"
                                  for each in self.constants)
                raise InvalidError(f"function constant {key!r} is "
                                   f"{'unknown' if at is None else 'given twice'}; kernel "
                                   f"'{self.name}' has {names or 'none'}")
            each = self.constants[at]
            found[at] = _numbers_of(value, each.scalar, each.components,
                                    f"function constant '{each.name}'", each.type_name)
        return tuple(sorted(found.items()))

    def _constant_options(self, given: tuple[tuple[int, bytes], ...]) -> dict[str, Any]:
        """Of PipelineOptions, with the memory that they point to."""
        table = (_c.Constant * len(given))()
        for row, (at, data) in zip(table, given):
            each = self.constants[at]
            row.index, row.components = each.index, each.components
            row.scalar = [name for name, _ in arrays.SCALARS].index(each.scalar)
            row.data = ctypes.cast(ctypes.c_char_p(data), c_void_p)
        return {"constants": table, "constant_count": len(given)}

    def launch(self, grid: int | Sequence[int], threadgroup: int | Sequence[int] | None,
               *args: Any, timeout_s: float = 0, engine: str = "simd",
               math: str = "strict", check_bounds: bool = True,
               constants: Mapping[str | int, Any] | None = None, **named: Any) -> None:
        """Runs the kernel and waits for it.

        `grid` counts threads, of a Triton kernel programs; `threadgroup` is a size in threads,
        or None for the library's choice. `args` are the kernel's arguments but the built-in
        inputs, in order; `named` ones by name. A buffer takes an array, a value a number, a
        sequence of numbers or an array, threadgroup memory its length in bytes. `constants`
        are values of function constants by name or index.

        Errors: a class of tmjit.Error; a buffer keeps what was written before.
        """
        grid = _extent(grid)
        if self._library.num_warps:
            if threadgroup is not None:
                raise InvalidError("threadgroup: a Triton program has 32 * num_warps threads; "
                                   "None is accepted")
            size = (32 * self._library.num_warps, 1, 1)
            grid = (grid[0] * size[0], *grid[1:])
            _extent(grid)
        else:
            size = self._preferred_size() if threadgroup is None else _extent(threadgroup)
        hint = (0, 0, 0) if any(size) else grid
        pipeline = self.pipeline(size, grid=hint, engine=engine, math=math,
                                 check_bounds=check_bounds, constants=constants)
        bindings, kept = self._bind(pipeline, args, named)
        pipeline.check_memory(sum(binding.byte_len for binding, argument in zip(
            bindings, self.arguments) if argument.kind == "threadgroup"))
        pipeline.launch(grid, bytes(bindings), len(bindings), timeout_s)
        del kept

    def _preferred_size(self) -> tuple[int, int, int]:
        wanted = config.settings()["threadgroup_size"]
        return (min(wanted, self.max_threads), 1, 1) if wanted else (0, 0, 0)

    def _bind(self, pipeline: Pipeline, args: tuple[Any, ...],
              named: dict[str, Any]) -> tuple[Any, list[arrays.Memory]]:
        """Bindings in the order of the arguments, and what they point to."""
        names = [argument.name for i, argument in enumerate(self.arguments)
                 if argument.kind != "builtin" and pipeline.has_argument(i)]
        values = dict(zip(names, args))
        listed = f"kernel '{self.name}' has {', '.join(names) or 'none'}"
        if len(args) > len(names):
            raise InvalidError(f"{len(args)} arguments; {listed}")
        for name, value in named.items():
            if name in values or name not in names:
                raise InvalidError(f"argument '{name}' is "
                                   f"{'given twice' if name in values else 'unknown'}; {listed}")
            values[name] = value
        missing = [name for name in names if name not in values]
        if missing:
            raise InvalidError(f"no value for {', '.join(missing)}; {listed}")
        bindings, kept = (_c.Binding * len(self.arguments))(), []
        for binding, argument in zip(bindings, self.arguments):
            if argument.kind == "builtin" or argument.name not in values:
                continue
            if argument.kind == "threadgroup":
                binding.byte_len = int.from_bytes(arrays.pack_exactly(
                    "u32", values[argument.name], f"argument '{argument.name}'"), "little")
            else:
                memory = self._memory(argument, values[argument.name])
                binding.data, binding.byte_len = memory.address or None, memory.byte_len
                kept.append(memory)
        return bindings, kept

    def _memory(self, argument: Argument, value: Any) -> arrays.Memory:
        if argument.kind == "value" and argument.scalar != "bytes" and \
                isinstance(value, (numbers.Real, tuple, list)):
            data = _numbers_of(value, argument.scalar, argument.components,
                               f"argument '{argument.name}'", argument.type_name)
            return arrays.memory_of(bytearray(data.ljust(argument.fixed_bytes, b"\0")))
        memory = arrays.contiguous_memory_of(value)
        if not arrays.accepts(argument.scalar, memory.scalar):
            raise InvalidError(f"argument '{argument.name}' of kernel '{self.name}' is "
                               f"{argument.scalar} ({argument.type_name}), the array is "
                               f"{memory.scalar}")
        if argument.is_written and not memory.is_writable:
            raise InvalidError(f"argument '{argument.name}' of kernel '{self.name}' is written; "
                               "the array is read-only")
        return memory

    @overload
    def emit(self, view: Literal["msl", "air", "host", "asm", "shapes"] = "msl",
             threadgroup: int | Sequence[int] = (0, 0, 0), math: str = "strict") -> str: ...

    @overload
    def emit(self, view: Literal["obj"], threadgroup: int | Sequence[int] = (0, 0, 0),
             math: str = "strict") -> bytes: ...

    def emit(self, view: str = "msl", threadgroup: int | Sequence[int] = (0, 0, 0),
             math: str = "strict") -> str | bytes:
        """One of the inside views: text of "msl", "air", "host", "asm", "shapes", or "obj"."""
        size = _extent(threadgroup) if any(_extent(threadgroup)) else (0, 0, 0)
        given = _c.options(_c.PipelineOptions, threadgroup=size,
                           math=_choice("math", math, _c.MATHS))
        out, byte_len = c_void_p(), ctypes.c_size_t()
        lib = self.context.lib
        _c.check(lib.tmjit_kernel_view(self.context.handle, self.handle, byref(given),
                                       _choice("view", view, _c.VIEWS), None, False, byref(out),
                                       byref(byte_len)), self.context.handle)
        try:
            data = ctypes.string_at(out, byte_len.value)
        finally:
            lib.tmjit_free(out)
        return data if view == "obj" else data.decode()

    def emit_msl(self) -> str:
        """The kernel as Metal source."""
        return self.emit("msl")


class Pipeline:
    """A kernel compiled for one threadgroup size and one set of options."""

    def __init__(self, kernel: Kernel, **options: Any):
        self.context, self._pid, self.handle = kernel.context, os.getpid(), c_void_p()
        self.name, self.arguments = kernel.name, kernel.arguments
        self.prints = False  # what the kernel logs: to stdout, without the thread
        self.bound = [arg for arg in self.arguments if arg.kind in ("buffer", "value")]
        self.bound_count = len(self.bound)
        found = config.settings()
        given = _c.options(_c.PipelineOptions, verify_each=found["debug"], has_opt_level=True,
                           opt_level=2 if found["opt_level"] else 0, **options)
        _c.check(self.context.lib.tmjit_pipeline_create(self.context.handle, kernel.handle,
                                                        byref(given), byref(self.handle)),
                 self.context.handle)
        self.info = self.context.lib.tmjit_pipeline_get_info(self.handle)
        self.check_memory(0)

    def has_argument(self, index: int) -> bool:
        """Whether the function constants leave the kernel this argument."""
        return not self.arguments[index].is_optional or \
            bool(self.context.lib.tmjit_pipeline_has_arg(self.handle, index))

    def check_memory(self, argument_bytes: int) -> None:
        """Of the kernel and its arguments together, against the setting."""
        limit, source = config.settings_with_sources()["max_threadgroup_bytes"]
        needed = self.info.static_threadgroup_byte_len + argument_bytes
        if limit and needed > limit:
            raise UnsupportedError(f"kernel '{self.name}': {needed} bytes of threadgroup memory "
                                   f"are needed; there are {limit}, by max_threadgroup_bytes of "
                                   f"{source}")

    def __del__(self) -> None:
        if self.handle and self._pid == os.getpid():
            self.context.lib.tmjit_pipeline_destroy(self.handle)

    def launch(self, threads: tuple[int, int, int], bindings: Any, count: int,
               timeout_s: float = 0, resident: Any = None, resident_count: int = 0) -> None:
        """Runs over a grid of `threads`; `bindings` are the bytes of `count` of Binding, and so
        is `resident`, memory that the kernel reaches by addresses alone."""
        given = _c.options(_c.Launch, grid=threads, bindings=bindings, binding_count=count,
                           timeout_s=timeout_s,
                           log=_PRINT if self.prints else _LOG, resident=resident,
                           resident_count=resident_count)
        _launching.fault = None
        status = self.context.lib.tmjit_pipeline_launch(self.handle, byref(given))
        if status:
            _c.check(status, self.context.handle, _launching.fault)
