; SPDX-License-Identifier: MIT
; Steps until z = z * z + c leaves the circle of radius 2, at most view.limit. One thread a
; pixel.
source_filename = "mandelbrot.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

%struct.view = type { float, float, float, i32 }

define void @mandelbrot(ptr addrspace(1) nocapture "air-buffer-no-alias" %steps,
                        ptr addrspace(2) nocapture readonly %v,
                        <2 x i32> %at,
                        <2 x i32> %grid) {
entry:
  %at.x = extractelement <2 x i32> %at, i64 0
  %v.at = getelementptr inbounds %struct.view, ptr addrspace(2) %v, i64 0, i32 2
  %v.v = load float, ptr addrspace(2) %v.at, align 4
  %v.at2 = getelementptr inbounds %struct.view, ptr addrspace(2) %v, i64 0, i32 1
  %v.v2 = load float, ptr addrspace(2) %v.at2, align 4
  %at.y = extractelement <2 x i32> %at, i64 1
  %convert = tail call fast float @air.convert.f.f32.u.i32(i32 %at.y)
  %fmul = fmul fast float %convert, %v.v
  %fadd = fadd fast float %fmul, %v.v2
  %v.at3 = getelementptr inbounds %struct.view, ptr addrspace(2) %v, i64 0, i32 3
  %v.v3 = load i32, ptr addrspace(2) %v.at3, align 4
  %cmp = icmp eq i32 %v.v3, 0
  br i1 %cmp, label %done, label %start

start:
  %convert2 = tail call fast float @air.convert.f.f32.u.i32(i32 %at.x)
  %fmul2 = fmul fast float %v.v, %convert2
  %v.v4 = load float, ptr addrspace(2) %v, align 4
  %fadd2 = fadd fast float %fmul2, %v.v4
  br label %loop

loop:
  %x = phi float [ 0.000000e+00, %start ], [ %fadd5, %step ]
  %y = phi float [ 0.000000e+00, %start ], [ %fadd4, %step ]
  %n = phi i32 [ 0, %start ], [ %add, %step ]
  %fmul3 = fmul fast float %x, %x
  %fmul4 = fmul fast float %y, %y
  %fadd3 = fadd fast float %fmul3, %fmul4
  %cmp2 = fcmp fast ogt float %fadd3, 4.000000e+00
  br i1 %cmp2, label %done, label %step

step:
  %fmul5 = fmul fast float %y, 2.000000e+00
  %fmul6 = fmul fast float %fmul5, %x
  %fadd4 = fadd fast float %fadd, %fmul6
  %fsub = fsub fast float %fadd2, %fmul4
  %fadd5 = fadd fast float %fsub, %fmul3
  %add = add nuw i32 %n, 1
  %cmp3 = icmp ult i32 %add, %v.v3
  br i1 %cmp3, label %loop, label %done

done:
  %n2 = phi i32 [ 0, %entry ], [ %n, %loop ], [ %v.v3, %step ]
  %grid.x = extractelement <2 x i32> %grid, i64 0
  %mul = mul i32 %grid.x, %at.y
  %add2 = add i32 %mul, %at.x
  %add2.wide = zext i32 %add2 to i64
  %steps.at = getelementptr inbounds i32, ptr addrspace(1) %steps, i64 %add2.wide
  store i32 %n2, ptr addrspace(1) %steps.at, align 4
  ret void
}

declare float @air.convert.f.f32.u.i32(i32) #0

attributes #0 = { nounwind readnone willreturn }

!air.kernel = !{!7}
!air.version = !{!8}
!air.language_version = !{!9}
!air.compile_options = !{!10, !11}

!0 = !{}
!1 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"uint", !"air.arg_name", !"steps"}
!2 = !{i32 0, i32 4, i32 0, !"float", !"left", i32 4, i32 4, i32 0, !"float", !"top", i32 8, i32 4, i32 0, !"float", !"step", i32 12, i32 4, i32 0, !"uint", !"limit"}
!3 = !{i32 1, !"air.buffer", !"air.buffer_size", i32 16, !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 2,
         !"air.struct_type_info", !2,
         !"air.arg_type_size", i32 16, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"view", !"air.arg_name", !"v"}
!4 = !{i32 2, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint2", !"air.arg_name", !"at"}
!5 = !{i32 3, !"air.threads_per_grid", !"air.arg_type_name", !"uint2", !"air.arg_name", !"grid"}
!6 = !{!1, !3, !4, !5}
!7 = !{ptr @mandelbrot, !0, !6}
!8 = !{i32 2, i32 6, i32 0}
!9 = !{!"Metal", i32 3, i32 1, i32 0}
!10 = !{!"air.compile.denorms_disable"}
!11 = !{!"air.compile.fast_math_enable"}
