; Integers that come from 32 bits and of which 32 count are computed in 32: sums of indices,
; quotients, comparisons. A sum whose 64 bits count stays, and so does what its operands do not
; bound. Components of arguments are taken at the start.
;
; RUN: %tmjit emit %s --as air --after canon-narrow | FileCheck %s
;
; The numbers are those of 64 bits: 2^32 - 1 + 3 wraps in 32 bits and not in 64, 6 - 40 in both.
; RUN: %run %s --engine both --grid 2 --threadgroup 2 --buf a=u32:4294967295,6 --buf b=u32:3,40 \
; RUN:     --buf out=u64[16] \
; RUN:     --expect out=u64:2,46,4294967298,46,1431655765,0,0,6,7,1,2,46,4294967292,18446744073709551582,1,0
;
; CHECK-LABEL: define void @narrow
; CHECK-NEXT:  entry:
; CHECK-NEXT:  %j = extractelement <3 x i32> %gid, i32 1
; CHECK-NEXT:  %i = extractelement <3 x i32> %gid, i32 0
; CHECK:       %sum = add i64 %x.wide, %y.wide
; CHECK-NEXT:  %low = add i32 %x, %y
; CHECK-NOT:   {{trunc|udiv i64|urem i64}}
; CHECK:       udiv i32 %x
; CHECK-NOT:   {{trunc|udiv i64|urem i64}}
; CHECK:       urem i32 %x
; CHECK:       icmp ult i32 %x, %y
; CHECK:       other:
; CHECK-NOT:   extractelement
; CHECK:       %back = sub i64 %x.wide, %y.wide
; CHECK:       icmp ult i64 %back, 4294967296
; CHECK:       ret void

define void @narrow(ptr addrspace(1) "tmjit.type"="uint" %a,
                    ptr addrspace(1) "tmjit.type"="uint" %b,
                    ptr addrspace(1) "tmjit.type"="ulong" %out,
                    <3 x i32> "tmjit.builtin"="thread_position_in_grid" %gid) "tmjit.kernel" {
entry:
  %i = extractelement <3 x i32> %gid, i32 0
  %i.wide = zext i32 %i to i64
  %a.at = getelementptr i32, ptr addrspace(1) %a, i64 %i.wide
  %b.at = getelementptr i32, ptr addrspace(1) %b, i64 %i.wide
  %x = load i32, ptr addrspace(1) %a.at
  %y = load i32, ptr addrspace(1) %b.at
  %x.wide = zext i32 %x to i64
  %y.wide = zext i32 %y to i64
  %out0 = getelementptr i64, ptr addrspace(1) %out, i64 %i.wide
  %out1 = getelementptr i8, ptr addrspace(1) %out0, i64 16
  %out2 = getelementptr i8, ptr addrspace(1) %out0, i64 32
  %out3 = getelementptr i8, ptr addrspace(1) %out0, i64 48
  %out4 = getelementptr i8, ptr addrspace(1) %out0, i64 64
  %out5 = getelementptr i8, ptr addrspace(1) %out0, i64 80
  %out6 = getelementptr i8, ptr addrspace(1) %out0, i64 96
  %out7 = getelementptr i8, ptr addrspace(1) %out0, i64 112
  %sum = add i64 %x.wide, %y.wide
  %low = trunc i64 %sum to i32
  %low.wide = zext i32 %low to i64
  store i64 %low.wide, ptr addrspace(1) %out0
  store i64 %sum, ptr addrspace(1) %out1
  %quotient = udiv i64 %x.wide, %y.wide
  store i64 %quotient, ptr addrspace(1) %out2
  %rest = urem i64 %x.wide, %y.wide
  store i64 %rest, ptr addrspace(1) %out3
  %is_less = icmp slt i64 %x.wide, %y.wide
  %less = zext i1 %is_less to i64
  store i64 %less, ptr addrspace(1) %out4
  br i1 %is_less, label %next, label %other

other:
  %j = extractelement <3 x i32> %gid, i32 1
  %seven = add i32 %j, 7
  %old = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %out4, i32 %seven, i32 0, i32 2, i1 true)
  br label %next

next:
  %masked = and i64 %sum, 4294967295
  store i64 %masked, ptr addrspace(1) %out5
  %back = sub i64 %x.wide, %y.wide
  store i64 %back, ptr addrspace(1) %out6
  %fits = icmp ult i64 %back, 4294967296
  %fits.wide = zext i1 %fits to i64
  store i64 %fits.wide, ptr addrspace(1) %out7
  ret void
}

declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)
