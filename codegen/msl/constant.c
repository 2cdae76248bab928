/* SPDX-License-Identifier: MIT */
/* Literals (MSL specification, 2.1 and 2.2). */
#include "msl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *tj_msl_integer(tj_msl *m, LLVMValueRef value, bool is_signed)
{
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(value));
    unsigned long long u = LLVMConstIntGetZExtValue(value);
    long long s = LLVMConstIntGetSExtValue(value);

    if (bits == 1)
        return u ? "true" : "false";
    if (bits == 64)
        return !is_signed                          ? TJ_MSL_TEXT(m, "%lluul", u)
               : s == (-9223372036854775807ll - 1) ? "long(0x8000000000000000ul)"
                                                   : TJ_MSL_TEXT(m, "%lldl", s);
    if (bits == 32)
        return !is_signed               ? TJ_MSL_TEXT(m, u > 0xffff ? "0x%llxu" : "%lluu", u)
               : s == -2147483647ll - 1 ? "int(0x80000000u)"
                                        : TJ_MSL_TEXT(m, "%lld", s);
    return TJ_MSL_TEXT(m, "%s(%lld)", tj_msl_type(m, LLVMTypeOf(value), is_signed),
                       is_signed ? s : (long long)u);
}

/* A number of up to six decimals, as most in sources are: the fewest that read back as the same
 * float, which products and quotients of numbers that are exact in a double tell. NULL: none.
 */
static const char *short_decimal(tj_msl *m, double value)
{
    char digits[24], *at = digits + sizeof digits;
    double size = fabs(value), scale = 1;
    unsigned places = 0, left;

    if (size >= 1e7 || (size < 1e-3 && value != 0))
        return NULL;
    while (places < 6 && (float)(nearbyint(size * scale) / scale) != (float)size) {
        scale *= 10;
        places++;
    }
    if (size * scale >= 1e7 || (float)(nearbyint(size * scale) / scale) != (float)size)
        return NULL;
    *--at = 0;
    left = (unsigned)nearbyint(size * scale);
    if (!places)
        *--at = '0', *--at = '.';
    for (unsigned i = 0; i == 0 || left || i <= places; i++) {
        if (i == places && places)
            *--at = '.';
        *--at = (char)('0' + left % 10);
        left /= 10;
    }
    if (signbit(value))
        *--at = '-';
    return tj_arena_strdup(m->arena, at);
}

/* The shortest decimal that reads back as the same float. */
static const char *shortest(tj_msl *m, double value)
{
    const char *decimal = short_decimal(m, value);
    char text[48];

    if (decimal)
        return decimal;
    if (fabs(value) < 1e7 && value == trunc(value))
        return TJ_MSL_TEXT(m, "%.0f.0", value);
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtof(text, NULL) == (float)value)
            break;
    }
    return TJ_MSL_TEXT(m, strpbrk(text, ".e") ? "%s" : "%s.0", text);
}

/* A NaN by its bits, of which literals have no sign and no payload. */
static const char *nan_text(tj_msl *m, LLVMValueRef value)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    bool is_float = LLVMGetTypeKind(type) == LLVMFloatTypeKind;
    LLVMValueRef bits =
        LLVMConstBitCast(value, LLVMIntTypeInContext(m->unit->llctx, is_float ? 32 : 16));

    return TJ_MSL_TEXT(m, is_float ? "as_type<%s>(0x%llxu)" : "as_type<%s>(ushort(0x%llx))",
                       tj_msl_type(m, type, false), LLVMConstIntGetZExtValue(bits));
}

static const char *float_text(tj_msl *m, LLVMValueRef value)
{
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(value));
    LLVMBool loses = false;
    double number = LLVMConstRealGetDouble(value, &loses);
    const char *type = tj_msl_type(m, LLVMTypeOf(value), false);

    if (isnan(number))
        return nan_text(m, value);
    if (isinf(number))
        return TJ_MSL_TEXT(m, kind == LLVMFloatTypeKind ? "%sINFINITY" : "%s%s(INFINITY)",
                           number < 0 ? "-" : "", type);
    if (kind == LLVMFloatTypeKind)
        return TJ_MSL_TEXT(m, "%sf", shortest(m, number));
    if (kind == LLVMHalfTypeKind)
        return TJ_MSL_TEXT(m, "%sh", shortest(m, number));
    return TJ_MSL_TEXT(m, "%s(%sf)", type, shortest(m, number));
}

bool tj_msl_is_splat(LLVMValueRef constant)
{
    for (unsigned i = 1; i < LLVMGetVectorSize(LLVMTypeOf(constant)); i++)
        if (LLVMGetAggregateElement(constant, i) != LLVMGetAggregateElement(constant, 0))
            return false;
    return true;
}

const char *tj_msl_constant(tj_msl *m, LLVMValueRef value, bool is_signed)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    const char *text = "";

    if (LLVMIsAConstantInt(value))
        return tj_msl_integer(m, value, is_signed);
    if (LLVMIsAConstantFP(value))
        return float_text(m, value);
    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind)
        return tj_msl_pointer(m, value, 0);
    if (!tj_msl_is_vector(type)) {
        if (!LLVMIsNull(value) && !LLVMIsUndef(value))
            tj_msl_refuse(m, NULL, "this constant expression cannot be printed as Metal");
        return "{}";
    }
    if (LLVMGetVectorSize(type) == 64) {
        if (!tj_msl_is_splat(value))
            tj_msl_refuse(m, NULL, "constant matrix of different elements");
        return TJ_MSL_TEXT(m, "make_filled_simdgroup_matrix<%s, 8, 8>(%s)",
                           tj_msl_type(m, LLVMGetElementType(type), false),
                           tj_msl_constant(m, LLVMGetAggregateElement(value, 0), false));
    }
    if (tj_msl_is_splat(value))
        return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, is_signed),
                           tj_msl_constant(m, LLVMGetAggregateElement(value, 0), is_signed));
    for (unsigned i = 0; i < LLVMGetVectorSize(type); i++)
        text = TJ_MSL_TEXT(m, "%s%s%s", text, i ? ", " : "",
                           tj_msl_constant(m, LLVMGetAggregateElement(value, i), is_signed));
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, is_signed), text);
}
