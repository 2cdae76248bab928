; Branches by a && b || c, by c ? a : b, and by both, whose arms are no choice: they write.
;
; PY: def conditions(i):
; PY:     a, b, c = i * 7 % 11, i * 5 % 13, i * 3 % 17
; PY:     p, q, r = a > 3, b < c, c == 6
; PY:     out = [0, 0, 0]
; PY:     out[0 if p and q or r else 1] = a + 1
; PY:     if q if p else r: out[2] = b + 2
; PY:     if (r if q else p) and a != b: out[1] += 100
; PY:     return out
; RUN: %npy %t.x.npy i32 '[w for i in range(70) for w in (i * 7 %% 11, i * 5 %% 13, i * 3 %% 17)]'
; RUN: %npy %t.npy i32 '[w for i in range(70) for w in conditions(i)]'
; RUN: %run %s --grid 70 --threadgroup 32 --buf x=%t.x.npy --buf y=i32[210]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %first = mul i32 %i, 3
  %second = add i32 %first, 1
  %third = add i32 %first, 2
  %xa = getelementptr i32, ptr addrspace(1) %x, i32 %first
  %xb = getelementptr i32, ptr addrspace(1) %x, i32 %second
  %xc = getelementptr i32, ptr addrspace(1) %x, i32 %third
  %ya = getelementptr i32, ptr addrspace(1) %y, i32 %first
  %yb = getelementptr i32, ptr addrspace(1) %y, i32 %second
  %yc = getelementptr i32, ptr addrspace(1) %y, i32 %third
  %a = load i32, ptr addrspace(1) %xa
  %b = load i32, ptr addrspace(1) %xb
  %c = load i32, ptr addrspace(1) %xc
  %p = icmp sgt i32 %a, 3
  %q = icmp slt i32 %b, %c
  %r = icmp eq i32 %c, 6
  %p.and.q = and i1 %p, %q
  %either = or i1 %p.and.q, %r
  %sum = add i32 %a, 1
  br i1 %either, label %yes, label %no
yes:
  store i32 %sum, ptr addrspace(1) %ya
  br label %next
no:
  store i32 %sum, ptr addrspace(1) %yb
  br label %next
next:
  %chosen = select i1 %p, i1 %q, i1 %r
  br i1 %chosen, label %write, label %last
write:
  %more = add i32 %b, 2
  store i32 %more, ptr addrspace(1) %yc
  br label %last
last:
  %turned = select i1 %q, i1 %r, i1 %p
  %differ = icmp ne i32 %a, %b
  %both = and i1 %turned, %differ
  br i1 %both, label %add, label %end
add:
  %was = load i32, ptr addrspace(1) %yb
  %now = add i32 %was, 100
  store i32 %now, ptr addrspace(1) %yb
  br label %end
end:
  ret void
}
