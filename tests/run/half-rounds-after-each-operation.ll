; half arithmetic rounds each result to half, also in chains and vectors.
;
; PY: x = [i * 0.37 + 1 for i in range(64)]
; PY: def ref(v):
; PY:     v = f16(v)
; PY:     a = f16(v * v)
; PY:     b = f16(a + v)
; PY:     return f16(f16(b / f16(3.0)) - v)
; RUN: %npy %tx.npy f16 'x'
; RUN: %npy %t.npy f16 '[ref(v) for v in x]'
; RUN: %run %s --grid 64 --threadgroup 64 --buf x=%tx.npy --buf y=f16[64]:zeros --buf z=f16[64]:zeros --expect y=%t.npy --expect z=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="half" %x, ptr addrspace(1) "tmjit.type"="half" %y, ptr addrspace(1) "tmjit.type"="half" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr half, ptr addrspace(1) %x, i32 %i
  %v = load half, ptr addrspace(1) %px
  %a = fmul half %v, %v
  %b = fadd half %a, %v
  %c = fdiv half %b, 3.0
  %d = fsub half %c, %v
  %py = getelementptr half, ptr addrspace(1) %y, i32 %i
  store half %d, ptr addrspace(1) %py
  %v0 = insertelement <2 x half> poison, half %v, i32 0
  %w = insertelement <2 x half> %v0, half %v, i32 1
  %wa = fmul <2 x half> %w, %w
  %wb = fadd <2 x half> %wa, %w
  %wc = fdiv <2 x half> %wb, <half 3.0, half 3.0>
  %wd = fsub <2 x half> %wc, %w
  %r = extractelement <2 x half> %wd, i32 1
  %pz = getelementptr half, ptr addrspace(1) %z, i32 %i
  store half %r, ptr addrspace(1) %pz
  ret void
}
