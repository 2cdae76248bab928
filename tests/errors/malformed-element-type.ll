; An element type that Metal does not have.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-element-type.ll:{{.*}}error: {{.*}}unknown element type 'integer'; accepted are {{.*}} [malformed]

define void @k(ptr addrspace(1) "tmjit.type"="integer" %y) "tmjit.kernel" {
  ret void
}
