/* SPDX-License-Identifier: MIT */
/* Fields of structs from DWARF types, which clang writes for every parameter. LLVM's C
 * interface gives their names and sizes; bases and members are operands of the nodes, in the
 * order of LLVM 22. The address space of a pointer stands in its printed form only. */
#include "source/describe.h"

#include "elem.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_FIELDS = 1024, /* of one parameter, with those of structs inside */
    MAX_ELEMENTS = 64, /* of an array of structs, to list the fields of each */
    MAX_NESTING = 8,   /* of structs */
    MAX_STEPS = 64     /* of typedefs */
};

enum { /* DWARF 5, table 7.3 */
       TAG_ARRAY = 0x01,
       TAG_CLASS = 0x02,
       TAG_ENUMERATION = 0x04,
       TAG_MEMBER = 0x0d,
       TAG_POINTER = 0x0f,
       TAG_REFERENCE = 0x10,
       TAG_STRUCTURE = 0x13,
       TAG_TYPEDEF = 0x16,
       TAG_UNION = 0x17,
       TAG_INHERITANCE = 0x1c,
       TAG_CONST = 0x26,
       TAG_VOLATILE = 0x35,
       TAG_RESTRICT = 0x37,
       TAG_ATOMIC = 0x47
};

enum {                  /* operands */
       OF_NAME = 2,     /* DIType */
       OF_BASE = 5,     /* DIDerivedType, DICompositeType */
       OF_ELEMENTS = 6, /* DICompositeType */
       OF_TYPE = 4,     /* DISubprogram */
       OF_TYPES = 5,    /* DISubroutineType */
       OF_COUNT = 0     /* DISubrange */
};

/* ---- nodes ------------------------------------------------------------------------------- */

/* NULL: there is none. */
static LLVMValueRef operand(tj_unit *unit, LLVMMetadataRef node, unsigned index)
{
    LLVMValueRef value = node ? LLVMMetadataAsValue(unit->llctx, node) : NULL;
    if (!value || !LLVMIsAMDNode(value))
        return NULL;
    unsigned count = LLVMGetMDNodeNumOperands(value);
    LLVMValueRef *list = tj_new_array(unit->arena, LLVMValueRef, count);
    LLVMGetMDNodeOperands(value, list);
    return index < count ? list[index] : NULL;
}

static LLVMMetadataRef node_at(tj_unit *unit, LLVMMetadataRef node, unsigned index)
{
    LLVMValueRef value = operand(unit, node, index);
    return value && LLVMIsAMDNode(value) ? LLVMValueAsMetadata(value) : NULL;
}

static unsigned count_of(tj_unit *unit, LLVMMetadataRef list)
{
    return list ? LLVMGetMDNodeNumOperands(LLVMMetadataAsValue(unit->llctx, list)) : 0;
}

static const char *name_of(tj_unit *unit, LLVMMetadataRef type)
{
    LLVMValueRef value = operand(unit, type, OF_NAME);
    unsigned byte_len = 0;
    const char *text = value && LLVMIsAMDString(value) ? LLVMGetMDString(value, &byte_len) : "";
    return tj_arena_strndup(unit->arena, text, byte_len);
}

static unsigned tag_of(LLVMMetadataRef type)
{
    return type ? LLVMGetDINodeTag(type) : 0;
}

/* ---- types ------------------------------------------------------------------------------- */

/* A type without typedefs and qualifiers. */
typedef struct plain_type {
    LLVMMetadataRef type;   /* NULL: void */
    const char *known_name; /* of a typedef on the way that is an element's name; NULL: none */
    const char *name;       /* of the last typedef; NULL: none */
    bool is_const;
} plain_type;

static plain_type strip(tj_unit *unit, LLVMMetadataRef type)
{
    plain_type out = {.type = type};
    for (unsigned i = 0; out.type && i < MAX_STEPS; i++) {
        unsigned tag = tag_of(out.type);
        if (tag != TAG_TYPEDEF && tag != TAG_CONST && tag != TAG_VOLATILE &&
            tag != TAG_RESTRICT && tag != TAG_ATOMIC)
            return out;
        out.is_const = out.is_const || tag == TAG_CONST;
        if (tag == TAG_TYPEDEF) {
            tj_elem elem;
            const char *name = name_of(unit, out.type);
            out.name = name;
            bool is_alias = strstr(name, "_t") != NULL; /* int32_t: int is Metal's word */
            if (!out.known_name && !is_alias && tj_elem_parse(name, &elem))
                out.known_name = name;
        }
        out.type = node_at(unit, out.type, OF_BASE);
    }
    return out;
}

static bool is_record(LLVMMetadataRef type)
{
    unsigned tag = tag_of(type);
    return tag == TAG_STRUCTURE || tag == TAG_CLASS || tag == TAG_UNION;
}

/* The name that Metal has for a scalar of C. */
static const char *spell_scalar(tj_arena *arena, const char *name, size_t byte_len)
{
    static const struct {
        const char *clang, *metal;
    } rows[] = {{"unsigned char", "uchar"}, {"unsigned short", "ushort"},
                {"unsigned int", "uint"},   {"unsigned long", "ulong"},
                {"signed char", "char"},    {"_Float16", "half"},
                {"__bf16", "bfloat"},       {"_Bool", "bool"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].clang) == byte_len && !memcmp(rows[i].clang, name, byte_len))
            return rows[i].metal;
    return tj_arena_strndup(arena, name, byte_len);
}

/* A class of Metal's library by its arguments: "vec<unsigned int, 3>" is uint3; NULL: none. */
static const char *spell_class(tj_arena *arena, const char *name)
{
    static const struct {
        const char *start, *spelled;
        unsigned number_count;
    } rows[] = {{"vec<", "", 1},
                {"packed_vec<", "packed_", 1},
                {"matrix<", "", 2},
                {"atomic<", "atomic_", 0},
                {"_atomic<", "atomic_", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strncmp(name, rows[i].start, strlen(rows[i].start)) != 0)
            continue;
        const char *scalar = name + strlen(rows[i].start), *text;
        char *end = (char *)scalar + strcspn(scalar, ",>");
        text = tj_arena_printf(arena, "%s%s", rows[i].spelled,
                               spell_scalar(arena, scalar, (size_t)(end - scalar)));
        for (unsigned n = 0; n < rows[i].number_count && *end == ','; n++)
            text = tj_arena_printf(arena, "%s%s%ld", text, n ? "x" : "",
                                   strtol(end + 1, &end, 10));
        tj_elem elem;
        return tj_elem_parse(text, &elem) ? text : NULL;
    }
    return NULL;
}

static bool is_vector(LLVMMetadataRef type)
{
    return tag_of(type) == TAG_ARRAY && (LLVMDITypeGetFlags(type) & LLVMDIFlagVector);
}

/* A struct or union of the user. */
static bool has_fields(tj_unit *unit, const plain_type *plain)
{
    return is_record(plain->type) && !plain->known_name &&
           !spell_class(unit->arena, name_of(unit, plain->type));
}

static const char *spell(tj_unit *unit, const plain_type *plain)
{
    if (plain->known_name)
        return plain->known_name;
    if (!plain->type)
        return "void";
    if (is_vector(plain->type))
        return plain->name ? plain->name : "vector";
    const char *name = name_of(unit, plain->type), *library = NULL;
    if (tag_of(plain->type) == TAG_POINTER || tag_of(plain->type) == TAG_REFERENCE) {
        plain_type to = strip(unit, node_at(unit, plain->type, OF_BASE));
        bool is_deep = tag_of(to.type) == TAG_POINTER || tag_of(to.type) == TAG_REFERENCE;
        return is_deep ? "pointer" : tj_arena_printf(unit->arena, "%s *", spell(unit, &to));
    }
    if (tag_of(plain->type) == TAG_ENUMERATION) {
        plain_type of = strip(unit, node_at(unit, plain->type, OF_BASE));
        return of.type ? spell(unit, &of) : "int";
    }
    if (is_record(plain->type))
        library = spell_class(unit->arena, name);
    if (library)
        return library;
    if (!*name)
        return plain->name ? plain->name : "struct";
    return spell_scalar(unit->arena, name, strlen(name));
}

/* Takes arrays away; how many elements of what is left there are. False for a length that is
 * not known. */
static bool open_array(tj_unit *unit, plain_type *plain, uint64_t *count, bool *is_array)
{
    *count = 1;
    *is_array = false;
    while (tag_of(plain->type) == TAG_ARRAY && !is_vector(plain->type)) {
        LLVMMetadataRef ranges = node_at(unit, plain->type, OF_ELEMENTS);
        for (unsigned i = 0; i < count_of(unit, ranges); i++) {
            LLVMValueRef length = operand(unit, node_at(unit, ranges, i), OF_COUNT);
            if (!length || !LLVMIsAConstantInt(length))
                return false;
            long long n = LLVMConstIntGetSExtValue(length);
            if (n <= 0 || *count > UINT32_MAX / (uint64_t)n)
                return false;
            *count *= (uint64_t)n;
        }
        *is_array = true;
        *plain = strip(unit, node_at(unit, plain->type, OF_BASE));
    }
    return true;
}

/* ---- fields ------------------------------------------------------------------------------ */

/* One node of fields that is being made. */
typedef struct walk {
    tj_unit *unit;
    LLVMMetadataRef *list;
    unsigned count, capacity, field_count;
    unsigned next_id;        /* [[id(n)]] of the next member of an argument buffer */
    unsigned level;          /* of argument buffers in each other; from 1 */
    unsigned *pointer_count; /* of the parameter; NULL: pointers are plain data */
} walk;

static void put(walk *w, LLVMMetadataRef one)
{
    if (w->count == w->capacity) {
        unsigned capacity = w->capacity * 2 + 64;
        LLVMMetadataRef *more = tj_new_array(w->unit->arena, LLVMMetadataRef, capacity);
        if (w->count)
            memcpy(more, w->list, w->count * sizeof *more);
        w->list = more;
        w->capacity = capacity;
    }
    w->list[w->count++] = one;
}

static void put_word(walk *w, const char *text)
{
    put(w, LLVMMDStringInContext2(w->unit->llctx, text, strlen(text)));
}

static void put_number(walk *w, uint64_t number)
{
    LLVMTypeRef i32 = LLVMInt32TypeInContext(w->unit->llctx);
    put(w, LLVMValueAsMetadata(LLVMConstInt(i32, number, false)));
}

static LLVMMetadataRef end(const walk *w)
{
    return LLVMMDNodeInContext2(w->unit->llctx, w->list, w->count);
}

static void add_record(walk *w, LLVMMetadataRef type, const char *prefix, uint64_t offset,
                       unsigned nesting);

/* The memory that a pointer leads to: device or constant; 0 for others. clang's numbers for
 * nvptx64 stand in no function of LLVM's C interface. */
static unsigned space_of(tj_unit *unit, LLVMMetadataRef pointer)
{
    static const char word[] = "dwarfAddressSpace: ";
    if (tag_of(pointer) != TAG_POINTER && tag_of(pointer) != TAG_REFERENCE)
        return 0;
    char *text = LLVMPrintValueToString(LLVMMetadataAsValue(unit->llctx, pointer));
    const char *at = strstr(text, word);
    unsigned long number = at ? strtoul(at + sizeof word - 1, NULL, 10) : 0;
    LLVMDisposeMessage(text);
    return number == 5 ? TJ_AS_DEVICE : number == 4 ? TJ_AS_CONSTANT : 0;
}

/* A member that is a pointer, in the form of an argument of its own. */
static LLVMMetadataRef describe_pointer(const walk *w, LLVMMetadataRef pointer, unsigned space,
                                        uint64_t count)
{
    walk of = {.unit = w->unit};
    walk inner = {.unit = w->unit,
                  .level = w->level + 1,
                  .pointer_count =
                      w->level < TJ_MAX_MEMBER_LEVELS && *w->pointer_count <= TJ_MAX_MEMBERS
                          ? w->pointer_count
                          : NULL};
    plain_type to = strip(w->unit, node_at(w->unit, pointer, OF_BASE));
    unsigned before = *w->pointer_count;
    if (has_fields(w->unit, &to))
        add_record(&inner, to.type, "", 0, 0);
    put_number(&of, w->next_id);
    put_word(&of, *w->pointer_count > before ? "air.indirect_buffer" : "air.buffer");
    put_word(&of, "air.location_index");
    put_number(&of, w->next_id);
    put_number(&of, count);
    put_word(&of, space == TJ_AS_CONSTANT || to.is_const ? "air.read" : "air.read_write");
    put_word(&of, "air.address_space");
    put_number(&of, space);
    if (inner.field_count) {
        put_word(&of, "air.struct_type_info");
        put(&of, end(&inner));
    }
    if (to.type && LLVMDITypeGetSizeInBits(to.type)) {
        put_word(&of, "air.arg_type_size");
        put_number(&of, LLVMDITypeGetSizeInBits(to.type) / 8);
    }
    put_word(&of, "air.arg_type_name");
    put_word(&of, spell(w->unit, &to));
    return end(&of);
}

static void add_pointer(walk *w, LLVMMetadataRef pointer, unsigned space, uint64_t count)
{
    *w->pointer_count += count > TJ_MAX_MEMBERS ? TJ_MAX_MEMBERS + 1 : (unsigned)count;
    put_word(w, "air.indirect_argument");
    put(w, describe_pointer(w, pointer, space, count));
}

static void add_inner(walk *w, const plain_type *plain, const char *name, uint64_t offset,
                      uint64_t count, bool is_array, unsigned nesting)
{
    uint64_t byte_len = LLVMDITypeGetSizeInBits(plain->type) / 8;
    for (uint64_t i = 0; i < count && count <= MAX_ELEMENTS; i++)
        add_record(w, plain->type,
                   is_array ? tj_arena_printf(w->unit->arena, "%s[%u].", name, (unsigned)i)
                            : tj_arena_printf(w->unit->arena, "%s.", name),
                   offset + i * byte_len, nesting + 1);
}

static void add_member(walk *w, LLVMMetadataRef member, const char *prefix, uint64_t offset,
                       unsigned nesting)
{
    tj_unit *unit = w->unit;
    const char *name = name_of(unit, member);
    plain_type plain = strip(unit, node_at(unit, member, OF_BASE));
    uint64_t count, byte_len = LLVMDITypeGetSizeInBits(member) / 8;
    bool is_array;
    if (!open_array(unit, &plain, &count, &is_array) || w->field_count >= MAX_FIELDS)
        return;
    bool is_struct = has_fields(unit, &plain);
    if (!*name && is_struct) { /* its fields are this struct's */
        add_record(w, plain.type, prefix, offset, nesting + 1);
        return;
    }
    name = tj_arena_printf(unit->arena, "%s%s", prefix, name);
    put_number(w, offset);
    put_number(w, byte_len);
    put_number(w, is_array ? count : 0);
    unsigned space = w->pointer_count ? space_of(unit, plain.type) : 0;
    plain_type to = plain;
    if (space)
        to = strip(unit, node_at(unit, plain.type, OF_BASE));
    put_word(w, spell(unit, &to));
    put_word(w, name);
    w->field_count++;
    if (space)
        add_pointer(w, plain.type, space, count);
    if (is_struct)
        add_inner(w, &plain, name, offset, count, is_array, nesting);
    else
        w->next_id += (unsigned)count;
}

static void add_record(walk *w, LLVMMetadataRef type, const char *prefix, uint64_t offset,
                       unsigned nesting)
{
    const unsigned left_out = LLVMDIFlagStaticMember | LLVMDIFlagBitField;
    LLVMMetadataRef elements = node_at(w->unit, type, OF_ELEMENTS);
    for (unsigned i = 0; i < count_of(w->unit, elements) && nesting < MAX_NESTING; i++) {
        LLVMMetadataRef member = node_at(w->unit, elements, i);
        unsigned tag = tag_of(member);
        if (tag != TAG_MEMBER && tag != TAG_INHERITANCE)
            continue;
        uint64_t at = offset + LLVMDITypeGetOffsetInBits(member) / 8;
        if (tag == TAG_INHERITANCE)
            add_record(w, strip(w->unit, node_at(w->unit, member, OF_BASE)).type, prefix, at,
                       nesting + 1);
        else if (!(LLVMDITypeGetFlags(member) & left_out))
            add_member(w, member, prefix, at, nesting);
    }
}

/* ---- parameters -------------------------------------------------------------------------- */

/* The type of parameter `index`; NULL: clang says nothing. */
static LLVMMetadataRef type_of_param(tj_unit *unit, LLVMValueRef function, unsigned index)
{
    LLVMMetadataRef subprogram = LLVMGetSubprogram(function);
    LLVMMetadataRef types =
        subprogram ? node_at(unit, node_at(unit, subprogram, OF_TYPE), OF_TYPES) : NULL;
    if (count_of(unit, types) != LLVMCountParams(function) + 1)
        return NULL;
    return node_at(unit, types, index + 1);
}

tj_described tj_describe_param(tj_unit *unit, LLVMValueRef function, unsigned index)
{
    plain_type plain = strip(unit, type_of_param(unit, function, index));
    LLVMTypeRef param = LLVMTypeOf(LLVMGetParam(function, index));
    bool is_pointer = tag_of(plain.type) == TAG_POINTER;
    bool is_reference = tag_of(plain.type) == TAG_REFERENCE;
    bool takes_pointers = is_reference;
    unsigned pointer_count = 0;
    if (is_pointer)
        takes_pointers = LLVMGetTypeKind(param) == LLVMPointerTypeKind &&
                         LLVMGetPointerAddressSpace(param) == TJ_AS_CONSTANT;
    if (is_pointer || is_reference)
        plain = strip(unit, node_at(unit, plain.type, OF_BASE));
    walk w = {
        .unit = unit, .level = 1, .pointer_count = takes_pointers ? &pointer_count : NULL};
    if (!has_fields(unit, &plain))
        return (tj_described){0};
    add_record(&w, plain.type, "", 0, 0);
    return (tj_described){.fields = w.field_count ? end(&w) : NULL,
                          .holds_pointers = pointer_count > 0};
}
