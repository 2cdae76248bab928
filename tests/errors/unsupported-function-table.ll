; A constant that holds addresses of functions: refused where a kernel reads it.
;
; RUN: not %tmjit run %s --grid 1 2>&1 | FileCheck %s
; CHECK: unsupported-function-table.ll:[[#@LINE+7]]:3: error: global 'table' is initialised with an address that is not one of a constant [unsupported]
; CHECK-NEXT: in kernel @k, block %0: %f = load ptr, ptr addrspace(2) @table, align 8

@table = internal addrspace(2) constant [2 x ptr] [ptr @g, ptr @exit]
declare void @exit(i32)

define void @k() "tmjit.kernel" {
  %f = load ptr, ptr addrspace(2) @table
  call void %f()
  ret void
}
define internal void @g() {
  ret void
}
