# SPDX-License-Identifier: MIT
"""The kernels that MLX takes for arrays of more than 2^31 elements, which count in 64 bits:
here on short arrays, with what the others of their kind must give.

Their arguments are those of the short kernels but for one: where threads are in two dimensions
(v2, vs2, ...) the size is a 64-bit number.
"""
import collections
import re

from case import Case, Launch, block, dtype, i64, parts
from cases import elementwise, reduce

STRIDED = re.compile(r"^(gg?)(\d)_")
MANY = re.compile(r"^(gg?n)\d_")
FLAT = re.compile(r"^(v|vs|sv|vv|s)n?_")
REDUCE = re.compile(r"^((?:row|col)_reduce_(?:small|looped|longcolumn|2pass))_(?!large)")
TYPE = re.compile(r"bool_|u?int\d+|b?float16|float32|complex64")
MOST = 6  # cases of one form


def long_name(name):
    for pattern, into in ((STRIDED, r"\1\2large_"), (MANY, r"\g<1>4large_"), (FLAT, r"\g<1>2_"),
                          (REDUCE, r"\1_large_")):
        if pattern.match(name):
            return pattern.sub(into, name)
    return None


def flat_launch(launch, name, count):
    """Threads in two rows where their number is even; one has no more elements than fit in
    eight bytes of any of the types, and looks whether its own are there."""
    each = min(max(1, 8 // dtype(t).itemsize) for t in TYPE.findall(name))
    threads = parts(count, each)
    grid = (threads, 1, 1) if threads % 2 else (threads // 2, 2, 1)
    args = dict(launch.args)
    args[max(args)] = i64(count)
    return Launch(name, block(*grid), args, grid)


def as_large(found):
    """The same operation by the kernels for long arrays; None when one has no such form."""
    launches = []
    for launch in found.launches:
        name = long_name(launch.kernel)
        if not name:
            return None
        if FLAT.match(launch.kernel):
            launches.append(flat_launch(launch, name, found.expects[0].want.size))
            continue
        grid, group = launch.grid, launch.group
        if MANY.match(launch.kernel):
            grid = (parts(grid[0], 2), *grid[1:])
            group = block(*grid)
        launches.append(Launch(name, group, launch.args, grid, launch.groups,
                               launch.constants, launch.local))
    return Case(found.family, found.name.replace(found.launches[0].kernel, launches[0].kernel),
                found.buffers, launches, found.expects)


def cases():
    seen = collections.Counter()
    for found in (*elementwise.cases(), *reduce.cases()):
        large = as_large(found)
        if not large:
            continue
        name = large.launches[0].kernel
        form = name.split("_reduce_")[-2] if "_reduce_" in name[4:] else name.split("_")[0]
        seen[form, found.family] += 1
        if seen[form, found.family] <= MOST:
            yield large
