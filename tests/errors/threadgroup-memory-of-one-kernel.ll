; Of two kernels one wants more threadgroup memory than there is: the other one runs.
;
; RUN: %tmjit run %s --entry small --grid 1 --buf y=i32[1] --print y | FileCheck %s --check-prefix SMALL
; SMALL: y = 7
; RUN: not %tmjit run %s --entry large --grid 1 --buf y=i32[1] 2>&1 | FileCheck %s
; RUN: not %tmjit run %s --engine interp --entry large --grid 1 --buf y=i32[1] 2>&1 | FileCheck %s
; CHECK: threadgroup-memory-of-one-kernel.ll:{{.*}}error: {{.*}}65536 bytes of threadgroup memory; a threadgroup has 32768 [unsupported]

@big = internal addrspace(3) global [16384 x i32] undef, align 4

define void @small(ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
  store i32 7, ptr addrspace(1) %y
  ret void
}

define void @large(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr i32, ptr addrspace(3) @big, i32 %i
  store i32 %i, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %v = load i32, ptr addrspace(3) @big
  store i32 %v, ptr addrspace(1) %y
  ret void
}

declare void @air.wg.barrier(i32, i32)
