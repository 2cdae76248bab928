; Private arrays that hold the same in all lanes, and arrays that nearly do: filled from a buffer at
; places that are the same for all; read at such places and by lane; written under a condition that
; differs between lanes, in a loop that lanes leave one by one, after some lanes have ended, with
; a value or at a place that differs; bytes and halves of what was written.
;
; PY: n = 70
; PY: x = [5 * i + 2 for i in range(8)]
; RUN: %npy %tx.npy i32 'x'
; RUN: %npy %tsame.npy i32 '[x[3] + 2 * x[i %% 8] + 7 for i in range(n)]'
; RUN: %npy %tbranch.npy i32 '[(x[1] if i %% 3 == 0 else x[0]) * 100 + i for i in range(n)]'
; RUN: %npy %tloop.npy i32 '[i %% 5 if i %% 5 else -1 for i in range(n)]'
; RUN: %npy %tended.npy i32 '[i if i %% 2 else x[5] for i in range(n)]'
; RUN: %npy %tvalue.npy i32 '[x[i %% 8] + 1 for i in range(n)]'
; RUN: %npy %tplace.npy i32 '[9 if i %% 4 == 2 else 0 for i in range(n)]'
; RUN: %npy %tbytes.npy i32 '[((0x01020304 >> (8 * (i %% 4))) & 255) + (0x0304 << 8) + 0x01020304 for i in range(n)]'
; DEFINE: %{run} = %run %s --grid 70 --threadgroup 33 --buf x=%tx.npy
; RUN: %{run} --entry same --buf y=i32[70] --expect y=%tsame.npy
; RUN: %{run} --entry branch --buf y=i32[70] --expect y=%tbranch.npy
; RUN: %{run} --entry loop --buf y=i32[70] --expect y=%tloop.npy
; RUN: %{run} --entry ended --buf y=i32[70]:iota --expect y=%tended.npy
; RUN: %{run} --entry value --buf y=i32[70] --expect y=%tvalue.npy
; RUN: %{run} --entry place --buf y=i32[70] --expect y=%tplace.npy
; RUN: %{run} --entry bytes --buf y=i32[70] --expect y=%tbytes.npy

; own[k] = x[k] in a loop; own[3] + 2 * own[i % 8] + what was never written + 7
define void @same(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %own = alloca [9 x i32], align 4
  br label %fill
fill:
  %k = phi i32 [ 0, %0 ], [ %k1, %fill ]
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %k
  %v = load i32, ptr addrspace(1) %px
  %po = getelementptr [9 x i32], ptr %own, i32 0, i32 %k
  store i32 %v, ptr %po
  %k1 = add i32 %k, 1
  %go = icmp ult i32 %k1, 8
  br i1 %go, label %fill, label %read
read:
  %x3 = load i32, ptr addrspace(1) %x
  %five = add i32 %x3, 1
  %three = and i32 %five, 3
  %p3 = getelementptr [9 x i32], ptr %own, i32 0, i32 %three
  %o3 = load i32, ptr %p3
  %lane = and i32 %i, 7
  %pl = getelementptr [9 x i32], ptr %own, i32 0, i32 %lane
  %ol = load i32, ptr %pl
  %twice = shl i32 %ol, 1
  %p8 = getelementptr [9 x i32], ptr %own, i32 0, i32 8
  %never = load i32, ptr %p8
  %s1 = add i32 %o3, %twice
  %s2 = add i32 %s1, %never
  %s3 = add i32 %s2, 7
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s3, ptr addrspace(1) %py
  ret void
}

; Every third thread overwrites.
define void @branch(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %own = alloca [2 x i32], align 4
  %x0 = load i32, ptr addrspace(1) %x
  %zero = and i32 %x0, 1
  %p = getelementptr [2 x i32], ptr %own, i32 0, i32 %zero
  store i32 %x0, ptr %p
  %third = urem i32 %i, 3
  %is = icmp eq i32 %third, 0
  br i1 %is, label %write, label %done
write:
  %px1 = getelementptr i32, ptr addrspace(1) %x, i32 1
  %x1 = load i32, ptr addrspace(1) %px1
  store i32 %x1, ptr %p
  br label %done
done:
  %v = load i32, ptr %p
  %m = mul i32 %v, 100
  %r = add i32 %m, %i
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

; Round k writes k + 1; thread i leaves after i % 5 rounds.
define void @loop(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %own = alloca [2 x i32], align 4
  %x0 = load i32, ptr addrspace(1) %x
  %zero = and i32 %x0, 1
  %p = getelementptr [2 x i32], ptr %own, i32 0, i32 %zero
  store i32 -1, ptr %p
  %n = urem i32 %i, 5
  br label %head
head:
  %k = phi i32 [ 0, %0 ], [ %k1, %body ]
  %go = icmp ult i32 %k, %n
  br i1 %go, label %body, label %done
body:
  %k1 = add i32 %k, 1
  store i32 %k1, ptr %p
  br label %head
done:
  %v = load i32, ptr %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; Odd threads have ended when the others write.
define void @ended(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %own = alloca [8 x i32], align 4
  %is-odd = trunc i32 %i to i1
  br i1 %is-odd, label %end, label %go
go:
  %x0 = load i32, ptr addrspace(1) %x
  %five = add i32 %x0, 3
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %five
  %v = load i32, ptr addrspace(1) %px
  %p = getelementptr [8 x i32], ptr %own, i32 0, i32 %five
  store i32 %v, ptr %p
  %w = load i32, ptr %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %w, ptr addrspace(1) %py
  br label %end
end:
  ret void
}

; The value differs, then 1 is added in place.
define void @value(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %own = alloca [2 x i32], align 4
  %x0 = load i32, ptr addrspace(1) %x
  %zero = and i32 %x0, 1
  %p = getelementptr [2 x i32], ptr %own, i32 0, i32 %zero
  %lane = and i32 %i, 7
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %lane
  %v = load i32, ptr addrspace(1) %px
  store i32 %v, ptr %p
  %w = load i32, ptr %p
  %w1 = add i32 %w, 1
  store i32 %w1, ptr %p
  %r = load i32, ptr %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

; The place differs; all read place 2.
define void @place(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %own = alloca [4 x i32], align 4
  %lane = and i32 %i, 3
  %pl = getelementptr [4 x i32], ptr %own, i32 0, i32 %lane
  store i32 9, ptr %pl
  %x0 = load i32, ptr addrspace(1) %x
  %p = getelementptr [4 x i32], ptr %own, i32 0, i32 %x0
  %v = load i32, ptr %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; A word is written; one of its bytes by lane, its middle bytes and all of it are read.
define void @bytes(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %own = alloca [12 x i8], align 4
  %x0 = load i32, ptr addrspace(1) %x
  %at = add i32 %x0, 2
  %p = getelementptr [12 x i8], ptr %own, i32 0, i32 %at
  store i32 16909060, ptr %p
  %lane = and i32 %i, 3
  %pl = getelementptr i8, ptr %p, i32 %lane
  %byte = load i8, ptr %pl
  %half = load i16, ptr %p
  %word = load i32, ptr %p
  %b = zext i8 %byte to i32
  %h = zext i16 %half to i32
  %h8 = shl i32 %h, 8
  %s = add i32 %b, %h8
  %r = add i32 %s, %word
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
