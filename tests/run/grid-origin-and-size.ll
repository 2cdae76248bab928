; grid_origin is zero and grid_size the number of threads.
;
; RUN: %run %s --grid 9 --threadgroup 4 --buf y=u32[2]:7 --print y | FileCheck %s
; CHECK: y = 0 9

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="grid_origin" %o, i32 "tmjit.builtin"="grid_size" %n) "tmjit.kernel" {
  store i32 %o, ptr addrspace(1) %y
  %p = getelementptr i32, ptr addrspace(1) %y, i32 1
  store i32 %n, ptr addrspace(1) %p
  ret void
}
