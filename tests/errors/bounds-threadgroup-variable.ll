; A static threadgroup variable has bounds of its own.
;
; RUN: %fails %s --grid 9 --threadgroup 9 --buf y=i32[9]:zeros | FileCheck %s
; CHECK: error: store of 4 bytes at byte offset 32 of threadgroup variable 'tile' (32 bytes), by thread (8, 0, 0) of the grid

@tile = internal addrspace(3) global [8 x i32] undef, align 4
@other = internal addrspace(3) global [64 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pt = getelementptr i32, ptr addrspace(3) @tile, i32 %i
  store i32 %i, ptr addrspace(3) %pt
  %v = load i32, ptr addrspace(3) @tile
  store i32 %v, ptr addrspace(1) %y
  ret void
}
