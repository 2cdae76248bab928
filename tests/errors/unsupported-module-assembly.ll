; Assembly beside the functions, though no kernel uses it.
;
; RUN: not %tmjit run %s --grid 1 2>&1 | FileCheck %s
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-module-assembly.ll: error: module-level assembly, '.globl entry'; functions in LLVM instructions are supported [unsupported]

module asm ".globl entry"
module asm "entry: ret"

define void @k() "tmjit.kernel" {
  ret void
}
