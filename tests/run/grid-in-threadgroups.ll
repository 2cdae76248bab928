; A grid counted in threadgroups is never ragged.
;
; RUN: %npy %t.npy u32 '[40] * 120'
; RUN: %run %s --threadgroups 3 --threadgroup 40 --buf y=u32[120]:zeros --expect y=%t.npy
; RUN: %npy %tb.npy u32 '[12] * 120'
; RUN: %run %s --threadgroups 5,2 --threadgroup 12 --buf y=u32[120]:zeros --expect y=%tb.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, <2 x i32> "tmjit.builtin"="thread_position_in_grid" %pos, <2 x i32> "tmjit.builtin"="threads_per_grid" %n, i32 "tmjit.builtin"="threads_per_threadgroup" %size) "tmjit.kernel" {
  %x = extractelement <2 x i32> %pos, i32 0
  %yy = extractelement <2 x i32> %pos, i32 1
  %nx = extractelement <2 x i32> %n, i32 0
  %row = mul i32 %yy, %nx
  %i = add i32 %row, %x
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %size, ptr addrspace(1) %p
  ret void
}
