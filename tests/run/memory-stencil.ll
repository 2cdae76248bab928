; Overlapping neighbours with clamped edges: shifted consecutive accesses under masks.
;
; PY: x = [v % 100 for v in rand(200, 9)]
; PY: at = lambda i: x[min(max(i, 0), 199)]
; RUN: %npy %tx.npy i32 'x'
; RUN: %npy %t.npy i32 '[at(i - 1) + 2 * at(i) + at(i + 1) + (x[i - 3] if i >= 3 else 0) for i in range(200)]'
; RUN: %run %s --grid 200 --threadgroup 64 --buf x=%tx.npy --buf y=i32[200]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %l = sub i32 %i, 1
  %lc = call i32 @air.max.s.i32(i32 %l, i32 0)
  %r = add i32 %i, 1
  %rc = call i32 @air.min.s.i32(i32 %r, i32 199)
  %pl = getelementptr i32, ptr addrspace(1) %x, i32 %lc
  %pc = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %pr = getelementptr i32, ptr addrspace(1) %x, i32 %rc
  %vl = load i32, ptr addrspace(1) %pl
  %vc = load i32, ptr addrspace(1) %pc
  %vr = load i32, ptr addrspace(1) %pr
  %c2 = shl i32 %vc, 1
  %lr = add i32 %vl, %vr
  %s = add i32 %lr, %c2
  %far = icmp uge i32 %i, 3
  br i1 %far, label %more, label %done
more:
  %i3 = sub i32 %i, 3
  %i3w = zext i32 %i3 to i64
  %p3 = getelementptr i32, ptr addrspace(1) %x, i64 %i3w
  %v3 = load i32, ptr addrspace(1) %p3
  %s3 = add i32 %s, %v3
  br label %done
done:
  %t = phi i32 [ %s, %entry ], [ %s3, %more ]
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %t, ptr addrspace(1) %py
  ret void
}
declare i32 @air.max.s.i32(i32, i32)
declare i32 @air.min.s.i32(i32, i32)
