# SPDX-License-Identifier: MIT
"""Triton's driver class: arguments to bindings, launches, the clock.

Every `import triton` runs this file: nothing heavy at module level.
"""
from __future__ import annotations

import ctypes
import functools
import json
import operator
import os
import struct
import time
from typing import TYPE_CHECKING, Any, Iterable

from triton.backends.driver import DriverBase

from tmjit import arrays, config, errors

from . import addresses, pointers

if TYPE_CHECKING:
    import torch
    from triton.backends.compiler import GPUTarget

    from tmjit.kernels import Argument, Pipeline

WARP_SIZE = 32
_SLOTS = 31  # of a kernel's arguments; with more of them the numbers share one
_CPP = {"i1": "int8_t", "u1": "uint8_t", "fp16": "double", "bf16": "double", "fp32": "double",
        "f32": "double", "fp64": "double"}
_SCALARS = {"i1": "bool", "u1": "bool", "fp16": "f16", "fp32": "f32", "fp64": "f64"}


def _extent_of(value: Any, pipeline: Pipeline, i: int) -> tuple[int, int]:
    """Address of a tensor and the bytes behind it to the end of its storage."""
    if value.__class__ is pointers.Pointer:
        return _extent_of_array(value, pipeline.bound[i], pipeline.name)
    try:
        storage = value.untyped_storage()
    except AttributeError:
        if not hasattr(value, "data_ptr"):  # an array that a compiled kernel object was given
            return _extent_of_array(pointers.Pointer(value), pipeline.bound[i], pipeline.name)
        return _extent_of(value.base, pipeline, i)  # triton.reinterpret wraps a tensor
    if not value.is_cpu:
        raise errors.InvalidError(f"argument '{pipeline.bound[i].name}' of kernel "
                                  f"'{pipeline.name}' is a tensor on device '{value.device}'; "
                                  "tensors on the CPU are accepted")
    address = value.data_ptr()
    return address, storage.data_ptr() + storage.nbytes() - address


def _extent_of_array(pointer: pointers.Pointer, argument: Argument,
                     kernel: str) -> tuple[int, int]:
    memory = pointer.memory
    if argument.is_written and not memory.is_writable:
        raise errors.InvalidError(f"argument '{argument.name}' of kernel '{kernel}' is written; "
                                  "the array is read-only")
    return memory.address, memory.byte_len


def _leaves(kinds: Iterable[Any], values: Iterable[Any],
            out: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """(type, value) of what the kernel takes, tuples flattened, in the order of its IR."""
    for kind, value in zip(kinds, values):
        if isinstance(kind, tuple):
            _leaves(kind, value, out)
        elif kind.startswith("tensordesc"):
            _describe(value, out)
        elif kind != "constexpr":
            out.append((kind, value))
    return out


def _describe(value: Any, out: list[tuple[str, Any]]) -> None:
    """A descriptor is pointer, shape, strides, flags, and shape and strides again."""
    shape, strides = list(value.shape), list(value.strides)
    flags = [value.padding == "nan"]
    if hasattr(value, "round_f32_to_tf32"):  # Triton 3.7
        flags.append(value.round_f32_to_tf32)
    out.append(("*", value.base))
    for each, values in (("i64", shape + strides), ("u1", flags), ("i32", shape),
                         ("i64", strides)):
        out.extend((each, item) for item in values)


def _pack_numbers(found: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Pointers, then one struct of all numbers: what a kernel of more arguments than slots takes."""
    data, align = bytearray(), 1
    for kind, value in found:
        if kind[0] != "*":
            number = arrays.pack(_SCALARS.get(kind, kind), value)
            align = max(align, len(number))
            data += bytes(-len(data) % len(number)) + number
    out = [item for item in found if item[0][0] == "*"]
    if data:
        out.append(("struct", bytes(data) + bytes(-len(data) % align)))
    return out


def _whole(threads: tuple[Any, Any, Any]) -> tuple[int, int, int]:
    """Other numbers than Python's own: numpy's."""
    try:
        x, y, z = map(operator.index, threads)
    except TypeError:
        raise errors.InvalidError(f"a grid of {threads} threads; whole numbers are accepted") \
            from None
    return x, y, z


class Launcher:
    """What Triton calls to launch a compiled kernel."""

    def __init__(self, src: Any, metadata: Any) -> None:
        self._kinds = tuple(src.signature.values())
        self._threads = metadata.num_warps * WARP_SIZE
        self._has_addresses = metadata.has_addresses
        is_flat = not any(isinstance(kind, tuple) or kind.startswith("tensordesc")
                          for kind in self._kinds)
        self._flat = [(kind, i) for i, kind in enumerate(self._kinds)
                      if kind != "constexpr"] if is_flat else None

    def __call__(self, grid_x: int, grid_y: int, grid_z: int, _stream: int, pipeline: Pipeline,
                 _packed: Any, launch_metadata: Any, enter_hook: Any, exit_hook: Any,
                 *args: Any) -> None:
        if enter_hook is not None:
            enter_hook(launch_metadata)
        if grid_x > 0 and grid_y > 0 and grid_z > 0:
            self._launch(pipeline, (grid_x * self._threads, grid_y, grid_z), args)
        if exit_hook is not None:
            exit_hook(launch_metadata)

    def _launch(self, pipeline: Pipeline, threads: tuple[int, int, int],
                args: tuple[Any, ...]) -> None:
        if not threads[0].__class__ is threads[1].__class__ is threads[2].__class__ is int:
            threads = _whole(threads)
        if max(threads) >= 1 << 32:
            raise errors.InvalidError(f"a grid of {threads} threads; at most 4294967295 in a "
                                      "direction are accepted")
        if self._flat is not None:
            found = [(kind, args[i]) for kind, i in self._flat]
        else:
            found = _leaves(self._kinds, args, [])
        if len(found) > _SLOTS:
            found = _pack_numbers(found)
        count = len(pipeline.arguments)
        words, scalars, places, at = [0] * (2 * count), [], [], 0
        for i, (kind, value) in enumerate(found):
            if kind[0] == "*":
                if value is None or isinstance(value, int):
                    raise errors.InvalidError(f"argument {i} of kernel '{pipeline.name}' is "
                                              f"{value!r}; a tensor is accepted: addresses "
                                              "have no known end")
                words[2 * i], words[2 * i + 1] = _extent_of(value, pipeline, i)
            else:
                data = value if kind == "struct" else arrays.pack(_SCALARS.get(kind, kind), value)
                places.append((i, at, len(data)))
                scalars.append(data.ljust(8, b"\0"))
                at += len(scalars[-1])
        if len(found) != pipeline.bound_count:
            raise errors.InternalError(f"{len(found)} arguments for kernel '{pipeline.name}' "
                                       f"of {pipeline.bound_count}")
        memory = ctypes.create_string_buffer(b"".join(scalars), at + 8)
        base = ctypes.addressof(memory)
        for i, start, size in places:
            words[2 * i], words[2 * i + 1] = base + start, size
        bindings = struct.pack(f"{2 * count}Q", *words)
        if self._has_addresses:
            reached, reached_count = addresses.known()
            pipeline.launch(threads, bindings, count, 0, reached, reached_count)
        else:
            pipeline.launch(threads, bindings, count)


class _Event:
    """A point in time; launches have ended when they return."""

    def __init__(self, enable_timing: bool = False, **_: Any) -> None:
        self.time_ns = 0

    def record(self, _stream: Any = None) -> None:
        self.time_ns = time.perf_counter_ns()

    def synchronize(self) -> None:
        pass

    def elapsed_time(self, end: _Event) -> float:
        """Milliseconds, never 0: callers divide by it."""
        return max(end.time_ns - self.time_ns, 1) / 1e6


class _DeviceInterface:
    """The part of torch.cuda that Triton's benchmarks use."""
    Event = _Event

    @staticmethod
    def synchronize(_device: Any = None) -> None:
        pass

    @staticmethod
    def current_device() -> int:
        return 0

    @staticmethod
    def set_device(_device: Any) -> None:
        pass


class _Utils:
    @staticmethod
    def load_binary(_name: str, kernel: bytes, _shared: int,
                    _device: int) -> tuple[Pipeline, Pipeline, int, int, int]:
        """(module, function, n_regs, n_spills, n_max_threads)"""
        from .compiler import build
        pipeline = build(**json.loads(kernel))
        pipeline.prints = True
        return pipeline, pipeline, 1, 0, pipeline.context.chip.max_threads

    @staticmethod
    def unload_module(_module: Pipeline) -> None:
        pass

    @staticmethod
    @functools.cache
    def get_device_properties(_device: int = 0) -> dict[str, int]:
        from tmjit import kernels
        chip = kernels.context().chip
        limit = config.settings()["max_threadgroup_bytes"] or chip.threadgroup_byte_len
        return {"max_shared_mem": min(limit, chip.threadgroup_byte_len), "warpSize": WARP_SIZE,
                "multiprocessor_count": len(os.sched_getaffinity(0))
                if hasattr(os, "sched_getaffinity") else os.cpu_count(),
                "max_num_regs": 1 << 16, "sm_clock_rate": 0, "mem_clock_rate": 0,
                "mem_bus_width": 0}


class TmjitDriver(DriverBase):  # type: ignore[misc]
    launcher_cls = Launcher

    def __init__(self) -> None:
        super().__init__()
        self.utils = _Utils()
        pointers.install()

    @classmethod
    def is_active(cls) -> bool:
        """Asked for, or nobody else can be: no driver of an NVIDIA or AMD GPU is loaded."""
        device = os.environ.get("TMJIT_DEVICE", "")
        if device not in ("", "sim"):
            raise ValueError(f"TMJIT_DEVICE={device}: 'sim' is accepted")
        return device == "sim" or not any(map(os.path.exists, ("/dev/nvidiactl", "/dev/kfd",
                                                               "/dev/dxg")))

    def map_python_to_cpp_type(self, ty: str) -> str:
        if ty[0] == "*":
            return "void*"
        return _CPP.get(ty) or f"{'u' if ty[0] == 'u' else ''}int{ty[1:]}_t"

    def get_current_target(self) -> GPUTarget:
        from triton.backends.compiler import GPUTarget
        return GPUTarget("tmjit", "apple", WARP_SIZE)

    def get_active_torch_device(self) -> torch.device:
        import torch
        return torch.device("cpu")

    def get_benchmarker(self) -> Any:
        if config.settings()["disable_autotuning"]:
            return lambda _call, quantiles=(0.5,), **_: [1.0] * len(quantiles)
        from triton.testing import do_bench
        return do_bench

    def get_current_device(self) -> int:
        return 0

    def set_current_device(self, _device: int) -> None:
        pass

    def get_current_stream(self, _device: Any = None) -> int:
        return 0

    def get_device_interface(self) -> type[_DeviceInterface]:
        return _DeviceInterface

    def get_empty_cache_for_benchmark(self) -> ctypes.Array[ctypes.c_char]:
        """More than a core's caches hold; `clear_cache` writes it between timed launches."""
        return ctypes.create_string_buffer(1 << 22)

    def clear_cache(self, cache: ctypes.Array[ctypes.c_char]) -> None:
        ctypes.memset(cache, 0, len(cache))
