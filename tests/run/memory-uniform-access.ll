; All threads read one element and one of them writes one: scalar accesses.
;
; RUN: %npy %t.npy f32 '[2.5 * 4 + i for i in range(70)]'
; RUN: %run %s --grid 70 --threadgroup 33 --buf x=f32:1,2.5,4 --buf y=f32[70]:zeros --buf z=f32[2]:zeros --print z --expect y=%t.npy | FileCheck %s
; CHECK: z = 0 6.5

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(1) "tmjit.type"="float" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p1 = getelementptr float, ptr addrspace(1) %x, i32 1
  %p2 = getelementptr float, ptr addrspace(1) %x, i32 2
  %a = load float, ptr addrspace(1) %p1
  %b = load float, ptr addrspace(1) %p2
  %ab = fmul float %a, %b
  %f = uitofp i32 %i to float
  %r = fadd float %ab, %f
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  %s = fadd float %a, %b
  %pz = getelementptr float, ptr addrspace(1) %z, i32 1
  store float %s, ptr addrspace(1) %pz
  ret void
}
