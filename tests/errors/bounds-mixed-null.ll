; A buffer or null: null is an address of no buffer; the buffer's own bounds hold for it.
;
; RUN: %fails %s --grid 8 --buf a=i32[8] --buf y=i32[8] --buf on=i32:1,1,1,0,1,1,1,1 | FileCheck %s --check-prefix NULL
; RUN: %fails %s --grid 8 --buf a=i32[7] --buf y=i32[8] --buf on=i32:1,1,1,1,1,1,1,1 | FileCheck %s --check-prefix END
; NULL: error: load of 4 bytes at address 0xc of no buffer of this launch, by thread (3, 0, 0) of the grid
; END: error: load of 4 bytes at byte offset 28 of buffer 'a' (28 bytes), by thread (7, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(1) "tmjit.type"="int" %on, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %po = getelementptr i32, ptr addrspace(1) %on, i32 %i
  %o = load i32, ptr addrspace(1) %po
  %is-on = icmp ne i32 %o, 0
  %p = select i1 %is-on, ptr addrspace(1) %a, ptr addrspace(1) null
  %px = getelementptr i32, ptr addrspace(1) %p, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
