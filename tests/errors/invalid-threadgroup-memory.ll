; Threadgroup arguments and static variables together are more than the chip has; exactly that
; much is accepted.
;
; DEFINE: %{run} = %tmjit run %s --grid 32 --threadgroup 32
; RUN: %{run} --local a=32752 --chip apple7
; RUN: %{run} --local a=32752 --chip apple8
; RUN: %{run} --local a=32752 --chip apple9 --engine interp
; RUN: %{run} --local a=32752 --chip apple10
; RUN: not %{run} --local a=32753 --chip apple7 2>&1 | FileCheck %s --check-prefix=A7
; RUN: not %{run} --local a=32768 --chip "m2 pro" 2>&1 | FileCheck %s --check-prefix=M2
; RUN: not %{run} --local a=32768 --engine interp 2>&1 | FileCheck %s
; RUN: not %{run} --local a=18446744073709551615 2>&1 | FileCheck %s
; A7: error: more than the 32768 bytes of threadgroup memory of apple7: 16 of static variables, the rest of arguments [invalid]
; M2: error: more than the 32768 bytes of threadgroup memory of m2 pro: 16 of static variables, the rest of arguments [invalid]
; CHECK: error: more than the 32768 bytes of threadgroup memory of apple10: 16 of static variables, the rest of arguments [invalid]

@s = internal addrspace(3) global [4 x i32] undef, align 4

define void @k(ptr addrspace(3) "tmjit.type"="int" %a, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  store i32 %i, ptr addrspace(3) %a
  store i32 %i, ptr addrspace(3) @s
  ret void
}
