; One component of a vector in memory, behind an operation of the whole vector, beside a scalar
; at the same index; a choice in the arm of a choice by the same condition.
;
; PY: def component(i):
; PY:     t = 15 - i
; PY:     z, s = 4 * t + 2 - 7, 100 * t
; PY:     return [z - s, z if i & 1 else s]
; RUN: %npy %t.v.npy f32 '[float(n) for n in range(64)]'
; RUN: %npy %t.s.npy f32 '[100.0 * n for n in range(16)]'
; RUN: %npy %t.npy f32 '[float(w) for i in range(16) for w in component(i)]'
; RUN: %run %s --grid 16 --threadgroup 16 --buf v=%t.v.npy --buf s=%t.s.npy --buf y=f32[32]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float4" %v, ptr addrspace(1) "tmjit.type"="float" %s, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="threads_per_grid" %grid) "tmjit.kernel" {
entry:
  %most = sub i32 %grid, 1
  %turned = sub i32 %most, %i
  %vp = getelementptr <4 x float>, ptr addrspace(1) %v, i32 %turned
  %vv = load <4 x float>, ptr addrspace(1) %vp
  %less = fsub <4 x float> %vv, <float 1.0, float 3.0, float 7.0, float 9.0>
  %z = extractelement <4 x float> %less, i32 2
  %sp = getelementptr float, ptr addrspace(1) %s, i32 %turned
  %sv = load float, ptr addrspace(1) %sp
  %difference = fsub float %z, %sv
  %first = mul i32 %i, 2
  %second = add i32 %first, 1
  %one = and i32 %i, 1
  %is.odd = icmp ne i32 %one, 0
  %inner = select i1 %is.odd, float 5.0, float %sv
  %chosen = select i1 %is.odd, float %z, float %inner
  %ya = getelementptr float, ptr addrspace(1) %y, i32 %first
  %yb = getelementptr float, ptr addrspace(1) %y, i32 %second
  store float %difference, ptr addrspace(1) %ya
  store float %chosen, ptr addrspace(1) %yb
  ret void
}
