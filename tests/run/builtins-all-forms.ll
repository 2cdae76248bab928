; Every built-in input as a scalar and as vectors of two and three, of uint and of ushort, in
; threadgroups that are smaller at the far edges. The rules are those of the Metal specification:
; threads_per_threadgroup and what counts in a threadgroup follow its actual size, dispatch_*
; the size that was asked for.
;
; Threads of a 13 x 7 x 3 grid in groups of 6 x 5 x 2, 60 threads: one SIMD-group and a ragged one.
; PY: G, T = (13, 7, 3), (6, 5, 2)
; PY: def up(a, b): return (a + b - 1) // b
; PY: def values(p):
; PY:     group = [a // b for a, b in zip(p, T)]
; PY:     size = [min(t, g - w * t) for t, g, w in zip(T, G, group)]
; PY:     local = [a % b for a, b in zip(p, T)]
; PY:     linear = local[0] + size[0] * (local[1] + size[1] * local[2])
; PY:     count, whole = size[0] * size[1] * size[2], 60
; PY:     one = [linear, linear % 32, linear % 4, linear // 32, linear // 4, up(count, 32), up(count, 4), up(whole, 32), up(whole, 4), 32, 32]
; PY:     many = [p, local, group, [up(a, b) for a, b in zip(G, T)], G, size, T, (0, 0, 0), G]
; PY:     return [v for s in one for v in (s, s)] + [v for m in many for kind in (0, 1) for c in (1, 2, 3) for v in m[:c]]
; PY: rows = [v for z in range(3) for y in range(7) for x in range(13) for v in values((x, y, z))]
; RUN: %npy %t.npy i32 'rows'
; RUN: %run %s --grid 13,7,3 --threadgroup 6,5,2 --buf out=i32[35490]:zeros --expect out=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %out,
    i32 "tmjit.builtin"="thread_index_in_threadgroup" %b0,
    i16 "tmjit.builtin"="thread_index_in_threadgroup" %b1,
    i32 "tmjit.builtin"="thread_index_in_simdgroup" %b2,
    i16 "tmjit.builtin"="thread_index_in_simdgroup" %b3,
    i32 "tmjit.builtin"="thread_index_in_quadgroup" %b4,
    i16 "tmjit.builtin"="thread_index_in_quadgroup" %b5,
    i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %b6,
    i16 "tmjit.builtin"="simdgroup_index_in_threadgroup" %b7,
    i32 "tmjit.builtin"="quadgroup_index_in_threadgroup" %b8,
    i16 "tmjit.builtin"="quadgroup_index_in_threadgroup" %b9,
    i32 "tmjit.builtin"="simdgroups_per_threadgroup" %b10,
    i16 "tmjit.builtin"="simdgroups_per_threadgroup" %b11,
    i32 "tmjit.builtin"="quadgroups_per_threadgroup" %b12,
    i16 "tmjit.builtin"="quadgroups_per_threadgroup" %b13,
    i32 "tmjit.builtin"="dispatch_simdgroups_per_threadgroup" %b14,
    i16 "tmjit.builtin"="dispatch_simdgroups_per_threadgroup" %b15,
    i32 "tmjit.builtin"="dispatch_quadgroups_per_threadgroup" %b16,
    i16 "tmjit.builtin"="dispatch_quadgroups_per_threadgroup" %b17,
    i32 "tmjit.builtin"="threads_per_simdgroup" %b18,
    i16 "tmjit.builtin"="threads_per_simdgroup" %b19,
    i32 "tmjit.builtin"="thread_execution_width" %b20,
    i16 "tmjit.builtin"="thread_execution_width" %b21,
    i32 "tmjit.builtin"="thread_position_in_grid" %b22,
    <2 x i32> "tmjit.builtin"="thread_position_in_grid" %b23,
    <3 x i32> "tmjit.builtin"="thread_position_in_grid" %b24,
    i16 "tmjit.builtin"="thread_position_in_grid" %b25,
    <2 x i16> "tmjit.builtin"="thread_position_in_grid" %b26,
    <3 x i16> "tmjit.builtin"="thread_position_in_grid" %b27,
    i32 "tmjit.builtin"="thread_position_in_threadgroup" %b28,
    <2 x i32> "tmjit.builtin"="thread_position_in_threadgroup" %b29,
    <3 x i32> "tmjit.builtin"="thread_position_in_threadgroup" %b30,
    i16 "tmjit.builtin"="thread_position_in_threadgroup" %b31,
    <2 x i16> "tmjit.builtin"="thread_position_in_threadgroup" %b32,
    <3 x i16> "tmjit.builtin"="thread_position_in_threadgroup" %b33,
    i32 "tmjit.builtin"="threadgroup_position_in_grid" %b34,
    <2 x i32> "tmjit.builtin"="threadgroup_position_in_grid" %b35,
    <3 x i32> "tmjit.builtin"="threadgroup_position_in_grid" %b36,
    i16 "tmjit.builtin"="threadgroup_position_in_grid" %b37,
    <2 x i16> "tmjit.builtin"="threadgroup_position_in_grid" %b38,
    <3 x i16> "tmjit.builtin"="threadgroup_position_in_grid" %b39,
    i32 "tmjit.builtin"="threadgroups_per_grid" %b40,
    <2 x i32> "tmjit.builtin"="threadgroups_per_grid" %b41,
    <3 x i32> "tmjit.builtin"="threadgroups_per_grid" %b42,
    i16 "tmjit.builtin"="threadgroups_per_grid" %b43,
    <2 x i16> "tmjit.builtin"="threadgroups_per_grid" %b44,
    <3 x i16> "tmjit.builtin"="threadgroups_per_grid" %b45,
    i32 "tmjit.builtin"="threads_per_grid" %b46,
    <2 x i32> "tmjit.builtin"="threads_per_grid" %b47,
    <3 x i32> "tmjit.builtin"="threads_per_grid" %b48,
    i16 "tmjit.builtin"="threads_per_grid" %b49,
    <2 x i16> "tmjit.builtin"="threads_per_grid" %b50,
    <3 x i16> "tmjit.builtin"="threads_per_grid" %b51,
    i32 "tmjit.builtin"="threads_per_threadgroup" %b52,
    <2 x i32> "tmjit.builtin"="threads_per_threadgroup" %b53,
    <3 x i32> "tmjit.builtin"="threads_per_threadgroup" %b54,
    i16 "tmjit.builtin"="threads_per_threadgroup" %b55,
    <2 x i16> "tmjit.builtin"="threads_per_threadgroup" %b56,
    <3 x i16> "tmjit.builtin"="threads_per_threadgroup" %b57,
    i32 "tmjit.builtin"="dispatch_threads_per_threadgroup" %b58,
    <2 x i32> "tmjit.builtin"="dispatch_threads_per_threadgroup" %b59,
    <3 x i32> "tmjit.builtin"="dispatch_threads_per_threadgroup" %b60,
    i16 "tmjit.builtin"="dispatch_threads_per_threadgroup" %b61,
    <2 x i16> "tmjit.builtin"="dispatch_threads_per_threadgroup" %b62,
    <3 x i16> "tmjit.builtin"="dispatch_threads_per_threadgroup" %b63,
    i32 "tmjit.builtin"="grid_origin" %b64,
    <2 x i32> "tmjit.builtin"="grid_origin" %b65,
    <3 x i32> "tmjit.builtin"="grid_origin" %b66,
    i16 "tmjit.builtin"="grid_origin" %b67,
    <2 x i16> "tmjit.builtin"="grid_origin" %b68,
    <3 x i16> "tmjit.builtin"="grid_origin" %b69,
    i32 "tmjit.builtin"="grid_size" %b70,
    <2 x i32> "tmjit.builtin"="grid_size" %b71,
    <3 x i32> "tmjit.builtin"="grid_size" %b72,
    i16 "tmjit.builtin"="grid_size" %b73,
    <2 x i16> "tmjit.builtin"="grid_size" %b74,
    <3 x i16> "tmjit.builtin"="grid_size" %b75) "tmjit.kernel" {
  %x = extractelement <3 x i32> %b24, i32 0
  %y = extractelement <3 x i32> %b24, i32 1
  %z = extractelement <3 x i32> %b24, i32 2
  %z7 = mul i32 %z, 7
  %zy = add i32 %z7, %y
  %zy13 = mul i32 %zy, 13
  %linear = add i32 %zy13, %x
  %at = mul i32 %linear, 130
  %at.w = zext i32 %at to i64
  %row = getelementptr inbounds i32, ptr addrspace(1) %out, i64 %at.w
  %p0 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 0
  store i32 %b0, ptr addrspace(1) %p0, align 4
  %w1 = zext i16 %b1 to i32
  %p1 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 1
  store i32 %w1, ptr addrspace(1) %p1, align 4
  %p2 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 2
  store i32 %b2, ptr addrspace(1) %p2, align 4
  %w3 = zext i16 %b3 to i32
  %p3 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 3
  store i32 %w3, ptr addrspace(1) %p3, align 4
  %p4 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 4
  store i32 %b4, ptr addrspace(1) %p4, align 4
  %w5 = zext i16 %b5 to i32
  %p5 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 5
  store i32 %w5, ptr addrspace(1) %p5, align 4
  %p6 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 6
  store i32 %b6, ptr addrspace(1) %p6, align 4
  %w7 = zext i16 %b7 to i32
  %p7 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 7
  store i32 %w7, ptr addrspace(1) %p7, align 4
  %p8 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 8
  store i32 %b8, ptr addrspace(1) %p8, align 4
  %w9 = zext i16 %b9 to i32
  %p9 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 9
  store i32 %w9, ptr addrspace(1) %p9, align 4
  %p10 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 10
  store i32 %b10, ptr addrspace(1) %p10, align 4
  %w11 = zext i16 %b11 to i32
  %p11 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 11
  store i32 %w11, ptr addrspace(1) %p11, align 4
  %p12 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 12
  store i32 %b12, ptr addrspace(1) %p12, align 4
  %w13 = zext i16 %b13 to i32
  %p13 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 13
  store i32 %w13, ptr addrspace(1) %p13, align 4
  %p14 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 14
  store i32 %b14, ptr addrspace(1) %p14, align 4
  %w15 = zext i16 %b15 to i32
  %p15 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 15
  store i32 %w15, ptr addrspace(1) %p15, align 4
  %p16 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 16
  store i32 %b16, ptr addrspace(1) %p16, align 4
  %w17 = zext i16 %b17 to i32
  %p17 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 17
  store i32 %w17, ptr addrspace(1) %p17, align 4
  %p18 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 18
  store i32 %b18, ptr addrspace(1) %p18, align 4
  %w19 = zext i16 %b19 to i32
  %p19 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 19
  store i32 %w19, ptr addrspace(1) %p19, align 4
  %p20 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 20
  store i32 %b20, ptr addrspace(1) %p20, align 4
  %w21 = zext i16 %b21 to i32
  %p21 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 21
  store i32 %w21, ptr addrspace(1) %p21, align 4
  %p22 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 22
  store i32 %b22, ptr addrspace(1) %p22, align 4
  %b23.0 = extractelement <2 x i32> %b23, i32 0
  %p23 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 23
  store i32 %b23.0, ptr addrspace(1) %p23, align 4
  %b23.1 = extractelement <2 x i32> %b23, i32 1
  %p24 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 24
  store i32 %b23.1, ptr addrspace(1) %p24, align 4
  %b24.0 = extractelement <3 x i32> %b24, i32 0
  %p25 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 25
  store i32 %b24.0, ptr addrspace(1) %p25, align 4
  %b24.1 = extractelement <3 x i32> %b24, i32 1
  %p26 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 26
  store i32 %b24.1, ptr addrspace(1) %p26, align 4
  %b24.2 = extractelement <3 x i32> %b24, i32 2
  %p27 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 27
  store i32 %b24.2, ptr addrspace(1) %p27, align 4
  %w28 = zext i16 %b25 to i32
  %p28 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 28
  store i32 %w28, ptr addrspace(1) %p28, align 4
  %b26.0 = extractelement <2 x i16> %b26, i32 0
  %w29 = zext i16 %b26.0 to i32
  %p29 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 29
  store i32 %w29, ptr addrspace(1) %p29, align 4
  %b26.1 = extractelement <2 x i16> %b26, i32 1
  %w30 = zext i16 %b26.1 to i32
  %p30 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 30
  store i32 %w30, ptr addrspace(1) %p30, align 4
  %b27.0 = extractelement <3 x i16> %b27, i32 0
  %w31 = zext i16 %b27.0 to i32
  %p31 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 31
  store i32 %w31, ptr addrspace(1) %p31, align 4
  %b27.1 = extractelement <3 x i16> %b27, i32 1
  %w32 = zext i16 %b27.1 to i32
  %p32 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 32
  store i32 %w32, ptr addrspace(1) %p32, align 4
  %b27.2 = extractelement <3 x i16> %b27, i32 2
  %w33 = zext i16 %b27.2 to i32
  %p33 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 33
  store i32 %w33, ptr addrspace(1) %p33, align 4
  %p34 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 34
  store i32 %b28, ptr addrspace(1) %p34, align 4
  %b29.0 = extractelement <2 x i32> %b29, i32 0
  %p35 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 35
  store i32 %b29.0, ptr addrspace(1) %p35, align 4
  %b29.1 = extractelement <2 x i32> %b29, i32 1
  %p36 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 36
  store i32 %b29.1, ptr addrspace(1) %p36, align 4
  %b30.0 = extractelement <3 x i32> %b30, i32 0
  %p37 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 37
  store i32 %b30.0, ptr addrspace(1) %p37, align 4
  %b30.1 = extractelement <3 x i32> %b30, i32 1
  %p38 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 38
  store i32 %b30.1, ptr addrspace(1) %p38, align 4
  %b30.2 = extractelement <3 x i32> %b30, i32 2
  %p39 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 39
  store i32 %b30.2, ptr addrspace(1) %p39, align 4
  %w40 = zext i16 %b31 to i32
  %p40 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 40
  store i32 %w40, ptr addrspace(1) %p40, align 4
  %b32.0 = extractelement <2 x i16> %b32, i32 0
  %w41 = zext i16 %b32.0 to i32
  %p41 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 41
  store i32 %w41, ptr addrspace(1) %p41, align 4
  %b32.1 = extractelement <2 x i16> %b32, i32 1
  %w42 = zext i16 %b32.1 to i32
  %p42 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 42
  store i32 %w42, ptr addrspace(1) %p42, align 4
  %b33.0 = extractelement <3 x i16> %b33, i32 0
  %w43 = zext i16 %b33.0 to i32
  %p43 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 43
  store i32 %w43, ptr addrspace(1) %p43, align 4
  %b33.1 = extractelement <3 x i16> %b33, i32 1
  %w44 = zext i16 %b33.1 to i32
  %p44 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 44
  store i32 %w44, ptr addrspace(1) %p44, align 4
  %b33.2 = extractelement <3 x i16> %b33, i32 2
  %w45 = zext i16 %b33.2 to i32
  %p45 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 45
  store i32 %w45, ptr addrspace(1) %p45, align 4
  %p46 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 46
  store i32 %b34, ptr addrspace(1) %p46, align 4
  %b35.0 = extractelement <2 x i32> %b35, i32 0
  %p47 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 47
  store i32 %b35.0, ptr addrspace(1) %p47, align 4
  %b35.1 = extractelement <2 x i32> %b35, i32 1
  %p48 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 48
  store i32 %b35.1, ptr addrspace(1) %p48, align 4
  %b36.0 = extractelement <3 x i32> %b36, i32 0
  %p49 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 49
  store i32 %b36.0, ptr addrspace(1) %p49, align 4
  %b36.1 = extractelement <3 x i32> %b36, i32 1
  %p50 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 50
  store i32 %b36.1, ptr addrspace(1) %p50, align 4
  %b36.2 = extractelement <3 x i32> %b36, i32 2
  %p51 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 51
  store i32 %b36.2, ptr addrspace(1) %p51, align 4
  %w52 = zext i16 %b37 to i32
  %p52 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 52
  store i32 %w52, ptr addrspace(1) %p52, align 4
  %b38.0 = extractelement <2 x i16> %b38, i32 0
  %w53 = zext i16 %b38.0 to i32
  %p53 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 53
  store i32 %w53, ptr addrspace(1) %p53, align 4
  %b38.1 = extractelement <2 x i16> %b38, i32 1
  %w54 = zext i16 %b38.1 to i32
  %p54 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 54
  store i32 %w54, ptr addrspace(1) %p54, align 4
  %b39.0 = extractelement <3 x i16> %b39, i32 0
  %w55 = zext i16 %b39.0 to i32
  %p55 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 55
  store i32 %w55, ptr addrspace(1) %p55, align 4
  %b39.1 = extractelement <3 x i16> %b39, i32 1
  %w56 = zext i16 %b39.1 to i32
  %p56 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 56
  store i32 %w56, ptr addrspace(1) %p56, align 4
  %b39.2 = extractelement <3 x i16> %b39, i32 2
  %w57 = zext i16 %b39.2 to i32
  %p57 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 57
  store i32 %w57, ptr addrspace(1) %p57, align 4
  %p58 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 58
  store i32 %b40, ptr addrspace(1) %p58, align 4
  %b41.0 = extractelement <2 x i32> %b41, i32 0
  %p59 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 59
  store i32 %b41.0, ptr addrspace(1) %p59, align 4
  %b41.1 = extractelement <2 x i32> %b41, i32 1
  %p60 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 60
  store i32 %b41.1, ptr addrspace(1) %p60, align 4
  %b42.0 = extractelement <3 x i32> %b42, i32 0
  %p61 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 61
  store i32 %b42.0, ptr addrspace(1) %p61, align 4
  %b42.1 = extractelement <3 x i32> %b42, i32 1
  %p62 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 62
  store i32 %b42.1, ptr addrspace(1) %p62, align 4
  %b42.2 = extractelement <3 x i32> %b42, i32 2
  %p63 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 63
  store i32 %b42.2, ptr addrspace(1) %p63, align 4
  %w64 = zext i16 %b43 to i32
  %p64 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 64
  store i32 %w64, ptr addrspace(1) %p64, align 4
  %b44.0 = extractelement <2 x i16> %b44, i32 0
  %w65 = zext i16 %b44.0 to i32
  %p65 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 65
  store i32 %w65, ptr addrspace(1) %p65, align 4
  %b44.1 = extractelement <2 x i16> %b44, i32 1
  %w66 = zext i16 %b44.1 to i32
  %p66 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 66
  store i32 %w66, ptr addrspace(1) %p66, align 4
  %b45.0 = extractelement <3 x i16> %b45, i32 0
  %w67 = zext i16 %b45.0 to i32
  %p67 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 67
  store i32 %w67, ptr addrspace(1) %p67, align 4
  %b45.1 = extractelement <3 x i16> %b45, i32 1
  %w68 = zext i16 %b45.1 to i32
  %p68 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 68
  store i32 %w68, ptr addrspace(1) %p68, align 4
  %b45.2 = extractelement <3 x i16> %b45, i32 2
  %w69 = zext i16 %b45.2 to i32
  %p69 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 69
  store i32 %w69, ptr addrspace(1) %p69, align 4
  %p70 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 70
  store i32 %b46, ptr addrspace(1) %p70, align 4
  %b47.0 = extractelement <2 x i32> %b47, i32 0
  %p71 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 71
  store i32 %b47.0, ptr addrspace(1) %p71, align 4
  %b47.1 = extractelement <2 x i32> %b47, i32 1
  %p72 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 72
  store i32 %b47.1, ptr addrspace(1) %p72, align 4
  %b48.0 = extractelement <3 x i32> %b48, i32 0
  %p73 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 73
  store i32 %b48.0, ptr addrspace(1) %p73, align 4
  %b48.1 = extractelement <3 x i32> %b48, i32 1
  %p74 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 74
  store i32 %b48.1, ptr addrspace(1) %p74, align 4
  %b48.2 = extractelement <3 x i32> %b48, i32 2
  %p75 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 75
  store i32 %b48.2, ptr addrspace(1) %p75, align 4
  %w76 = zext i16 %b49 to i32
  %p76 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 76
  store i32 %w76, ptr addrspace(1) %p76, align 4
  %b50.0 = extractelement <2 x i16> %b50, i32 0
  %w77 = zext i16 %b50.0 to i32
  %p77 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 77
  store i32 %w77, ptr addrspace(1) %p77, align 4
  %b50.1 = extractelement <2 x i16> %b50, i32 1
  %w78 = zext i16 %b50.1 to i32
  %p78 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 78
  store i32 %w78, ptr addrspace(1) %p78, align 4
  %b51.0 = extractelement <3 x i16> %b51, i32 0
  %w79 = zext i16 %b51.0 to i32
  %p79 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 79
  store i32 %w79, ptr addrspace(1) %p79, align 4
  %b51.1 = extractelement <3 x i16> %b51, i32 1
  %w80 = zext i16 %b51.1 to i32
  %p80 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 80
  store i32 %w80, ptr addrspace(1) %p80, align 4
  %b51.2 = extractelement <3 x i16> %b51, i32 2
  %w81 = zext i16 %b51.2 to i32
  %p81 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 81
  store i32 %w81, ptr addrspace(1) %p81, align 4
  %p82 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 82
  store i32 %b52, ptr addrspace(1) %p82, align 4
  %b53.0 = extractelement <2 x i32> %b53, i32 0
  %p83 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 83
  store i32 %b53.0, ptr addrspace(1) %p83, align 4
  %b53.1 = extractelement <2 x i32> %b53, i32 1
  %p84 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 84
  store i32 %b53.1, ptr addrspace(1) %p84, align 4
  %b54.0 = extractelement <3 x i32> %b54, i32 0
  %p85 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 85
  store i32 %b54.0, ptr addrspace(1) %p85, align 4
  %b54.1 = extractelement <3 x i32> %b54, i32 1
  %p86 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 86
  store i32 %b54.1, ptr addrspace(1) %p86, align 4
  %b54.2 = extractelement <3 x i32> %b54, i32 2
  %p87 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 87
  store i32 %b54.2, ptr addrspace(1) %p87, align 4
  %w88 = zext i16 %b55 to i32
  %p88 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 88
  store i32 %w88, ptr addrspace(1) %p88, align 4
  %b56.0 = extractelement <2 x i16> %b56, i32 0
  %w89 = zext i16 %b56.0 to i32
  %p89 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 89
  store i32 %w89, ptr addrspace(1) %p89, align 4
  %b56.1 = extractelement <2 x i16> %b56, i32 1
  %w90 = zext i16 %b56.1 to i32
  %p90 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 90
  store i32 %w90, ptr addrspace(1) %p90, align 4
  %b57.0 = extractelement <3 x i16> %b57, i32 0
  %w91 = zext i16 %b57.0 to i32
  %p91 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 91
  store i32 %w91, ptr addrspace(1) %p91, align 4
  %b57.1 = extractelement <3 x i16> %b57, i32 1
  %w92 = zext i16 %b57.1 to i32
  %p92 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 92
  store i32 %w92, ptr addrspace(1) %p92, align 4
  %b57.2 = extractelement <3 x i16> %b57, i32 2
  %w93 = zext i16 %b57.2 to i32
  %p93 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 93
  store i32 %w93, ptr addrspace(1) %p93, align 4
  %p94 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 94
  store i32 %b58, ptr addrspace(1) %p94, align 4
  %b59.0 = extractelement <2 x i32> %b59, i32 0
  %p95 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 95
  store i32 %b59.0, ptr addrspace(1) %p95, align 4
  %b59.1 = extractelement <2 x i32> %b59, i32 1
  %p96 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 96
  store i32 %b59.1, ptr addrspace(1) %p96, align 4
  %b60.0 = extractelement <3 x i32> %b60, i32 0
  %p97 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 97
  store i32 %b60.0, ptr addrspace(1) %p97, align 4
  %b60.1 = extractelement <3 x i32> %b60, i32 1
  %p98 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 98
  store i32 %b60.1, ptr addrspace(1) %p98, align 4
  %b60.2 = extractelement <3 x i32> %b60, i32 2
  %p99 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 99
  store i32 %b60.2, ptr addrspace(1) %p99, align 4
  %w100 = zext i16 %b61 to i32
  %p100 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 100
  store i32 %w100, ptr addrspace(1) %p100, align 4
  %b62.0 = extractelement <2 x i16> %b62, i32 0
  %w101 = zext i16 %b62.0 to i32
  %p101 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 101
  store i32 %w101, ptr addrspace(1) %p101, align 4
  %b62.1 = extractelement <2 x i16> %b62, i32 1
  %w102 = zext i16 %b62.1 to i32
  %p102 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 102
  store i32 %w102, ptr addrspace(1) %p102, align 4
  %b63.0 = extractelement <3 x i16> %b63, i32 0
  %w103 = zext i16 %b63.0 to i32
  %p103 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 103
  store i32 %w103, ptr addrspace(1) %p103, align 4
  %b63.1 = extractelement <3 x i16> %b63, i32 1
  %w104 = zext i16 %b63.1 to i32
  %p104 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 104
  store i32 %w104, ptr addrspace(1) %p104, align 4
  %b63.2 = extractelement <3 x i16> %b63, i32 2
  %w105 = zext i16 %b63.2 to i32
  %p105 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 105
  store i32 %w105, ptr addrspace(1) %p105, align 4
  %p106 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 106
  store i32 %b64, ptr addrspace(1) %p106, align 4
  %b65.0 = extractelement <2 x i32> %b65, i32 0
  %p107 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 107
  store i32 %b65.0, ptr addrspace(1) %p107, align 4
  %b65.1 = extractelement <2 x i32> %b65, i32 1
  %p108 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 108
  store i32 %b65.1, ptr addrspace(1) %p108, align 4
  %b66.0 = extractelement <3 x i32> %b66, i32 0
  %p109 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 109
  store i32 %b66.0, ptr addrspace(1) %p109, align 4
  %b66.1 = extractelement <3 x i32> %b66, i32 1
  %p110 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 110
  store i32 %b66.1, ptr addrspace(1) %p110, align 4
  %b66.2 = extractelement <3 x i32> %b66, i32 2
  %p111 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 111
  store i32 %b66.2, ptr addrspace(1) %p111, align 4
  %w112 = zext i16 %b67 to i32
  %p112 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 112
  store i32 %w112, ptr addrspace(1) %p112, align 4
  %b68.0 = extractelement <2 x i16> %b68, i32 0
  %w113 = zext i16 %b68.0 to i32
  %p113 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 113
  store i32 %w113, ptr addrspace(1) %p113, align 4
  %b68.1 = extractelement <2 x i16> %b68, i32 1
  %w114 = zext i16 %b68.1 to i32
  %p114 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 114
  store i32 %w114, ptr addrspace(1) %p114, align 4
  %b69.0 = extractelement <3 x i16> %b69, i32 0
  %w115 = zext i16 %b69.0 to i32
  %p115 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 115
  store i32 %w115, ptr addrspace(1) %p115, align 4
  %b69.1 = extractelement <3 x i16> %b69, i32 1
  %w116 = zext i16 %b69.1 to i32
  %p116 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 116
  store i32 %w116, ptr addrspace(1) %p116, align 4
  %b69.2 = extractelement <3 x i16> %b69, i32 2
  %w117 = zext i16 %b69.2 to i32
  %p117 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 117
  store i32 %w117, ptr addrspace(1) %p117, align 4
  %p118 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 118
  store i32 %b70, ptr addrspace(1) %p118, align 4
  %b71.0 = extractelement <2 x i32> %b71, i32 0
  %p119 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 119
  store i32 %b71.0, ptr addrspace(1) %p119, align 4
  %b71.1 = extractelement <2 x i32> %b71, i32 1
  %p120 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 120
  store i32 %b71.1, ptr addrspace(1) %p120, align 4
  %b72.0 = extractelement <3 x i32> %b72, i32 0
  %p121 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 121
  store i32 %b72.0, ptr addrspace(1) %p121, align 4
  %b72.1 = extractelement <3 x i32> %b72, i32 1
  %p122 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 122
  store i32 %b72.1, ptr addrspace(1) %p122, align 4
  %b72.2 = extractelement <3 x i32> %b72, i32 2
  %p123 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 123
  store i32 %b72.2, ptr addrspace(1) %p123, align 4
  %w124 = zext i16 %b73 to i32
  %p124 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 124
  store i32 %w124, ptr addrspace(1) %p124, align 4
  %b74.0 = extractelement <2 x i16> %b74, i32 0
  %w125 = zext i16 %b74.0 to i32
  %p125 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 125
  store i32 %w125, ptr addrspace(1) %p125, align 4
  %b74.1 = extractelement <2 x i16> %b74, i32 1
  %w126 = zext i16 %b74.1 to i32
  %p126 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 126
  store i32 %w126, ptr addrspace(1) %p126, align 4
  %b75.0 = extractelement <3 x i16> %b75, i32 0
  %w127 = zext i16 %b75.0 to i32
  %p127 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 127
  store i32 %w127, ptr addrspace(1) %p127, align 4
  %b75.1 = extractelement <3 x i16> %b75, i32 1
  %w128 = zext i16 %b75.1 to i32
  %p128 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 128
  store i32 %w128, ptr addrspace(1) %p128, align 4
  %b75.2 = extractelement <3 x i16> %b75, i32 2
  %w129 = zext i16 %b75.2 to i32
  %p129 = getelementptr inbounds i32, ptr addrspace(1) %row, i64 129
  store i32 %w129, ptr addrspace(1) %p129, align 4
  ret void
}
