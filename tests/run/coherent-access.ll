; Loads and stores of coherent device memory, scalars and vectors; the stores of one thread are in
; memory although nothing reads them in this kernel.
;
; RUN: %run %s --grid 5 --threadgroup 4 --buf x=f32[20]:iota --buf y=f32[20]:zeros --buf n=u16[5]:7 --print y:all --print n | FileCheck %s
; CHECK: y = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
; CHECK: n = 8 8 8 8 8

declare <4 x float> @air.load.device_coherent.v4f32.p1v4f32(ptr addrspace(1))
declare void @air.store.system_coherent.v4f32.p1v4f32(<4 x float>, ptr addrspace(1))
declare i16 @air.load.system_coherent.i16.p1i16(ptr addrspace(1))
declare void @air.store.device_coherent.i16.p1i16(i16, ptr addrspace(1))

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(1) "tmjit.type"="ushort" %n, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %p = getelementptr inbounds <4 x float>, ptr addrspace(1) %x, i64 %w
  %q = getelementptr inbounds <4 x float>, ptr addrspace(1) %y, i64 %w
  %r = getelementptr inbounds i16, ptr addrspace(1) %n, i64 %w
  %v = call <4 x float> @air.load.device_coherent.v4f32.p1v4f32(ptr addrspace(1) %p)
  %s = fadd <4 x float> %v, splat (float 1.0)
  call void @air.store.system_coherent.v4f32.p1v4f32(<4 x float> %s, ptr addrspace(1) %q)
  %a = call i16 @air.load.system_coherent.i16.p1i16(ptr addrspace(1) %r)
  %b = add i16 %a, 1
  call void @air.store.device_coherent.i16.p1i16(i16 %b, ptr addrspace(1) %r)
  ret void
}
