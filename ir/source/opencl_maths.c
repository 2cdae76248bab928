/* SPDX-License-Identifier: MIT */
/* Maths, integers, relations and choices: one AIR function or a few instructions. */
#include "opencl_internal.h"

#include <stdio.h>
#include <string.h>

/* ---- AIR functions --------------------------------------------------------------------------
 */

/* The longest of the operands' types: scalars go with vectors. */
static LLVMTypeRef widest(tj_ocl_call *c)
{
    LLVMTypeRef type = LLVMTypeOf(c->args[0]);
    for (unsigned i = 1; i < c->count; i++)
        if (tj_ocl_length(LLVMTypeOf(c->args[i])) > tj_ocl_length(type))
            type = LLVMTypeOf(c->args[i]);
    return type;
}

/* In fast maths floats go by AIR's fast functions, but for those that are exact anyway. */
static const char *fast_prefix(const tj_ocl_call *c, const char *stem, LLVMTypeRef type)
{
    static const char *const exact[] = {"copysign", "fma", "fmod", "ldexp", "nextafter"};
    if (!c->is_fast || !tj_ocl_is_float(type) || tj_ocl_bits(type) != 32 ||
        strncmp(stem, "fast_", 5) == 0)
        return "";
    for (unsigned i = 0; i < sizeof exact / sizeof exact[0]; i++)
        if (strcmp(stem, exact[i]) == 0)
            return "";
    return "fast_";
}

static tj_status invoke_air(tj_ocl_call *c, const char *stem, const char *sign)
{
    char name[96], suffix[16];
    LLVMTypeRef type = widest(c);
    for (unsigned i = 0; i < c->count; i++)
        c->args[i] = tj_ocl_splat(c, c->args[i], type);
    snprintf(name, sizeof name, "air.%s%s.%s%s", fast_prefix(c, stem, type), stem, sign,
             tj_ocl_suffix(type, suffix));
    c->value = tj_ocl_invoke(c, name, c->type, c->args, c->count);
    return TJ_OK;
}

static const char *sign_of(const tj_ocl_call *c)
{
    return c->name->params[0].kind == 's' ? "s." : "u.";
}

/* Of floats, or of integers whatever their sign. */
tj_status tj_ocl_air(tj_ocl_call *c)
{
    return invoke_air(c, c->what, "");
}

tj_status tj_ocl_signed(tj_ocl_call *c)
{
    return invoke_air(c, c->what, sign_of(c));
}

/* "fmin min": the first word for floats, the second for integers. */
tj_status tj_ocl_either(tj_ocl_call *c)
{
    char stem[32];
    bool is_float = tj_ocl_is_float(LLVMTypeOf(c->args[0]));
    size_t first_len = strcspn(c->what, " ");
    if (!is_float)
        return invoke_air(c, c->what + first_len + 1, sign_of(c));
    snprintf(stem, sizeof stem, "%.*s", (int)first_len, c->what);
    return invoke_air(c, stem, "");
}

/* Zeros are counted in a zero too. */
tj_status tj_ocl_count(tj_ocl_call *c)
{
    char name[96], suffix[16];
    snprintf(name, sizeof name, "air.%s.%s", c->what, tj_ocl_suffix(c->type, suffix));
    LLVMValueRef args[] = {c->args[0], LLVMConstNull(tj_ocl_int_type(c, 1))};
    c->value = tj_ocl_invoke(c, name, c->type, args, 2);
    return TJ_OK;
}

/* A function of one vector that gives a number; of a scalar, a product. */
tj_status tj_ocl_dot(tj_ocl_call *c)
{
    if (tj_ocl_length(LLVMTypeOf(c->args[0])) > 1)
        return invoke_air(c, c->what, "");
    c->value = LLVMBuildFMul(c->builder, c->args[0], c->args[1], "");
    return TJ_OK;
}

/* ---- arithmetic -----------------------------------------------------------------------------
 */

tj_status tj_ocl_mad(tj_ocl_call *c)
{
    char name[48], suffix[16];
    snprintf(name, sizeof name, "llvm.fmuladd.%s", tj_ocl_suffix(c->type, suffix));
    c->value = tj_ocl_invoke(c, name, c->type, c->args, 3);
    return TJ_OK;
}

tj_status tj_ocl_divide(tj_ocl_call *c)
{
    LLVMValueRef one = tj_ocl_splat(c, LLVMConstReal(tj_ocl_scalar(c->type), 1.0), c->type);
    bool is_reciprocal = c->count == 1;
    c->value = LLVMBuildFDiv(c->builder, is_reciprocal ? one : c->args[0],
                             c->args[is_reciprocal ? 0 : 1], "");
    return TJ_OK;
}

/* The halves of a number. */
tj_status tj_ocl_upsample(tj_ocl_call *c)
{
    unsigned half = tj_ocl_bits(c->type) / 2;
    LLVMValueRef high = LLVMBuildZExt(c->builder, c->args[0], c->type, "");
    LLVMValueRef low = LLVMBuildZExt(c->builder, c->args[1], c->type, "");
    high = LLVMBuildShl(c->builder, high, tj_ocl_int(c->type, half), "");
    c->value = LLVMBuildOr(c->builder, high, low, "");
    return TJ_OK;
}

/* A quiet NaN with the bits of the operand. */
tj_status tj_ocl_nan(tj_ocl_call *c)
{
    LLVMTypeRef bits = LLVMTypeOf(c->args[0]);
    uint64_t quiet = tj_ocl_bits(bits) == 16 ? 0x7e00 : 0x7fc00000;
    uint64_t payload = tj_ocl_bits(bits) == 16 ? 0x3ff : 0x7fffff;
    LLVMValueRef kept = LLVMBuildAnd(c->builder, c->args[0], tj_ocl_int(bits, payload), "");
    kept = LLVMBuildOr(c->builder, kept, tj_ocl_int(bits, quiet), "");
    c->value = tj_ocl_bitcast(c, kept, c->type);
    return TJ_OK;
}

/* ---- relations ------------------------------------------------------------------------------
 */

/* A scalar gives 1, a vector all bits. */
static LLVMValueRef truth(tj_ocl_call *c, LLVMValueRef is_true)
{
    return tj_ocl_length(c->type) == 1 ? LLVMBuildZExt(c->builder, is_true, c->type, "")
                                       : LLVMBuildSExt(c->builder, is_true, c->type, "");
}

tj_status tj_ocl_compare(tj_ocl_call *c)
{
    static const struct {
        const char *word;
        LLVMRealPredicate predicate;
    } words[] = {{"oeq", LLVMRealOEQ}, {"une", LLVMRealUNE}, {"ogt", LLVMRealOGT},
                 {"oge", LLVMRealOGE}, {"olt", LLVMRealOLT}, {"ole", LLVMRealOLE},
                 {"one", LLVMRealONE}, {"ord", LLVMRealORD}, {"uno", LLVMRealUNO}};
    LLVMValueRef other = c->args[c->count - 1];
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, c->what) == 0)
            c->value =
                truth(c, LLVMBuildFCmp(c->builder, words[i].predicate, c->args[0], other, ""));
    return TJ_OK;
}

/* Of the bits without the sign: what = the predicate against infinity, or "normal". */
tj_status tj_ocl_classify(tj_ocl_call *c)
{
    LLVMTypeRef from = LLVMTypeOf(c->args[0]);
    unsigned bits = tj_ocl_bits(from);
    LLVMTypeRef type = tj_ocl_like(from, tj_ocl_int_type(c, bits));
    uint64_t infinity = bits == 16 ? 0x7c00 : 0x7f800000, least = bits == 16 ? 0x400 : 0x800000;
    LLVMValueRef all = tj_ocl_bitcast(c, c->args[0], type);
    LLVMValueRef size =
        LLVMBuildAnd(c->builder, all, tj_ocl_int(type, (1ull << (bits - 1)) - 1), "");
    if (strcmp(c->what, "sign") == 0) {
        c->value =
            truth(c, LLVMBuildICmp(c->builder, LLVMIntSLT, all, LLVMConstNull(type), ""));
    } else if (strcmp(c->what, "normal") == 0) {
        LLVMValueRef above = LLVMBuildSub(c->builder, size, tj_ocl_int(type, least), "");
        c->value = truth(c, LLVMBuildICmp(c->builder, LLVMIntULT, above,
                                          tj_ocl_int(type, infinity - least), ""));
    } else {
        LLVMIntPredicate predicate = strcmp(c->what, "infinite") == 0 ? LLVMIntEQ : LLVMIntULT;
        c->value = truth(
            c, LLVMBuildICmp(c->builder, predicate, size, tj_ocl_int(type, infinity), ""));
    }
    return TJ_OK;
}

/* The highest bit of each element. */
static LLVMValueRef is_negative(tj_ocl_call *c, LLVMValueRef value)
{
    return LLVMBuildICmp(c->builder, LLVMIntSLT, value, LLVMConstNull(LLVMTypeOf(value)), "");
}

tj_status tj_ocl_vote_elements(tj_ocl_call *c)
{
    char name[48], suffix[16];
    LLVMValueRef is_set = is_negative(c, c->args[0]);
    LLVMTypeRef type = LLVMTypeOf(is_set);
    if (tj_ocl_length(type) > 1) {
        snprintf(name, sizeof name, "air.%s.%s", c->what, tj_ocl_suffix(type, suffix));
        is_set = tj_ocl_invoke(c, name, tj_ocl_int_type(c, 1), &is_set, 1);
    }
    c->value = LLVMBuildZExt(c->builder, is_set, c->type, "");
    return TJ_OK;
}

/* select(a, b, c): b where c; of vectors, where c's highest bit is set. */
tj_status tj_ocl_select(tj_ocl_call *c)
{
    LLVMValueRef by = c->args[2];
    LLVMValueRef is_second =
        tj_ocl_length(c->type) > 1
            ? is_negative(c, by)
            : LLVMBuildICmp(c->builder, LLVMIntNE, by, LLVMConstNull(LLVMTypeOf(by)), "");
    c->value = LLVMBuildSelect(c->builder, is_second, c->args[1], c->args[0], "");
    return TJ_OK;
}

tj_status tj_ocl_bitselect(tj_ocl_call *c)
{
    LLVMTypeRef type = tj_ocl_like(c->type, tj_ocl_int_type(c, tj_ocl_bits(c->type)));
    LLVMValueRef a = tj_ocl_bitcast(c, c->args[0], type);
    LLVMValueRef b = tj_ocl_bitcast(c, c->args[1], type);
    LLVMValueRef by = tj_ocl_bitcast(c, c->args[2], type);
    LLVMValueRef first = LLVMBuildAnd(c->builder, a, LLVMBuildNot(c->builder, by, ""), "");
    LLVMValueRef second = LLVMBuildAnd(c->builder, b, by, "");
    c->value = tj_ocl_bitcast(c, LLVMBuildOr(c->builder, first, second, ""), c->type);
    return TJ_OK;
}

/* ---- shuffles -------------------------------------------------------------------------------
 */

/* Each element by the low bits of the mask's; of two vectors the second follows the first. */
tj_status tj_ocl_shuffle(tj_ocl_call *c)
{
    LLVMValueRef mask = c->args[c->count - 1], from = c->args[0];
    unsigned length = tj_ocl_length(LLVMTypeOf(from));
    if (c->count == 3) {
        LLVMValueRef both[32];
        for (unsigned i = 0; i < 2 * length; i++)
            both[i] = tj_ocl_index(c, i);
        if (length == 16)
            return tj_ocl_refuse(c, "two vectors of 16 are not supported");
        from = LLVMBuildShuffleVector(c->builder, from, c->args[1],
                                      LLVMConstVector(both, 2 * length), "");
        length *= 2;
    }
    LLVMTypeRef element = tj_ocl_scalar(LLVMTypeOf(mask));
    c->value = LLVMConstNull(c->type);
    for (unsigned i = 0; i < tj_ocl_length(c->type); i++) {
        LLVMValueRef at = LLVMBuildExtractElement(c->builder, mask, tj_ocl_index(c, i), "");
        at = LLVMBuildAnd(c->builder, at, LLVMConstInt(element, length - 1, false), "");
        at = LLVMBuildIntCast2(c->builder, at, tj_ocl_int_type(c, 32), false, "");
        LLVMValueRef one = LLVMBuildExtractElement(c->builder, from, at, "");
        c->value = LLVMBuildInsertElement(c->builder, c->value, one, tj_ocl_index(c, i), "");
    }
    return TJ_OK;
}

/* ---- two results ----------------------------------------------------------------------------
 */

static LLVMValueRef apply(tj_ocl_call *c, const char *stem, LLVMTypeRef type,
                          LLVMValueRef *args, unsigned count)
{
    char name[96], suffix[16];
    snprintf(name, sizeof name, "air.%s%s.%s", fast_prefix(c, stem, type), stem,
             tj_ocl_suffix(type, suffix));
    return tj_ocl_invoke(c, name, type, args, count);
}

static void put_result(tj_ocl_call *c, LLVMValueRef value)
{
    LLVMBuildStore(c->builder, value, tj_ocl_named_pointer(c->args[1]));
}

tj_status tj_ocl_sincos(tj_ocl_call *c)
{
    put_result(c, apply(c, "cos", c->type, c->args, 1));
    c->value = apply(c, "sin", c->type, c->args, 1);
    return TJ_OK;
}

/* What is left of x above its floor, always below 1. */
tj_status tj_ocl_fract(tj_ocl_call *c)
{
    put_result(c, apply(c, "floor", c->type, c->args, 1));
    c->value = apply(c, "fract", c->type, c->args, 1);
    return TJ_OK;
}

/* "___metal_frexp_v4float_pthreadv4int32(x, pointer)" (runtime_helper.h): the second result
 * goes through thread memory. `second` is the name of its scalar; NULL: there is none. */
static LLVMValueRef helper(tj_ocl_call *c, const char *stem, const char *second,
                           LLVMTypeRef through)
{
    char name[96], length[8] = "";
    const char *scalar = tj_ocl_bits(LLVMTypeOf(c->args[0])) == 16 ? "half" : "float";
    if (tj_ocl_length(LLVMTypeOf(c->args[0])) > 1)
        snprintf(length, sizeof length, "v%u", tj_ocl_length(LLVMTypeOf(c->args[0])));
    snprintf(name, sizeof name, "___metal_%s_%s%s", stem, length, scalar);
    LLVMValueRef args[] = {c->args[0], NULL};
    if (!through)
        return tj_ocl_invoke(c, name, c->type, args, 1);
    size_t name_len = strlen(name);
    snprintf(name + name_len, sizeof name - name_len, "_pthread%s%s", length,
             second ? second : scalar);
    args[1] = tj_ocl_alloca(c, through);
    LLVMValueRef value = tj_ocl_invoke(c, name, c->type, args, 2);
    put_result(c, LLVMBuildLoad2(c->builder, through, args[1], ""));
    return value;
}

tj_status tj_ocl_frexp(tj_ocl_call *c)
{
    c->value = helper(c, "frexp", "int32", tj_ocl_like(c->type, tj_ocl_int_type(c, 32)));
    return TJ_OK;
}

tj_status tj_ocl_modf(tj_ocl_call *c)
{
    c->value = helper(c, "modf", NULL, c->type);
    return TJ_OK;
}

tj_status tj_ocl_ilogb(tj_ocl_call *c)
{
    c->value = helper(c, "ilogb", NULL, NULL);
    return TJ_OK;
}
