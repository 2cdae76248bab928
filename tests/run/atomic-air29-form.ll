; The argument list of AIR 2.9, with memory flags between scope and volatile, and a fence.
;
; RUN: %run %s --grid 40 --threadgroup 8 --buf y=u32[1]:zeros --print y | FileCheck %s
; CHECK: y = 40

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y) "tmjit.kernel" {
  call void @air.atomic.fence(i32 1, i32 5, i32 2)
  %a = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %y, i32 1, i32 0, i32 2, i32 1, i1 false)
  ret void
}
declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i32, i1)
declare void @air.atomic.fence(i32, i32, i32)
