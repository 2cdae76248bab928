#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""stubs.py NM OUT OBJECT...: a stub for each LLVM function that the objects call.

A stub jumps through its slot of tj_llvm_table, which ir/lazy/open.c fills. Until then the slot
leads to code that keeps the arguments, fills the table and goes on, for a call that nobody has
prepared by tj_llvm_open. x86-64 only (System V ABI, AMD64 supplement 1.0, section 3.2.3: the
registers of arguments; rax counts those in vector registers).
"""
import subprocess
import sys

HEAD = """/* Written by ir/lazy/stubs.py. */
extern const char *const tj_llvm_names[];
const char *const tj_llvm_names[] = {{
{names}
    0}};
"""
INTEGERS = ("rax", "rdi", "rsi", "rdx", "rcx", "r8", "r9")
VECTORS = range(8)
STUB = ("{name}: jmp *tj_llvm_table+{at}(%rip)",
        ".globl {name}", ".hidden {name}", ".type {name}, @function", ".size {name}, .-{name}",
        "1: push ${index}", "jmp tj_llvm_first_call",
        '.pushsection .data.tj_llvm_table,\\"aw\\"', ".quad 1b", ".popsection")


def asm(lines):
    return "__asm__(" + "\n        ".join(f'"{line}\\n"' for line in lines) + ");\n"


def first_call():
    """rsp is a multiple of 16 behind the stub's push, and again at the call: 7 words and 136."""
    yield "tj_llvm_first_call:"
    for name in INTEGERS:
        yield f"push %{name}"
    yield "sub $136, %rsp"
    for i in VECTORS:
        yield f"movups %xmm{i}, {16 * i}(%rsp)"
    yield "call tj_llvm_need"
    for i in VECTORS:
        yield f"movups {16 * i}(%rsp), %xmm{i}"
    yield "add $136, %rsp"
    for name in reversed(INTEGERS):
        yield f"pop %{name}"
    yield "pop %r11"
    yield "lea tj_llvm_table(%rip), %r10"
    yield "jmp *(%r10, %r11, 8)"


def main(argv):
    nm, out, objects = argv[1], argv[2], argv[3:]
    listing = subprocess.run([nm, "-u", *objects], check=True, capture_output=True,
                             text=True).stdout
    words = {line.split()[-1] for line in listing.splitlines() if line.strip()}
    names = sorted(word for word in words if word.startswith(("LLVM", "llvm_")))
    if not names:
        sys.exit("the objects call no LLVM function")
    with open(out, "w") as file:
        file.write(HEAD.format(names="\n".join(f'    "{name}",' for name in names)))
        file.write(asm(['.pushsection .data.tj_llvm_table,\\"aw\\"', ".balign 8",
                        ".globl tj_llvm_table", ".hidden tj_llvm_table", "tj_llvm_table:",
                        ".popsection", ".text", *first_call()]))
        for index, name in enumerate(names):
            file.write(asm(line.format(name=name, at=8 * index, index=index)
                           for line in STUB))


if __name__ == "__main__":
    main(sys.argv)
