; A cheap divergent branch becomes a select; nothing branches on a lane.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK-NOT: br i1 %{{.*}}extract
; CHECK: select <8 x i1>
; CHECK: store <8 x float>

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %neg = fcmp olt float %v, 0.0
  br i1 %neg, label %flip, label %join
flip:
  %w = fsub float 1.0, %v
  br label %join
join:
  %r = phi float [ %v, %entry ], [ %w, %flip ]
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
