; A static initialiser chooses tables by a function constant and stores their addresses: alone, in a
; struct, into a table; a kernel reads through them.
;
; RUN: %run %s --entry k --grid 4 --constant n=0 --buf out=i32[4]:zeros --print out | FileCheck %s
; CHECK: out = 2 3 6 3
; RUN: %run %s --entry k --grid 4 --constant n=1 --buf out=i32[4]:zeros --print out | FileCheck %s --check-prefix ONE
; ONE: out = 6 7 6 7
; RUN: %fails %s --entry past --grid 1 --constant n=1 --buf out=i32[4] | FileCheck %s --check-prefix PAST
; PAST: error: load of 4 bytes at byte offset 12 of constant 'b' (12 bytes), by thread (0, 0, 0)

@n.MTL_FC_INIT_0_i = internal unnamed_addr addrspace(2) externally_initialized constant i32 undef, align 4
@a = internal addrspace(2) constant [3 x i32] [i32 1, i32 2, i32 3]
@b = internal addrspace(2) constant [3 x i32] [i32 5, i32 6, i32 7]
@pair = internal addrspace(2) global { i32, ptr addrspace(2) } undef
@alone = internal addrspace(2) global ptr addrspace(2) undef
@table = internal addrspace(2) global [2 x ptr addrspace(2)] undef
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @start, ptr null }]

define internal void @start() {
  %n = load i32, ptr addrspace(2) @n.MTL_FC_INIT_0_i, align 4
  %is-zero = icmp eq i32 %n, 0
  %p = select i1 %is-zero, ptr addrspace(2) @a, ptr addrspace(2) @b
  %p1 = getelementptr i32, ptr addrspace(2) %p, i32 1
  store ptr addrspace(2) %p, ptr addrspace(2) @alone
  store ptr addrspace(2) %p1, ptr addrspace(2) getelementptr ({ i32, ptr addrspace(2) }, ptr addrspace(2) @pair, i64 0, i32 1)
  store ptr addrspace(2) getelementptr ([3 x i32], ptr addrspace(2) @b, i64 0, i64 1), ptr addrspace(2) @table
  store ptr addrspace(2) %p1, ptr addrspace(2) getelementptr ([2 x ptr addrspace(2)], ptr addrspace(2) @table, i64 0, i64 1)
  ret void
}

; alone[1], pair.p[1], table[0][0], table[1][1]
define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %p = load ptr addrspace(2), ptr addrspace(2) @alone
  %p1 = getelementptr i32, ptr addrspace(2) %p, i32 1
  %v0 = load i32, ptr addrspace(2) %p1
  store i32 %v0, ptr addrspace(1) %out
  %q = load ptr addrspace(2), ptr addrspace(2) getelementptr ({ i32, ptr addrspace(2) }, ptr addrspace(2) @pair, i64 0, i32 1)
  %q1 = getelementptr i32, ptr addrspace(2) %q, i32 1
  %v1 = load i32, ptr addrspace(2) %q1
  %o1 = getelementptr i32, ptr addrspace(1) %out, i32 1
  store i32 %v1, ptr addrspace(1) %o1
  %r = load ptr addrspace(2), ptr addrspace(2) @table
  %v2 = load i32, ptr addrspace(2) %r
  %o2 = getelementptr i32, ptr addrspace(1) %out, i32 2
  store i32 %v2, ptr addrspace(1) %o2
  %s = load ptr addrspace(2), ptr addrspace(2) getelementptr ([2 x ptr addrspace(2)], ptr addrspace(2) @table, i64 0, i64 1)
  %s1 = getelementptr i32, ptr addrspace(2) %s, i32 1
  %v3 = load i32, ptr addrspace(2) %s1
  %o3 = getelementptr i32, ptr addrspace(1) %out, i32 3
  store i32 %v3, ptr addrspace(1) %o3
  ret void
}

define void @past(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %at = load i32, ptr addrspace(1) %out
  %three = add i32 %at, 3
  %p = load ptr addrspace(2), ptr addrspace(2) @alone
  %pe = getelementptr i32, ptr addrspace(2) %p, i32 %three
  %v = load i32, ptr addrspace(2) %pe
  store i32 %v, ptr addrspace(1) %out
  ret void
}

!air.function_constants = !{!0}
!0 = !{ptr addrspace(2) @n.MTL_FC_INIT_0_i, !"int", !"n", i32 0}
