/* SPDX-License-Identifier: MIT */
/* Structs that only the metadata knows. A kernel that uses the first member of its argument
 * alone has no type of LLVM for the whole: the metadata's members make one.
 */
#include "elem.h"
#include "msl.h"

#include <string.h>

enum { MAX_MEMBERS = 256 };

struct tj_mdescribed {
    const tj_arg *arg;
    LLVMTypeRef type; /* NULL: there is none that prints */
    struct tj_mdescribed *next;
};

/* Members of structs inside are listed behind them. */
static bool is_inner(const tj_field *field)
{
    return strchr(field->name, '.') != NULL;
}

/* Pointers of an array are members of their own, "p[0]", "p[1]": how many follow. */
static unsigned pointers_from(const tj_arg *arg, unsigned i)
{
    size_t len = strcspn(arg->fields[i].name, "[");
    unsigned end = i + 1;

    if (!arg->fields[i].name[len])
        return 1;
    while (end < arg->field_count && arg->fields[end].buffer &&
           strncmp(arg->fields[end].name, arg->fields[i].name, len + 1) == 0)
        end++;
    return end - i;
}

/* The type of the member, *taken rows long; NULL: it has none that prints. */
static LLVMTypeRef type_of(tj_msl *m, const tj_arg *arg, unsigned i, unsigned *taken)
{
    const tj_field *field = &arg->fields[i];
    tj_arg element = {0};
    LLVMTypeRef type;
    tj_elem elem;
    bool is_signed;

    *taken = 1;
    if (field->buffer) {
        *taken = pointers_from(arg, i);
        type = LLVMPointerTypeInContext(m->unit->llctx, (unsigned)field->buffer->address_space);
        return strchr(field->name, '[') ? LLVMArrayType2(type, *taken) : type;
    }
    if (!tj_elem_parse(field->type_name, &elem) || strchr(field->type_name, '*') ||
        strncmp(field->type_name, "packed_", 7) == 0 || elem.components > 4)
        return NULL;
    element = (tj_arg){
        .scalar = elem.scalar, .components = elem.components, .type_name = field->type_name};
    type = tj_msl_type_of_argument(m, &element, &is_signed);
    return type && field->array_len ? LLVMArrayType2(type, field->array_len) : type;
}

/* Whether members stand where the metadata has them. */
static bool fits(const tj_msl *m, LLVMTypeRef type, const unsigned *offsets, unsigned count,
                 const tj_arg *arg)
{
    for (unsigned i = 0; i < count; i++)
        if (LLVMOffsetOfElement(m->layout, type, i) != offsets[i])
            return false;
    return LLVMABISizeOfType(m->layout, type) == arg->elem_byte_len;
}

static LLVMTypeRef make(tj_msl *m, const tj_arg *arg)
{
    LLVMTypeRef members[MAX_MEMBERS], type;
    unsigned offsets[MAX_MEMBERS], count = 0, taken;

    for (unsigned i = 0; i < arg->field_count; i += taken) {
        if (count == MAX_MEMBERS || is_inner(&arg->fields[i]))
            return NULL;
        offsets[count] = arg->fields[i].byte_offset;
        members[count] = type_of(m, arg, i, &taken);
        if (!members[count++])
            return NULL;
    }
    type = LLVMStructTypeInContext(m->unit->llctx, members, count, false);
    if (!count || !fits(m, type, offsets, count, arg))
        return NULL;
    type = LLVMStructCreateNamed(m->unit->llctx, TJ_MSL_TEXT(m, "struct.%s", arg->type_name));
    LLVMStructSetBody(type, members, count, false);
    return type;
}

LLVMTypeRef tj_msl_make_described(tj_msl *m, const tj_arg *arg)
{
    struct tj_mdescribed *found = m->described;

    while (found && found->arg != arg)
        found = found->next;
    if (found)
        return found->type;
    found = tj_new(m->arena, struct tj_mdescribed);
    *found = (struct tj_mdescribed){arg, make(m, arg), m->described};
    m->described = found;
    return found->type;
}

LLVMTypeRef tj_msl_struct_of_arg(tj_msl *m, LLVMValueRef pointer, const tj_arg *arg)
{
    LLVMTypeRef type;

    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (!LLVMIsAGetElementPtrInst(user) || LLVMGetOperand(user, 0) != pointer)
            continue;
        type = LLVMGetGEPSourceElementType(user);
        if (LLVMGetTypeKind(type) == LLVMStructTypeKind &&
            LLVMABISizeOfType(m->layout, type) == arg->elem_byte_len)
            return type;
    }
    type = tj_msl_struct_named(m, arg);
    return type ? type : tj_msl_struct_by_use(pointer);
}
