; Only the threads that take the branch are checked: the first of them is named.
;
; RUN: %fails %s --grid 40 --threadgroup 40 --buf x=i32[8]:iota --buf y=i32[40]:zeros | FileCheck %s
; CHECK: error: load of 4 bytes at byte offset 132 of buffer 'x' (32 bytes), by thread (33, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is33 = icmp eq i32 %i, 33
  br i1 %is33, label %read, label %done
read:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
