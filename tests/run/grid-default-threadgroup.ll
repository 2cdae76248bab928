; Without --threadgroup every thread of a large grid still runs exactly once, in 1, 2 and 3-D.
;
; RUN: %npy %t.npy u32 '[1] * 100003'
; RUN: %run %s --grid 100003 --buf y=u32[100003]:zeros --expect y=%t.npy
; RUN: %npy %t2.npy u32 '[1] * (317 * 211)'
; RUN: %run %s --grid 317,211 --buf y=u32[66887]:zeros --expect y=%t2.npy
; RUN: %npy %t3.npy u32 '[1] * (19 * 23 * 31)'
; RUN: %run %s --grid 19,23,31 --buf y=u32[13547]:zeros --expect y=%t3.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, <3 x i32> "tmjit.builtin"="thread_position_in_grid" %pos, <3 x i32> "tmjit.builtin"="threads_per_grid" %n) "tmjit.kernel" {
  %x = extractelement <3 x i32> %pos, i32 0
  %yy = extractelement <3 x i32> %pos, i32 1
  %z = extractelement <3 x i32> %pos, i32 2
  %nx = extractelement <3 x i32> %n, i32 0
  %ny = extractelement <3 x i32> %n, i32 1
  %plane = mul i32 %z, %ny
  %line = add i32 %plane, %yy
  %row = mul i32 %line, %nx
  %i = add i32 %row, %x
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %old = load i32, ptr addrspace(1) %p
  %new = add i32 %old, 1
  store i32 %new, ptr addrspace(1) %p
  ret void
}
