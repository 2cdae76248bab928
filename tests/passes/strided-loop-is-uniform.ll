; Lanes that step over an array by the threadgroup's size, from a base that is a multiple of their
; number, go round equally often when the length is one too: no masks. Another length has masks.
;
; RUN: %tmjit emit %s --entry whole --as host --lanes 16 --threadgroup 64 --check none | FileCheck %s --check-prefix WHOLE --implicit-check-not masked
; RUN: %tmjit emit %s --entry part --as host --lanes 16 --threadgroup 64 --check none | FileCheck %s --check-prefix PART
; WHOLE: load <16 x i32>
; PART: call <16 x i32> @llvm.masked.load

define void @whole(ptr addrspace(1) "tmjit.type"="uint" %x, ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_threadgroup" %t) "tmjit.kernel" {
entry:
  br label %head
head:
  %i = phi i32 [ %t, %entry ], [ %i1, %body ]
  %in = icmp ult i32 %i, 4096
  br i1 %in, label %body, label %done
body:
  %from = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %to = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %v = load i32, ptr addrspace(1) %from
  store i32 %v, ptr addrspace(1) %to
  %i1 = add i32 %i, 64
  br label %head
done:
  ret void
}

define void @part(ptr addrspace(1) "tmjit.type"="uint" %x, ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_threadgroup" %t) "tmjit.kernel" {
entry:
  br label %head
head:
  %i = phi i32 [ %t, %entry ], [ %i1, %body ]
  %in = icmp ult i32 %i, 4090
  br i1 %in, label %body, label %done
body:
  %from = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %to = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %v = load i32, ptr addrspace(1) %from
  store i32 %v, ptr addrspace(1) %to
  %i1 = add i32 %i, 64
  br label %head
done:
  ret void
}
