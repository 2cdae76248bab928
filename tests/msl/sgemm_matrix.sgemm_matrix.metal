#include <metal_stdlib>
#include <metal_simdgroup_matrix>

using namespace metal;

kernel void sgemm_matrix(
    const device float *a [[buffer(0)]],
    const device float *b [[buffer(1)]],
    device float *c [[buffer(2)]],
    constant uint &size [[buffer(3)]],
    uint2 tg [[threadgroup_position_in_grid]],
    uint group [[simdgroup_index_in_threadgroup]])
{
    simdgroup_float8x8 acc = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
    uint sum = ((group << 4) & 0xffffffe0u) + tg.y * 64;
    uint n = ((group << 5) & 32) | (tg.x << 6);
    simdgroup_float8x8 acc10 = acc;
    simdgroup_float8x8 acc11 = acc;
    simdgroup_float8x8 acc12 = acc;
    simdgroup_float8x8 acc13 = acc;
    simdgroup_float8x8 acc14 = acc;
    simdgroup_float8x8 acc15 = acc;
    simdgroup_float8x8 acc16 = acc;
    simdgroup_float8x8 acc2 = acc;
    simdgroup_float8x8 acc3 = acc;
    simdgroup_float8x8 acc4 = acc;
    simdgroup_float8x8 acc5 = acc;
    simdgroup_float8x8 acc6 = acc;
    simdgroup_float8x8 acc7 = acc;
    simdgroup_float8x8 acc8 = acc;
    simdgroup_float8x8 acc9 = acc;
    if (size != 0) {
        ulong size_v_wide = ulong(size);
        ulong add_wide = ulong(sum);
        ulong or2_wide = ulong(sum | 8);
        ulong or3_wide = ulong(sum | 16);
        ulong or4_wide = ulong(sum | 24);
        ulong2 n2 = ulong2(ulong(n), 0ul);
        ulong2 n3 = ulong2(ulong(n | 8), 0ul);
        ulong2 n4 = ulong2(ulong(n | 16), 0ul);
        ulong2 n5 = ulong2(ulong(n | 24), 0ul);
        for (uint k = 0; k < size; k += 16) {
            ulong k_wide = ulong(k);
            ulong2 n6 = ulong2(k_wide, 0ul);
            simdgroup_float8x8 simdgroup_load_v;
            simdgroup_load(simdgroup_load_v, a, size_v_wide, ulong2(n6.x, add_wide), false);
            simdgroup_float8x8 simdgroup_load_v2;
            simdgroup_load(simdgroup_load_v2, a, size_v_wide, ulong2(n6.x, or2_wide), false);
            simdgroup_float8x8 simdgroup_load_v3;
            simdgroup_load(simdgroup_load_v3, a, size_v_wide, ulong2(n6.x, or3_wide), false);
            simdgroup_float8x8 simdgroup_load_v4;
            simdgroup_load(simdgroup_load_v4, a, size_v_wide, ulong2(n6.x, or4_wide), false);
            simdgroup_float8x8 simdgroup_load_v5;
            simdgroup_load(simdgroup_load_v5, b, size_v_wide, ulong2(n2.x, k_wide), false);
            simdgroup_float8x8 simdgroup_load_v6;
            simdgroup_load(simdgroup_load_v6, b, size_v_wide, ulong2(n3.x, k_wide), false);
            simdgroup_float8x8 simdgroup_load_v7;
            simdgroup_load(simdgroup_load_v7, b, size_v_wide, ulong2(n4.x, k_wide), false);
            simdgroup_float8x8 simdgroup_load_v8;
            simdgroup_load(simdgroup_load_v8, b, size_v_wide, ulong2(n5.x, k_wide), false);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v, simdgroup_load_v,
                    simdgroup_load_v5, acc8);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v2;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v2, simdgroup_load_v,
                    simdgroup_load_v6, acc7);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v3;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v3, simdgroup_load_v,
                    simdgroup_load_v7, acc6);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v4;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v4, simdgroup_load_v,
                    simdgroup_load_v8, acc5);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v5;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v5, simdgroup_load_v2,
                    simdgroup_load_v5, acc4);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v6;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v6, simdgroup_load_v2,
                    simdgroup_load_v6, acc3);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v7;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v7, simdgroup_load_v2,
                    simdgroup_load_v7, acc2);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v8;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v8, simdgroup_load_v2,
                    simdgroup_load_v8, acc);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v9;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v9, simdgroup_load_v3,
                    simdgroup_load_v5, acc9);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v10;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v10, simdgroup_load_v3,
                    simdgroup_load_v6, acc10);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v11;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v11, simdgroup_load_v3,
                    simdgroup_load_v7, acc11);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v12;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v12, simdgroup_load_v3,
                    simdgroup_load_v8, acc12);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v13;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v13, simdgroup_load_v4,
                    simdgroup_load_v5, acc13);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v14;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v14, simdgroup_load_v4,
                    simdgroup_load_v6, acc14);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v15;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v15, simdgroup_load_v4,
                    simdgroup_load_v7, acc15);
            simdgroup_float8x8 simdgroup_multiply_accumulate_v16;
            simdgroup_multiply_accumulate(simdgroup_multiply_accumulate_v16, simdgroup_load_v4,
                    simdgroup_load_v8, acc16);
            ulong k_wide_second = ulong(k | 8);
            ulong2 ins25_second = ulong2(k_wide_second, 0ul);
            simdgroup_float8x8 load_second;
            simdgroup_load(load_second, a, size_v_wide, ulong2(ins25_second.x, add_wide), false);
            simdgroup_float8x8 load2_second;
            simdgroup_load(load2_second, a, size_v_wide, ulong2(ins25_second.x, or2_wide), false);
            simdgroup_float8x8 load3_second;
            simdgroup_load(load3_second, a, size_v_wide, ulong2(ins25_second.x, or3_wide), false);
            simdgroup_float8x8 load4_second;
            simdgroup_load(load4_second, a, size_v_wide, ulong2(ins25_second.x, or4_wide), false);
            simdgroup_float8x8 load5_second;
            simdgroup_load(load5_second, b, size_v_wide, ulong2(n2.x, k_wide_second), false);
            simdgroup_float8x8 load6_second;
            simdgroup_load(load6_second, b, size_v_wide, ulong2(n3.x, k_wide_second), false);
            simdgroup_float8x8 load7_second;
            simdgroup_load(load7_second, b, size_v_wide, ulong2(n4.x, k_wide_second), false);
            simdgroup_float8x8 load8_second;
            simdgroup_load(load8_second, b, size_v_wide, ulong2(n5.x, k_wide_second), false);
            simdgroup_multiply_accumulate(acc8, load_second, load5_second,
                    simdgroup_multiply_accumulate_v);
            simdgroup_multiply_accumulate(acc7, load_second, load6_second,
                    simdgroup_multiply_accumulate_v2);
            simdgroup_multiply_accumulate(acc6, load_second, load7_second,
                    simdgroup_multiply_accumulate_v3);
            simdgroup_multiply_accumulate(acc5, load_second, load8_second,
                    simdgroup_multiply_accumulate_v4);
            simdgroup_multiply_accumulate(acc4, load2_second, load5_second,
                    simdgroup_multiply_accumulate_v5);
            simdgroup_multiply_accumulate(acc3, load2_second, load6_second,
                    simdgroup_multiply_accumulate_v6);
            simdgroup_multiply_accumulate(acc2, load2_second, load7_second,
                    simdgroup_multiply_accumulate_v7);
            simdgroup_multiply_accumulate(acc, load2_second, load8_second,
                    simdgroup_multiply_accumulate_v8);
            simdgroup_multiply_accumulate(acc9, load3_second, load5_second,
                    simdgroup_multiply_accumulate_v9);
            simdgroup_multiply_accumulate(acc10, load3_second, load6_second,
                    simdgroup_multiply_accumulate_v10);
            simdgroup_multiply_accumulate(acc11, load3_second, load7_second,
                    simdgroup_multiply_accumulate_v11);
            simdgroup_multiply_accumulate(acc12, load3_second, load8_second,
                    simdgroup_multiply_accumulate_v12);
            simdgroup_multiply_accumulate(acc13, load4_second, load5_second,
                    simdgroup_multiply_accumulate_v13);
            simdgroup_multiply_accumulate(acc14, load4_second, load6_second,
                    simdgroup_multiply_accumulate_v14);
            simdgroup_multiply_accumulate(acc15, load4_second, load7_second,
                    simdgroup_multiply_accumulate_v15);
            simdgroup_multiply_accumulate(acc16, load4_second, load8_second,
                    simdgroup_multiply_accumulate_v16);
        }
    }
    ulong size_v_wide2 = ulong(size);
    ulong add_wide2 = ulong(sum);
    ulong2 n7 = ulong2(ulong(n), 0ul);
    simdgroup_store(acc8, c, size_v_wide2, ulong2(n7.x, add_wide2), false);
    ulong2 n8 = ulong2(ulong(n | 8), 0ul);
    simdgroup_store(acc7, c, size_v_wide2, ulong2(n8.x, add_wide2), false);
    ulong2 n9 = ulong2(ulong(n | 16), 0ul);
    simdgroup_store(acc6, c, size_v_wide2, ulong2(n9.x, add_wide2), false);
    ulong2 n10 = ulong2(ulong(n | 24), 0ul);
    simdgroup_store(acc5, c, size_v_wide2, ulong2(n10.x, add_wide2), false);
    ulong or11_wide = ulong(sum | 8);
    simdgroup_store(acc4, c, size_v_wide2, ulong2(n7.x, or11_wide), false);
    simdgroup_store(acc3, c, size_v_wide2, ulong2(n8.x, or11_wide), false);
    simdgroup_store(acc2, c, size_v_wide2, ulong2(n9.x, or11_wide), false);
    simdgroup_store(acc, c, size_v_wide2, ulong2(n10.x, or11_wide), false);
    ulong or12_wide = ulong(sum | 16);
    simdgroup_store(acc9, c, size_v_wide2, ulong2(n7.x, or12_wide), false);
    simdgroup_store(acc10, c, size_v_wide2, ulong2(n8.x, or12_wide), false);
    simdgroup_store(acc11, c, size_v_wide2, ulong2(n9.x, or12_wide), false);
    simdgroup_store(acc12, c, size_v_wide2, ulong2(n10.x, or12_wide), false);
    ulong or13_wide = ulong(sum | 24);
    simdgroup_store(acc13, c, size_v_wide2, ulong2(n7.x, or13_wide), false);
    simdgroup_store(acc14, c, size_v_wide2, ulong2(n8.x, or13_wide), false);
    simdgroup_store(acc15, c, size_v_wide2, ulong2(n9.x, or13_wide), false);
    simdgroup_store(acc16, c, size_v_wide2, ulong2(n10.x, or13_wide), false);
}
