; Accesses of null: a constant is the whole address, or one of several.
;
; DEFINE: %{args} = --grid 8 --threadgroup 8 --buf y=u32[8]
; RUN: %fails %s --entry store %{args} | FileCheck %s --check-prefix STORE
; STORE: error: store of 4 bytes at address 0x0 of no buffer of this launch, by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry load %{args} | FileCheck %s --check-prefix LOAD
; LOAD: error: load of 4 bytes at address 0x0 of no buffer of this launch, by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry atomic %{args} | FileCheck %s --check-prefix ATOMIC
; ATOMIC: error: {{.*}} of 4 bytes at address 0x0 of no buffer of this launch, by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry threadgroup %{args} | FileCheck %s --check-prefix THREADGROUP
; THREADGROUP: error: store of 4 bytes at address 0x0 of no buffer of this launch, by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry some %{args} | FileCheck %s --check-prefix SOME
; SOME: error: store of 4 bytes at address 0x0 of no buffer of this launch, by thread (5, 0, 0) of the grid

define void @store(ptr addrspace(1) "tmjit.type"="uint" %y) "tmjit.kernel" {
  store i32 7, ptr addrspace(1) null
  ret void
}
define void @load(ptr addrspace(1) "tmjit.type"="uint" %y) "tmjit.kernel" {
  %v = load i32, ptr addrspace(2) null
  store i32 %v, ptr addrspace(1) %y
  ret void
}
define void @atomic(ptr addrspace(1) "tmjit.type"="uint" %y) "tmjit.kernel" {
  %v = atomicrmw add ptr addrspace(1) null, i32 1 monotonic
  ret void
}
define void @threadgroup(ptr addrspace(1) "tmjit.type"="uint" %y) "tmjit.kernel" {
  store i32 7, ptr addrspace(3) null
  ret void
}
define void @some(ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %c = icmp eq i32 %i, 5
  %p = select i1 %c, ptr addrspace(1) null, ptr addrspace(1) %y
  store i32 7, ptr addrspace(1) %p
  ret void
}
