; Two chains of products are added as they are: free to reorder the last sum, instruction selection
; would put one chain behind the other. The chains themselves stay free.
;
; RUN: %tmjit emit %s --as host --lanes 16 --threadgroup 64 --check none --math fast | FileCheck %s
; CHECK: %[[A:[0-9]+]] = fadd reassoc nsz arcp contract afn <16 x float>
; CHECK: %[[B:[0-9]+]] = fadd reassoc nsz arcp contract afn <16 x float>
; CHECK: fadd nsz arcp contract afn <16 x float> %[[A]], %[[B]]

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %p
  %c1 = load float, ptr addrspace(1) %x
  %x2 = getelementptr float, ptr addrspace(1) %x, i32 1
  %c2 = load float, ptr addrspace(1) %x2
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  %w = load float, ptr addrspace(1) %py
  %m1 = fmul fast float %v, %c1
  %m2 = fmul fast float %w, %c2
  %m3 = fmul fast float %v, %v
  %m4 = fmul fast float %w, %w
  %a = fadd fast float %m1, %m2
  %b = fadd fast float %m3, %m4
  %r = fadd fast float %a, %b
  store float %r, ptr addrspace(1) %py
  ret void
}
