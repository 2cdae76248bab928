; The value that an atomic add returns is unique: each thread marks the place of its ticket.
;
; RUN: %npy %t.npy u32 '[1] * 10000'
; RUN: %run %s --grid 10000 --threadgroup 128 --buf n=u32[1]:zeros --buf y=u32[10000]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %n, ptr addrspace(1) "tmjit.type"="uint" %y) "tmjit.kernel" {
  %ticket = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %n, i32 1, i32 0, i32 2, i1 true)
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %ticket
  %old = load i32, ptr addrspace(1) %p
  %new = add i32 %old, 1
  store i32 %new, ptr addrspace(1) %p
  ret void
}
declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)
