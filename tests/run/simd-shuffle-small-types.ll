; Shuffles of char, half and of a value without a sign marker in its name.
;
; RUN: %npy %t.npy i32 '[((i + 96) ^ 4) + 4 + 1000 * (31 - i) for i in range(32)]'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf y=i32[32]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %i100 = add i32 %i, 96
  %c = trunc i32 %i100 to i8
  %a = call i8 @air.simd_shuffle_xor.u.i8(i8 %c, i16 4)
  %h = uitofp i32 %i to half
  %l = trunc i32 %i to i16
  %m = sub i16 31, %l
  %b = call half @air.simd_shuffle.f16(half %h, i16 %m)
  %bi = fptoui half %b to i32
  %k = call i32 @air.simd_shuffle.i32(i32 4, i16 0)
  %a32 = zext i8 %a to i32
  %b1000 = mul i32 %bi, 1000
  %ab = add i32 %a32, %b1000
  %r = add i32 %ab, %k
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
declare i8 @air.simd_shuffle_xor.u.i8(i8, i16)
declare half @air.simd_shuffle.f16(half, i16)
declare i32 @air.simd_shuffle.i32(i32, i16)
