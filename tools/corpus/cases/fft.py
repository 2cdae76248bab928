# SPDX-License-Identifier: MIT
"""Fourier transforms, as MLX's fft.cpp plans and launches them: mixed radices in one
threadgroup, Rader's and Bluestein's algorithms for prime factors, four steps for long ones; of
complex and of real numbers, forwards and back."""
import numpy as np

from case import Case, Expect, Launch, i32, parts, random, zeros

RADICES = (13, 11, 8, 7, 6, 5, 4, 3, 2)


def factors(n):
    found, z = [], 2
    while z * z <= n:
        if n % z:
            z += 1
        else:
            found.append(z)
            n //= z
    return found + [n] * (n > 1)


def power_of_2(n):
    """The smallest that is not less."""
    return 1 << (n - 1).bit_length()


def steps_of(n):
    """How often each radix is used, or None."""
    steps, rest = [0] * len(RADICES), n
    for i, radix in enumerate(RADICES):
        if n == power_of_2(n) and n < 512 and radix > 4:
            continue
        while rest > 1 and rest % radix == 0:
            steps[i], rest = steps[i] + 1, rest // radix
    return steps if rest == 1 else None


class Plan:
    """MLX's plan of a length: radix steps, Rader's factor, Bluestein's length."""

    def __init__(self, n):
        self.n, self.rader_n, self.bluestein = n, 1, 0
        self.rader = [0] * len(RADICES)
        rest = n
        for factor in factors(n):
            if factor in RADICES:
                continue
            inner = steps_of(factor - 1)
            if self.rader_n > 1 or any(f not in RADICES for f in factors(factor - 1)):
                self.bluestein, self.rader_n = power_of_2(2 * n - 1), 1
                self.rader, rest = [0] * len(RADICES), self.bluestein
                break
            self.rader, self.rader_n, rest = inner, factor, rest // factor
        self.steps = steps_of(rest)
        self.size = self.bluestein or n

    def elements(self):
        """Elements a thread works on."""
        used = sorted({RADICES[i % 9] for i, s in enumerate(self.steps + self.rader) if s})
        if 7 in used and (11 in used or 13 in used):
            return 7
        if 11 in used and 13 in used:
            return 11
        if len(used) == 2 and (11 in used or 13 in used):
            return sum(used) // 2
        return used[min(1, len(used) - 1)]


def rader_constants(n):
    def power(x, y):
        return pow(x, y, n)
    root = next(r for r in range(2, n) if all(power(r, (n - 1) // f) != 1
                                              for f in factors(n - 1)))
    inverse = power(root, n - 2)
    g = np.array([power(root, i) for i in range(n - 1)], np.int16)
    back = np.array([power(inverse, i) for i in range(n - 1)], np.int16)
    b = np.fft.fft(np.exp(-2j * np.pi * back / n)).astype(np.complex64)
    return b, g, back


def bluestein_constants(n, size):
    k = np.arange(-n + 1, n)
    chirp = np.exp(1j * np.pi * (k.astype(float)**2) / n)
    full = np.zeros(size, complex)
    full[:2 * n - 1] = chirp
    return (np.conj(chirp[n - 1:]).astype(np.complex64), np.fft.fft(full).astype(np.complex64))


def expected(x, n, real, inverse):
    if real:
        return np.fft.irfft(x, n) if inverse else np.fft.rfft(x)
    return np.fft.ifft(x) if inverse else np.fft.fft(x)


def fft_case(rng, batch, n, real=False, inverse=False):
    plan = Plan(n)
    ins, outs = ("float32" if real and not inverse else "complex64",
                 "float32" if real and inverse else "complex64")
    if real and inverse:
        x = np.fft.rfft(rng.uniform(-1, 1, (batch, n))).astype(np.complex64)
    else:
        x = random(rng, (batch, n), ins)
    want = expected(x.astype(complex if ins == "complex64" else float), n, real, inverse)
    each = max(256 // plan.size, 1)
    room = power_of_2(each * plan.size)
    kind = "bluestein_fft" if plan.bluestein else "rader_fft" if plan.rader_n > 1 else "fft"
    spelled = {"float32": "float", "complex64": "float2"}
    kernel = f"{kind}_mem_{room}_{spelled[ins]}_{spelled[outs]}"
    elements = plan.elements()
    constants = {0: inverse, 1: plan.size == power_of_2(plan.size), 2: elements,
                 3: n // plan.rader_n, 22: False}
    constants.update({4 + i: s for i, s in enumerate(plan.steps + plan.rader)})
    buffers = {"x": x, "y": zeros(want.shape, outs)}
    args = {0: "x", 1: "y"}
    if plan.bluestein:
        buffers["k"], buffers["q"] = bluestein_constants(n, plan.bluestein)
        args.update({2: "q", 3: "k", 4: i32(n), 5: i32(plan.bluestein), 6: i32(batch)})
    elif plan.rader_n > 1:
        buffers["b"], buffers["g"], buffers["h"] = rader_constants(plan.rader_n)
        args.update({2: "b", 3: "g", 4: "h", 5: i32(n), 6: i32(batch), 7: i32(plan.rader_n)})
    else:
        args.update({2: i32(n), 3: i32(batch)})
    count = parts(batch, each)
    if real:
        count = parts(count, 2)
    group = (1, each, parts(plan.size, elements))
    return Case("fft", f"{kernel} {batch}x{n} {'inverse' * inverse}", buffers,
                [Launch(kernel, group, args, (count, *group[1:]), constants=constants)],
                [close(want, outs)])


def close(want, type_name):
    """MLX's own twiddle factors come from fast sine and cosine: a few 1e-6 of the largest."""
    top = float(np.abs(want).max())
    return Expect("y", want.astype(np.float32 if type_name == "float32" else np.complex64),
                  type_name, rtol=1e-5, atol=8e-6 * top)


def four_step_case(rng, batch, n, inverse=False):
    """Longer than 4096: transforms of columns, then of rows, through a buffer."""
    n2 = 64
    n1 = n // n2
    x = random(rng, (batch, n), "complex64")
    launches = []
    for step, size in enumerate((n1, n2)):
        plan = Plan(size)
        each = max(max(256 // size, 1), min(4, 4096 // size))
        elements = plan.elements()
        constants = {0: inverse, 1: True, 2: elements, 3: size, 22: False}
        constants.update({4 + i: s for i, s in enumerate(plan.steps + plan.rader)})
        group = (1, each, parts(size, elements))
        launches.append(Launch(
            f"four_step_mem_{power_of_2(each * size)}_float2_float2_{step}_false", group,
            {0: "xt"[step], 1: "ty"[step], 2: i32(n1), 3: i32(n2), 4: i32(batch * n // size)},
            (parts(batch * n // size, each), *group[1:]), constants=constants))
    return Case("fft", f"four_step {batch}x{n} {'inverse' * inverse}",
                {"x": x, "t": zeros(x.shape, "complex64"), "y": zeros(x.shape, "complex64")},
                launches, [close(expected(x.astype(complex), n, False, inverse), "complex64")])


def half_case(found):
    """The same on numbers of two halves, which carry the steps in between too."""
    def halves(x):
        if x.dtype != np.complex64:
            return x
        return x.view(np.float32).reshape(*x.shape, 2).astype(np.float16)

    for launch in found.launches:
        launch.kernel = launch.kernel.replace("float2", "complex32_t")
    found.name = found.name.replace("float2", "complex32_t") + " in halves"
    found.buffers = {name: halves(x) for name, x in found.buffers.items()}
    want = found.expects[0].want
    found.expects = [Expect("y", halves(want), "float16", rtol=2e-3,
                            atol=4e-3 * float(np.abs(want).max()))]
    return found


def twiddle_case():
    """The table for long batches: exp(-2 pi i k / 8p), k < p, for p = 8, 64, 512."""
    want = np.concatenate([np.exp(-2j * np.pi * np.arange(p) / (8 * p)) for p in (8, 64, 512)])
    return Case("fft", "generate_bluestein_twiddles", {"y": zeros(584, "complex64")},
                [Launch("generate_bluestein_twiddles", (584, 1, 1), {0: "y"}, (584, 1, 1))],
                [Expect("y", want.astype(np.complex64), "complex64", atol=1e-6)])


def behind_case(rng):
    """17 is no multiple of the elements of a thread: in a threadgroup that is not full MLX
    reads (and writes) behind the last transform: found."""
    found = fft_case(rng, 3, 17)
    found.name += ": reads behind the input"
    found.fault = "of buffer 'in' (408 bytes)"
    return found


def cases():
    rng = np.random.default_rng(80)
    for batch, n in ((7, 8), (5, 60), (3, 256), (2, 1001), (1, 2048), (1, 4096), (3, 13),
                     (2, 360)):
        yield fft_case(rng, batch, n)
    yield fft_case(rng, 3, 120, inverse=True)
    yield fft_case(rng, 5, 64, real=True)
    yield fft_case(rng, 3, 1000, real=True)
    yield fft_case(rng, 4, 100, real=True, inverse=True)
    yield fft_case(rng, 15, 17)
    yield behind_case(rng)
    yield fft_case(rng, 4, 62, inverse=True)
    yield fft_case(rng, 14, 34, real=True)
    yield fft_case(rng, 2, 47)
    yield fft_case(rng, 1, 509, inverse=True)
    yield four_step_case(rng, 1, 8192)
    yield four_step_case(rng, 2, 16384, inverse=True)
    yield twiddle_case()
    yield half_case(fft_case(rng, 3, 360))
    yield half_case(fft_case(rng, 2, 1024, inverse=True))
    yield half_case(fft_case(rng, 15, 17))
    yield half_case(fft_case(rng, 2, 47))
    yield half_case(four_step_case(rng, 1, 8192))
