; Each memory one element before its start, one behind its end, and so far away that the offset
; leaves 64 bits and comes out before the start.
;
; RUN: %fails %s --entry device --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:-1,0,0,0,0,0,0,0 | FileCheck %s --check-prefix DEVICEB
; DEVICEB: error: store of 4 bytes at byte offset -4 of buffer 'y' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry device --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:8,0,0,0,0,0,0,0 | FileCheck %s --check-prefix DEVICEE
; DEVICEE: error: store of 4 bytes at byte offset 32 of buffer 'y' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry device --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:4611686018427387903,0,0,0,0,0,0,0 | FileCheck %s --check-prefix DEVICEF
; DEVICEF: error: store of 4 bytes at byte offset -4 of buffer 'y' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry constant --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:-1,0,0,0,0,0,0,0 | FileCheck %s --check-prefix CONSTANTB
; CONSTANTB: error: load of 4 bytes at byte offset -4 of buffer 'c' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry constant --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:8,0,0,0,0,0,0,0 | FileCheck %s --check-prefix CONSTANTE
; CONSTANTE: error: load of 4 bytes at byte offset 32 of buffer 'c' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry constant --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:4611686018427387903,0,0,0,0,0,0,0 | FileCheck %s --check-prefix CONSTANTF
; CONSTANTF: error: load of 4 bytes at byte offset -4 of buffer 'c' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry table --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:-1,0,0,0,0,0,0,0 | FileCheck %s --check-prefix TABLEB
; TABLEB: error: load of 4 bytes at byte offset -4 of constant 'numbers' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry table --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:8,0,0,0,0,0,0,0 | FileCheck %s --check-prefix TABLEE
; TABLEE: error: load of 4 bytes at byte offset 32 of constant 'numbers' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry table --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:4611686018427387903,0,0,0,0,0,0,0 | FileCheck %s --check-prefix TABLEF
; TABLEF: error: load of 4 bytes at byte offset -4 of constant 'numbers' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry argument --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:-1,0,0,0,0,0,0,0 | FileCheck %s --check-prefix ARGUMENTB
; ARGUMENTB: error: store of 4 bytes at byte offset -4 of buffer 't' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry argument --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:8,0,0,0,0,0,0,0 | FileCheck %s --check-prefix ARGUMENTE
; ARGUMENTE: error: store of 4 bytes at byte offset 32 of buffer 't' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry argument --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:4611686018427387903,0,0,0,0,0,0,0 | FileCheck %s --check-prefix ARGUMENTF
; ARGUMENTF: error: store of 4 bytes at byte offset -4 of buffer 't' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry variable --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:-1,0,0,0,0,0,0,0 | FileCheck %s --check-prefix VARIABLEB
; VARIABLEB: error: store of 4 bytes at byte offset -4 of threadgroup variable 'tile' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry variable --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:8,0,0,0,0,0,0,0 | FileCheck %s --check-prefix VARIABLEE
; VARIABLEE: error: store of 4 bytes at byte offset 32 of threadgroup variable 'tile' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry variable --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:4611686018427387903,0,0,0,0,0,0,0 | FileCheck %s --check-prefix VARIABLEF
; VARIABLEF: error: store of 4 bytes at byte offset -4 of threadgroup variable 'tile' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry private --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:-1,0,0,0,0,0,0,0 | FileCheck %s --check-prefix PRIVATEB
; PRIVATEB: error: store of 4 bytes at byte offset -4 of private array 'a' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry private --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:8,0,0,0,0,0,0,0 | FileCheck %s --check-prefix PRIVATEE
; PRIVATEE: error: store of 4 bytes at byte offset 32 of private array 'a' (32 bytes), by thread (0, 0, 0) of the grid
; RUN: %fails %s --entry private --grid 8 --threadgroup 8 --buf y=u32[8] --buf c=u32[8] --local t=32 --buf at=i64:4611686018427387903,0,0,0,0,0,0,0 | FileCheck %s --check-prefix PRIVATEF
; PRIVATEF: error: store of 4 bytes at byte offset -4 of private array 'a' (32 bytes), by thread (0, 0, 0) of the grid

@numbers = internal addrspace(2) constant [8 x i32] [i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8]
@tile = internal addrspace(3) global [8 x i32] undef, align 4

define void @device(ptr addrspace(1) "tmjit.type"="uint" %y, ptr addrspace(2) "tmjit.type"="uint" %c, ptr addrspace(3) "tmjit.type"="uint" %t, ptr addrspace(1) "tmjit.type"="long" %at, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pat = getelementptr i64, ptr addrspace(1) %at, i32 %i
  %n = load i64, ptr addrspace(1) %pat
  %p = getelementptr i32, ptr addrspace(1) %y, i64 %n
  store i32 %i, ptr addrspace(1) %p
  ret void
}

define void @constant(ptr addrspace(1) "tmjit.type"="uint" %y, ptr addrspace(2) "tmjit.type"="uint" %c, ptr addrspace(3) "tmjit.type"="uint" %t, ptr addrspace(1) "tmjit.type"="long" %at, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pat = getelementptr i64, ptr addrspace(1) %at, i32 %i
  %n = load i64, ptr addrspace(1) %pat
  %p = getelementptr i32, ptr addrspace(2) %c, i64 %n
  %v = load i32, ptr addrspace(2) %p
  store i32 %v, ptr addrspace(1) %y
  ret void
}

define void @table(ptr addrspace(1) "tmjit.type"="uint" %y, ptr addrspace(2) "tmjit.type"="uint" %c, ptr addrspace(3) "tmjit.type"="uint" %t, ptr addrspace(1) "tmjit.type"="long" %at, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pat = getelementptr i64, ptr addrspace(1) %at, i32 %i
  %n = load i64, ptr addrspace(1) %pat
  %p = getelementptr i32, ptr addrspace(2) @numbers, i64 %n
  %v = load i32, ptr addrspace(2) %p
  store i32 %v, ptr addrspace(1) %y
  ret void
}

define void @argument(ptr addrspace(1) "tmjit.type"="uint" %y, ptr addrspace(2) "tmjit.type"="uint" %c, ptr addrspace(3) "tmjit.type"="uint" %t, ptr addrspace(1) "tmjit.type"="long" %at, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pat = getelementptr i64, ptr addrspace(1) %at, i32 %i
  %n = load i64, ptr addrspace(1) %pat
  %p = getelementptr i32, ptr addrspace(3) %t, i64 %n
  store i32 %i, ptr addrspace(3) %p
  ret void
}

define void @variable(ptr addrspace(1) "tmjit.type"="uint" %y, ptr addrspace(2) "tmjit.type"="uint" %c, ptr addrspace(3) "tmjit.type"="uint" %t, ptr addrspace(1) "tmjit.type"="long" %at, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pat = getelementptr i64, ptr addrspace(1) %at, i32 %i
  %n = load i64, ptr addrspace(1) %pat
  %p = getelementptr i32, ptr addrspace(3) @tile, i64 %n
  store i32 %i, ptr addrspace(3) %p
  ret void
}

define void @private(ptr addrspace(1) "tmjit.type"="uint" %y, ptr addrspace(2) "tmjit.type"="uint" %c, ptr addrspace(3) "tmjit.type"="uint" %t, ptr addrspace(1) "tmjit.type"="long" %at, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %a = alloca [8 x i32], align 4
  %pat = getelementptr i64, ptr addrspace(1) %at, i32 %i
  %n = load i64, ptr addrspace(1) %pat
  %p = getelementptr i32, ptr %a, i64 %n
  store i32 %i, ptr %p
  %b = getelementptr i32, ptr %a, i32 1
  %w = load i32, ptr %b
  store i32 %w, ptr addrspace(1) %y
  ret void
}
