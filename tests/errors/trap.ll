; A trap names its place and the first thread that ran into it.
;
; RUN: %fails %s --grid 40 --threadgroup 8 --threads 1 --buf y=i32[40]:zeros | FileCheck %s
; CHECK: trap.ll:[[#@LINE+6]]:3: error: trap, by thread (19, 0, 0) of the grid, (3, 0, 0) of threadgroup (2, 0, 0) [trap]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %bad = icmp eq i32 %i, 19
  br i1 %bad, label %stop, label %good
stop:
  call void @llvm.trap()
  unreachable
good:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 1, ptr addrspace(1) %p
  ret void
}
declare void @llvm.trap()
