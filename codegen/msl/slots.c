/* SPDX-License-Identifier: MIT */
/* What memory holds, when its LLVM type does not say: pointers, and the classes that a Metal
 * library in C++ has for vectors and atomics.
 */
#include "msl.h"

#include <string.h>

/* ---- classes of the library ------------------------------------------------------------ */

static const char *class_name(LLVMTypeRef type)
{
    const char *name = LLVMGetStructName(type);

    if (!name || strncmp(name, "struct.metal::", 14))
        return "";
    return name + 14;
}

static bool is_class(LLVMTypeRef type, const char *wanted)
{
    const char *name = class_name(type);
    size_t len = strlen(wanted);

    return strncmp(name, wanted, len) == 0 && (!name[len] || name[len] == '.');
}

/* vec<T, n> as the vector that it is; NULL: it is not. */
static LLVMTypeRef vector_of(const tj_msl *m, LLVMTypeRef type)
{
    LLVMTypeRef first, vector;
    unsigned count = LLVMCountStructElementTypes(type), same = 0;

    if (!is_class(type, "vec") || LLVMIsPackedStruct(type) || !count)
        return NULL;
    first = LLVMStructGetTypeAtIndex(type, 0);
    while (same < count && LLVMStructGetTypeAtIndex(type, same) == first)
        same++;
    if (same < 2 || same > 4 || LLVMGetTypeKind(first) == LLVMStructTypeKind ||
        LLVMGetTypeKind(first) == LLVMArrayTypeKind)
        return NULL;
    vector = LLVMVectorType(first, same);
    return LLVMABISizeOfType(m->layout, vector) == LLVMABISizeOfType(m->layout, type) ? vector
                                                                                      : NULL;
}

LLVMTypeRef tj_msl_memory_type(const tj_msl *m, LLVMTypeRef type)
{
    LLVMTypeRef vector;

    if (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        return LLVMArrayType2(tj_msl_memory_type(m, LLVMGetElementType(type)),
                              LLVMGetArrayLength2(type));
    if (LLVMGetTypeKind(type) != LLVMStructTypeKind)
        return type;
    if ((is_class(type, "atomic") || is_class(type, "_atomic")) &&
        LLVMCountStructElementTypes(type) == 1)
        return tj_msl_memory_type(m, LLVMStructGetTypeAtIndex(type, 0));
    vector = vector_of(m, type);
    return vector ? vector : type;
}

/* ---- pointers in memory ---------------------------------------------------------------- */

/* The member of an argument buffer that is read at this address; NULL: none is known. */
static const tj_arg *member_at(tj_msl *m, LLVMValueRef pointer)
{
    int64_t offset = 0;
    LLVMValueRef root = tj_msl_offset(m, pointer, &offset);
    const tj_mval *val = root ? tj_msl_find(m, root) : NULL;
    const tj_arg *holder = NULL;

    if (!val || offset < 0)
        return NULL;
    if (val->block == TJ_NONE)
        holder = &m->kernel->args[val - m->vals];
    else if (LLVMIsALoadInst(root))
        holder = member_at(m, LLVMGetOperand(root, 0));
    for (unsigned i = 0; holder && i < holder->field_count; i++)
        if (holder->fields[i].byte_offset == (uint64_t)offset)
            return holder->fields[i].buffer;
    return NULL;
}

LLVMTypeRef tj_msl_slot_pointee(tj_msl *m, LLVMValueRef load, bool *is_signed)
{
    const tj_arg *member = member_at(m, LLVMGetOperand(load, 0));
    LLVMTypeRef type;

    *is_signed = false;
    if (!member)
        return NULL;
    type = tj_msl_type_of_argument(m, member, is_signed);
    return type ? type : tj_msl_struct_by_use(load);
}

/* The spelling of a pointer that is kept where `load` reads it. */
const char *tj_msl_slot_type(tj_msl *m, LLVMValueRef load)
{
    bool is_signed;
    LLVMTypeRef to = tj_msl_pointee(m, load, &is_signed);

    return TJ_MSL_TEXT(m, "%s %s *", tj_msl_space(LLVMGetPointerAddressSpace(LLVMTypeOf(load))),
                       tj_msl_type(m, to, is_signed));
}

/* The load of a pointer from this member of a struct, or from this array. */
static bool reads_slot(LLVMValueRef load, LLVMTypeRef type, unsigned field)
{
    LLVMValueRef gep = LLVMGetOperand(load, 0);

    if (!LLVMIsAGetElementPtrInst(gep))
        return tj_msl_struct_by_use(gep) == type && field == 0;
    if (LLVMGetGEPSourceElementType(gep) != type || LLVMGetNumIndices(gep) < 2)
        return false;
    LLVMValueRef index = LLVMGetOperand(gep, 2);

    return LLVMIsAConstantInt(index) && LLVMConstIntGetZExtValue(index) == field;
}

static bool is_pointer_load(LLVMValueRef value)
{
    return LLVMIsALoadInst(value) && LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind;
}

const char *tj_msl_field_pointer(tj_msl *m, LLVMTypeRef type, unsigned field)
{
    LLVMTypeRef pointer = LLVMStructGetTypeAtIndex(type, field);

    for (uint32_t i = 0; i < m->val_count; i++)
        if (is_pointer_load(m->vals[i].value) && LLVMTypeOf(m->vals[i].value) == pointer &&
            reads_slot(m->vals[i].value, type, field))
            return tj_msl_slot_type(m, m->vals[i].value);
    return TJ_MSL_TEXT(m, "%s void *", tj_msl_space(LLVMGetPointerAddressSpace(pointer)));
}

const char *tj_msl_array_pointer(tj_msl *m, LLVMValueRef root, LLVMTypeRef pointer)
{
    for (uint32_t i = 0; i < m->val_count; i++)
        if (is_pointer_load(m->vals[i].value) &&
            tj_msl_root(LLVMGetOperand(m->vals[i].value, 0)) == root)
            return tj_msl_slot_type(m, m->vals[i].value);
    return TJ_MSL_TEXT(m, "%s void *", tj_msl_space(LLVMGetPointerAddressSpace(pointer)));
}
