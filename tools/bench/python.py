#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Triton's kernels from Python: what a launch costs, and how long kernels take beside Triton's own
interpreter and torch's operators.

    python tools/bench/python.py [--repeat N] [--no-interpreter]

wants tmjit, Triton, torch and numpy. Times of one table are taken in turns and medians are shown,
so that a busy machine changes them together. Triton's share is what a launch takes with a launcher
that does nothing; of a first launch, what is not spent in our two entry points.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/python"))
SHAPES = {"vector add 1M": 20, "softmax 4096x1024": 5, "matmul 512": 5}


def cases():
    """(name, launch, torch's operator, tensor of the result)"""
    import torch
    from triton_kernels import add_kernel, matmul_kernel, softmax_kernel
    torch.manual_seed(1)
    x, y, out = (torch.randn(1 << 20) for _ in range(3))
    rows, done = torch.randn(4096, 1024), torch.empty(4096, 1024)
    a, b, c = (torch.randn(512, 512) for _ in range(3))
    return (("vector add 1M", lambda: add_kernel[(1024,)](x, y, out, 1 << 20, BLOCK=1024),
             lambda: torch.add(x, y), out),
            ("softmax 4096x1024",
             lambda: softmax_kernel[(4096,)](rows, done, 1024, 1024, BLOCK=1024),
             lambda: torch.softmax(rows, 1), done),
            ("matmul 512",
             lambda: matmul_kernel[(8, 8)](a, b, c, 512, 512, 512, 64, 64, 32, True),
             lambda: a @ b, c))


def seconds(call, count=1):
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


def interpreted():
    """In a process with TRITON_INTERPRET=1: the seconds of each case, as JSON."""
    print(json.dumps({name: min(seconds(run) for _ in range(2)) for name, run, _, _ in cases()}))


def first():
    """In a process with full caches: microseconds of a kernel's first launch, and of ours in it."""
    import torch
    import triton
    from triton_kernels import add_kernel
    driver = triton.runtime.driver.active
    spent = []

    def timed(function):
        def call(*args, **keywords):
            start = time.perf_counter()
            try:
                return function(*args, **keywords)
            finally:
                spent.append((time.perf_counter() - start) * 1e6)
        return call
    x = torch.ones(128)
    driver.utils.load_binary = timed(driver.utils.load_binary)
    driver.launcher_cls.__call__ = timed(driver.launcher_cls.__call__)
    total = seconds(lambda: add_kernel[(1,)](x, x, x, 128, BLOCK=128)) * 1e6
    print(json.dumps([total, *spent]))


def ask(word, **variables):
    done = subprocess.run([sys.executable, __file__, word], env=os.environ | variables,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def show_warm(repeat):
    import numpy as np
    import torch
    from triton_kernels import add_kernel
    tensor, array = torch.ones(128), np.ones(128, np.float32)
    run = lambda value: add_kernel[(1,)](value, value, value, 128, BLOCK=128)
    compiled = run(tensor)
    pipeline, launcher = compiled.function, compiled.run
    times = {name: [] for name in ("tensor", "numpy", "Triton's share", "libtmjit")}
    nothing = lambda *_: None
    bound = []
    launch = pipeline.launch
    pipeline.launch = lambda *args: bound.append(args) or launch(*args)
    run(tensor)
    del pipeline.launch
    keep = tensor  # what `bound` points to, with a number that lives as long
    words = bound[0]
    import struct
    from tmjit import _c
    memory = bytearray(struct.pack("<q", 128))
    import ctypes
    number = (ctypes.c_char * 8).from_buffer(memory)
    bindings = (_c.Binding * words[2]).from_buffer_copy(words[1])
    bindings[3].data = ctypes.addressof(number)
    data = bytes(bindings)
    for _ in range(repeat):
        times["tensor"].append(seconds(lambda: run(tensor), 100))
        times["numpy"].append(seconds(lambda: run(array), 100))
        compiled._run = nothing
        times["Triton's share"].append(seconds(lambda: run(tensor), 100))
        compiled._run = launcher
        times["libtmjit"].append(seconds(lambda: launch(words[0], data, words[2]), 100))
    median = {name: statistics.median(found) * 1e6 for name, found in times.items()}
    share = median["Triton's share"]
    print("warm launch of 128 elements, us")
    print(f"  on tensors of torch     {median['tensor']:7.1f}")
    print(f"    Triton's share        {share:7.1f}")
    print(f"    beyond it             {median['tensor'] - share:7.1f}   aim: below 30")
    print(f"      in libtmjit, alone  {median['libtmjit']:7.1f}")
    print(f"  on arrays of numpy      {median['numpy']:7.1f}   {median['numpy'] - share:.1f} "
          "beyond Triton's share")
    del keep


def show_first(repeat):
    ask("--first")
    rows = [ask("--first") for _ in range(repeat)]
    total, load, launch = (statistics.median(column) for column in zip(*rows))
    print("first launch of a kernel in the cache, us")
    print(f"  all                     {total:7.0f}")
    print(f"    load_binary           {load:7.0f}")
    print(f"    first launch          {launch:7.0f}")
    print(f"    ours together         {load + launch:7.0f}   aim: below 3000")


def show_kernels(repeat, with_interpreter):
    import torch
    slow = ask("--interpreted", TRITON_INTERPRET="1") if with_interpreter else {}
    print(f"{'kernel':18} {'ms':>8} {'torch ms':>9} {'ratio':>6} {'interpreter ms':>15} "
          f"{'ratio':>6}")
    for name, run, operator, out in cases():
        run()
        torch.testing.assert_close(out, operator(), rtol=1e-3, atol=1e-3)
        times = [(seconds(run, SHAPES[name]), seconds(operator, SHAPES[name]))
                 for _ in range(repeat)]
        ours, theirs = (statistics.median(column) * 1e3 for column in zip(*times))
        line = f"{name:18} {ours:8.3f} {theirs:9.3f} {ours / theirs:6.2f}"
        if slow:
            line += f" {slow[name] * 1e3:15.1f} {slow[name] * 1e3 / ours:6.0f}"
        print(line)


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("--repeat", type=int, default=9)
    words.add_argument("--no-interpreter", action="store_true")
    words.add_argument("--interpreted", action="store_true", help=argparse.SUPPRESS)
    words.add_argument("--first", action="store_true", help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.interpreted:
        return interpreted()
    if given.first:
        return first()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"TMJIT_DEVICE": "sim", "TRITON_CACHE_DIR": folder + "/triton",
                       "TMJIT_CACHE_DIR": folder + "/tmjit"}
        show_warm(given.repeat)
        show_first(given.repeat)
        show_kernels(given.repeat, not given.no_interpreter)
    return None


if __name__ == "__main__":
    main()
