; Functions of several operands on half and half2.
;
; PY: rows = [(i / 8 - 2, 1 - i / 16) for i in range(40)]
; PY: def ref(a, b): return f16(f16(max(a, b) + min(a, b)) + f16(a * b + 0.5)) + min(max(a, -1), b if b > -1 else -1)
; RUN: %npy %ta.npy f16 '[r[0] for r in rows]'
; RUN: %npy %tb.npy f16 '[r[1] for r in rows]'
; RUN: %npy %t.npy f16 '[f16(ref(*r)) for r in rows]'
; RUN: %run %s --grid 40 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=f16[40]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="half" %a, ptr addrspace(1) "tmjit.type"="half" %b, ptr addrspace(1) "tmjit.type"="half" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr half, ptr addrspace(1) %a, i32 %i
  %av = load half, ptr addrspace(1) %pa
  %pb = getelementptr half, ptr addrspace(1) %b, i32 %i
  %bv = load half, ptr addrspace(1) %pb
  %mx = call half @air.fmax.f16(half %av, half %bv)
  %v0 = insertelement <2 x half> poison, half %av, i32 0
  %v = insertelement <2 x half> %v0, half %bv, i32 1
  %u = shufflevector <2 x half> %v, <2 x half> poison, <2 x i32> <i32 1, i32 0>
  %mv = call <2 x half> @air.fmin.v2f16(<2 x half> %v, <2 x half> %u)
  %mn = extractelement <2 x half> %mv, i32 1
  %s = fadd half %mx, %mn
  %f = call half @air.fma.f16(half %av, half %bv, half 0.5)
  %sf = fadd half %s, %f
  %hi = call half @air.fmax.f16(half %bv, half -1.0)
  %c = call half @air.clamp.f16(half %av, half -1.0, half %hi)
  %r = fadd half %sf, %c
  %py = getelementptr half, ptr addrspace(1) %y, i32 %i
  store half %r, ptr addrspace(1) %py
  ret void
}
declare half @air.fmax.f16(half, half)
declare <2 x half> @air.fmin.v2f16(<2 x half>, <2 x half>)
declare half @air.fma.f16(half, half, half)
declare half @air.clamp.f16(half, half, half)
