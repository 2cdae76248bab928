; float4 elements: wide loads and stores with shuffles between, no gather, no scatter.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK-NOT: {{gather|scatter}}
; CHECK: fadd <8 x float>
; CHECK-NOT: {{gather|scatter}}
; CHECK: ret

define void @k(ptr addrspace(1) "tmjit.type"="float4" %x, ptr addrspace(1) "tmjit.type"="float4" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr <4 x float>, ptr addrspace(1) %x, i32 %i
  %v = load <4 x float>, ptr addrspace(1) %px
  %r = fadd <4 x float> %v, splat (float 1.0)
  %py = getelementptr <4 x float>, ptr addrspace(1) %y, i32 %i
  store <4 x float> %r, ptr addrspace(1) %py
  ret void
}
