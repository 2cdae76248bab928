/* SPDX-License-Identifier: MIT */
/* Packed structs. A member that stands where its type wants it is declared as what it is; a
 * vector that is aligned for its numbers only as packed_T; all else as its bytes, which
 * accesses cast.
 */
#include "msl.h"

#include <string.h>

/* What Metal aligns objects of the type to. */
static uint64_t alignment(const tj_msl *m, LLVMTypeRef type)
{
    uint64_t most = 1;

    type = tj_msl_memory_type(m, type);
    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        type = LLVMGetElementType(type);
    if (LLVMGetTypeKind(type) != LLVMStructTypeKind)
        return LLVMABIAlignmentOfType(m->layout, type);
    for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++) {
        uint64_t align = tj_msl_member_form(m, type, i) == TJ_MEMBER_PLAIN
                             ? alignment(m, LLVMStructGetTypeAtIndex(type, i))
                             : 1;

        most = align > most ? align : most;
    }
    return most;
}

tj_member_form tj_msl_member_form(const tj_msl *m, LLVMTypeRef type, unsigned field)
{
    LLVMTypeRef member = tj_msl_memory_type(m, LLVMStructGetTypeAtIndex(type, field));
    uint64_t offset, size, align;

    if (!LLVMIsPackedStruct(type))
        return TJ_MEMBER_PLAIN;
    offset = LLVMOffsetOfElement(m->layout, type, field);
    size = LLVMABISizeOfType(m->layout, type);
    align = alignment(m, member);
    if (offset % align == 0 && size % align == 0)
        return TJ_MEMBER_PLAIN;
    if (!tj_msl_is_vector(member) || LLVMGetVectorSize(member) == 3)
        return TJ_MEMBER_BYTES;
    align = LLVMABIAlignmentOfType(m->layout, LLVMGetElementType(member));
    return offset % align || size % align ? TJ_MEMBER_BYTES : TJ_MEMBER_PACKED;
}

/* ---- bytes of constants ------------------------------------------------------------------ */

static bool number_bytes(LLVMTypeRef type, LLVMValueRef value, uint64_t size,
                         unsigned char *out)
{
    if (!LLVMIsAConstantInt(value))
        value = LLVMConstBitCast(
            value, LLVMIntTypeInContext(LLVMGetTypeContext(type), (unsigned)size * 8));
    if (!LLVMIsAConstantInt(value))
        return false;
    for (uint64_t i = 0; i < size && i < 8; i++)
        out[i] = (unsigned char)(LLVMConstIntGetZExtValue(value) >> (8 * i));
    return true;
}

static bool bytes_of(const tj_msl *m, LLVMValueRef value, unsigned char *out)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    unsigned count = kind == LLVMArrayTypeKind    ? (unsigned)LLVMGetArrayLength2(type)
                     : kind == LLVMVectorTypeKind ? LLVMGetVectorSize(type)
                     : kind == LLVMStructTypeKind ? LLVMCountStructElementTypes(type)
                                                  : 0;
    uint64_t size = LLVMStoreSizeOfType(m->layout, type);

    if (LLVMIsNull(value) || LLVMIsUndef(value))
        return true;
    if (kind == LLVMPointerTypeKind)
        return false;
    if (!count)
        return number_bytes(type, value, size, out);
    for (unsigned i = 0; i < count; i++) {
        uint64_t at = kind == LLVMStructTypeKind
                          ? LLVMOffsetOfElement(m->layout, type, i)
                          : i * LLVMABISizeOfType(m->layout, LLVMGetElementType(type));

        if (!bytes_of(m, LLVMGetAggregateElement(value, i), out + at))
            return false;
    }
    return true;
}

const char *tj_msl_bytes(tj_msl *m, LLVMValueRef constant)
{
    uint64_t size = LLVMABISizeOfType(m->layout, LLVMTypeOf(constant));
    unsigned char *bytes = tj_new_array(m->arena, unsigned char, size + 1);
    const char *text = "";

    if (!bytes_of(m, constant, bytes))
        tj_msl_refuse(m, NULL,
                      "a pointer in memory that is not aligned for it is not in Metal");
    for (uint64_t i = 0; i < size; i++)
        text = TJ_MSL_TEXT(m, "%s%s%u", text, i ? ", " : "", bytes[i]);
    return TJ_MSL_TEXT(m, "{%s}", text);
}
