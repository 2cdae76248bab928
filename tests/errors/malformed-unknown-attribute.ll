; A misspelt attribute of the short form is not overlooked.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-unknown-attribute.ll:{{.*}}error: {{.*}}unknown attribute 'tmjit.tipe' [malformed]

define void @k(ptr addrspace(1) "tmjit.tipe"="int" %y) "tmjit.kernel" {
  ret void
}
