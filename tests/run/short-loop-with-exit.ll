; A loop of one round, with an exit that depends on the thread, is written out: of the round behind
; it, which is never run, nothing is left.
;
; RUN: %run %s --grid 8 --buf x=f32[8]:iota --buf y=i32[8] --print y | FileCheck %s
; CHECK: y = 0 1 1 1 1 1 1 1

declare { i16, i1 } @llvm.sadd.with.overflow.i16(i16, i16)

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %round = alloca i32, align 4
  %halves = alloca [2 x half], align 2
  br label %start
start:
  store half 0.0, ptr %halves, align 2
  %second = getelementptr inbounds half, ptr %halves, i32 1
  store half 0.0, ptr %second, align 2
  %even = and i32 0, 1
  %place = getelementptr inbounds half, ptr %halves, i32 %even
  store half 0.0, ptr %place, align 2
  %rounds = and i32 1, 1
  store i32 0, ptr %round, align 4
  br label %loop
loop:
  %n = load i32, ptr %round, align 4
  %more = icmp ult i32 %n, %rounds
  br i1 %more, label %body, label %done
body:
  %p = getelementptr inbounds float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %p, align 4
  %short = fptoui float %v to i16
  %sum = call { i16, i1 } @llvm.sadd.with.overflow.i16(i16 %short, i16 32767)
  %is_over = extractvalue { i16, i1 } %sum, 1
  br i1 %is_over, label %next, label %done
next:
  %m = load i32, ptr %round, align 4
  %m1 = add i32 %m, 1
  store i32 %m1, ptr %round, align 4
  br label %loop
done:
  %q = getelementptr inbounds i32, ptr addrspace(1) %y, i32 %i
  %count = load i32, ptr %round, align 4
  store i32 %count, ptr addrspace(1) %q, align 4
  ret void
}
