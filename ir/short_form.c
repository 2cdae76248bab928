/* SPDX-License-Identifier: MIT */
/* Kernels of modules without !air.kernel: string attributes on the function and on its
 * parameters, described in ir/README.md, "Short form". */
#include "air_meta.h"
#include "elem.h"

#include <llvm-c/Core.h>
#include <string.h>

static const char kernel_key[] = "tmjit.kernel";

/* NULL when the attribute is not there; else its text, in the arena. */
static const char *read_attribute(tj_unit *unit, LLVMValueRef function, unsigned at,
                                  const char *key)
{
    LLVMAttributeRef attribute =
        LLVMGetStringAttributeAtIndex(function, at, key, (unsigned)strlen(key));
    if (!attribute)
        return NULL;
    unsigned byte_len;
    const char *value = LLVMGetStringAttributeValue(attribute, &byte_len);
    return tj_arena_strndup(unit->arena, value ? value : "", value ? byte_len : 0);
}

static bool has_enum_attribute(LLVMValueRef function, unsigned at, const char *name)
{
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    return LLVMGetEnumAttributeAtIndex(function, at, kind) != NULL;
}

static bool is_listed(const char *key, size_t byte_len, const char *const *keys)
{
    for (; *keys; keys++)
        if (strlen(*keys) == byte_len && memcmp(*keys, key, byte_len) == 0)
            return true;
    return false;
}

/* A misspelt key must not be overlooked. */
static tj_status check_keys(tj_unit *unit, LLVMValueRef function, unsigned at, int arg,
                            const char *const *keys)
{
    unsigned count = LLVMGetAttributeCountAtIndex(function, at);
    LLVMAttributeRef *attributes = tj_new_array(unit->arena, LLVMAttributeRef, count);
    LLVMGetAttributesAtIndex(function, at, attributes);
    for (unsigned i = 0; i < count; i++) {
        if (!LLVMIsStringAttribute(attributes[i]))
            continue;
        unsigned byte_len;
        const char *key = LLVMGetStringAttributeKind(attributes[i], &byte_len);
        if (byte_len >= 6 && memcmp(key, "tmjit.", 6) == 0 && !is_listed(key, byte_len, keys))
            return tj_fail_kernel(unit, function, arg, TJ_E_MALFORMED,
                                  "unknown attribute '%.*s'", (int)byte_len, key);
    }
    return TJ_OK;
}

/* Reads a number if the attribute is there; `*is_there` tells. */
static tj_status read_number(tj_unit *unit, const tj_kernel *kernel, int arg, const char *key,
                             uint64_t limit, uint64_t *out, bool *is_there)
{
    unsigned at = arg < 0 ? (unsigned)LLVMAttributeFunctionIndex : (unsigned)arg + 1;
    const char *text = read_attribute(unit, kernel->function, at, key);
    *is_there = text != NULL;
    if (!text || tj_parse_number(text, strlen(text), limit, out))
        return TJ_OK;
    return tj_fail_kernel(unit, kernel->function, arg, TJ_E_MALFORMED,
                          "\"%s\"=\"%s\"; accepted are numbers up to %llu", key, text,
                          (unsigned long long)limit);
}

/* ---- one parameter ------------------------------------------------------------------- */

static tj_status read_value(tj_unit *unit, const tj_kernel *kernel, unsigned index)
{
    static const char *const keys[] = {"tmjit.builtin", NULL};
    tj_status status = check_keys(unit, kernel->function, index + 1, (int)index, keys);
    if (status)
        return status;
    const char *name = read_attribute(unit, kernel->function, index + 1, keys[0]);
    const char *wanted = name ? name : kernel->args[index].name;
    tj_sysval id = tj_find_sysval(wanted, strlen(wanted));
    if (id == TJ_SYSVAL_COUNT && name)
        return tj_fail_kernel(unit, kernel->function, (int)index, TJ_E_MALFORMED,
                              "unknown built-in input '%s'", name);
    if (id == TJ_SYSVAL_COUNT)
        return tj_fail_kernel(unit, kernel->function, (int)index, TJ_E_MALFORMED,
                              "a parameter that is no pointer needs \"tmjit.builtin\"=\"...\" "
                              "or the name of a built-in input");
    status = tj_set_sysval(unit, kernel, index, id);
    if (!status) {
        tj_arg *arg = &kernel->args[index];
        tj_elem elem = {arg->sysval_bits == 16 ? TJ_SCALAR_U16 : TJ_SCALAR_U32,
                        arg->sysval_components, 0, 0};
        arg->type_name = tj_elem_spell(unit->arena, &elem);
        arg->is_unused = !LLVMGetFirstUse(LLVMGetParam(kernel->function, index));
    }
    return status;
}

static tj_status read_access(tj_unit *unit, const tj_kernel *kernel, unsigned index)
{
    static const struct {
        const char *name;
        tj_access access;
    } rows[] = {{"read", TJ_ACCESS_READ},
                {"write", TJ_ACCESS_WRITE},
                {"read_write", TJ_ACCESS_READ_WRITE}};
    tj_arg *arg = &kernel->args[index];
    LLVMValueRef function = kernel->function;
    const char *text = read_attribute(unit, function, index + 1, "tmjit.access");
    if (!text) {
        bool is_read = arg->address_space == TJ_AS_CONSTANT ||
                       has_enum_attribute(function, index + 1, "readonly") ||
                       has_enum_attribute(function, index + 1, "readnone");
        bool is_written = has_enum_attribute(function, index + 1, "writeonly");
        arg->access = is_read      ? TJ_ACCESS_READ
                      : is_written ? TJ_ACCESS_WRITE
                                   : tj_access_infer(LLVMGetParam(function, index));
        return TJ_OK;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(text, rows[i].name) == 0)
            arg->access = rows[i].access;
    if (arg->access)
        return TJ_OK;
    return tj_fail_kernel(unit, function, (int)index, TJ_E_MALFORMED,
                          "unknown access '%s'; accepted are read, write and read_write", text);
}

static tj_status read_type(tj_unit *unit, const tj_kernel *kernel, unsigned index)
{
    tj_arg *arg = &kernel->args[index];
    const char *text = read_attribute(unit, kernel->function, index + 1, "tmjit.type");
    if (!text) {
        tj_set_elem_by_uses(unit, arg, LLVMGetParam(kernel->function, index));
        return TJ_OK;
    }
    if (tj_set_elem_by_name(unit, arg, text))
        return TJ_OK;
    return tj_fail_kernel(unit, kernel->function, (int)index, TJ_E_MALFORMED,
                          "unknown element type '%s'; accepted are %s, their vectors of 2 to "
                          "4, packed_ vectors, and matrices of float and half",
                          text, tj_elem_scalar_names(unit->arena));
}

/* "TYPE NAME" into a field behind the others, with the alignment of its type; false: it is
 * none.
 */
static bool add_field(tj_unit *unit, tj_arg *arg, const char *text, size_t len)
{
    tj_field *field = (tj_field *)&arg->fields[arg->field_count];
    size_t type_len = strcspn(text, " "), name_len = len - type_len - 1;
    tj_elem elem;
    if (type_len + 1 >= len || memchr(text + type_len + 1, ' ', name_len))
        return false;
    *field = (tj_field){.type_name = tj_arena_strndup(unit->arena, text, type_len),
                        .name = tj_arena_strndup(unit->arena, text + type_len + 1, name_len)};
    if (strchr(field->type_name, '*') || !tj_elem_parse(field->type_name, &elem))
        return false;
    for (unsigned i = 0; i < arg->field_count; i++)
        if (strcmp(arg->fields[i].name, field->name) == 0)
            return false;
    uint64_t start = (arg->elem_byte_len + elem.align - 1) / elem.align * elem.align;
    field->byte_offset = (unsigned)start;
    field->byte_len = (unsigned)elem.byte_len;
    arg->elem_byte_len = start + elem.byte_len;
    arg->elem_align = elem.align > arg->elem_align ? elem.align : arg->elem_align;
    arg->field_count++;
    return true;
}

/* A struct's fields; its name stands where other types do. */
static tj_status read_fields(tj_unit *unit, const tj_kernel *kernel, unsigned index,
                             const char *text)
{
    tj_arg *arg = &kernel->args[index];
    const char *name = read_attribute(unit, kernel->function, index + 1, "tmjit.type");
    unsigned count = 1;
    for (const char *p = text; *p; p++)
        count += *p == ',';
    arg->fields = tj_new_array(unit->arena, tj_field, count);
    arg->type_name = name ? name : arg->name;
    arg->components = 1;
    arg->elem_align = 1;
    for (const char *p = text;; p++) {
        size_t len = strcspn(p, ",");
        if (!add_field(unit, arg, p, len))
            return tj_fail_kernel(unit, kernel->function, (int)index, TJ_E_MALFORMED,
                                  "\"tmjit.fields\"=\"%s\"; accepted are different fields "
                                  "TYPE NAME,... of element types",
                                  text);
        p += len;
        if (!*p)
            break;
    }
    arg->elem_byte_len =
        (arg->elem_byte_len + arg->elem_align - 1) / arg->elem_align * arg->elem_align;
    return TJ_OK;
}

static tj_status read_element(tj_unit *unit, const tj_kernel *kernel, unsigned index)
{
    const char *fields = read_attribute(unit, kernel->function, index + 1, "tmjit.fields");
    return fields ? read_fields(unit, kernel, index, fields) : read_type(unit, kernel, index);
}

static tj_status read_pointer(tj_unit *unit, const tj_kernel *kernel, unsigned index,
                              bool *has_location)
{
    static const char *const keys[2][6] = {
        {"tmjit.type", "tmjit.access", "tmjit.byte_len", "tmjit.buffer", "tmjit.fields", NULL},
        {"tmjit.type", "tmjit.access", "tmjit.byte_len", "tmjit.threadgroup", NULL}};
    tj_arg *arg = &kernel->args[index];
    LLVMValueRef param = LLVMGetParam(kernel->function, index);
    arg->address_space = LLVMGetPointerAddressSpace(LLVMTypeOf(param));
    if (arg->address_space < TJ_AS_DEVICE || arg->address_space > TJ_AS_THREADGROUP)
        return tj_fail_kernel(unit, kernel->function, (int)index, TJ_E_MALFORMED,
                              "a pointer into address space %u; accepted are 1 (device), "
                              "2 (constant) and 3 (threadgroup)",
                              arg->address_space);
    bool is_threadgroup = arg->address_space == TJ_AS_THREADGROUP;
    arg->kind = is_threadgroup ? TJ_ARG_THREADGROUP : TJ_ARG_BUFFER;
    arg->is_unused = !LLVMGetFirstUse(param);
    tj_status status =
        check_keys(unit, kernel->function, index + 1, (int)index, keys[is_threadgroup]);
    uint64_t number = 0;
    bool is_there = false;
    if (!status)
        status = read_number(unit, kernel, (int)index, keys[is_threadgroup][3],
                             TJ_MAX_BUFFERS - 1, &number, has_location);
    arg->location = *has_location ? (unsigned)number : 0;
    if (!status)
        status = read_number(unit, kernel, (int)index, "tmjit.byte_len", UINT32_MAX,
                             &arg->fixed_byte_len, &is_there);
    if (!status)
        status = read_element(unit, kernel, index);
    return status ? status : read_access(unit, kernel, index);
}

/* ---- one kernel ---------------------------------------------------------------------- */

/* Arguments without a number get the lowest free ones, in parameter order. */
static tj_status number_arguments(tj_unit *unit, const tj_kernel *kernel,
                                  const bool *is_numbered)
{
    bool is_taken[2][TJ_MAX_BUFFERS] = {{false}};
    for (unsigned i = 0; i < kernel->arg_count; i++)
        if (is_numbered[i])
            is_taken[kernel->args[i].kind == TJ_ARG_THREADGROUP][kernel->args[i].location] =
                true;
    for (unsigned i = 0; i < kernel->arg_count; i++) {
        tj_arg *arg = &kernel->args[i];
        if (is_numbered[i] || arg->kind == TJ_ARG_SYSVAL)
            continue;
        bool *taken = is_taken[arg->kind == TJ_ARG_THREADGROUP];
        while (arg->location < TJ_MAX_BUFFERS && taken[arg->location])
            arg->location++;
        if (arg->location == TJ_MAX_BUFFERS)
            return tj_fail_kernel(unit, kernel->function, (int)i, TJ_E_UNSUPPORTED,
                                  "no free slot; a kernel has at most %d buffers and %d "
                                  "threadgroup arguments",
                                  TJ_MAX_BUFFERS, TJ_MAX_BUFFERS);
        taken[arg->location] = true;
    }
    return tj_check_locations(unit, kernel);
}

static tj_status read_args(tj_unit *unit, const tj_kernel *kernel)
{
    bool *is_numbered = tj_new_array(unit->arena, bool, kernel->arg_count);
    for (unsigned i = 0; i < kernel->arg_count; i++) {
        LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(kernel->function, i));
        tj_status status = LLVMGetTypeKind(type) == LLVMPointerTypeKind
                               ? read_pointer(unit, kernel, i, &is_numbered[i])
                               : read_value(unit, kernel, i);
        if (status)
            return status;
    }
    return number_arguments(unit, kernel, is_numbered);
}

/* "X", "X,Y" or "X,Y,Z": sizes that are not there are 1. */
tj_status tj_read_threadgroup(tj_unit *unit, LLVMValueRef function, tj_kernel *out)
{
    static const char key[] = "tmjit.threadgroup";
    unsigned at = (unsigned)LLVMAttributeFunctionIndex;
    const char *text = read_attribute(unit, function, at, key);
    uint32_t sizes[3] = {1, 1, 1}, threads = 1;
    if (!text)
        return TJ_OK;
    const char *p = text;
    for (int i = 0; i < 3; i++) {
        size_t byte_len = strcspn(p, ",");
        uint64_t size;
        if (!tj_parse_number(p, byte_len, TJ_MAX_THREADS, &size) || !size ||
            threads * size > TJ_MAX_THREADS)
            break;
        sizes[i] = (uint32_t)size;
        threads *= sizes[i];
        p += byte_len;
        if (!*p || i == 2)
            break;
        p++;
    }
    if (*p)
        return tj_fail_kernel(
            unit, function, -1, TJ_E_MALFORMED,
            "\"%s\"=\"%s\"; accepted are up to three sizes of together at most "
            "%d threads, X,Y,Z",
            key, text, TJ_MAX_THREADS);
    memcpy(out->threadgroup, sizes, sizeof sizes);
    out->max_threads = threads;
    return TJ_OK;
}

static tj_status read_kernel(tj_unit *unit, LLVMValueRef function, tj_kernel *out)
{
    static const char *const keys[] = {kernel_key, "tmjit.max_threads", "tmjit.threadgroup",
                                       NULL};
    unsigned at = (unsigned)LLVMAttributeFunctionIndex;
    tj_status status = tj_begin_kernel(unit, function, out);
    if (!status)
        status = check_keys(unit, function, at, -1, keys);
    uint64_t threads = 0;
    bool is_there = false;
    if (!status)
        status = read_number(unit, out, -1, keys[1], TJ_MAX_THREADS, &threads, &is_there);
    if (!status && is_there && !threads)
        status =
            tj_fail_kernel(unit, function, -1, TJ_E_MALFORMED,
                           "\"tmjit.max_threads\"=\"0\"; accepted are 1 to %d", TJ_MAX_THREADS);
    if (is_there)
        out->max_threads = (unsigned)threads;
    if (!status)
        status = tj_read_threadgroup(unit, function, out);
    return status ? status : read_args(unit, out);
}

tj_status tj_read_short_form(tj_unit *unit)
{
    unsigned at = (unsigned)LLVMAttributeFunctionIndex, count = 0;
    LLVMValueRef f;
    for (f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f))
        count += read_attribute(unit, f, at, kernel_key) != NULL;
    tj_kernel *kernels = tj_new_array(unit->arena, tj_kernel, count);
    count = 0;
    for (f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f)) {
        if (!read_attribute(unit, f, at, kernel_key))
            continue;
        tj_status status = read_kernel(unit, f, &kernels[count++]);
        if (status)
            return status;
    }
    unit->kernels = kernels;
    unit->kernel_count = count;
    return TJ_OK;
}
