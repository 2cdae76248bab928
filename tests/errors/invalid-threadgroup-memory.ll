; Threadgroup arguments and static variables together are more than a threadgroup has.
;
; RUN: not %tmjit run %s --grid 32 --threadgroup 32 --local a=32768 2>&1 | FileCheck %s
; RUN: not %tmjit run %s --engine interp --grid 32 --threadgroup 32 --local a=32768 2>&1 | FileCheck %s
; CHECK: error: more than 32768 bytes of threadgroup memory: 16 of static variables, the rest of arguments [invalid]

@s = internal addrspace(3) global [4 x i32] undef, align 4

define void @k(ptr addrspace(3) "tmjit.type"="int" %a, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  store i32 %i, ptr addrspace(3) %a
  store i32 %i, ptr addrspace(3) @s
  ret void
}
