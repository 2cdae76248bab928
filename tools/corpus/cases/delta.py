# SPDX-License-Identifier: MIT
"""The gated delta rule, as MLX's gated_delta_update.cpp launches it: one step after the other,
with states kept for the way back, in chunks of eight steps, and its gradients.

A state S of every head decays by g and is corrected towards v along k; q reads it:
S = g S + d k', d = b (v - g S k), y = S q.
"""
import numpy as np

from case import Case, Expect, Launch, i32, load, parts, random, store, zeros

SPELLING = {"float32": "float", "float16": "float16_t", "bfloat16": "bfloat16_t"}
SIZE = 128  # of keys and values: MLX has no other
SLACK = {"float32": 2e-5, "float16": 2e-3, "bfloat16": 2e-2}


class Problem:
    """Inputs by name, (batch, steps, heads, size), and the same as numbers with a head of
    keys for every head of values."""

    def __init__(self, rng, type_name, steps, key_heads, heads, batch=1, exact=False):
        self.type, self.steps, self.batch = type_name, steps, batch
        self.key_heads, self.heads = key_heads, heads
        some, few = (batch, steps, heads, SIZE), (batch, steps, key_heads, SIZE)

        def of(shape, low, high):
            if not exact:
                return random(rng, shape, type_name, low, high)
            whole = rng.integers(-1, 2, shape) * (rng.random(shape) < 0.04)
            return store(whole, type_name)

        self.buffers = {"q": of(few, -1, 1), "k": of(few, -0.2, 0.2), "v": of(some, -1, 1)}
        for name, low in (("g", 0.6), ("b", 0.2)):
            self.buffers[name] = (
                store(rng.choice([0.5, 1], some[:3]), type_name) if exact
                else random(rng, some[:3], type_name, low, 1))
        self.buffers["h"] = random(rng, (batch, heads, SIZE, SIZE), "float32")
        if exact:
            self.buffers["h"] = np.trunc(2 * self.buffers["h"])
        wide = {name: load(x, "float32" if name == "h" else type_name)
                for name, x in self.buffers.items()}
        for name in "qk":
            wide[name] = np.repeat(wide[name], heads // key_heads, 2)
        self.wide = wide
        self.run()

    def run(self):
        """self.states: before each step and at the end."""
        n, self.states = self.wide, [self.wide["h"]]
        self.y = np.empty(n["v"].shape)
        for t in range(self.steps):
            state = n["g"][:, t, :, None, None] * self.states[-1]
            seen = np.einsum("bhvk,bhk->bhv", state, n["k"][:, t])
            delta = n["b"][:, t, :, None] * (n["v"][:, t] - seen)
            self.states.append(state + np.einsum("bhv,bhk->bhvk", delta, n["k"][:, t]))
            self.y[:, t] = np.einsum("bhvk,bhk->bhv", self.states[-1], n["q"][:, t])

    def gradients(self, of_y, of_state):
        """Of sum(of_y * y) + sum(of_state * last state)."""
        n, total = self.wide, of_state
        found = {name: np.zeros(n[name].shape) for name in "qkvgb"}
        for t in reversed(range(self.steps)):
            k, q, cot = n["k"][:, t], n["q"][:, t], of_y[:, t]
            gain, weight = n["g"][:, t, :, None], n["b"][:, t, :, None]
            decayed = gain[..., None] * self.states[t]
            total = total + np.einsum("bhv,bhk->bhvk", cot, q)
            of_delta = np.einsum("bhvk,bhk->bhv", total, k)
            error = n["v"][:, t] - np.einsum("bhvk,bhk->bhv", decayed, k)
            found["q"][:, t] = np.einsum("bhvk,bhv->bhk", self.states[t + 1], cot)
            found["k"][:, t] = (np.einsum("bhvk,bhv->bhk", total, weight * error)
                                - np.einsum("bhvk,bhv->bhk", decayed, weight * of_delta))
            found["v"][:, t] = weight * of_delta
            found["b"][:, t] = (of_delta * error).sum(-1)
            total = total - np.einsum("bhv,bhk->bhvk", weight * of_delta, k)
            found["g"][:, t] = (total * self.states[t]).sum((-1, -2))
            total = gain[..., None] * total
        for name in "qk":
            found[name] = found[name].reshape(
                self.batch, self.steps, self.key_heads, -1, SIZE).sum(3)
        return {**found, "h": total}

    def kernel(self, operation, last):
        return (f"{operation}_{SPELLING[self.type]}_{SIZE}_{SIZE}_{self.key_heads}_{self.heads}"
                f"_{last}")

    def forward(self, kernel, rows, constants):
        """A launch; `rows` of the values a SIMD-group."""
        return Launch(kernel, (32, 4, 1), {
            0: "q", 1: "k", 2: "v", 3: "h", 4: "g", 5: "b", 6: "y", 7: "s",
            8: i32(self.steps)}, (32, SIZE // rows, self.batch * self.heads),
            constants=constants)

    def case(self, launches, more=(), expects=()):
        slack = SLACK[self.type]
        return Case("delta", f"{launches[-1].kernel} {self.batch}x{self.steps}",
                    {**self.buffers, "y": zeros(self.y.shape, self.type),
                     "s": zeros(self.states[-1].shape, "float32"), **dict(more)}, launches,
                    [Expect("y", store(self.y, self.type), self.type, slack, slack),
                     Expect("s", self.states[-1].astype(np.float32), "float32", 2e-5, 2e-5),
                     *expects])


def steps_case(*args, kept=0, **more):
    """kept: every how many steps the state is kept for the way back; 0: never."""
    p = Problem(*args, **more)
    launch = p.forward(p.kernel("seq_gated_delta", kept or 1), 1, {200: kept > 0})
    if not kept:
        return p.case([launch])
    launch.args[9] = "c"
    states = np.stack(p.states[:-1:kept], 2).astype(np.float32)
    return p.case([launch], {"c": zeros(states.shape, "float32")},
                  [Expect("c", states, "float32", 2e-5, 2e-5)])


def chunk_case(*args, **more):
    p = Problem(*args, **more)
    return p.case([p.forward(p.kernel("gated_delta_fused_chunk", 8), 8, {200: False})])


def gradient_case(rng, type_name, steps, key_heads, heads, kept, **more):
    """Threadgroups add to the same elements, in no order: numbers whose sums are exact."""
    p = Problem(rng, type_name, steps, key_heads, heads, exact=True, **more)
    cot_y = store(rng.integers(-1, 2, p.y.shape), type_name)
    cot_state = np.trunc(2 * random(rng, p.states[0].shape, "float32"))
    want = p.gradients(load(cot_y, type_name), cot_state.astype(float))
    kept_states = (p.batch * heads, parts(steps, kept), SIZE, SIZE)
    first = p.forward(p.kernel("seq_gated_delta", kept), 1, {200: True})
    first.args[9] = "c"
    args = dict(enumerate(["q", "k", "v", "g", "b", "cy", "cs", "c", i32(steps)]))
    args.update({9 + i: "d" + name for i, name in enumerate("qkvgbh")})
    second = Launch(p.kernel("seq_gated_delta_vjp", kept), (32, 4, 1), args, first.grid)
    return p.case(
        [first, second],
        {"c": zeros(kept_states, "float32"), "cy": cot_y, "cs": cot_state,
         **{"d" + name: zeros(x.shape, "float32") for name, x in want.items()}},
        [Expect("d" + name, x.astype(np.float32), "float32") for name, x in want.items()])


def cases():
    rng = np.random.default_rng(100)
    yield steps_case(rng, "float32", 5, 16, 16)
    yield steps_case(rng, "float16", 4, 16, 32, kept=4)
    yield steps_case(rng, "bfloat16", 5, 24, 24, kept=1)
    yield chunk_case(rng, "float32", 19, 16, 16)
    yield chunk_case(rng, "float16", 8, 16, 48)
    yield gradient_case(rng, "float32", 3, 16, 16, 1)
    yield gradient_case(rng, "float16", 5, 16, 32, 4)
    yield gradient_case(rng, "bfloat16", 3, 24, 24, 8)
