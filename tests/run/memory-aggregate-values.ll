; Whole structs and arrays as values: load, insertvalue, extractvalue, select and store.
;
; RUN: %npy %t.npy i32 '[v for i in range(24) for v in ((3 * i + 1, 3 * i, 3 * i + 2) if i %% 2 else (7, 3 * i, 3 * i + 2))]'
; RUN: %run %s --grid 24 --threadgroup 8 --buf x=i32[72]:iota --buf y=i32[72]:zeros --expect y=%t.npy

%inner = type { i32, [2 x i32] }

define void @k(ptr addrspace(1) %x, ptr addrspace(1) %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr %inner, ptr addrspace(1) %x, i32 %i
  %s = load %inner, ptr addrspace(1) %px
  %a = extractvalue %inner %s, 0
  %b = extractvalue %inner %s, 1, 0
  %t0 = insertvalue %inner %s, i32 %b, 0
  %t1 = insertvalue %inner %t0, i32 %a, 1, 0
  %u = insertvalue %inner %t1, i32 7, 0
  %odd = trunc i32 %i to i1
  %r = select i1 %odd, %inner %t1, %inner %u
  %py = getelementptr %inner, ptr addrspace(1) %y, i32 %i
  store %inner %r, ptr addrspace(1) %py
  ret void
}
