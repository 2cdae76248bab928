; Row-major 2-D images under threadgroups of 16x16, 8x4 and 4x8 threads, ragged at both edges.
;
; RUN: %npy %t.npy i32 '[(y * 37 + x) * 2 + y for y in range(21) for x in range(37)]'
; RUN: %run %s --grid 37,21 --threadgroup 16,16 --buf a=i32[777]:iota --buf b=i32[777]:zeros --expect b=%t.npy
; RUN: %run %s --grid 37,21 --threadgroup 8,4 --buf a=i32[777]:iota --buf b=i32[777]:zeros --expect b=%t.npy
; RUN: %run %s --grid 37,21 --threadgroup 4,8 --buf a=i32[777]:iota --buf b=i32[777]:zeros --expect b=%t.npy
; RUN: %run %s --grid 37,21 --threadgroup 37,3 --buf a=i32[777]:iota --buf b=i32[777]:zeros --expect b=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, <2 x i32> "tmjit.builtin"="thread_position_in_grid" %pos, <2 x i32> "tmjit.builtin"="threads_per_grid" %n) "tmjit.kernel" {
  %x = extractelement <2 x i32> %pos, i32 0
  %y = extractelement <2 x i32> %pos, i32 1
  %w = extractelement <2 x i32> %n, i32 0
  %row = mul i32 %y, %w
  %at = add i32 %row, %x
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %at
  %v = load i32, ptr addrspace(1) %pa
  %v2 = add i32 %v, %v
  %r = add i32 %v2, %y
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %at
  store i32 %r, ptr addrspace(1) %pb
  ret void
}
