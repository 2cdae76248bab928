; Constants are never written: by a store through a pointer of generic memory, to one of two
; memories, at an address made from a number, by an atomic function.
;
; DEFINE: %{run} = %fails %s --grid 40 --threadgroup 40 --buf y=i32[40]:zeros
; RUN: %{run} --entry direct | FileCheck %s --check-prefix TABLE
; RUN: %{run} --entry lanes | FileCheck %s --check-prefix LANE
; RUN: %{run} --entry uniform | FileCheck %s --check-prefix TABLE
; RUN: %{run} --entry own | FileCheck %s --check-prefix OWN
; RUN: not %tmjit run %s --grid 40 --buf y=i32[40]:zeros --entry forged --opt 0 2>&1 | FileCheck %s --check-prefix FORGED
; RUN: not %tmjit run %s --grid 40 --buf y=i32[40]:zeros --entry forged --engine interp 2>&1 | FileCheck %s --check-prefix FORGED
; RUN: %{run} --entry expected | FileCheck %s --check-prefix EXPECTED
; TABLE: error: store of 4 bytes at byte offset 0 of constant 't', which can only be read, by thread (0, 0, 0) of the grid
; LANE: error: store of 4 bytes at byte offset 4 of constant 't', which can only be read, by thread (1, 0, 0) of the grid
; OWN: error: store of 4 bytes at byte offset 4 of constant 'c', which can only be read, by thread (0, 0, 0) of the grid
; FORGED: error: store of 4 bytes at address 0x{{[0-9a-f]+}} of no buffer of this launch, by thread (0, 0, 0) of the grid
; EXPECTED: error: store of 4 bytes at byte offset 0 of constant 'c', which can only be read, by thread (0, 0, 0) of the grid

@t = internal addrspace(2) constant [64 x i32] zeroinitializer
@c = internal constant [64 x i32] zeroinitializer

define void @direct(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = load i32, ptr addrspace(1) %y
  %g = addrspacecast ptr addrspace(2) @t to ptr
  %p = getelementptr i32, ptr %g, i32 %at
  store i32 7, ptr %p
  ret void
}

; Odd threads write the table.
define void @lanes(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %g = addrspacecast ptr addrspace(2) @t to ptr
  %d = addrspacecast ptr addrspace(1) %y to ptr
  %is-odd = trunc i32 %i to i1
  %base = select i1 %is-odd, ptr %g, ptr %d
  %p = getelementptr i32, ptr %base, i32 %i
  store i32 7, ptr %p
  ret void
}

define void @uniform(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = load i32, ptr addrspace(1) %y
  %g = addrspacecast ptr addrspace(2) @t to ptr
  %d = addrspacecast ptr addrspace(1) %y to ptr
  %is-zero = icmp eq i32 %at, 0
  %p = select i1 %is-zero, ptr %g, ptr %d
  store i32 7, ptr %p
  ret void
}

define void @own(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = load i32, ptr addrspace(1) %y
  %one = add i32 %at, 1
  %p = getelementptr i32, ptr @c, i32 %one
  store i32 7, ptr %p
  ret void
}

define void @forged(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %n = ptrtoint ptr @c to i64
  %w = zext i32 %i to i64
  %more = shl i64 %w, 2
  %sum = add i64 %n, %more
  %p = inttoptr i64 %sum to ptr
  store i32 7, ptr %p
  ret void
}

declare i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1), ptr, i32, i32, i32, i32, i1)

; What was found goes back to where the expected value lies.
define void @expected(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %old = call i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1) %y, ptr @c, i32 1, i32 0, i32 0, i32 2, i1 true)
  ret void
}
