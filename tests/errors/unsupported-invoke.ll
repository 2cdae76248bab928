; Exceptions. A function with a personality gets no lines: block and instruction name the place.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-invoke.ll: error: instruction 'invoke' is not supported [unsupported]
; CHECK-NEXT: in kernel @k, block %0: invoke void @f()

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" personality ptr @p {
  invoke void @f() to label %a unwind label %b
a:
  ret void
b:
  %l = landingpad { ptr, i32 } cleanup
  ret void
}
define internal void @f() {
  ret void
}
define internal i32 @p() {
  ret i32 0
}
