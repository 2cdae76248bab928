/* SPDX-License-Identifier: MIT */
/* Arithmetic, comparisons, casts and the instructions that move elements about.
 *
 * Elementwise instructions share one handler, which calls a function of the operands' elements
 * for each element of each lane. What LLVM leaves undefined is defined here as in canonical
 * form: shift amounts are taken modulo the width, a divisor that will not do counts as 1.
 */
#include "interp_internal.h"

#include <math.h>
#include <string.h>

/* ---- handlers --------------------------------------------------------------------------- */

bool tj_iexec_elements(tj_igroup *group, const tj_iinst *inst)
{
    unsigned length = inst->type->length, count = inst->arg_count;
    for (unsigned e = 0; e < length; e++) {
        uint64_t *dest = tj_irow(group, inst->dest + e);
        const uint64_t *rows[TJ_I_MAX_ARGS];
        for (unsigned a = 0; a < count; a++)
            rows[a] = tj_irow(group, inst->args[a].word + e * inst->args[a].step);
        TJ_I_FOR_LANES(lane, group->mask)
        {
            uint64_t args[TJ_I_MAX_ARGS];
            for (unsigned a = 0; a < count; a++)
                args[a] = rows[a][lane];
            dest[lane] = inst->fn(inst, args);
        }
    }
    return true;
}

static void copy_lane_words(const tj_igroup *group, uint32_t dest, uint32_t source,
                            unsigned words, unsigned lane)
{
    for (unsigned w = 0; w < words; w++)
        tj_irow(group, dest + w)[lane] = tj_irow(group, source + w)[lane];
}

static void zero_lane_words(const tj_igroup *group, uint32_t dest, unsigned words,
                            unsigned lane)
{
    for (unsigned w = 0; w < words; w++)
        tj_irow(group, dest + w)[lane] = 0;
}

/* A scalar condition chooses whole values, a vector one element by element. */
bool tj_iexec_select(tj_igroup *group, const tj_iinst *inst)
{
    bool is_whole = inst->args[0].step == 0;
    unsigned parts = is_whole ? 1 : inst->type->length;
    unsigned words = is_whole ? inst->type->words : inst->type->elem_words;
    for (unsigned p = 0; p < parts; p++) {
        const uint64_t *conditions = tj_irow(group, inst->args[0].word + p);
        TJ_I_FOR_LANES(lane, group->mask)
        {
            uint32_t source = inst->args[conditions[lane] & 1 ? 1 : 2].word + p * words;
            copy_lane_words(group, inst->dest + p * words, source, words, lane);
        }
    }
    return true;
}

/* An index out of range reads zero. extra: elements of the operand. */
bool tj_iexec_extract_element(tj_igroup *group, const tj_iinst *inst)
{
    unsigned length = *(const unsigned *)inst->extra, words = inst->type->words;
    const uint64_t *indices = tj_irow(group, inst->args[1].word);
    TJ_I_FOR_LANES(lane, group->mask)
    {
        if (indices[lane] < length)
            copy_lane_words(group, inst->dest,
                            inst->args[0].word + (uint32_t)indices[lane] * words, words, lane);
        else
            zero_lane_words(group, inst->dest, words, lane);
    }
    return true;
}

/* An index out of range changes nothing. */
bool tj_iexec_insert_element(tj_igroup *group, const tj_iinst *inst)
{
    const uint64_t *indices = tj_irow(group, inst->args[2].word);
    unsigned words = inst->type->elem_words;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        copy_lane_words(group, inst->dest, inst->args[0].word, inst->type->words, lane);
        if (indices[lane] < inst->type->length)
            copy_lane_words(group, inst->dest + (uint32_t)indices[lane] * words,
                            inst->args[1].word, words, lane);
    }
    return true;
}

bool tj_iexec_shuffle(tj_igroup *group, const tj_iinst *inst)
{
    const int *words = inst->extra; /* a word of each element, relative to operand 0 or 1 */
    unsigned step = inst->type->elem_words;
    for (unsigned e = 0; e < inst->type->length; e++) {
        int arg = words[2 * e], offset = words[2 * e + 1];
        TJ_I_FOR_LANES(lane, group->mask)
        {
            if (arg >= 0)
                copy_lane_words(group, inst->dest + e * step,
                                inst->args[arg].word + (uint32_t)offset, step, lane);
            else
                zero_lane_words(group, inst->dest + e * step, step, lane);
        }
    }
    return true;
}

/* extractvalue, freeze, casts that change no bit. extra: first word of the operand, or NULL. */
bool tj_iexec_copy_words(tj_igroup *group, const tj_iinst *inst)
{
    uint32_t first = inst->extra ? *(const uint32_t *)inst->extra : 0;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        copy_lane_words(group, inst->dest, inst->args[0].word + first, inst->type->words, lane);
    }
    return true;
}

/* extra: first word to replace, and how many. */
bool tj_iexec_insert_value(tj_igroup *group, const tj_iinst *inst)
{
    const uint32_t *place = inst->extra;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        copy_lane_words(group, inst->dest, inst->args[0].word, inst->type->words, lane);
        copy_lane_words(group, inst->dest + place[0], inst->args[1].word, place[1], lane);
    }
    return true;
}

/* Copies bit by bit through one long little-endian number. extra: elements of the operand. */
bool tj_iexec_bitcast(tj_igroup *group, const tj_iinst *inst)
{
    unsigned from_count = *(const unsigned *)inst->extra;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        uint8_t bits[TJ_MAX_COMPONENTS * 64] = {0};
        unsigned at = 0;
        for (unsigned e = 0; e < from_count; e++) {
            uint64_t value = tj_irow(group, inst->args[0].word + e)[lane];
            for (unsigned b = 0; b < inst->from.bits; b++)
                bits[at++] = value >> b & 1;
        }
        at = 0;
        for (unsigned e = 0; e < inst->type->length; e++) {
            uint64_t value = 0;
            for (unsigned b = 0; b < inst->to.bits; b++)
                value |= (uint64_t)bits[at++] << b;
            tj_irow(group, inst->dest + e)[lane] = value;
        }
    }
    return true;
}

/* inttoptr: where such a pointer points is looked up at each access. */
bool tj_iexec_to_pointer(tj_igroup *group, const tj_iinst *inst)
{
    for (unsigned e = 0; e < inst->type->length; e++) {
        TJ_I_FOR_LANES(lane, group->mask)
        {
            tj_irow(group, inst->dest + 2 * e)[lane] =
                tj_irow(group, inst->args[0].word + e)[lane];
            tj_irow(group, inst->dest + 2 * e + 1)[lane] = TJ_I_REGION_ANY;
        }
    }
    return true;
}

/* llvm.*.with.overflow: results, then one flag each. fn gives the result, inst->intrin is
 * not used; the flag is whether the exact result differs. */
__extension__ typedef __int128 int128;

static int128 widen(tj_iscalar type, uint64_t value)
{
    return type.is_signed ? (int128)tj_isext(value, type.bits) : (int128)value;
}

bool tj_iexec_overflow(tj_igroup *group, const tj_iinst *inst)
{
    char op = *(const char *)inst->extra; /* '+', '-' or '*' */
    unsigned length = inst->type->words / 2;
    for (unsigned e = 0; e < length; e++) {
        TJ_I_FOR_LANES(lane, group->mask)
        {
            int128 a = widen(inst->from, tj_irow(group, inst->args[0].word + e)[lane]);
            int128 b = widen(inst->from, tj_irow(group, inst->args[1].word + e)[lane]);
            /* 64-bit unsigned products need all 128 bits, so the sign is out of the way */
            __extension__ unsigned __int128 product =
                (unsigned __int128)a * (unsigned __int128)b;
            int128 exact = op == '+' ? a + b : op == '-' ? a - b : (int128)product;
            uint64_t low = (uint64_t)exact & tj_imask(inst->from.bits);
            tj_irow(group, inst->dest + e)[lane] = low;
            tj_irow(group, inst->dest + length + e)[lane] = widen(inst->from, low) != exact;
        }
    }
    return true;
}

/* llvm.vector.reduce.*, air.all, air.any: from the first element on. */
bool tj_iexec_reduce(tj_igroup *group, const tj_iinst *inst)
{
    unsigned length = *(const unsigned *)inst->extra;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        uint64_t args[2] = {tj_irow(group, inst->args[0].word)[lane], 0};
        for (unsigned e = 1; e < length; e++) {
            args[1] = tj_irow(group, inst->args[0].word + e)[lane];
            args[0] = inst->fn(inst, args);
        }
        tj_irow(group, inst->dest)[lane] = args[0];
    }
    return true;
}

/* air.dot: products and sums rounded one by one, from element 0. */
bool tj_iexec_dot(tj_igroup *group, const tj_iinst *inst)
{
    unsigned length = *(const unsigned *)inst->extra;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        uint64_t sum[2] = {0};
        for (unsigned e = 0; e < length; e++) {
            uint64_t args[2] = {tj_irow(group, inst->args[0].word + e)[lane],
                                tj_irow(group, inst->args[1].word + e)[lane]};
            sum[1] = tj_ifn_fmul(inst, args);
            sum[0] = e == 0 ? sum[1] : tj_ifn_fadd(inst, sum);
        }
        tj_irow(group, inst->dest)[lane] = sum[0];
    }
    return true;
}

/* ---- integers --------------------------------------------------------------------------- */

/* An elementwise integer function; `a`, `b` are zero-extended, `bits` is the width. */
#define INTEGER_FN(name, expression)                                                           \
    uint64_t tj_ifn_##name(const tj_iinst *inst, const uint64_t *args)                         \
    {                                                                                          \
        unsigned bits = inst->from.bits;                                                       \
        uint64_t a = args[0], b = args[1];                                                     \
        (void)a, (void)b;                                                                      \
        return (expression) & tj_imask(bits);                                                  \
    }
#define LOCAL_FN(name, expression)                                                             \
    static tj_ifn tj_ifn_##name;                                                               \
    static INTEGER_FN(name, expression)

INTEGER_FN(add, a + b)
INTEGER_FN(sub, a - b)
INTEGER_FN(mul, a *b)
INTEGER_FN(and, a &b)
INTEGER_FN(or, a | b)
INTEGER_FN(xor, a ^ b)
INTEGER_FN(second, b)
LOCAL_FN(nand, ~(a &b))
LOCAL_FN(shl, a << b % bits)
LOCAL_FN(lshr, a >> b % bits)
LOCAL_FN(ashr, (uint64_t)(tj_isext(a, bits) >> b % bits))
LOCAL_FN(udiv, b == 0 ? a : a / b)
LOCAL_FN(urem, b == 0 ? 0 : a % b)
LOCAL_FN(inc_wrap, a >= b ? 0 : a + 1)
LOCAL_FN(dec_wrap, a == 0 || a > b ? b : a - 1)
LOCAL_FN(sub_cond, a >= b ? a - b : a)
LOCAL_FN(sub_clamp, a >= b ? a - b : 0)

/* The most negative number divided by -1 is itself, as if divided by 1. */
static uint64_t tj_ifn_sdiv(const tj_iinst *inst, const uint64_t *args)
{
    int64_t a = tj_isext(args[0], inst->from.bits), b = tj_isext(args[1], inst->from.bits);
    uint64_t quotient = b == 0 ? (uint64_t)a : b == -1 ? -(uint64_t)a : (uint64_t)(a / b);
    return quotient & tj_imask(inst->from.bits);
}

static uint64_t tj_ifn_srem(const tj_iinst *inst, const uint64_t *args)
{
    int64_t a = tj_isext(args[0], inst->from.bits), b = tj_isext(args[1], inst->from.bits);
    return b == 0 || b == -1 ? 0 : (uint64_t)(a % b) & tj_imask(inst->from.bits);
}

static uint64_t tj_ifn_trunc(const tj_iinst *inst, const uint64_t *args)
{
    return args[0] & tj_imask(inst->to.bits);
}

static uint64_t tj_ifn_sext(const tj_iinst *inst, const uint64_t *args)
{
    return (uint64_t)tj_isext(args[0], inst->from.bits) & tj_imask(inst->to.bits);
}

#define COMPARE_FN(name, type, operator)                                                       \
    static uint64_t tj_ifn_##name(const tj_iinst *inst, const uint64_t *args)                  \
    {                                                                                          \
        type a = (type)tj_isext(args[0], inst->from.bits);                                     \
        type b = (type)tj_isext(args[1], inst->from.bits);                                     \
        return a operator b;                                                                   \
    }
COMPARE_FN(eq, uint64_t, ==)
COMPARE_FN(ne, uint64_t, !=)
COMPARE_FN(ugt, uint64_t, >)
COMPARE_FN(uge, uint64_t, >=)
COMPARE_FN(ult, uint64_t, <)
COMPARE_FN(ule, uint64_t, <=)
COMPARE_FN(sgt, int64_t, >)
COMPARE_FN(sge, int64_t, >=)
COMPARE_FN(slt, int64_t, <)
COMPARE_FN(sle, int64_t, <=)

/* ---- floats ----------------------------------------------------------------------------- */

/* half and bfloat are computed in float, which is exact enough for one correct rounding
 * (float has more than 2p + 2 bits), then rounded. */
#define FLOAT_FN(name, expression, of_doubles)                                                 \
    uint64_t tj_ifn_##name(const tj_iinst *inst, const uint64_t *args)                         \
    {                                                                                          \
        if (inst->from.kind == TJ_I_DOUBLE)                                                    \
            return tj_ifn_double_##of_doubles(inst, args);                                     \
        float a = tj_ifloat_of(inst->from, args[0]);                                           \
        float b = tj_ifloat_of(inst->from, args[1]);                                           \
        return tj_ibits_of(inst->from, expression);                                            \
    }
FLOAT_FN(fadd, a + b, add)
FLOAT_FN(fsub, a - b, sub)
FLOAT_FN(fmul, (a * b), mul)
static tj_ifn tj_ifn_fdiv, tj_ifn_frem;
static FLOAT_FN(fdiv, a / b, div) static FLOAT_FN(frem, fmodf(a, b), rem)

    static uint64_t tj_ifn_fneg(const tj_iinst *inst, const uint64_t *args)
{
    return args[0] ^ UINT64_C(1) << (inst->from.bits - 1);
}

enum { LESS = 1, EQUAL = 2, GREATER = 4, UNORDERED = 8 };

static unsigned compare(const tj_iinst *inst, const uint64_t *args)
{
    if (tj_iis_nan(inst->from, args[0]) || tj_iis_nan(inst->from, args[1]))
        return UNORDERED;
    if (inst->from.kind == TJ_I_DOUBLE) {
        double x = tj_idouble_of(inst->from, args[0]), y = tj_idouble_of(inst->from, args[1]);
        return x < y ? LESS : x > y ? GREATER : EQUAL;
    }
    float a = tj_ifloat_of(inst->from, args[0]), b = tj_ifloat_of(inst->from, args[1]);
    return a < b ? LESS : a > b ? GREATER : EQUAL;
}

#define FCMP_FN(name, accepted)                                                                \
    static uint64_t tj_ifn_##name(const tj_iinst *inst, const uint64_t *args)                  \
    {                                                                                          \
        return (compare(inst, args) & (accepted)) != 0;                                        \
    }
FCMP_FN(fcmp_false, 0)
FCMP_FN(fcmp_oeq, EQUAL)
FCMP_FN(fcmp_ogt, GREATER)
FCMP_FN(fcmp_oge, GREATER | EQUAL)
FCMP_FN(fcmp_olt, LESS)
FCMP_FN(fcmp_ole, LESS | EQUAL)
FCMP_FN(fcmp_one, LESS | GREATER)
FCMP_FN(fcmp_ord, LESS | EQUAL | GREATER)
FCMP_FN(fcmp_uno, UNORDERED)
FCMP_FN(fcmp_ueq, UNORDERED | EQUAL)
FCMP_FN(fcmp_ugt, UNORDERED | GREATER)
FCMP_FN(fcmp_uge, UNORDERED | GREATER | EQUAL)
FCMP_FN(fcmp_ult, UNORDERED | LESS)
FCMP_FN(fcmp_ule, UNORDERED | LESS | EQUAL)
FCMP_FN(fcmp_une, UNORDERED | LESS | GREATER)
FCMP_FN(fcmp_true, UNORDERED | LESS | EQUAL | GREATER)

/* ---- which function for which instruction ----------------------------------------------- */

tj_ifn *tj_ifn_of_opcode(LLVMOpcode opcode)
{
    static tj_ifn *const fns[] = {
        [LLVMFNeg] = tj_ifn_fneg,
        [LLVMAdd] = tj_ifn_add,
        [LLVMFAdd] = tj_ifn_fadd,
        [LLVMSub] = tj_ifn_sub,
        [LLVMFSub] = tj_ifn_fsub,
        [LLVMMul] = tj_ifn_mul,
        [LLVMFMul] = tj_ifn_fmul,
        [LLVMUDiv] = tj_ifn_udiv,
        [LLVMSDiv] = tj_ifn_sdiv,
        [LLVMFDiv] = tj_ifn_fdiv,
        [LLVMURem] = tj_ifn_urem,
        [LLVMSRem] = tj_ifn_srem,
        [LLVMFRem] = tj_ifn_frem,
        [LLVMShl] = tj_ifn_shl,
        [LLVMLShr] = tj_ifn_lshr,
        [LLVMAShr] = tj_ifn_ashr,
        [LLVMAnd] = tj_ifn_and,
        [LLVMOr] = tj_ifn_or,
        [LLVMXor] = tj_ifn_xor,
        [LLVMTrunc] = tj_ifn_trunc,
        [LLVMZExt] = tj_ifn_trunc,
        [LLVMSExt] = tj_ifn_sext,
        [LLVMFPToUI] = tj_ifn_float_to_int,
        [LLVMFPToSI] = tj_ifn_float_to_int,
        [LLVMUIToFP] = tj_ifn_int_to_float,
        [LLVMSIToFP] = tj_ifn_int_to_float,
        [LLVMFPTrunc] = tj_ifn_float_cast,
        [LLVMFPExt] = tj_ifn_float_cast,
        [LLVMPtrToInt] = tj_ifn_trunc,
    };
    return (size_t)opcode < sizeof fns / sizeof fns[0] ? fns[opcode] : NULL;
}

tj_ifn *tj_ifn_of_icmp(LLVMIntPredicate predicate)
{
    static tj_ifn *const fns[] = {
        [LLVMIntEQ] = tj_ifn_eq,   [LLVMIntNE] = tj_ifn_ne,   [LLVMIntUGT] = tj_ifn_ugt,
        [LLVMIntUGE] = tj_ifn_uge, [LLVMIntULT] = tj_ifn_ult, [LLVMIntULE] = tj_ifn_ule,
        [LLVMIntSGT] = tj_ifn_sgt, [LLVMIntSGE] = tj_ifn_sge, [LLVMIntSLT] = tj_ifn_slt,
        [LLVMIntSLE] = tj_ifn_sle,
    };
    return fns[predicate];
}

tj_ifn *tj_ifn_of_fcmp(LLVMRealPredicate predicate)
{
    static tj_ifn *const fns[] = {
        [LLVMRealPredicateFalse] = tj_ifn_fcmp_false,
        [LLVMRealOEQ] = tj_ifn_fcmp_oeq,
        [LLVMRealOGT] = tj_ifn_fcmp_ogt,
        [LLVMRealOGE] = tj_ifn_fcmp_oge,
        [LLVMRealOLT] = tj_ifn_fcmp_olt,
        [LLVMRealOLE] = tj_ifn_fcmp_ole,
        [LLVMRealONE] = tj_ifn_fcmp_one,
        [LLVMRealORD] = tj_ifn_fcmp_ord,
        [LLVMRealUNO] = tj_ifn_fcmp_uno,
        [LLVMRealUEQ] = tj_ifn_fcmp_ueq,
        [LLVMRealUGT] = tj_ifn_fcmp_ugt,
        [LLVMRealUGE] = tj_ifn_fcmp_uge,
        [LLVMRealULT] = tj_ifn_fcmp_ult,
        [LLVMRealULE] = tj_ifn_fcmp_ule,
        [LLVMRealUNE] = tj_ifn_fcmp_une,
        [LLVMRealPredicateTrue] = tj_ifn_fcmp_true,
    };
    return fns[predicate];
}

/* NULL for operations that need a type (min, max) or are not accepted. */
tj_ifn *tj_ifn_of_rmw(LLVMAtomicRMWBinOp op)
{
    static tj_ifn *const fns[] = {
        [LLVMAtomicRMWBinOpXchg] = tj_ifn_second,
        [LLVMAtomicRMWBinOpAdd] = tj_ifn_add,
        [LLVMAtomicRMWBinOpSub] = tj_ifn_sub,
        [LLVMAtomicRMWBinOpAnd] = tj_ifn_and,
        [LLVMAtomicRMWBinOpNand] = tj_ifn_nand,
        [LLVMAtomicRMWBinOpOr] = tj_ifn_or,
        [LLVMAtomicRMWBinOpXor] = tj_ifn_xor,
        [LLVMAtomicRMWBinOpMax] = tj_ifn_imax,
        [LLVMAtomicRMWBinOpMin] = tj_ifn_imin,
        [LLVMAtomicRMWBinOpUMax] = tj_ifn_imax,
        [LLVMAtomicRMWBinOpUMin] = tj_ifn_imin,
        [LLVMAtomicRMWBinOpFAdd] = tj_ifn_fadd,
        [LLVMAtomicRMWBinOpFSub] = tj_ifn_fsub,
        [LLVMAtomicRMWBinOpFMax] = tj_ifn_fmax,
        [LLVMAtomicRMWBinOpFMin] = tj_ifn_fmin,
        [LLVMAtomicRMWBinOpUIncWrap] = tj_ifn_inc_wrap,
        [LLVMAtomicRMWBinOpUDecWrap] = tj_ifn_dec_wrap,
        [LLVMAtomicRMWBinOpUSubCond] = tj_ifn_sub_cond,
        [LLVMAtomicRMWBinOpUSubSat] = tj_ifn_sub_clamp,
    };
    return (size_t)op < sizeof fns / sizeof fns[0] ? fns[op] : NULL;
}
