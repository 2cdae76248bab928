; Tables of addresses that are not those of constants, found through a table of tables: of a
; threadgroup variable, of what another module has, as a number.
;
; RUN: not %tmjit run %s --entry shared --grid 1 2>&1 | FileCheck %s --check-prefix SHARED
; RUN: sed -e 's/@inner = .*/@inner = internal addrspace(2) constant [1 x ptr addrspace(2)] [ptr addrspace(2) @outside]/' %s > %t.outside.ll
; RUN: not %tmjit run %t.outside.ll --grid 1 2>&1 | FileCheck %s --check-prefix OUTSIDE
; RUN: sed -e 's/@inner = .*/@inner = internal addrspace(2) constant [1 x i64] [i64 ptrtoint (ptr addrspace(2) @outer to i64)]/' %s > %t.number.ll
; RUN: not %tmjit run %t.number.ll --grid 1 2>&1 | FileCheck %s --check-prefix NUMBER
; SHARED: unsupported-pointer-table.ll:[[#@LINE+11]]:3: error: global 'inner' is initialised with an address that is not one of a constant [unsupported]
; OUTSIDE: error: global 'outside' is external; globals need an initialiser [unsupported]
; NUMBER: error: global 'inner' is initialised with an address as a number [unsupported]

@outside = external addrspace(2) constant i32
@cell = internal addrspace(3) global i32 undef
@inner = internal addrspace(2) constant [1 x ptr] [ptr addrspacecast (ptr addrspace(3) @cell to ptr)]
@outer = internal addrspace(2) constant [2 x ptr addrspace(2)] [ptr addrspace(2) @outer, ptr addrspace(2) @inner]

define void @shared(ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
  %at = load i64, ptr addrspace(1) %y
  %p = getelementptr ptr addrspace(2), ptr addrspace(2) @outer, i64 %at
  %t = load ptr addrspace(2), ptr addrspace(2) %p
  %v = load i32, ptr addrspace(2) %t
  store i32 %v, ptr addrspace(1) %y
  ret void
}
