; Neighbouring threads take different sides of a branch; the phi blends both results.
;
; RUN: %run %s --grid 8 --buf x=i32[8]:iota --buf y=i32[8]:zeros --print y | FileCheck %s
; CHECK: y = 100 3 102 9 104 15 106 21

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %bit = and i32 %i, 1
  %odd = icmp ne i32 %bit, 0
  br i1 %odd, label %then, label %else
then:
  %a = mul i32 %v, 3
  br label %join
else:
  %b = add i32 %v, 100
  br label %join
join:
  %r = phi i32 [ %a, %then ], [ %b, %else ]
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
