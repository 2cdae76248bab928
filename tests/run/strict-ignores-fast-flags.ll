; Without --math fast, flags and llvm.fmuladd change nothing: each operation rounds by itself.
;
; PY: x = [f32(1 + v / 65537) for v in rand(50, 21, 60000)]
; PY: def ref(v): return f32(f32(f32(v * v) + f32(-1.0)) - f32(f32(v * f32(3.1)) + v))
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy f32 '[ref(v) for v in x]'
; RUN: %run %s --grid 50 --threadgroup 50 --buf x=%tx.npy --buf y=f32[50]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %vv = fmul fast float %v, %v
  %a = fadd fast float %vv, -1.0
  %b = call fast float @llvm.fmuladd.f32(float %v, float 0x4008CCCCC0000000, float %v)
  %r = fsub fast float %a, %b
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @llvm.fmuladd.f32(float, float, float)
