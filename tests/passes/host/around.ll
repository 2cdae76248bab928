; Stores of whole lines may go around the caches where the runtime says so, but not into memory
; that the kernel loads from, nor in kernels with atomics, fences or volatile accesses.
;
; RUN: %tmjit emit %s --entry plain --as host --lanes 16 --threadgroup 64 --check none | FileCheck %s
; CHECK: store <16 x float> {{.*}}, align 64, !nontemporal
; CHECK: store <16 x float> {{.*}}, align 4
;
; RUN: %tmjit emit %s --entry guarded --as host --lanes 16 --threadgroup 64 --check none | FileCheck %s --check-prefix MASKED
; MASKED: store <16 x float> {{.*}}, align 64, !nontemporal
; MASKED: br i1 {{.*}}, label %{{(stored|some)}}
; MASKED: call void @llvm.masked.store.v16f32.p0(
;
; RUN: %tmjit emit %s --entry plain --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s --check-prefix NEAR
; RUN: %tmjit emit %s --entry in_place --as host --lanes 16 --threadgroup 64 --check none | FileCheck %s --check-prefix NEAR
; RUN: %tmjit emit %s --entry counted --as host --lanes 16 --threadgroup 64 --check none | FileCheck %s --check-prefix NEAR
; RUN: %tmjit emit %s --entry fenced --as host --lanes 16 --threadgroup 64 --check none | FileCheck %s --check-prefix NEAR
; RUN: %tmjit emit %s --entry changing --as host --lanes 16 --threadgroup 64 --check none | FileCheck %s --check-prefix NEAR
; NEAR: define void @kernel
; NEAR-NOT: !nontemporal
; NEAR: store <{{8|16}} x float>
; NEAR-NOT: !nontemporal

define void @plain(ptr addrspace(1) %x, ptr addrspace(1) %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %v, ptr addrspace(1) %py
  ret void
}

; All lanes of most SIMD-groups are on: those go around; where none is, nothing is written.
define void @guarded(ptr addrspace(1) %x, ptr addrspace(1) %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %is = fcmp ogt float %v, 0.0
  br i1 %is, label %write, label %end

write:
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %v, ptr addrspace(1) %py
  br label %end

end:
  ret void
}

define void @in_place(ptr addrspace(1) %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr float, ptr addrspace(1) %y, i32 %i
  %v = load float, ptr addrspace(1) %p
  %w = fadd float %v, 1.0
  store float %w, ptr addrspace(1) %p
  ret void
}

define void @counted(ptr addrspace(1) %y, ptr addrspace(1) %n, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float 1.0, ptr addrspace(1) %p
  %old = atomicrmw add ptr addrspace(1) %n, i32 1 monotonic
  ret void
}

define void @fenced(ptr addrspace(1) %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float 1.0, ptr addrspace(1) %p
  fence seq_cst
  ret void
}

define void @changing(ptr addrspace(1) %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr float, ptr addrspace(1) %y, i32 %i
  store volatile float 1.0, ptr addrspace(1) %p
  ret void
}
