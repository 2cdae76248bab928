; The same rules for 8-, 16- and 64-bit operands and for vectors.
;
; RUN: %run %s --grid 1 --set zero=0 --buf y=i64[12]:99 --print y | FileCheck %s
; CHECK: y = -128 0 -128 0 -32768 0 200 0 -9223372036854775808 0 7 3

define void @k(ptr addrspace(2) "tmjit.type"="int" %zero, ptr addrspace(1) "tmjit.type"="long" %y) "tmjit.kernel" {
  %z = load i32, ptr addrspace(2) %zero
  %m = sub i32 %z, 1
  %z8 = trunc i32 %z to i8
  %m8 = trunc i32 %m to i8
  %a = sdiv i8 -128, %m8
  %b = srem i8 -128, %m8
  %c = sdiv i8 -128, %z8
  %d = srem i8 -128, %z8
  %m16 = trunc i32 %m to i16
  %e = sdiv i16 -32768, %m16
  %f = srem i16 -32768, %m16
  %z16 = trunc i32 %z to i16
  %g = udiv i16 200, %z16
  %h = urem i16 200, %z16
  %m64 = sext i32 %m to i64
  %o = sdiv i64 -9223372036854775808, %m64
  %p = srem i64 -9223372036854775808, %m64
  %v0 = insertelement <2 x i32> poison, i32 %z, i32 0
  %two = add i32 %z, 2
  %v = insertelement <2 x i32> %v0, i32 %two, i32 1
  %q = udiv <2 x i32> <i32 7, i32 7>, %v
  %q0 = extractelement <2 x i32> %q, i32 0
  %q1 = extractelement <2 x i32> %q, i32 1
  %a64 = sext i8 %a to i64
  store i64 %a64, ptr addrspace(1) %y
  %b64 = sext i8 %b to i64
  %y1 = getelementptr i64, ptr addrspace(1) %y, i32 1
  store i64 %b64, ptr addrspace(1) %y1
  %c64 = sext i8 %c to i64
  %y2 = getelementptr i64, ptr addrspace(1) %y, i32 2
  store i64 %c64, ptr addrspace(1) %y2
  %d64 = sext i8 %d to i64
  %y3 = getelementptr i64, ptr addrspace(1) %y, i32 3
  store i64 %d64, ptr addrspace(1) %y3
  %e64 = sext i16 %e to i64
  %y4 = getelementptr i64, ptr addrspace(1) %y, i32 4
  store i64 %e64, ptr addrspace(1) %y4
  %f64 = sext i16 %f to i64
  %y5 = getelementptr i64, ptr addrspace(1) %y, i32 5
  store i64 %f64, ptr addrspace(1) %y5
  %g64 = zext i16 %g to i64
  %y6 = getelementptr i64, ptr addrspace(1) %y, i32 6
  store i64 %g64, ptr addrspace(1) %y6
  %h64 = zext i16 %h to i64
  %y7 = getelementptr i64, ptr addrspace(1) %y, i32 7
  store i64 %h64, ptr addrspace(1) %y7
  %y8 = getelementptr i64, ptr addrspace(1) %y, i32 8
  store i64 %o, ptr addrspace(1) %y8
  %y9 = getelementptr i64, ptr addrspace(1) %y, i32 9
  store i64 %p, ptr addrspace(1) %y9
  %q064 = zext i32 %q0 to i64
  %y10 = getelementptr i64, ptr addrspace(1) %y, i32 10
  store i64 %q064, ptr addrspace(1) %y10
  %q164 = zext i32 %q1 to i64
  %y11 = getelementptr i64, ptr addrspace(1) %y, i32 11
  store i64 %q164, ptr addrspace(1) %y11
  ret void
}
