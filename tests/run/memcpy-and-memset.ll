; memcpy, memmove and memset of small and large constant lengths between address spaces.
;
; PY: table = [5, 4, 3, 2, 1, 9, 8, 7]
; RUN: %npy %t.npy i32 '[v for i in range(20) for v in (table[i %% 8], 0x07070707, table[(i + 1) %% 4 + 1] if i %% 2 else table[(i + 1) %% 4], i * 3 + 39)]'
; RUN: %run %s --grid 20 --threadgroup 20 --buf x=i32[100]:iota --buf y=i32[80]:zeros --expect y=%t.npy

@table = internal addrspace(2) constant [8 x i32] [i32 5, i32 4, i32 3, i32 2, i32 1, i32 9, i32 8, i32 7], align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %a = alloca [8 x i32], align 4
  %b = alloca [50 x i32], align 4
  call void @llvm.lifetime.start.p0(i64 32, ptr %a)
  call void @llvm.memcpy.p0.p2.i64(ptr align 4 %a, ptr addrspace(2) align 4 @table, i64 32, i1 false)
  %c = and i32 %i, 7
  %pa = getelementptr [8 x i32], ptr %a, i32 0, i32 %c
  %v0 = load i32, ptr %pa
  call void @llvm.memset.p0.i64(ptr align 4 %b, i8 7, i64 200, i1 false)
  %pb = getelementptr [50 x i32], ptr %b, i32 0, i32 %i
  %v1 = load i32, ptr %pb
  %odd = trunc i32 %i to i1
  br i1 %odd, label %move, label %next
move:
  ; overlapping: the first four elements become the next four
  %a1 = getelementptr [8 x i32], ptr %a, i32 0, i32 1
  call void @llvm.memmove.p0.p0.i64(ptr align 4 %a, ptr align 4 %a1, i64 16, i1 false)
  br label %next
next:
  %i1 = add i32 %i, 1
  %d = and i32 %i1, 3
  %pd = getelementptr [8 x i32], ptr %a, i32 0, i32 %d
  %v2 = load i32, ptr %pd
  ; 160 bytes from a place of its own in the buffer
  %i3 = mul i32 %i, 3
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i3
  call void @llvm.memcpy.p0.p1.i64(ptr align 4 %b, ptr addrspace(1) align 4 %px, i64 160, i1 false)
  %pe = getelementptr [50 x i32], ptr %b, i32 0, i32 39
  %v3 = load i32, ptr %pe
  call void @llvm.lifetime.end.p0(i64 32, ptr %a)
  %at = mul i32 %i, 4
  %p0 = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %v0, ptr addrspace(1) %p0
  %p1 = getelementptr i32, ptr addrspace(1) %p0, i32 1
  store i32 %v1, ptr addrspace(1) %p1
  %p2 = getelementptr i32, ptr addrspace(1) %p0, i32 2
  store i32 %v2, ptr addrspace(1) %p2
  %p3 = getelementptr i32, ptr addrspace(1) %p0, i32 3
  store i32 %v3, ptr addrspace(1) %p3
  ret void
}
declare void @llvm.lifetime.start.p0(i64, ptr)
declare void @llvm.lifetime.end.p0(i64, ptr)
declare void @llvm.memcpy.p0.p2.i64(ptr, ptr addrspace(2), i64, i1)
declare void @llvm.memcpy.p0.p1.i64(ptr, ptr addrspace(1), i64, i1)
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
