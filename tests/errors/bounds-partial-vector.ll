; A float4 of which the last component lies outside its buffer.
;
; RUN: %fails %s --grid 2 --threadgroup 2 --buf x=f32[7]:iota --buf y=f32[8]:zeros | FileCheck %s
; CHECK: error: load of 16 bytes at byte offset 16 of buffer 'x' (28 bytes), by thread (1, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr <4 x float>, ptr addrspace(1) %x, i32 %i
  %v = load <4 x float>, ptr addrspace(1) %px, align 4
  %py = getelementptr <4 x float>, ptr addrspace(1) %y, i32 %i
  store <4 x float> %v, ptr addrspace(1) %py, align 4
  ret void
}
