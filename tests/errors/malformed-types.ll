; LLVM's verifier speaks where the parser does not.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-types.ll:{{.*}}error: LLVM's verifier: {{.*}} [malformed]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = call i32 @llvm.ctpop.i32(i32 %i)
  br label %a
a:
  %q = phi i32 [ %v, %a ]
  ret void
}
declare i32 @llvm.ctpop.i32(i32)
