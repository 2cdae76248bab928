; SPDX-License-Identifier: MIT
; Acceleration of each body by all bodies (x, y, z, mass). One thread a body; threadgroups of
; 256 threads read the bodies in tiles of 256 through threadgroup memory.
source_filename = "nbody.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

@tile = internal unnamed_addr addrspace(3) global [256 x <4 x float>] undef, align 16

define void @nbody(ptr addrspace(1) nocapture readonly "tmjit.type"="float4" %body,
                   ptr addrspace(1) nocapture "tmjit.type"="float4" %accel,
                   ptr addrspace(2) nocapture readonly "tmjit.type"="uint" %count,
                   i32 "tmjit.builtin"="thread_position_in_grid" %i,
                   i32 "tmjit.builtin"="thread_index_in_threadgroup" %thread) "tmjit.kernel" {
entry:
  %i.wide = zext i32 %i to i64
  %count.v = load i32, ptr addrspace(2) %count, align 4
  %cmp = icmp eq i32 %count.v, 0
  br i1 %cmp, label %done, label %start

start:
  %body.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %body, i64 %i.wide
  %body.v = load <4 x float>, ptr addrspace(1) %body.at, align 16
  %thread.wide = zext i32 %thread to i64
  %tile.at = getelementptr inbounds <4 x float>, ptr addrspace(3) @tile, i64 %thread.wide
  %body.v.x = extractelement <4 x float> %body.v, i64 0
  %body.v.y = extractelement <4 x float> %body.v, i64 1
  %body.v.z = extractelement <4 x float> %body.v, i64 2
  br label %loop

done:
  %az = phi float [ 0.000000e+00, %entry ], [ %fadd6, %done2 ]
  %ay = phi float [ 0.000000e+00, %entry ], [ %fadd5, %done2 ]
  %ax = phi float [ 0.000000e+00, %entry ], [ %fadd4, %done2 ]
  %ins = insertelement <4 x float> <float poison, float poison, float poison, float 0.000000e+00>, float %ax, i64 0
  %ins2 = insertelement <4 x float> %ins, float %ay, i64 1
  %ins3 = insertelement <4 x float> %ins2, float %az, i64 2
  %accel.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %accel, i64 %i.wide
  store <4 x float> %ins3, ptr addrspace(1) %accel.at, align 16
  ret void

loop:
  %ax2 = phi float [ 0.000000e+00, %start ], [ %fadd4, %done2 ]
  %ay2 = phi float [ 0.000000e+00, %start ], [ %fadd5, %done2 ]
  %az2 = phi float [ 0.000000e+00, %start ], [ %fadd6, %done2 ]
  %base = phi i32 [ 0, %start ], [ %add2, %done2 ]
  %add = add i32 %base, %thread
  %add.wide = zext i32 %add to i64
  %body.at2 = getelementptr inbounds <4 x float>, ptr addrspace(1) %body, i64 %add.wide
  %body.v2 = load <4 x float>, ptr addrspace(1) %body.at2, align 16
  store <4 x float> %body.v2, ptr addrspace(3) %tile.at, align 16
  tail call void @air.wg.barrier(i32 2, i32 1)
  br label %loop2

done2:
  tail call void @air.wg.barrier(i32 2, i32 1)
  %add2 = add i32 %base, 256
  %cmp2 = icmp ult i32 %add2, %count.v
  br i1 %cmp2, label %loop, label %done

loop2:
  %ax3 = phi float [ %ax2, %loop ], [ %fadd4, %loop2 ]
  %ay3 = phi float [ %ay2, %loop ], [ %fadd5, %loop2 ]
  %az3 = phi float [ %az2, %loop ], [ %fadd6, %loop2 ]
  %k = phi i32 [ 0, %loop ], [ %add3, %loop2 ]
  %k.wide = zext i32 %k to i64
  %tile.at2 = getelementptr inbounds <4 x float>, ptr addrspace(3) @tile, i64 %k.wide
  %tile.v = load <4 x float>, ptr addrspace(3) %tile.at2, align 16
  %tile.v.x = extractelement <4 x float> %tile.v, i64 0
  %fsub = fsub fast float %tile.v.x, %body.v.x
  %tile.v.y = extractelement <4 x float> %tile.v, i64 1
  %fsub2 = fsub fast float %tile.v.y, %body.v.y
  %tile.v.z = extractelement <4 x float> %tile.v, i64 2
  %fsub3 = fsub fast float %tile.v.z, %body.v.z
  %fmul = fmul fast float %fsub, %fsub
  %fmul2 = fmul fast float %fsub2, %fsub2
  %fmul3 = fmul fast float %fsub3, %fsub3
  %fadd = fadd fast float %fmul2, 0x3F1A36E2E0000000
  %fadd2 = fadd fast float %fadd, %fmul
  %fadd3 = fadd fast float %fadd2, %fmul3
  %rsqrt = tail call fast float @air.fast_rsqrt.f32(float %fadd3)
  %tile.v.w = extractelement <4 x float> %tile.v, i64 3
  %fmul4 = fmul fast float %rsqrt, %rsqrt
  %fmul5 = fmul fast float %fmul4, %tile.v.w
  %fmul6 = fmul fast float %fmul5, %rsqrt
  %fmul7 = fmul fast float %fmul6, %fsub
  %fadd4 = fadd fast float %fmul7, %ax3
  %fmul8 = fmul fast float %fmul6, %fsub2
  %fadd5 = fadd fast float %fmul8, %ay3
  %fmul9 = fmul fast float %fmul6, %fsub3
  %fadd6 = fadd fast float %fmul9, %az3
  %add3 = add nuw nsw i32 %k, 1
  %cmp3 = icmp ult i32 %k, 255
  br i1 %cmp3, label %loop2, label %done2
}

declare void @air.wg.barrier(i32, i32) #0
declare float @air.fast_rsqrt.f32(float) #1

attributes #0 = { convergent nounwind willreturn }
attributes #1 = { nounwind readnone willreturn }
