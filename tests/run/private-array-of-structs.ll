; A private array of structs with members of different size, and one of float4.
;
; PY: def ref(i):
; PY:     k = i % 3
; PY:     return (k * 2 + i) % 128 + k * 1000 + (k * 0.5) + 4 * i + k
; RUN: %npy %t.npy f32 '[ref(i) for i in range(50)]'
; RUN: %run %s --grid 50 --threadgroup 25 --buf y=f32[50]:zeros --expect y=%t.npy

%mixed = type { i8, i16, float }

define void @k(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %s = alloca [3 x %mixed], align 4
  %v = alloca [3 x <4 x float>], align 16
  %f = uitofp i32 %i to float
  br label %fill
fill:
  %k = phi i32 [ 0, %entry ], [ %k1, %fill ]
  %kf = uitofp i32 %k to float
  %k2 = mul i32 %k, 2
  %k2i = add i32 %k2, %i
  %b = and i32 %k2i, 127
  %b8 = trunc i32 %b to i8
  %p0 = getelementptr [3 x %mixed], ptr %s, i32 0, i32 %k, i32 0
  store i8 %b8, ptr %p0
  %k1000 = mul i32 %k, 1000
  %h = trunc i32 %k1000 to i16
  %p1 = getelementptr [3 x %mixed], ptr %s, i32 0, i32 %k, i32 1
  store i16 %h, ptr %p1
  %half = fmul float %kf, 0.5
  %p2 = getelementptr [3 x %mixed], ptr %s, i32 0, i32 %k, i32 2
  store float %half, ptr %p2
  %e0 = insertelement <4 x float> poison, float %f, i32 0
  %e1 = insertelement <4 x float> %e0, float %f, i32 1
  %e2 = insertelement <4 x float> %e1, float %f, i32 2
  %fk = fadd float %f, %kf
  %e3 = insertelement <4 x float> %e2, float %fk, i32 3
  %pv = getelementptr [3 x <4 x float>], ptr %v, i32 0, i32 %k
  store <4 x float> %e3, ptr %pv
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 3
  br i1 %more, label %fill, label %read
read:
  %at = urem i32 %i, 3
  %q0 = getelementptr [3 x %mixed], ptr %s, i32 0, i32 %at, i32 0
  %a0 = load i8, ptr %q0
  %q1 = getelementptr [3 x %mixed], ptr %s, i32 0, i32 %at, i32 1
  %a1 = load i16, ptr %q1
  %q2 = getelementptr [3 x %mixed], ptr %s, i32 0, i32 %at, i32 2
  %a2 = load float, ptr %q2
  %f0 = uitofp i8 %a0 to float
  %f1 = uitofp i16 %a1 to float
  %r0 = fadd float %f0, %f1
  %r1 = fadd float %r0, %a2
  %qv = getelementptr [3 x <4 x float>], ptr %v, i32 0, i32 %at
  %w = load <4 x float>, ptr %qv
  %w0 = extractelement <4 x float> %w, i32 0
  %w1 = extractelement <4 x float> %w, i32 1
  %w2 = extractelement <4 x float> %w, i32 2
  %w3 = extractelement <4 x float> %w, i32 3
  %s0 = fadd float %w0, %w1
  %s1 = fadd float %w2, %w3
  %s2 = fadd float %s0, %s1
  %r = fadd float %r1, %s2
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
