; Without checks offsets in threadgroup memory have 32 bits: a gather or scatter is one instruction for 16 lanes.
;
; RUN: %tmjit emit %s --as host --lanes 16 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK: %[[AT:[0-9]+]] = sext <16 x i32> %{{[0-9]+}} to <16 x i64>
; CHECK-NEXT: getelementptr i8, ptr %{{[a-z0-9_.]+}}, <16 x i64> %[[AT]]
; CHECK: @llvm.masked.scatter
; CHECK: %[[FROM:[0-9]+]] = sext <16 x i32> %{{[0-9]+}} to <16 x i64>
; CHECK-NEXT: getelementptr i8, ptr %{{[a-z0-9_.]+}}, <16 x i64> %[[FROM]]
; CHECK: @llvm.masked.gather

@s = internal addrspace(3) global [64 x float] undef

define void @k(ptr addrspace(1) "tmjit.type"="int" %index, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pi = getelementptr i32, ptr addrspace(1) %index, i32 %i
  %at = load i32, ptr addrspace(1) %pi
  %x = uitofp i32 %i to float
  %ps = getelementptr float, ptr addrspace(3) @s, i32 %at
  store float %x, ptr addrspace(3) %ps
  call void @air.wg.barrier(i32 2, i32 1)
  %other = xor i32 %at, 5
  %po = getelementptr float, ptr addrspace(3) @s, i32 %other
  %v = load float, ptr addrspace(3) %po
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
