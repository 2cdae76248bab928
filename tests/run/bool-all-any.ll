; all and any of a vector of conditions.
;
; PY: rows = [(i,) for i in range(16)]
; PY: def ref(v): return int(v == 15) + 10 * int(v != 0)
; RUN: %npy %ta.npy i32 '[r[0] for r in rows]'
; RUN: %npy %t.npy i32 '[ref(r[0]) for r in rows]'
; RUN: %run %s --grid 16 --threadgroup 32 --buf a=%ta.npy --buf y=i32[16]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %s0 = insertelement <4 x i32> poison, i32 %av, i32 0
  %s = shufflevector <4 x i32> %s0, <4 x i32> poison, <4 x i32> zeroinitializer
  %bits = and <4 x i32> %s, <i32 1, i32 2, i32 4, i32 8>
  %v = icmp ne <4 x i32> %bits, zeroinitializer
  %all = call i1 @air.all.v4i1(<4 x i1> %v)
  %any = call i1 @air.any.v4i1(<4 x i1> %v)
  %x = zext i1 %all to i32
  %y10 = select i1 %any, i32 10, i32 0
  %r = add i32 %x, %y10
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare i1 @air.all.v4i1(<4 x i1>)
declare i1 @air.any.v4i1(<4 x i1>)
