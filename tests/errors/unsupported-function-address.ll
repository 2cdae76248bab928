; The address of a function as a number.
;
; RUN: not %tmjit run %s --grid 1 2>&1 | FileCheck %s
; CHECK: unsupported-function-address.ll:[[#@LINE+6]]:3: error: global 'number' is initialised with an address as a number [unsupported]

@number = internal addrspace(2) constant i64 ptrtoint (ptr @exit to i64)
declare void @exit(i32)

define void @k(ptr addrspace(1) "tmjit.type"="ulong" %y) "tmjit.kernel" {
  %v = load i64, ptr addrspace(2) @number
  store i64 %v, ptr addrspace(1) %y
  ret void
}
