; Variable arguments for something else than logging: the helper reads them itself.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-variable-arguments.ll:17:{{.*}}error: variable arguments are not supported [unsupported]

declare void @llvm.va_start(ptr)

define internal i32 @second(i32 %n, ...) {
  %list = alloca ptr, align 8
  call void @llvm.va_start(ptr %list)
  %args = load ptr, ptr %list, align 8
  %v = load i32, ptr %args, align 8
  ret i32 %v
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %v = call i32 (i32, ...) @second(i32 1, i32 2)
  store i32 %v, ptr addrspace(1) %out, align 4
  ret void
}
