/* SPDX-License-Identifier: MIT */
/* Types as Metal spells them (MSL specification, chapter 2). */
#include "msl.h"

#include "address.h"

#include <string.h>

LLVMTypeRef tj_msl_scalar(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type;
}

bool tj_msl_is_integer(LLVMTypeRef type)
{
    return LLVMGetTypeKind(tj_msl_scalar(type)) == LLVMIntegerTypeKind;
}

bool tj_msl_is_vector(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind;
}

unsigned tj_msl_bits(LLVMTypeRef type)
{
    return LLVMGetIntTypeWidth(tj_msl_scalar(type));
}

static const char *integer_name(unsigned bits, bool is_signed)
{
    switch (bits) {
    case 1:
        return "bool";
    case 8:
        return is_signed ? "char" : "uchar";
    case 16:
        return is_signed ? "short" : "ushort";
    case 32:
        return is_signed ? "int" : "uint";
    default:
        return is_signed ? "long" : "ulong";
    }
}

static const char *matrix_name(LLVMTypeRef elem)
{
    switch (LLVMGetTypeKind(elem)) {
    case LLVMHalfTypeKind:
        return "simdgroup_half8x8";
    case LLVMBFloatTypeKind:
        return "simdgroup_bfloat8x8";
    default:
        return "simdgroup_float8x8";
    }
}

static const char *struct_name(tj_msl *m, LLVMTypeRef type)
{
    for (unsigned i = 0; i < m->struct_count; i++)
        if (m->structs[i].type == type) {
            m->structs[i].is_used = true;
            return m->structs[i].name;
        }
    return "";
}

const char *tj_msl_type(tj_msl *m, LLVMTypeRef type, bool is_signed)
{
    LLVMTypeRef elem;

    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind:
        return integer_name(LLVMGetIntTypeWidth(type), is_signed);
    case LLVMHalfTypeKind:
        return "half";
    case LLVMBFloatTypeKind:
        return "bfloat";
    case LLVMFloatTypeKind:
        return "float";
    case LLVMVectorTypeKind:
        elem = LLVMGetElementType(type);
        if (LLVMGetVectorSize(type) == 64)
            return matrix_name(elem);
        return TJ_MSL_TEXT(m, "%s%u", tj_msl_type(m, elem, is_signed), LLVMGetVectorSize(type));
    case LLVMStructTypeKind:
        return struct_name(m, type);
    default:
        tj_msl_refuse(m, NULL, "pointers in memory of this form cannot be printed as Metal");
        return "void";
    }
}

const char *tj_msl_space(unsigned address_space)
{
    static const char *const names[] = {"thread", "device", "constant", "threadgroup"};

    return names[address_space & 3];
}

const char *tj_msl_declare_as(tj_msl *m, LLVMTypeRef type, const char *elements,
                              const char *name)
{
    const char *lengths = "";

    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind) {
        lengths =
            TJ_MSL_TEXT(m, "%s[%llu]", lengths, (unsigned long long)LLVMGetArrayLength2(type));
        type = LLVMGetElementType(type);
    }
    return TJ_MSL_TEXT(m, elements[strlen(elements) - 1] == '*' ? "%s%s%s" : "%s %s%s",
                       elements, name, lengths);
}

const char *tj_msl_declaration(tj_msl *m, LLVMTypeRef type, bool is_signed, const char *name)
{
    LLVMTypeRef elem = type;

    while (LLVMGetTypeKind(elem) == LLVMArrayTypeKind)
        elem = LLVMGetElementType(elem);
    return tj_msl_declare_as(m, type, tj_msl_type(m, elem, is_signed), name);
}

/* ---- structs --------------------------------------------------------------------------- */

static bool is_known(const tj_msl *m, LLVMTypeRef type)
{
    for (unsigned i = 0; i < m->struct_count; i++)
        if (m->structs[i].type == type)
            return true;
    return false;
}

/* The argument whose element this struct is, by name. */
static const tj_arg *argument_of(const tj_msl *m, const char *name)
{
    for (unsigned i = 0; i < m->kernel->arg_count; i++)
        if (m->kernel->args[i].field_count && strcmp(m->kernel->args[i].type_name, name) == 0)
            return &m->kernel->args[i];
    for (unsigned i = 0; i < m->kernel->nested_count; i++)
        if (m->kernel->nested[i].buffer->field_count &&
            strcmp(m->kernel->nested[i].buffer->type_name, name) == 0)
            return m->kernel->nested[i].buffer;
    return NULL;
}

static const tj_field *field_at(const tj_arg *arg, uint64_t offset)
{
    for (unsigned i = 0; arg && i < arg->field_count; i++)
        if (arg->fields[i].byte_offset == offset)
            return &arg->fields[i];
    return NULL;
}

/* A member of a struct inside an argument's: "inner.x", behind "inner". */
static const tj_field *inner_field_in(const tj_arg *arg, const char *name, uint64_t offset)
{
    const tj_field *fields = arg->fields;

    for (unsigned i = 0; i < arg->field_count; i++) {
        size_t len = strlen(fields[i].name);

        if (strcmp(fields[i].type_name, name) != 0)
            continue;
        for (unsigned k = i + 1; k < arg->field_count; k++)
            if (fields[k].byte_offset == fields[i].byte_offset + offset &&
                strncmp(fields[k].name, fields[i].name, len) == 0 &&
                (fields[k].name[len] == '.' || fields[k].name[len] == '['))
                return &fields[k];
    }
    return NULL;
}

static const tj_field *inner_field(const tj_msl *m, const char *name, uint64_t offset)
{
    const tj_field *found = NULL;

    for (unsigned i = 0; i < m->kernel->arg_count && !found; i++)
        found = inner_field_in(&m->kernel->args[i], name, offset);
    for (unsigned i = 0; i < m->kernel->nested_count && !found; i++)
        found = inner_field_in(m->kernel->nested[i].buffer, name, offset);
    return found;
}

/* What the metadata says of a member of the struct of this name. */
static const tj_field *field_of(const tj_msl *m, const char *name, uint64_t offset)
{
    const tj_arg *arg = argument_of(m, name);

    return arg ? field_at(arg, offset) : inner_field(m, name, offset);
}

const tj_field *tj_msl_described(const tj_msl *m, LLVMTypeRef type, unsigned field)
{
    const char *name = LLVMGetStructName(type);

    if (name && strncmp(name, "struct.", 7) == 0)
        name += 7;
    return name ? field_of(m, name, LLVMOffsetOfElement(m->layout, type, field)) : NULL;
}

/* "p" of "p[0]", the first of an array, and of "inner.p". */
static const char *name_of_field(tj_msl *m, const tj_field *field)
{
    const char *dot = strrchr(field->name, '.'), *name = dot ? dot + 1 : field->name;

    return tj_arena_strndup(m->arena, name, strcspn(name, "["));
}

static bool is_signed_name(const char *type_name)
{
    return type_name &&
           (strncmp(type_name, "int", 3) == 0 || strncmp(type_name, "long", 4) == 0 ||
            strncmp(type_name, "short", 5) == 0 || strncmp(type_name, "char", 4) == 0);
}

static void note_type(tj_msl *m, LLVMTypeRef type);

static void note_struct(tj_msl *m, LLVMTypeRef type)
{
    const char *given = LLVMGetStructName(type), *dot;
    unsigned count = LLVMCountStructElementTypes(type);
    tj_mstruct *grown;

    if (is_known(m, type))
        return;
    for (unsigned i = 0; i < count; i++)
        note_type(m, LLVMStructGetTypeAtIndex(type, i));
    if (given && strncmp(given, "struct.", 7) == 0)
        given += 7;
    if (given && (dot = strrchr(given, ':')))
        given = dot + 1;
    grown = tj_new_array(m->arena, tj_mstruct, m->struct_count + 1);
    if (m->struct_count)
        memcpy(grown, m->structs, m->struct_count * sizeof *grown);
    m->structs = grown;
    tj_mstruct *s = &m->structs[m->struct_count++];

    *s = (tj_mstruct){.type = type,
                      .name = tj_msl_name(m, given, "S"),
                      .fields = tj_new_array(m->arena, const char *, count + 1),
                      .is_signed = tj_new_array(m->arena, bool, count + 1)};
    for (unsigned i = 0; i < count; i++) {
        uint64_t offset = LLVMOffsetOfElement(m->layout, type, i);
        const tj_field *field = given ? field_of(m, given, offset) : NULL;

        s->fields[i] = field ? name_of_field(m, field) : TJ_MSL_TEXT(m, "f%u", i);
        s->is_signed[i] = field && is_signed_name(field->type_name);
    }
}

static void note_type(tj_msl *m, LLVMTypeRef type)
{
    type = tj_msl_memory_type(m, type);
    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        type = LLVMGetElementType(type);
    if (LLVMGetTypeKind(type) == LLVMStructTypeKind)
        note_struct(m, type);
}

const tj_mstruct *tj_msl_struct(const tj_msl *m, LLVMTypeRef type)
{
    for (unsigned i = 0; i < m->struct_count; i++)
        if (m->structs[i].type == type)
            return &m->structs[i];
    return NULL;
}

/* Structs that only the metadata names. */
static void note_described(tj_msl *m, const tj_arg *arg)
{
    LLVMTypeRef type = tj_msl_struct_named(m, arg);

    if (type)
        note_type(m, type);
}

void tj_msl_find_structs(tj_msl *m)
{
    for (uint32_t i = 0; i < m->val_count; i++) {
        LLVMValueRef value = m->vals[i].value;

        if (m->vals[i].block == TJ_NONE)
            continue;
        if (LLVMIsAGetElementPtrInst(value))
            note_type(m, LLVMGetGEPSourceElementType(value));
        else if (LLVMIsAAllocaInst(value))
            note_type(m, LLVMGetAllocatedType(value));
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g; g = LLVMGetNextGlobal(g))
        note_type(m, LLVMGlobalGetValueType(g));
    for (unsigned i = 0; i < m->kernel->arg_count; i++)
        note_described(m, &m->kernel->args[i]);
    for (unsigned i = 0; i < m->kernel->nested_count; i++)
        note_described(m, m->kernel->nested[i].buffer);
}

/* Structs inside structs, outer ones being last. */
static bool use_members(tj_msl *m)
{
    unsigned before = 0, after = 0;

    for (unsigned s = 0; s < m->struct_count; s++)
        before += m->structs[s].is_used;
    for (unsigned s = m->struct_count; s-- > 0;) {
        LLVMTypeRef type = m->structs[s].type;

        for (unsigned i = 0; m->structs[s].is_used && i < LLVMCountStructElementTypes(type);
             i++) {
            LLVMTypeRef member = tj_msl_memory_type(m, LLVMStructGetTypeAtIndex(type, i));

            while (LLVMGetTypeKind(member) == LLVMArrayTypeKind)
                member = LLVMGetElementType(member);
            if (LLVMGetTypeKind(member) == LLVMStructTypeKind)
                struct_name(m, member);
            else
                tj_msl_field_pointer(m, type, i);
        }
    }
    for (unsigned s = 0; s < m->struct_count; s++)
        after += m->structs[s].is_used;
    return after != before;
}

/* Structs that members of others, which stand in front of them, point to. */
static void print_forward(tj_msl *m)
{
    bool found = false;

    for (unsigned s = 0; s < m->struct_count; s++) {
        bool is_needed = false;

        for (unsigned e = 0; e < s && m->structs[s].is_used; e++)
            is_needed |= m->structs[e].is_used &&
                         tj_msl_has_pointer_to(m, m->structs[e].type, m->structs[s].type);
        if (is_needed)
            tj_text_line(m->out, "struct %s;", m->structs[s].name);
        found |= is_needed;
    }
    if (found)
        tj_text_puts(m->out, "\n");
}

/* " [[id(n)]]" of a member of an argument buffer. */
static const char *id_of(tj_msl *m, const tj_mstruct *info, unsigned i)
{
    const tj_field *field = tj_msl_described(m, info->type, i);

    return field && field->buffer ? TJ_MSL_TEXT(m, " [[id(%u)]]", field->buffer->location) : "";
}

static const char *member(tj_msl *m, const tj_mstruct *info, unsigned i)
{
    LLVMTypeRef type = tj_msl_memory_type(m, LLVMStructGetTypeAtIndex(info->type, i));

    tj_member_form form = tj_msl_member_form(m, info->type, i);
    const char *pointers = tj_msl_field_pointer(m, info->type, i);

    if (form == TJ_MEMBER_BYTES)
        return TJ_MSL_TEXT(m, "uchar %s[%llu]", info->fields[i],
                           (unsigned long long)LLVMABISizeOfType(m->layout, type));
    if (form == TJ_MEMBER_PACKED)
        return TJ_MSL_TEXT(m, "packed_%s %s", tj_msl_type(m, type, info->is_signed[i]),
                           info->fields[i]);

    if (pointers)
        return TJ_MSL_TEXT(m, "%s%s", tj_msl_declare_as(m, type, pointers, info->fields[i]),
                           id_of(m, info, i));
    return tj_msl_declaration(m, type, info->is_signed[i], info->fields[i]);
}

void tj_msl_print_structs(tj_msl *m)
{
    while (use_members(m)) /* pointers lead to any other */
        ;
    print_forward(m);
    for (unsigned s = 0; s < m->struct_count; s++) {
        const tj_mstruct *info = &m->structs[s];

        if (!info->is_used)
            continue;
        tj_text_line(m->out, "struct %s {", info->name);
        m->out->indent++;
        for (unsigned i = 0; i < LLVMCountStructElementTypes(info->type); i++)
            tj_text_line(m->out, "%s;", member(m, info, i));
        m->out->indent--;
        tj_text_line(m->out, "};");
        tj_text_puts(m->out, "\n");
    }
}
