; Separate loads of the four channels of one pixel, and of a byte image with three channels.
;
; RUN: %npy %t.npy i32 '[(4 * i) * 1 + (4 * i + 1) * 2 + (4 * i + 2) * 3 + (4 * i + 3) * 4 for i in range(45)]'
; RUN: %npy %tb.npy u8 '[v for i in range(45) for v in (3 * i + 2, 3 * i + 1, 3 * i)]'
; RUN: %run %s --grid 45 --threadgroup 32 --buf x=i32[180]:iota --buf y=i32[45]:zeros --buf a=u8[135]:iota --buf b=u8[135]:zeros --expect y=%t.npy --expect b=%tb.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(1) "tmjit.type"="uchar" %a, ptr addrspace(1) "tmjit.type"="uchar" %b, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = mul i32 %i, 4
  %p0 = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %p1 = getelementptr i32, ptr addrspace(1) %p0, i32 1
  %p2 = getelementptr i32, ptr addrspace(1) %p0, i32 2
  %p3 = getelementptr i32, ptr addrspace(1) %p0, i32 3
  %v0 = load i32, ptr addrspace(1) %p0
  %v1 = load i32, ptr addrspace(1) %p1
  %v2 = load i32, ptr addrspace(1) %p2
  %v3 = load i32, ptr addrspace(1) %p3
  %m1 = mul i32 %v1, 2
  %m2 = mul i32 %v2, 3
  %m3 = mul i32 %v3, 4
  %s1 = add i32 %v0, %m1
  %s2 = add i32 %m2, %m3
  %s = add i32 %s1, %s2
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s, ptr addrspace(1) %py
  %bt = mul i32 %i, 3
  %pa = getelementptr [3 x i8], ptr addrspace(1) %a, i32 %i, i32 0
  %pa1 = getelementptr [3 x i8], ptr addrspace(1) %a, i32 %i, i32 1
  %pa2 = getelementptr [3 x i8], ptr addrspace(1) %a, i32 %i, i32 2
  %r = load i8, ptr addrspace(1) %pa
  %g = load i8, ptr addrspace(1) %pa1
  %c = load i8, ptr addrspace(1) %pa2
  %pb = getelementptr i8, ptr addrspace(1) %b, i32 %bt
  store i8 %c, ptr addrspace(1) %pb
  %pb1 = getelementptr i8, ptr addrspace(1) %pb, i32 1
  store i8 %g, ptr addrspace(1) %pb1
  %pb2 = getelementptr i8, ptr addrspace(1) %pb, i32 2
  store i8 %r, ptr addrspace(1) %pb2
  ret void
}
