; Elements of one to eight bytes, read and written in order and written in reverse.
; 101 elements on purpose: the last one belongs to nobody and stays 3.
;
; RUN: %npy %t.npy i8 '[2 * i for i in range(100)]'
; RUN: %run %s --entry char --grid 100 --threadgroup 48 --buf x=i8[100]:iota --buf y=i8[101]:3 --print y:all --buf z=i8[100]:zeros --expect z=%t.npy | FileCheck %s
; RUN: %npy %t.npy i16 '[2 * i for i in range(100)]'
; RUN: %run %s --entry short --grid 100 --threadgroup 48 --buf x=i16[100]:iota --buf y=i16[101]:3 --print y:all --buf z=i16[100]:zeros --expect z=%t.npy | FileCheck %s
; RUN: %npy %t.npy i64 '[2 * i for i in range(100)]'
; RUN: %run %s --entry long --grid 100 --threadgroup 48 --buf x=i64[100]:iota --buf y=i64[101]:3 --print y:all --buf z=i64[100]:zeros --expect z=%t.npy | FileCheck %s
; RUN: %npy %t.npy f16 '[2 * i for i in range(100)]'
; RUN: %run %s --entry half --grid 100 --threadgroup 48 --buf x=f16[100]:iota --buf y=f16[101]:3 --print y:all --buf z=f16[100]:zeros --expect z=%t.npy | FileCheck %s
; RUN: %run %s --entry bfloat --grid 100 --threadgroup 48 --buf x=bf16[100]:iota --buf y=bf16[101]:3 --print y:all --buf z=bf16[100]:zeros --expect z=bf16:0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42,44,46,48,50,52,54,56,58,60,62,64,66,68,70,72,74,76,78,80,82,84,86,88,90,92,94,96,98,100,102,104,106,108,110,112,114,116,118,120,122,124,126,128,130,132,134,136,138,140,142,144,146,148,150,152,154,156,158,160,162,164,166,168,170,172,174,176,178,180,182,184,186,188,190,192,194,196,198 | FileCheck %s
; RUN: %npy %t.npy u8 '[2 * i for i in range(100)]'
; RUN: %run %s --entry uchar --grid 100 --threadgroup 48 --buf x=u8[100]:iota --buf y=u8[101]:3 --print y:all --buf z=u8[100]:zeros --expect z=%t.npy | FileCheck %s
; RUN: %npy %t.npy u64 '[2 * i for i in range(100)]'
; RUN: %run %s --entry ulong --grid 100 --threadgroup 48 --buf x=u64[100]:iota --buf y=u64[101]:3 --print y:all --buf z=u64[100]:zeros --expect z=%t.npy | FileCheck %s
; RUN: %npy %t.npy f32 '[2 * i for i in range(100)]'
; RUN: %run %s --entry float --grid 100 --threadgroup 48 --buf x=f32[100]:iota --buf y=f32[101]:3 --print y:all --buf z=f32[100]:zeros --expect z=%t.npy | FileCheck %s
; CHECK: y = 99 98 97 96 95 94
; CHECK-SAME: 3 2 1 0 3{{$}}

define void @char(ptr addrspace(1) "tmjit.type"="char" %x, ptr addrspace(1) "tmjit.type"="char" %y, ptr addrspace(1) "tmjit.type"="char" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i8, ptr addrspace(1) %x, i32 %i
  %v = load i8, ptr addrspace(1) %px
  %r = add i8 %v, %v
  %pz = getelementptr i8, ptr addrspace(1) %z, i32 %i
  store i8 %r, ptr addrspace(1) %pz
  %last = sub i32 99, %i
  %py = getelementptr i8, ptr addrspace(1) %y, i32 %last
  store i8 %v, ptr addrspace(1) %py
  ret void
}

define void @short(ptr addrspace(1) "tmjit.type"="short" %x, ptr addrspace(1) "tmjit.type"="short" %y, ptr addrspace(1) "tmjit.type"="short" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i16, ptr addrspace(1) %x, i32 %i
  %v = load i16, ptr addrspace(1) %px
  %r = add i16 %v, %v
  %pz = getelementptr i16, ptr addrspace(1) %z, i32 %i
  store i16 %r, ptr addrspace(1) %pz
  %last = sub i32 99, %i
  %py = getelementptr i16, ptr addrspace(1) %y, i32 %last
  store i16 %v, ptr addrspace(1) %py
  ret void
}

define void @long(ptr addrspace(1) "tmjit.type"="long" %x, ptr addrspace(1) "tmjit.type"="long" %y, ptr addrspace(1) "tmjit.type"="long" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i64, ptr addrspace(1) %x, i32 %i
  %v = load i64, ptr addrspace(1) %px
  %r = add i64 %v, %v
  %pz = getelementptr i64, ptr addrspace(1) %z, i32 %i
  store i64 %r, ptr addrspace(1) %pz
  %last = sub i32 99, %i
  %py = getelementptr i64, ptr addrspace(1) %y, i32 %last
  store i64 %v, ptr addrspace(1) %py
  ret void
}

define void @half(ptr addrspace(1) "tmjit.type"="half" %x, ptr addrspace(1) "tmjit.type"="half" %y, ptr addrspace(1) "tmjit.type"="half" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr half, ptr addrspace(1) %x, i32 %i
  %v = load half, ptr addrspace(1) %px
  %r = fadd half %v, %v
  %pz = getelementptr half, ptr addrspace(1) %z, i32 %i
  store half %r, ptr addrspace(1) %pz
  %last = sub i32 99, %i
  %py = getelementptr half, ptr addrspace(1) %y, i32 %last
  store half %v, ptr addrspace(1) %py
  ret void
}

define void @bfloat(ptr addrspace(1) "tmjit.type"="bfloat" %x, ptr addrspace(1) "tmjit.type"="bfloat" %y, ptr addrspace(1) "tmjit.type"="bfloat" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr bfloat, ptr addrspace(1) %x, i32 %i
  %v = load bfloat, ptr addrspace(1) %px
  %r = fadd bfloat %v, %v
  %pz = getelementptr bfloat, ptr addrspace(1) %z, i32 %i
  store bfloat %r, ptr addrspace(1) %pz
  %last = sub i32 99, %i
  %py = getelementptr bfloat, ptr addrspace(1) %y, i32 %last
  store bfloat %v, ptr addrspace(1) %py
  ret void
}

define void @uchar(ptr addrspace(1) "tmjit.type"="uchar" %x, ptr addrspace(1) "tmjit.type"="uchar" %y, ptr addrspace(1) "tmjit.type"="uchar" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i8, ptr addrspace(1) %x, i32 %i
  %v = load i8, ptr addrspace(1) %px
  %r = add i8 %v, %v
  %pz = getelementptr i8, ptr addrspace(1) %z, i32 %i
  store i8 %r, ptr addrspace(1) %pz
  %last = sub i32 99, %i
  %py = getelementptr i8, ptr addrspace(1) %y, i32 %last
  store i8 %v, ptr addrspace(1) %py
  ret void
}

define void @ulong(ptr addrspace(1) "tmjit.type"="ulong" %x, ptr addrspace(1) "tmjit.type"="ulong" %y, ptr addrspace(1) "tmjit.type"="ulong" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i64, ptr addrspace(1) %x, i32 %i
  %v = load i64, ptr addrspace(1) %px
  %r = add i64 %v, %v
  %pz = getelementptr i64, ptr addrspace(1) %z, i32 %i
  store i64 %r, ptr addrspace(1) %pz
  %last = sub i32 99, %i
  %py = getelementptr i64, ptr addrspace(1) %y, i32 %last
  store i64 %v, ptr addrspace(1) %py
  ret void
}

define void @float(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(1) "tmjit.type"="float" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = fadd float %v, %v
  %pz = getelementptr float, ptr addrspace(1) %z, i32 %i
  store float %r, ptr addrspace(1) %pz
  %last = sub i32 99, %i
  %py = getelementptr float, ptr addrspace(1) %y, i32 %last
  store float %v, ptr addrspace(1) %py
  ret void
}
