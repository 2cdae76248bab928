# SPDX-License-Identifier: MIT
"""ggml: recurrences of language models, what is beside them, the triangular solver, as defined:
a state that goes from token to token, in double precision."""
import numpy as np

from case import Case, Expect, Launch, random

from .arguments import of
from .products import matrix


def softplus(x):
    return np.log1p(np.exp(x))


def scan(h, rng):
    """Mamba-2: s = s exp(dt A) + dt x B, y = s C; the states of the last K tokens are kept."""
    for states, tokens, keep, wide in ((64, 5, 1, False), (128, 7, 3, True), (32, 1, 1, False)):
        seqs, heads, groups, rows = 2, 4, 2, 8
        s0 = random(rng, (3, heads, rows, states), "float32")
        x = random(rng, (seqs, tokens, heads, rows), "float32")
        dt = random(rng, (seqs, tokens, heads), "float32", -2, 2)
        a = random(rng, (heads, states if wide else 1), "float32", -1, 0)
        b, c = (random(rng, (seqs, tokens, groups, states), "float32") for _ in range(2))
        ids = np.array([2, 0], np.int32)
        s, y, kept = s0[ids].astype("f8"), np.zeros(x.shape), [None] * tokens
        per_group = heads // groups
        for t in range(tokens):
            step = softplus(dt[:, t].astype("f8"))[:, :, None, None]
            into = b[:, t].repeat(per_group, axis=1)[:, :, None, :]
            out = c[:, t].repeat(per_group, axis=1)[:, :, None, :]
            s = s * np.exp(step * a[None, :, None, :]) + into * x[:, t, :, :, None] * step
            y[:, t] = (s * out).sum(-1)
            kept[tokens - 1 - t] = s
        want = np.concatenate([y.ravel()] + [state.ravel() for state in kept[:keep]])
        args = h.pack("ssm_scan", of("0", s0), of("1", x), of("2", dt), of("3", a), of("4", b),
                      of("5", c), d_state=states, d_inner=rows, n_head=heads, n_group=groups,
                      n_seq_tokens=tokens, n_seqs=seqs, K=keep, s_off=4 * y.size,
                      ns12=heads * rows, ns21=heads, ns42=groups * states,
                      ns52=groups * states, nb0=4)
        sgs = -(-states // 32)
        yield Case("recurrence", f"kernel_ssm_scan_f32 {states} {tokens}",
                   {"s": s0, "x": x, "dt": dt, "A": a, "B": b, "C": c, "ids": ids,
                    "y": np.zeros(want.size, np.float32)},
                   [Launch("kernel_ssm_scan_f32", (states, 1, 1),
                           {0: args, 1: "s", 2: "x", 3: "dt", 4: "A", 5: "B", 6: "C", 7: "ids",
                            8: "y"}, groups=(rows, heads, seqs), local={0: 136 * sgs})],
                   [Expect("y", want, "float32", rtol=1e-5, atol=2e-5)])


def wkv(h, rng):
    seqs, each, heads = 2, 3, 2
    tokens, width = seqs * each, heads * 64

    def tensor(low=-1.0):
        return random(rng, (tokens, heads, 64), "float32", low)

    def sizes(first):
        return {first + i: np.uint32(n) for i, n in enumerate((seqs, tokens, width, heads))}

    k, v, r, decay = tensor(), tensor(), tensor(), tensor(0.0)
    bonus = random(rng, (heads, 64), "float32")
    state = random(rng, (seqs, heads, 64, 64), "float32")
    s, y = state.astype("f8"), np.zeros((tokens, heads, 64))
    for t in range(tokens):
        i, kv = t // each, k[t].astype("f8")[:, :, None] * v[t][:, None, :]
        y[t] = (r[t][:, :, None] * (bonus[:, :, None] * kv + s[i])).sum(1)
        s[i] = s[i] * decay[t][:, :, None] + kv
    want = np.concatenate([y.ravel(), s.ravel()])
    yield Case("recurrence", "kernel_rwkv_wkv6_f32",
               {"k": k, "v": v, "r": r, "tf": bonus, "td": decay, "s": state,
                "y": np.zeros(want.size, np.float32)},
               [Launch("kernel_rwkv_wkv6_f32", (64, 1, 1),
                       {0: "k", 1: "v", 2: "r", 3: "tf", 4: "td", 5: "s", 6: "y", **sizes(7)},
                       groups=(seqs * heads, 1, 1))],
               [Expect("y", want, "float32", rtol=1e-5, atol=2e-5)])
    a, b = tensor(), tensor()
    s, y = state.astype("f8"), np.zeros((tokens, heads, 64))
    for t in range(tokens):
        i = t // each
        along = (s[i] * a[t][:, None, :]).sum(-1)
        s[i] = (s[i] * decay[t][:, None, :] + v[t].astype("f8")[:, :, None] * k[t][:, None, :]
                + along[:, :, None] * b[t][:, None, :])
        y[t] = (s[i] * r[t][:, None, :]).sum(-1)
    want = np.concatenate([y.ravel(), s.ravel()])
    size = float(np.abs(want).max())
    yield Case("recurrence", "kernel_rwkv_wkv7_f32",
               {"r": r, "w": decay, "k": k, "v": v, "a": a, "b": b, "s": state,
                "y": np.zeros(want.size, np.float32)},
               [Launch("kernel_rwkv_wkv7_f32", (64, 1, 1),
                       {0: "r", 1: "w", 2: "k", 3: "v", 4: "a", 5: "b", 6: "s", 7: "y",
                        **sizes(8)}, groups=(seqs * heads, 1, 1))],
               [Expect("y", want, "float32", rtol=1e-5, atol=2e-6 * size)])


def delta(h, rng):
    """Gated delta rule: the state decays, then what k finds in it moves towards v."""
    first = h.numbers["FC_GATED_DELTA_NET"]
    for sgs, each_row, keep in ((1, False, 1), (2, True, 1), (4, False, 2)):
        width, seqs, tokens, heads, few = 32 * sgs, 2, 4, 4, 2
        q, k = (random(rng, (seqs, tokens, few, width), "float32", -0.3, 0.3) for _ in range(2))
        v = random(rng, (seqs, tokens, heads, width), "float32")
        gate = random(rng, (seqs, tokens, heads, width if each_row else 1), "float32", -1, 0)
        beta = random(rng, (seqs, tokens, heads), "float32", 0, 1)
        state = random(rng, (seqs, heads, width, width), "float32")
        s, y, kept = state.astype("f8"), np.zeros(v.shape), [None] * tokens
        for t in range(tokens):
            key = np.tile(k[:, t], (1, heads // few, 1))[:, :, None, :]
            query = np.tile(q[:, t], (1, heads // few, 1))[:, :, None, :]
            s = s * np.exp(gate[:, t, :, None, :])
            move = (v[:, t] - (s * key).sum(-1)) * beta[:, t, :, None]
            s = s + move[..., None] * key
            y[:, t] = (s * query).sum(-1) / np.sqrt(width)
            kept[tokens - 1 - t] = s
        want = np.concatenate([y.ravel()] + [part.ravel() for part in kept[:keep]])
        args = h.pack("gated_delta_net", of("0", q), of("1", k), of("2", v), ns02=few * width,
                      ns12=few * width, ns22=heads * width)
        name = f"kernel_gated_delta_net_f32_{sgs}"
        yield Case("recurrence", name,
                   {"q": q, "k": k, "v": v, "g": gate, "b": beta, "s": state,
                    "y": np.zeros(want.size, np.float32)},
                   [Launch(name, (32, sgs, 1),
                           {0: args, 1: "q", 2: "k", 3: "v", 4: "g", 5: "b", 6: "s", 7: "y"},
                           groups=(width // sgs, heads, seqs),
                           constants={first: width, first + 1: gate.shape[-1],
                                      first + 2: keep})],
                   [Expect("y", want, "float32", rtol=1e-5, atol=2e-5)])


def triangular(h, rng):
    first, size, columns = h.numbers["FC_SOLVE_TRI"], 64, 11
    a = np.tril(random(rng, (2, 3, size, size), "float32", -0.2, 0.2))
    a[..., np.arange(size), np.arange(size)] = rng.uniform(1, 2, (2, 3, size))
    b = random(rng, (2, 3, size, columns), "float32")
    want = np.linalg.solve(a.astype("f8"), b.astype("f8"))
    yield Case("recurrence", "kernel_solve_tri_f32", {"a": a, "b": b, "y": np.zeros_like(b)},
               [Launch("kernel_solve_tri_f32", (32, 8, 1),
                       {0: h.pack("solve_tri", of("0", a), of("1", b), of("", b)), 1: "a",
                        2: "b", 3: "y"}, groups=(-(-columns // 8), 3, 2),
                       local={0: size * 8 * 4},
                       constants={first: 8, first + 1: size, first + 2: columns})],
               [Expect("y", want, "float32", rtol=1e-4, atol=1e-5 * float(np.abs(want).max()))])


def indexer(h, rng):
    """Which keys matter: of 64 heads, what of q k' is positive, weighted."""
    for kind in ("f32", "f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0"):
        streams, batch, keys = 2, 10, 70
        q = random(rng, (streams, batch, 64, 128), "float32")
        k, k_numbers, of_k = matrix(rng, kind, (streams, keys, 1, 128))
        w = random(rng, (streams, 1, batch, 64), "float32")
        mask = random(rng, (1, 1, batch, keys), "float16")
        score = np.maximum(np.einsum("sbhd,skd->sbhk", q.astype("f8"), k_numbers[:, :, 0]), 0)
        want = (score * w[:, 0, :, :, None]).sum(2) + mask[0, 0].astype("f8")
        size = float((score * np.abs(w[:, 0, :, :, None])).sum(2).max())
        args = h.pack("lightning_indexer", n_kv=keys, n_batch=batch, mask_ne3=1, nb1=4 * keys,
                      nb3=4 * keys * batch, nbq1=q.strides[2], nbq2=q.strides[1],
                      nbq3=q.strides[0], nbk2=of_k["nb02"], nbk3=of_k["nb03"],
                      nbw1=w.strides[2], nbw3=w.strides[0], nbm1=mask.strides[2],
                      nbm3=mask.strides[0])
        name = f"kernel_lightning_indexer_{kind}"
        yield Case("recurrence", name,
                   {"q": q, "k": k, "w": w, "m": mask, "y": np.zeros(want.shape, np.float32)},
                   [Launch(name, (32, 8, 1), {0: args, 1: "q", 2: "k", 3: "w", 4: "m", 5: "y"},
                           groups=(-(-keys // 64), -(-batch // 8), streams))],
                   [Expect("y", want, "float32", atol=2e-3 * size)])


def named(prefix, array):
    """Strides as these structs have them, the innermost first."""
    return {f"nb_{prefix}{i}": step for i, step in enumerate(array.strides[::-1])}


def connections(h, rng):
    """Four streams of a model: how they mix (rows and columns whose sums are one), what goes
    into a layer, what comes out."""
    tokens, wide, eps = 6, 70, 1e-3
    mixes, scale = random(rng, (tokens, 24), "float32", -3, 3), random(rng, (3,), "float32")
    base, y = random(rng, (24,), "float32"), np.zeros((tokens, 4, 4), np.float32)
    v = (mixes[:, 8:].astype("f8") * scale[2] + base[8:]).reshape(-1, 4, 4)
    v = np.exp(v - v.max(-1, keepdims=True))
    v = v / v.sum(-1, keepdims=True) + eps
    v = v / (v.sum(1, keepdims=True) + eps)
    for _ in range(2):
        v = v / (v.sum(2, keepdims=True) + eps)
        v = v / (v.sum(1, keepdims=True) + eps)
    near = {"rtol": 1e-5, "atol": 2e-6}
    args = h.pack("dsv4_hc_comb", named("m", mixes), named("s", scale), named("b", base),
                  named("d", y), n_tokens=tokens, n_iter=3, eps=eps)
    yield Case("recurrence", "kernel_dsv4_hc_comb_f32",
               {"m": mixes, "s": scale, "b": base, "y": y},
               [Launch("kernel_dsv4_hc_comb_f32", (32, 4, 1),
                       {0: args, 1: "m", 2: "s", 3: "b", 4: "y"}, groups=(2, 1, 1))],
               [Expect("y", v, "float32", **near)])
    x, w = random(rng, (tokens, 4, wide), "float32"), random(rng, (tokens, 4), "float32")
    one = random(rng, (tokens, wide), "float32")
    comb = random(rng, (tokens, 4, 4), "float32")
    args = h.pack("dsv4_hc_pre", named("x", x), named("w", w), named("d", one), n_embd=wide,
                  n_tokens=tokens)
    launch = {"group": (32, 3, 1), "groups": (1, tokens, 1)}
    yield Case("recurrence", "kernel_dsv4_hc_pre_f32", {"x": x, "w": w, "y": np.zeros_like(one)},
               [Launch("kernel_dsv4_hc_pre_f32", args={0: args, 1: "x", 2: "w", 3: "y"},
                       **launch)],
               [Expect("y", (x.astype("f8") * w[:, :, None]).sum(1), "float32", **near)])
    want = (one.astype("f8")[:, None] * w[:, :, None]
            + np.einsum("tsd,tse->tde", comb.astype("f8"), x))
    args = h.pack("dsv4_hc_post", named("x", one), named("r", x), named("p", w),
                  named("c", comb), named("d", x), n_embd=wide, n_tokens=tokens)
    yield Case("recurrence", "kernel_dsv4_hc_post_f32",
               {"x": one, "r": x, "p": w, "c": comb, "y": np.zeros_like(x)},
               [Launch("kernel_dsv4_hc_post_f32",
                       args={0: args, 1: "x", 2: "r", 3: "p", 4: "c", 5: "y"}, **launch)],
               [Expect("y", want, "float32", **near)])


def cases(h):
    rng = np.random.default_rng(8)
    for family in (scan, wkv, delta, triangular, indexer, connections):
        yield from family(h, rng)
