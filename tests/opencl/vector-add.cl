// The plainest kernel: runs on every engine, names its place when it leaves a buffer, prints as
// Metal; a value is a constant buffer.
//
// RUN: %run %s --grid 8 --threadgroup 4 --buf a=f32[8]:iota --buf b=f32[8]:100 --buf c=f32[8] --set scale=2 --print c | FileCheck %s
// CHECK: c = 200 201 202 203 204 205 206 207
//
// RUN: %fails %s --grid 8 --buf a=f32[8] --buf b=f32[8] --buf c=f32[7] --set scale=2 | FileCheck %s --check-prefix BOUNDS
// BOUNDS: vector-add.cl:[[# @LINE + 16]]:10: error: store of 4 bytes at byte offset 28 of buffer 'c' (28 bytes), by thread (7, 0, 0)
// BOUNDS-NEXT: {{^}}  in kernel @vector_add{{$}}
//
// RUN: %tmjit emit %s --as msl | FileCheck %s --check-prefix MSL
// MSL:      kernel void vector_add(
// MSL-NEXT:     const device float *a {{\[\[}}buffer(0)]],
// MSL-NEXT:     const device float *b {{\[\[}}buffer(1)]],
// MSL-NEXT:     device float *c {{\[\[}}buffer(2)]],
// MSL-NEXT:     constant float {{[*&]}}scale {{\[\[}}buffer(3)]],
//
// REQUIRES: clang

kernel void vector_add(global const float *a, global const float *b, global float *c,
                       float scale)
{
    size_t i = get_global_id(0);
    c[i] = a[i] + b[i] * scale;
}
