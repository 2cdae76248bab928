; A call that asks for a built-in input in a form that it does not have: an index is one number.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-builtin-call.ll:9:{{.*}}error: unknown intrinsic 'air.thread_index_in_threadgroup.v3i32' [unsupported]

declare <3 x i32> @air.thread_index_in_threadgroup.v3i32()

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %v = call <3 x i32> @air.thread_index_in_threadgroup.v3i32()
  %x = extractelement <3 x i32> %v, i32 0
  store i32 %x, ptr addrspace(1) %out, align 4
  ret void
}
