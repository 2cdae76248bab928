; Tables in the constant address space, at program scope and as an argument, by varying index.
;
; RUN: %npy %t.npy f32 '[[1.5, 2.5, 4.5, 8.5][i %% 4] * [10, 20, 30][i %% 3] + i %% 5 * 1000 for i in range(60)]'
; RUN: %run %s --grid 60 --threadgroup 60 --buf c=f32:10,20,30 --buf y=f32[60]:zeros --expect y=%t.npy

@table = internal addrspace(2) constant [4 x float] [float 1.5, float 2.5, float 4.5, float 8.5], align 4
@bytes = internal unnamed_addr addrspace(2) constant [5 x i8] c"\00\01\02\03\04", align 1

define void @k(ptr addrspace(2) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %i4 = and i32 %i, 3
  %i3 = urem i32 %i, 3
  %i5 = urem i32 %i, 5
  %pt = getelementptr [4 x float], ptr addrspace(2) @table, i32 0, i32 %i4
  %t = load float, ptr addrspace(2) %pt
  %pc = getelementptr float, ptr addrspace(2) %c, i32 %i3
  %u = load float, ptr addrspace(2) %pc
  %pb = getelementptr [5 x i8], ptr addrspace(2) @bytes, i32 0, i32 %i5
  %b = load i8, ptr addrspace(2) %pb
  %bf = uitofp i8 %b to float
  %b1000 = fmul float %bf, 1000.0
  %tu = fmul float %t, %u
  %r = fadd float %tu, %b1000
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
