/* SPDX-License-Identifier: MIT */
/* Every argument gets its memory exactly once, in a type that the kernel accepts. */
#include "bind.h"

#include "element.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { UNUSED_BYTES = 16 /* what an argument that the kernel never reads gets */ };

/* ---- names ---------------------------------------------------------------------------- */

/* A growing line of words; cut at its end. */
typedef struct word_list {
    char text[1024];
    size_t len;
} word_list;

static void add_words(word_list *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_words(word_list *list, const char *format, ...)
{
    size_t room = sizeof list->text - list->len;
    va_list args;

    va_start(args, format);
    int len = vsnprintf(list->text + list->len, room, format, args);
    va_end(args);
    if (len > 0)
        list->len += (size_t)len < room ? (size_t)len : room - 1;
}

static const char *kind_name(tmjit_arg_kind kind)
{
    return kind == TMJIT_ARG_THREADGROUP ? "threadgroup" : "buffer";
}

/* "x (buffer 0, float)" */
static void describe_arg(word_list *list, const tmjit_arg *arg)
{
    const char *type = *arg->type_name ? arg->type_name : "bytes";

    add_words(list, "%s%s (%s %u, %s)", list->len ? ", " : "", arg->name, kind_name(arg->kind),
              arg->location, type);
}

static bool is_named(const tmjit_arg *arg, const char *name)
{
    char *end;

    if (!strcmp(arg->name, name))
        return true;
    if (!isdigit((unsigned char)*name))
        return false;
    unsigned long location = strtoul(name, &end, 10);
    return !*end && location == arg->location;
}

static int find_arg(const tmjit_kernel *kernel, tmjit_arg_kind kind, const char *name,
                    size_t *index, tj_failure *why)
{
    word_list there = {0};

    for (size_t i = 0; i < tmjit_kernel_arg_count(kernel); i++) {
        const tmjit_arg *arg = tmjit_kernel_arg(kernel, i);
        if (arg->kind != kind)
            continue;
        if (is_named(arg, name)) {
            *index = i;
            return TJ_EXIT_GOOD;
        }
        describe_arg(&there, arg);
    }
    return tj_fail_tool(why, TJ_EXIT_USAGE, "kernel '%s' has no %s argument '%s'; it has %s",
                        tmjit_kernel_name(kernel), kind_name(kind), name,
                        there.len ? there.text : "none");
}

static int fail_member(const tj_bound *bound, size_t parent, const char *name, tj_failure *why)
{
    word_list there = {0};

    for (size_t i = bound->arg_count; i < bound->count; i++)
        if (bound->slots[i].parent == parent)
            add_words(&there, "%s%s (%s)", there.len ? ", " : "", bound->slots[i].arg->name,
                      bound->slots[i].arg->type_name);
    return tj_fail_tool(why, TJ_EXIT_USAGE, "'%s' points to no memory '%s'; it points to %s",
                        bound->slots[parent].name, name, there.len ? there.text : "none");
}

/* Goes down from an argument as far as `name` names memory; `*rest` is what is left of it, ""
 * for nothing. Members of structs inside an argument buffer have dots in their own names. */
static int find_memory(const tj_bound *bound, const char *name, size_t *index,
                       const char **rest, tj_failure *why)
{
    size_t len = strcspn(name, ".");
    char *first;

    for (size_t i = 0; name[len] && i < bound->arg_count; i++)
        if (bound->slots[i].arg->kind == TMJIT_ARG_BUFFER &&
            !strcmp(bound->slots[i].arg->name, name)) { /* Triton's names have dots */
            *index = i;
            *rest = "";
            return TJ_EXIT_GOOD;
        }
    first = strndup(name, len);

    if (!first)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    int status = find_arg(bound->kernel, TMJIT_ARG_BUFFER, first, index, why);
    free(first);
    *rest = name + len + (name[len] == '.');
    for (len = 0; !status && (*rest)[len];) {
        len += strcspn(*rest + len, ".");
        if (tj_slots_find_member(bound->slots, bound->count, *index, *rest, len, index)) {
            *rest += len + ((*rest)[len] == '.');
            len = 0;
        } else {
            len += (*rest)[len] == '.';
        }
    }
    return status;
}

int tj_find_buffer(const tj_bound *bound, const char *name, size_t *index, tj_failure *why)
{
    const char *rest;
    int status = find_memory(bound, name, index, &rest, why);

    return !status && *rest ? fail_member(bound, *index, rest, why) : status;
}

/* ---- types ---------------------------------------------------------------------------- */

static bool is_integer(const tj_element_info *info)
{
    return info->kind == TJ_ELEMENT_SIGNED || info->kind == TJ_ELEMENT_UNSIGNED;
}

/* LLVM integers have no sign: i32 and u32 may stand for each other. NumPy has no bfloat: its
 * bits may come as u16 or i16. */
static bool is_acceptable(tmjit_scalar declared, tmjit_scalar given)
{
    const tj_element_info *want = tj_element_get_info(declared);
    const tj_element_info *have = tj_element_get_info(given);

    return declared == TMJIT_SCALAR_UNKNOWN || declared == given ||
           (is_integer(want) && is_integer(have) && want->byte_len == have->byte_len) ||
           (declared == TMJIT_SCALAR_BF16 &&
            (given == TMJIT_SCALAR_U16 || given == TMJIT_SCALAR_I16));
}

int tj_parse_for_slot(const tj_bound *bound, size_t index, const char *text, tj_value *out,
                      tj_failure *why)
{
    const tmjit_arg *arg = bound->slots[index].arg;
    tj_value value = {0};
    int status = tj_value_parse(text, &value, why);

    if (status)
        return status;
    if (!is_acceptable(arg->scalar, value.scalar)) {
        status = tj_fail_tool(why, TJ_EXIT_INPUT,
                              "argument '%s' of kernel '%s' is %s (%s), '%s' is %s",
                              bound->slots[index].name, tmjit_kernel_name(bound->kernel),
                              tj_element_get_info(arg->scalar)->name, arg->type_name, text,
                              tj_element_get_info(value.scalar)->name);
        tj_value_fini(&value);
        return status;
    }
    if (arg->scalar == TMJIT_SCALAR_BF16)
        value.scalar = TMJIT_SCALAR_BF16;
    *out = value;
    return TJ_EXIT_GOOD;
}

/* ---- --buf, --set, --local ------------------------------------------------------------ */

static bool is_bound(const tj_bound *bound, size_t index)
{
    return bound->values[index].memory || bound->bindings[index].byte_len ||
           bound->slots[index].is_null;
}

static int fail_twice(const tj_bound *bound, size_t index, tj_failure *why)
{
    return tj_fail_tool(why, TJ_EXIT_USAGE, "argument '%s' is given twice",
                        bound->slots[index].name);
}

static void bind_value(tj_bound *bound, size_t index, tj_value value)
{
    bound->values[index] = value;
    bound->bindings[index] = (tmjit_binding){value.data, value.byte_len};
}

static int take_parents(tj_bound *bound, size_t index, tj_failure *why);

static int bind_buf(tj_bound *bound, const char *name, const char *text, tj_failure *why)
{
    size_t index = 0;
    tj_value value = {0};
    int status = tj_find_buffer(bound, name, &index, why);

    if (!status && is_bound(bound, index))
        status = fail_twice(bound, index, why);
    if (!status)
        status = take_parents(bound, index, why);
    if (!status && index >= bound->arg_count && !strcmp(text, "null")) {
        bound->slots[index].is_null = true;
        return TJ_EXIT_GOOD;
    }
    if (!status)
        status = tj_parse_for_slot(bound, index, text, &value, why);
    if (!status)
        bind_value(bound, index, value);
    return status;
}

static const tmjit_field *find_field(const tmjit_arg *arg, const char *name)
{
    for (size_t i = 0; i < arg->field_count; i++)
        if (!strcmp(arg->fields[i].name, name))
            return &arg->fields[i];
    return NULL;
}

/* A struct argument starts as zeros; each --set NAME.FIELD writes one field of it. */
static int take_struct(tj_bound *bound, size_t index, tj_failure *why)
{
    const tmjit_arg *arg = bound->slots[index].arg;
    tj_value value = {0};

    if (is_bound(bound, index))
        return TJ_EXIT_GOOD;
    if (!arg->field_count || !arg->elem_byte_len)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "argument '%s' is no struct with known fields",
                            bound->slots[index].name);
    int status = take_parents(bound, index, why);
    if (!status)
        status = tj_value_create(TMJIT_SCALAR_U8, 1, &arg->elem_byte_len, &value, why);
    if (!status)
        bind_value(bound, index, value);
    return status;
}

/* The argument buffers that lead to slot `index`. */
static int take_parents(tj_bound *bound, size_t index, tj_failure *why)
{
    size_t parent = bound->slots[index].parent;

    if (index < bound->arg_count)
        return TJ_EXIT_GOOD;
    return take_struct(bound, parent, why);
}

static int fail_field(const tmjit_arg *arg, const char *name, tj_failure *why)
{
    word_list there = {0};

    for (size_t i = 0; i < arg->field_count; i++)
        add_words(&there, "%s%s (%s)", i ? ", " : "", arg->fields[i].name,
                  arg->fields[i].type_name);
    return tj_fail_tool(why, TJ_EXIT_USAGE, "struct '%s' has no field '%s'; it has %s",
                        arg->name, name, there.len ? there.text : "none");
}

/* The numbers of a field. */
typedef struct field_form {
    tmjit_scalar scalar;
    uint64_t component_count, element_count; /* the elements may be further apart */
} field_form;

/* Metal's "float3" is three floats, "float2x4" two columns of four. */
static field_form get_form(const tmjit_field *field)
{
    static const char packed[] = "packed_";
    const char *given = field->type_name;
    field_form form = {TMJIT_SCALAR_UNKNOWN, 1, field->array_len ? field->array_len : 1};
    char name[16] = "";

    if (!strncmp(given, packed, sizeof packed - 1))
        given += sizeof packed - 1;
    size_t len = strcspn(given, "234");
    const char *digits = given + len;
    if (len >= sizeof name)
        return form;
    if (digits[0] && digits[1] == 'x' && digits[2] >= '2' && digits[2] <= '4') {
        form.element_count *= (uint64_t)(digits[0] - '0');
        digits += 2;
    }
    if (digits[0])
        form.component_count = (uint64_t)(*digits++ - '0');
    memcpy(name, given, len);
    if (!*digits)
        form.scalar = tj_element_find_metal(name);
    return form;
}

/* Array elements may be further apart than their numbers need (float3). Writers of metadata
 * give the length of one element or of the whole array; only one of them can be meant. */
static bool copy_field(const tmjit_field *field, uint64_t element_count,
                       const tj_value *numbers, tj_value *to)
{
    uint64_t elem_len = numbers->byte_len / element_count;
    uint64_t stride = field->byte_len;

    if (stride >= numbers->byte_len)
        stride /= element_count;
    if (stride < elem_len)
        return false;
    if (field->byte_offset + (element_count - 1) * stride + elem_len > to->byte_len)
        return false;
    for (uint64_t i = 0; i < element_count; i++)
        memcpy(to->data + field->byte_offset + i * stride, numbers->data + i * elem_len,
               elem_len);
    return true;
}

static int set_field(tj_bound *bound, size_t index, const char *field_name, const char *text,
                     tj_failure *why)
{
    const tmjit_arg *arg = bound->slots[index].arg;
    const tmjit_field *field = find_field(arg, field_name);
    tj_value number = {0};

    if (!field)
        return fail_field(arg, field_name, why);
    const field_form form = get_form(field);
    if (form.scalar == TMJIT_SCALAR_UNKNOWN)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "field '%s.%s' is %s; --set takes scalars and "
                            "vectors, --buf the bytes of anything",
                            arg->name, field->name, field->type_name);
    int status = take_struct(bound, index, why);
    if (!status)
        status = tj_value_parse_list(form.scalar, text, &number, why);
    uint64_t wanted = form.component_count * form.element_count;
    if (!status && number.count != wanted)
        status = tj_fail_tool(
            why, TJ_EXIT_USAGE, "field '%s.%s' takes a list of %llu, not of %llu", arg->name,
            field->name, (unsigned long long)wanted, (unsigned long long)number.count);
    if (!status && !copy_field(field, form.element_count, &number, &bound->values[index]))
        status = tj_fail_tool(why, TJ_EXIT_INPUT, "field '%s.%s' ends outside its struct",
                              arg->name, field->name);
    tj_value_fini(&number);
    return status;
}

/* Three-component vectors take the room of four. */
static int pad_vector(const tmjit_arg *arg, tj_value *number, tj_failure *why)
{
    tj_value padded = {0};
    uint64_t count = arg->elem_byte_len / tj_element_get_info(arg->scalar)->byte_len;

    if (number->byte_len >= arg->elem_byte_len)
        return TJ_EXIT_GOOD;
    int status = tj_value_create(arg->scalar, 1, &count, &padded, why);
    if (!status) {
        memcpy(padded.data, number->data, number->byte_len);
        tj_value_fini(number);
        *number = padded;
    }
    return status;
}

static int set_number(tj_bound *bound, size_t index, const char *text, tj_failure *why)
{
    const tmjit_arg *arg = bound->slots[index].arg;
    uint64_t component_count = arg->components ? arg->components : 1;
    tj_value number = {0};

    if (is_bound(bound, index))
        return fail_twice(bound, index, why);
    if (arg->scalar == TMJIT_SCALAR_UNKNOWN)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "argument '%s' has no number type: use --set %s.FIELD=NUMBER or "
                            "--buf %s=VALUE",
                            arg->name, arg->name, arg->name);
    int status = take_parents(bound, index, why);
    if (!status)
        status = tj_value_parse_list(arg->scalar, text, &number, why);
    if (!status && number.count != component_count)
        status = tj_fail_tool(
            why, TJ_EXIT_USAGE, "argument '%s' (%s) takes a list of %u, not of %llu", arg->name,
            arg->type_name, (unsigned)component_count, (unsigned long long)number.count);
    if (!status)
        status = pad_vector(arg, &number, why);
    if (status)
        tj_value_fini(&number);
    else
        bind_value(bound, index, number);
    return status;
}

/* A number is handed over by value, which chips take up to a length only. */
static int check_by_value(const tj_bound *bound, size_t index, tj_failure *why)
{
    const tmjit_arg *arg = bound->slots[index].arg;

    if (index >= bound->arg_count || arg->elem_byte_len <= bound->chip.value_byte_len)
        return TJ_EXIT_GOOD;
    return tj_fail_tool(
        why, TJ_EXIT_INPUT,
        "argument '%s' of %llu bytes by value; %s takes at most %llu, --buf any "
        "length",
        arg->name, (unsigned long long)arg->elem_byte_len, bound->chip.name,
        (unsigned long long)bound->chip.value_byte_len);
}

static int bind_set(tj_bound *bound, const char *name, const char *text, tj_failure *why)
{
    size_t index = 0;
    const char *field;
    int status = find_memory(bound, name, &index, &field, why);

    if (!status)
        status = check_by_value(bound, index, why);
    if (status)
        return status;
    return *field ? set_field(bound, index, field, text, why)
                  : set_number(bound, index, text, why);
}

static int bind_local(tj_bound *bound, const char *name, const char *text, tj_failure *why)
{
    size_t index = 0;
    char *end;
    int status = find_arg(bound->kernel, TMJIT_ARG_THREADGROUP, name, &index, why);

    if (status)
        return status;
    if (is_bound(bound, index))
        return fail_twice(bound, index, why);
    errno = 0;
    unsigned long long byte_len = strtoull(text, &end, 10);
    if (errno || !isdigit((unsigned char)*text) || *end || byte_len == 0)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "--local %s '%s': a number of bytes is accepted", name, text);
    bound->bindings[index].byte_len = byte_len;
    return TJ_EXIT_GOOD;
}

typedef struct binder {
    tj_option_id id;
    int (*bind)(tj_bound *bound, const char *name, const char *text, tj_failure *why);
} binder;

static const binder binders[] = {
    {TJ_OPT_BUF, bind_buf}, {TJ_OPT_SET, bind_set}, {TJ_OPT_LOCAL, bind_local}};
enum { BINDER_COUNT = sizeof binders / sizeof binders[0] };

static int bind_all(const tj_args *args, const binder *b, tj_bound *bound, tj_failure *why)
{
    size_t cursor = 0;
    const char *text;
    int status = TJ_EXIT_GOOD;

    while (!status && (text = tj_args_next(args, b->id, &cursor))) {
        const char *rest = NULL;
        char *name = NULL;
        status = tj_split_assignment(b->id, text, &name, &rest, why);
        if (!status)
            status = b->bind(bound, name, rest, why);
        free(name);
    }
    return status;
}

/* ---- what is missing ------------------------------------------------------------------ */

static int bind_unused(tj_bound *bound, size_t index, tj_failure *why)
{
    const tmjit_arg *arg = bound->slots[index].arg;
    uint64_t least = arg->elem_byte_len > UNUSED_BYTES ? arg->elem_byte_len : UNUSED_BYTES;
    uint64_t byte_len = arg->fixed_byte_len ? arg->fixed_byte_len : least;
    tj_value value = {0};

    if (arg->kind == TMJIT_ARG_THREADGROUP) {
        bound->bindings[index].byte_len = byte_len;
        return TJ_EXIT_GOOD;
    }
    int status = tj_value_create(TMJIT_SCALAR_U8, 1, &byte_len, &value, why);
    if (!status)
        bind_value(bound, index, value);
    return status;
}

/* Members of what is bound; unused ones and those that are null have no memory. */
static void list_members(tj_bound *bound)
{
    bound->member_count = 0;
    for (size_t i = bound->arg_count; bound->members && i < bound->count; i++)
        if (bound->values[bound->slots[i].parent].memory)
            bound->members[bound->member_count++] = (tmjit_member){
                bound->slots[i].name, bound->values[i].data, bound->values[i].byte_len};
}

/* Whether what the argument buffer's pointer in slot `index` points to must be given. */
static bool is_wanted(const tj_bound *bound, size_t index, const tmjit_pipeline *pipeline)
{
    const tj_slot *slot = &bound->slots[index];
    size_t root = index;

    while (root >= bound->arg_count)
        root = bound->slots[root].parent;
    return bound->values[slot->parent].memory && !slot->arg->is_unused &&
           (!pipeline || tmjit_pipeline_has_arg(pipeline, root));
}

int tj_bound_check(tj_bound *bound, const tmjit_pipeline *pipeline, tj_failure *why)
{
    word_list missing = {0};
    int status = TJ_EXIT_GOOD;

    for (size_t i = 0; i < bound->count && !status; i++) {
        const tj_slot *slot = &bound->slots[i];
        if (slot->arg->kind == TMJIT_ARG_BUILTIN || is_bound(bound, i))
            continue;
        if (i >= bound->arg_count) {
            if (is_wanted(bound, i, pipeline))
                add_words(&missing, "%s%s (%s)", missing.len ? ", " : "", slot->name,
                          *slot->arg->type_name ? slot->arg->type_name : "bytes");
            continue;
        }
        if (slot->arg->is_optional && !pipeline)
            continue; /* its function constant decides */
        if (pipeline && !tmjit_pipeline_has_arg(pipeline, i))
            continue;
        if (slot->arg->is_unused)
            status = bind_unused(bound, i, why);
        else
            describe_arg(&missing, slot->arg);
    }
    list_members(bound);
    if (!status && missing.len)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "kernel '%s' also needs %s; give --buf NAME=VALUE, --set "
                            "NAME=NUMBER or --local NAME=BYTES",
                            tmjit_kernel_name(bound->kernel), missing.text);
    return status;
}

static int bound_init(tj_bound *bound, const tmjit_kernel *kernel, tj_failure *why)
{
    bound->kernel = kernel;
    bound->arg_count = tmjit_kernel_arg_count(kernel);
    int status = tj_slots_create(kernel, &bound->slots, &bound->count, why);
    if (status)
        return status;
    bound->values = calloc(bound->count + 1, sizeof *bound->values);
    bound->bindings = calloc(bound->count + 1, sizeof *bound->bindings);
    bound->members = calloc(bound->count + 1, sizeof *bound->members);
    if (!bound->values || !bound->bindings || !bound->members)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    return TJ_EXIT_GOOD;
}

int tj_bound_create(const tj_args *args, const tmjit_kernel *kernel, const tmjit_chip *chip,
                    tj_bound *out, tj_failure *why)
{
    tj_bound bound = {.chip = *chip};
    int status = bound_init(&bound, kernel, why);

    for (const binder *b = binders; b < binders + BINDER_COUNT && !status; b++)
        status = bind_all(args, b, &bound, why);
    if (!status)
        status = tj_bound_check(&bound, NULL, why);
    if (status)
        tj_bound_fini(&bound);
    else
        *out = bound;
    return status;
}

int tj_bound_copy(const tj_bound *from, tj_bound *out, tj_failure *why)
{
    tj_bound bound = {0};
    int status = bound_init(&bound, from->kernel, why);

    for (size_t i = 0; i < from->count && !status; i++) {
        bound.bindings[i] = from->bindings[i];
        if (!from->values[i].memory)
            continue;
        status = tj_value_copy(&from->values[i], &bound.values[i], why);
        bound.bindings[i].data = bound.values[i].data;
    }
    list_members(&bound);
    if (status)
        tj_bound_fini(&bound);
    else
        *out = bound;
    return status;
}

void tj_bound_clear_pointers(tj_bound *bound)
{
    for (size_t i = 0; i < bound->count; i++) {
        const tmjit_arg *arg = bound->slots[i].arg;
        for (size_t f = 0; f < arg->field_count && bound->values[i].memory; f++)
            if (arg->fields[f].buffer &&
                arg->fields[f].byte_offset + sizeof(uint64_t) <= bound->values[i].byte_len)
                memset(bound->values[i].data + arg->fields[f].byte_offset, 0, sizeof(uint64_t));
    }
}

void tj_bound_fini(tj_bound *bound)
{
    for (size_t i = 0; bound->values && i < bound->count; i++)
        tj_value_fini(&bound->values[i]);
    tj_slots_destroy(bound->slots, bound->count);
    free(bound->values);
    free(bound->bindings);
    free(bound->members);
    *bound = (tj_bound){0};
}
