; What the next SIMD-groups load is asked for 1536 bytes ahead, once for each line: not again for
; neighbours of what is loaded already, but again for another part of the buffer. Loads of single
; elements by all lanes and of threadgroup memory are no streams. Without optimisation nothing is
; asked for.
;
; RUN: %tmjit emit %s --as host --lanes 16 --grid 16 --threadgroup 16 --check none --opt 2 --entry neighbours | FileCheck %s --check-prefix NEIGHBOURS
; RUN: %tmjit emit %s --as host --lanes 16 --grid 16 --threadgroup 16 --check none --opt 0 --entry neighbours | FileCheck %s --check-prefix NOTHING
; RUN: %tmjit emit %s --as host --lanes 16 --grid 16 --threadgroup 16 --check none --opt 2 --entry parts | FileCheck %s --check-prefix PARTS
; RUN: %tmjit emit %s --as host --lanes 16 --grid 16 --threadgroup 16 --check none --opt 2 --entry no_stream | FileCheck %s --check-prefix NOTHING
;
; NEIGHBOURS: [[AHEAD:%.+]] = getelementptr i8, ptr {{%.+}}, i64 1536
; NEIGHBOURS-NEXT: call void @llvm.prefetch.p0(ptr [[AHEAD]], i32 0, i32 3, i32 1)
; NEIGHBOURS-NOT: call void @llvm.prefetch
;
; PARTS-COUNT-3: call void @llvm.prefetch.p0(
; PARTS-NOT: call void @llvm.prefetch
;
; NOTHING-NOT: call void @llvm.prefetch

@part = internal addrspace(3) global [16 x float] undef, align 4

define void @neighbours(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %p0 = getelementptr float, ptr addrspace(1) %x, i64 %w
  %p1 = getelementptr float, ptr addrspace(1) %p0, i64 1
  %p9 = getelementptr float, ptr addrspace(1) %p0, i64 9
  %v0 = load float, ptr addrspace(1) %p0
  %v1 = load float, ptr addrspace(1) %p1
  %v9 = load float, ptr addrspace(1) %p9
  %s = fadd float %v0, %v1
  %t = fadd float %s, %v9
  %py = getelementptr float, ptr addrspace(1) %y, i64 %w
  store float %t, ptr addrspace(1) %py
  ret void
}

define void @parts(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %p0 = getelementptr float, ptr addrspace(1) %x, i64 %w
  %p1 = getelementptr float, ptr addrspace(1) %p0, i64 512
  %p2 = getelementptr float, ptr addrspace(1) %y, i64 %w
  %v0 = load float, ptr addrspace(1) %p0
  %v1 = load float, ptr addrspace(1) %p1
  %v2 = load float, ptr addrspace(1) %p2
  %s = fadd float %v0, %v1
  %t = fadd float %s, %v2
  store float %t, ptr addrspace(1) %p2
  ret void
}

define void @no_stream(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = load float, ptr addrspace(1) %x
  %l = and i32 %i, 15
  %pt = getelementptr [16 x float], ptr addrspace(3) @part, i32 0, i32 %l
  store float %v, ptr addrspace(3) %pt
  %u = load float, ptr addrspace(3) %pt
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %u, ptr addrspace(1) %py
  ret void
}
