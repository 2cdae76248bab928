; fract is x - floor(x), below one also for small negative numbers.
;
; PY: x = [f32(v) for v in [(k - 32) / 5 for k in range(62)] + [-1e-20, 7]]
; PY: def ref(v):
; PY:     return min(f32(v - math.floor(v)), bits_float(0x3f7fffff))
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy f32 '[ref(v) for v in x]'
; RUN: %run %s --entry precise --grid 64 --threadgroup 33 --buf x=%tx.npy --buf y=f32[64]:zeros --expect y=%t.npy
; RUN: %run %s --entry fast --math fast --grid 64 --threadgroup 32 --buf x=%tx.npy --buf y=f32[64]:zeros --expect y=%t.npy

define void @precise(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call float @air.fract.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}

define void @fast(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call reassoc arcp contract afn float @air.fast_fract.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.fract.f32(float)
declare float @air.fast_fract.f32(float)
