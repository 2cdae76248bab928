; Memory spaces that kernels do not have.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-address-space.ll:[[#@LINE+3]]:3: error: {{.*}}address spaces 0 to 3 are supported [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = addrspacecast ptr addrspace(1) %y to ptr addrspace(5)
  ret void
}
