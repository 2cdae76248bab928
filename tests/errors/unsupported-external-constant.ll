; A variable that is set from outside and that no list of function constants names.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-external-constant.ll:9:{{.*}}error: global 'a' is set from outside and no function constant [unsupported]

@a = internal addrspace(2) externally_initialized constant i32 undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %a = load i32, ptr addrspace(2) @a, align 4
  store i32 %a, ptr addrspace(1) %out
  ret void
}
