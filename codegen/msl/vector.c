/* SPDX-License-Identifier: MIT */
/* Vectors: components, swizzles and constructors (MSL specification, 2.2). */
#include "msl.h"

#include <string.h>

const char *tj_msl_component(tj_msl *m, LLVMValueRef vector, unsigned i)
{
    const tj_mval *val = tj_msl_find(m, vector);

    if (!val)
        return tj_msl_expr(m, LLVMGetAggregateElement(vector, i), 0);
    if (val->is_folded && LLVMIsAInsertElementInst(vector) &&
        LLVMIsAConstantInt(LLVMGetOperand(vector, 2))) {
        if (LLVMConstIntGetZExtValue(LLVMGetOperand(vector, 2)) == i)
            return tj_msl_expr_as(m, LLVMGetOperand(vector, 1), val->is_signed, 0);
        return tj_msl_component(m, LLVMGetOperand(vector, 0), i);
    }
    if (val->is_folded && LLVMIsAShuffleVectorInst(vector)) {
        unsigned count = LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(vector, 0)));
        int lane = LLVMGetMaskValue(vector, i);

        return lane < 0 ? "0"
                        : tj_msl_component(m, LLVMGetOperand(vector, (unsigned)lane >= count),
                                           (unsigned)lane % count);
    }
    return TJ_MSL_TEXT(m, "%s.%c", tj_msl_expr(m, vector, TJ_PREC_PRIMARY), "xyzw"[i & 3]);
}

const char *tj_msl_extract(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef vector = LLVMGetOperand(inst, 0), index = LLVMGetOperand(inst, 1);
    LLVMTypeRef type = LLVMTypeOf(inst);
    const char *text;

    *prec = TJ_PREC_PRIMARY;
    if (LLVMGetVectorSize(LLVMTypeOf(vector)) == 64)
        return TJ_MSL_TEXT(m, "%s.thread_elements()[%s]",
                           tj_msl_expr(m, vector, TJ_PREC_PRIMARY), tj_msl_expr(m, index, 0));
    if (LLVMIsAConstantInt(index))
        text = tj_msl_component(m, vector,
                                (unsigned)LLVMConstIntGetZExtValue(index) %
                                    LLVMGetVectorSize(LLVMTypeOf(vector)));
    else
        text = TJ_MSL_TEXT(m, "%s[%s]", tj_msl_expr(m, vector, TJ_PREC_PRIMARY),
                           tj_msl_expr(m, index, 0));
    if (!tj_msl_is_integer(type) || tj_msl_bits(type) == 1 ||
        tj_msl_is_signed(m, vector) == tj_msl_is_signed(m, inst))
        return text;
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, tj_msl_is_signed(m, inst)), text);
}

/* All components from one vector in a swizzle; NULL: they are not. */
static const char *swizzle(tj_msl *m, LLVMValueRef inst)
{
    unsigned count = LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(inst, 0)));
    unsigned len = LLVMGetVectorSize(LLVMTypeOf(inst));
    char letters[5] = {0};
    bool is_identity = len == count;
    unsigned source = (unsigned)LLVMGetMaskValue(inst, 0) / count;
    const tj_mval *val = tj_msl_find(m, LLVMGetOperand(inst, source));

    if (!val ||
        (val->is_folded && !LLVMIsALoadInst(val->value) && !LLVMIsACallInst(val->value)))
        return NULL;
    for (unsigned i = 0; i < len; i++) {
        int lane = LLVMGetMaskValue(inst, i);

        if (lane < 0 || (unsigned)lane / count != source)
            return NULL;
        letters[i] = "xyzw"[(unsigned)lane % count];
        is_identity &= (unsigned)lane % count == i;
    }
    if (tj_msl_is_integer(LLVMTypeOf(inst)) && val->is_signed != tj_msl_is_signed(m, inst))
        return NULL;
    return TJ_MSL_TEXT(m, is_identity ? "%s" : "%s.%s",
                       tj_msl_expr(m, val->value, TJ_PREC_PRIMARY), letters);
}

const char *tj_msl_construct(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMTypeRef type = LLVMTypeOf(inst);
    const char *text = "", *first = NULL, *swizzled;
    bool is_same = true;

    *prec = TJ_PREC_PRIMARY;
    if (LLVMIsAShuffleVectorInst(inst) && (swizzled = swizzle(m, inst)))
        return swizzled;
    for (unsigned i = 0; i < LLVMGetVectorSize(type); i++) {
        const char *one;

        if (LLVMIsAInsertElementInst(inst) && LLVMIsAConstantInt(LLVMGetOperand(inst, 2)) &&
            LLVMConstIntGetZExtValue(LLVMGetOperand(inst, 2)) == i)
            one = tj_msl_expr_as(m, LLVMGetOperand(inst, 1), tj_msl_is_signed(m, inst), 0);
        else if (LLVMIsAInsertElementInst(inst))
            one = tj_msl_component(m, LLVMGetOperand(inst, 0), i);
        else {
            unsigned count = LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(inst, 0)));
            unsigned lane = (unsigned)LLVMGetMaskValue(inst, i);

            one = tj_msl_component(m, LLVMGetOperand(inst, lane >= count), lane % count);
        }
        is_same &= !first || strcmp(first, one) == 0;
        first = one;
        text = TJ_MSL_TEXT(m, "%s%s%s", text, i ? ", " : "", one);
    }
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, tj_msl_is_signed(m, inst)),
                       is_same ? first : text);
}

LLVMValueRef tj_msl_splat(const tj_msl *m, LLVMValueRef value)
{
    const tj_mval *val = tj_msl_find(m, value);
    LLVMValueRef from;

    if (!tj_msl_is_vector(LLVMTypeOf(value)))
        return NULL;
    if (!val)
        return tj_msl_is_splat(value) ? LLVMGetAggregateElement(value, 0) : NULL;
    if (!val->is_folded || !LLVMIsAShuffleVectorInst(value))
        return NULL;
    for (unsigned i = 0; i < LLVMGetNumMaskElements(value); i++)
        if (LLVMGetMaskValue(value, i))
            return NULL;
    from = LLVMGetOperand(value, 0);
    val = tj_msl_find(m, from);
    if (!val || !val->is_folded || !LLVMIsAInsertElementInst(from) ||
        !LLVMIsAConstantInt(LLVMGetOperand(from, 2)) ||
        LLVMConstIntGetZExtValue(LLVMGetOperand(from, 2)))
        return NULL;
    return LLVMGetOperand(from, 1);
}
