; What compilers leave around conditions.
define void @conditions(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %a = icmp sgt i32 %v, 3
  br i1 %a, label %yes, label %no
yes:
  %b = icmp slt i32 %v, 9
  %bb = zext i1 %b to i8
  br label %join
no:
  br label %join
join:
  %byte = phi i8 [ %bb, %yes ], [ 1, %no ]
  %is_inside = trunc i8 %byte to i1
  %code = select i1 %is_inside, i32 2, i32 0
  %left = icmp ne i32 %code, 0
  %w = select i1 %left, i32 5, i32 6
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %w, ptr addrspace(1) %py
  ret void
}

define void @whole(ptr addrspace(1) "tmjit.type"="float4" %x, ptr addrspace(1) "tmjit.type"="float4" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr <4 x float>, ptr addrspace(1) %x, i32 %i
  %v = load <4 x float>, ptr addrspace(1) %px
  %e0 = extractelement <4 x float> %v, i32 0
  %e1 = extractelement <4 x float> %v, i32 1
  %e2 = extractelement <4 x float> %v, i32 2
  %e3 = extractelement <4 x float> %v, i32 3
  %v0 = insertelement <4 x float> zeroinitializer, float %e0, i32 0
  %v1 = insertelement <4 x float> %v0, float %e1, i32 1
  %v2 = insertelement <4 x float> %v1, float %e2, i32 2
  %v3 = insertelement <4 x float> %v2, float %e3, i32 3
  %py = getelementptr <4 x float>, ptr addrspace(1) %y, i32 %i
  store <4 x float> %v3, ptr addrspace(1) %py
  ret void
}

define void @halves(ptr addrspace(1) "tmjit.type"="half" %x, ptr addrspace(1) "tmjit.type"="bfloat" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr half, ptr addrspace(1) %x, i32 %i
  %v = load half, ptr addrspace(1) %px
  %w = call bfloat @air.convert.f.bf16.f.f16(half %v)
  %py = getelementptr bfloat, ptr addrspace(1) %y, i32 %i
  store bfloat %w, ptr addrspace(1) %py
  ret void
}
declare bfloat @air.convert.f.bf16.f.f16(half)
