; bfloat arithmetic rounds each result to bfloat, ties to even.
;
; PY: x = [bf16(i * 0.37 + 1) for i in range(64)]
; PY: def ref(v):
; PY:     a = bf16(v * v)
; PY:     b = bf16(a + v)
; PY:     return bf16(bf16(b / 3.0) - v)
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy f32 '[ref(v) for v in x]'
; RUN: %run %s --grid 64 --threadgroup 64 --buf x=%tx.npy --buf y=f32[64]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %f = load float, ptr addrspace(1) %px
  %v = fptrunc float %f to bfloat
  %a = fmul bfloat %v, %v
  %b = fadd bfloat %a, %v
  %c = fdiv bfloat %b, 3.0
  %d = fsub bfloat %c, %v
  %r = fpext bfloat %d to float
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
