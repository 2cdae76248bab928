/* SPDX-License-Identifier: MIT */
/* What random kernels are made of: types, buffers, operators, functions. */
#include "gen.h"

#include <string.h>

const base_info base_infos[BASE_COUNT] = {
    [BASE_I1] = {"i1", "i1", "bool", 1, false},
    [BASE_I8] = {"i8", "i8", "char", 8, false},
    [BASE_I16] = {"i16", "i16", "short", 16, false},
    [BASE_I32] = {"i32", "i32", "int", 32, false},
    [BASE_I64] = {"i64", "i64", "long", 64, false},
    [BASE_F16] = {"half", "f16", "half", 16, true},
    [BASE_BF16] = {"bfloat", "bf16", "bfloat", 16, true},
    [BASE_F32] = {"float", "f32", "float", 32, true},
};

const buffer_info buffer_infos[BUFFER_COUNT] = {
    {"ini", {BASE_I32, 1}, 1, false},  {"inf", {BASE_F32, 1}, 1, false},
    {"inh", {BASE_F16, 1}, 1, false},  {"inb", {BASE_BF16, 1}, 1, false},
    {"inc", {BASE_I8, 1}, 1, false},   {"ins", {BASE_I16, 1}, 1, false},
    {"inl", {BASE_I64, 1}, 1, false},  {"inf4", {BASE_F32, 4}, 1, false},
    {"ini2", {BASE_I32, 2}, 1, false}, {"inf3", {BASE_F32, 3}, 1, false},
    {"ki", {BASE_I32, 1}, 2, false},   {"kf", {BASE_F32, 1}, 2, false},
    {"inh4", {BASE_F16, 4}, 1, false}, {"outi", {BASE_I32, 1}, 1, true},
    {"outf", {BASE_F32, 1}, 1, true},  {"outh", {BASE_F16, 1}, 1, true},
    {"outb", {BASE_BF16, 1}, 1, true}, {"outc", {BASE_I8, 1}, 1, true},
    {"outs", {BASE_I16, 1}, 1, true},  {"outl", {BASE_I64, 1}, 1, true},
    {"outf4", {BASE_F32, 4}, 1, true}, {"outi2", {BASE_I32, 2}, 1, true},
    {"outf3", {BASE_F32, 3}, 1, true}, {"outh4", {BASE_F16, 4}, 1, true},
    {"acc", {BASE_I32, 1}, 1, false},
};

const atomic_info atomic_infos[ATOMIC_COUNT] = {
    {"add", true, 0},          {"min", true, 0x7fffffff}, {"max", true, 0},
    {"and", true, 0xffffffff}, {"or", true, 0},           {"xor", true, 0},
};

const char *const binary_names[BINARY_COUNT] = {
    "add", "sub", "mul",  "udiv", "sdiv", "urem", "srem", "and",  "or",
    "xor", "shl", "lshr", "ashr", "fadd", "fsub", "fmul", "fdiv", "frem",
};
const char *const icmp_names[ICMP_COUNT] = {
    "eq", "ne", "ugt", "uge", "ult", "ule", "sgt", "sge", "slt", "sle",
};
const char *const fcmp_names[FCMP_COUNT] = {
    "oeq", "ogt", "oge", "olt", "ole", "one", "ord",
    "ueq", "ugt", "uge", "ult", "ule", "une", "uno",
};
const char *const overflow_names[OVERFLOW_COUNT] = {
    "sadd", "uadd", "ssub", "usub", "smul", "umul",
};
const char *const cast_names[CAST_COUNT] = {
    "trunc",  "zext",   "sext",   "fptrunc", "fpext",   "fptosi",
    "fptoui", "sitofp", "uitofp", "bitcast", "convert",
};
const char *const rounding_names[5] = {"", ".rte", ".rtz", ".rtp", ".rtn"};

#define F32_16 (1u << BASE_F32 | 1u << BASE_F16)
#define FLOATS (F32_16 | 1u << BASE_BF16)
#define INTS (1u << BASE_I8 | 1u << BASE_I16 | 1u << BASE_I32 | 1u << BASE_I64)
#define LANE_INTS (1u << BASE_I8 | 1u << BASE_I16 | 1u << BASE_I32)
#define BYTES (1u << BASE_I16 | 1u << BASE_I32 | 1u << BASE_I64)
#define V CALL_VECTOR
#define SV (CALL_SIGN | CALL_VECTOR)
#define LV (CALL_LANES | CALL_VECTOR)

/* Letters of a signature, result first: T the overload type, e its element, b i1, l i64,
 * i i32. Fixed constants: 0 false, d lane distance, q lane of a quad-group, m a modulo of 2 to
 * 32, o and w bit offset and width within T. Adjusted by the printer: n i16 made a lane,
 * c T with NaN replaced. */
const call_info call_infos[] = {
    {"air.fabs", "TT", F32_16, V},
    {"air.sqrt", "TT", F32_16, V},
    {"air.floor", "TT", F32_16, V},
    {"air.ceil", "TT", F32_16, V},
    {"air.trunc", "TT", F32_16, V},
    {"air.rint", "TT", F32_16, V},
    {"air.round", "TT", F32_16, V},
    {"air.saturate", "TT", F32_16, V},
    {"air.sign", "TT", F32_16, V},
    {"air.fract", "TT", F32_16, V},
    {"air.fmin", "TTT", F32_16, V},
    {"air.fmax", "TTT", F32_16, V},
    {"air.fast_fmin", "TTT", 1u << BASE_F32, V},
    {"air.fast_fabs", "TT", 1u << BASE_F32, V},
    {"air.fast_sqrt", "TT", 1u << BASE_F32, V},
    {"air.copysign", "TTc", F32_16, V},
    {"air.nextafter", "TTT", F32_16, 0},
    {"air.fma", "TTTT", F32_16, V},
    {"air.fma", "TTTT", FLOATS, 0},
    {"air.mix", "TTTT", F32_16, V},
    {"air.clamp", "TTTT", F32_16, V},
    {"air.fmax3", "TTTT", F32_16, V},
    {"air.fmin3", "TTTT", F32_16, V},
    {"air.fmedian3", "TTTT", F32_16, V},
    {"air.ldexp", "TTi", F32_16, 0},
    {"air.dot", "eTT", F32_16, V | CALL_SCALARLESS},
    {"air.abs", "TT", INTS, SV},
    {"air.abs_diff", "TTT", INTS, SV},
    {"air.add_sat", "TTT", INTS, SV},
    {"air.sub_sat", "TTT", INTS, SV},
    {"air.hadd", "TTT", INTS, SV},
    {"air.rhadd", "TTT", INTS, SV},
    {"air.min", "TTT", INTS, SV},
    {"air.max", "TTT", INTS, SV},
    {"air.min3", "TTTT", INTS, SV},
    {"air.max3", "TTTT", INTS, SV},
    {"air.median3", "TTTT", INTS, SV},
    {"air.clamp", "TTTT", INTS, SV},
    {"air.mul_hi", "TTT", INTS, SV},
    {"air.mad_hi", "TTTT", INTS, SV},
    {"air.mad_sat", "TTTT", INTS, SV},
    {"air.clz", "TT0", INTS, V},
    {"air.ctz", "TT0", INTS, V},
    {"air.popcount", "TT", INTS, V},
    {"air.reverse_bits", "TT", INTS, V},
    {"air.rotate", "TTT", INTS, V},
    {"air.extract_bits", "TTow", INTS, SV},
    {"air.insert_bits", "TTTow", INTS, SV},
    {"air.all", "bT", 1u << BASE_I1, V | CALL_SCALARLESS},
    {"air.any", "bT", 1u << BASE_I1, V | CALL_SCALARLESS},
    {"llvm.fabs", "TT", FLOATS, V},
    {"llvm.sqrt", "TT", F32_16, V},
    {"llvm.floor", "TT", F32_16, V},
    {"llvm.ceil", "TT", F32_16, V},
    {"llvm.trunc", "TT", F32_16, V},
    {"llvm.rint", "TT", F32_16, V},
    {"llvm.minnum", "TTT", F32_16, V},
    {"llvm.maxnum", "TTT", F32_16, V},
    {"llvm.fma", "TTTT", F32_16, V},
    {"llvm.fmuladd", "TTTT", F32_16, V},
    {"llvm.copysign", "TTc", F32_16, V},
    {"llvm.ctlz", "TT0", INTS, V},
    {"llvm.cttz", "TT0", INTS, V},
    {"llvm.ctpop", "TT", INTS, V},
    {"llvm.bswap", "TT", BYTES, V},
    {"llvm.bitreverse", "TT", INTS, V},
    {"llvm.smin", "TTT", INTS, V},
    {"llvm.smax", "TTT", INTS, V},
    {"llvm.umin", "TTT", INTS, V},
    {"llvm.umax", "TTT", INTS, V},
    {"llvm.sadd.sat", "TTT", INTS, V},
    {"llvm.uadd.sat", "TTT", INTS, V},
    {"llvm.ssub.sat", "TTT", INTS, V},
    {"llvm.usub.sat", "TTT", INTS, V},
    {"llvm.fshl", "TTTT", INTS, V},
    {"llvm.fshr", "TTTT", INTS, V},
    {"llvm.abs", "TT0", INTS, V},
    {"llvm.minimum", "TTT", F32_16, V},
    {"llvm.maximum", "TTT", F32_16, V},
    {"llvm.round", "TT", F32_16, V},
    {"llvm.roundeven", "TT", F32_16, V},
    {"llvm.nearbyint", "TT", F32_16, V},
    {"air.fmod", "TTT", F32_16, V},
    {"air.simd_sum", "TT", LANE_INTS, LV | CALL_SIGN},
    {"air.simd_sum", "TT", F32_16, LV},
    {"air.simd_product", "TT", LANE_INTS, CALL_LANES | CALL_SIGN},
    {"air.simd_product", "TT", F32_16, CALL_LANES},
    {"air.simd_min", "TT", LANE_INTS, LV | CALL_SIGN},
    {"air.simd_min", "TT", F32_16, LV},
    {"air.simd_max", "TT", LANE_INTS, LV | CALL_SIGN},
    {"air.simd_max", "TT", F32_16, LV},
    {"air.simd_and", "TT", LANE_INTS, LV | CALL_SIGN},
    {"air.simd_or", "TT", LANE_INTS, LV | CALL_SIGN},
    {"air.simd_xor", "TT", LANE_INTS, LV | CALL_SIGN},
    {"air.simd_prefix_inclusive_sum", "TT", LANE_INTS, LV | CALL_SIGN},
    {"air.simd_prefix_exclusive_sum", "TT", LANE_INTS, LV | CALL_SIGN},
    {"air.simd_prefix_inclusive_sum", "TT", F32_16, CALL_LANES},
    {"air.simd_prefix_exclusive_sum", "TT", F32_16, CALL_LANES},
    {"air.simd_prefix_inclusive_product", "TT", LANE_INTS, CALL_LANES | CALL_SIGN},
    {"air.simd_prefix_exclusive_product", "TT", 1u << BASE_F32, CALL_LANES},
    {"air.simd_broadcast", "TTd", LANE_INTS | F32_16, LV | CALL_FULL},
    {"air.simd_broadcast_first", "TT", LANE_INTS | F32_16, LV},
    {"air.simd_shuffle", "TTn", LANE_INTS | F32_16, LV},
    {"air.simd_shuffle", "TTn", LANE_INTS, LV | CALL_SIGN},
    {"air.simd_shuffle_up", "TTd", LANE_INTS | F32_16, LV},
    {"air.simd_shuffle_down", "TTd", LANE_INTS | F32_16, LV},
    {"air.simd_shuffle_xor", "TTd", LANE_INTS | F32_16, LV},
    {"air.simd_shuffle_rotate_up", "TTd", LANE_INTS | F32_16, CALL_LANES},
    {"air.simd_shuffle_rotate_down", "TTd", LANE_INTS | F32_16, CALL_LANES},
    {"air.simd_shuffle_and_fill_up", "TTTdm", LANE_INTS | F32_16, CALL_LANES},
    {"air.simd_shuffle_and_fill_down", "TTTdm", LANE_INTS | F32_16, CALL_LANES},
    {"air.simd_all", "bb", 1u << BASE_I1, CALL_LANES | CALL_BARE},
    {"air.simd_any", "bb", 1u << BASE_I1, CALL_LANES | CALL_BARE},
    {"air.simd_is_first", "b", 1u << BASE_I1, CALL_LANES | CALL_BARE},
    {"air.simd_ballot", "lb", 1u << BASE_I64, CALL_LANES | CALL_I64},
    {"air.simd_active_threads_mask", "l", 1u << BASE_I64, CALL_LANES | CALL_I64},
    {"air.quad_sum", "TT", LANE_INTS, CALL_LANES | CALL_SIGN},
    {"air.quad_sum", "TT", F32_16, CALL_LANES},
    {"air.quad_min", "TT", LANE_INTS, CALL_LANES | CALL_SIGN},
    {"air.quad_max", "TT", F32_16, CALL_LANES},
    {"air.quad_xor", "TT", LANE_INTS, CALL_LANES | CALL_SIGN},
    {"air.quad_shuffle_xor", "TTq", LANE_INTS | F32_16, CALL_LANES},
    {"air.quad_shuffle_up", "TTq", LANE_INTS | F32_16, CALL_LANES},
    {"air.quad_broadcast", "TTq", LANE_INTS | F32_16, CALL_LANES},
};
const unsigned call_count = sizeof(call_infos) / sizeof(call_infos[0]);

bool call_operand_is_fixed(const call_info *call, unsigned index)
{
    return strchr("0dqmow", call->signature[1 + index]) != NULL;
}

type call_letter_type(char letter, type overload)
{
    switch (letter) {
    case 'e':
        return scalar_type((base)overload.base);
    case 'b':
    case '0':
        return scalar_type(BASE_I1);
    case 'l':
        return scalar_type(BASE_I64);
    case 'i':
    case 'o':
    case 'w':
        return scalar_type(BASE_I32);
    case 'd':
    case 'q':
    case 'm':
    case 'n':
        return scalar_type(BASE_I16);
    default: /* T, c */
        return overload;
    }
}
