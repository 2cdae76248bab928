; A loop of one round, with an exit that is always taken, is written out: of the round behind it,
; which is never run, nothing is left, and no promise to LLVM about it.
;
; RUN: %run %s --grid 1 --buf x=f32:1 --buf y=i32[1] --print y | FileCheck %s
; CHECK: y = 7

declare { i16, i1 } @llvm.sadd.with.overflow.i16(i16, i16)

define void @k(ptr addrspace(2) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
  %round = alloca i32, align 4
  %halves = alloca [2 x half], align 2
  br label %start
start:
  store half 0.0, ptr %halves, align 2
  %second = getelementptr inbounds half, ptr %halves, i32 1
  store half 0.0, ptr %second, align 2
  store i32 0, ptr %round, align 4
  %even = and i32 0, 1
  %wide = zext i32 %even to i64
  %place = getelementptr inbounds half, ptr %halves, i64 %wide
  store half 0.0, ptr %place, align 2
  %rounds = and i32 1, 1
  store i32 0, ptr %round, align 4
  br label %loop
loop:
  %n = load i32, ptr %round, align 4
  %more = icmp ult i32 %n, %rounds
  br i1 %more, label %body, label %done
body:
  %v = load float, ptr addrspace(2) %x, align 4
  %short = fptoui float %v to i16
  %sum = call { i16, i1 } @llvm.sadd.with.overflow.i16(i16 %short, i16 0)
  %is_over = extractvalue { i16, i1 } %sum, 1
  br i1 %is_over, label %next, label %done
next:
  br label %latch
latch:
  %m = load i32, ptr %round, align 4
  %m1 = add i32 %m, 1
  store i32 %m1, ptr %round, align 4
  br label %loop
done:
  store i32 7, ptr addrspace(1) %y, align 4
  ret void
}
