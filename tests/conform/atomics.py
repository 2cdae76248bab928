# SPDX-License-Identifier: MIT
"""Atomics: every operation, type and space, against the same operations one after the other.

Each thread works on a cell of its own and on one of a few that it shares. What a cell holds at the
end does not depend on the order but for exchanges; the old values of own cells are exact, those
of shared cells must be a sequence that some order of the threads gives.
"""
import collections

import numpy as np

import floats
from engine import MODES
from integers import Type

THREADS = 192
Space = collections.namedtuple("Space", "name number scope")
SPACES = (Space("global", 1, 2), Space("local", 3, 1))
STEPS = {
    "add": lambda t, a, b: a + b, "sub": lambda t, a, b: a - b, "min": lambda t, a, b: min(a, b),
    "max": lambda t, a, b: max(a, b), "and": lambda t, a, b: a & b, "or": lambda t, a, b: a | b,
    "xor": lambda t, a, b: a ^ b,
}
HEAD = """define void @k(ptr addrspace(1) "tmjit.type"="{elem}" %in0, {extra}ptr addrspace(1) "tmjit.type"="{elem}" %out, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {{
  %cell = urem i32 %i, {cells}
  %own = add i32 %i, {cells}
  %pv = getelementptr {kind}, ptr addrspace(1) %in0, i32 %i
  %v = load {kind}, ptr addrspace(1) %pv
"""
LOCAL = "@memory = internal addrspace(3) global [{words} x {kind}] undef\n"


def operation(space, op, marker, kind, more, returns, number, pointer, value, orders=1):
    """One call; `more` is the extra operand from AIR 2.9 on."""
    result = kind if returns else "void"
    types = [f"ptr addrspace({space.number})"] + ([kind] if value else []) + ["i32"] * orders + \
        ["i32"] + ["i32"] * more + ["i1"]
    name = f"air.atomic.{space.name}.{op}.{marker}"
    args = [f"{types[0]} {pointer}"] + ([f"{kind} {value}"] if value else []) + \
        ["i32 0"] * orders + [f"i32 {space.scope}"] + ["i32 0"] * more + ["i1 false"]
    out = f"%old{number} = " if returns else ""
    return (f"  {out}call {result} @{name}({', '.join(args)})\n",
            f"declare {result} @{name}({', '.join(types)})\n")


class Program:
    """A kernel that works on CELLS shared cells, then one cell a thread, of one space."""

    CELLS = 3

    def __init__(self, space, kind, elem):
        self.space, self.kind, self.elem = space, kind, elem
        self.words = self.CELLS + THREADS
        self.body, self.declares = "", ""
        self.count = 0

    def at(self, index):
        self.count += 1
        base = "%out" if self.space.name == "global" else "@memory"
        self.body += (f"  %p{self.count} = getelementptr {self.kind}, ptr "
                      f"addrspace({self.space.number}) {base}, i32 {index}\n")
        return f"%p{self.count}"

    def call(self, *args):
        line, declare = operation(self.space, *args)
        self.body += line
        if declare not in self.declares:
            self.declares += declare

    def keep(self, value, place):
        """Stores an old value at place * THREADS + i behind the cells."""
        self.count += 1
        n = self.count
        self.body += (f"  %o{n} = add i32 %i, {self.words + place * THREADS}\n"
                      f"  %q{n} = getelementptr {self.kind}, ptr addrspace(1) %out, i32 %o{n}\n"
                      f"  store {self.kind} {value}, ptr addrspace(1) %q{n}\n")

    def text(self):
        """Local cells come from and go to the same places of `out`, between barriers."""
        is_local = self.space.name == "local"
        barrier = "  call void @air.wg.barrier(i32 2, i32 1)\n" if is_local else ""
        fill = drain = ""
        if is_local:
            for n, place in enumerate(("%cell", "%own")):
                names = {"k": self.kind, "n": n, "p": place}
                fill += ("  %f{n} = getelementptr {k}, ptr addrspace(1) %out, i32 {p}\n"
                         "  %g{n} = load {k}, ptr addrspace(1) %f{n}\n"
                         "  %h{n} = getelementptr {k}, ptr addrspace(3) @memory, i32 {p}\n"
                         "  store {k} %g{n}, ptr addrspace(3) %h{n}\n").format(**names)
                drain += ("  %d{n} = load {k}, ptr addrspace(3) %h{n}\n"
                          "  store {k} %d{n}, ptr addrspace(1) %f{n}\n").format(**names)
        head = HEAD.format(elem=self.elem, kind=self.kind, cells=self.CELLS, extra="")
        text = (LOCAL.format(words=self.words, kind=self.kind) if is_local else "") + head
        text += fill + barrier + self.body + barrier + drain + "  ret void\n}\n" + self.declares
        return text + ("declare void @air.wg.barrier(i32, i32)\n" if is_local else "")


def run_program(context, program, values, start, olds, mode):
    out = np.concatenate([start, np.zeros(olds * THREADS, start.dtype)])
    got = context.engine.run(program.text(), [values], out, THREADS, mode,
                             ("--threadgroup", str(THREADS)))
    context.count += len(got)
    return got[:len(start)], got[len(start):].reshape(olds, THREADS)


def check(context, name, mode, got, exact, what):
    different = np.flatnonzero(np.asarray(got, np.uint64) != np.asarray(exact, np.uint64))
    for place in different[:2]:
        context.fail(f"{name} {'/'.join(mode)} {what} {place}: {int(got[place]):#x}, exactly "
                     f"{int(exact[place]):#x}; {len(different)} such")


def integers(context):
    for space in SPACES:
        for op, step in STEPS.items():
            for sign in "su":
                for more in (0, 1):
                    for mode in MODES[:2]:
                        run_integer(context, space, op, step, Type(32, sign == "s"), sign, more,
                                    mode)
    for op in ("min", "max"):
        for mode in MODES[:2]:
            run_integer(context, SPACES[0], op, STEPS[op], Type(64, False), "u", 0, mode)


def run_integer(context, space, op, step, t, sign, more, mode):
    kind, returns = f"i{t.bits}", t.bits == 32
    rng = np.random.default_rng(t.bits)
    dtype = np.dtype(f"u{t.bits // 8}")
    values = rng.integers(0, 1 << t.bits, THREADS, dtype=dtype)
    start = rng.integers(0, 1 << t.bits, Program.CELLS + THREADS, dtype=dtype)
    program = Program(space, kind, "uint" if t.bits == 32 else "ulong")
    marker = f"{sign}.{kind}"
    program.call(op, marker, kind, more, returns, 0, program.at("%own"), "%v")
    program.call(op, marker, kind, more, returns, 1, program.at("%cell"), "%v")
    if returns:
        program.keep("%old0", 0)
        program.keep("%old1", 1)
    cells, olds = run_program(context, program, values, start, 2, mode)
    exact = [int(v) for v in start]
    for i, v in enumerate(values):
        for place in (i % Program.CELLS, Program.CELLS + i):
            exact[place] = t.wrap(step(t, t.value(exact[place]), t.value(int(v))))
    name = f"air.atomic.{space.name}.{op}.{marker}"
    check(context, name, mode, cells, exact, "cell")
    if returns:
        check(context, name, mode, olds[0], start[Program.CELLS:], "old value of own cell")
        check_order(context, name, mode, step, t, values, start, olds[1])


def check_order(context, name, mode, step, t, values, start, olds):
    """Threads of a shared cell in the order in which each finds what the last one left."""
    for cell in range(Program.CELLS):
        waiting = collections.defaultdict(list)
        for i in range(cell, THREADS, Program.CELLS):
            waiting[int(olds[i])].append(i)
        state = int(start[cell])
        total = (THREADS - cell + Program.CELLS - 1) // Program.CELLS
        done = walk(step, t, values, waiting, state)
        if done != total:
            context.fail(f"{name} {'/'.join(mode)}: old values of cell {cell} fit no order "
                         f"({done} of {total})")


def walk(step, t, values, waiting, state):
    """How many threads an order can take; those that change nothing go first."""
    done = 0
    while waiting.get(state):
        ready = waiting[state]
        still = [i for i in ready
                 if t.wrap(step(t, t.value(state), t.value(int(values[i])))) == state]
        i = still[0] if still else ready[0]
        ready.remove(i)
        state = t.wrap(step(t, t.value(state), t.value(int(values[i]))))
        done += 1
    return done


# ---- floats ----------------------------------------------------------------------------------

def float_operations(context):
    """add and sub: own cells exactly, shared ones with whole numbers, which any order sums."""
    for space in SPACES:
        for op in ("add", "sub"):
            for mode in MODES[:2]:
                rng = np.random.default_rng(9)
                fmt = floats.FLOAT
                own = floats.random_bits(fmt, rng, 4 * THREADS)[:THREADS]
                values = floats.encode(fmt, rng.integers(-50, 50, THREADS)).astype(np.uint32)
                start = np.concatenate([floats.encode(fmt, rng.integers(-9, 9, Program.CELLS)),
                                        own]).astype(np.uint32)
                program = Program(space, "float", "float")
                program.call(op, "f32", "float", 0, True, 0, program.at("%own"), "%v")
                program.call(op, "f32", "float", 0, True, 1, program.at("%cell"), "%v")
                program.keep("%old0", 0)
                cells, olds = run_program(context, program, values.view(np.float32),
                                          start.view(np.float32), 1, mode)
                cells, olds = cells.view(np.uint32), olds.view(np.uint32)
                number = floats.decode(fmt, values) * (1 if op == "add" else -1)
                exact = floats.decode(fmt, start)
                with np.errstate(all="ignore"):
                    exact[Program.CELLS:] = exact[Program.CELLS:] + number
                for i in range(THREADS):
                    exact[i % Program.CELLS] += number[i]
                name = f"air.atomic.{space.name}.{op}.f32"
                bits = floats.encode(fmt, exact)
                nan = np.isnan(exact) & np.isnan(floats.decode(fmt, cells))
                check(context, name, mode, np.where(nan, 0, cells), np.where(nan, 0, bits), "cell")
                check(context, name, mode, olds[0], start[Program.CELLS:], "old value")


# ---- loads, stores, exchanges, compare-exchanges -------------------------------------------------

def moves(context):
    for space in SPACES:
        for kind, elem, marker in (("i32", "uint", "i32"), ("float", "float", "f32")):
            for more in (0, 1):
                for mode in MODES[:2]:
                    run_moves(context, space, kind, elem, marker, more, mode)


def run_moves(context, space, kind, elem, marker, more, mode):
    rng = np.random.default_rng(3)
    values = rng.integers(1, 1 << 30, THREADS, dtype=np.uint32)
    start = rng.integers(1, 1 << 30, Program.CELLS + THREADS, dtype=np.uint32)
    start[Program.CELLS:][::2] = values[::2]  # every second comparison succeeds
    program = Program(space, kind, elem)
    pointer = program.at("%own")
    program.call("load", marker, kind, more, True, 0, pointer, None)
    program.body += f"  %box = alloca {kind}\n  store {kind} %v, ptr %box\n"
    compare(program, space, marker, kind, more, pointer)
    program.body += f"  %seen = load {kind}, ptr %box\n"
    program.call("xchg", marker, kind, more, True, 2, program.at("%cell"), "%v")
    program.call("xchg", marker, kind, more, True, 3, pointer, "%v")
    program.call("store", marker, kind, more, False, 4, pointer, "%old0")
    for place, value in enumerate(("%old0", "%old1", "%seen", "%old2", "%old3")):
        program.keep(value, place)
    view = np.float32 if kind == "float" else np.uint32
    cells, olds = run_program(context, program, values.view(view), start.view(view), 5, mode)
    cells, olds = cells.view(np.uint32), olds.view(np.uint32)
    own = start[Program.CELLS:]
    name = f"air.atomic.{space.name}.*.{marker}"
    # %desired is 7; a failed comparison writes the cell's value into the box
    check(context, name, mode, olds[0], own, "loaded value")
    check(context, name, mode, olds[1], own, "old value of cmpxchg")
    check(context, name, mode, olds[2], np.where(own == values, values, own), "box of cmpxchg")
    check(context, name, mode, olds[4], np.where(own == values, desired(kind), own),
          "old value of xchg")
    check(context, name, mode, cells[Program.CELLS:], own, "stored value")
    for cell in range(Program.CELLS):
        left = collections.Counter(int(v) for v in values[cell::Program.CELLS])
        left[int(start[cell])] += 1
        left.subtract(int(v) for v in olds[3][cell::Program.CELLS])
        rest = [v for v, count in left.items() for _ in range(count)]
        if rest != [int(cells[cell])]:
            context.fail(f"{name} {'/'.join(mode)}: exchanges of cell {cell} lose values")


def desired(kind):
    return int(floats.encode(floats.FLOAT, [7.0])[0]) if kind == "float" else 7


def compare(program, space, marker, kind, more, pointer):
    seven = "7.0" if kind == "float" else "7"
    types = [f"ptr addrspace({space.number})", "ptr", kind, "i32", "i32", "i32"] + \
        ["i32"] * more + ["i1"]
    args = [f"{types[0]} {pointer}", "ptr %box", f"{kind} {seven}", "i32 0", "i32 0",
            f"i32 {space.scope}"] + ["i32 0"] * more + ["i1 false"]
    name = f"air.atomic.{space.name}.cmpxchg.weak.{marker}"
    program.body += f"  %old1 = call {kind} @{name}({', '.join(args)})\n"
    program.declares += f"declare {kind} @{name}({', '.join(types)})\n"


def ids(table):
    return {i for i in table if i.startswith("ATOMIC_") and i != "ATOMIC_FENCE"}


GROUPS = {"atomics": (ids, lambda context: (integers(context), float_operations(context),
                                            moves(context)))}
