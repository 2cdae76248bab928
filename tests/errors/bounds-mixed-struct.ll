; Pointers inside structs: chosen, put in, taken out, and through a loop.
;
; RUN: %fails %s --grid 8 --buf a=i32[8] --buf b=i32[8] --buf y=i32[7] | FileCheck %s --check-prefix Y
; RUN: %fails %s --grid 8 --buf a=i32[8] --buf b=i32[5] --buf y=i32[8] | FileCheck %s --check-prefix B
; Y: error: store of 4 bytes at byte offset 28 of buffer 'y' (28 bytes), by thread (7, 0, 0) of the grid
; B: error: load of 4 bytes at byte offset 20 of buffer 'b' (20 bytes), by thread (5, 0, 0) of the grid

%pair = type { ptr addrspace(1), ptr addrspace(1) }

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-odd = trunc i32 %i to i1
  %s0 = insertvalue %pair undef, ptr addrspace(1) %a, 0
  %s1 = insertvalue %pair %s0, ptr addrspace(1) %y, 1
  %t0 = insertvalue %pair undef, ptr addrspace(1) %b, 0
  %t1 = insertvalue %pair %t0, ptr addrspace(1) %y, 1
  br label %loop
loop:
  %s = phi %pair [ %s1, %0 ], [ %t, %loop ]
  %t = phi %pair [ %t1, %0 ], [ %s, %loop ]
  %r = phi i32 [ 0, %0 ], [ %next, %loop ]
  %next = add i32 %r, 1
  %go = icmp ult i32 %r, 1
  br i1 %go, label %loop, label %done
done:
  %chosen = select i1 %is-odd, %pair %s, %pair %t
  %from = extractvalue %pair %chosen, 0
  %to = extractvalue %pair %chosen, 1
  %px = getelementptr i32, ptr addrspace(1) %from, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %py = getelementptr i32, ptr addrspace(1) %to, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
