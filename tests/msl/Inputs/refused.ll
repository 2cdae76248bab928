; Kernels that run, but that Metal has no words for.

declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), <2 x i64>, <2 x i64>, <2 x i64>)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)

@table = internal addrspace(2) constant [4 x i32] [i32 1, i32 2, i32 3, i32 4]

; One of two kinds of memory.
define void @mixed(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %odd = trunc i32 %i to i1
  %g = addrspacecast ptr addrspace(1) %y to ptr
  %t = addrspacecast ptr addrspace(2) @table to ptr
  %p = select i1 %odd, ptr %g, ptr %t
  %v = load i32, ptr %p
  %q = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %q
  ret void
}

; Every second number of every second row.
define void @strided(ptr addrspace(1) "tmjit.type"="float" %x, i32 "tmjit.builtin"="thread_index_in_simdgroup" %i) "tmjit.kernel" {
  %m = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %x, <2 x i64> <i64 16, i64 16>, <2 x i64> <i64 2, i64 32>, <2 x i64> zeroinitializer)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %x, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}

define void @wide(ptr addrspace(1) "tmjit.type"="ulong" %x) "tmjit.kernel" {
  %old = atomicrmw add ptr addrspace(1) %x, i64 1 monotonic
  ret void
}

@one = internal addrspace(2) constant [4 x i8] c"%d\0A\00"
@two = internal addrspace(2) constant [4 x i8] c"%u\0A\00"
declare void @llvm.va_start(ptr)
declare void @llvm.va_end(ptr)
declare void @air.os_log(ptr addrspace(2), ptr addrspace(2), i32, ptr addrspace(2), ptr, i64)

define internal void @log(ptr addrspace(2) %format, ...) {
  %list = alloca ptr, align 8
  call void @llvm.va_start(ptr %list)
  %args = load ptr, ptr %list, align 8
  call void @air.os_log(ptr addrspace(2) null, ptr addrspace(2) null, i32 0, ptr addrspace(2) %format, ptr %args, i64 8)
  call void @llvm.va_end(ptr %list)
  ret void
}

; A format that is chosen by each thread.
define void @chosen_format(i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %odd = trunc i32 %i to i1
  %format = select i1 %odd, ptr addrspace(2) @one, ptr addrspace(2) @two
  call void (ptr addrspace(2), ...) @log(ptr addrspace(2) %format, i32 %i)
  ret void
}

; Must not fail by itself, and orders memory around it.
define void @ordered(ptr addrspace(1) "tmjit.type"="int" %x) "tmjit.kernel" {
  %pair = cmpxchg ptr addrspace(1) %x, i32 0, i32 1 acq_rel acquire
  ret void
}
