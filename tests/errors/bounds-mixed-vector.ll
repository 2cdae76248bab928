; A vector access half behind the end of the chosen buffer, by lane and for all.
;
; RUN: %fails %s --entry lanes --grid 8 --buf a=f32[32] --buf b=f32[26] | FileCheck %s
; RUN: %fails %s --entry one --grid 8 --buf a=f32[32] --buf b=f32[26] --set which=0 | FileCheck %s
; CHECK: error: store of 16 bytes at byte offset 96 of buffer 'b' (104 bytes), by thread (6, 0, 0) of the grid

define void @lanes(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-odd = trunc i32 %i to i1
  %p = select i1 %is-odd, ptr addrspace(1) %a, ptr addrspace(1) %b
  %pv = getelementptr <4 x float>, ptr addrspace(1) %p, i32 %i
  store <4 x float> <float 1.0, float 2.0, float 3.0, float 4.0>, ptr addrspace(1) %pv
  ret void
}

define void @one(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(2) "tmjit.type"="int" %which, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = load i32, ptr addrspace(2) %which
  %is-a = icmp ne i32 %w, 0
  %p = select i1 %is-a, ptr addrspace(1) %a, ptr addrspace(1) %b
  %pv = getelementptr <4 x float>, ptr addrspace(1) %p, i32 %i
  store <4 x float> <float 1.0, float 2.0, float 3.0, float 4.0>, ptr addrspace(1) %pv
  ret void
}
