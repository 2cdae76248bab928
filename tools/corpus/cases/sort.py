# SPDX-License-Identifier: MIT
"""Sort and argsort, as MLX's sort.cpp launches them: one threadgroup a row, or blocks that
are sorted, partitioned and merged. Equal keys keep their order."""
import numpy as np

from case import Case, Expect, Launch, i32, i64, load, parts, random, store, strides, zeros


def threads_of(size, itemsize):
    potential = parts(size, 4)
    for limit, found in ((256, 512), (128, 256), (64, 128), (32, 64)):
        if potential > limit:
            return 256 if found == 512 and itemsize > 4 else found
    return 32


def block_case(x, axis, type_name, by_index, view=None):
    """x: contiguous; view: x transposed (the kernel for any strides)."""
    source = x if view is None else view
    size = source.shape[axis]
    threads = threads_of(size, x.itemsize)
    wide = load(source, type_name)
    order = np.argsort(wide, axis=axis, kind="stable")
    out_type = "uint32" if by_index else type_name
    want = order.astype(np.uint32) if by_index else store(
        np.take_along_axis(wide, order, axis), type_name)
    rows = source.size // size
    rest = [a for a in range(source.ndim) if a != axis]
    ins, outs = strides(source), strides(want)
    args = {0: "x", 1: "y", 2: i32(size), 3: i32(ins[axis]), 4: i32(outs[axis])}
    general = view is not None
    if general:
        args.update({5: i32(len(rest)), 6: i32(*[source.shape[a] for a in rest]),
                     7: i64(*[ins[a] for a in rest]), 8: i64(*[outs[a] for a in rest])})
    else:
        segments = [a for a in rest if source.shape[a] != 1]
        args.update({5: i32(min([ins[a] for a in segments], default=2**31 - 1)),
                     6: i32(min([outs[a] for a in segments], default=2**31 - 1))})
    kernel = (f"{'nc' if general else 'c'}{'arg' if by_index else ''}_block_sort_{type_name}_"
              f"{out_type}_bn{threads}_tn4")
    return Case("sort", f"{kernel} {list(source.shape)}",
                {"x": x, "y": zeros(want.shape, out_type)},
                [Launch(kernel, (threads, 1, 1), args, groups=(1, rows, 1))],
                [Expect("y", want, out_type)])


def merge_case(x, type_name, by_index):
    """Rows longer than a block, along the last axis. What MLX copies to its output at the end
    is compared in place."""
    rows, size = x.shape
    threads = threads_of(size, x.itemsize)
    blocks = parts(size, 4 * threads)
    tail = f"{type_name}_uint32_bn{threads}_tn4"
    launches = [Launch(f"sort_mbsort_{tail}", (threads, 1, 1), {
        0: "x", 1: "v0", 2: "i0", 3: i32(size), 4: i32(1), 5: i32(1), 6: i32(rows),
        7: i64(size)}, groups=(blocks, rows, 1))]
    tiles, ping = 2, 0
    while tiles // 2 < blocks:
        before, after, ping = f"{ping}", f"{1 - ping}", 1 - ping
        launches.append(Launch(f"partition_mbsort_{tail}", (min(blocks + 1, 1024), 1, 1), {
            0: "p", 1: "v" + before, 2: "i" + before, 3: i32(size), 4: i32(tiles),
            5: i32(blocks)}, groups=(1, rows, 1)))
        launches.append(Launch(f"merge_mbsort_{tail}", (threads, 1, 1), {
            0: "p", 1: "v" + before, 2: "i" + before, 3: "v" + after, 4: "i" + after,
            5: i32(size), 6: i32(tiles), 7: i32(blocks)}, groups=(blocks, rows, 1)))
        tiles *= 2
    wide = load(x, type_name)
    order = np.argsort(wide, axis=1, kind="stable")
    expects = [Expect(f"v{ping}", store(np.take_along_axis(wide, order, 1), type_name),
                      type_name)]
    if by_index:
        expects.append(Expect(f"i{ping}", order.astype(np.uint32), "uint32"))
    buffers = {"x": x, "p": zeros((rows, blocks + 1), "uint32")}
    for i in "01":
        buffers.update({"v" + i: zeros(x.shape, type_name), "i" + i: zeros(x.shape, "uint32")})
    return Case("sort", f"mbsort {tail} {list(x.shape)}", buffers, launches, expects)


def cases():
    rng = np.random.default_rng(30)
    for size, type_name in ((100, "float32"), (200, "float16"), (500, "int32"), (1000, "int8"),
                            (2000, "float32"), (1024, "int64"), (77, "bfloat16"),
                            (999, "uint16")):
        x = random(rng, (3, size), type_name, -60, 60)
        yield block_case(x, 1, type_name, False)
        yield block_case(x, 1, type_name, True)
    with_nan = random(rng, (2, 333), "float32")
    with_nan[:, ::17] = np.nan
    yield block_case(with_nan, 1, "float32", False)
    x = random(rng, (130, 5), "float32")
    yield block_case(x, 0, "float32", True)
    x = random(rng, (4, 60, 5), "float32")
    yield block_case(x, 2, "float32", False, view=x.transpose(2, 0, 1).transpose(0, 1, 2))
    yield block_case(x, 1, "float32", True, view=x.transpose(0, 1, 2))
    yield merge_case(random(rng, (2, 5000), "float32"), "float32", True)
    yield merge_case(random(rng, (1, 4097), "int64", -999, 999), "int64", True)
    yield merge_case(random(rng, (2, 2500), "float16"), "float16", False)
