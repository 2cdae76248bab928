#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints a kernel of an odd shape: odd_kernels.py SHAPE COUNT."""
import sys

HEAD = """declare void @llvm.memcpy.p1.p1.i64(ptr addrspace(1), ptr addrspace(1), i64, i1)
define void @k(ptr addrspace(1) "tmjit.type"="int" %y,
    i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %v = load i32, ptr addrspace(1) %p
"""


def switch(n):
    cases = "".join(f"    i32 {j}, label %c{j}\n" for j in range(n))
    blocks = "".join(f"c{j}:\n  br label %e\n" for j in range(n))
    values = "".join(f", [ {j * 7 % 1000}, %c{j} ]" for j in range(n))
    return (f"  switch i32 %v, label %d [\n{cases}  ]\n{blocks}d:\n  br label %e\ne:\n"
            f"  %r = phi i32 [ -1, %d ]{values}\n  store i32 %r, ptr addrspace(1) %p\n")


def returns(n):
    return "".join(f"  %c{j} = icmp eq i32 %v, {j}\n  br i1 %c{j}, label %a{j}, label %b{j}\n"
                   f"a{j}:\n  store i32 {j * 5}, ptr addrspace(1) %p\n  ret void\nb{j}:\n"
                   for j in range(n))


def copies(n):
    call = ("  call void @llvm.memcpy.p1.p1.i64(ptr addrspace(1) %h, ptr addrspace(1) %y, "
            "i64 40000, i1 false)\n")
    return "  %h = getelementptr i32, ptr addrspace(1) %y, i32 10000\n" + call * n


def phis(n):
    ones = "".join(f"  %x{j} = add i32 %v, {j}\n" for j in range(n))
    others = "".join(f"  %z{j} = mul i32 %v, {j + 3}\n" for j in range(n))
    merged = "".join(f"  %r{j} = phi i32 [ %x{j}, %a ], [ %z{j}, %b ]\n" for j in range(n))
    sums = "".join(f"  %s{j} = xor i32 %s{j - 1}, %r{j}\n" for j in range(1, n))
    return (f"  %c = icmp ugt i32 %v, 5\n  br i1 %c, label %a, label %b\na:\n{ones}"
            f"  br label %e\nb:\n{others}  br label %e\ne:\n{merged}  %s0 = add i32 %r0, 0\n"
            f"{sums}  store i32 %s{n - 1}, ptr addrspace(1) %p\n")


def loops(n):
    heads = "".join(f"h{j}:\n  %n{j} = phi i32 [ 0, %{f'h{j - 1}' if j else 'entry'} ], "
                    f"[ %m{j}, %l{j} ]\n  br label %{f'h{j + 1}' if j < n - 1 else 'body'}\n"
                    for j in range(n))
    ends = "".join(f"l{j}:\n  %m{j} = add i32 %n{j}, 1\n  %c{j} = icmp ult i32 %m{j}, %v\n"
                   f"  br i1 %c{j}, label %h{j}, label %{f'l{j - 1}' if j else 'done'}\n"
                   for j in reversed(range(n)))
    return (f"  br label %h0\n{heads}body:\n  store i32 %v, ptr addrspace(1) %p\n"
            f"  br label %l{n - 1}\n{ends}done:\n")


def stores(n):
    return "".join(f"  %c{j} = icmp eq i32 %v, {j}\n  br i1 %c{j}, label %a{j}, label %b{j}\n"
                   f"a{j}:\n  store i32 {j * 5}, ptr addrspace(1) %p\n  br label %b{j}\n"
                   f"b{j}:\n" for j in range(n))


def accesses(n):
    return "".join(f"  %q{j} = getelementptr i32, ptr addrspace(1) %y, i32 {j % 10000}\n"
                   f"  store volatile i32 {j}, ptr addrspace(1) %q{j}\n" for j in range(n))


shape, count = sys.argv[1], int(sys.argv[2])
print(HEAD + globals()[shape](count) + "  ret void\n}")
