; A kernel name that the file does not have.
;
; RUN: not %tmjit run %s --entry gemm --grid 1 2>&1 | FileCheck %s
; CHECK: has no kernel 'gemm'

define void @k() "tmjit.kernel" {
  ret void
}
