; Loops of many forms that would run for minutes or for ever end soon after their time, in both
; engines: the launch says so, and the command ends within 15 s however busy the machine is.
;
; DEFINE: %{form} =
; DEFINE: %{limit} = --grid 70 --threadgroup 64 --timeout 0.1 --no-cache
; DEFINE: %{stops} = timeout 15 not %tmjit run %s --entry %{form} %{limit} --buf y=i32[20000]:ones
; DEFINE: %{seen} = 2>&1 | FileCheck %s
; DEFINE: %{all} = %{stops} %{seen} && %{stops} --opt 0 %{seen} && %{stops} --check none --lanes 4 %{seen} && %{stops} --engine interp %{seen}
; CHECK: error: launch ran longer than 0.1 s [timeout]
;
; REDEFINE: %{form} = counts_without_memory
; RUN: %{all}
; REDEFINE: %{form} = counts_64_bits
; RUN: %{all}
; REDEFINE: %{form} = counts_down
; RUN: %{all}
; REDEFINE: %{form} = counts_to_an_argument
; RUN: %{all}
; REDEFINE: %{form} = counts_differently
; RUN: %{all}
; REDEFINE: %{form} = nested_and_bounded
; RUN: %{all}
; REDEFINE: %{form} = copies
; RUN: %{all}
; REDEFINE: %{form} = fills
; RUN: %{all}
; REDEFINE: %{form} = waits_for_memory
; RUN: %{all}
; REDEFINE: %{form} = adds_atomically
; RUN: %{all}
; REDEFINE: %{form} = locks_twice
; RUN: %{all}
; REDEFINE: %{form} = meets_at_barriers
; RUN: %{all}
; REDEFINE: %{form} = is_waited_for
; RUN: %{all}
; REDEFINE: %{form} = uses_private_memory
; REDEFINE: %{limit} = --grid 4000000000 --threadgroup 1024 --timeout 0.1 --no-cache
; RUN: %{all}

declare void @air.wg.barrier(i32, i32)
declare i32 @air.atomic.global.load.i32(ptr addrspace(1), i32, i32, i1)
declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)
declare i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1), ptr, i32, i32, i32, i32, i1)
declare void @llvm.memcpy.p1.p1.i64(ptr addrspace(1), ptr addrspace(1), i64, i1)
declare void @llvm.memset.p1.i64(ptr addrspace(1), i8, i64, i1)

define void @counts_without_memory(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %a = phi i32 [ %i, %entry ], [ %a2, %loop ]
  %a1 = mul i32 %a, %a
  %a2 = xor i32 %a1, %n
  %n1 = add i32 %n, 1
  %more = icmp ne i32 %n1, 0
  br i1 %more, label %loop, label %done
done:
  store i32 %a2, ptr addrspace(1) %y
  ret void
}

define void @counts_64_bits(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i64 [ 0, %entry ], [ %n1, %loop ]
  %a = phi i32 [ %i, %entry ], [ %a2, %loop ]
  %t = trunc i64 %n to i32
  %a1 = mul i32 %a, %a
  %a2 = xor i32 %a1, %t
  %n1 = add i64 %n, 1
  %more = icmp ult i64 %n1, 4611686018427387904
  br i1 %more, label %loop, label %done
done:
  store i32 %a2, ptr addrspace(1) %y
  ret void
}

define void @counts_down(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ -1, %entry ], [ %n1, %loop ]
  %a = phi i32 [ %i, %entry ], [ %a2, %loop ]
  %a1 = mul i32 %a, %a
  %a2 = xor i32 %a1, %n
  %n1 = add i32 %n, -1
  %more = icmp ugt i32 %n1, 10
  br i1 %more, label %loop, label %done
done:
  store i32 %a2, ptr addrspace(1) %y
  ret void
}

define void @counts_to_an_argument(ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
entry:
  %one = load i32, ptr addrspace(1) %y
  %limit = sub i32 0, %one
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %a = phi i32 [ 7, %entry ], [ %a2, %loop ]
  %a1 = mul i32 %a, %a
  %a2 = xor i32 %a1, %n
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, %limit
  br i1 %more, label %loop, label %done
done:
  store i32 %a2, ptr addrspace(1) %y
  ret void
}

; Each thread has its own number of rounds.
define void @counts_differently(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %i1 = add i32 %i, 1
  %rounds = mul i32 %i1, 50000000
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %a = phi i32 [ %i, %entry ], [ %a2, %loop ]
  %a1 = mul i32 %a, %a
  %a2 = xor i32 %a1, %n
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, %rounds
  br i1 %more, label %loop, label %done
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %a2, ptr addrspace(1) %p
  ret void
}

define void @nested_and_bounded(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %x
x:
  %nx = phi i32 [ 0, %entry ], [ %nx1, %xend ]
  %ax = phi i32 [ %i, %entry ], [ %a2, %xend ]
  br label %y1
y1:
  %ny = phi i32 [ 0, %x ], [ %ny1, %yend ]
  %ay = phi i32 [ %ax, %x ], [ %a2, %yend ]
  br label %z
z:
  %nz = phi i32 [ 0, %y1 ], [ %nz1, %zend ]
  %az = phi i32 [ %ay, %y1 ], [ %a2, %zend ]
  br label %w
w:
  %nw = phi i32 [ 0, %z ], [ %nw1, %w ]
  %a = phi i32 [ %az, %z ], [ %a2, %w ]
  %a1 = mul i32 %a, %a
  %a2 = xor i32 %a1, %nw
  %nw1 = add i32 %nw, 1
  %morew = icmp ult i32 %nw1, 1000
  br i1 %morew, label %w, label %zend
zend:
  %nz1 = add i32 %nz, 1
  %morez = icmp ult i32 %nz1, 1000
  br i1 %morez, label %z, label %yend
yend:
  %ny1 = add i32 %ny, 1
  %morey = icmp ult i32 %ny1, 1000
  br i1 %morey, label %y1, label %xend
xend:
  %nx1 = add i32 %nx, 1
  %morex = icmp ult i32 %nx1, 1000
  br i1 %morex, label %x, label %done
done:
  store i32 %a2, ptr addrspace(1) %y
  ret void
}

define void @copies(ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
entry:
  %half = getelementptr i32, ptr addrspace(1) %y, i32 10000
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  call void @llvm.memcpy.p1.p1.i64(ptr addrspace(1) %half, ptr addrspace(1) %y, i64 40000, i1 false)
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, 100000000
  br i1 %more, label %loop, label %done
done:
  ret void
}

define void @fills(ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  call void @llvm.memset.p1.i64(ptr addrspace(1) %y, i8 3, i64 80000, i1 false)
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, 100000000
  br i1 %more, label %loop, label %done
done:
  ret void
}

define void @waits_for_memory(ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %now = call i32 @air.atomic.global.load.i32(ptr addrspace(1) %y, i32 0, i32 2, i1 true)
  %more = icmp eq i32 %now, 1
  br i1 %more, label %loop, label %done
done:
  ret void
}

define void @adds_atomically(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %was = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %p, i32 1, i32 0, i32 2, i1 true)
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, 4000000000
  br i1 %more, label %loop, label %done
done:
  ret void
}

; Threads of one SIMD-group that wait for the lock that one of them holds.
define void @locks_twice(ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
entry:
  %box = alloca i32, align 4
  br label %try
try:
  store i32 1, ptr %box
  %was = call i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1) %y, ptr %box, i32 0, i32 0, i32 0, i32 2, i1 true)
  %got = icmp eq i32 %was, 1
  br i1 %got, label %done, label %try
done:
  ret void
}

define void @meets_at_barriers(ptr addrspace(1) "tmjit.type"="int" %y) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  call void @air.wg.barrier(i32 2, i32 1)
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, 4000000000
  br i1 %more, label %loop, label %done
done:
  ret void
}

; The second SIMD-group waits at the barrier for the first.
define void @is_waited_for(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %g) "tmjit.kernel" {
entry:
  %first = icmp eq i32 %g, 0
  br i1 %first, label %loop, label %meet
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %a = phi i32 [ %g, %entry ], [ %a2, %loop ]
  %a1 = mul i32 %a, %a
  %a2 = xor i32 %a1, %n
  %n1 = add i32 %n, 1
  %more = icmp ne i32 %n1, 0
  br i1 %more, label %loop, label %meet
meet:
  %r = phi i32 [ 0, %entry ], [ %a2, %loop ]
  call void @air.wg.barrier(i32 2, i32 1)
  store i32 %r, ptr addrspace(1) %y
  ret void
}

; No loop: private memory of many threadgroups, which is cleared for each.
define void @uses_private_memory(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %all = alloca [16000 x i32], align 4
  %at = urem i32 %i, 16000
  %p = getelementptr [16000 x i32], ptr %all, i32 0, i32 %at
  store i32 %i, ptr %p
  %from = sub i32 15999, %at
  %q = getelementptr [16000 x i32], ptr %all, i32 0, i32 %from
  %v = load i32, ptr %q
  %z = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %v, ptr addrspace(1) %z
  ret void
}
