; Short functions of whole host vectors are no calls of the vector library in fast maths where the
; host takes exponents apart (AVX-512); strict maths calls the runtime everywhere. Numbers:
; tests/conform.
;
; RUN: %tmjit emit %s --as host --lanes 16 --threadgroup 64 --check none --math fast | FileCheck %s
; RUN: %tmjit emit %s --as host --lanes 32 --threadgroup 64 --check none --math fast | FileCheck %s
; REQUIRES: x86_64-libmvec
; CHECK: define
; CHECK-NOT: @_ZGVeN16v_expf
; CHECK-NOT: @_ZGVeN16v_exp2f
; CHECK-NOT: @_ZGVeN16v_logf
; CHECK-NOT: @_ZGVeN16v_tanhf
;
; RUN: %tmjit emit %s --as host --lanes 16 --threadgroup 64 --check none --math strict | FileCheck %s --check-prefix STRICT
; STRICT-DAG: @tjrt_math_exp(
; STRICT-DAG: @tjrt_math_exp2(
; STRICT-DAG: @tjrt_math_log(
; STRICT-DAG: @tjrt_math_tanh(
; STRICT-DAG: @llvm.sqrt
; STRICT-DAG: fdiv <16 x float>
; STRICT-NOT: rcp14
; STRICT-NOT: rsqrt14

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %a = call float @air.fast_exp.f32(float %v)
  %b = call float @air.fast_exp2.f32(float %a)
  %c = call float @air.fast_log.f32(float %b)
  %d = call float @air.fast_tanh.f32(float %c)
  %e = call fast float @air.fast_sqrt.f32(float %d)
  %f = call fast float @air.fast_rsqrt.f32(float %v)
  %g = fdiv fast float %e, %f
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %g, ptr addrspace(1) %py
  ret void
}
declare float @air.fast_exp.f32(float)
declare float @air.fast_exp2.f32(float)
declare float @air.fast_log.f32(float)
declare float @air.fast_tanh.f32(float)
declare float @air.fast_sqrt.f32(float)
declare float @air.fast_rsqrt.f32(float)
