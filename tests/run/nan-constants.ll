; Constants that are no numbers keep sign and payload.
;
; RUN: %run %s --grid 1 --buf f=u32[2]:zeros --buf h=u16[2]:zeros --buf b=u16[2]:zeros --print f --print h --print b | FileCheck %s
; CHECK: f = 4290772992 2143289345
; CHECK: h = 65024 32259
; CHECK: b = 65473 32704

define void @k(ptr addrspace(1) "tmjit.type"="uint" %f, ptr addrspace(1) "tmjit.type"="ushort" %h, ptr addrspace(1) "tmjit.type"="ushort" %b) "tmjit.kernel" {
  store float 0xFFF8000000000000, ptr addrspace(1) %f
  %f1 = getelementptr float, ptr addrspace(1) %f, i32 1
  store float 0x7FF8000020000000, ptr addrspace(1) %f1
  store half 0xHFE00, ptr addrspace(1) %h
  %h1 = getelementptr half, ptr addrspace(1) %h, i32 1
  store half 0xH7E03, ptr addrspace(1) %h1
  store bfloat 0xRFFC1, ptr addrspace(1) %b
  %b1 = getelementptr bfloat, ptr addrspace(1) %b, i32 1
  store bfloat 0xR7FC0, ptr addrspace(1) %b1
  ret void
}
