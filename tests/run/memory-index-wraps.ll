; 32-bit index arithmetic wraps around before it becomes an address; a signed index may be < 0.
;
; RUN: %npy %t.npy i32 '[(i + 8) %% 16 for i in range(16)]'
; RUN: %run %s --grid 16 --threadgroup 16 --buf x=i32[16]:iota --buf y=i32[16]:-1 --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  ; 0xfffffff8 + i wraps to 0 at lane 8; the low lanes come out at -8 and are moved up by 16
  %w = add i32 %i, -8
  %neg = icmp slt i32 %w, 0
  %up = select i1 %neg, i32 16, i32 0
  %at = add i32 %w, %up
  %mid = getelementptr i32, ptr addrspace(1) %x, i64 8
  %back = sub i32 %at, 8
  %s = sext i32 %back to i64
  %p = getelementptr i32, ptr addrspace(1) %mid, i64 %s
  %v = load i32, ptr addrspace(1) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
