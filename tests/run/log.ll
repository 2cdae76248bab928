; os_log as Apple's compiler emits it: a helper with variable arguments, floats as double. Messages
; come in the order of threads, on stderr; the same from both engines and for all widths.
;
; RUN: %tmjit run %s --entry k --grid 3 --threadgroup 2 --engine interp --buf x=f32[3]:iota 2>&1 | FileCheck %s --match-full-lines
; RUN: %tmjit run %s --entry k --grid 3 --threadgroup 2 --lanes 4 --opt 0 --verify-each --buf x=f32[3]:iota 2>&1 | FileCheck %s --match-full-lines
; RUN: %tmjit run %s --entry k --grid 3 --threadgroup 1 --lanes 8 --order 5 --buf x=f32[3]:iota 2>&1 | FileCheck %s --match-full-lines
; RUN: %tmjit run %s --entry k --grid 3 --check none --buf x=f32[3]:iota 2>&1 | FileCheck %s --match-full-lines
; CHECK:      log default (0, 0, 0): x[0] = 0.000000, <   0|0   > 100%
; CHECK-NEXT: log error (0, 0, 0) [com.example:parts]: -1 4294967295 ff 0x1.8p+1 A half 1.5, v 1.0,2.0,3.0,4.0 l -5 parts (missing) %y
; CHECK-NEXT: log default (1, 0, 0): x[1] = 1.000000, <   1|1   > 100%
; CHECK-NEXT: log default (2, 0, 0): x[2] = 2.000000, <   2|2   > 100%
;
; A control character does not reach the terminal; many messages are cut at the limit: 62 bytes
; hold "row\090" to "row\099" of 5 bytes and two of 6, and the rest of 1000 is counted.
; RUN: %tmjit run %s --entry many --grid 1000 --engine interp --log-limit 62 2>&1 | FileCheck %s --check-prefix=MANY --match-full-lines
; RUN: %tmjit run %s --entry many --grid 1000 --log-limit 62 2>&1 | FileCheck %s --check-prefix=MANY --match-full-lines
; MANY:      log info (0, 0, 0): row\090
; MANY:      log info (11, 0, 0): row\0911
; MANY-NEXT: log: 988 more messages dropped

@.format = private unnamed_addr addrspace(2) constant [30 x i8] c"x[%d] = %f, <%4u|%-4d> 100%%\0A\00", align 1
@.format2 = private unnamed_addr addrspace(2) constant [64 x i8] c"%i %u %x %a %c half %.1f, v %.1v4f l %ld %s %d %y\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00", align 1
@.format3 = private unnamed_addr addrspace(2) constant [7 x i8] c"row\09%u\00", align 1
@.subsystem = private unnamed_addr addrspace(2) constant [12 x i8] c"com.example\00", align 1
@.category = private unnamed_addr addrspace(2) constant [6 x i8] c"parts\00", align 1

declare void @llvm.va_start(ptr)
declare void @llvm.va_end(ptr)
declare void @llvm.lifetime.start.p0(i64, ptr)
declare void @llvm.lifetime.end.p0(i64, ptr)
declare void @air.os_log(ptr addrspace(2), ptr addrspace(2), i32, ptr addrspace(2), ptr, i64)

define internal void @log_default(ptr addrspace(2) %format, ...) {
  %list = alloca ptr, align 8
  call void @llvm.lifetime.start.p0(i64 8, ptr %list)
  call void @llvm.va_start(ptr %list)
  %args = load ptr, ptr %list, align 8
  call void @air.os_log(ptr addrspace(2) null, ptr addrspace(2) inttoptr (i64 -1 to ptr addrspace(2)), i32 0, ptr addrspace(2) %format, ptr %args, i64 24)
  call void @llvm.va_end(ptr %list)
  call void @llvm.lifetime.end.p0(i64 8, ptr %list)
  ret void
}

define internal void @log_error(ptr addrspace(2) %subsystem, ptr addrspace(2) %category, i32 %type, ptr addrspace(2) %format, ...) {
  %list = alloca ptr, align 8
  call void @llvm.va_start(ptr %list)
  %args = load ptr, ptr %list, align 8
  call void @air.os_log(ptr addrspace(2) %subsystem, ptr addrspace(2) %category, i32 %type, ptr addrspace(2) %format, ptr %args, i64 64)
  call void @llvm.va_end(ptr %list)
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %p = getelementptr inbounds float, ptr addrspace(1) %x, i64 %w
  %v = load float, ptr addrspace(1) %p, align 4
  %d = fpext float %v to double
  call void (ptr addrspace(2), ...) @log_default(ptr addrspace(2) @.format, i32 %i, double %d, i32 %i, i32 %i)
  %is.first = icmp eq i32 %i, 0
  br i1 %is.first, label %more, label %end
more:
  %three = fadd float %v, 3.0
  %three.d = fpext float %three to double
  %h = fptrunc float %three to half
  %h2 = fmul half %h, 0.5
  %h.d = fpext half %h2 to double
  %c = add i32 %i, 65
  call void (ptr addrspace(2), ptr addrspace(2), i32, ptr addrspace(2), ...) @log_error(ptr addrspace(2) @.subsystem, ptr addrspace(2) @.category, i32 16, ptr addrspace(2) @.format2, i32 -1, i32 -1, i32 255, double %three.d, i32 %c, double %h.d, <4 x float> <float 1.0, float 2.0, float 3.0, float 4.0>, i64 -5, ptr addrspace(2) @.category)
  br label %end
end:
  ret void
}

define void @many(i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  call void (ptr addrspace(2), ptr addrspace(2), i32, ptr addrspace(2), ...) @log_error(ptr addrspace(2) null, ptr addrspace(2) null, i32 1, ptr addrspace(2) @.format3, i32 %i)
  ret void
}
