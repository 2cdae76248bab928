; Elements of a private array read across their borders: by a byte offset that is known at run
; time only, by a constant one, and by a pointer that walks in odd steps.
;
; PY: b = bytes(sum(([100 + i, i, 0, 7] for i in range(8)), []))
; PY: word = lambda at: int.from_bytes(b[at:at + 4], "little", signed=True)
; RUN: %npy %t.npy i32 '[word(1) + word(6) + word(3) + word(6) + word(9)] * 40'
; RUN: %run %s --grid 40 --threadgroup 40 --buf y=i32[40]:zeros --set at=1 --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(2) "tmjit.type"="int" %at, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %a = alloca [8 x i32], align 4
  %index = load i32, ptr addrspace(2) %at
  br label %fill
fill:
  %k = phi i32 [ 0, %entry ], [ %k1, %fill ]
  %high = shl i32 %k, 8
  %low = add i32 %k, 117440612
  %v = add i32 %high, %low
  %p = getelementptr [8 x i32], ptr %a, i32 0, i32 %k
  store i32 %v, ptr %p
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 8
  br i1 %more, label %fill, label %read
read:
  %q = getelementptr i8, ptr %a, i32 %index
  %w = load i32, ptr %q
  %q6 = getelementptr i8, ptr %a, i32 6
  %w6 = load i32, ptr %q6
  %sum = add i32 %w, %w6
  br label %walk
walk:
  %r = phi ptr [ %a, %read ], [ %r3, %walk ]
  %s = phi i32 [ %sum, %read ], [ %s3, %walk ]
  %n = phi i32 [ 0, %read ], [ %n1, %walk ]
  %r3 = getelementptr i8, ptr %r, i32 3
  %w3 = load i32, ptr %r3
  %s3 = add i32 %s, %w3
  %n1 = add i32 %n, 1
  %again = icmp ult i32 %n1, 3
  br i1 %again, label %walk, label %done
done:
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s3, ptr addrspace(1) %py
  ret void
}
