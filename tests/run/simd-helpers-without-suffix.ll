; The vote and ballot functions under the names without the .i64 suffix.
;
; RUN: %simd %s --grid 16 --threadgroup 16 --buf y=u32[4]:zeros --print y | FileCheck %s
; CHECK: y = 43690 65535 1 0

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %odd = trunc i32 %i to i1
  %b = call i64 @air.simd_ballot(i1 %odd)
  %b32 = trunc i64 %b to i32
  store i32 %b32, ptr addrspace(1) %y
  %m = call i64 @air.simd_active_threads_mask()
  %m32 = trunc i64 %m to i32
  %p1 = getelementptr i32, ptr addrspace(1) %y, i32 1
  store i32 %m32, ptr addrspace(1) %p1
  %any = call i1 @air.simd_vote_any(i64 %b)
  %any32 = zext i1 %any to i32
  %p2 = getelementptr i32, ptr addrspace(1) %y, i32 2
  store i32 %any32, ptr addrspace(1) %p2
  %all = call i1 @air.simd_vote_all(i64 %b)
  %all32 = zext i1 %all to i32
  %p3 = getelementptr i32, ptr addrspace(1) %y, i32 3
  store i32 %all32, ptr addrspace(1) %p3
  ret void
}
declare i64 @air.simd_ballot(i1)
declare i64 @air.simd_active_threads_mask()
declare i1 @air.simd_vote_any(i64)
declare i1 @air.simd_vote_all(i64)
