#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""overloads.py TMJIT FOLDER: every overload of AIR's functions is accepted.

The list is the written-out form of the tables of AIR functions (names, operand counts, type
suffixes, forms before and from AIR 2.9), made without ir/intrinsics.def, which it checks. Modules
of some dozen calls are loaded; a refused one is halved until the names are known.
"""
import collections
import pathlib
import subprocess
import sys

SCALAR = {"f16": "half", "f32": "float", "bf16": "bfloat", "i1": "i1", "i8": "i8", "i16": "i16",
          "i32": "i32", "i64": "i64"}
FLOATS = "f16 f32 v2f16 v3f16 v4f16 v2f32 v3f32 v4f32".split()
INTEGERS = "i8 i16 i32 i64 v2i8 v4i8 v3i16 v3i32 v4i32 v2i64".split()
LANES = ("f16 f32 bf16 v2f16 v2f32 v3f32 v4f32 s.i8 u.i8 s.i16 u.i16 s.i32 u.i32 s.v2i32 "
         "u.v4i32 s.v3i16 u.v4i8").split()
ROUNDINGS = ["", ".rtz", ".rte", ".rtp", ".rtn"]
FLOAT_FUNCTIONS = {
    1: "acos acosh asin asinh atan atanh ceil cos cosh cospi exp exp10 exp2 fabs floor fract log "
       "log10 log2 rint round rsqrt saturate sin sinh sinpi sqrt tan tanh tanpi trunc",
    2: "atan2 copysign fmax fmin fmod pow powr", 3: "clamp fmax3 fmedian3 fmin3"}
PRECISE_FUNCTIONS = {1: "sign", 2: "nextafter", 3: "fma mix"}
INTEGER_FUNCTIONS = {1: "abs", 2: "abs_diff add_sat hadd max min mul_hi rhadd sub_sat",
                     3: "clamp mad_hi mad_sat max3 median3 min3"}
FORMATS = {"unorm4x8": ("i32", 4), "snorm4x8": ("i32", 4), "unorm2x16": ("i32", 2),
           "snorm2x16": ("i32", 2), "unorm4x8.srgb": ("i32", 4), "unorm.rgb10a2": ("i32", 4),
           "snorm.rgb10a2": ("i32", 4), "unorm.rg11b10f": ("i32", 3), "unorm.rgb9e5": ("i32", 3),
           "unorm.rgb565": ("i16", 3), "unorm2x8": ("i16", 2), "snorm2x8": ("i16", 2),
           "unorm1x8": ("i8", 1), "snorm1x8": ("i8", 1), "unorm1x16": ("i16", 1),
           "snorm1x16": ("i16", 1), "unorm4x16": ("i64", 4), "snorm4x16": ("i64", 4)}


def llvm(suffix):
    """The LLVM type that a type suffix spells; a sign in front is not part of it."""
    suffix = suffix.split(".")[-1]
    if suffix[0] != "v":
        return SCALAR[suffix]
    digits = "".join(c for c in suffix[1:3] if c.isdigit())
    return f"<{digits} x {SCALAR[suffix[1 + len(digits):]]}>"


def maths():
    for table, is_fast in ((FLOAT_FUNCTIONS, True), (PRECISE_FUNCTIONS, False)):
        for count, names in table.items():
            for name in names.split():
                for t in FLOATS:
                    yield f"{name}.{t}", llvm(t), [llvm(t)] * count
                    if is_fast and "f32" in t:
                        yield f"fast_{name}.{t}", llvm(t), [llvm(t)] * count
    for t in FLOATS:
        yield f"ldexp.{t}", llvm(t), [llvm(t), llvm(t[:-3] + "i32")]
        yield f"sincos.{t}", llvm(t), [llvm(t), "ptr"]
        if t[0] == "v":
            yield f"dot.{t}", llvm(t[2:]), [llvm(t)] * 2
    for name, (packed, count) in FORMATS.items():
        for element in ("f16", "f32"):
            t = f"v{count}{element}" if count > 1 else element
            yield f"pack.{name}.{t}", packed, [llvm(t)]
            yield f"unpack.{name}.{t}", llvm(t), [packed]


def integers():
    for t in INTEGERS:
        for sign in "su":
            for count, names in INTEGER_FUNCTIONS.items():
                for name in names.split():
                    yield f"{name}.{sign}.{t}", llvm(t), [llvm(t)] * count
            yield f"extract_bits.{sign}.{t}", llvm(t), [llvm(t), "i32", "i32"]
            yield f"insert_bits.{sign}.{t}", llvm(t), [llvm(t)] * 2 + ["i32", "i32"]
        for name in ("clz", "ctz"):
            yield f"{name}.{t}", llvm(t), [llvm(t), "i1"]
        for name in ("popcount", "reverse_bits"):
            yield f"{name}.{t}", llvm(t), [llvm(t)]
        yield f"rotate.{t}", llvm(t), [llvm(t)] * 2
    for n in (2, 3, 4):
        yield f"all.v{n}i1", "i1", [f"<{n} x i1>"]
        yield f"any.v{n}i1", "i1", [f"<{n} x i1>"]


def lanes():
    folds = ("sum product min max prefix_inclusive_sum prefix_inclusive_product "
             "prefix_exclusive_sum prefix_exclusive_product broadcast_first").split()
    moves = ("broadcast shuffle shuffle_up shuffle_down shuffle_xor shuffle_rotate_up "
             "shuffle_rotate_down").split()
    for group in ("simd", "quad"):
        for t in LANES:
            for name in folds + (["and", "or", "xor"] if "." in t else []):
                yield f"{group}_{name}.{t}", llvm(t), [llvm(t)]
            for name in moves:
                yield f"{group}_{name}.{t}", llvm(t), [llvm(t), "i16"]
            for way in ("up", "down"):
                yield (f"{group}_shuffle_and_fill_{way}.{t}", llvm(t),
                       [llvm(t)] * 2 + ["i16", "i16"])
        for name in ("all", "any"):
            yield f"{group}_{name}", "i1", ["i1"]
        yield f"{group}_is_first", "i1", []
        for suffix, bits in ((".i64", "i64"),) + ((("", "i16"),) if group == "quad" else ()):
            yield f"{group}_ballot{suffix}", bits, ["i1"]
            yield f"{group}_vote_all{suffix}", "i1", [bits]
            yield f"{group}_vote_any{suffix}", "i1", [bits]
            yield f"{group}_active_threads_mask{suffix}", bits, []
    yield "get_simdgroup_size.i16", "i16", []


def atomics():
    """Operands end in orders, scope and volatile; from AIR 2.9 on flags come after the scope."""
    for space, pointer in (("global", "ptr addrspace(1)"), ("local", "ptr addrspace(3)")):
        for tail in (["i32", "i32", "i1"], ["i32", "i32", "i32", "i1"]):
            def form(name, result, operands):
                return f"atomic.{space}.{name}", result, [pointer] + operands + tail

            for t in ("i32", "f32"):
                yield form(f"load.{t}", llvm(t), [])
                yield form(f"store.{t}", "void", [llvm(t)])
                yield form(f"xchg.{t}", llvm(t), [llvm(t)])
                yield form(f"cmpxchg.weak.{t}", llvm(t), ["ptr", llvm(t), "i32"])
            for name in ("add", "sub"):
                yield form(f"{name}.f32", "float", ["float"])
            for name in "add sub min max and or xor".split():
                for sign in "su":
                    yield form(f"{name}.{sign}.i32", "i32", ["i32"])
            for name in ("min", "max") if space == "global" else ():
                yield form(f"{name}.u.i64", "void", ["i64"])
    for name in ("wg.barrier", "simdgroup.barrier"):
        yield name, "void", ["i32"] * 2
        yield name, "void", ["i32"] * 3
    yield "atomic.fence", "void", ["i32"] * 3
    for how in ("device_coherent", "system_coherent"):
        for t in "i8 i32 i64 f16 f32 v4f32".split():
            yield f"load.{how}.{t}.p1{t}", llvm(t), ["ptr addrspace(1)"]
            yield f"store.{how}.{t}.p1{t}", "void", [llvm(t), "ptr addrspace(1)"]


def conversions():
    numbers = "f.f16 f.f32 f.bf16 u.i1 s.i8 s.i16 s.i32 s.i64 u.i8 u.i16 u.i32 u.i64".split()
    for to in numbers:
        for source in numbers:
            is_float = to[0] == "f" or source[0] == "f"
            if to == source or (not is_float and "i1" in (to[2:], source[2:])):
                continue
            for rounding in ROUNDINGS if is_float else [""]:
                for n in ("", "v2", "v3", "v4"):
                    d, s = n + to[2:], n + source[2:]
                    yield (f"convert.{to[0]}.{d}.{source[0]}.{s}{rounding}", llvm(d), [llvm(s)])


def matrices():
    def tile(t):
        return f"<64 x {SCALAR[t]}>"

    kinds = ("f16", "f32", "bf16")
    for t in kinds:
        for space in (1, 3):
            pointer = f"ptr addrspace({space})"
            for rest in (["i64", "<2 x i64>", "i1"], ["<2 x i64>"] * 3):
                name = f"v64{t}.p{space}{t}"
                yield f"simdgroup_matrix_8x8_load.{name}", tile(t), [pointer] + rest
                yield f"simdgroup_matrix_8x8_store.{name}", "void", [tile(t), pointer] + rest
        for name in ("filled", "diag"):
            yield f"simdgroup_matrix_8x8_init_{name}.v64{t}.{t}", tile(t), [SCALAR[t]]
        for a in kinds:
            for b in kinds:
                yield (f"simdgroup_matrix_8x8_multiply_accumulate.v64{t}.v64{a}.v64{b}.v64{t}",
                       tile(t), [tile(a), tile(b), tile(t)])
    for to, source in ((1, 3), (3, 1)):
        d, s, pair = f"ptr addrspace({to})", f"ptr addrspace({source})", "<2 x i64>"
        yield (f"simdgroup_async_copy_1d.p{to}i8.p{source}i8", "ptr", ["i64", "i64", d, s, "i64"])
        yield (f"simdgroup_async_copy_2d.p{to}i8.p{source}i8", "ptr",
               ["i64", "i64", d, "i64", "i64", pair, s, "i64", "i64", pair, pair, "i32"])
    yield "wait_simdgroup_events", "void", ["i32", "ptr"]
    yield "get_null_simdgroup_event", "ptr", []
    yield "is_null_simdgroup_event", "i1", ["ptr"]


def zero(type_name):
    if type_name.startswith("ptr"):
        return "null"
    if type_name[0] == "<":
        return "zeroinitializer"
    return "0.0" if type_name in ("half", "bfloat", "float") else "0"


def module(functions):
    calls = []
    lines = []
    for i, (name, result, operands) in enumerate(functions):
        values = ", ".join(f"{t} {zero(t)}" for t in operands)
        lines.append(f"declare {result} @air.{name}({', '.join(operands)})")
        target = "" if result == "void" else f"%r{i} = "
        calls.append(f"  {target}call {result} @air.{name}({values})")
    lines += ['define void @k() "tmjit.kernel" {'] + calls + ["  ret void", "}", ""]
    return "\n".join(lines)


def refused(tmjit, path, functions):
    """The refused ones of `functions`, with what was said."""
    path.write_text(module(functions))
    run = subprocess.run([tmjit, "info", str(path)], capture_output=True, text=True)
    if run.returncode == 0:
        return []
    if len(functions) == 1:
        return [f"air.{functions[0][0]}: {run.stderr.splitlines()[0]}"]
    half = len(functions) // 2
    return refused(tmjit, path, functions[:half]) + refused(tmjit, path, functions[half:])


def main(argv):
    tmjit, path = argv[1], pathlib.Path(argv[2])
    makers = (maths, integers, lanes, atomics, conversions, matrices)
    functions = [function for make in makers for function in make()]
    seen = collections.Counter()
    rounds = collections.defaultdict(list)  # a module declares a name once, in one form
    for function in functions:
        rounds[seen[function[0]]].append(function)
        seen[function[0]] += 1
    bad = []
    for group in rounds.values():
        for i in range(0, len(group), 96):
            bad += refused(tmjit, path, group[i:i + 96])
    print("\n".join(bad) if bad else f"{len(functions)} overloads accepted")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
