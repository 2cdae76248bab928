; Generic pointers, each into another kind of memory.
;
; RUN: %fails %s --grid 8 --threadgroup 8 --buf x=i32[8] --buf y=i32[8] --buf at=i32:0,0,0,0,4,0,0,0 | FileCheck %s --check-prefix CONSTANT
; RUN: %fails %s --grid 8 --threadgroup 8 --buf x=i32[8] --buf y=i32[8] --buf at=i32:0,0,0,0,0,7,0,0 | FileCheck %s --check-prefix GROUP
; RUN: %fails %s --grid 8 --threadgroup 8 --buf x=i32[8] --buf y=i32[8] --buf at=i32:0,0,0,0,0,0,9,0 | FileCheck %s --check-prefix DEVICE
; RUN: %fails %s --grid 8 --threadgroup 8 --buf x=i32[8] --buf y=i32[8] --buf at=i32:0,0,0,0,0,0,0,-1 | FileCheck %s --check-prefix PRIVATE
; CONSTANT: error: load of 4 bytes at byte offset 16 of constant 'table' (16 bytes), by thread (4, 0, 0) of the grid
; GROUP: error: load of 4 bytes at byte offset 28 of threadgroup variable 'group' (24 bytes), by thread (5, 0, 0) of the grid
; DEVICE: error: load of 4 bytes at byte offset 36 of buffer 'x' (32 bytes), by thread (6, 0, 0) of the grid
; PRIVATE: error: load of 4 bytes at byte offset -4 of private array 'own' (20 bytes), by thread (7, 0, 0) of the grid

@table = internal addrspace(2) constant [4 x i32] [i32 1, i32 2, i32 3, i32 4]
@group = internal addrspace(3) global [6 x i32] undef

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(1) "tmjit.type"="int" %at, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %own = alloca [5 x i32], align 4
  %t = addrspacecast ptr addrspace(2) @table to ptr
  %g = addrspacecast ptr addrspace(3) @group to ptr
  %d = addrspacecast ptr addrspace(1) %x to ptr
  %kind = and i32 %i, 3
  %is-1 = icmp eq i32 %kind, 1
  %is-2 = icmp eq i32 %kind, 2
  %is-3 = icmp eq i32 %kind, 3
  %p1 = select i1 %is-1, ptr %g, ptr %t
  %p2 = select i1 %is-2, ptr %d, ptr %p1
  %p = select i1 %is-3, ptr %own, ptr %p2
  %pi = getelementptr i32, ptr addrspace(1) %at, i32 %i
  %index = load i32, ptr addrspace(1) %pi
  %px = getelementptr i32, ptr %p, i32 %index
  %v = load i32, ptr %px
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
