; cosh: precise, fast and half.
;
; PY: x = [f32(v) for v in [(k - 32) / 8 for k in range(64)]]
; PY: def ref(v): return math.cosh(v)
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy f32 '[ref(v) for v in x]'
; RUN: %run %s --entry precise --grid 64 --threadgroup 33 --buf x=%tx.npy --buf y=f32[64]:zeros --expect y=%t.npy --rtol 5e-7
; RUN: %run %s --entry fast --math fast --grid 64 --threadgroup 32 --buf x=%tx.npy --buf y=f32[64]:zeros --expect y=%t.npy --rtol 8e-6 --atol 1e-6
; RUN: %npy %tx.npy f16 'x'
; RUN: %npy %t.npy f16 '[ref(f16(v)) for v in x]'
; RUN: %run %s --entry half --grid 64 --threadgroup 64 --buf x=%tx.npy --buf y=f16[64]:zeros --expect y=%t.npy --rtol 2e-3 --atol 2e-4

define void @precise(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call float @air.cosh.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}

define void @fast(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call reassoc arcp contract afn float @air.fast_cosh.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}

define void @half(ptr addrspace(1) "tmjit.type"="half" %x, ptr addrspace(1) "tmjit.type"="half" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr half, ptr addrspace(1) %x, i32 %i
  %v = load half, ptr addrspace(1) %px
  %r = call half @air.cosh.f16(half %v)
  %py = getelementptr half, ptr addrspace(1) %y, i32 %i
  store half %r, ptr addrspace(1) %py
  ret void
}
declare float @air.cosh.f32(float)
declare float @air.fast_cosh.f32(float)
declare half @air.cosh.f16(half)
