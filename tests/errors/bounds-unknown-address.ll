; An address made from an integer may lie in any memory of the launch, but in nothing else.
;
; RUN: %fails %s --entry lanes --grid 40 --buf y=i32[40]:zeros | FileCheck %s --check-prefix LANES
; LANES: bounds-unknown-address.ll:[[#@LINE+10]]:3: error: load of 4 bytes at address 0x1000 of no buffer of this launch, by thread (0, 0, 0) of the grid, (0, 0, 0) of threadgroup (0, 0, 0)
; RUN: %fails %s --entry uniform --grid 40 --buf y=i32[40]:zeros | FileCheck %s --check-prefix UNIFORM
; UNIFORM: bounds-unknown-address.ll:[[#@LINE+18]]:3: error: store of 8 bytes at address 0x1008 of no buffer of this launch, by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry atomic --grid 40 --buf y=i32[40]:zeros | FileCheck %s --check-prefix ATOMIC
; ATOMIC: bounds-unknown-address.ll:[[#@LINE+30]]:3: error: store of 4 bytes at address 0x100c of no buffer of this launch, by thread (3, 0, 0) of the grid

define void @lanes(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %n = add i64 %w, 4096
  %p = inttoptr i64 %n to ptr addrspace(1)
  %v = load i32, ptr addrspace(1) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

define void @uniform(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="threadgroup_position_in_grid" %g) "tmjit.kernel" {
  %w = zext i32 %g to i64
  %n = add i64 %w, 4104
  %p = inttoptr i64 %n to ptr addrspace(1)
  store <2 x i32> splat (i32 7), ptr addrspace(1) %p
  ret void
}

declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)

define void @atomic(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %address = ptrtoint ptr addrspace(1) %y to i64
  %w = zext i32 %i to i64
  %step = mul i64 %w, 4
  %far = add i64 %step, 4096
  %is-mine = icmp ult i32 %i, 3
  %n = select i1 %is-mine, i64 %address, i64 %far
  %p = inttoptr i64 %n to ptr addrspace(1)
  %o = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %p, i32 1, i32 0, i32 2, i1 true)
  ret void
}
