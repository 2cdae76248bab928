; A store that only some lanes make is a masked store.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK: @llvm.masked.store.v8f32

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %neg = fcmp olt float %v, 0.0
  br i1 %neg, label %flip, label %done
flip:
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float 1.0, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
