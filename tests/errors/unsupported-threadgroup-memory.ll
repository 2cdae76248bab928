; More static threadgroup memory than a threadgroup has.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-threadgroup-memory.ll:{{.*}}error: {{.*}}65536 bytes of threadgroup memory; a threadgroup has 32768 [unsupported]

@big = internal addrspace(3) global [16384 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = load i32, ptr addrspace(3) @big
  store i32 %v, ptr addrspace(1) %y
  ret void
}
