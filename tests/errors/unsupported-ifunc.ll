; A function that a resolver chooses while a program is loaded, though no kernel calls it.
;
; RUN: not %tmjit run %s --grid 1 2>&1 | FileCheck %s
; CHECK: unsupported-ifunc.ll: error: ifunc 'f', a function chosen at load time; functions with a body are supported [unsupported]
; CHECK-NEXT: in @f = ifunc void (), ptr @resolve

@f = ifunc void (), ptr @resolve

define internal ptr @resolve() {
  ret ptr null
}
define void @k() "tmjit.kernel" {
  ret void
}
