// A call of itself at the end of a function is a loop, also of a method; other recursion is
// refused.
//
// REQUIRES: clang
// RUN: %run %s --grid 4 --buf x=i32[4]:iota --print x | FileCheck %s
// CHECK: x = 24 18 12 6
// RUN: not %tmjit run %s -D DEEP --grid 4 --buf x=i32[4] 2>&1 | FileCheck %s --check-prefix DEEP
// DEEP: tail-call.metal:37:38: error: recursion: @_Z4deepi calls @_Z4deepi [unsupported]

#include <metal_stdlib>

using namespace metal;

struct counter {
    int total = 0;
    void add(int n) thread
    {
        if (n > 100)
            return;
        if (n >= 0) {
            total += n & 3;
            if (n > 0) {
                add(n - 1);
            }
        }
    }
};

kernel void k(device int *x, uint i [[thread_position_in_grid]])
{
    counter all;
    all.add(15 - 4 * x[i]);
    x[i] = all.total;
}

#ifdef DEEP
int deep(int n) { return n < 2 ? n : deep(n - 1) + deep(n - 2); }

kernel void d(device int *x) { x[0] = deep(x[1]); }
#endif
