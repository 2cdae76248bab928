; Every thread of a large grid adds to one counter, to its threadgroup's and to a float.
;
; RUN: %run %s --grid 70000 --threadgroup 100 --buf n=u32[2]:zeros --buf f=f32[1]:zeros --print n --print f | FileCheck %s
; CHECK: n = 70000 2449965000
; CHECK: f = 70000

define void @k(ptr addrspace(1) "tmjit.type"="uint" %n, ptr addrspace(1) "tmjit.type"="float" %f, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %one = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %n, i32 1, i32 0, i32 2, i1 true)
  %p = getelementptr i32, ptr addrspace(1) %n, i32 1
  %all = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %p, i32 %i, i32 0, i32 2, i1 true)
  %x = call float @air.atomic.global.add.f32(ptr addrspace(1) %f, float 1.0, i32 0, i32 2, i1 true)
  ret void
}
declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)
declare float @air.atomic.global.add.f32(ptr addrspace(1), float, i32, i32, i1)
