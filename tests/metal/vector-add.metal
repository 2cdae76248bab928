// The plainest kernel: runs on every engine, tells what it takes, names its place when it leaves a
// buffer, prints as what it was.
//
// REQUIRES: clang
// RUN: %run %s --grid 8 --threadgroup 4 --buf a=f32[8]:iota --buf b=f32[8]:100 --buf c=f32[8] --print c | FileCheck %s
// CHECK: c = 100 101 102 103 104 105 106 107
//
// RUN: %fails %s --grid 8 --buf a=f32[8] --buf b=f32[8] --buf c=f32[7] | FileCheck %s --check-prefix BOUNDS
// BOUNDS: vector-add.metal:[[# @LINE + 32]]:12: error: store of 4 bytes at byte offset 28 of buffer 'c' (28 bytes), by thread (7, 0, 0)
// BOUNDS-NEXT: {{^}}  in kernel @vector_add{{$}}
//
// RUN: %tmjit info %s | FileCheck %s --check-prefix INFO
// INFO: kernel vector_add
// INFO:      0  a                float          device       buffer 0     read         4 an element
// INFO-NEXT: 1  b                float          device       buffer 1     read         4 an element
// INFO-NEXT: 2  c                float          device       buffer 2     write        4 an element
// INFO-NEXT: 3  i                uint           built-in thread_position_in_grid
//
// RUN: %tmjit emit %s --as msl | FileCheck %s --check-prefix MSL
// MSL:      kernel void vector_add(
// MSL-NEXT:     const device float *a {{\[\[}}buffer(0)]],
// MSL-NEXT:     const device float *b {{\[\[}}buffer(1)]],
// MSL-NEXT:     device float *c {{\[\[}}buffer(2)]],
// MSL-NEXT:     uint i {{\[\[}}thread_position_in_grid]])
// MSL-NEXT: {
// MSL-NEXT:     c[i] = a[i] + b[i];
// MSL-NEXT: }
//
// RUN: %tmjit compile %s | FileCheck %s --check-prefix COMPILE
// COMPILE: vector_add

#include <metal_stdlib>

using namespace metal;

kernel void vector_add(device const float *a [[buffer(0)]],
                       device const float *b [[buffer(1)]],
                       device float       *c [[buffer(2)]],
                       uint                i [[thread_position_in_grid]])
{
    c[i]   =  a[i]   +   b[i];
}
