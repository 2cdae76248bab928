; Quotients that may be products with a reciprocal: zeros, infinities, NaN and subnormal divisors
; give what a division gives, and so do small integers.
;
; RUN: %run %s --math fast --grid 16 --threadgroup 16 --buf x=f32:1,-1,1,-1,0,inf,inf,0,6,49,1e-3,3e38,-6,1,nan,2 --buf y=f32:0,0,inf,-inf,0,inf,2,5,3,49,5e-4,1.5e38,0.5,1e-44,1,nan --buf q=f32[16]:zeros --expect q=f32:inf,-inf,0,0,nan,nan,inf,0,2,1,2,2,-12,inf,nan,nan --rtol 1e-6
; RUN: %run %s --math strict --grid 16 --threadgroup 16 --buf x=f32:1,-1,1,-1,0,inf,inf,0,6,49,7,3e38,-6,1,nan,2 --buf y=f32:0,0,inf,-inf,0,inf,2,5,3,49,7e-5,1.5e38,0.5,1e-44,1,nan --buf q=f32[16]:zeros --expect q=f32:inf,-inf,0,0,nan,nan,inf,0,2,1,100000,2,-12,inf,nan,nan

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(1) "tmjit.type"="float" %q, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %a = load float, ptr addrspace(1) %px
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  %b = load float, ptr addrspace(1) %py
  %r = fdiv arcp float %a, %b
  %pq = getelementptr float, ptr addrspace(1) %q, i32 %i
  store float %r, ptr addrspace(1) %pq
  ret void
}
