; Of a module of many kernels each is read by itself, with the functions, tables and variables
; that it uses and without the others'.
;
; RUN: %run %s --entry k0 --grid 3 --threadgroup 3 --buf out=i32[3] --print out | FileCheck %s --check-prefix K0
; RUN: %run %s --entry k7 --grid 3 --threadgroup 3 --buf out=i32[3] --print out | FileCheck %s --check-prefix K7
; RUN: %run %s --entry k8 --grid 3 --threadgroup 3 --buf out=i32[3] --print out | FileCheck %s --check-prefix K8
; K0: out = 10 20 30
; K7: out = 7005 7007 7009
; K8: out = 8010 8020 8030
;
; RUN: %tmjit emit %s --entry k7 --as air | FileCheck %s --check-prefix ONLY
; RUN: %tmjit compile %s | FileCheck %s --check-prefix ALL
; ONLY-NOT: define {{.*}}@k8
; ONLY: define void @k7(
; ONLY-NOT: @k8
; ONLY-NOT: @table
; ALL-COUNT-9: {{^k[0-8].ok.-}}
; ALL-NOT: {{^k}}

@table = internal addrspace(2) constant [3 x i32] [i32 10, i32 20, i32 30], align 4
@kept = internal addrspace(3) global [3 x i32] undef, align 4

define internal i32 @inner(i32 %i) {
  %p = getelementptr [3 x i32], ptr addrspace(3) @kept, i32 0, i32 %i
  %twice = mul i32 %i, 2
  store i32 %twice, ptr addrspace(3) %p, align 4
  %v = load i32, ptr addrspace(3) %p, align 4
  %r = add i32 %v, 5
  ret i32 %r
}

define internal i32 @sharedA(i32 %i) {
  %r = call i32 @inner(i32 %i)
  ret i32 %r
}

define internal i32 @sharedB(i32 %i) {
  %p = getelementptr [3 x i32], ptr addrspace(2) @table, i32 0, i32 %i
  %r = load i32, ptr addrspace(2) %p, align 4
  ret i32 %r
}

define void @k0(ptr addrspace(1) %out, i32 %thread_position_in_grid) #0 {
  %v = call i32 @sharedB(i32 %thread_position_in_grid)
  %r = add i32 %v, 0
  %p = getelementptr i32, ptr addrspace(1) %out, i32 %thread_position_in_grid
  store i32 %r, ptr addrspace(1) %p, align 4
  ret void
}

define void @k1(ptr addrspace(1) %out, i32 %thread_position_in_grid) #0 {
  %v = call i32 @sharedA(i32 %thread_position_in_grid)
  %r = add i32 %v, 1000
  %p = getelementptr i32, ptr addrspace(1) %out, i32 %thread_position_in_grid
  store i32 %r, ptr addrspace(1) %p, align 4
  ret void
}

define void @k2(ptr addrspace(1) %out, i32 %thread_position_in_grid) #0 {
  %v = call i32 @sharedB(i32 %thread_position_in_grid)
  %r = add i32 %v, 2000
  %p = getelementptr i32, ptr addrspace(1) %out, i32 %thread_position_in_grid
  store i32 %r, ptr addrspace(1) %p, align 4
  ret void
}

define void @k3(ptr addrspace(1) %out, i32 %thread_position_in_grid) #0 {
  %v = call i32 @sharedA(i32 %thread_position_in_grid)
  %r = add i32 %v, 3000
  %p = getelementptr i32, ptr addrspace(1) %out, i32 %thread_position_in_grid
  store i32 %r, ptr addrspace(1) %p, align 4
  ret void
}

define void @k4(ptr addrspace(1) %out, i32 %thread_position_in_grid) #0 {
  %v = call i32 @sharedB(i32 %thread_position_in_grid)
  %r = add i32 %v, 4000
  %p = getelementptr i32, ptr addrspace(1) %out, i32 %thread_position_in_grid
  store i32 %r, ptr addrspace(1) %p, align 4
  ret void
}

define void @k5(ptr addrspace(1) %out, i32 %thread_position_in_grid) #0 {
  %v = call i32 @sharedA(i32 %thread_position_in_grid)
  %r = add i32 %v, 5000
  %p = getelementptr i32, ptr addrspace(1) %out, i32 %thread_position_in_grid
  store i32 %r, ptr addrspace(1) %p, align 4
  ret void
}

define void @k6(ptr addrspace(1) %out, i32 %thread_position_in_grid) #0 {
  %v = call i32 @sharedB(i32 %thread_position_in_grid)
  %r = add i32 %v, 6000
  %p = getelementptr i32, ptr addrspace(1) %out, i32 %thread_position_in_grid
  store i32 %r, ptr addrspace(1) %p, align 4
  ret void
}

define void @k7(ptr addrspace(1) %out, i32 %thread_position_in_grid) #0 {
  %v = call i32 @sharedA(i32 %thread_position_in_grid)
  %r = add i32 %v, 7000
  %p = getelementptr i32, ptr addrspace(1) %out, i32 %thread_position_in_grid
  store i32 %r, ptr addrspace(1) %p, align 4
  ret void
}

define void @k8(ptr addrspace(1) %out, i32 %thread_position_in_grid) #0 {
  %v = call i32 @sharedB(i32 %thread_position_in_grid)
  %r = add i32 %v, 8000
  %p = getelementptr i32, ptr addrspace(1) %out, i32 %thread_position_in_grid
  store i32 %r, ptr addrspace(1) %p, align 4
  ret void
}

attributes #0 = { "tmjit.kernel" }
