; packed_float3: three floats with an alignment of four bytes, next to each other.
;
; RUN: %npy %t.npy f32 '[v for i in range(41) for v in (i * 3 + 2, i * 3, i * 3 + 1)]'
; RUN: %run %s --grid 41 --threadgroup 16 --buf x=f32[123]:iota --buf y=f32[123]:zeros --expect y=%t.npy

%packed = type <{ float, float, float }>

define void @k(ptr addrspace(1) "tmjit.type"="packed_float3" %x, ptr addrspace(1) "tmjit.type"="packed_float3" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr %packed, ptr addrspace(1) %x, i32 %i
  %v = load <3 x float>, ptr addrspace(1) %p, align 4
  %q0 = getelementptr %packed, ptr addrspace(1) %y, i32 %i, i32 0
  %q1 = getelementptr %packed, ptr addrspace(1) %y, i32 %i, i32 1
  %q2 = getelementptr %packed, ptr addrspace(1) %y, i32 %i, i32 2
  %c0 = extractelement <3 x float> %v, i32 0
  %c1 = extractelement <3 x float> %v, i32 1
  %c2 = extractelement <3 x float> %v, i32 2
  store float %c2, ptr addrspace(1) %q0, align 4
  store float %c0, ptr addrspace(1) %q1, align 4
  store float %c1, ptr addrspace(1) %q2, align 4
  ret void
}
