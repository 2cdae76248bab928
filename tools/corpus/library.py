# SPDX-License-Identifier: MIT
"""A .metallib's modules and libtmjit, from Python.

Metallib reads the function table of a container: tags of four letters, each with a 16-bit
length; OFFT's third number and MDSZ are offset and size of a function's own bitcode module.
Tmjit calls the shared library through ctypes; its structs follow jit/tmjit.h and are named as
there. Standard library only, so that every driver beside it can use it.
"""
import ctypes
import mmap
import struct
import time

BUFFER, THREADGROUP, BUILTIN = range(3)
ENGINES = {"simd": 0, "interp": 1}
MATHS = {"strict": 0, "fast": 1}


class Metallib:
    """The functions of a container by name; bytes are read when asked for."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self.data[:4] != b"MTLB":
            raise ValueError(f"{path}: no Metal library")
        table, modules = struct.unpack_from("<Q", self.data, 24)[0], self.number(72)
        self.functions = {}
        place = table + 4
        for _ in range(struct.unpack_from("<I", self.data, table)[0]):
            size = struct.unpack_from("<I", self.data, place)[0]
            tags = self.tags(place + 4, place + size)
            name = tags[b"NAME"].rstrip(b"\0").decode()
            offset = struct.unpack_from("<3Q", tags[b"OFFT"])[2]
            self.functions[name] = (modules + offset, struct.unpack("<Q", tags[b"MDSZ"])[0])
            place += size

    def number(self, place):
        return struct.unpack_from("<Q", self.data, place)[0]

    def tags(self, place, end):
        found = {}
        while place < end and self.data[place:place + 4] != b"ENDT":
            size = struct.unpack_from("<H", self.data, place + 4)[0]
            found[self.data[place:place + 4]] = self.data[place + 6:place + 6 + size]
            place += 6 + size
        return found

    def module(self, name):
        offset, size = self.functions[name]
        return self.data[offset:offset + size]


class Extent(ctypes.Structure):
    _fields_ = [(axis, ctypes.c_uint32) for axis in "xyz"]


class Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int), ("message", ctypes.c_char_p),
                ("rendered", ctypes.c_char_p)]


class Arg(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int), ("name", ctypes.c_char_p),
                ("type_name", ctypes.c_char_p), ("address_space", ctypes.c_uint),
                ("location", ctypes.c_uint)]


class PipelineOptions(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("threadgroup", Extent), ("grid", Extent),
                ("engine", ctypes.c_int), ("math", ctypes.c_int),
                ("no_bounds_checks", ctypes.c_bool), ("lanes", ctypes.c_uint),
                ("has_opt_level", ctypes.c_bool), ("opt_level", ctypes.c_uint),
                ("verify_each", ctypes.c_bool), ("no_watchdog", ctypes.c_bool)]


class Binding(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("byte_len", ctypes.c_uint64)]


class Launch(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("grid", Extent),
                ("bindings", ctypes.POINTER(Binding)), ("binding_count", ctypes.c_size_t),
                ("timeout_s", ctypes.c_double), ("order_seed", ctypes.c_uint64)]


class Refused(Exception):
    """A call of the library that failed; .stage is one of load, compile, run."""

    def __init__(self, stage, text):
        super().__init__(text)
        self.stage = stage


class Tmjit:
    """One context of libtmjit."""

    def __init__(self, path):
        self.lib = ctypes.CDLL(path)
        for name, result in (("last_error", ctypes.POINTER(Error)),
                             ("library_find_kernel", ctypes.c_void_p),
                             ("library_kernel", ctypes.c_void_p),
                             ("kernel_arg", ctypes.POINTER(Arg)),
                             ("kernel_arg_count", ctypes.c_size_t)):
            getattr(self.lib, "tmjit_" + name).restype = result
        self.context = ctypes.c_void_p()
        if self.lib.tmjit_context_create(None, ctypes.byref(self.context)):
            raise Refused("load", "no context")

    def call(self, stage, name, *args):
        if getattr(self.lib, "tmjit_" + name)(*args):
            error = self.lib.tmjit_last_error(self.context).contents
            raise Refused(stage, (error.rendered or b"").decode().strip())

    def load(self, module, name):
        """The kernel `name` of a module's bytes."""
        library = ctypes.c_void_p()
        self.call("load", "library_load_memory", self.context, module,
                  ctypes.c_size_t(len(module)), name.encode(), ctypes.byref(library))
        kernel = self.lib.tmjit_library_find_kernel(library, name.encode())
        if not kernel:
            raise Refused("load", "the module has no kernel of that name")
        return ctypes.c_void_p(kernel)

    def args(self, kernel):
        count = self.lib.tmjit_kernel_arg_count(kernel)
        return [self.lib.tmjit_kernel_arg(kernel, ctypes.c_size_t(i)).contents
                for i in range(count)]

    def compile(self, kernel, group, engine="simd", math="strict", constants=None):
        """A pipeline and the seconds that its compilation took."""
        options = PipelineOptions(struct_size=ctypes.sizeof(PipelineOptions),
                                  threadgroup=Extent(*group), engine=ENGINES[engine],
                                  math=MATHS[math])
        if constants:
            raise Refused("compile", "function constants")
        pipeline = ctypes.c_void_p()
        start = time.perf_counter()
        self.call("compile", "pipeline_create", self.context, kernel, ctypes.byref(options),
                  ctypes.byref(pipeline))
        return pipeline, time.perf_counter() - start

    def launch(self, pipeline, grid, bindings, timeout):
        """Runs; `bindings` are (address, bytes), one per argument. Returns seconds."""
        array = (Binding * max(1, len(bindings)))(*bindings)
        launch = Launch(struct_size=ctypes.sizeof(Launch), grid=Extent(*grid), bindings=array,
                        binding_count=len(bindings), timeout_s=timeout)
        start = time.perf_counter()
        self.call("run", "pipeline_launch", pipeline, ctypes.byref(launch))
        return time.perf_counter() - start
