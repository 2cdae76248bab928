# SPDX-License-Identifier: MIT
"""Makes kernels of many calls and runs them through the command.

A batch is one kernel: thread i loads element i of each input (a scalar or a short vector),
makes every call and stores its result at i of the call's own part of the one output. Values
travel as the bits of unsigned integers, so that nothing on the way can change them.
"""
import collections
import pathlib
import subprocess
import tempfile

import numpy as np

MODES = (("interp", "strict"), ("simd", "strict"), ("simd", "fast"))
INTEGER = {1: "i8", 8: "i8", 16: "i16", 32: "i32", 64: "i64"}
ELEMENT = {"i8": "uchar", "i16": "ushort", "i32": "uint", "i64": "ulong"}

# name: the callee; result and params: (LLVM type of an element, length), or a literal operand;
# places: which input each parameter that is no literal takes; the first ones when empty
Call = collections.namedtuple("Call", "name result params flags places", defaults=("", ()))


class EngineError(Exception):
    """The command failed; the text says how."""


def bits_of(kind):
    """Bits of one element of an LLVM type."""
    return {"half": 16, "bfloat": 16, "float": 32}.get(kind) or int(kind[1:])


def memory_kind(kind):
    return INTEGER[bits_of(kind)]


def llvm_type(kind, length):
    return kind if length == 1 else f"<{length} x {kind}>"


def numpy_type(kind):
    return np.dtype(f"u{max(bits_of(kind), 8) // 8}")


def suffix(kind, length):
    """The AIR spelling of an LLVM type."""
    name = {"half": "f16", "bfloat": "bf16", "float": "f32"}.get(kind, kind)
    return name if length == 1 else f"v{length}{name}"


class Kernel:
    """Text of one kernel; every value is read from and written to integer memory."""

    def __init__(self, inputs):
        """inputs: [(kind, length)]; names in0, in1, ..."""
        self.inputs = inputs
        self.lines, self.declares = [], {}
        self.count = 0

    def name(self):
        self.count += 1
        return f"%t{self.count}"

    def emit(self, text):
        out = self.name()
        self.lines.append(f"  {out} = {text}")
        return out

    def load(self, pointer, kind, length, index):
        """`length` elements from element index * length on."""
        memory = memory_kind(kind)
        start = self.emit(f"mul i32 {index}, {length}")
        parts = []
        for element in range(length):
            at = self.emit(f"add i32 {start}, {element}")
            address = self.emit(f"getelementptr {memory}, ptr addrspace(1) {pointer}, i32 {at}")
            value = self.emit(f"load {memory}, ptr addrspace(1) {address}")
            if kind == "i1":
                value = self.emit(f"trunc i8 {value} to i1")
            elif kind != memory:
                value = self.emit(f"bitcast {memory} {value} to {kind}")
            parts.append(value)
        return self.join(kind, parts)

    def join(self, kind, parts):
        if len(parts) == 1:
            return parts[0]
        vector = "poison"
        for element, part in enumerate(parts):
            vector = self.emit(f"insertelement <{len(parts)} x {kind}> {vector}, "
                               f"{kind} {part}, i32 {element}")
        return vector

    def store(self, value, kind, length, offset, index):
        memory = memory_kind(kind)
        start = self.emit(f"mul i32 {index}, {length}")
        start = self.emit(f"add i32 {start}, {offset}")
        for element in range(length):
            part = value
            if length > 1:
                part = self.emit(f"extractelement <{length} x {kind}> {value}, i32 {element}")
            if kind == "i1":
                part = self.emit(f"zext i1 {part} to i8")
            elif kind != memory:
                part = self.emit(f"bitcast {kind} {part} to {memory}")
            at = self.emit(f"add i32 {start}, {element}")
            address = self.emit(f"getelementptr {memory}, ptr addrspace(1) %out, i32 {at}")
            self.lines.append(f"  store {memory} {part}, ptr addrspace(1) {address}")

    def widen(self, value, result, kind):
        """The bits of a result as elements of `kind`."""
        if result[0] == kind:
            return value
        bits = f"i{1 if result[0] == 'i1' else bits_of(result[0])}"
        if bits != result[0]:
            value = self.emit(f"bitcast {llvm_type(*result)} {value} to "
                              f"{llvm_type(bits, result[1])}")
        if bits == kind:
            return value
        return self.emit(f"zext {llvm_type(bits, result[1])} {value} to "
                         f"{llvm_type(kind, result[1])}")

    def call(self, call, operands):
        """Parameters that are text are literals, the others take the operands in turn."""
        result = llvm_type(*call.result)
        types = [p.rsplit(" ", 1)[0] if isinstance(p, str) else llvm_type(*p)
                 for p in call.params]
        rest = iter(operands)
        texts = [p if isinstance(p, str) else f"{llvm_type(*p)} {next(rest)}"
                 for p in call.params]
        self.declares[call.name] = f"declare {result} @{call.name}({', '.join(types)})"
        return self.emit(f"call {call.flags}{result} @{call.name}({', '.join(texts)})")

    def text(self, out_kind, has_lane=False):
        params = [f'ptr addrspace(1) "tmjit.type"="{ELEMENT[memory_kind(kind)]}" %in{i}'
                  for i, (kind, _) in enumerate(self.inputs)]
        params.append(f'ptr addrspace(1) "tmjit.type"="{ELEMENT[memory_kind(out_kind)]}" %out')
        params.append('i32 "tmjit.builtin"="thread_position_in_grid" %i')
        if has_lane:
            params.append('i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane')
        body = "\n".join(self.lines)
        return (f"define void @k({', '.join(params)}) \"tmjit.kernel\" {{\n{body}\n  ret void\n}}\n"
                + "\n".join(self.declares.values()) + "\n")


class Engine:
    """Runs kernels; counts them."""

    def __init__(self, tmjit, keep=None):
        self.tmjit = tmjit
        self.folder = pathlib.Path(keep or tempfile.mkdtemp(prefix="conform-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.runs = 0

    def run(self, text, inputs, out, threads, mode, options=()):
        """`inputs` in parameter order; `out`: initial array, or (dtype, count). Returns the output."""
        kernel = self.folder / "kernel.ll"
        kernel.write_text(text)
        args = [self.tmjit, "run", str(kernel), "--grid", str(threads), "--engine", mode[0],
                "--math", mode[1]]
        for i, values in enumerate(inputs):
            np.save(self.folder / f"in{i}.npy", values)
            args += ["--buf", f"in{i}={self.folder}/in{i}.npy"]
        if isinstance(out, np.ndarray):
            np.save(self.folder / "start.npy", out)
            args += ["--buf", f"out={self.folder}/start.npy"]
        else:
            args += ["--buf", f"out=u{out[0].itemsize * 8}[{out[1]}]"]
        args += ["--out", f"out={self.folder}/out.npy", *options]
        done = subprocess.run(args, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.runs += 1
        if done.returncode:
            raise EngineError(f"{' '.join(args)}\n{done.stderr[:2000]}")
        return np.load(self.folder / "out.npy")

    @staticmethod
    def param_at(calls, place):
        """The type of input `place`: that of the first call that takes it."""
        for call in calls:
            own = [p for p in call.params if not isinstance(p, str)]
            places = call.places or range(len(own))
            if place in places:
                return own[list(places).index(place)]
        raise ValueError(f"no call takes input {place}")

    def batch(self, calls, arrays, mode):
        """`calls` of one length; arrays: one per parameter position, bits.

        Returns an array [call][value]. Literal parameters take no array. Results of different
        kinds travel as 64 bits.
        """
        kinds = {call.result[0] for call in calls}
        kind = kinds.pop() if len(kinds) == 1 else "i64"
        length = calls[0].result[1]
        params = [self.param_at(calls, place) for place in range(len(arrays))]
        count = len(arrays[0]) // params[0][1]
        kernel = Kernel(params)
        operands = [kernel.load(f"%in{i}", p[0], p[1], "%i") for i, p in enumerate(params)]
        for number, call in enumerate(calls):
            value = kernel.call(call, [operands[i] for i in call.places] or operands)
            kernel.store(kernel.widen(value, call.result, kind), kind, length,
                         number * count * length, "%i")
        typed = [np.ascontiguousarray(a, dtype=numpy_type(p[0])) for a, p in zip(arrays, params)]
        out = self.run(kernel.text(kind), typed, (numpy_type(kind), len(calls) * count * length),
                       count, mode)
        return out.reshape(len(calls), count * length)
