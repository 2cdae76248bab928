
define void @sum_i(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %r = call i32 @air.simd_sum.s.i32(i32 %v)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}

define void @sum_f(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call float @air.simd_sum.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}

define void @sum_h(ptr addrspace(1) "tmjit.type"="half" %x, ptr addrspace(1) "tmjit.type"="half" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr half, ptr addrspace(1) %x, i32 %i
  %v = load half, ptr addrspace(1) %px
  %r = call half @air.simd_sum.f16(half %v)
  %py = getelementptr half, ptr addrspace(1) %y, i32 %i
  store half %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
declare i32 @air.simd_sum.s.i32(i32)
declare float @air.simd_sum.f32(float)
declare half @air.simd_sum.f16(half)
