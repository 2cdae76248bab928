
@tile = internal addrspace(3) global [40 x i32] undef, align 4

define internal i32 @get(ptr %base, i32 %i) {
  %p = getelementptr i32, ptr %base, i32 %i
  %v = load i32, ptr %p
  ret i32 %v
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %a = alloca [2 x i32], align 4
  %i2 = mul i32 %i, 2
  %a1 = getelementptr [2 x i32], ptr %a, i32 0, i32 1
  store i32 %i2, ptr %a1
  %pt = getelementptr [40 x i32], ptr addrspace(3) @tile, i32 0, i32 %i
  store i32 %i, ptr addrspace(3) %pt
  call void @air.wg.barrier(i32 2, i32 1)
  %gx = addrspacecast ptr addrspace(1) %x to ptr
  %u = call i32 @get(ptr %gx, i32 %i)
  %gt = addrspacecast ptr addrspace(3) @tile to ptr
  %j = xor i32 %i, 1
  %v = call i32 @get(ptr %gt, i32 %j)
  %w = call i32 @get(ptr %a, i32 1)
  %v100 = mul i32 %v, 100
  %w10000 = mul i32 %w, 10000
  %uv = add i32 %u, %v100
  %r = add i32 %uv, %w10000
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
