; Typed pointers to named structs, vectors and arrays; bitcasts between pointer types; atomics
; through the member of %"struct.metal::_atomic"; threadgroup memory; alias scopes.
;
; PY: def ref(i): return (i * 4 + 1) + (i * 4 + 2) * 10
; RUN: %npy %tp.npy f32 '[k for k in range(200)]'
; RUN: %npy %t.npy f32 '[ref(i) for i in range(50)]'
; RUN: %run %s --grid 50 --threadgroup 32 --buf points=%tp.npy --buf out=f32[50]:zeros --buf counter=u32[1]:zeros --expect out=%t.npy --print counter | FileCheck %s
; CHECK: counter = 50
target triple = "air64-apple-macosx11.0.0"

%struct.point = type { <4 x float> }
%"struct.metal::_atomic" = type { i32 }

@_ZZ4pickE4tile = internal unnamed_addr addrspace(3) global [32 x %struct.point] undef, align 16

define void @pick(%struct.point addrspace(1)* nocapture readonly %0, float addrspace(1)* nocapture %1, %"struct.metal::_atomic" addrspace(1)* %2, i32 %3, i16 %4) {
  %6 = zext i32 %3 to i64
  %7 = getelementptr inbounds %struct.point, %struct.point addrspace(1)* %0, i64 %6, i32 0
  %8 = load <4 x float>, <4 x float> addrspace(1)* %7, align 16, !alias.scope !20
  %9 = zext i16 %4 to i64
  %10 = getelementptr inbounds [32 x %struct.point], [32 x %struct.point] addrspace(3)* @_ZZ4pickE4tile, i64 0, i64 %9, i32 0
  store <4 x float> %8, <4 x float> addrspace(3)* %10, align 16
  tail call void @air.wg.barrier(i32 2, i32 1)
  %11 = bitcast <4 x float> addrspace(3)* %10 to float addrspace(3)*
  %12 = getelementptr inbounds float, float addrspace(3)* %11, i64 1
  %13 = load float, float addrspace(3)* %12, align 4
  %14 = getelementptr inbounds float, float addrspace(3)* %11, i64 2
  %15 = load float, float addrspace(3)* %14, align 8
  %16 = fmul float %15, 1.000000e+01
  %17 = fadd float %13, %16
  %18 = getelementptr inbounds float, float addrspace(1)* %1, i64 %6
  store float %17, float addrspace(1)* %18, align 4, !noalias !20
  %19 = getelementptr inbounds %"struct.metal::_atomic", %"struct.metal::_atomic" addrspace(1)* %2, i64 0, i32 0
  %20 = tail call i32 @air.atomic.global.add.u.i32(i32 addrspace(1)* nocapture %19, i32 1, i32 0, i32 2, i1 true)
  ret void
}

declare void @air.wg.barrier(i32, i32)
declare i32 @air.atomic.global.add.u.i32(i32 addrspace(1)* nocapture, i32, i32, i32, i1)

!air.kernel = !{!0}
!air.version = !{!10}
!0 = !{void (%struct.point addrspace(1)*, float addrspace(1)*, %"struct.metal::_atomic" addrspace(1)*, i32, i16)* @pick, !1, !2}
!1 = !{}
!2 = !{!3, !4, !5, !6, !7}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.struct_type_info", !8, !"air.arg_type_size", i32 16, !"air.arg_type_align_size", i32 16, !"air.arg_type_name", !"point", !"air.arg_name", !"points"}
!4 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read_write", !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"out"}
!5 = !{i32 2, !"air.buffer", !"air.location_index", i32 5, i32 1, !"air.read_write", !"air.struct_type_info", !9, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"metal::_atomic", !"air.arg_name", !"counter"}
!6 = !{i32 3, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!7 = !{i32 4, !"air.thread_index_in_threadgroup", !"air.arg_type_name", !"ushort", !"air.arg_name", !"t"}
!8 = !{i32 0, i32 16, i32 0, !"float4", !"xyzw"}
!9 = !{i32 0, i32 4, i32 0, !"uint", !"__s"}
!10 = !{i32 2, i32 3, i32 0}
!20 = !{!21}
!21 = distinct !{!21, !22, !"air-alias-scope-arg(0)"}
!22 = distinct !{!22, !"air-alias-scopes(pick)"}
