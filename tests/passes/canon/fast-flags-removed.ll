; Strict mode removes fast-math flags, --math fast keeps them.
;
; RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s
; CHECK: define void @k
; CHECK: fadd float
; RUN: %tmjit emit %s --as air --math fast | FileCheck %s --check-prefix=FAST
; FAST: fadd {{.*(reassoc|fast|contract).*}} float

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = fadd fast float %v, 1.0
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
