; A double that was not widened from a float cannot be logged: kernels have no double.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: log-argument.ll:{{.*}}error: {{.*}}double{{.*}} [unsupported]

@.format = private unnamed_addr addrspace(2) constant [3 x i8] c"%f\00", align 1
declare void @llvm.va_start(ptr)
declare void @air.os_log(ptr addrspace(2), ptr addrspace(2), i32, ptr addrspace(2), ptr, i64)

define internal void @log(ptr addrspace(2) %format, ...) {
  %list = alloca ptr, align 8
  call void @llvm.va_start(ptr %list)
  %args = load ptr, ptr %list, align 8
  call void @air.os_log(ptr addrspace(2) null, ptr addrspace(2) null, i32 0, ptr addrspace(2) %format, ptr %args, i64 8)
  ret void
}

define void @k(i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %d = uitofp i32 %i to double
  call void (ptr addrspace(2), ...) @log(ptr addrspace(2) @.format, double %d)
  ret void
}
