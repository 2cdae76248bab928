; LLVM's own atomicrmw, cmpxchg and atomic load, as third-party writers emit them.
;
; RUN: %run %s --grid 500 --threadgroup 50 --buf y=i32[2]:zeros --print y | FileCheck %s
; CHECK: y = 500 499

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %a = atomicrmw add ptr addrspace(1) %y, i32 1 monotonic
  %p = getelementptr i32, ptr addrspace(1) %y, i32 1
  %b = atomicrmw max ptr addrspace(1) %p, i32 %i monotonic
  %c = load atomic i32, ptr addrspace(1) %p monotonic, align 4
  %same = cmpxchg ptr addrspace(1) %p, i32 %c, i32 %c monotonic monotonic
  ret void
}
