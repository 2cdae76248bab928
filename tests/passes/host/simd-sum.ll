; A SIMD-group sum is five shuffles and additions, whatever the width of the slice was asked to be.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 32 --check none --opt 0 | FileCheck %s
; CHECK: define
; CHECK-COUNT-5: fadd <{{[0-9]+}} x float>

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call float @air.simd_sum.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.simd_sum.f32(float)
