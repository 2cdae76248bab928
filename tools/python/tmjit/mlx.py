# SPDX-License-Identifier: MIT
"""Kernels in the form of `mx.fast.metal_kernel`: a body of which MLX makes a kernel.

MLX writes the signature from the arrays of a call: inputs are `const device T *NAME`, with fewer
than 8 elements `const constant T *NAME`, with none of dimensions `const constant T &NAME`; outputs
are `device T *NAME`; an input of the thread's position is there, as uint or uint3, when its name
stands in the text, and so is NAME_shape, NAME_strides or NAME_ndim of an input. What is printed
for a kernel is rewritten to that. Source: MLX's documentation, "Custom Metal Kernels".
"""
from __future__ import annotations

import dataclasses
import re
from typing import Any, Collection, Mapping, NoReturn

from .errors import UnsupportedError

_POSITIONS = {name: width for width, names in (
    (1, "dispatch_quadgroups_per_threadgroup dispatch_simdgroups_per_threadgroup "
        "quadgroup_index_in_threadgroup quadgroups_per_threadgroup simdgroup_index_in_threadgroup "
        "simdgroups_per_threadgroup thread_execution_width thread_index_in_quadgroup "
        "thread_index_in_simdgroup thread_index_in_threadgroup threads_per_simdgroup"),
    (3, "dispatch_threads_per_threadgroup grid_origin grid_size thread_position_in_grid "
        "thread_position_in_threadgroup threadgroup_position_in_grid threadgroups_per_grid "
        "threads_per_grid threads_per_threadgroup")) for name in names.split()}
_DTYPES = {"bool": "bool_", "char": "int8", "uchar": "uint8", "short": "int16",
           "ushort": "uint16", "int": "int32", "uint": "uint32", "long": "int64",
           "ulong": "uint64", "half": "float16", "bfloat": "bfloat16", "float": "float32"}
_PARAMETER = re.compile(r"(?P<const>const )?(?:(?P<space>device|constant|threadgroup) )?"
                        r"(?P<type>[\w<>]+) (?P<sign>[*&]?)(?P<name>\w+) "
                        r"\[\[(?P<attribute>\w+)(?:\((?P<index>\d+)\))?\]\]")
_TYPE = re.compile(r"(?:atomic<(?P<of>\w+)>|(?P<atomic>atomic_)?(?:packed_)?(?P<base>[a-z]+)"
                   r"(?P<width>[234]?))")


class MlxSource(dict[str, Any]):
    """Keywords of `mx.fast.metal_kernel`; `dtypes` has the type of each input and output, by
    mlx.core's name, `counts` the elements of inputs that are vectors, `threadgroup` the size
    that the kernel demands, or None."""
    dtypes: dict[str, str]
    counts: dict[str, int]
    threadgroup: tuple[int, int, int] | None


@dataclasses.dataclass
class _Parameter:
    """One of the printed kernel's, and what MLX names it."""
    const: str | None
    space: str | None
    type: str
    sign: str
    name: str
    attribute: str
    dtype: str = ""
    width: int = 1
    is_atomic: bool = False


def _fail(kernel: str, text: str) -> NoReturn:
    raise UnsupportedError(f"kernel '{kernel}': {text}")


def _cut(name: str, text: str) -> tuple[str, str, str]:
    """What stands before the kernel, its parameters, its body. Other functions stand before."""
    at = re.search(rf"^(?:\[\[[^\n]*\]\]\n)?kernel void {re.escape(name)}\(", text, re.M)
    if not at:
        _fail(name, "is not printed as a function of its name")
    end = text.index(")\n{\n", at.end())
    if not text.endswith("\n}\n") or "\n}\n" in text[end:-3]:
        _fail(name, "is not the last function")
    return text[:at.start()].rstrip("\n") + "\n", text[at.end():end], text[end + 4:-2]


def _parse(kernel: str, text: str) -> list[_Parameter]:
    out = []
    for line in re.split(r",\s*\n\s*", text.strip()) if text.strip() else ():
        found = _PARAMETER.fullmatch(line.strip())
        if not found:
            _fail(kernel, f"parameter '{line.strip()}' has no form in MLX")
        each = _Parameter(found["const"], found["space"], found["type"], found["sign"],
                          found["name"], found["attribute"])
        if each.attribute in ("buffer", "threadgroup"):
            kind = _TYPE.fullmatch(each.type)
            base = kind["of"] or kind["base"] if kind else ""
            if not kind or base not in _DTYPES:
                _fail(kernel, f"argument '{each.name}' is of type '{each.type}', of which MLX has "
                              "no arrays")
            each.dtype, each.width = _DTYPES[base], int(kind["width"] or 1)
            each.is_atomic = bool(kind["of"] or kind["atomic"])
        elif each.attribute not in _POSITIONS:
            _fail(kernel, f"MLX has no '{each.attribute}'")
        out.append(each)
    return out


class _Names:
    """Identifiers of a text, and new ones."""

    def __init__(self, text: str):
        self.taken = set(re.findall(r"[A-Za-z_]\w*", text))

    def fresh(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self.taken:
            count += 1
            name = f"{wanted}{count}"
        self.taken.add(name)
        return name


def _rename(text: str, old: str, new: str) -> str:
    """An identifier, but where it is a member."""
    return re.sub(rf"(?<![\w.])(?<!->){re.escape(old)}\b", new, text)


def _of_position(each: _Parameter) -> str:
    """A position that MLX has as uint or uint3, in the type that the body has it in."""
    given, wanted = _POSITIONS[each.attribute], re.fullmatch(r"(uint|ushort)([23]?)", each.type)
    if not wanted:
        raise UnsupportedError(f"'{each.name}' is of type '{each.type}'; MLX has uint")
    width = int(wanted[2] or 1)
    part = "" if given == 1 else {1: ".x", 2: ".xy", 3: ""}[width]
    value = f"{each.attribute}{part}"
    return f"    {each.type} {each.name} = {each.type}({value});\n"


def _roles(kernel: Any, wanted_inputs: Collection[str],
           wanted_outputs: Collection[str]) -> set[str]:
    """Names of arguments that are outputs. What is read and written is neither for MLX."""
    outputs = set()
    known = {argument.name: argument for argument in kernel.arguments
             if argument.kind == "buffer"}
    for name in (*wanted_inputs, *wanted_outputs):
        if name not in known:
            _fail(kernel.name, f"no buffer '{name}'; it has {', '.join(known) or 'none'}")
    for name, argument in known.items():
        if name in wanted_outputs:
            outputs.add(name)
        elif name not in wanted_inputs and argument.is_written:
            if argument.is_read:
                _fail(kernel.name, f"buffer '{name}' is read and written, which MLX's arrays "
                                   "cannot be: outputs=['" + name + "'] makes it an output that "
                                   "begins as init_value, inputs=[...] one that is not stored to")
            outputs.add(name)
    return outputs


def _bind(each: _Parameter, is_output: bool, is_atomic_for_mlx: bool, names: _Names,
          lines: list[str]) -> str:
    """The name that MLX shall give the argument; a line where its type there is another."""
    is_plain = each.width == 1 and each.is_atomic == (is_output and is_atomic_for_mlx)
    if each.sign == "&":
        if is_plain:
            return each.name
        name = names.fresh(each.name + "_in")
        lines.append(f"    constant {each.type} &{each.name} = *(constant {each.type} *){name};\n")
        return name
    if is_plain and (is_output or each.const):
        return each.name
    space = f"{each.const or ''}{each.space} {each.type} *"
    name = names.fresh(each.name + ("_out" if is_output else "_in"))
    lines.append(f"    {space}{each.name} = ({space}){name};\n")
    return name


def mlx_source(kernel: Any, *, inputs: Collection[str] = (), outputs: Collection[str] = (),
               threadgroup_bytes: Mapping[str, int] | None = None,
               ensure_row_contiguous: bool = True) -> MlxSource:
    """What `mx.fast.metal_kernel(**pieces)` takes.

    kernel: a tmjit.Kernel. `inputs` and `outputs` name buffers that the kernel both reads and
    writes: MLX has no such arrays. `threadgroup_bytes` are the lengths of arguments in threadgroup
    memory, which become variables.
    Shapes: numbers are inputs without dimensions (`mx.array(5, mx.int32)`), vectors inputs of as
    many elements; other inputs need 8 elements or more, or MLX passes them in constant memory.
    Units: MLX's `grid` counts threads; a Triton program has `pieces.threadgroup[0]`.
    Errors: UnsupportedError names what MLX has no form for.
    """
    given = dict(threadgroup_bytes or {})
    text = kernel.emit_msl()
    if "[[function_constant(" in text:
        _fail(kernel.name, "MLX gives function constants no values")
    header, parameters, body = _cut(kernel.name, text)
    parsed, names, lines = _parse(kernel.name, parameters), _Names(text), []
    own = {each.name for each in parsed}
    written = _roles(kernel, inputs, outputs)
    result = MlxSource(name=kernel.name, input_names=[], output_names=[])
    result.dtypes, result.counts = {}, {}
    atomics = [each.is_atomic for each in parsed if each.name in written]
    is_atomic = bool(atomics) and all(atomics)
    clashes = [*_POSITIONS, *(each.name + end for each in parsed if each.attribute == "buffer"
                              for end in ("_shape", "_strides", "_ndim"))]
    for clash in clashes:
        if clash in names.taken and not any(each.attribute == clash == each.name and
                                            each.type == ("uint", "uint3")[
                                                _POSITIONS[clash] == 3] for each in parsed):
            new = names.fresh(clash.replace("_", ""))  # MLX looks for parts of words
            body = _rename(body, clash, new)
            for each in parsed:
                each.name = new if each.name == clash else each.name
            written = {new if name == clash else name for name in written}
    for each in parsed:
        if each.attribute == "threadgroup":
            if each.name not in given:
                _fail(kernel.name, f"threadgroup_bytes has no length of '{each.name}'")
            lines.append(f"    threadgroup uchar {names.fresh(each.name + '_bytes')}"
                         f"[{int(given[each.name])}] __attribute__((aligned(16)));\n")
            space = f"threadgroup {each.type} *"
            lines.append(f"    {space}{each.name} = ({space}){lines[-1].split()[2].split('[')[0]};"
                         "\n")
        elif each.attribute == "buffer":
            is_output = each.name in written
            name = _bind(each, is_output, is_atomic, names, lines)
            result["output_names" if is_output else "input_names"].append(name)
            result.dtypes[name] = each.dtype
            if each.sign == "&" and each.width > 1:
                result.counts[name] = each.width
        elif each.name != each.attribute:
            lines.append(_of_position(each))
    unknown = set(given) - own
    if unknown:
        _fail(kernel.name, f"threadgroup_bytes names '{sorted(unknown)[0]}', which it has not")
    result |= {"source": "".join(lines) + body, "header": header,
               "ensure_row_contiguous": ensure_row_contiguous, "atomic_outputs": is_atomic}
    result.threadgroup = kernel.program_threads
    if not result["output_names"]:
        _fail(kernel.name, "it writes no buffer; MLX wants an output")
    return result
