; Functions of bfloat round to bfloat before what they give is used.
;
; PY: x = [bf16(i * 0.37 - 11) for i in range(64)]
; PY: def ref(v): return bf16(bf16(v * v + v) + abs(v)) if v > -7 else 1
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy f32 '[ref(v) for v in x]'
; RUN: %run %s --grid 64 --threadgroup 64 --buf x=%tx.npy --buf y=f32[64]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %f = load float, ptr addrspace(1) %px
  %v = fptrunc float %f to bfloat
  %abs = call bfloat @llvm.fabs.bf16(bfloat %v)
  %shifted = fadd bfloat %v, 7.0
  %top = call bfloat @air.fmax.bf16(bfloat %shifted, bfloat 0.0)
  %quotient = fdiv bfloat %top, %top
  %both = call bfloat @air.fma.bf16(bfloat %v, bfloat %v, bfloat %v)
  %sum = fadd bfloat %both, %abs
  %whole = call bfloat @llvm.fabs.bf16(bfloat %quotient)
  %none = fcmp uno bfloat %whole, 0.0
  %given = select i1 %none, bfloat 1.0, bfloat %sum
  %r = fpext bfloat %given to float
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare bfloat @llvm.fabs.bf16(bfloat)
declare bfloat @air.fmax.bf16(bfloat, bfloat)
declare bfloat @air.fma.bf16(bfloat, bfloat, bfloat)
