# SPDX-License-Identifier: MIT
"""Reductions, arg-reductions and scans, as MLX's reduce.cpp, primitives.cpp and scan.cpp
launch them on contiguous arrays: over everything, over the last axis, over other axes."""
import numpy as np

from case import (HALF_ULP, Case, Expect, Launch, dtype, i32, i64, line, load, parts, random,
                  store, strides, tgroup_for, u64, zeros)

READS = 4
NUMPY = {"sum": np.sum, "prod": np.prod, "min": np.min, "max": np.max, "and": np.all,
         "or": np.any}


def out_type_of(op, in_type):
    """MLX's remap_reduce_types, second."""
    if op in ("and", "or"):
        return "bool_"
    if op in ("sum", "prod") and in_type not in HALF_ULP:
        if in_type in ("int64", "uint64"):
            return in_type
        return "uint32" if in_type.startswith("u") else "int32"
    return in_type


def values(rng, shape, op, type_name):
    """Inputs whose products stay finite and whose sums do not cancel."""
    if op == "prod":
        return random(rng, shape, type_name, *((0.9, 1.1) if type_name in HALF_ULP else (1, 3)))
    if op in ("and", "or"):
        x = random(rng, shape, type_name)
        x[rng.random(shape) < (0.01 if op == "and" else 0.97)] = 0
        return x
    if op == "sum" and type_name in HALF_ULP:
        return random(rng, shape, type_name, 0, 1)
    return random(rng, shape, type_name)


def reduced(x, op, axes, in_type):
    """(what must come out, type, tolerances). Accumulation runs in the type of the output:
    the error of a sum of n terms in a tree of chains grows slower than sqrt(n)."""
    out_type = out_type_of(op, in_type)
    wide = load(x, in_type)
    if op in ("sum", "prod") and out_type not in HALF_ULP:
        wide = wide.astype(dtype(out_type))
    with np.errstate(all="ignore"):
        want = store(NUMPY[op](wide, axis=axes), out_type)
    count = x.size // max(1, want.size)
    ulps = 4 * count**0.5 if op in ("sum", "prod") else 0
    return want, out_type, {"rtol": HALF_ULP.get(out_type, 0) * ulps}


def case_of(x, op, axes, in_type, launches, extra=None):
    want, out_type, tolerance = reduced(x, op, axes, in_type)
    buffers = {"x": x, "y": zeros(want.shape, out_type), **(extra or {})}
    return Case("reduce", f"{launches[0].kernel} {list(x.shape)}", buffers, launches,
                [Expect("y", want, out_type, **tolerance)])


def all_reduce(x, op, in_type):
    name = f"all_reduce_{op}{in_type}"
    size = u64(x.size)
    if x.size <= READS * 1024:
        threads = tgroup_for(x.size, READS)
        launch = Launch(name, (threads, 1, 1), {0: "x", 1: "y", 2: size, 3: size},
                        (threads, 1, 1))
        return case_of(x, op, None, in_type, [launch])
    rows, out_type = 32 * READS, out_type_of(op, in_type)
    row = parts(x.size, rows)
    threads = min(1024, tgroup_for(row, READS))
    launches = [
        Launch(name, (threads, 1, 1), {0: "x", 1: "t", 2: size, 3: u64(row)},
               (threads, rows, 1)),
        Launch(f"all_reduce_{op}{out_type}", (32, 1, 1),
               {0: "t", 1: "y", 2: u64(rows), 3: u64(rows)}, (32, 1, 1))]
    return case_of(x, op, None, in_type, launches, {"t": zeros(rows, out_type)})


def row_args(x, axes):
    """Arguments 2 to 9 of a row reduction, and (row size, rows of one output)."""
    axes = tuple(axes)
    kept = [(x.shape[a], strides(x)[a]) for a in range(x.ndim) if a not in axes] or [(0, 0)]
    outer = [(x.shape[a], strides(x)[a]) for a in axes[:-1]]
    rows = int(np.prod([n for n, _ in outer]))
    some = outer or [(0, 0)]
    row = x.shape[-1]
    return {2: u64(row), 3: u64(rows), 4: i32(*[n for n, _ in kept]),
            5: i64(*[s for _, s in kept]), 6: i32(len(kept)), 7: i32(*[n for n, _ in some]),
            8: i64(*[s for _, s in some]), 9: i32(len(outer))}, row, rows


def specialised(rank):
    return 1 if rank <= 1 else 2 if rank == 2 else 5


def row_threads(row):
    if row <= 512:
        return 32
    if row <= 1024:
        return 128
    return min(1024, tgroup_for(row, READS))


def row_reduce(x, op, in_type, axes=None):
    """Over the last axis, and others in `axes`: small, simple or looped."""
    axes = axes or (x.ndim - 1,)
    args, row, rows = row_args(x, axes)
    count = x.size // (row * rows)
    rank = len(axes) - 1
    if row <= 64:
        name = f"row_reduce_small_{specialised(rank)}_reduce_{op}{in_type}"
        if (rows < 32 and row <= 8) or rows <= 8:
            grid, group = (count, 1, 1), (min(count, 1024), 1, 1)
        else:
            grid, group = (32, count, 1), (32, 1, 1)
    elif rank == 0 and x.size // row >= 32:
        name, threads = f"row_reduce_simple_{op}{in_type}", row_threads(row)
        if x.itemsize == 8:
            threads = min(threads, 512)
        grid, group = (threads, parts(count, 4), 1), (threads, 1, 1)
        args = {2: u64(row), 3: u64(count)}
    else:
        name = f"row_reduce_looped_{specialised(rank)}_reduce_{op}{in_type}"
        grid, group = (row_threads(row), count, 1), (row_threads(row), 1, 1)
    return case_of(x, op, tuple(axes), in_type,
                   [Launch(name, group, {0: "x", 1: "y", **args}, grid)])


def column_args(shape, stride, reduce_shape, reduce_stride, size, step, others):
    shape, stride = (shape, stride) if shape else ((0,), (0,))
    return {2: u64(size), 3: i64(step), 4: i32(*shape), 5: i64(*stride),
            6: i32(0 if shape == (0,) else len(shape)), 7: i32(*reduce_shape),
            8: i64(*reduce_stride), 9: i32(len(reduce_shape)), 10: u64(others)}


def column_reduce(x, op, in_type, axes):
    """Not over the last axis: small, long column, two passes or looped."""
    size, step = x.shape[axes[-1]], strides(x)[axes[-1]]
    outer = axes[:-1]
    others = int(np.prod([x.shape[a] for a in outer]))
    kept = [a for a in range(axes[-1]) if a not in outer]
    args = column_args(tuple(x.shape[a] for a in kept), tuple(strides(x)[a] for a in kept),
                       [x.shape[a] for a in axes], [strides(x)[a] for a in axes], size, step,
                       others)
    blocks = int(np.prod([x.shape[a] for a in kept]))
    out_type, total = out_type_of(op, in_type), size * others
    rank, out_size = specialised(len(axes)), blocks * step
    args = {0: "x", 1: "y", **args}
    if total < 32:
        wide = parts(step, 4)
        group = (min(wide, 32), min(8, 1024 // min(wide, 32), total), 1)
        return case_of(x, op, axes, in_type, [
            Launch(f"col_reduce_small_{rank}_reduce_{op}{in_type}", group, args,
                   groups=(parts(wide, group[0]), blocks, 1))])
    looped = (256 * parts(step, 32), blocks, 1)
    if step < 32 and total >= 1024:
        pieces = 128 if total >= 32768 else 32
        first = Launch(f"col_reduce_longcolumn_{rank}_reduce_{op}{in_type}",
                       (step, min(32, parts(total, pieces)), 1),
                       {**args, 1: "t", 11: u64(out_size)}, groups=(blocks, 1, pieces))
    elif total > 256 and out_size // 32 < 1024:
        pieces = 32
        first = Launch(f"col_reduce_2pass_{rank}_32_32_reduce_{op}{in_type}", (256, 1, 1),
                       {**args, 1: "t", 11: i64(0), 12: u64(out_size // step)},
                       (looped[0], looped[1] * pieces, 1))
    else:
        return case_of(x, op, axes, in_type, [
            Launch(f"col_reduce_looped_{rank}_32_32_reduce_{op}{in_type}", (256, 1, 1),
                   {**args, 11: i64(0)}, looped)])
    second = column_args((), (), [pieces], [out_size], pieces, out_size, 1)
    return case_of(x, op, axes, in_type, [
        first,
        Launch(f"col_reduce_looped_1_32_32_reduce_{op}{out_type}", (256, 1, 1),
               {0: "t", 1: "y", 11: i64(0), **second}, (256 * parts(out_size, 32), 1, 1))],
        {"t": zeros(pieces * out_size, out_type)})


def reduce_cases():
    rng = np.random.default_rng(10)

    def of(shape, op, type_name):
        return values(rng, shape, op, type_name), op, type_name

    for op in ("sum", "prod", "min", "max"):
        yield all_reduce(*of(3001, op, "float32"))
    for op, type_name in (("sum", "int8"), ("sum", "uint16"), ("sum", "int64"),
                          ("max", "uint8"), ("min", "int16"), ("prod", "int32"),
                          ("sum", "float16"), ("max", "bfloat16"), ("and", "bool_"),
                          ("or", "int32"), ("and", "float32"), ("min", "uint64"),
                          ("sum", "complex64")):
        yield all_reduce(*of(777, op, type_name))
    yield all_reduce(*of(70001, "sum", "float32"))
    yield all_reduce(*of(70001, "sum", "int8"))
    yield init_case("sum", "float32", 0)
    yield init_case("max", "int16", -2**15)
    yield from rows(of)
    yield from columns(of)


def init_case(op, type_name, value):
    name = f"init_reduce_{op}{type_name}"
    grid, group = line(37)
    return Case("reduce", name, {"y": random(np.random.default_rng(1), 37, type_name)},
                [Launch(name, group, {0: "y"}, grid)],
                [Expect("y", np.full(37, value, dtype(type_name)), type_name)])


def rows(of):
    yield row_reduce(*of((37, 5), "sum", "float32"))
    yield row_reduce(*of((9, 4, 60), "max", "int32"), axes=(0, 2))
    yield row_reduce(*of((40, 3, 20), "sum", "float16"), axes=(0, 2))
    yield row_reduce(*of((3, 4, 5, 2, 7), "prod", "float32"), axes=(0, 2, 4))
    yield row_reduce(*of((35, 333), "sum", "float32"))
    yield row_reduce(*of((33, 777), "min", "bfloat16"))
    yield row_reduce(*of((34, 4099), "max", "float32"))
    yield row_reduce(*of((33, 129), "sum", "int64"))
    yield row_reduce(*of((33, 130), "and", "bool_"))
    yield row_reduce(*of((5, 1111), "sum", "float32"))
    yield row_reduce(*of((3, 5, 200), "sum", "uint8"), axes=(0, 2))
    yield row_reduce(*of((3, 5, 129), "or", "int16"), axes=(0, 2))


def columns(of):
    yield column_reduce(*of((7, 13), "sum", "float32"), axes=(0,))
    yield column_reduce(*of((5, 9, 70), "max", "int8"), axes=(1,))
    yield column_reduce(*of((3, 4, 5, 33), "sum", "float16"), axes=(0, 2))
    yield column_reduce(*of((2000, 7), "sum", "float32"), axes=(0,))
    yield column_reduce(*of((3, 1100, 3), "sum", "int32"), axes=(1,))
    yield column_reduce(*of((300, 65), "sum", "float32"), axes=(0,))
    yield column_reduce(*of((2, 20, 3, 20, 33), "max", "float32"), axes=(1, 3))
    yield column_reduce(*of((100, 129), "prod", "float32"), axes=(0,))
    yield column_reduce(*of((3, 64, 50), "sum", "bfloat16"), axes=(1,))
    yield column_reduce(*of((4, 9, 5, 40), "min", "uint32"), axes=(0, 2))


# ---- arg-reduce ---------------------------------------------------------------------------


def arg_case(x, op, axis, type_name):
    want = (np.argmax if op == "argmax" else np.argmin)(load(x, type_name), axis=axis)
    want = want.astype(np.uint32)
    size = x.shape[axis]
    shape = [n for a, n in enumerate(x.shape) if a != axis]
    in_strides = [s for a, s in enumerate(strides(x)) if a != axis]
    threads = min(1024, tgroup_for(size, READS))
    if not shape:
        args = {2: i32(0), 3: i64(0), 4: i64(0)}
    else:
        args = {2: i32(*shape), 3: i64(*in_strides), 4: i64(*strides(want))}
    args.update({0: "x", 1: "y", 5: u64(len(shape)), 6: i64(strides(x)[axis]), 7: u64(size)})
    name = f"{op}_{type_name}"
    return Case("arg-reduce", f"{name} {list(x.shape)} {axis}",
                {"x": np.ascontiguousarray(x.base) if x.base is not None else x,
                 "y": zeros(want.shape, "uint32")},
                [Launch(name, (threads, 1, 1), args, (threads, max(1, want.size), 1))],
                [Expect("y", want, "uint32")])


def arg_cases():
    rng = np.random.default_rng(11)
    for type_name in ("float32", "float16", "bfloat16", "int8", "int32", "uint64", "int64",
                      "uint16"):
        yield arg_case(random(rng, (7, 501), type_name), "argmax", 1, type_name)
        yield arg_case(random(rng, (33, 5), type_name, 0, 50), "argmin", 0, type_name)
    yield arg_case(random(rng, 4999, "float32"), "argmin", 0, "float32")
    yield arg_case(random(rng, (6, 70, 5), "float32").transpose(2, 0, 1), "argmax", 2,
                   "float32")
    yield arg_case(random(rng, (9, 20), "bool_"), "argmax", 1, "bool_")


# ---- scan ---------------------------------------------------------------------------------

SCANS = {"sum": (np.cumsum, 0), "prod": (np.cumprod, 1),
         "max": (np.maximum.accumulate, None), "min": (np.minimum.accumulate, None),
         "logaddexp": (np.logaddexp.accumulate, -np.inf)}


def lowest(op, type_name):
    """The first value of an exclusive scan."""
    if SCANS[op][1] is not None:
        return SCANS[op][1]
    if type_name in HALF_ULP:
        return -np.inf if op == "max" else np.inf
    info = np.iinfo(dtype(type_name))
    return info.min if op == "max" else info.max


def scanned(x, op, axis, reverse, inclusive, in_type, out_type):
    wide = load(x, in_type)
    if out_type not in HALF_ULP:
        wide = wide.astype(dtype(out_type))
    if reverse:
        wide = np.flip(wide, axis)
    with np.errstate(all="ignore"):
        want = SCANS[op][0](wide, axis=axis)
    if not inclusive:
        want = np.roll(want, 1, axis)
        np.moveaxis(want, axis, 0)[0] = lowest(op, out_type)
    return store(np.flip(want, axis) if reverse else want, out_type)


def scan_case(x, op, axis, in_type, reverse=False, inclusive=True, out_type=None):
    out_type = out_type or in_type
    want = scanned(x, op, axis, reverse, inclusive, in_type, out_type)
    size, stride = x.shape[axis], strides(x)[axis]
    name = (f"{'contig' if stride == 1 else 'strided'}_scan_{'reverse_' if reverse else ''}"
            f"{'inclusive' if inclusive else 'exclusive'}_{op}_{in_type}_{out_type}")
    reads = 4 if x.itemsize <= 4 else 2
    args = {0: "x", 1: "y", 2: u64(size)}
    if stride == 1:
        threads = 1024
        if size <= reads * 1024:
            threads = tgroup_for(size, reads)
        elif size <= reads * 2048:
            threads = tgroup_for(size // 2, reads)
        grid = (min(threads, 1024), x.size // size, 1)
    else:
        blocks = parts(stride, 32)
        args.update({3: u64(stride), 4: u64(blocks)})
        grid = (32 // reads * 32, x.size // (size * stride) * blocks, 1)
    ulp = HALF_ULP.get(out_type, 0)
    exact = op in ("max", "min")
    factor = 0 if exact else 4 * size**0.5 if op != "logaddexp" else 4 * size
    return Case("scan", f"{name} {list(x.shape)}", {"x": x, "y": zeros(x.shape, out_type)},
                [Launch(name, (grid[0], 1, 1), args, grid)],
                [Expect("y", want, out_type, rtol=ulp * factor, atol=ulp * factor / 4)])


def scan_cases():
    rng = np.random.default_rng(12)
    for reverse in (False, True):
        for inclusive in (False, True):
            yield scan_case(random(rng, (5, 1001), "float32", 0, 1), "sum", 1, "float32",
                            reverse, inclusive)
            yield scan_case(random(rng, (3, 77, 45), "int32", -99, 99), "sum", 1, "int32",
                            reverse, inclusive)
    for op, type_name in (("max", "float16"), ("min", "int16"), ("max", "int64"),
                          ("min", "uint8"), ("sum", "uint64"), ("max", "bfloat16")):
        x = random(rng, (4, 333), type_name)
        yield scan_case(x, op, 1, type_name)
        yield scan_case(x, op, 0, type_name, reverse=True)
    yield scan_case(random(rng, (3, 5000), "float32", 0, 1), "sum", 1, "float32")
    yield scan_case(random(rng, 9001, "float32"), "max", 0, "float32", inclusive=False)
    yield scan_case(random(rng, (3, 200), "float32", 0.9, 1.1), "prod", 1, "float32",
                    inclusive=False)
    yield scan_case(random(rng, (200, 40), "float32", 0.9, 1.1), "prod", 0, "float32")
    yield scan_case(random(rng, (3, 500), "float32"), "logaddexp", 1, "float32")
    yield scan_case(random(rng, (50, 33), "float32"), "logaddexp", 0, "float32")
    yield scan_case(random(rng, (4, 300), "float16", 0, 1), "sum", 1, "float16")
    yield scan_case(random(rng, (4, 300), "bool_"), "sum", 1, "bool_", out_type="int32")
    yield scan_case(random(rng, (4, 300), "complex64"), "sum", 1, "complex64")


def cases():
    yield from reduce_cases()
    yield from arg_cases()
    yield from scan_cases()
