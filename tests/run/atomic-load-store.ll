; Atomic loads and stores of integers and floats in device and threadgroup memory.
;
; RUN: %run %s --grid 8 --threadgroup 8 --buf x=i32[8]:iota --buf f=f32[8]:iota --buf y=f32[8]:zeros --print x --print f --print y | FileCheck %s
; CHECK: x = 3 4 5 6 7 8 9 10
; CHECK: f = 0.5 1.5 2.5 3.5 4.5 5.5 6.5 7.5
; CHECK: y = 7 6 5 4 3 2 1 0

@slots = internal addrspace(3) global [8 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="float" %f, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = call i32 @air.atomic.global.load.i32(ptr addrspace(1) %px, i32 0, i32 2, i1 true)
  %v3 = add i32 %v, 3
  call void @air.atomic.global.store.i32(ptr addrspace(1) %px, i32 %v3, i32 0, i32 2, i1 true)
  %pf = getelementptr float, ptr addrspace(1) %f, i32 %i
  %w = call float @air.atomic.global.load.f32(ptr addrspace(1) %pf, i32 0, i32 2, i1 true)
  %w5 = fadd float %w, 0.5
  call void @air.atomic.global.store.f32(ptr addrspace(1) %pf, float %w5, i32 0, i32 2, i1 true)
  %ps = getelementptr [8 x i32], ptr addrspace(3) @slots, i32 0, i32 %i
  %bits = bitcast float %w to i32
  call void @air.atomic.local.store.i32(ptr addrspace(3) %ps, i32 %bits, i32 0, i32 1, i1 true)
  call void @air.wg.barrier(i32 2, i32 1)
  %j = sub i32 7, %i
  %pr = getelementptr [8 x i32], ptr addrspace(3) @slots, i32 0, i32 %j
  %r = call i32 @air.atomic.local.load.i32(ptr addrspace(3) %pr, i32 0, i32 1, i1 true)
  %rf = bitcast i32 %r to float
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %rf, ptr addrspace(1) %py
  ret void
}
declare i32 @air.atomic.global.load.i32(ptr addrspace(1), i32, i32, i1)
declare void @air.atomic.global.store.i32(ptr addrspace(1), i32, i32, i32, i1)
declare float @air.atomic.global.load.f32(ptr addrspace(1), i32, i32, i1)
declare void @air.atomic.global.store.f32(ptr addrspace(1), float, i32, i32, i1)
declare i32 @air.atomic.local.load.i32(ptr addrspace(3), i32, i32, i1)
declare void @air.atomic.local.store.i32(ptr addrspace(3), i32, i32, i32, i1)
declare void @air.wg.barrier(i32, i32)
