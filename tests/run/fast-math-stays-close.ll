; With --math fast the engine may reassociate and contract, within a small tolerance.
;
; PY: x = [1 + v / 65537 for v in rand(100, 23, 60000)]
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy f32 '[math.exp(f32(v)) / (f32(v) * f32(v) + 1) + math.sqrt(f32(v)) for v in x]'
; RUN: %run %s --math fast --grid 100 --threadgroup 64 --buf x=%tx.npy --buf y=f32[100]:zeros --expect y=%t.npy --rtol 2e-6

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %e = call fast float @air.fast_exp.f32(float %v)
  %vv = fmul fast float %v, %v
  %d = fadd fast float %vv, 1.0
  %q = fdiv fast float %e, %d
  %s = call fast float @air.fast_sqrt.f32(float %v)
  %r = fadd fast float %q, %s
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.fast_exp.f32(float)
declare float @air.fast_sqrt.f32(float)
