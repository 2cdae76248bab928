; Addresses that are no multiple of what the instruction promises: bytes move all the same, in
; device, threadgroup and private memory, at uniform and at varying addresses.
;
; PY: x = [(7 * i + 3) % 251 for i in range(700)]
; RUN: %npy %tx.npy u8 'x'
; RUN: %npy %tv.npy u8 '[x[j] if j >= 4 and (j - 4) %% 20 < 16 and (j - 4) // 20 < 32 else 0 for j in range(700)]'
; RUN: %run %s --entry varying --grid 32 --threadgroup 32 --buf x=%tx.npy --buf y=u8[700] --expect y=%tv.npy
; RUN: %npy %tu.npy u8 '[x[j] if 1 <= j < 65 else 0 for j in range(700)]'
; RUN: %run %s --entry uniform --grid 32 --threadgroup 32 --buf x=%tx.npy --buf y=u8[700] --expect y=%tu.npy
; RUN: %npy %tl.npy u8 '[x[4 + j] if j < 16 else 0 for j in range(700)]'
; RUN: %run %s --entry local --grid 1 --threadgroup 1 --buf x=%tx.npy --buf y=u8[700] --expect y=%tl.npy

@tile = internal addrspace(3) global [64 x i8] undef, align 1

define void @varying(ptr addrspace(1) "tmjit.type"="uchar" %x, ptr addrspace(1) "tmjit.type"="uchar" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %o = mul i32 %i, 20
  %at = add i32 %o, 4
  %p = getelementptr i8, ptr addrspace(1) %x, i32 %at
  %v = load <4 x i32>, ptr addrspace(1) %p, align 16
  %q = getelementptr i8, ptr addrspace(1) %y, i32 %at
  store <4 x i32> %v, ptr addrspace(1) %q, align 16
  ret void
}
define void @uniform(ptr addrspace(1) "tmjit.type"="uchar" %x, ptr addrspace(1) "tmjit.type"="uchar" %y) "tmjit.kernel" {
  %p = getelementptr i8, ptr addrspace(1) %x, i32 1
  %v = load <16 x i32>, ptr addrspace(1) %p, align 64
  %q = getelementptr i8, ptr addrspace(1) %y, i32 1
  store <16 x i32> %v, ptr addrspace(1) %q, align 64
  ret void
}
define void @local(ptr addrspace(1) "tmjit.type"="uchar" %x, ptr addrspace(1) "tmjit.type"="uchar" %y) "tmjit.kernel" {
  %a = alloca [64 x i8], align 1
  %p = getelementptr i8, ptr addrspace(1) %x, i32 4
  %v = load <4 x i32>, ptr addrspace(1) %p, align 16
  %t = getelementptr i8, ptr addrspace(3) @tile, i32 3
  store <4 x i32> %v, ptr addrspace(3) %t, align 16
  %w = load <4 x i32>, ptr addrspace(3) %t, align 16
  %b = getelementptr i8, ptr %a, i32 5
  store <4 x i32> %w, ptr %b, align 16
  %u = load <4 x i32>, ptr %b, align 16
  store <4 x i32> %u, ptr addrspace(1) %y, align 16
  ret void
}
