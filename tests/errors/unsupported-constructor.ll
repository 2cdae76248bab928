; A constructor that is no static initialiser: it calls what cannot run before the launch.
;
; RUN: not %tmjit run %s --grid 1 --buf out=i32[1] 2>&1 | FileCheck %s
; CHECK: unsupported-constructor.ll:15:{{.*}}error: a static initialiser calls 'air.simd_sum.s.i32'; it runs alone, when the pipeline is made, and can call functions of numbers only [unsupported]

@x = internal addrspace(2) global i32 undef, align 4
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @start, ptr null }]

declare i32 @air.simd_sum.s.i32(i32)

define internal void @start() {
  ; The line that is named is the call's.
  ; simd_sum needs a SIMD-group.
  ;
  %1 = call i32 @air.simd_sum.s.i32(i32 1)
  store i32 %1, ptr addrspace(2) @x, align 4
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %x = load i32, ptr addrspace(2) @x, align 4
  store i32 %x, ptr addrspace(1) %out
  ret void
}
