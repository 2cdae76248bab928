// printf is the launch's log: in the order of threads.
//
// RUN: %tmjit run %s --no-cache --grid 3 --threadgroup 1 --buf x=f32[3]:iota 2>&1 | FileCheck %s
// RUN: %tmjit run %s --no-cache --grid 3 --threadgroup 1 --engine interp --buf x=f32[3]:iota 2>&1 | FileCheck %s
// CHECK: (0, 0, 0): thread 0 has 0.50, -1 1,2,3 0x1f A 100%
// CHECK: (1, 0, 0): thread 1 has 1.50, -1 1,2,3 0x1f A 100%
// CHECK: (2, 0, 0): thread 2 has 2.50, -1 1,2,3 0x1f A 100%
// CHECK-NOT: thread
//
// REQUIRES: clang

kernel void k(global const float *x)
{
    int i = get_global_id(0);
    printf("thread %d has %.2f, %ld %v3d 0x%hx %c 100%%\n", i, x[i] + 0.5f, -1l,
           (int3)(1, 2, 3), (short)31, 'A');
}
