; A loop that all threads stay in, and that has no effect, stays a loop and is stopped.
;
; RUN: not %tmjit run %s --engine interp --grid 8 --timeout 0.2 --buf y=i32[8]:zeros 2>&1 | FileCheck %s
; RUN: not %tmjit run %s --engine simd --opt 0 --grid 8 --timeout 0.2 --buf y=i32[8]:zeros 2>&1 | FileCheck %s
; RUN: not %tmjit run %s --engine simd --opt 2 --grid 8 --timeout 0.2 --buf y=i32[8]:zeros 2>&1 | FileCheck %s
; CHECK: timeout-uniform-endless-loop.ll:{{[0-9]+}}:{{[0-9]+}}: error: launch ran longer than 0.2 s [timeout]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %n1 = add i32 %n, 1
  %more = icmp sge i32 0, 0
  br i1 %more, label %loop, label %done
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %n1, ptr addrspace(1) %p
  ret void
}
