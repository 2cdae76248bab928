; cospi: the cosine of a multiple of pi, exact zeros at the halves.
;
; PY: x = [f32(v) for v in [k / 8 - 4 for k in range(64)]]
; PY: def ref(v):
; PY:     r = v % 2
; PY:     return 0.0 if r in (0.5, 1.5) else math.cos(math.pi * r)
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy f32 '[ref(v) for v in x]'
; RUN: %run %s --entry precise --grid 64 --threadgroup 33 --buf x=%tx.npy --buf y=f32[64]:zeros --expect y=%t.npy --rtol 5e-7 --atol 1e-9
; RUN: %run %s --entry fast --math fast --grid 64 --threadgroup 32 --buf x=%tx.npy --buf y=f32[64]:zeros --expect y=%t.npy --rtol 1e-5 --atol 1e-9

define void @precise(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call float @air.cospi.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}

define void @fast(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call reassoc arcp contract afn float @air.fast_cospi.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.cospi.f32(float)
declare float @air.fast_cospi.f32(float)
