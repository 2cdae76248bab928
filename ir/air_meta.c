/* SPDX-License-Identifier: MIT */
/* Kernels by !air.kernel (air.md 3.3 to 3.9). Nodes are read by kind of operand: unknown keys
 * are stepped over, keys that carry a value consume it. */
#include "air_meta.h"
#include "elem.h"

#include <llvm-c/Core.h>
#include <stddef.h>
#include <string.h>

/* ---- metadata through LLVM-C --------------------------------------------------------- */

typedef struct node {
    LLVMValueRef *ops; /* NULL for a null operand */
    unsigned count;
} node;

static bool read_node(tj_unit *unit, LLVMValueRef value, node *out)
{
    if (!value || !LLVMIsAMDNode(value))
        return false;
    out->count = LLVMGetMDNodeNumOperands(value);
    out->ops = tj_new_array(unit->arena, LLVMValueRef, out->count);
    LLVMGetMDNodeOperands(value, out->ops);
    return true;
}

static node read_list(tj_unit *unit, const char *name)
{
    node list = {.count = LLVMGetNamedMetadataNumOperands(unit->module, name)};
    list.ops = tj_new_array(unit->arena, LLVMValueRef, list.count);
    if (list.count)
        LLVMGetNamedMetadataOperands(unit->module, name, list.ops);
    return list;
}

/* NULL when operand `i` is not a string. */
static const char *string_at(tj_unit *unit, const node *n, unsigned i)
{
    if (i >= n->count || !n->ops[i] || !LLVMIsAMDString(n->ops[i]))
        return NULL;
    unsigned byte_len;
    const char *text = LLVMGetMDString(n->ops[i], &byte_len);
    return tj_arena_strndup(unit->arena, text, byte_len);
}

static bool number_at(const node *n, unsigned i, uint64_t *out)
{
    if (i >= n->count || !n->ops[i] || !LLVMIsAConstantInt(n->ops[i]) ||
        LLVMGetIntTypeWidth(LLVMTypeOf(n->ops[i])) > 64)
        return false;
    *out = LLVMConstIntGetZExtValue(n->ops[i]);
    return true;
}

/* ---- argument nodes ------------------------------------------------------------------ */

/* What one argument node says. */
typedef struct arg_node {
    uint64_t buffer_size, address_space, type_size, type_align;
    uint64_t location, location_count;
    bool has_address_space, has_location;
    tj_access access; /* 0: not said */
    const char *type_name, *name;
    node fields;
    bool is_unused;
} arg_node;

static const struct {
    const char *key;
    size_t offset;
} number_keys[] = {
    {"air.buffer_size", offsetof(arg_node, buffer_size)},
    {"air.address_space", offsetof(arg_node, address_space)},
    {"air.arg_type_size", offsetof(arg_node, type_size)},
    {"air.arg_type_align_size", offsetof(arg_node, type_align)},
};
static const struct {
    const char *key;
    size_t offset;
} string_keys[] = {
    {"air.arg_type_name", offsetof(arg_node, type_name)},
    {"air.arg_name", offsetof(arg_node, name)},
};
static const struct {
    const char *key;
    tj_access access;
} access_keys[] = {
    {"air.read", TJ_ACCESS_READ},
    {"air.write", TJ_ACCESS_WRITE},
    {"air.read_write", TJ_ACCESS_READ_WRITE},
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* Takes the value of `key` if it carries one; `*at` is the operand behind it. False when the
 * value is of the wrong kind. */
static bool take_value(tj_unit *unit, const node *n, const char *key, unsigned *at,
                       arg_node *out)
{
    char *base = (char *)out;
    for (size_t i = 0; i < COUNT_OF(number_keys); i++)
        if (strcmp(key, number_keys[i].key) == 0) {
            if (strcmp(key, "air.address_space") == 0)
                out->has_address_space = true;
            return number_at(n, (*at)++, (uint64_t *)(void *)(base + number_keys[i].offset));
        }
    for (size_t i = 0; i < COUNT_OF(string_keys); i++)
        if (strcmp(key, string_keys[i].key) == 0) {
            const char *text = string_at(unit, n, (*at)++);
            *(const char **)(void *)(base + string_keys[i].offset) = text;
            return text != NULL;
        }
    if (strcmp(key, "air.struct_type_info") == 0)
        return *at < n->count && read_node(unit, n->ops[(*at)++], &out->fields);
    if (strcmp(key, "air.location_index") == 0) {
        out->has_location = true;
        *at += 2;
        return number_at(n, *at - 2, &out->location) &&
               number_at(n, *at - 1, &out->location_count);
    }
    for (size_t i = 0; i < COUNT_OF(access_keys); i++)
        if (strcmp(key, access_keys[i].key) == 0)
            out->access = access_keys[i].access;
    if (strcmp(key, "air.arg_unused") == 0)
        out->is_unused = true;
    return true;
}

/* Reads the keys from operand 2 on. On failure `*bad_key` names the one. */
static bool read_arg_node(tj_unit *unit, const node *n, arg_node *out, const char **bad_key)
{
    *out = (arg_node){.location_count = 1};
    for (unsigned at = 2; at < n->count;) {
        *bad_key = string_at(unit, n, at++);
        if (*bad_key && !take_value(unit, n, *bad_key, &at, out))
            return false;
    }
    return true;
}

/* ---- buffers ------------------------------------------------------------------------- */

/* The next 5-tuple of offset, size, array length, type and name from operand `*at` on; keys may
 * stand between them. */
static bool next_field(tj_unit *unit, const node *n, unsigned *at, tj_field *out)
{
    for (; *at + 5 <= n->count; ++*at) {
        uint64_t offset, byte_len, array_len;
        const char *type_name = string_at(unit, n, *at + 3),
                   *name = string_at(unit, n, *at + 4);
        if (!number_at(n, *at, &offset) || !number_at(n, *at + 1, &byte_len) ||
            !number_at(n, *at + 2, &array_len) || !type_name || !name)
            continue;
        *out = (tj_field){.name = name,
                          .type_name = type_name,
                          .byte_offset = (unsigned)offset,
                          .byte_len = (unsigned)byte_len,
                          .array_len = (unsigned)array_len};
        *at += 5;
        return true;
    }
    return false;
}

static void read_fields(tj_unit *unit, const node *n, tj_arg *arg)
{
    tj_field *fields = tj_new_array(unit->arena, tj_field, n->count / 5);
    unsigned at = 0;
    while (next_field(unit, n, &at, &fields[arg->field_count]))
        arg->field_count++;
    arg->fields = fields;
}

/* An atomic is a struct of one field; it counts as that field. */
static bool set_elem_of_atomic(tj_unit *unit, tj_arg *arg)
{
    bool is_atomic = strstr(arg->type_name, "_atomic") != NULL;
    if (!is_atomic || arg->field_count != 1)
        return false;
    const char *type_name = arg->type_name;
    bool is_known = tj_set_elem_by_name(unit, arg, arg->fields[0].type_name);
    arg->type_name = type_name;
    arg->field_count = 0;
    return is_known;
}

/* Name first, then the size that the metadata gives, then the uses. */
static void set_elem(tj_unit *unit, tj_arg *arg, const arg_node *said, LLVMValueRef param)
{
    bool is_known = said->type_name && tj_set_elem_by_name(unit, arg, said->type_name);
    is_known = is_known || set_elem_of_atomic(unit, arg);
    bool fits = is_known && (!said->type_size || said->type_size % arg->elem_byte_len == 0);
    if (fits)
        return;
    arg->scalar = TJ_SCALAR_UNKNOWN;
    arg->components = 1;
    arg->elem_byte_len = said->type_size;
    arg->elem_align = said->type_align;
    if (!arg->field_count && !*arg->type_name && param)
        tj_set_elem_by_uses(unit, arg, param);
}

static tj_status check_buffer(tj_unit *unit, const tj_kernel *kernel, unsigned index,
                              const arg_node *said)
{
    LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(kernel->function, index));
    int arg = (int)index;
    if (LLVMGetTypeKind(type) != LLVMPointerTypeKind)
        return tj_fail_kernel(unit, kernel->function, arg, TJ_E_MALFORMED,
                              "air.buffer for a parameter that is no pointer");
    unsigned space = LLVMGetPointerAddressSpace(type);
    if (space < TJ_AS_DEVICE || space > TJ_AS_THREADGROUP)
        return tj_fail_kernel(unit, kernel->function, arg, TJ_E_MALFORMED,
                              "a pointer into address space %u; accepted are 1 (device), "
                              "2 (constant) and 3 (threadgroup)",
                              space);
    if (said->has_address_space && said->address_space != space)
        return tj_fail_kernel(unit, kernel->function, arg, TJ_E_MALFORMED,
                              "air.address_space is %llu, the parameter's is %u",
                              (unsigned long long)said->address_space, space);
    if (!said->has_location)
        return tj_fail_kernel(unit, kernel->function, arg, TJ_E_MALFORMED,
                              "air.location_index is missing");
    if (said->location >= TJ_MAX_BUFFERS)
        return tj_fail_kernel(unit, kernel->function, arg, TJ_E_MALFORMED,
                              "air.location_index is %llu; accepted are 0 to %d",
                              (unsigned long long)said->location, TJ_MAX_BUFFERS - 1);
    if (said->location_count > 1)
        return tj_fail_kernel(unit, kernel->function, arg, TJ_E_UNSUPPORTED,
                              "an array of %llu buffers",
                              (unsigned long long)said->location_count);
    return TJ_OK;
}

static tj_status read_buffer(tj_unit *unit, const tj_kernel *kernel, unsigned index,
                             const arg_node *said)
{
    tj_status status = check_buffer(unit, kernel, index, said);
    if (status)
        return status;
    LLVMValueRef param = LLVMGetParam(kernel->function, index);
    tj_arg *arg = &kernel->args[index];
    arg->address_space = LLVMGetPointerAddressSpace(LLVMTypeOf(param));
    arg->kind = arg->address_space == TJ_AS_THREADGROUP ? TJ_ARG_THREADGROUP : TJ_ARG_BUFFER;
    arg->location = (unsigned)said->location;
    arg->fixed_byte_len = said->buffer_size;
    arg->access = said->access                           ? said->access
                  : arg->address_space == TJ_AS_CONSTANT ? TJ_ACCESS_READ
                                                         : TJ_ACCESS_READ_WRITE;
    read_fields(unit, &said->fields, arg);
    set_elem(unit, arg, said, param);
    return TJ_OK;
}

/* ---- argument buffers (air.md 3.7) ----------------------------------------------------- */

/* Where the reader is inside the argument buffers of one kernel. */
typedef struct members {
    tj_unit *unit;
    const tj_kernel *kernel;
    unsigned index;          /* of the argument */
    unsigned level;          /* 1: its own fields */
    unsigned *pointer_count; /* of the kernel */
} members;

static tj_status fail_member(const members *at, const tj_field *field, tj_status status,
                             const char *what)
{
    return tj_fail_kernel(at->unit, at->kernel->function, (int)at->index, status,
                          "member '%s': %s", field->name, what);
}

static tj_status read_members(const members *at, const node *n, tj_arg *arg);

static tj_status check_pointer(const members *at, const tj_field *field, const arg_node *said)
{
    if (said->has_address_space && said->address_space != TJ_AS_DEVICE &&
        said->address_space != TJ_AS_CONSTANT)
        return fail_member(at, field, TJ_E_MALFORMED,
                           "a pointer into another address space than 1 (device) and 2 "
                           "(constant)");
    if (field->byte_len != 8 || field->byte_offset % 8)
        return fail_member(at, field, TJ_E_MALFORMED,
                           "a pointer has 8 bytes, at a multiple of 8");
    if (++*at->pointer_count > TJ_MAX_MEMBERS)
        return fail_member(at, field, TJ_E_UNSUPPORTED,
                           "more than 512 pointers in a kernel's argument buffers");
    return TJ_OK;
}

static tj_status read_pointer(const members *at, const arg_node *said, tj_field *field)
{
    members inner = *at;
    tj_arg *buffer = tj_new(at->unit->arena, tj_arg);
    tj_status status = check_pointer(at, field, said);

    if (status)
        return status;
    buffer->kind = TJ_ARG_BUFFER;
    buffer->name = field->name;
    buffer->type_name = "";
    buffer->is_unused = said->is_unused;
    buffer->address_space =
        said->has_address_space ? (unsigned)said->address_space : TJ_AS_DEVICE;
    buffer->location = (unsigned)said->location;
    buffer->fixed_byte_len = said->buffer_size;
    buffer->access = said->access                              ? said->access
                     : buffer->address_space == TJ_AS_CONSTANT ? TJ_ACCESS_READ
                                                               : TJ_ACCESS_READ_WRITE;
    inner.level++;
    if (inner.level <= TJ_MAX_MEMBER_LEVELS)
        status = read_members(&inner, &said->fields, buffer);
    set_elem(at->unit, buffer, said, NULL);
    field->buffer = buffer;
    return status;
}

/* An array of pointers is as many members: "p[0]", "p[1]", ... The place of the first has been
 * filled as the array's; the array's size is said of one element or of all. */
static tj_status read_pointers(const members *at, const arg_node *said, tj_arg *arg)
{
    tj_field *fields = (tj_field *)arg->fields + arg->field_count - 1;
    const tj_field array = *fields;
    uint64_t count = array.array_len ? array.array_len : 1;
    arg_node one = *said;
    tj_status status = TJ_OK;

    if (said->location_count > 1 && said->location_count != count)
        return fail_member(at, &array, TJ_E_MALFORMED,
                           "an array of another length than its locations");
    if (!array.array_len)
        return read_pointer(at, said, fields);
    if (count > TJ_MAX_MEMBERS)
        return fail_member(at, &array, TJ_E_UNSUPPORTED,
                           "more than 512 pointers in a kernel's argument buffers");
    for (unsigned i = 0; i < count && !status; i++) {
        fields[i] = array;
        fields[i].name = tj_arena_printf(at->unit->arena, "%s[%u]", array.name, i);
        fields[i].array_len = 0;
        fields[i].byte_offset = array.byte_offset + 8 * i;
        fields[i].byte_len = array.byte_len == 8 * count ? 8 : array.byte_len;
        one.location = said->location + i;
        status = read_pointer(at, &one, &fields[i]);
    }
    arg->field_count += (unsigned)count - 1;
    return status;
}

/* What the node behind "air.indirect_argument" says of the field before it, the last one. */
static tj_status read_member(const members *at, LLVMValueRef value, tj_arg *arg)
{
    const tj_field *field = &arg->fields[arg->field_count - 1];
    const char *bad_key = NULL;
    arg_node said;
    node n;

    if (!read_node(at->unit, value, &n))
        return fail_member(at, field, TJ_E_UNSUPPORTED,
                           "a struct that holds resources; accepted are plain data and "
                           "buffers");
    const char *role = string_at(at->unit, &n, 1);
    if (!role || !read_arg_node(at->unit, &n, &said, &bad_key))
        return fail_member(at, field, TJ_E_MALFORMED, "a node that says nothing of it");
    if (strcmp(role, "air.indirect_constant") == 0)
        return TJ_OK;
    if (strcmp(role, "air.buffer") == 0 || strcmp(role, "air.indirect_buffer") == 0)
        return read_pointers(at, &said, arg);
    return tj_fail_kernel(at->unit, at->kernel->function, (int)at->index, TJ_E_UNSUPPORTED,
                          "member '%s' of kind '%s'; accepted are air.indirect_constant and "
                          "air.buffer",
                          field->name, role);
}

/* Fields, each of which may be an array of pointers. */
static size_t room_for_members(const node *n)
{
    size_t count = 0;
    for (unsigned i = 0; i + 5 <= n->count; i++) {
        uint64_t array_len;
        if (number_at(n, i, &array_len) && array_len <= TJ_MAX_MEMBERS)
            count += array_len;
    }
    return count + n->count / 5;
}

/* Fields, and what follows those that are members of an argument buffer. */
static tj_status read_members(const members *at, const node *n, tj_arg *arg)
{
    tj_field *fields = tj_new_array(at->unit->arena, tj_field, room_for_members(n));
    unsigned end = 0;

    arg->fields = fields;
    while (next_field(at->unit, n, &end, &fields[arg->field_count])) {
        arg->field_count++;
        const char *key = string_at(at->unit, n, end);
        tj_status status = TJ_OK;

        if (key && strcmp(key, "air.indirect_argument") == 0)
            status = read_member(at, end + 1 < n->count ? n->ops[end + 1] : NULL, arg);
        if (status)
            return status;
    }
    return TJ_OK;
}

static tj_status read_argument_buffer(tj_unit *unit, const tj_kernel *kernel, unsigned index,
                                      const arg_node *said, unsigned *pointer_count)
{
    members at = {unit, kernel, index, 1, pointer_count};
    arg_node plain = *said;
    tj_arg *arg = &kernel->args[index];

    plain.fields = (node){0};
    tj_status status = read_buffer(unit, kernel, index, &plain);
    if (!status && arg->kind == TJ_ARG_THREADGROUP)
        return tj_fail_kernel(unit, kernel->function, (int)index, TJ_E_MALFORMED,
                              "an argument buffer in threadgroup memory");
    return status ? status : read_members(&at, &said->fields, arg);
}

/* ---- arguments ----------------------------------------------------------------------- */

static tj_status read_role(tj_unit *unit, const tj_kernel *kernel, unsigned index,
                           const char *role, const arg_node *said, unsigned *pointer_count)
{
    tj_arg *arg = &kernel->args[index];
    if (said->name && *said->name)
        arg->name = said->name;
    arg->is_unused = said->is_unused;
    if (strcmp(role, "air.buffer") == 0)
        return read_buffer(unit, kernel, index, said);
    if (strcmp(role, "air.indirect_buffer") == 0)
        return read_argument_buffer(unit, kernel, index, said, pointer_count);
    bool is_air = strncmp(role, "air.", 4) == 0;
    tj_sysval id = is_air ? tj_find_sysval(role + 4, strlen(role + 4)) : TJ_SYSVAL_COUNT;
    if (id == TJ_SYSVAL_COUNT)
        return tj_fail_kernel(
            unit, kernel->function, (int)index, is_air ? TJ_E_UNSUPPORTED : TJ_E_MALFORMED,
            "argument kind '%s'; accepted are air.buffer, air.indirect_buffer and built-in "
            "inputs",
            role);
    arg->type_name = said->type_name ? said->type_name : "";
    return tj_set_sysval(unit, kernel, index, id);
}

/* Optional arguments have two operands more in front of their role: "air.function_constant" and
 * a node of the global that holds the predicate, its type and its name. */
static bool read_predicate(tj_unit *unit, const tj_kernel *kernel, unsigned index,
                           const node *n)
{
    const char *key = string_at(unit, n, 1);
    node predicate;
    if (!key || strcmp(key, "air.function_constant") != 0)
        return true;
    if (n->count < 3 || !read_node(unit, n->ops[2], &predicate) || !predicate.count ||
        !predicate.ops[0] || !LLVMIsAGlobalVariable(predicate.ops[0]))
        return false;
    kernel->args[index].predicate = tj_global_name(unit, predicate.ops[0]);
    return true;
}

static tj_status read_arg(tj_unit *unit, const tj_kernel *kernel, LLVMValueRef value,
                          bool *is_read, unsigned *pointer_count)
{
    LLVMValueRef function = kernel->function;
    node n;
    uint64_t index;
    if (!read_node(unit, value, &n) || !number_at(&n, 0, &index))
        return tj_fail_kernel(unit, function, -1, TJ_E_MALFORMED,
                              "an argument node that does not start with a parameter index");
    if (index >= kernel->arg_count)
        return tj_fail_kernel(unit, function, -1, TJ_E_MALFORMED,
                              "an argument node for parameter %llu of %u",
                              (unsigned long long)index, kernel->arg_count);
    if (is_read[index])
        return tj_fail_kernel(unit, function, (int)index, TJ_E_MALFORMED,
                              "two argument nodes for one parameter");
    is_read[index] = true;
    if (!read_predicate(unit, kernel, (unsigned)index, &n))
        return tj_fail_kernel(unit, function, (int)index, TJ_E_MALFORMED,
                              "air.function_constant without a node that starts with a global");
    bool is_optional = kernel->args[index].predicate != NULL;
    const char *role = string_at(unit, &n, is_optional ? 3 : 1), *bad_key = NULL;
    if (!role)
        return tj_fail_kernel(unit, function, (int)index, TJ_E_MALFORMED,
                              "the argument node names no kind of argument");
    arg_node said;
    if (!read_arg_node(unit, &n, &said, &bad_key))
        return tj_fail_kernel(unit, function, (int)index, TJ_E_MALFORMED,
                              "'%s' is followed by the wrong kind of operand", bad_key);
    return read_role(unit, kernel, (unsigned)index, role, &said, pointer_count);
}

static tj_status read_args(tj_unit *unit, tj_kernel *kernel, LLVMValueRef value)
{
    unsigned pointer_count = 0;
    node list;
    if (!read_node(unit, value, &list))
        return tj_fail_kernel(unit, kernel->function, -1, TJ_E_MALFORMED,
                              "the kernel's node has no argument list");
    if (list.count != kernel->arg_count)
        return tj_fail_kernel(unit, kernel->function, -1, TJ_E_MALFORMED,
                              "%u argument nodes for %u parameters", list.count,
                              kernel->arg_count);
    bool *is_read = tj_new_array(unit->arena, bool, kernel->arg_count);
    for (unsigned i = 0; i < list.count; i++) {
        tj_status status = read_arg(unit, kernel, list.ops[i], is_read, &pointer_count);
        if (status)
            return status;
    }
    tj_list_nested(unit->arena, kernel);
    return tj_check_locations(unit, kernel);
}

/* ---- kernels ------------------------------------------------------------------------- */

static tj_status set_max_threads(tj_unit *unit, tj_kernel *kernel, uint64_t threads)
{
    if (threads < 1 || threads > TJ_MAX_THREADS)
        return tj_fail_kernel(unit, kernel->function, -1, TJ_E_MALFORMED,
                              "at most %llu threads in a threadgroup; accepted are 1 to %d",
                              (unsigned long long)threads, TJ_MAX_THREADS);
    kernel->max_threads = (unsigned)threads;
    return TJ_OK;
}

/* [[max_total_threads_per_threadgroup(N)]]: an extra node, or an attribute of others. */
static tj_status read_max_threads(tj_unit *unit, tj_kernel *kernel, const node *n)
{
    static const char key[] = "max-work-group-size";
    uint64_t threads;
    for (unsigned i = 3; i < n->count; i++) {
        node extra;
        const char *name =
            read_node(unit, n->ops[i], &extra) ? string_at(unit, &extra, 0) : NULL;
        if (!name || strcmp(name, "air.max_work_group_size") != 0)
            continue;
        if (!number_at(&extra, 1, &threads))
            return tj_fail_kernel(unit, kernel->function, -1, TJ_E_MALFORMED,
                                  "air.max_work_group_size without a number");
        return set_max_threads(unit, kernel, threads);
    }
    LLVMAttributeRef attribute = LLVMGetStringAttributeAtIndex(
        kernel->function, (unsigned)LLVMAttributeFunctionIndex, key, (unsigned)strlen(key));
    if (!attribute)
        return TJ_OK;
    unsigned byte_len = 0;
    const char *text = LLVMGetStringAttributeValue(attribute, &byte_len);
    if (!tj_parse_number(text, byte_len, UINT32_MAX, &threads))
        return tj_fail_kernel(unit, kernel->function, -1, TJ_E_MALFORMED,
                              "attribute '%s' is not a number", key);
    return set_max_threads(unit, kernel, threads);
}

static tj_status fail_list(tj_unit *unit, const char *what)
{
    tj_loc loc = {.file = unit->file};
    return tj_fail_at(&unit->diags, TJ_E_MALFORMED, &loc, "!air.kernel: %s", what);
}

static tj_status read_kernel(tj_unit *unit, const node *n, tj_kernel *out)
{
    if (!n->count || !n->ops[0] || !LLVMIsAFunction(n->ops[0]))
        return fail_list(unit, "a node does not start with a function");
    tj_status status = tj_begin_kernel(unit, n->ops[0], out);
    if (status)
        return status;
    if (tj_find_kernel(unit, out->name))
        return tj_fail_kernel(unit, out->function, -1, TJ_E_MALFORMED,
                              "the kernel is listed twice in !air.kernel");
    status = read_args(unit, out, n->count > 2 ? n->ops[2] : NULL);
    if (!status)
        status = read_max_threads(unit, out, n);
    return status ? status : tj_read_threadgroup(unit, out->function, out);
}

/* A null first operand is what LLVM leaves of a function that was removed. */
static bool is_of_removed_function(const node *n)
{
    return n->count && !n->ops[0];
}

static tj_status read_kernel_list(tj_unit *unit, const node *list)
{
    unit->kernels = tj_new_array(unit->arena, tj_kernel, list->count);
    for (unsigned i = 0; i < list->count; i++) {
        node n;
        if (!read_node(unit, list->ops[i], &n))
            return fail_list(unit, "an operand is no node");
        if (is_of_removed_function(&n))
            continue;
        tj_status status = read_kernel(unit, &n, &unit->kernels[unit->kernel_count]);
        if (status)
            return status;
        unit->kernel_count++;
    }
    return TJ_OK;
}

/* ---- module -------------------------------------------------------------------------- */

static void read_version(tj_unit *unit)
{
    node list = read_list(unit, "air.version"), n;
    uint64_t major, minor;
    if (!list.count || !read_node(unit, list.ops[0], &n) || !number_at(&n, 0, &major) ||
        !number_at(&n, 1, &minor))
        return;
    unit->air_major = (unsigned)major;
    unit->air_minor = (unsigned)minor;
}

static void read_compile_options(tj_unit *unit)
{
    node list = read_list(unit, "air.compile_options"), n;
    for (unsigned i = 0; i < list.count; i++) {
        const char *option = read_node(unit, list.ops[i], &n) ? string_at(unit, &n, 0) : NULL;
        if (option && strcmp(option, "air.compile.denorms_disable") == 0)
            unit->flush_subnormals = true;
    }
}

tj_status tj_read_kernels(tj_unit *unit)
{
    read_version(unit);
    read_compile_options(unit);
    tj_status read = tj_read_constants(unit);
    if (read)
        return read;
    node list = read_list(unit, "air.kernel");
    tj_status status = list.count ? read_kernel_list(unit, &list) : tj_read_short_form(unit);
    if (status || unit->kernel_count)
        return status;
    tj_loc loc = {.file = unit->file};
    return tj_fail_at(&unit->diags, TJ_E_MALFORMED, &loc,
                      "no kernel; accepted are functions in !air.kernel and functions with "
                      "the attribute \"tmjit.kernel\"");
}
