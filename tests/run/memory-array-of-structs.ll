; A buffer of structs with padding: members of 1, 2, 4 and 8 bytes and an inner array.
;
; PY: def rec(i): return [i % 256, 0, (i * 3) % 256, (i * 3) // 256] + list((i * 5).to_bytes(4, 'little')) + list((i * 7).to_bytes(8, 'little')) + [i % 256, 0, i % 256, 0, i % 256, 0, 0, 0]
; RUN: %npy %tx.npy u8 '[b for i in range(50) for b in rec(i)]'
; RUN: %npy %t.npy i64 '[(i + i * 3 + i * 5 + i * 7) * 10 + i %% 3 for i in range(50)]'
; RUN: %run %s --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=i64[50]:zeros --expect y=%t.npy

%rec = type { i8, i16, i32, i64, [3 x i16] }

define void @k(ptr addrspace(1) %x, ptr addrspace(1) "tmjit.type"="long" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p0 = getelementptr %rec, ptr addrspace(1) %x, i32 %i, i32 0
  %a = load i8, ptr addrspace(1) %p0
  %p1 = getelementptr %rec, ptr addrspace(1) %x, i32 %i, i32 1
  %b = load i16, ptr addrspace(1) %p1
  %p2 = getelementptr %rec, ptr addrspace(1) %x, i32 %i, i32 2
  %c = load i32, ptr addrspace(1) %p2
  %p3 = getelementptr %rec, ptr addrspace(1) %x, i32 %i, i32 3
  %d = load i64, ptr addrspace(1) %p3
  %m = urem i32 %i, 3
  %p4 = getelementptr %rec, ptr addrspace(1) %x, i32 %i, i32 4, i32 %m
  %e = load i16, ptr addrspace(1) %p4
  %wa = zext i8 %a to i64
  %wb = zext i16 %b to i64
  %wc = zext i32 %c to i64
  %ab = add i64 %wa, %wb
  %cd = add i64 %wc, %d
  %abcd = add i64 %ab, %cd
  %t10 = mul i64 %abcd, 10
  ; the inner array holds i three times: e - i + m is m
  %we = zext i16 %e to i64
  %wi = zext i32 %i to i64
  %wm = zext i32 %m to i64
  %em = sub i64 %we, %wi
  %emm = add i64 %em, %wm
  %r = add i64 %t10, %emm
  %py = getelementptr i64, ptr addrspace(1) %y, i32 %i
  store i64 %r, ptr addrspace(1) %py
  ret void
}
