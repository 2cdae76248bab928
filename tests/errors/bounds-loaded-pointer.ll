; Wild pointers that come from memory: for a load, a store, an atomic and a vector; from a device
; buffer, from private and from threadgroup memory. Each ends the launch; none crashes.
;
; RUN: %fails %s --entry read --grid 8 --buf 'p=u64:4096,8192,1,2,3,4,5,6' --buf y=i32[8] | FileCheck %s --check-prefix READ
; RUN: %fails %s --entry write --grid 8 --buf 'p=u64:18446744073709551608,8192,1,2,3,4,5,6' | FileCheck %s --check-prefix WRITE
; RUN: %fails %s --entry count --grid 8 --threadgroup 8 --buf 'p=u64:4096,8192,1,2,3,4,5,6' | FileCheck %s --check-prefix COUNT
; RUN: %fails %s --entry private --grid 8 --threadgroup 8 --buf 'p=u64:7,7,1,2,3,4,5,6' --buf y=i32[8] | FileCheck %s --check-prefix PRIVATE
; READ: error: load of 4 bytes at address 0x1000 of no buffer of this launch, by thread (0, 0, 0) of the grid
; WRITE: error: store of 16 bytes at address 0xfffffffffffffff8 of no buffer of this launch, by thread (0, 0, 0) of the grid
; COUNT: error: store of 4 bytes at address 0x1000 of no buffer of this launch, by thread (0, 0, 0) of the grid
; PRIVATE: error: load of 4 bytes at address 0x7 of no buffer of this launch, by thread (0, 0, 0) of the grid

@slots = internal addrspace(3) global [8 x ptr addrspace(1)] undef

define void @read(ptr addrspace(1) "tmjit.type"="ulong" %p, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pp = getelementptr ptr addrspace(1), ptr addrspace(1) %p, i32 %i
  %wild = load ptr addrspace(1), ptr addrspace(1) %pp
  %v = load i32, ptr addrspace(1) %wild
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; The address wraps around the end of all memory.
define void @write(ptr addrspace(1) "tmjit.type"="ulong" %p, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %wild = load ptr addrspace(1), ptr addrspace(1) %p
  store <4 x float> zeroinitializer, ptr addrspace(1) %wild, align 4
  ret void
}

declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)
declare void @air.wg.barrier(i32, i32)

define void @count(ptr addrspace(1) "tmjit.type"="ulong" %p, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pp = getelementptr ptr addrspace(1), ptr addrspace(1) %p, i32 %i
  %given = load ptr addrspace(1), ptr addrspace(1) %pp
  %slot = getelementptr [8 x ptr addrspace(1)], ptr addrspace(3) @slots, i32 0, i32 %i
  store ptr addrspace(1) %given, ptr addrspace(3) %slot
  call void @air.wg.barrier(i32 2, i32 1)
  %wild = load ptr addrspace(1), ptr addrspace(3) %slot
  %old = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %wild, i32 1, i32 0, i32 2, i1 true)
  ret void
}

define void @private(ptr addrspace(1) "tmjit.type"="ulong" %p, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kept = alloca [2 x ptr], align 8
  %pp = getelementptr i64, ptr addrspace(1) %p, i32 %i
  %number = load i64, ptr addrspace(1) %pp
  %bit = and i32 %i, 1
  %slot = getelementptr [2 x ptr], ptr %kept, i32 0, i32 %bit
  store i64 %number, ptr %slot
  %wild = load ptr, ptr %slot
  %v = load i32, ptr %wild
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
