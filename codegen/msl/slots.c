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
    if (is_class(type, "simdgroup_matrix") && LLVMCountStructElementTypes(type) == 1)
        return LLVMStructGetTypeAtIndex(type, 0);
    vector = vector_of(m, type);
    return vector ? vector : type;
}

/* ---- pointers in memory: what they point to --------------------------------------------- */

/* Pointers of one member of a struct, or of one array or variable, have one type: that of the
 * member in the metadata; else what is done with one that is loaded; else what is stored. What
 * is read there as another pointer is read as a number and cast.
 */
struct tj_mslot {
    LLVMTypeRef type;  /* of the struct that it is a member of; NULL: */
    LLVMValueRef root; /* the array or variable */
    unsigned field;
    LLVMTypeRef to;
    bool is_signed, is_const, is_bool;
    struct tj_mslot *next;
};

static bool is_pointer(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMPointerTypeKind;
}

LLVMTypeRef tj_msl_struct_named(tj_msl *m, const tj_arg *arg)
{
    static const char *const forms[] = {"struct.%s", "%s", "class.%s"};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *name = tj_arena_printf(m->arena, forms[i], arg->type_name);
        LLVMTypeRef type = LLVMGetTypeByName2(m->unit->llctx, name);

        if (type && !LLVMIsOpaqueStruct(type) && arg->field_count &&
            LLVMCountStructElementTypes(type) <= arg->field_count &&
            LLVMABISizeOfType(m->layout, type) == arg->elem_byte_len)
            return type;
    }
    return tj_msl_make_described(m, arg);
}

/* The member that the metadata has at the place of a struct's member; NULL: none. */
static const tj_arg *described(const tj_msl *m, const struct tj_mslot *slot)
{
    const tj_field *field = slot->type ? tj_msl_described(m, slot->type, slot->field) : NULL;

    return field ? field->buffer : NULL;
}

static bool takes_description(tj_msl *m, struct tj_mslot *slot)
{
    const tj_arg *member = described(m, slot);

    if (!member)
        return false;
    slot->is_const = member->access == TJ_ACCESS_READ && member->address_space == TJ_AS_DEVICE;
    slot->is_bool = member->scalar == TJ_SCALAR_BOOL && member->components == 1;
    slot->to = tj_msl_type_of_argument(m, member, &slot->is_signed);
    if (!slot->to)
        slot->to = tj_msl_struct_named(m, member);
    return slot->to;
}

/* Whether the address is one of the slot, as far as its computation says so. */
static bool is_at(const struct tj_mslot *slot, LLVMValueRef address)
{
    LLVMValueRef index;

    if (slot->root)
        return tj_msl_root(address) == slot->root;
    if (!LLVMIsAGetElementPtrInst(address))
        return tj_msl_struct_by_use(address) == slot->type && slot->field == 0;
    if (LLVMGetGEPSourceElementType(address) != slot->type || LLVMGetNumIndices(address) < 2)
        return false;
    index = LLVMGetOperand(address, 2);
    return LLVMIsAConstantInt(index) && LLVMConstIntGetZExtValue(index) == slot->field;
}

/* The struct that the pointer is one to, also by way of phis and selects. */
static LLVMTypeRef struct_by_use(LLVMValueRef pointer)
{
    LLVMTypeRef type = tj_msl_struct_by_use(pointer);

    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use && !type; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (LLVMIsAPHINode(user) || LLVMIsASelectInst(user))
            type = tj_msl_struct_by_use(user);
    }
    return type;
}

static void take_load(tj_msl *m, struct tj_mslot *slot, LLVMValueRef load)
{
    LLVMTypeRef type = struct_by_use(load);

    if (!type)
        type = tj_msl_type_by_use(m, load);
    if (!slot->to && type)
        slot->to = tj_msl_memory_type(m, type);
}

/* The slot's pointers are also used to write. */
static bool is_written_through(tj_msl *m, const struct tj_mslot *slot)
{
    for (uint32_t i = 0; i < m->val_count; i++) {
        LLVMValueRef root = LLVMIsAStoreInst(m->vals[i].value)
                                ? tj_msl_root(LLVMGetOperand(m->vals[i].value, 1))
                                : NULL;

        if (root && LLVMIsALoadInst(root) && is_at(slot, LLVMGetOperand(root, 0)))
            return true;
    }
    return false;
}

static void take_store(tj_msl *m, struct tj_mslot *slot, LLVMValueRef store)
{
    LLVMValueRef root = tj_msl_root(LLVMGetOperand(store, 0));
    LLVMTypeRef type;
    bool is_signed;

    if (LLVMIsAConstantPointerNull(root) || LLVMIsAAddrSpaceCastInst(root))
        return;
    slot->is_const |= tj_msl_is_const(m, root);
    type = tj_msl_pointee(m, root, &is_signed);
    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        type = LLVMGetElementType(type);
    if (!slot->to)
        slot->to = type;
    if (slot->to == type)
        slot->is_signed = is_signed;
}

static void take_uses(tj_msl *m, struct tj_mslot *slot)
{
    for (uint32_t i = 0; i < m->val_count; i++)
        if (LLVMIsALoadInst(m->vals[i].value) && is_pointer(LLVMTypeOf(m->vals[i].value)) &&
            is_at(slot, LLVMGetOperand(m->vals[i].value, 0)))
            take_load(m, slot, m->vals[i].value);
    for (uint32_t i = 0; i < m->val_count; i++)
        if (LLVMIsAStoreInst(m->vals[i].value) &&
            is_pointer(LLVMTypeOf(LLVMGetOperand(m->vals[i].value, 0))) &&
            is_at(slot, LLVMGetOperand(m->vals[i].value, 1)))
            take_store(m, slot, m->vals[i].value);
}

static struct tj_mslot *slot_for(tj_msl *m, LLVMTypeRef type, unsigned field, LLVMValueRef root)
{
    struct tj_mslot *slot;
    LLVMTypeRef bytes = LLVMInt8TypeInContext(m->unit->llctx);

    for (slot = m->slots; slot; slot = slot->next)
        if (slot->type == type && slot->field == field && slot->root == root)
            return slot;
    slot = tj_new(m->arena, struct tj_mslot);
    *slot = (struct tj_mslot){.type = type, .root = root, .field = field, .next = m->slots};
    m->slots = slot; /* before its uses: they may lead back to it */
    if (!takes_description(m, slot))
        take_uses(m, slot);
    if (slot->is_const && is_written_through(m, slot))
        slot->is_const = false;
    if (!slot->to)
        slot->to = bytes;
    while (LLVMGetTypeKind(slot->to) == LLVMArrayTypeKind)
        slot->to = LLVMGetElementType(slot->to);
    if (is_pointer(slot->to))
        slot->to = LLVMInt64TypeInContext(m->unit->llctx);
    return slot;
}

/* ---- where they are ---------------------------------------------------------------------- */

/* Arrays and variables that are declared in the text with the pointers that they hold. */
static bool has_slots(LLVMValueRef root)
{
    return LLVMIsAAllocaInst(root) || LLVMIsAGlobalVariable(root);
}

/* The slot at `offset` of an object of this type; `step`: what divides all indices. */
static struct tj_mslot *find(tj_msl *m, LLVMTypeRef type, int64_t offset, int64_t step,
                             unsigned space, struct tj_mslot key)
{
    for (;;) {
        int64_t size = (int64_t)LLVMABISizeOfType(m->layout, type);

        if (is_pointer(type)) {
            if (offset || (step && step % size) || LLVMGetPointerAddressSpace(type) != space ||
                (!key.type && !key.root))
                return NULL;
            return slot_for(m, key.type, key.field, key.type ? NULL : key.root);
        }
        if (LLVMGetTypeKind(type) == LLVMArrayTypeKind) {
            type = LLVMGetElementType(type);
            size = (int64_t)LLVMABISizeOfType(m->layout, type);
            if (!size)
                return NULL;
            offset %= size;
            step = step % size ? step : 0;
        } else if (LLVMGetTypeKind(type) == LLVMStructTypeKind && offset < size) {
            unsigned field = LLVMElementAtOffset(m->layout, type, (unsigned long long)offset);

            if (tj_msl_member_form(m, type, field) != TJ_MEMBER_PLAIN)
                return NULL;
            offset -= (int64_t)LLVMOffsetOfElement(m->layout, type, field);
            key.type = type;
            key.field = field;
            type = tj_msl_memory_type(m, LLVMStructGetTypeAtIndex(type, field));
        } else {
            return NULL;
        }
    }
}

enum { MAX_CHAIN = 100 }; /* loads, each of where the next one reads */

struct tj_mslot *tj_msl_slot(tj_msl *m, LLVMValueRef address, unsigned space)
{
    int64_t offset, step, size;
    LLVMValueRef root = tj_msl_steps(m, address, &offset, &step);
    bool is_signed;
    LLVMTypeRef type;
    struct tj_mslot key = {.root = has_slots(root) ? root : NULL};

    if (m->slot_depth == MAX_CHAIN)
        return NULL;
    m->slot_depth++;
    type = tj_msl_pointee(m, root, &is_signed);
    m->slot_depth--;
    size = (int64_t)LLVMABISizeOfType(m->layout, type);
    if (!size || (offset < 0 && has_slots(root)))
        return NULL;
    if (!has_slots(root)) {
        offset = (offset % size + size) % size;
        step = step % size ? step : 0;
    }
    return find(m, type, offset, step, space, key);
}

static struct tj_mslot *slot_of_load(tj_msl *m, LLVMValueRef load)
{
    return LLVMIsALoadInst(load) && is_pointer(LLVMTypeOf(load))
               ? tj_msl_slot(m, LLVMGetOperand(load, 0),
                             LLVMGetPointerAddressSpace(LLVMTypeOf(load)))
               : NULL;
}

LLVMTypeRef tj_msl_slot_pointee(tj_msl *m, LLVMValueRef load, bool *is_signed)
{
    const struct tj_mslot *slot = slot_of_load(m, load);

    *is_signed = slot && slot->is_signed;
    return slot ? slot->to : NULL;
}

bool tj_msl_is_const_slot(tj_msl *m, LLVMValueRef load)
{
    const struct tj_mslot *slot = slot_of_load(m, load);

    return slot && slot->is_const;
}

bool tj_msl_is_bool_slot(tj_msl *m, LLVMValueRef load)
{
    const struct tj_mslot *slot = slot_of_load(m, load);

    return slot && slot->is_bool;
}

tj_mtarget tj_msl_slot_target(tj_msl *m, const struct tj_mslot *slot)
{
    return (tj_mtarget){slot->to,
                        slot->is_bool ? "bool" : tj_msl_type(m, slot->to, slot->is_signed)};
}

/* ---- how they are spelled ---------------------------------------------------------------- */

static const char *spelled(tj_msl *m, const struct tj_mslot *slot, unsigned space)
{
    return TJ_MSL_TEXT(m, "%s%s %s *", slot->is_const ? "const " : "", tj_msl_space(space),
                       tj_msl_slot_target(m, slot).spelling);
}

static LLVMTypeRef innermost(LLVMTypeRef type)
{
    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        type = LLVMGetElementType(type);
    return type;
}

const char *tj_msl_field_pointer(tj_msl *m, LLVMTypeRef type, unsigned field)
{
    LLVMTypeRef pointer =
        innermost(tj_msl_memory_type(m, LLVMStructGetTypeAtIndex(type, field)));

    return is_pointer(pointer)
               ? spelled(m, slot_for(m, type, field, NULL), LLVMGetPointerAddressSpace(pointer))
               : NULL;
}

bool tj_msl_has_pointer_to(tj_msl *m, LLVMTypeRef type, LLVMTypeRef to)
{
    for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++)
        if (is_pointer(innermost(tj_msl_memory_type(m, LLVMStructGetTypeAtIndex(type, i)))) &&
            slot_for(m, type, i, NULL)->to == to)
            return true;
    return false;
}

struct tj_mslot *tj_msl_field_slot(tj_msl *m, LLVMTypeRef type, unsigned field)
{
    return tj_msl_field_pointer(m, type, field) ? slot_for(m, type, field, NULL) : NULL;
}

struct tj_mslot *tj_msl_root_slot(tj_msl *m, LLVMValueRef root)
{
    return tj_msl_root_pointer(m, root) ? slot_for(m, NULL, 0, root) : NULL;
}

const char *tj_msl_root_pointer(tj_msl *m, LLVMValueRef root)
{
    LLVMTypeRef pointer = innermost(LLVMIsAAllocaInst(root) ? LLVMGetAllocatedType(root)
                                                            : LLVMGlobalGetValueType(root));

    return is_pointer(pointer)
               ? spelled(m, slot_for(m, NULL, 0, root), LLVMGetPointerAddressSpace(pointer))
               : NULL;
}

const char *tj_msl_pointer_type(tj_msl *m, LLVMValueRef pointer)
{
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(pointer));
    bool is_const = space == TJ_AS_DEVICE && tj_msl_is_const(m, pointer);

    return TJ_MSL_TEXT(m, "%s%s %s *", is_const ? "const " : "", tj_msl_space(space),
                       tj_msl_target(m, pointer).spelling);
}
