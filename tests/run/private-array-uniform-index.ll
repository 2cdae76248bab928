; A private array whose index is the same in all threads but only known at run time.
;
; RUN: %npy %t.npy i32 '[i * 5 + 100 for i in range(40)]'
; RUN: %run %s --grid 40 --threadgroup 40 --buf y=i32[40]:zeros --set at=5 --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(2) "tmjit.type"="int" %at, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %a = alloca [7 x i32], align 4
  %index = load i32, ptr addrspace(2) %at
  br label %fill
fill:
  %k = phi i32 [ 0, %entry ], [ %k1, %fill ]
  %ik = mul i32 %i, %k
  %v = add i32 %ik, 100
  %p = getelementptr [7 x i32], ptr %a, i32 0, i32 %k
  store i32 %v, ptr %p
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 7
  br i1 %more, label %fill, label %read
read:
  %q = getelementptr [7 x i32], ptr %a, i32 0, i32 %index
  %w = load i32, ptr %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %w, ptr addrspace(1) %py
  ret void
}
