; A launch of many threads on much memory stores whole lines around the caches; one element off,
; no store is of whole lines. The numbers are the same. What goes around: tests/passes/host/around.ll.
;
; RUN: %tmjit run %s --no-cache --entry whole --grid 2097152 --threadgroup 256 --buf x=i32[8388608]:iota --buf y=i32[2097152] --expect y=i32[2097152]:iota
; RUN: %tmjit run %s --no-cache --entry whole --grid 2097100 --threadgroup 256 --lanes 16 --check none --buf x=i32[8388608]:iota --buf y=i32[2097100] --expect y=i32[2097100]:iota
; RUN: %tmjit run %s --no-cache --entry shifted --grid 2097151 --threadgroup 256 --buf x=i32[8388608]:iota --buf y=i32[2097152] --expect y=i32[2097152]:iota

define void @whole(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y,
                   i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

define void @shifted(ptr addrspace(1) "tmjit.type"="int" %x,
                     ptr addrspace(1) "tmjit.type"="int" %y,
                     i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %j = add i32 %i, 1
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %j
  %v = load i32, ptr addrspace(1) %px
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %j
  store i32 %v, ptr addrspace(1) %py
  ret void
}
