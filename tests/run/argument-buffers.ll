; Argument buffers: a struct of numbers and of pointers into further memory, one of which leads to a
; second struct with a pointer of its own. Members are read by uniform and by lane-varying choice,
; as one aggregate, as integers, and after the kernel has put another pointer in their place.
;
; PY: n = 40
; PY: a = [3 * i + 1 for i in range(n)]; b = [500 - 7 * i for i in range(n)]; c = [i * i for i in range(n)]
; RUN: %npy %ta.npy i32 'a'
; RUN: %npy %tb.npy i32 'b'
; RUN: %npy %tc.npy i32 'c'
; RUN: %npy %tsum.npy i32 '[a[i] + 5 * b[i] + c[i] + 2 for i in range(n)]'
; RUN: %npy %tchosen.npy i32 '[a[i] if i %% 3 == 0 else b[i] if i %% 3 == 1 else c[i] for i in range(n)]'
; RUN: %npy %tswapped.npy i32 '[b[i] - a[i] for i in range(n)]'
;
; DEFINE: %{bind} = --grid 40 --threadgroup 24 --buf args.a=%ta.npy --buf args.b=%tb.npy --set args.factor=5 --buf args.more.c=%tc.npy --set args.more.plus=2 --buf y=i32[40]
; RUN: %run %s --entry sum %{bind} --expect y=%tsum.npy
; RUN: %run %s --entry chosen %{bind} --expect y=%tchosen.npy
; RUN: %run %s --entry swapped %{bind} --expect y=%tswapped.npy
; RUN: %tmjit info %s --entry sum | FileCheck %s
; RUN: %tmjit run %s --entry sum %{bind} --engine both --print args.more.c | FileCheck %s --check-prefix PRINT
; CHECK:      0  args             Args           device       buffer 0     read, write  32 in all
; CHECK-NEXT: .a int at byte 0, 8 bytes: pointer to device memory, id 0, read, write
; CHECK-NEXT: .b int at byte 8, 8 bytes: pointer to constant memory, id 1, read
; CHECK-NEXT: .factor int at byte 16, 4 bytes
; CHECK-NEXT: .more More at byte 24, 8 bytes: pointer to device memory, id 3, read
; CHECK-NEXT: .c int at byte 0, 8 bytes: pointer to device memory, id 0, read
; CHECK-NEXT: .plus int at byte 8, 4 bytes
; CHECK-NEXT: 1  y
; PRINT: args.more.c i32[40] = 0 1 4 {{.*}} 1369 1444 1521

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
