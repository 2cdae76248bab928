// printf is the launch's log: in the order of threads.
//
// RUN: %tmjit run %s --no-cache --entry k --grid 3 --threadgroup 1 --buf x=f32[3]:iota 2>&1 | FileCheck %s
// RUN: %tmjit run %s --no-cache --entry k --grid 3 --threadgroup 1 --engine interp --buf x=f32[3]:iota 2>&1 | FileCheck %s
// CHECK: (0, 0, 0): thread 0 has 0.50, -1 1,2,3 0x1f A 100%
// CHECK: (1, 0, 0): thread 1 has 1.50, -1 1,2,3 0x1f A 100%
// CHECK: (2, 0, 0): thread 2 has 2.50, -1 1,2,3 0x1f A 100%
// CHECK-NOT: thread
// RUN: %tmjit run %s --no-cache --entry texts --grid 2 --threadgroup 1 --buf x=f32[2]:iota 2>&1 | FileCheck %s --check-prefix TEXT --match-full-lines
// RUN: %tmjit run %s --no-cache --entry texts --grid 2 --threadgroup 1 --engine interp --buf x=f32[2]:iota 2>&1 | FileCheck %s --check-prefix TEXT --match-full-lines
// TEXT: {{.*}}(0, 0, 0): abc 100% [  abc][abc  ][ab][] 0 (pointer) (pointer) abc
// TEXT-NEXT: {{.*}}(1, 0, 0): abc 100% [  abc][abc  ][ab][] 1 (pointer) (pointer) abc
//
// Its print as Metal, read back, says the same.
// RUN: %tmjit emit %s --entry texts --as msl -o %t.metal
// RUN: %tmjit run %t.metal --no-cache --grid 2 --threadgroup 1 --buf x=f32[2]:iota 2>&1 | FileCheck %s --check-prefix TEXT --match-full-lines
//
// REQUIRES: clang

kernel void k(global const float *x)
{
    int i = get_global_id(0);
    printf("thread %d has %.2f, %ld %v3d 0x%hx %c 100%%\n", i, x[i] + 0.5f, -1l,
           (int3)(1, 2, 3), (short)31, 'A');
}

constant char long_text[] = "0123456789012345678901234567890123456789012345678901234567890123456789"
                            "01234567890123456789012345678901234567890123456789012345678901234";

kernel void texts(global const float *x)
{
    int i = get_global_id(0);
    printf("%s %s [%5s][%-5s][%.2s][%s] %d %p %s %s\n", "abc", "100%", "abc", "abc", "abc", "",
           (int)x[i], "abc", long_text, "abc");
}
