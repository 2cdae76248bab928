# SPDX-License-Identifier: MIT
"""libtmjit from Python, through ctypes: load a kernel, compile it, launch it.

The structs follow jit/tmjit.h and are named as there. Standard library only, so that every
driver beside it can use it.
"""
import ctypes
import time

BUFFER, THREADGROUP, BUILTIN = range(3)
ENGINES = {"simd": 0, "interp": 1}
MATHS = {"strict": 0, "fast": 1}


class Extent(ctypes.Structure):
    _fields_ = [(axis, ctypes.c_uint32) for axis in "xyz"]


class Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int), ("message", ctypes.c_char_p),
                ("rendered", ctypes.c_char_p)]


class Arg(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int), ("name", ctypes.c_char_p),
                ("type_name", ctypes.c_char_p), ("address_space", ctypes.c_uint),
                ("location", ctypes.c_uint), ("is_read", ctypes.c_bool),
                ("is_written", ctypes.c_bool), ("is_unused", ctypes.c_bool),
                ("scalar", ctypes.c_int), ("components", ctypes.c_uint),
                ("elem_byte_len", ctypes.c_uint64), ("fixed_byte_len", ctypes.c_uint64)]


class Constant(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("index", ctypes.c_uint32), ("scalar", ctypes.c_int),
                ("components", ctypes.c_uint), ("data", ctypes.c_void_p)]


class ConstantInfo(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("type_name", ctypes.c_char_p),
                ("index", ctypes.c_uint32)]


class PipelineOptions(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("threadgroup", Extent), ("grid", Extent),
                ("engine", ctypes.c_int), ("math", ctypes.c_int),
                ("no_bounds_checks", ctypes.c_bool), ("lanes", ctypes.c_uint),
                ("has_opt_level", ctypes.c_bool), ("opt_level", ctypes.c_uint),
                ("verify_each", ctypes.c_bool), ("no_watchdog", ctypes.c_bool),
                ("constants", ctypes.POINTER(Constant)), ("constant_count", ctypes.c_size_t)]


class Binding(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("byte_len", ctypes.c_uint64)]


class Launch(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("grid", Extent),
                ("bindings", ctypes.POINTER(Binding)), ("binding_count", ctypes.c_size_t),
                ("timeout_s", ctypes.c_double), ("order_seed", ctypes.c_uint64)]


class SourceOptions(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("clang", ctypes.c_char_p),
                ("include_dirs", ctypes.POINTER(ctypes.c_char_p)),
                ("defines", ctypes.POINTER(ctypes.c_char_p)), ("standard", ctypes.c_char_p),
                ("time_limit_s", ctypes.c_double), ("entry", ctypes.c_char_p),
                ("fast_math", ctypes.c_bool)]


METAL = 2  # TMJIT_LANGUAGE_METAL


def word_list(words):
    """What C calls a list that NULL ends."""
    return (ctypes.c_char_p * (len(words) + 1))(*[word.encode() for word in words], None)


# Types of function constants: TMJIT_SCALAR_BOOL and so on.
SCALARS = {"bool": (1, ctypes.c_bool), "char": (2, ctypes.c_int8), "uchar": (3, ctypes.c_uint8),
           "short": (4, ctypes.c_int16), "ushort": (5, ctypes.c_uint16),
           "int": (6, ctypes.c_int32), "uint": (7, ctypes.c_uint32),
           "float": (12, ctypes.c_float)}
SCALARS.update(int8_t=SCALARS["char"], uint8_t=SCALARS["uchar"], int16_t=SCALARS["short"],
               uint16_t=SCALARS["ushort"], int32_t=SCALARS["int"], uint32_t=SCALARS["uint"])


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
                             ("kernel_arg", ctypes.POINTER(Arg)),
                             ("kernel_arg_count", ctypes.c_size_t),
                             ("kernel_constant", ctypes.POINTER(ConstantInfo)),
                             ("kernel_constant_count", ctypes.c_size_t),
                             ("library_kernel_count", ctypes.c_size_t),
                             ("library_kernel", ctypes.c_void_p),
                             ("kernel_name", ctypes.c_char_p),
                             ("kernel_max_threads", ctypes.c_uint)):
            getattr(self.lib, "tmjit_" + name).restype = result
        self.context = ctypes.c_void_p()
        if self.lib.tmjit_context_create(None, ctypes.byref(self.context)):
            raise Refused("load", "no context")

    def call(self, stage, name, *args):
        if getattr(self.lib, "tmjit_" + name)(*args):
            error = self.lib.tmjit_last_error(self.context).contents
            raise Refused(stage, (error.rendered or b"").decode().strip())

    def open(self, path):
        """A library: a file of any kind that tmjit reads."""
        library = ctypes.c_void_p()
        self.call("load", "library_load_file", self.context, path.encode(),
                  ctypes.byref(library))
        return library

    def open_source(self, path, folders=(), macros=(), entry=None, limit_s=0):
        """A library made of Metal source: all its kernels, or only the kernel `entry`."""
        with open(path, "rb") as file:
            text = file.read()
        options = SourceOptions(struct_size=ctypes.sizeof(SourceOptions),
                                include_dirs=word_list(folders), defines=word_list(macros),
                                time_limit_s=limit_s, entry=entry and entry.encode())
        library = ctypes.c_void_p()
        self.call("load", "library_load_source", self.context, METAL, text,
                  ctypes.c_size_t(len(text)), str(path).encode(), ctypes.byref(options),
                  ctypes.byref(library))
        return library

    def kernels(self, library):
        """All kernels of a library that is no container: names and handles."""
        count = self.lib.tmjit_library_kernel_count(library)
        found = [ctypes.c_void_p(self.lib.tmjit_library_kernel(library, ctypes.c_size_t(i)))
                 for i in range(count)]
        return {self.lib.tmjit_kernel_name(kernel).decode(): kernel for kernel in found}

    def load(self, library, name):
        """The kernel `name`; of a container, only its own module is read."""
        kernel = ctypes.c_void_p()
        self.call("load", "library_load_kernel", library, name.encode(), ctypes.byref(kernel))
        return kernel

    def args(self, kernel):
        count = self.lib.tmjit_kernel_arg_count(kernel)
        return [self.lib.tmjit_kernel_arg(kernel, ctypes.c_size_t(i)).contents
                for i in range(count)]

    def constants(self, kernel):
        """The kernel's function constants: index -> name of the type."""
        count = self.lib.tmjit_kernel_constant_count(kernel)
        found = [self.lib.tmjit_kernel_constant(kernel, ctypes.c_size_t(i)).contents
                 for i in range(count)]
        return {info.index: info.type_name.decode() for info in found}

    def compile(self, kernel, group, engine="simd", math="strict", constants=None):
        """A pipeline and the seconds that its compilation took. `constants`: index -> bool,
        int or float of a function constant; those that the kernel does not have are left out,
        as Metal does."""
        options = PipelineOptions(struct_size=ctypes.sizeof(PipelineOptions),
                                  threadgroup=Extent(*group), engine=ENGINES[engine],
                                  math=MATHS[math])
        known = self.constants(kernel)
        constants = {i: value for i, value in (constants or {}).items() if i in known}
        if constants:
            values = [SCALARS[known[i]][1](value) for i, value in constants.items()]
            array = (Constant * len(values))(*[
                (None, index, SCALARS[known[index]][0], 1, ctypes.addressof(place))
                for index, place in zip(constants, values)])
            options.constants, options.constant_count = array, len(values)
        pipeline = ctypes.c_void_p()
        start = time.perf_counter()
        self.call("compile", "pipeline_create", self.context, kernel, ctypes.byref(options),
                  ctypes.byref(pipeline))
        return pipeline, time.perf_counter() - start

    def free(self, pipeline):
        self.lib.tmjit_pipeline_destroy(pipeline)

    def launch(self, pipeline, grid, bindings, timeout):
        """Runs; `bindings` are (address, bytes), one per argument. Returns seconds."""
        array = (Binding * max(1, len(bindings)))(*bindings)
        launch = Launch(struct_size=ctypes.sizeof(Launch), grid=Extent(*grid), bindings=array,
                        binding_count=len(bindings), timeout_s=timeout)
        start = time.perf_counter()
        self.call("run", "pipeline_launch", pipeline, ctypes.byref(launch))
        return time.perf_counter() - start
