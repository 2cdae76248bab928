; An offset that overflows 64 bits does not come back into the buffer.
;
; RUN: %fails %s --grid 1 --buf x=i64:4611686018427387904 --buf y=i32[4]:zeros | FileCheck %s
; CHECK: error: store of 4 bytes at byte offset {{.*}} of buffer 'y' (16 bytes), by thread (0, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="long" %x, ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
  ; 2^62 elements of 4 bytes are 2^64 bytes: the product wraps to zero in 64 bits, so the
  ; address is that of element 1 shifted by it, and one more element decides
  %v = load i64, ptr addrspace(1) %x
  %v1 = sub i64 %v, 1
  %p = getelementptr i32, ptr addrspace(1) %y, i64 %v1
  store i32 1, ptr addrspace(1) %p
  ret void
}
