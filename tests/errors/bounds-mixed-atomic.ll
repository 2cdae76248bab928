; Atomics on one of two buffers: of each lane's own choice, of one choice for all, and by LLVM's
; instruction.
;
; RUN: %fails %s --entry lanes --grid 8 --buf a=i32[4] --buf b=i32[3] | FileCheck %s --check-prefix LANES
; RUN: %fails %s --entry one --grid 8 --buf a=i32[4] --buf b=i32[3] --set which=0 | FileCheck %s --check-prefix ONE
; RUN: %fails %s --entry llvm --grid 8 --buf a=i32[4] --buf b=i32[3] --set which=0 | FileCheck %s --check-prefix ONE
; LANES: error: store of 4 bytes at byte offset 12 of buffer 'b' (12 bytes), by thread (6, 0, 0) of the grid
; ONE: error: store of 4 bytes at byte offset 12 of buffer 'b' (12 bytes), by thread (0, 0, 0) of the grid

declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)

define void @lanes(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-odd = trunc i32 %i to i1
  %p = select i1 %is-odd, ptr addrspace(1) %a, ptr addrspace(1) %b
  %at = lshr i32 %i, 1
  %pc = getelementptr i32, ptr addrspace(1) %p, i32 %at
  %old = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %pc, i32 1, i32 0, i32 2, i1 true)
  ret void
}

define void @one(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(2) "tmjit.type"="int" %which) "tmjit.kernel" {
  %w = load i32, ptr addrspace(2) %which
  %is-a = icmp ne i32 %w, 0
  %p = select i1 %is-a, ptr addrspace(1) %a, ptr addrspace(1) %b
  %pc = getelementptr i32, ptr addrspace(1) %p, i32 3
  %old = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %pc, i32 1, i32 0, i32 2, i1 true)
  ret void
}

define void @llvm(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(2) "tmjit.type"="int" %which) "tmjit.kernel" {
  %w = load i32, ptr addrspace(2) %which
  %is-a = icmp ne i32 %w, 0
  %p = select i1 %is-a, ptr addrspace(1) %a, ptr addrspace(1) %b
  %pc = getelementptr i32, ptr addrspace(1) %p, i32 3
  %old = atomicrmw add ptr addrspace(1) %pc, i32 1 seq_cst
  ret void
}
