# SPDX-License-Identifier: MIT
"""What works row by row: softmax, logsumexp, cross entropy, RMS and layer norm with their
gradients; and rope, random bits, arange, dot, searchsorted; as softmax.cpp, logsumexp.cpp,
normalization.cpp, rope.cpp, primitives.cpp and sort.cpp launch them."""
import numpy as np

from case import (HALF_ULP, Case, Expect, Launch, block, dtype, f32, i32, i64, line, load,
                  random, store, strides, tgroup_for, u64, zeros)


def near(type_name, ulps, scale=1.0):
    """Tolerances of a result that was rounded to its type after work in float."""
    return {"rtol": HALF_ULP[type_name] * 2 + ulps * HALF_ULP["float32"],
            "atol": scale * (HALF_ULP[type_name] / 8 + ulps * HALF_ULP["float32"])}


def row_launch(kernel, rows, size, args, limit=4096, reads=4, **more):
    threads = tgroup_for(size, reads) if size <= limit else 1024
    return Launch(kernel, (threads, 1, 1), args, (rows * threads, 1, 1), **more)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def logsumexp(x):
    top = x.max(-1, keepdims=True)
    return (np.log(np.exp(x - top).sum(-1, keepdims=True)) + top)[..., 0]


def softmax_cases(rng):
    for size, type_name, precise in ((1, "float32", ""), (37, "float32", ""),
                                     (1000, "float32", ""), (4095, "float32", ""),
                                     (5001, "float32", ""), (300, "float16", ""),
                                     (300, "float16", "precise_"),
                                     (511, "bfloat16", "precise_"),
                                     (4999, "float16", "precise_"), (129, "bfloat16", "")):
        x = random(rng, (5, size), type_name, -4, 4)
        kind = "block" if size <= 4096 else "looped"
        kernel = f"{kind}_softmax_{precise}{type_name}"
        # Without "precise" sums are kept in the type itself.
        ulps = 64 if precise or type_name == "float32" else 64 * 2**13
        if type_name == "bfloat16" and not precise:
            ulps = 64 * 2**16
        want = store(softmax(load(x, type_name)), type_name)
        yield Case("softmax", f"{kernel} {size}", {"x": x, "y": zeros(x.shape, type_name)},
                   [row_launch(kernel, 5, size, {0: "x", 1: "y", 2: i32(size)})],
                   [Expect("y", want, type_name, **near(type_name, ulps, 1 / 64))])


def logsumexp_cases(rng):
    for size, type_name in ((35, "float32"), (1023, "float16"), (700, "bfloat16"),
                            (4500, "float32")):
        x = random(rng, (6, size), type_name, -5, 5)
        kernel = f"{'block' if size <= 4096 else 'looped'}_logsumexp_{type_name}"
        want = store(logsumexp(load(x, type_name)), type_name)
        yield Case("logsumexp", f"{kernel} {size}", {"x": x, "y": zeros(6, type_name)},
                   [row_launch(kernel, 6, size, {0: "x", 1: "y", 2: i32(size)})],
                   [Expect("y", want, type_name, **near(type_name, 32))])


def cross_entropy_cases(rng):
    for size, type_name in ((130, "float32"), (5003, "float16"), (999, "bfloat16")):
        x = random(rng, (7, size), type_name, -5, 5)
        wide = load(x, type_name)
        target = rng.integers(0, size, 7).astype(np.int32)
        loss = logsumexp(wide) - wide[np.arange(7), target]
        signed = np.where(np.arange(7) % 2, target, target - size).astype(np.int32)
        args = {0: "x", 1: "t", 2: "y", 3: i32(size)}
        yield Case("softmax", f"cross_entropy {type_name} {size}",
                   {"x": x, "t": signed, "y": zeros(7, "float32")},
                   [row_launch(f"cross_entropy_{type_name}", 7, size, args)],
                   [Expect("y", store(loss, "float32"), "float32", **near("float32", 64))])
        weight = random(rng, 7, "float32")
        p = np.exp(wide - wide[np.arange(7), target][:, None] - loss[:, None])
        p[np.arange(7), target] -= 1
        yield Case("softmax", f"cross_entropy_vjp {type_name} {size}",
                   {"x": x, "t": signed, "loss": store(loss, "float32"), "g": weight,
                    "y": zeros(x.shape, type_name)},
                   [row_launch(f"cross_entropy_vjp_{type_name}", 7, size, {
                       0: "x", 1: "t", 2: "loss", 3: "g", 4: "y", 5: i32(size)})],
                   [Expect("y", store(p * weight[:, None], type_name), type_name,
                           **near(type_name, 64, 1 / 16))])


# ---- norms --------------------------------------------------------------------------------


# MLX's layer_norm_single_row fills a thread's array of 8 from element size - 8 * thread on,
# also where that is negative: with these sizes no thread lies wholly behind the row.
LAYER_SIZES = {65: 256, 128: 249, 333: 507, 4097: 4096}


def layer_norm_behind(rng):
    """A row of 65 has threads behind it: MLX's write before their array is found."""
    x, w = random(rng, (4, 65), "float32"), random(rng, 65, "float32")
    one = np.array([1], np.uint32)
    return Case("norm", "layer_normfloat32 65: writes before a private array",
                {"x": x, "w": w, "y": zeros(x.shape, "float32")},
                [row_launch("layer_normfloat32", 4, 65, {
                    0: "x", 1: "w", 2: "w", 3: "y", 4: f32(1e-5), 5: np.array([65], np.uint32),
                    6: one, 7: one}, reads=8)],
                [Expect("y", x, "float32")], fault="byte offset -28 of private array")


def norm_cases(rng):
    yield layer_norm_behind(rng)
    for size, type_name in ((65, "float32"), (1019, "float32"), (4097, "float32"),
                            (128, "float16"), (333, "bfloat16"), (6700, "float16")):
        x = random(rng, (4, size), type_name, -2, 3)
        w, b = (random(rng, size, type_name, 0.5, 2) for _ in range(2))
        wide, scale, shift = (load(a, type_name) for a in (x, w, b))
        eps = f32(1e-5)
        want = wide / np.sqrt((wide**2).mean(-1, keepdims=True) + eps[0]) * scale
        kernel = f"rms{'_looped' if size > 4096 else ''}{type_name}"
        size32 = np.array([size], np.uint32)
        one = np.array([1], np.uint32)
        yield Case("norm", f"{kernel} {size}",
                   {"x": x, "w": w, "y": zeros(x.shape, type_name)},
                   [row_launch(kernel, 4, size, {0: "x", 1: "w", 2: "y", 3: eps, 4: size32,
                                                 5: one})],
                   [Expect("y", store(want, type_name), type_name, **near(type_name, 32))])
        yield layer_norm_case(rng, LAYER_SIZES.get(size, size), type_name)


def layer_norm_case(rng, size, type_name):
    x = random(rng, (4, size), type_name, -2, 3)
    w, b = (random(rng, size, type_name, 0.5, 2) for _ in range(2))
    wide, scale, shift = (load(a, type_name) for a in (x, w, b))
    eps, size32, one = f32(1e-5), np.array([size], np.uint32), np.array([1], np.uint32)
    mean = wide.mean(-1, keepdims=True)
    want = (wide - mean) / np.sqrt(wide.var(-1, keepdims=True) + eps[0]) * scale + shift
    kernel = f"layer_norm{'_looped' if size > 6656 else ''}{type_name}"
    found = near(type_name, 64)
    return Case("norm", f"{kernel} {size}",
               {"x": x, "w": w, "b": b, "y": zeros(x.shape, type_name)},
               [row_launch(kernel, 4, size, {0: "x", 1: "w", 2: "b", 3: "y", 4: eps,
                                             5: size32, 6: one, 7: one}, limit=6656,
                           reads=8 if size <= 6656 else 4)],
               [Expect("y", store(want, type_name), type_name, rtol=found["rtol"],
                       atol=32 * found["atol"])])


def gradients(x, w, g, is_layer):
    """(of x, of w before rows are added up): both norms have the same form."""
    centred = x - x.mean(-1, keepdims=True) if is_layer else x
    scale = 1 / np.sqrt((centred**2).mean(-1, keepdims=True) + np.float32(1e-5))
    normal, gw = centred * scale, g * w
    gx = scale * (gw - normal * (gw * normal).mean(-1, keepdims=True))
    if is_layer:
        gx -= scale * gw.mean(-1, keepdims=True)
    return gx, g * normal


def gradient_case(rng, name, size, type_name, limit, reads, has_w):
    """The kernel's two outputs; MLX adds up the second's rows with a column reduction."""
    rows = 5
    x, g = (random(rng, (rows, size), type_name, -2, 3) for _ in range(2))
    w = random(rng, size if has_w else 1, type_name, 0.5, 2)
    gx, gw = gradients(*(load(a, type_name) for a in (x, w, g)), "layer" in name)
    looped = size > limit
    kernel = f"vjp_{name}{'_looped' * looped}{type_name}"
    u32 = [np.array([v], np.uint32) for v in (size, int(has_w), rows, 1)]
    args = {0: "x", 1: "w", 2: "g", 3: "gx", 4: "gw", 5: f32(1e-5), 6: u32[0], 7: u32[1]}
    if name == "rms" and not looped:
        args.update({8: u32[2], 9: u32[3]})
    found = near(type_name, 64)
    found["atol"] *= 32
    expects = [Expect("gx", store(gx, type_name), type_name, **found)]
    if has_w:
        expects.append(Expect("gw", store(gw, type_name), type_name, **found))
    return Case("norm", f"{kernel} {size} {'w' * has_w}",
                {"x": x, "w": w, "g": g, "gx": zeros(x.shape, type_name),
                 "gw": zeros(x.shape if has_w else 1, type_name)},
                [row_launch(kernel, rows, size, args, limit, reads if not looped else 4,
                            constants={20: has_w})], expects)


def gradient_cases(rng):
    for size, type_name, has_w in ((1000, "float32", True), (130, "float16", True),
                                   (500, "bfloat16", False), (4500, "float32", True)):
        yield gradient_case(rng, "rms", size, type_name, 4096, 4, has_w)
    for size, type_name, has_w in ((1019, "float32", True), (256, "float16", True),
                                   (512, "bfloat16", False), (8300, "float32", True)):
        yield gradient_case(rng, "layer_norm", size, type_name, 8192, 8, has_w)


# ---- rope ---------------------------------------------------------------------------------


def rope_want(x, dims, offsets, base, scale, traditional, forward, freqs=None):
    """x: (batch, heads, steps, size)."""
    half = dims // 2
    rate = base ** (-np.arange(half) / half) if freqs is None else 1 / load(freqs, "float32")
    steps = np.arange(x.shape[2])[None, :] + offsets[:, None]
    theta = (scale * steps)[:, None, :, None] * rate
    sin, cos = np.sin(theta) * (1 if forward else -1), np.cos(theta)
    first, second = (slice(0, dims, 2), slice(1, dims, 2)) if traditional else (
        slice(0, half), slice(half, dims))
    want = x.copy()
    want[..., first] = x[..., first] * cos - x[..., second] * sin
    want[..., second] = x[..., first] * sin + x[..., second] * cos
    return want


def rope_case(rng, shape, dims, type_name, traditional=False, forward=True, freqs=False,
              transposed=False, large=""):
    batch, heads, steps, size = shape
    x = random(rng, (batch, steps, heads, size) if transposed else shape, type_name)
    view = x.transpose(0, 2, 1, 3) if transposed else x
    single = steps == 1
    offsets = rng.integers(0, 9, 1 if single else batch).astype(np.int32)
    base, scale = 10000.0, 0.75
    table = random(rng, dims // 2, "float32", 1, 50) if freqs else None
    want = rope_want(load(view, type_name), dims, offsets, base, scale, traditional, forward,
                     table)
    out = store(load(view, type_name), type_name)
    matrix = steps * size
    step = strides(view)
    ins = i64(*((step[1], step[2], step[3]) if transposed else (matrix, size, 1)))
    args = {0: "x", 1: "y", 2: offsets, 3: f32(scale), 10: f32(np.log2(base))}
    if single:
        args[4] = i64(matrix)
        grid = (dims // 2, batch * heads, 1)
    else:
        args.update({4: ins, 5: i64(matrix, size, 1), 6: i64(1), 7: i32(heads)})
        grid = (dims // 2, steps, batch * ((heads + 3) // 4))
    if freqs:
        args.update({10: "f", 11: i64(1)})
    kernel = f"rope_{'single_' if single else ''}{'freqs_' if freqs else ''}{large}{type_name}"
    return Case("rope", f"{kernel} {list(shape)} {dims}",
                {"x": x, "y": out, **({"f": table} if freqs else {})},
                [Launch(kernel, block(*grid), args, grid,
                        constants={1: forward, 2: traditional, 3: transposed})],
                [Expect("y", store(want, type_name), type_name, **near(type_name, 32))])


def rope_cases(rng):
    yield rope_case(rng, (2, 5, 7, 64), 64, "float32")
    yield rope_case(rng, (2, 3, 9, 32), 32, "float16", traditional=True)
    yield rope_case(rng, (1, 6, 5, 48), 32, "bfloat16")
    yield rope_case(rng, (2, 4, 6, 32), 32, "float32", transposed=True)
    yield rope_case(rng, (2, 4, 6, 32), 32, "float32", forward=False, freqs=True)
    yield rope_case(rng, (1, 8, 1, 128), 128, "float16")
    yield rope_case(rng, (3, 4, 1, 64), 64, "float32", freqs=True, traditional=True)
    yield rope_case(rng, (2, 5, 3, 16), 16, "float32", large="large_")
    yield rope_case(rng, (2, 5, 3, 16), 16, "float16", freqs=True, large="large_")


# ---- the rest -----------------------------------------------------------------------------


def threefry(key, first, second):
    """Threefry-2x32-20 (Salmon et al. 2011)."""
    rotations, mask = ((13, 15, 26, 6), (17, 29, 16, 24)), 0xFFFFFFFF
    keys = (int(key[0]), int(key[1]), int(key[0]) ^ int(key[1]) ^ 0x1BD11BDA)
    x, y = (first + keys[0]) & mask, (second + keys[1]) & mask
    for i in range(5):
        for r in rotations[i % 2]:
            x = (x + y) & mask
            y = ((y << r) | (y >> (32 - r))) & mask
            y ^= x
        x = (x + keys[(i + 1) % 3]) & mask
        y = (y + keys[(i + 2) % 3] + i + 1) & mask
    return x, y


def random_case(rng, count, byte_len, strided=False):
    """`count` keys, `byte_len` bytes a key, a whole number of words."""
    keys = random(rng, (count, 2), "uint32")
    words = (byte_len + 3) // 4
    odd = words % 2
    rows = words // 2 + odd
    want = np.zeros((count, words), np.uint32)
    for k in range(count):
        for i in range(rows):
            last = odd and i == rows - 1
            x, y = threefry(keys[k], i, 0 if last else i + rows)
            want[k, i] = x
            if not last:
                want[k, i + rows] = y
    want = np.ascontiguousarray(want.view(np.uint8)[:, :byte_len])
    args = {0: "k", 1: "y", 2: np.array([odd], np.bool_), 3: u64(byte_len)}
    source, kernel = keys, "rbitsc"
    if strided:
        source, kernel = np.ascontiguousarray(keys.T), "rbits"
        args.update({4: i32(2), 5: i32(count, 2), 6: i64(1, count)})
    grid = (count, rows, 1)
    return Case("random", f"{kernel} {count} {byte_len}",
                {"k": source, "y": zeros(want.shape, "uint8")},
                [Launch(kernel, block(*grid), args, grid)], [Expect("y", want, "uint8")])


def arange_case(type_name, start, step, count):
    start, step = store([start], type_name), store([step], type_name)
    index = np.arange(count)
    wide, by = load(start, type_name)[0], load(step, type_name)[0]
    if type_name in HALF_ULP:
        want = store(wide + load(store(index, type_name), type_name) * by, type_name)
        slack = {"rtol": 4 * HALF_ULP[type_name], "atol": 4 * HALF_ULP[type_name]}
    else:
        want = (start[0] + index.astype(dtype(type_name)) * step[0]).astype(dtype(type_name))
        slack = {}
    grid, group = line(count)
    kernel = f"arange{type_name}"
    return Case("arange", kernel, {"y": zeros(count, type_name)},
                [Launch(kernel, group, {0: start, 1: step, 2: "y"}, grid)],
                [Expect("y", want, type_name, **slack)])


def search_case(rng, type_name, side, stride=1):
    low, high = (-40, 40) if type_name not in ("bool_",) else (0, 1)
    a = np.sort(load(random(rng, 501, type_name, low, high), type_name))
    v = random(rng, 333, type_name, low, high)
    v[:200] = store(a[:200], type_name)
    want = np.searchsorted(a, load(v, type_name), side).astype(np.uint32)
    source = np.repeat(store(a, type_name), stride)
    kernel = f"searchsorted_{type_name}_{side}"
    grid, group = line(v.size)
    return Case("sort", f"{kernel} {stride}", {"a": source, "v": v, "y": zeros(333, "uint32")},
                [Launch(kernel, group, {0: "a", 1: "v", 2: "y", 3: np.array([501], np.uint32),
                                        4: i64(stride)}, grid)],
                [Expect("y", want, "uint32")])


def cases():
    rng = np.random.default_rng(20)
    yield from softmax_cases(rng)
    yield from logsumexp_cases(rng)
    yield from cross_entropy_cases(rng)
    yield from norm_cases(rng)
    yield from gradient_cases(rng)
    yield from rope_cases(rng)
    yield random_case(rng, 3, 400)
    yield random_case(rng, 5, 38)
    yield random_case(rng, 4, 28, strided=True)
    for type_name, start, step in (("int8", -9, 3), ("uint16", 5, 7), ("int32", -100, 13),
                                   ("int64", 10**12, -7), ("float16", 1, 0.5),
                                   ("float32", -1, 0.1), ("bfloat16", 0, 2)):
        yield arange_case(type_name, start, step, 77 if type_name != "int8" else 40)
    for type_name in ("float32", "int16", "uint64", "float16", "bfloat16"):
        yield search_case(rng, type_name, "left")
    yield search_case(rng, "int64", "right", stride=3)
    yield search_case(rng, "float32", "right")
