; double does not exist on the device; an option accepts it.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-double.ll:[[#@LINE+5]]:3: error: {{.*}}double; half, bfloat and float are supported, with fp64 allowed double too [unsupported]
; RUN: %tmjit info --allow-fp64 %s | FileCheck %s --check-prefix ALLOWED
; ALLOWED: kernel k

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = uitofp i32 %i to double
  ret void
}
