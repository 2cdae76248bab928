; SPDX-License-Identifier: MIT
; Counts of the 256 values of bytes, added to dst[256]. Threadgroups of 256 threads count in
; threadgroup memory, four bytes a thread and step of a grid-stride loop, and add once.
source_filename = "histogram.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

@bins = internal addrspace(3) global [256 x i32] undef, align 4

define void @histogram(ptr addrspace(1) nocapture readonly "air-buffer-no-alias" %src,
                       ptr addrspace(1) nocapture "air-buffer-no-alias" %dst,
                       ptr addrspace(2) nocapture readonly %count,
                       i32 %i,
                       i32 %threads,
                       i32 %thread) {
entry:
  %thread.wide = zext i32 %thread to i64
  %bins.at = getelementptr inbounds i32, ptr addrspace(3) @bins, i64 %thread.wide
  tail call void @air.atomic.local.store.i32(ptr addrspace(3) %bins.at, i32 0, i32 0, i32 1, i1 true)
  tail call void @air.wg.barrier(i32 2, i32 1)
  %count.v = load i32, ptr addrspace(2) %count, align 4
  %cmp = icmp ult i32 %i, %count.v
  br i1 %cmp, label %loop, label %done

done:
  tail call void @air.wg.barrier(i32 2, i32 1)
  %dst.at = getelementptr inbounds i32, ptr addrspace(1) %dst, i64 %thread.wide
  %old = tail call i32 @air.atomic.local.load.i32(ptr addrspace(3) %bins.at, i32 0, i32 1, i1 true)
  %old2 = tail call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %dst.at, i32 %old, i32 0, i32 2, i1 true)
  ret void

loop:
  %k = phi i32 [ %add, %loop ], [ %i, %entry ]
  %k.wide = zext i32 %k to i64
  %src.at = getelementptr inbounds <4 x i8>, ptr addrspace(1) %src, i64 %k.wide
  %src.v = load <4 x i8>, ptr addrspace(1) %src.at, align 4
  %src.v.x = extractelement <4 x i8> %src.v, i64 0
  %src.v.x.wide = zext i8 %src.v.x to i64
  %bins.at2 = getelementptr inbounds i32, ptr addrspace(3) @bins, i64 %src.v.x.wide
  %old3 = tail call i32 @air.atomic.local.add.u.i32(ptr addrspace(3) %bins.at2, i32 1, i32 0, i32 1, i1 true)
  %src.v.y = extractelement <4 x i8> %src.v, i64 1
  %src.v.y.wide = zext i8 %src.v.y to i64
  %bins.at3 = getelementptr inbounds i32, ptr addrspace(3) @bins, i64 %src.v.y.wide
  %old4 = tail call i32 @air.atomic.local.add.u.i32(ptr addrspace(3) %bins.at3, i32 1, i32 0, i32 1, i1 true)
  %src.v.z = extractelement <4 x i8> %src.v, i64 2
  %src.v.z.wide = zext i8 %src.v.z to i64
  %bins.at4 = getelementptr inbounds i32, ptr addrspace(3) @bins, i64 %src.v.z.wide
  %old5 = tail call i32 @air.atomic.local.add.u.i32(ptr addrspace(3) %bins.at4, i32 1, i32 0, i32 1, i1 true)
  %src.v.w = extractelement <4 x i8> %src.v, i64 3
  %src.v.w.wide = zext i8 %src.v.w to i64
  %bins.at5 = getelementptr inbounds i32, ptr addrspace(3) @bins, i64 %src.v.w.wide
  %old6 = tail call i32 @air.atomic.local.add.u.i32(ptr addrspace(3) %bins.at5, i32 1, i32 0, i32 1, i1 true)
  %add = add i32 %k, %threads
  %cmp2 = icmp ult i32 %add, %count.v
  br i1 %cmp2, label %loop, label %done
}

declare void @air.atomic.local.store.i32(ptr addrspace(3), i32, i32, i32, i1) #0
declare void @air.wg.barrier(i32, i32) #1
declare i32 @air.atomic.local.add.u.i32(ptr addrspace(3), i32, i32, i32, i1) #0
declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1) #0
declare i32 @air.atomic.local.load.i32(ptr addrspace(3), i32, i32, i1) #0

attributes #0 = { nounwind willreturn }
attributes #1 = { convergent nounwind willreturn }

!air.kernel = !{!8}
!air.version = !{!9}
!air.language_version = !{!10}
!air.compile_options = !{!11, !12}

!0 = !{}
!1 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"uchar4", !"air.arg_name", !"src"}
!2 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read_write", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"uint", !"air.arg_name", !"dst"}
!3 = !{i32 2, !"air.buffer", !"air.buffer_size", i32 4, !"air.location_index", i32 2, i32 1, !"air.read", !"air.address_space", i32 2,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"uint", !"air.arg_name", !"count"}
!4 = !{i32 3, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!5 = !{i32 4, !"air.threads_per_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"threads"}
!6 = !{i32 5, !"air.thread_index_in_threadgroup", !"air.arg_type_name", !"uint", !"air.arg_name", !"thread"}
!7 = !{!1, !2, !3, !4, !5, !6}
!8 = !{ptr @histogram, !0, !7}
!9 = !{i32 2, i32 6, i32 0}
!10 = !{!"Metal", i32 3, i32 1, i32 0}
!11 = !{!"air.compile.denorms_disable"}
!12 = !{!"air.compile.fast_math_enable"}
