#include <metal_stdlib>
#include <metal_simdgroup_matrix>

using namespace metal;

kernel void sgemm_matrix(
    const device float *a [[buffer(0)]],
    const device float *b [[buffer(1)]],
    device float *c [[buffer(2)]],
    constant uint *size [[buffer(3)]],
    uint2 tg [[threadgroup_position_in_grid]],
    uint group [[simdgroup_index_in_threadgroup]])
{
    uint size_v = size[0];
    simdgroup_float8x8 acc = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
    uint add = ((group << 4u) & 0xffffffe0u) + (tg.y << 6u);
    uint or2 = ((group << 5u) & 32u) | (tg.x << 6u);
    simdgroup_float8x8 acc2;
    simdgroup_float8x8 acc3;
    simdgroup_float8x8 acc4;
    simdgroup_float8x8 acc5;
    simdgroup_float8x8 acc6;
    simdgroup_float8x8 acc7;
    simdgroup_float8x8 acc8;
    simdgroup_float8x8 acc9;
    simdgroup_float8x8 acc10;
    simdgroup_float8x8 acc11;
    simdgroup_float8x8 acc12;
    simdgroup_float8x8 acc13;
    simdgroup_float8x8 acc14;
    simdgroup_float8x8 acc15;
    simdgroup_float8x8 acc16;
    if (size_v == 0u) {
        acc2 = acc;
        acc3 = acc;
        acc4 = acc;
        acc5 = acc;
        acc6 = acc;
        acc7 = acc;
        acc8 = acc;
        acc9 = acc;
        acc10 = acc;
        acc11 = acc;
        acc12 = acc;
        acc13 = acc;
        acc14 = acc;
        acc15 = acc;
        acc16 = acc;
    } else {
        ulong size_v_wide = ulong(size_v);
        ulong add_wide = ulong(add);
        ulong or2_wide = ulong(add | 8u);
        ulong or3_wide = ulong(add | 16u);
        ulong or4_wide = ulong(add | 24u);
        ulong2 ins = ulong2(ulong(or2), 0ul);
        ulong2 ins2 = ulong2(ulong(or2 | 8u), 0ul);
        ulong2 ins3 = ulong2(ulong(or2 | 16u), 0ul);
        ulong2 ins4 = ulong2(ulong(or2 | 24u), 0ul);
        acc2 = acc;
        acc3 = acc;
        acc4 = acc;
        acc5 = acc;
        acc6 = acc;
        acc7 = acc;
        acc8 = acc;
        acc9 = acc;
        acc10 = acc;
        acc11 = acc;
        acc12 = acc;
        acc13 = acc;
        acc14 = acc;
        acc15 = acc;
        acc16 = acc;
        uint k = 0u;
        for (;;) {
            ulong k_wide = ulong(k);
            ulong2 ins25 = ulong2(k_wide, 0ul);
            simdgroup_float8x8 load;
            simdgroup_load(load, a, size_v_wide, ulong2(ins25.x, add_wide), false);
            simdgroup_float8x8 load2;
            simdgroup_load(load2, a, size_v_wide, ulong2(ins25.x, or2_wide), false);
            simdgroup_float8x8 load3;
            simdgroup_load(load3, a, size_v_wide, ulong2(ins25.x, or3_wide), false);
            simdgroup_float8x8 load4;
            simdgroup_load(load4, a, size_v_wide, ulong2(ins25.x, or4_wide), false);
            simdgroup_float8x8 load5;
            simdgroup_load(load5, b, size_v_wide, ulong2(ins.x, k_wide), false);
            simdgroup_float8x8 load6;
            simdgroup_load(load6, b, size_v_wide, ulong2(ins2.x, k_wide), false);
            simdgroup_float8x8 load7;
            simdgroup_load(load7, b, size_v_wide, ulong2(ins3.x, k_wide), false);
            simdgroup_float8x8 load8;
            simdgroup_load(load8, b, size_v_wide, ulong2(ins4.x, k_wide), false);
            simdgroup_float8x8 mma;
            simdgroup_multiply_accumulate(mma, load, load5, acc8);
            simdgroup_float8x8 mma2;
            simdgroup_multiply_accumulate(mma2, load, load6, acc7);
            simdgroup_float8x8 mma3;
            simdgroup_multiply_accumulate(mma3, load, load7, acc6);
            simdgroup_float8x8 mma4;
            simdgroup_multiply_accumulate(mma4, load, load8, acc5);
            simdgroup_float8x8 mma5;
            simdgroup_multiply_accumulate(mma5, load2, load5, acc4);
            simdgroup_float8x8 mma6;
            simdgroup_multiply_accumulate(mma6, load2, load6, acc3);
            simdgroup_float8x8 mma7;
            simdgroup_multiply_accumulate(mma7, load2, load7, acc2);
            simdgroup_float8x8 mma8;
            simdgroup_multiply_accumulate(mma8, load2, load8, acc);
            simdgroup_float8x8 mma9;
            simdgroup_multiply_accumulate(mma9, load3, load5, acc9);
            simdgroup_float8x8 mma10;
            simdgroup_multiply_accumulate(mma10, load3, load6, acc10);
            simdgroup_float8x8 mma11;
            simdgroup_multiply_accumulate(mma11, load3, load7, acc11);
            simdgroup_float8x8 mma12;
            simdgroup_multiply_accumulate(mma12, load3, load8, acc12);
            simdgroup_float8x8 mma13;
            simdgroup_multiply_accumulate(mma13, load4, load5, acc13);
            simdgroup_float8x8 mma14;
            simdgroup_multiply_accumulate(mma14, load4, load6, acc14);
            simdgroup_float8x8 mma15;
            simdgroup_multiply_accumulate(mma15, load4, load7, acc15);
            simdgroup_float8x8 mma16;
            simdgroup_multiply_accumulate(mma16, load4, load8, acc16);
            ulong k_wide_second = ulong(k | 8u);
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
            simdgroup_load(load5_second, b, size_v_wide, ulong2(ins.x, k_wide_second), false);
            simdgroup_float8x8 load6_second;
            simdgroup_load(load6_second, b, size_v_wide, ulong2(ins2.x, k_wide_second), false);
            simdgroup_float8x8 load7_second;
            simdgroup_load(load7_second, b, size_v_wide, ulong2(ins3.x, k_wide_second), false);
            simdgroup_float8x8 load8_second;
            simdgroup_load(load8_second, b, size_v_wide, ulong2(ins4.x, k_wide_second), false);
            simdgroup_multiply_accumulate(acc8, load_second, load5_second, mma);
            simdgroup_multiply_accumulate(acc7, load_second, load6_second, mma2);
            simdgroup_multiply_accumulate(acc6, load_second, load7_second, mma3);
            simdgroup_multiply_accumulate(acc5, load_second, load8_second, mma4);
            simdgroup_multiply_accumulate(acc4, load2_second, load5_second, mma5);
            simdgroup_multiply_accumulate(acc3, load2_second, load6_second, mma6);
            simdgroup_multiply_accumulate(acc2, load2_second, load7_second, mma7);
            simdgroup_multiply_accumulate(acc, load2_second, load8_second, mma8);
            simdgroup_multiply_accumulate(acc9, load3_second, load5_second, mma9);
            simdgroup_multiply_accumulate(acc10, load3_second, load6_second, mma10);
            simdgroup_multiply_accumulate(acc11, load3_second, load7_second, mma11);
            simdgroup_multiply_accumulate(acc12, load3_second, load8_second, mma12);
            simdgroup_multiply_accumulate(acc13, load4_second, load5_second, mma13);
            simdgroup_multiply_accumulate(acc14, load4_second, load6_second, mma14);
            simdgroup_multiply_accumulate(acc15, load4_second, load7_second, mma15);
            simdgroup_multiply_accumulate(acc16, load4_second, load8_second, mma16);
            k += 16u;
            if (k >= size_v) {
                break;
            }
        }
    }
    ulong size_v_wide2 = ulong(size_v);
    ulong add_wide2 = ulong(add);
    ulong2 ins5 = ulong2(ulong(or2), 0ul);
    simdgroup_store(acc8, c, size_v_wide2, ulong2(ins5.x, add_wide2), false);
    ulong2 ins7 = ulong2(ulong(or2 | 8u), 0ul);
    simdgroup_store(acc7, c, size_v_wide2, ulong2(ins7.x, add_wide2), false);
    ulong2 ins9 = ulong2(ulong(or2 | 16u), 0ul);
    simdgroup_store(acc6, c, size_v_wide2, ulong2(ins9.x, add_wide2), false);
    ulong2 ins11 = ulong2(ulong(or2 | 24u), 0ul);
    simdgroup_store(acc5, c, size_v_wide2, ulong2(ins11.x, add_wide2), false);
    ulong or11_wide = ulong(add | 8u);
    simdgroup_store(acc4, c, size_v_wide2, ulong2(ins5.x, or11_wide), false);
    simdgroup_store(acc3, c, size_v_wide2, ulong2(ins7.x, or11_wide), false);
    simdgroup_store(acc2, c, size_v_wide2, ulong2(ins9.x, or11_wide), false);
    simdgroup_store(acc, c, size_v_wide2, ulong2(ins11.x, or11_wide), false);
    ulong or12_wide = ulong(add | 16u);
    simdgroup_store(acc9, c, size_v_wide2, ulong2(ins5.x, or12_wide), false);
    simdgroup_store(acc10, c, size_v_wide2, ulong2(ins7.x, or12_wide), false);
    simdgroup_store(acc11, c, size_v_wide2, ulong2(ins9.x, or12_wide), false);
    simdgroup_store(acc12, c, size_v_wide2, ulong2(ins11.x, or12_wide), false);
    ulong or13_wide = ulong(add | 24u);
    simdgroup_store(acc13, c, size_v_wide2, ulong2(ins5.x, or13_wide), false);
    simdgroup_store(acc14, c, size_v_wide2, ulong2(ins7.x, or13_wide), false);
    simdgroup_store(acc15, c, size_v_wide2, ulong2(ins9.x, or13_wide), false);
    simdgroup_store(acc16, c, size_v_wide2, ulong2(ins11.x, or13_wide), false);
}
