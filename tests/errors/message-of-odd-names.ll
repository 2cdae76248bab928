; Control characters in names do not reach the terminal, and a message stays one line.
;
; RUN: not %tmjit run %s --grid 1 --buf 0=u32[1] 2>&1 | FileCheck %s --match-full-lines --strict-whitespace
;      CHECK:{{.*}}message-of-odd-names.ll:9:3: error: store of 4 bytes at byte offset 36 of buffer 'y\0A%s\1B[31m' (4 bytes), by thread (0, 0, 0) of the grid, (0, 0, 0) of threadgroup (0, 0, 0) [bounds]
; CHECK-NEXT:  in kernel @a"b%n\0A\07, block %0: store i32 1, ptr addrspace(1) %p, align 4

define void @"a\22b%n\0A\07"(ptr addrspace(1) "tmjit.type"="uint" %"y\0A%s\1B[31m") "tmjit.kernel" {
  %p = getelementptr i32, ptr addrspace(1) %"y\0A%s\1B[31m", i32 9
  store i32 1, ptr addrspace(1) %p
  ret void
}
