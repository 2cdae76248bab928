; A scatter of elements that no host has an instruction for is a loop over its mask's bits, or
; over all lanes, and not a branch a lane.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none --after host-optimize | FileCheck %s --check-prefix BEFORE
; BEFORE: call void @llvm.masked.scatter.v8f16
; CHECK-NOT: call void @llvm.masked.scatter.v8f16
; CHECK: call{{.*}} i32 @llvm.cttz.i32(i32 %bits
; CHECK: store half

define void @k(ptr addrspace(1) "tmjit.type"="int" %index, ptr addrspace(1) "tmjit.type"="half" %x, ptr addrspace(1) "tmjit.type"="half" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pi = getelementptr i32, ptr addrspace(1) %index, i32 %i
  %at = load i32, ptr addrspace(1) %pi
  %px = getelementptr half, ptr addrspace(1) %x, i32 %i
  %v = load half, ptr addrspace(1) %px
  %is = fcmp ogt half %v, 0.0
  br i1 %is, label %write, label %end

write:
  %py = getelementptr half, ptr addrspace(1) %y, i32 %at
  store half %v, ptr addrspace(1) %py
  br label %end

end:
  ret void
}
