; A struct argument whose fields the short form lists, each at the alignment of its type: short at 0,
; float at 4, bool at 8, long at 16, half4 at 24; the struct has 32 bytes.
;
; PY: out = [2.5 * (-7) + 1 + 6 + i + 0.25 * 4 for i in range(8)]
; RUN: %npy %t.npy f32 'out'
; RUN: %run %s --grid 8 --set given.a=-7 --set given.b=2.5 --set given.c=1 --set given.d=6 --set given.e=0.5,0.25,0.125,3 --buf out=f32[8] --expect out=%t.npy
; RUN: %tmjit info %s | FileCheck %s
; CHECK: given Given constant {{.*}} 32 in all
; CHECK-NEXT: .a short at byte 0, 2 bytes
; CHECK-NEXT: .b float at byte 4, 4 bytes
; CHECK-NEXT: .c bool at byte 8, 1 bytes
; CHECK-NEXT: .d long at byte 16, 8 bytes
; CHECK-NEXT: .e half4 at byte 24, 8 bytes

%struct.Given = type { i16, float, i8, i64, <4 x half> }

define void @k(ptr addrspace(2) "tmjit.type"="Given" "tmjit.fields"="short a,float b,bool c,long d,half4 e" "tmjit.byte_len"="32" %given, ptr addrspace(1) "tmjit.type"="float" %out, i32 %thread_position_in_grid) "tmjit.kernel" {
  %ap = getelementptr %struct.Given, ptr addrspace(2) %given, i64 0, i32 0
  %a = load i16, ptr addrspace(2) %ap
  %bp = getelementptr %struct.Given, ptr addrspace(2) %given, i64 0, i32 1
  %b = load float, ptr addrspace(2) %bp
  %cp = getelementptr %struct.Given, ptr addrspace(2) %given, i64 0, i32 2
  %c = load i8, ptr addrspace(2) %cp
  %dp = getelementptr %struct.Given, ptr addrspace(2) %given, i64 0, i32 3
  %d = load i64, ptr addrspace(2) %dp
  %ep = getelementptr %struct.Given, ptr addrspace(2) %given, i64 0, i32 4
  %e = load <4 x half>, ptr addrspace(2) %ep
  %af = sitofp i16 %a to float
  %ab = fmul float %af, %b
  %cf = uitofp i8 %c to float
  %s0 = fadd float %ab, %cf
  %df = sitofp i64 %d to float
  %s1 = fadd float %s0, %df
  %if = uitofp i32 %thread_position_in_grid to float
  %s2 = fadd float %s1, %if
  %e1 = extractelement <4 x half> %e, i32 1
  %ef = fpext half %e1 to float
  %e4 = fmul float %ef, 4.0
  %s3 = fadd float %s2, %e4
  %i = zext i32 %thread_position_in_grid to i64
  %op = getelementptr float, ptr addrspace(1) %out, i64 %i
  store float %s3, ptr addrspace(1) %op
  ret void
}
