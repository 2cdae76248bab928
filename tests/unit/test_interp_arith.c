/* SPDX-License-Identifier: MIT */
/* The interpreter's arithmetic against values worked out by hand. */
#include "interp_cases.h"

static void integers(void **state)
{
    static const op_case cases[] = {
        {"i8", "i8", "%r = add i8 %a, %b", 0xff, 0x02, 0, 0x01},
        {"i16", "i16", "%r = sub i16 %a, %b", 0x0000, 0x0001, 0, 0xffff},
        {"i32", "i32", "%r = mul i32 %a, %b", 0x10001, 0x10001, 0, 0x20001},
        {"i64", "i64", "%r = mul i64 %a, %b", 0x100000001, 0x100000001, 0, 0x200000001},
        {"i8", "i8", "%r = sdiv i8 %a, %b", 0xf9, 0x02, 0, 0xfd},
        {"i32", "i32", "%r = udiv i32 %a, %b", 0xfffffff9, 2, 0, 0x7ffffffc},
        {"i32", "i32", "%r = srem i32 %a, %b", 0xfffffff9, 2, 0, 0xffffffff},
        {"i16", "i16", "%r = urem i16 %a, %b", 0xfff9, 10, 0, 9},
        {"i32", "i32", "%r = sdiv i32 %a, %b", 7, 0, 0, 7},
        {"i32", "i32", "%r = srem i32 %a, %b", 7, 0, 0, 0},
        {"i32", "i32", "%r = sdiv i32 %a, %b", 0x80000000, 0xffffffff, 0, 0x80000000},
        {"i32", "i32", "%r = srem i32 %a, %b", 0x80000000, 0xffffffff, 0, 0},
        {"i64", "i64", "%r = sdiv i64 %a, %b", 1ull << 63, UINT64_MAX, 0, 1ull << 63},
        {"i8", "i8", "%r = shl i8 %a, %b", 0x81, 1, 0, 0x02},
        {"i8", "i8", "%r = shl i8 %a, %b", 0x81, 9, 0, 0x02},
        {"i32", "i32", "%r = lshr i32 %a, %b", 0x80000000, 31, 0, 1},
        {"i32", "i32", "%r = lshr i32 %a, %b", 0x80000000, 32, 0, 0x80000000},
        {"i16", "i16", "%r = ashr i16 %a, %b", 0x8000, 15, 0, 0xffff},
        {"i64", "i64", "%r = ashr i64 %a, %b", 1ull << 63, 63, 0, UINT64_MAX},
        {"i32", "i32", "%r = and i32 %a, %b", 0xff00ff00, 0x0ff00ff0, 0, 0x0f000f00},
        {"i32", "i32", "%r = or i32 %a, %b", 0xff00ff00, 0x0ff00ff0, 0, 0xfff0fff0},
        {"i32", "i32", "%r = xor i32 %a, %b", 0xff00ff00, 0x0ff00ff0, 0, 0xf0f0f0f0},
        {"i8", "i32", "%r = sext i8 %a to i32", 0x80, 0, 0, 0xffffff80},
        {"i8", "i64", "%r = zext i8 %a to i64", 0x80, 0, 0, 0x80},
        {"i64", "i16", "%r = trunc i64 %a to i16", 0x123456789, 0, 0, 0x6789},
        {"i8", "i1", "%r = icmp sgt i8 %a, %b", 0x01, 0xff, 0, 1},
        {"i8", "i1", "%r = icmp ugt i8 %a, %b", 0x01, 0xff, 0, 0},
        {"i64", "i1", "%r = icmp ule i64 %a, %b", 1ull << 63, 1, 0, 0},
        {"i64", "i1", "%r = icmp sle i64 %a, %b", 1ull << 63, 1, 0, 1},
        {"i16", "i1", "%r = icmp eq i16 %a, %b", 0x8000, 0x8000, 0, 1},
        {"i16", "i1", "%r = icmp ne i16 %a, %b", 0x8000, 0x8000, 0, 0},
        {"i32", "i1", "%r = icmp slt i32 %a, %b", 0x80000000, 0, 0, 1},
        {"i32", "i1", "%r = icmp sge i32 %a, %b", 0x80000000, 0, 0, 0},
        {"i32", "i1", "%r = icmp ult i32 %a, %b", 0x80000000, 0, 0, 0},
        {"i32", "i1", "%r = icmp uge i32 %a, %b", 0x80000000, 0, 0, 1},
    };
    (void)state;
    RUN(cases);
}

static void floats(void **state)
{
    static const op_case cases[] = {
        {"float", "float", "%r = fadd float %a, %b", 0x3dcccccd, 0x3e4ccccd, 0, 0x3e99999a},
        {"float", "float", "%r = fsub float %a, %b", 0x3f800000, 0x33800000, 0, 0x3f7fffff},
        {"float", "float", "%r = fmul float %a, %b", 0x00800000, 0x3f000000, 0, 0x00400000},
        {"float", "float", "%r = fdiv float %a, %b", 0x3f800000, 0x40400000, 0, 0x3eaaaaab},
        {"float", "float", "%r = fdiv float %a, %b", 0xbf800000, 0, 0, 0xff800000},
        {"float", "float", "%r = frem float %a, %b", 0xc0b00000, 0x40000000, 0, 0xbfc00000},
        {"float", "float", "%r = fneg float %a", 0x7fc01234, 0, 0, 0xffc01234},
        {"float", "float", "%r = fadd float %a, %b", 0x7fc01234, 0x3f800000, 0, 0x7fc01234},
        /* fmuladd is a product and a sum; fma is one operation */
        {"float", "float", "%r = call float @llvm.fmuladd.f32(float %a, float %b, float %c)",
         0x3f800800, 0x3f800800, 0xbf801000, 0},
        {"float", "float", "%r = call float @air.fma.f32(float %a, float %b, float %c)",
         0x3f800800, 0x3f800800, 0xbf801000, 0x33800000},
        /* half: a tie to even, overflow at 65520, subnormals kept */
        {"half", "half", "%r = fadd half %a, %b", 0x2e66, 0x3266, 0, 0x34cc},
        {"half", "half", "%r = fadd half %a, %b", 0x7bff, 0x4c00, 0, 0x7c00},
        {"half", "half", "%r = fadd half %a, %b", 0x7bff, 0x4800, 0, 0x7bff},
        {"half", "half", "%r = fmul half %a, %b", 0x0001, 0x3800, 0, 0x0000},
        {"half", "half", "%r = fmul half %a, %b", 0x0003, 0x3800, 0, 0x0002},
        {"half", "half", "%r = fdiv half %a, %b", 0x3c00, 0x4200, 0, 0x3555},
        {"half", "half", "%r = call half @air.fma.f16(half %a, half %b, half %c)", 0x3c01,
         0x3c01, 0xbc02, 0x0010},
        {"half", "half", "%r = frem half %a, %b", 0x4580, 0x4000, 0, 0x3e00},
        {"half", "half", "%r = fneg half %a", 0x0000, 0, 0, 0x8000},
        /* bfloat: ties to even */
        {"bfloat", "bfloat", "%r = fadd bfloat %a, %b", 0x3f80, 0x3b80, 0, 0x3f80},
        {"bfloat", "bfloat", "%r = fadd bfloat %a, %b", 0x3f81, 0x3b80, 0, 0x3f82},
        {"bfloat", "bfloat", "%r = fmul bfloat %a, %b", 0x7f7f, 0x4000, 0, 0x7f80},
        {"bfloat", "bfloat", "%r = fsub bfloat %a, %b", 0x3f80, 0x3f80, 0, 0},
        {"float", "i1", "%r = fcmp oeq float %a, %b", 0, 0x80000000, 0, 1},
        {"float", "i1", "%r = fcmp olt float %a, %b", 0xbf800000, 0x3f800000, 0, 1},
        {"float", "i1", "%r = fcmp ogt float %a, %b", 0x7fc00000, 0, 0, 0},
        {"float", "i1", "%r = fcmp ugt float %a, %b", 0x7fc00000, 0, 0, 1},
        {"float", "i1", "%r = fcmp ord float %a, %b", 0x7fc00000, 0, 0, 0},
        {"float", "i1", "%r = fcmp uno float %a, %b", 0x7fc00000, 0, 0, 1},
        {"float", "i1", "%r = fcmp one float %a, %b", 0x3f800000, 0x40000000, 0, 1},
        {"float", "i1", "%r = fcmp une float %a, %b", 0x7fc00000, 0x7fc00000, 0, 1},
        {"half", "i1", "%r = fcmp ole half %a, %b", 0x8001, 0x0000, 0, 1},
        {"half", "i1", "%r = fcmp oge half %a, %b", 0x8001, 0x0000, 0, 0},
        {"bfloat", "i1", "%r = fcmp ueq bfloat %a, %b", 0x3f80, 0x3f80, 0, 1},
    };
    (void)state;
    RUN(cases);
}

static void conversions(void **state)
{
#define CONVERT(name, from, to, a, expected)                                                   \
    {                                                                                          \
        from, to, "%r = call " to " @air.convert." name "(" from " %a)", a, 0, 0, expected     \
    }
    static const op_case cases[] = {
        {"float", "half", "%r = fptrunc float %a to half", 0x477fefff, 0, 0, 0x7bff},
        {"float", "half", "%r = fptrunc float %a to half", 0x477ff000, 0, 0, 0x7c00},
        {"float", "half", "%r = fptrunc float %a to half", 0x33000000, 0, 0, 0x0000},
        {"float", "half", "%r = fptrunc float %a to half", 0x33400000, 0, 0, 0x0001},
        {"float", "half", "%r = fptrunc float %a to half", 0x387fe000, 0, 0, 0x0400},
        {"float", "half", "%r = fptrunc float %a to half", 0xff802000, 0, 0, 0xfe01},
        {"float", "bfloat", "%r = fptrunc float %a to bfloat", 0x3f808000, 0, 0, 0x3f80},
        {"float", "bfloat", "%r = fptrunc float %a to bfloat", 0x3f818000, 0, 0, 0x3f82},
        {"float", "bfloat", "%r = fptrunc float %a to bfloat", 0x7f800001, 0, 0, 0x7fc0},
        {"half", "float", "%r = fpext half %a to float", 0x0001, 0, 0, 0x33800000},
        {"half", "float", "%r = fpext half %a to float", 0x7c01, 0, 0, 0x7fc02000},
        {"half", "float", "%r = fpext half %a to float", 0xfc00, 0, 0, 0xff800000},
        {"bfloat", "float", "%r = fpext bfloat %a to float", 0x0001, 0, 0, 0x00010000},
        CONVERT("f.f16.f.f32.rtz", "float", "half", 0x477ff000, 0x7bff),
        CONVERT("f.f16.f.f32.rtp", "float", "half", 0xc77ff000, 0xfbff),
        CONVERT("f.f16.f.f32.rtp", "float", "half", 0x3f800001, 0x3c01),
        CONVERT("f.f16.f.f32.rtn", "float", "half", 0xbf800001, 0xbc01),
        CONVERT("f.f16.f.f32.rte", "float", "half", 0x3f801000, 0x3c00),
        CONVERT("f.bf16.f.f32.rtz", "float", "bfloat", 0x7f7fffff, 0x7f7f),
        CONVERT("f.bf16.f.f32", "float", "bfloat", 0x7f7fffff, 0x7f80),
        CONVERT("f.bf16.f.f16", "half", "bfloat", 0x3c04, 0x3f80),
        CONVERT("f.bf16.f.f16", "half", "bfloat", 0x3c0c, 0x3f82),
        CONVERT("f.f16.s.i32", "i32", "half", 65519, 0x7bff),
        CONVERT("f.f16.s.i32", "i32", "half", 65520, 0x7c00),
        CONVERT("f.f16.s.i8", "i8", "half", 0xff, 0xbc00),
        CONVERT("f.f16.u.i8", "i8", "half", 0xff, 0x5bf8),
        /* once rounded: through float the last bit would be lost and the tie go to even */
        CONVERT("f.bf16.u.i64", "i64", "bfloat", 0x10100000001, 0x5381),
        CONVERT("f.f32.u.i64", "i64", "float", UINT64_MAX, 0x5f800000),
        CONVERT("f.f32.s.i64", "i64", "float", UINT64_MAX, 0xbf800000),
        CONVERT("f.f32.u.i32", "i32", "float", 0x1000001, 0x4b800000),
        CONVERT("f.f32.u.i32", "i32", "float", 0x1000003, 0x4b800002),
        CONVERT("f.f32.u.i32.rtz", "i32", "float", 0x1000003, 0x4b800001),
        CONVERT("s.i32.f.f32", "float", "i32", 0x4f32d05e, 0x7fffffff),
        CONVERT("s.i32.f.f32", "float", "i32", 0xcf32d05e, 0x80000000),
        CONVERT("s.i32.f.f32", "float", "i32", 0x7fc00000, 0),
        CONVERT("s.i32.f.f32", "float", "i32", 0xc039999a, 0xfffffffe),
        CONVERT("s.i32.f.f32.rte", "float", "i32", 0x40200000, 2),
        CONVERT("s.i32.f.f32.rtp", "float", "i32", 0x40066666, 3),
        CONVERT("s.i32.f.f32.rtn", "float", "i32", 0xc0066666, 0xfffffffd),
        CONVERT("u.i8.f.f32", "float", "i8", 0x43960000, 0xff),
        CONVERT("u.i8.f.f32", "float", "i8", 0xc0a00000, 0),
        CONVERT("s.i8.f.f32", "float", "i8", 0xc3480000, 0x80),
        CONVERT("u.i64.f.f16", "half", "i64", 0x7c00, UINT64_MAX),
        CONVERT("s.i64.f.f32", "float", "i64", 0xdf000000, 1ull << 63),
        CONVERT("u.i16.f.bf16", "bfloat", "i16", 0x4380, 256),
        CONVERT("u.i1.f.f32", "float", "i1", 0x3e800000, 1),
        {"float", "i32", "%r = fptoui float %a to i32", 0x4f800000, 0, 0, 0xffffffff},
        {"float", "i16", "%r = fptosi float %a to i16", 0xc7800000, 0, 0, 0x8000},
        {"i16", "float", "%r = sitofp i16 %a to float", 0x8000, 0, 0, 0xc7000000},
        {"i16", "half", "%r = uitofp i16 %a to half", 0x8000, 0, 0, 0x7800},
        {"i32", "float", "%r = bitcast i32 %a to float", 0x7f800001, 0, 0, 0x7f800001},
        {"<4 x i8>", "i32", "%r = bitcast <4 x i8> %a to i32", 0x44332211, 0, 0, 0x44332211},
        {"i32", "<2 x half>", "%r = bitcast i32 %a to <2 x half>", 0x3c004000, 0, 0,
         0x3c004000},
        {"i64", "<4 x i16>", "%r = bitcast i64 %a to <4 x i16>", 0x1234567890abcdef, 0, 0,
         0x1234567890abcdef},
    };
    (void)state;
    RUN(cases);
}

static void integer_functions(void **state)
{
#define CALL_1(name, t, a, expected)                                                           \
    {t, t, "%r = call " t " @" name "(" t " %a)", a, 0, 0, expected}
#define CALL_2(name, t, a, b, expected)                                                        \
    {t, t, "%r = call " t " @" name "(" t " %a, " t " %b)", a, b, 0, expected}
#define CALL_3(name, t, a, b, c, expected)                                                     \
    {                                                                                          \
        t, t, "%r = call " t " @" name "(" t " %a, " t " %b, " t " %c)", a, b, c, expected     \
    }
    static const op_case cases[] = {
        CALL_1("air.abs.s.i8", "i8", 0x80, 0x80),
        CALL_1("air.abs.s.i32", "i32", 0xfffffffb, 5),
        CALL_1("air.abs.u.i32", "i32", 0xfffffffb, 0xfffffffb),
        CALL_2("air.abs_diff.s.i8", "i8", 0x80, 0x7f, 0xff),
        CALL_2("air.abs_diff.u.i32", "i32", 3, 10, 7),
        CALL_2("air.add_sat.s.i8", "i8", 0x7f, 1, 0x7f),
        CALL_2("air.add_sat.u.i8", "i8", 0xff, 1, 0xff),
        CALL_2("air.sub_sat.s.i16", "i16", 0x8000, 1, 0x8000),
        CALL_2("air.sub_sat.u.i64", "i64", 1, 2, 0),
        CALL_2("air.add_sat.u.i64", "i64", UINT64_MAX, 2, UINT64_MAX),
        CALL_2("air.hadd.s.i32", "i32", 0xfffffffe, 0xffffffff, 0xfffffffe),
        CALL_2("air.hadd.u.i32", "i32", 0xffffffff, 0xfffffffd, 0xfffffffe),
        CALL_2("air.rhadd.u.i64", "i64", UINT64_MAX, UINT64_MAX - 1, UINT64_MAX),
        CALL_2("air.min.s.i32", "i32", 0xffffffff, 1, 0xffffffff),
        CALL_2("air.min.u.i32", "i32", 0xffffffff, 1, 1),
        CALL_2("air.max.s.i64", "i64", UINT64_MAX, 1, 1),
        CALL_3("air.min3.s.i32", "i32", 3, 0xffffffff, 2, 0xffffffff),
        CALL_3("air.max3.u.i32", "i32", 3, 0xffffffff, 2, 0xffffffff),
        CALL_3("air.median3.s.i32", "i32", 3, 0xffffffff, 2, 2),
        CALL_3("air.clamp.s.i32", "i32", 0xfffffff0, 0xfffffffe, 9, 0xfffffffe),
        CALL_2("air.mul_hi.s.i32", "i32", 0xffffffff, 2, 0xffffffff),
        CALL_2("air.mul_hi.u.i64", "i64", UINT64_MAX, UINT64_MAX, UINT64_MAX - 1),
        CALL_2("air.mul_hi.s.i64", "i64", 1ull << 63, 1ull << 63, 1ull << 62),
        CALL_3("air.mad_hi.u.i16", "i16", 0x8000, 0x0004, 5, 7),
        CALL_3("air.mad_sat.s.i8", "i8", 0x40, 0x02, 0xff, 0x7f),
        CALL_3("air.mad_sat.s.i8", "i8", 0x40, 0x02, 0xfe, 0x7e),
        CALL_3("air.mad_sat.u.i64", "i64", UINT64_MAX, UINT64_MAX, 1, UINT64_MAX),
        CALL_1("air.popcount.i64", "i64", 0xf00000000000000f, 8),
        CALL_1("air.reverse_bits.i8", "i8", 0x01, 0x80),
        CALL_2("air.rotate.i32", "i32", 0x80000001, 33, 3),
        CALL_2("air.rotate.i8", "i8", 0x81, 0, 0x81),
        {"i16", "i16", "%r = call i16 @air.clz.i16(i16 %a, i1 false)", 1, 0, 0, 15},
        {"i16", "i16", "%r = call i16 @air.clz.i16(i16 %a, i1 false)", 0, 0, 0, 16},
        {"i64", "i64", "%r = call i64 @air.ctz.i64(i64 %a, i1 false)", 0, 0, 0, 64},
        {"i8", "i8", "%r = call i8 @air.ctz.i8(i8 %a, i1 false)", 0x30, 0, 0, 4},
        {"i32", "i32", "%r = call i32 @air.extract_bits.u.i32(i32 %a, i32 %b, i32 %c)",
         0x12345678, 8, 12, 0x456},
        {"i32", "i32", "%r = call i32 @air.extract_bits.s.i32(i32 %a, i32 %b, i32 %c)",
         0x12345678, 4, 4, 7},
        {"i32", "i32", "%r = call i32 @air.extract_bits.s.i32(i32 %a, i32 %b, i32 %c)",
         0x12345678, 28, 9, 1},
        {"i32", "i32", "%r = call i32 @air.extract_bits.s.i32(i32 %a, i32 %b, i32 %c)",
         0x00000f00, 8, 4, 0xffffffff},
        {"i32", "i32", "%r = call i32 @air.extract_bits.u.i32(i32 %a, i32 %b, i32 %c)",
         0x12345678, 40, 4, 0},
        {"i32", "i32", "%r = call i32 @air.insert_bits.u.i32(i32 %a, i32 %b, i32 %c, i32 12)",
         0xffffffff, 0x456, 8, 0xfff456ff},
        {"i32", "i32", "%r = call i32 @air.insert_bits.u.i32(i32 %a, i32 %b, i32 %c, i32 12)",
         0xffffffff, 0x456, 32, 0xffffffff},
        CALL_1("llvm.bswap.i32", "i32", 0x11223344, 0x44332211),
        CALL_1("llvm.bitreverse.i16", "i16", 0x0001, 0x8000),
        CALL_1("llvm.ctpop.i8", "i8", 0xff, 8),
        CALL_3("llvm.fshl.i32", "i32", 0x80000001, 0xc0000000, 33, 3),
        CALL_3("llvm.fshr.i32", "i32", 1, 0x80000000, 32, 0x80000000),
        CALL_3("llvm.fshr.i32", "i32", 1, 0x80000000, 1, 0xc0000000),
        CALL_2("llvm.smin.i8", "i8", 0x80, 0x7f, 0x80),
        CALL_2("llvm.umin.i8", "i8", 0x80, 0x7f, 0x7f),
        CALL_2("llvm.ssub.sat.i8", "i8", 0x80, 0x7f, 0x80),
        CALL_2("llvm.usub.sat.i8", "i8", 0x01, 0x7f, 0),
        {"i32", "i32", "%r = call i32 @llvm.ctlz.i32(i32 %a, i1 false)", 0, 0, 0, 32},
        {"i32", "i32", "%r = call i32 @llvm.abs.i32(i32 %a, i1 false)", 0x80000000, 0, 0,
         0x80000000},
    };
    (void)state;
    RUN(cases);
}

static void overflow_flags(void **state)
{
#define OVERFLOW(name, t, a, b, expected)                                                      \
    {                                                                                          \
        t, "i1",                                                                               \
            "%o = call { " t ", i1 } @llvm." name ".with.overflow." t "(" t " %a, " t " %b)\n" \
            "  %r = extractvalue { " t ", i1 } %o, 1",                                         \
            a, b, 0, expected                                                                  \
    }
    static const op_case cases[] = {
        OVERFLOW("sadd", "i8", 0x7f, 1, 1),
        OVERFLOW("uadd", "i8", 0x7f, 1, 0),
        OVERFLOW("uadd", "i64", UINT64_MAX, 1, 1),
        OVERFLOW("ssub", "i32", 0x80000000, 1, 1),
        OVERFLOW("usub", "i32", 0, 1, 1),
        OVERFLOW("smul", "i64", 1ull << 62, 2, 1),
        OVERFLOW("smul", "i64", UINT64_MAX, UINT64_MAX, 0),
        OVERFLOW("umul", "i64", UINT64_MAX, UINT64_MAX, 1),
        OVERFLOW("umul", "i64", 1ull << 32, 1ull << 31, 0),
    };
    (void)state;
    RUN(cases);
}

static void vectors(void **state)
{
    static const op_case cases[] = {
        {"<2 x i32>", "<2 x i32>", "%r = add <2 x i32> %a, %b", 0x00000002ffffffff,
         0x0000000300000002, 0, 0x0000000500000001},
        {"<4 x half>", "<4 x half>", "%r = fadd <4 x half> %a, %b", 0x3c003c003c003c00,
         0x0000400042003c00, 0, 0x3c00420044004000},
        {"<4 x i16>", "i16", "%r = extractelement <4 x i16> %a, i32 2", 0x4444333322221111, 0,
         0, 0x3333},
        {"<4 x i16>", "<4 x i16>", "%r = insertelement <4 x i16> %a, i16 7, i32 1",
         0x4444333322221111, 0, 0, 0x4444333300071111},
        {"<4 x i16>", "<4 x i16>",
         "%r = shufflevector <4 x i16> %a, <4 x i16> %b, <4 x i32> <i32 7, i32 0, i32 5, i32 "
         "2>",
         0x4444333322221111, 0x8888777766665555, 0, 0x3333666611118888},
        {"<2 x i32>", "<2 x i32>",
         "%z = icmp ugt <2 x i32> %a, %b\n  %r = select <2 x i1> %z, <2 x i32> %a, <2 x i32> "
         "%b",
         0x0000000100000005, 0x0000000200000003, 0, 0x0000000200000005},
        {"<8 x i8>", "i1",
         "%z = icmp ne <8 x i8> %a, %b\n  %r = call i1 @air.all.v8i1(<8 x i1> %z)",
         0x0101010101010101, 0, 0, 1},
        {"<8 x i8>", "i1",
         "%z = icmp ne <8 x i8> %a, %b\n  %r = call i1 @air.any.v8i1(<8 x i1> %z)", 0, 0, 0, 0},
        {"<8 x i8>", "i8", "%z = icmp ne <8 x i8> %a, %b\n  %r = bitcast <8 x i1> %z to i8",
         0x0100000001010001, 0, 0, 0x8d},
        {"<2 x float>", "float",
         "%r = call float @air.dot.v2f32(<2 x float> %a, <2 x float> %b)", 0x4000000040400000,
         0x4080000040a00000, 0, 0x41b80000},
        {"<2 x half>", "<2 x half>",
         "%r = call <2 x half> @air.fmax.v2f16(<2 x half> %a, <2 x half> %b)", 0x3c004000,
         0x42007e00, 0, 0x42004000},
        {"<2 x i32>", "<2 x i32>",
         "%r = call <2 x i32> @air.min.s.v2i32(<2 x i32> %a, <2 x i32> %b)", 0x00000001ffffffff,
         0xfffffffe00000000, 0, 0xfffffffeffffffff},
        {"<2 x float>", "<2 x i32>",
         "%r = call <2 x i32> @air.convert.s.v2i32.f.v2f32(<2 x float> %a)", 0xbf80000040000000,
         0, 0, 0xffffffff00000002},
        {"i32", "i32",
         "%s = insertvalue { i32, [2 x i32] } zeroinitializer, i32 %a, 1, 1\n"
         "  %t = insertvalue { i32, [2 x i32] } %s, i32 %b, 0\n"
         "  %u = extractvalue { i32, [2 x i32] } %t, 1, 1\n"
         "  %v = extractvalue { i32, [2 x i32] } %t, 0\n"
         "  %r = sub i32 %u, %v",
         10, 3, 0, 7},
    };
    (void)state;
    RUN(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers),       cmocka_unit_test(floats),
        cmocka_unit_test(conversions),    cmocka_unit_test(integer_functions),
        cmocka_unit_test(overflow_flags), cmocka_unit_test(vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
