; A zero-extended index that wraps in the middle of a SIMD-group: lanes are not consecutive there.
;
; RUN: %run %s --grid 8 --threadgroup 8 --buf x=i32[8]:iota --buf y=i32[8]:-1 --print y | FileCheck %s
; CHECK: y = -1 -1 -1 -1 0 1 2 3

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %w = add i32 %i, -4
  %in = icmp ult i32 %w, 8
  br i1 %in, label %read, label %done
read:
  %z = zext i32 %w to i64
  %p = getelementptr i32, ptr addrspace(1) %x, i64 %z
  %v = load i32, ptr addrspace(1) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
