; A pointer of a table comes from the table that it points to: past its end is outside, whatever
; lies there. For all threads, by lane, past the table's own end, null, through a struct in generic
; memory.
;
; RUN: %fails %s --entry uniform --grid 8 --set k=1 --set at=2 --buf y=i32[8] | FileCheck %s --check-prefix UNIFORM
; RUN: %fails %s --entry lanes --grid 2 --set k=1 --set at=3 --buf y=i32[8] | FileCheck %s --check-prefix LANES
; RUN: %fails %s --entry lanes --grid 2 --set k=3 --set at=0 --buf y=i32[8] | FileCheck %s --check-prefix TABLE
; RUN: %fails %s --entry lanes --grid 1 --set k=3 --set at=0 --buf y=i32[8] | FileCheck %s --check-prefix NULL
; RUN: %fails %s --entry struct --grid 8 --set k=1 --set at=3 --buf y=i32[8] | FileCheck %s --check-prefix STRUCT
; UNIFORM: error: load of 4 bytes at byte offset 16 of constant 'a' (16 bytes), by thread (0, 0, 0) of the grid
; LANES: error: load of 4 bytes at byte offset 20 of constant 'a' (16 bytes), by thread (0, 0, 0) of the grid
; TABLE: error: load of 8 bytes at byte offset 32 of constant 't' (32 bytes), by thread (1, 0, 0) of the grid
; NULL: error: load of 4 bytes at address 0x0 of no buffer of this launch, by thread (0, 0, 0) of the grid
; STRUCT: error: load of 4 bytes at byte offset 12 of constant 'b' (12 bytes), by thread (0, 0, 0) of the grid

@a = internal addrspace(2) constant [4 x i32] [i32 11, i32 12, i32 13, i32 14]
@b = internal addrspace(2) constant [3 x i32] [i32 201, i32 202, i32 203]
@t = internal addrspace(2) constant [4 x ptr addrspace(2)] [ptr addrspace(2) @a, ptr addrspace(2) getelementptr inbounds ([4 x i32], ptr addrspace(2) @a, i64 0, i64 2), ptr addrspace(2) @b, ptr addrspace(2) null]
@s = internal constant [2 x { i32, ptr }] [{ i32, ptr } { i32 1, ptr addrspacecast (ptr addrspace(2) @a to ptr) }, { i32, ptr } { i32 2, ptr addrspacecast (ptr addrspace(2) @b to ptr) }]

define void @uniform(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %pt = getelementptr [4 x ptr addrspace(2)], ptr addrspace(2) @t, i32 0, i32 %kk
  %p = load ptr addrspace(2), ptr addrspace(2) %pt
  %pe = getelementptr i32, ptr addrspace(2) %p, i32 %aa
  %v = load i32, ptr addrspace(2) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; Thread i reads element `at` of t[i + k].
define void @lanes(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %which = add i32 %i, %kk
  %pt = getelementptr [4 x ptr addrspace(2)], ptr addrspace(2) @t, i32 0, i32 %which
  %p = load ptr addrspace(2), ptr addrspace(2) %pt
  %pe = getelementptr i32, ptr addrspace(2) %p, i32 %aa
  %v = load i32, ptr addrspace(2) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

define void @struct(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %ps = getelementptr [2 x { i32, ptr }], ptr @s, i32 0, i32 %kk, i32 1
  %p = load ptr, ptr %ps
  %pe = getelementptr i32, ptr %p, i32 %aa
  %v = load i32, ptr %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
