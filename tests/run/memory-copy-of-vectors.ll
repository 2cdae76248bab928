; Vectors that are loaded only to be stored, by rows of a 16 x 16 threadgroup, in one run and
; turned round (which takes them apart).
;
; RUN: %npy %t.npy f32 'range(4 * 640)'
; RUN: %npy %tr.npy f32 '[v for i in range(640) for v in range(4 * (639 - i), 4 * (639 - i) + 4)]'
; RUN: %simd %s --entry rows --grid 32,20 --threadgroup 16,16 --buf x=f32[2560]:iota --buf y=f32[2560] --expect y=%t.npy
; RUN: %simd %s --entry line --grid 640 --threadgroup 64 --buf x=f32[2560]:iota --buf y=f32[2560] --expect y=%t.npy
; RUN: %npy %ts.npy f32 '[v if v < 2548 else 0 for v in range(2560)]'
; RUN: %simd %s --entry line --grid 637 --threadgroup 96 --buf x=f32[2560]:iota --buf y=f32[2560] --expect y=%ts.npy
; RUN: %simd %s --entry turned --grid 640 --threadgroup 64 --buf x=f32[2560]:iota --buf y=f32[2560] --expect y=%tr.npy

define void @rows(ptr addrspace(1) "tmjit.type"="float4" %x, ptr addrspace(1) "tmjit.type"="float4" %y, <2 x i32> "tmjit.builtin"="thread_position_in_grid" %p) "tmjit.kernel" {
  %col = extractelement <2 x i32> %p, i64 0
  %row = extractelement <2 x i32> %p, i64 1
  %start = shl i32 %row, 5
  %i = add i32 %start, %col
  %w = zext i32 %i to i64
  %from = getelementptr <4 x float>, ptr addrspace(1) %x, i64 %w
  %v = load <4 x float>, ptr addrspace(1) %from, align 16
  %to = getelementptr <4 x float>, ptr addrspace(1) %y, i64 %w
  store <4 x float> %v, ptr addrspace(1) %to, align 16
  ret void
}

define void @line(ptr addrspace(1) "tmjit.type"="float4" %x, ptr addrspace(1) "tmjit.type"="float4" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %from = getelementptr <4 x float>, ptr addrspace(1) %x, i64 %w
  %v = load <4 x float>, ptr addrspace(1) %from, align 16
  %to = getelementptr <4 x float>, ptr addrspace(1) %y, i64 %w
  store <4 x float> %v, ptr addrspace(1) %to, align 16
  ret void
}

define void @turned(ptr addrspace(1) "tmjit.type"="float4" %x, ptr addrspace(1) "tmjit.type"="float4" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %from = getelementptr <4 x float>, ptr addrspace(1) %x, i64 %w
  %v = load <4 x float>, ptr addrspace(1) %from, align 16
  %back = sub i64 639, %w
  %to = getelementptr <4 x float>, ptr addrspace(1) %y, i64 %back
  store <4 x float> %v, ptr addrspace(1) %to, align 16
  ret void
}
