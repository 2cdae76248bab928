; Pointers that change their type: one that walks in bytes over a buffer of uint, one that
; stops where the next member of a struct begins, one over bools, one chosen from two types, one that
; is null at first.
;
; PY: words = [i * 2654435761 % 2**32 for i in range(64)]
; PY: bytes_ = [w >> s & 255 for w in words for s in (0, 8, 16, 24)]
; RUN: %npy %twords.npy u32 'words'
; RUN: %npy %tt.npy u32 '[sum(bytes_[3 * i + k] for k in (0, 3, 6, 9)) for i in range(20)]'
; RUN: %run %s --entry walk --grid 20 --buf x=%twords.npy --buf n=i32[1]:4 --buf y=u32[20]:zeros --expect y=%tt.npy
; RUN: %npy %tf.npy f32 '[4 * i + 7 for i in range(20)]'
; RUN: %run %s --entry stop --grid 20 --buf y=f32[20]:zeros --expect y=%tf.npy
; RUN: %npy %tb.npy bool '[i %% 3 == 0 for i in range(40)]'
; RUN: %npy %tc.npy i32 '[sum((i + k) %% 3 == 0 for k in range(5)) for i in range(30)]'
; RUN: %run %s --entry count --grid 30 --buf x=%tb.npy --buf y=i32[30]:zeros --expect y=%tc.npy
; RUN: %npy %ts.npy i32 '[words[i] if i %% 2 and words[i] < 2**31 else words[i] - 2**32 if i %% 2 else 100 for i in range(40)]'
; RUN: %run %s --entry chosen --grid 40 --buf x=%twords.npy --buf z=i32[40]:100 --buf y=i32[40]:zeros --expect y=%ts.npy
; RUN: %npy %tn.npy i32 '[i - 1 if i else -1 for i in range(40)]'
; RUN: %run %s --entry previous --grid 40 --buf x=i32[40]:iota --buf y=i32[40]:zeros --expect y=%tn.npy

%inner = type { [2 x <2 x float>] }
%outer = type { i32, %inner, %inner, i16 }

define void @walk(ptr addrspace(1) "tmjit.type"="uint" %x, ptr addrspace(2) "tmjit.type"="int" %n, ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %count = load i32, ptr addrspace(2) %n
  %i3 = mul i32 %i, 3
  %start = getelementptr i8, ptr addrspace(1) %x, i32 %i3
  br label %loop
loop:
  %p = phi ptr addrspace(1) [ %start, %entry ], [ %next, %loop ]
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %s = phi i32 [ 0, %entry ], [ %s1, %loop ]
  %v = load i8, ptr addrspace(1) %p
  %w = zext i8 %v to i32
  %s1 = add i32 %s, %w
  %next = getelementptr i8, ptr addrspace(1) %p, i32 3
  %k1 = add i32 %k, 1
  %c = icmp ult i32 %k1, %count
  br i1 %c, label %loop, label %done
done:
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s1, ptr addrspace(1) %py
  ret void
}

define void @stop(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %o = alloca %outer, align 8
  %f = uitofp i32 %i to float
  %v0 = insertelement <2 x float> zeroinitializer, float %f, i32 0
  %v = insertelement <2 x float> %v0, float 1.0, i32 1
  %first = getelementptr %outer, ptr %o, i32 0, i32 1, i32 0, i32 0
  %end = getelementptr %outer, ptr %o, i32 0, i32 3
  store i16 3, ptr %end
  br label %loop
loop:
  %p = phi ptr [ %first, %entry ], [ %next, %loop ]
  store <2 x float> %v, ptr %p
  %next = getelementptr i8, ptr %p, i32 8
  %c = icmp eq ptr %next, %end
  br i1 %c, label %add, label %loop
add:
  %q = phi ptr [ %first, %loop ], [ %qn, %add ]
  %s = phi float [ 0.0, %loop ], [ %s2, %add ]
  %a = load <2 x float>, ptr %q
  %a0 = extractelement <2 x float> %a, i32 0
  %a1 = extractelement <2 x float> %a, i32 1
  %s1 = fadd float %s, %a0
  %s2 = fadd float %s1, %a1
  %qn = getelementptr i8, ptr %q, i32 8
  %d = icmp eq ptr %qn, %end
  br i1 %d, label %done, label %add
done:
  %h = load i16, ptr %end
  %hf = uitofp i16 %h to float
  %r = fadd float %s2, %hf
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}

define void @count(ptr addrspace(1) "tmjit.type"="bool" "tmjit.access"="read" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %start = getelementptr i8, ptr addrspace(1) %x, i32 %i
  %end = getelementptr i8, ptr addrspace(1) %start, i32 5
  br label %loop
loop:
  %p = phi ptr addrspace(1) [ %start, %entry ], [ %next, %loop ]
  %s = phi i32 [ 0, %entry ], [ %s1, %loop ]
  %v = load i8, ptr addrspace(1) %p
  %w = zext i8 %v to i32
  %s1 = add i32 %s, %w
  %next = getelementptr i8, ptr addrspace(1) %p, i32 1
  %c = icmp eq ptr addrspace(1) %next, %end
  br i1 %c, label %done, label %loop
done:
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s1, ptr addrspace(1) %py
  ret void
}

define void @chosen(ptr addrspace(1) "tmjit.type"="uint" "tmjit.access"="read" %x, ptr addrspace(1) "tmjit.type"="int" %z, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %odd = and i32 %i, 1
  %c = icmp ne i32 %odd, 0
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %pz = getelementptr i32, ptr addrspace(1) %z, i32 %i
  %p = select i1 %c, ptr addrspace(1) %px, ptr addrspace(1) %pz
  %v = load i32, ptr addrspace(1) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

define void @previous(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %some = icmp ne i32 %i, 0
  br i1 %some, label %yes, label %ask
yes:
  %j = sub i32 %i, 1
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %j
  br label %ask
ask:
  %p = phi ptr addrspace(1) [ null, %entry ], [ %px, %yes ]
  %n = icmp eq ptr addrspace(1) %p, null
  br i1 %n, label %store, label %read
read:
  %v = load i32, ptr addrspace(1) %p
  br label %store
store:
  %r = phi i32 [ -1, %ask ], [ %v, %read ]
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
