; float2, float3 and float4 elements; a float3 leaves the fourth word of its 16 bytes alone.
;
; RUN: %npy %tx.npy f32 '[(k * 7) %% 50 for k in range(70 * 2)]'
; RUN: %npy %t.npy f32 '[(((i * 2 + 1 - c) * 7) %% 50 * 2) for i in range(70) for c in range(2) for k in [-5]]'
; RUN: %run %s --entry v2 --grid 70 --threadgroup 32 --buf x=%tx.npy --buf y=f32[140]:-5 --expect y=%t.npy
; RUN: %npy %tx.npy f32 '[(k * 7) %% 50 for k in range(70 * 4)]'
; RUN: %npy %t.npy f32 '[(k if c == 3 else ((i * 4 + 2 - c) * 7) %% 50 * 2) for i in range(70) for c in range(4) for k in [-5]]'
; RUN: %run %s --entry v3 --grid 70 --threadgroup 32 --buf x=%tx.npy --buf y=f32[280]:-5 --expect y=%t.npy
; RUN: %npy %tx.npy f32 '[(k * 7) %% 50 for k in range(70 * 4)]'
; RUN: %npy %t.npy f32 '[(((i * 4 + 3 - c) * 7) %% 50 * 2) for i in range(70) for c in range(4) for k in [-5]]'
; RUN: %run %s --entry v4 --grid 70 --threadgroup 32 --buf x=%tx.npy --buf y=f32[280]:-5 --expect y=%t.npy

define void @v2(ptr addrspace(1) "tmjit.type"="float2" %x, ptr addrspace(1) "tmjit.type"="float2" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr <2 x float>, ptr addrspace(1) %x, i32 %i
  %v = load <2 x float>, ptr addrspace(1) %px
  %r = shufflevector <2 x float> %v, <2 x float> poison, <2 x i32> <i32 1, i32 0>
  %d = fadd <2 x float> %r, %r
  %py = getelementptr <2 x float>, ptr addrspace(1) %y, i32 %i
  store <2 x float> %d, ptr addrspace(1) %py
  ret void
}

define void @v3(ptr addrspace(1) "tmjit.type"="float3" %x, ptr addrspace(1) "tmjit.type"="float3" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr <3 x float>, ptr addrspace(1) %x, i32 %i
  %v = load <3 x float>, ptr addrspace(1) %px
  %r = shufflevector <3 x float> %v, <3 x float> poison, <3 x i32> <i32 2, i32 1, i32 0>
  %d = fadd <3 x float> %r, %r
  %py = getelementptr <3 x float>, ptr addrspace(1) %y, i32 %i
  store <3 x float> %d, ptr addrspace(1) %py
  ret void
}

define void @v4(ptr addrspace(1) "tmjit.type"="float4" %x, ptr addrspace(1) "tmjit.type"="float4" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr <4 x float>, ptr addrspace(1) %x, i32 %i
  %v = load <4 x float>, ptr addrspace(1) %px
  %r = shufflevector <4 x float> %v, <4 x float> poison, <4 x i32> <i32 3, i32 2, i32 1, i32 0>
  %d = fadd <4 x float> %r, %r
  %py = getelementptr <4 x float>, ptr addrspace(1) %y, i32 %i
  store <4 x float> %d, ptr addrspace(1) %py
  ret void
}
