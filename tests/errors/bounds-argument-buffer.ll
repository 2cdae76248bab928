; Accesses behind pointers of argument buffers are held to the memory that the launch put there: by
; uniform and by lane-varying choice, in a second level, in the struct itself, behind a pointer that
; is null. A pointer that went through an integer, or that the kernel wrote, may be in any memory.
;
; DEFINE: %{a} = i32[40]
; DEFINE: %{b} = i32[40]
; DEFINE: %{c} = i32[40]
; DEFINE: %{all} = --grid 40 --threadgroup 40 --buf args.a=%{a} --buf args.b=%{b} --buf args.more.c=%{c} --buf y=i32[40]
;
; REDEFINE: %{b} = i32[39]
; RUN: %fails %s --entry sum %{all} | FileCheck %s --check-prefix UNIFORM
; UNIFORM: error: load of 4 bytes at byte offset 156 of buffer 'args.b' (156 bytes), by thread (39, 0, 0) of the grid
;
; REDEFINE: %{c} = i32[7]
; REDEFINE: %{b} = i32[40]
; RUN: %fails %s --entry sum %{all} | FileCheck %s --check-prefix DEEP
; DEEP: error: load of 4 bytes at byte offset 28 of buffer 'args.more.c' (28 bytes), by thread (7, 0, 0) of the grid
;
; REDEFINE: %{c} = i32[40]
; REDEFINE: %{b} = i32[19]
; RUN: %fails %s --entry chosen %{all} | FileCheck %s --check-prefix LANES
; LANES: error: load of 4 bytes at byte offset 76 of buffer 'args.b' (76 bytes), by thread (19, 0, 0) of the grid
;
; REDEFINE: %{b} = null
; RUN: %fails %s --entry sum %{all} | FileCheck %s --check-prefix NULL
; NULL: error: load of 4 bytes at byte offset 0 of buffer 'args.b' (0 bytes), by thread (0, 0, 0) of the grid
;
; RUN: %fails %s --entry sum --grid 40 --threadgroup 40 --buf args.a=i32[40] --buf args.b=i32[40] --buf args.more=null --buf y=i32[40] | FileCheck %s --check-prefix NOMORE
; NOMORE: error: load of 16 bytes at byte offset 0 of buffer 'args.more' (0 bytes), by thread (0, 0, 0) of the grid
;
; REDEFINE: %{b} = i32[1]
; RUN: not %tmjit run %s --engine interp --entry swapped %{all} 2>&1 | FileCheck %s --check-prefix WRITTEN
; RUN: not %tmjit run %s --engine simd --entry swapped %{all} 2>&1 | FileCheck %s --check-prefix WRITTEN
; WRITTEN: error: load of 4 bytes at address 0x{{[0-9a-f]+}} of no buffer of this launch, by thread ({{[0-9]+}}, 0, 0) of the grid

%Args = type { ptr addrspace(1), ptr addrspace(2), i32, ptr addrspace(1) }
%More = type { ptr addrspace(1), i32 }

; a[i] + factor * b[i] + more->c[i] + more->plus; the second struct as one value.
define void @sum(ptr addrspace(1) %args, ptr addrspace(1) %y, i32 %i) {
  %a = load ptr addrspace(1), ptr addrspace(1) %args, align 8
  %pb = getelementptr inbounds %Args, ptr addrspace(1) %args, i64 0, i32 1
  %b = load ptr addrspace(2), ptr addrspace(1) %pb, align 8
  %pf = getelementptr inbounds %Args, ptr addrspace(1) %args, i64 0, i32 2
  %f = load i32, ptr addrspace(1) %pf, align 8
  %pm = getelementptr inbounds %Args, ptr addrspace(1) %args, i64 0, i32 3
  %m = load ptr addrspace(1), ptr addrspace(1) %pm, align 8
  %more = load %More, ptr addrspace(1) %m, align 8
  %c = extractvalue %More %more, 0
  %plus = extractvalue %More %more, 1
  %pai = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %pbi = getelementptr i32, ptr addrspace(2) %b, i32 %i
  %pci = getelementptr i32, ptr addrspace(1) %c, i32 %i
  %va = load i32, ptr addrspace(1) %pai
  %vb = load i32, ptr addrspace(2) %pbi
  %vc = load i32, ptr addrspace(1) %pci
  %m1 = mul i32 %vb, %f
  %s1 = add i32 %va, %m1
  %s2 = add i32 %s1, %vc
  %s3 = add i32 %s2, %plus
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s3, ptr addrspace(1) %py
  ret void
}

; Each thread loads one of three pointers; the third by way of an integer.
define void @chosen(ptr addrspace(1) %args, ptr addrspace(1) %y, i32 %i) {
  %which = urem i32 %i, 3
  %is-2 = icmp eq i32 %which, 2
  br i1 %is-2, label %deep, label %flat
flat:
  %pp = getelementptr i64, ptr addrspace(1) %args, i32 %which
  %p = load ptr addrspace(1), ptr addrspace(1) %pp, align 8
  br label %both
deep:
  %pm = getelementptr inbounds %Args, ptr addrspace(1) %args, i64 0, i32 3
  %m = load i64, ptr addrspace(1) %pm, align 8
  %more = inttoptr i64 %m to ptr addrspace(1)
  %c = load ptr addrspace(1), ptr addrspace(1) %more, align 8
  br label %both
both:
  %from = phi ptr addrspace(1) [ %p, %flat ], [ %c, %deep ]
  %pi = getelementptr i32, ptr addrspace(1) %from, i32 %i
  %v = load i32, ptr addrspace(1) %pi
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

declare void @air.wg.barrier(i32, i32)

; The first thread of each threadgroup puts b where a is, with the same value each time.
define void @swapped(ptr addrspace(1) %args, ptr addrspace(1) %y, i32 %i) {
  %pb = getelementptr inbounds %Args, ptr addrspace(1) %args, i64 0, i32 1
  %b = load ptr addrspace(1), ptr addrspace(1) %pb, align 8
  %pm = getelementptr inbounds %Args, ptr addrspace(1) %args, i64 0, i32 3
  %a = load ptr addrspace(1), ptr addrspace(1) %args, align 8
  %pai = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %va = load i32, ptr addrspace(1) %pai
  %m = load ptr addrspace(1), ptr addrspace(1) %pm, align 8
  store ptr addrspace(1) %b, ptr addrspace(1) %m, align 8
  call void @air.wg.barrier(i32 1, i32 1)
  %now = load ptr addrspace(1), ptr addrspace(1) %m, align 8
  %pni = getelementptr i32, ptr addrspace(1) %now, i32 %i
  %vn = load i32, ptr addrspace(1) %pni
  %d = sub i32 %vn, %va
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %d, ptr addrspace(1) %py
  ret void
}

!air.kernel = !{!0, !1, !2}
!0 = !{ptr @sum, !3, !4}
!1 = !{ptr @chosen, !3, !4}
!2 = !{ptr @swapped, !3, !4}
!3 = !{}
!4 = !{!5, !6, !7}
!5 = !{i32 0, !"air.indirect_buffer", !"air.buffer_size", i32 32, !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.struct_type_info", !8, !"air.arg_type_size", i32 32, !"air.arg_type_align_size", i32 8, !"air.arg_type_name", !"Args", !"air.arg_name", !"args"}
!6 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"y"}
!7 = !{i32 2, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!8 = !{i32 0, i32 8, i32 0, !"int", !"a", !"air.indirect_argument", !9, i32 8, i32 8, i32 0, !"int", !"b", !"air.indirect_argument", !10, i32 16, i32 4, i32 0, !"int", !"factor", !"air.indirect_argument", !11, i32 24, i32 8, i32 0, !"More", !"more", !"air.indirect_argument", !12}
!9 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"a"}
!10 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 2, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"b"}
!11 = !{i32 2, !"air.indirect_constant", !"air.location_index", i32 2, i32 1, !"air.arg_type_name", !"int", !"air.arg_name", !"factor"}
!12 = !{i32 3, !"air.buffer", !"air.location_index", i32 3, i32 1, !"air.read", !"air.address_space", i32 1, !"air.struct_type_info", !13, !"air.arg_type_size", i32 16, !"air.arg_type_align_size", i32 8, !"air.arg_type_name", !"More", !"air.arg_name", !"more"}
!13 = !{i32 0, i32 8, i32 0, !"int", !"c", !"air.indirect_argument", !14, i32 8, i32 4, i32 0, !"int", !"plus", !"air.indirect_argument", !15}
!14 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"c"}
!15 = !{i32 1, !"air.indirect_constant", !"air.location_index", i32 1, i32 1, !"air.arg_type_name", !"int", !"air.arg_name", !"plus"}
