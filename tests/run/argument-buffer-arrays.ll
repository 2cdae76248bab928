; Arrays of pointers in argument buffers: each element is a member of its own, bound by its number.
; Read at a place that is the same for all, and by lane; the array's size is said of the whole or of
; one element. An access past the end of one element's memory is outside.
;
; PY: n = 20
; PY: p = [[100 * k + i for i in range(n)] for k in range(3)]
; RUN: %npy %t0.npy i32 'p[0]'
; RUN: %npy %t1.npy i32 'p[1]'
; RUN: %npy %t2.npy i32 'p[2]'
; RUN: %npy %tsame.npy i32 '[p[2][i] + 4 * i for i in range(n)]'
; RUN: %npy %tlanes.npy i32 '[p[i %% 3][i] for i in range(n)]'
; DEFINE: %{bind} = --grid 20 --buf 'args.p[0]=%t0.npy' --buf 'args.p[1]=%t1.npy' --buf 'args.p[2]=%t2.npy' --set args.which=2 --buf 'args.q[0]=i32[20]:iota' --buf 'args.q[1]=i32[20]:iota'
; RUN: %run %s --entry same %{bind} --buf y=i32[20] --expect y=%tsame.npy
; RUN: %run %s --entry lanes %{bind} --buf y=i32[20] --expect y=%tlanes.npy
; RUN: %fails %s --entry lanes --grid 20 --buf 'args.p[0]=%t0.npy' --buf 'args.p[1]=i32[19]' --buf 'args.p[2]=%t2.npy' --buf 'args.q[0]=i32[20]' --buf 'args.q[1]=i32[20]' --buf y=i32[20] | FileCheck %s --check-prefix BOUNDS
; BOUNDS: error: load of 4 bytes at byte offset 76 of buffer 'args.p[1]' (76 bytes), by thread (19, 0, 0) of the grid
; RUN: %tmjit info %s --entry same | FileCheck %s
; CHECK:      .p[0] int at byte 0, 8 bytes: pointer to device memory, id 0, read
; CHECK-NEXT: .p[1] int at byte 8, 8 bytes: pointer to device memory, id 1, read
; CHECK-NEXT: .p[2] int at byte 16, 8 bytes: pointer to device memory, id 2, read
; CHECK-NEXT: .which int at byte 24, 4 bytes
; CHECK-NEXT: .q[0] int at byte 32, 8 bytes: pointer to device memory, id 4, read
; CHECK-NEXT: .q[1] int at byte 40, 8 bytes: pointer to device memory, id 5, read

%Args = type { [3 x ptr addrspace(1)], i32, [2 x ptr addrspace(1)] }

; p[which][i] + 4 * q[1][i]
define void @same(ptr addrspace(2) %args, ptr addrspace(1) %y, i32 %i) {
  %pw = getelementptr %Args, ptr addrspace(2) %args, i64 0, i32 1
  %which = load i32, ptr addrspace(2) %pw
  %pp = getelementptr %Args, ptr addrspace(2) %args, i64 0, i32 0, i32 %which
  %p = load ptr addrspace(1), ptr addrspace(2) %pp
  %pi = getelementptr i32, ptr addrspace(1) %p, i32 %i
  %v = load i32, ptr addrspace(1) %pi
  %pq = getelementptr %Args, ptr addrspace(2) %args, i64 0, i32 2, i32 1
  %q = load ptr addrspace(1), ptr addrspace(2) %pq
  %qi = getelementptr i32, ptr addrspace(1) %q, i32 %i
  %w = load i32, ptr addrspace(1) %qi
  %four = shl i32 %w, 2
  %s = add i32 %v, %four
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s, ptr addrspace(1) %py
  ret void
}

define void @lanes(ptr addrspace(2) %args, ptr addrspace(1) %y, i32 %i) {
  %which = urem i32 %i, 3
  %pp = getelementptr %Args, ptr addrspace(2) %args, i64 0, i32 0, i32 %which
  %p = load ptr addrspace(1), ptr addrspace(2) %pp
  %pi = getelementptr i32, ptr addrspace(1) %p, i32 %i
  %v = load i32, ptr addrspace(1) %pi
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

!air.kernel = !{!0, !1}
!0 = !{ptr @same, !2, !3}
!1 = !{ptr @lanes, !2, !3}
!2 = !{}
!3 = !{!4, !5, !6}
!4 = !{i32 0, !"air.indirect_buffer", !"air.buffer_size", i32 48, !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !7, !"air.arg_type_size", i32 48, !"air.arg_type_align_size", i32 8, !"air.arg_type_name", !"Args", !"air.arg_name", !"args"}
!5 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"y"}
!6 = !{i32 2, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!7 = !{i32 0, i32 24, i32 3, !"int", !"p", !"air.indirect_argument", !8, i32 24, i32 4, i32 0, !"int", !"which", !"air.indirect_argument", !9, i32 32, i32 8, i32 2, !"int", !"q", !"air.indirect_argument", !10}
!8 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 3, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"p"}
!9 = !{i32 1, !"air.indirect_constant", !"air.location_index", i32 3, i32 1, !"air.arg_type_name", !"int", !"air.arg_name", !"which"}
!10 = !{i32 2, !"air.buffer", !"air.location_index", i32 4, i32 2, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"q"}
