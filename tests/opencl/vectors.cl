// Vectors: components, loads and stores at any element, shuffles, geometry, as_, any and all.
//
// RUN: %run %s --entry memory --grid 1 --threadgroup 1 --buf in=f32[32]:iota --buf out=f32[48] --buf h=f16[24] --buf b=u8[16]:iota --print out:all --print h:all | FileCheck %s
// CHECK: out = 3 4 5 0 8 9 10 11 0 0 16 17 18 19 20 21 22 23 0 0 0 0 0 0 0 0 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 5 4 12 13 14 15
// 2049 lies between the halves 2048 and 2050; to even, to zero, up, down.
// CHECK: h = 1 2 3 0 4 5 6 0 2048 2048 2050 2048 -2048 -2048 -2048 -2050 1.5 2.5 3.5 0 0 0 0 7
//
// RUN: %fails %s --entry end --grid 1 --threadgroup 1 --buf x=f32[5] --buf out=f32[4] | FileCheck %s --check-prefix END
// END: vectors.cl:[[# @LINE + 41]]:14: error: load of 12 bytes at byte offset 12 of buffer 'x' (20 bytes), by thread (0, 0, 0)
//
// RUN: %run %s --entry shuffles --grid 1 --threadgroup 1 --buf out=i32[16] --print out:all | FileCheck %s --check-prefix SHUFFLE
// SHUFFLE: out = 13 12 11 10 3 12 1 10 10 11 12 13 10 11 12 13
//
// RUN: %run %s --entry geometry --grid 1 --threadgroup 1 --buf out=f32[20] --print out:all | FileCheck %s --check-prefix GEOMETRY
// 2 3 6 has length 7. Numbers whose squares are out of range have a length all the same.
// GEOMETRY: out = 7 7 5 -3 6 -3 0.2857143 0.42857143 0.85714287 20 5e+30 5e-30 {{7|7.0000005|6.9999995}} {{7|7.0000005|6.9999995}} 0.6 0.8 3 2 1 0.6
//
// RUN: %run %s --entry logic --grid 1 --threadgroup 1 --buf out=i32[12] --print out:all | FileCheck %s --check-prefix LOGIC
// LOGIC: out = 1 0 1 0 1 1065353216 1078530011 7 8 1 33619971 0
//
// REQUIRES: clang

kernel void memory(global const float *in, global float *out, global half *h,
                   global const uchar *b)
{
    vstore3(vload3(1, in), 0, out);
    vstore4(vload4(2, in), 1, out);
    vstore8(vload8(2, in), 1, out + 2);
    vstore16(vload16(1, in), 0, out + 26);
    out[42] = vload2(2, b).y;
    out[43] = vload2(2, b).x;
    vstore4(convert_float4(vload4(3, b)), 11, out);
    vstore_half3((float3)(1, 2, 3), 0, h);
    vstorea_half3((float3)(4, 5, 6), 1, h);
    float up = 2049;
    vstore_half(up, 8, h);
    vstore_half_rtz(up, 9, h);
    vstore_half_rtp(up, 10, h);
    vstore_half_rtn(up, 11, h);
    vstore_half4_rte((float4)(-2049, -2048, -2048, -2049), 3, h);
    vstore_half_rtn(-2049.0f, 15, h);
    float3 halves = vload_half3(0, h) + 0.5f;
    vstore_half3(halves, 0, h + 16);
    vstore_half(vload_half(0, h) + vloada_half3(1, h).z, 23, h);
}

kernel void end(global const float *x, global float *out)
{
    vstore3(vload3(0, x), 0, out);
    out[3] = vload3(1, x).x;
}

kernel void shuffles(global int *out)
{
    int4 a = (int4)(10, 11, 12, 13), b = (int4)(0, 1, 2, 3);
    vstore4(shuffle(a, (uint4)(3, 2, 1, 0)), 0, out);
    vstore4(shuffle2(a, b, (uint4)(7, 2, 5, 8)), 1, out);
    vstore8(shuffle(a, (uint8)(0, 1, 2, 3, 4, 5, 6, 7)), 1, out);
}

kernel void geometry(global float *out)
{
    float3 v = (float3)(2, 3, 6);
    out[0] = length(v);
    out[1] = distance(v, (float3)(0));
    out[2] = length((float2)(3, -4));
    vstore3(cross((float3)(1, 2, 3), (float3)(4, 5, 6)), 1, out);
    vstore3(normalize(v), 2, out);
    out[9] = dot((float4)(1, 2, 3, 4), (float4)(4, 3, 2, 1)) + dot((float4)(0), v.xyzz);
    out[10] = length((float2)(3e30f, 4e30f));
    out[11] = length((float2)(3e-30f, 4e-30f));
    out[12] = fast_length(v);
    out[13] = fast_distance(v, (float3)(0));
    vstore2(normalize((float2)(3e-30f, 4e-30f)), 7, out);
    vstore3(v.zyx / (float3)(2, 1.5f, 2), 0, out + 16);
    out[19] = round(10 * fast_normalize((float2)(3, 4)).x) / 10;
}

kernel void logic(global int *out)
{
    int3 some = (int3)(0, -1, 5);
    out[0] = any(some);
    out[1] = all(some);
    out[2] = all((int2)(-1, -7));
    out[3] = any((char2)(1, 127));
    out[4] = any((char)-1);
    out[5] = as_int(1.0f);
    out[6] = as_int4((float4)(3.14159274f)).w;
    out[7] = convert_int(as_uchar4(0x07000000).w);
    out[8] = as_short2(8).x;
    out[9] = (some > (int3)(-1)).x == -1;
    out[10] = as_int((uchar4)(3, 0, 1, 2));
}
