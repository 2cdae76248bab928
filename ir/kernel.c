/* SPDX-License-Identifier: MIT */
/* The parts of a tj_kernel that do not depend on where its description comes from. */
#include "air_meta.h"
#include "elem.h"
#include "places.h"

#include <llvm-c/Core.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *name_of(tj_unit *unit, LLVMValueRef value)
{
    size_t byte_len;
    const char *name = LLVMGetValueName2(value, &byte_len);
    return tj_arena_strndup(unit->arena, name, byte_len);
}

/* "argument 2 ('out'): "; the metadata's name is not known to be good yet. */
static const char *arg_words(tj_unit *unit, LLVMValueRef function, int arg)
{
    if (arg < 0)
        return "";
    const char *name = "";
    if ((unsigned)arg < LLVMCountParams(function))
        name = name_of(unit, LLVMGetParam(function, (unsigned)arg));
    if (!*name)
        return tj_arena_printf(unit->arena, "argument %d: ", arg);
    return tj_arena_printf(unit->arena, "argument %d ('%s'): ", arg, name);
}

tj_status tj_fail_kernel(tj_unit *unit, LLVMValueRef function, int arg, tj_status status,
                         const char *format, ...)
{
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tj_loc loc = tj_loc_of(unit->arena, unit, function);
    loc.kernel = name_of(unit, function);
    loc.inst = NULL;
    tj_add_declared(&loc, unit);
    tj_add_source(&loc, unit->arena, unit);
    return tj_fail_at(&unit->diags, status, &loc, "%s%s", arg_words(unit, function, arg),
                      message);
}

tj_status tj_begin_kernel(tj_unit *unit, LLVMValueRef function, tj_kernel *out)
{
    LLVMTypeRef type = LLVMGlobalGetValueType(function);
    size_t name_len;
    LLVMGetValueName2(function, &name_len);
    *out = (tj_kernel){
        .name = name_of(unit, function), .function = function, .max_threads = TJ_MAX_THREADS};
    if (!*out->name)
        return tj_fail_kernel(unit, function, -1, TJ_E_MALFORMED, "a kernel without a name");
    if (strlen(out->name) != name_len)
        return tj_fail_kernel(unit, function, -1, TJ_E_MALFORMED,
                              "a kernel whose name holds a NUL byte");
    if (!LLVMCountBasicBlocks(function))
        return tj_fail_kernel(unit, function, -1, TJ_E_MALFORMED,
                              "the kernel is declared but has no body");
    if (LLVMGetTypeKind(LLVMGetReturnType(type)) != LLVMVoidTypeKind)
        return tj_fail_kernel(unit, function, -1, TJ_E_MALFORMED,
                              "the kernel returns a value; a kernel returns void");
    if (LLVMIsFunctionVarArg(type))
        return tj_fail_kernel(unit, function, -1, TJ_E_MALFORMED,
                              "the kernel takes variable arguments");
    out->arg_count = LLVMCountParams(function);
    out->args = tj_new_array(unit->arena, tj_arg, out->arg_count);
    for (unsigned i = 0; i < out->arg_count; i++) {
        const char *name = name_of(unit, LLVMGetParam(function, i));
        out->args[i].name = *name ? name : tj_arena_printf(unit->arena, "arg%u", i);
        out->args[i].type_name = "";
    }
    return TJ_OK;
}

tj_sysval tj_find_sysval(const char *name, size_t byte_len)
{
    unsigned id = 0;
    while (id < TJ_SYSVAL_COUNT && (strlen(tj_sysval_infos[id].name) != byte_len ||
                                    memcmp(tj_sysval_infos[id].name, name, byte_len) != 0))
        id++;
    return (tj_sysval)id;
}

tj_status tj_set_sysval(tj_unit *unit, const tj_kernel *kernel, unsigned index, tj_sysval id)
{
    const tj_sysval_info *info = &tj_sysval_infos[id];
    tj_arg *arg = &kernel->args[index];
    LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(kernel->function, index));
    bool is_vector = LLVMGetTypeKind(type) == LLVMVectorTypeKind;
    unsigned components = is_vector ? LLVMGetVectorSize(type) : 1;
    LLVMTypeRef scalar = is_vector ? LLVMGetElementType(type) : type;
    bool is_integer = LLVMGetTypeKind(scalar) == LLVMIntegerTypeKind;
    unsigned bits = is_integer ? LLVMGetIntTypeWidth(scalar) : 0;
    bool is_counted = is_vector ? components >= 2 && components <= info->max_components : true;
    if ((bits != 16 && bits != 32) || !is_counted) {
        char *printed = LLVMPrintTypeToString(type);
        tj_status status = tj_fail_kernel(
            unit, kernel->function, (int)index, TJ_E_MALFORMED,
            "'%s' cannot be '%s'; accepted are i32 and i16%s", printed, info->name,
            info->max_components > 1 ? ", alone or as vectors of 2 or 3" : "");
        LLVMDisposeMessage(printed);
        return status;
    }
    arg->kind = TJ_ARG_SYSVAL;
    arg->sysval = id;
    arg->sysval_components = components;
    arg->sysval_bits = bits;
    return TJ_OK;
}

static void set_elem(tj_arg *arg, const tj_elem *elem)
{
    arg->scalar = elem->scalar;
    arg->components = elem->components;
    arg->elem_byte_len = elem->byte_len;
    arg->elem_align = elem->align;
}

bool tj_set_elem_by_name(tj_unit *unit, tj_arg *arg, const char *type_name)
{
    tj_elem elem;
    size_t byte_len = strlen(type_name);
    while (byte_len && (type_name[byte_len - 1] == '*' || type_name[byte_len - 1] == ' '))
        byte_len--;
    arg->type_name = tj_arena_strndup(unit->arena, type_name, byte_len);
    if (!tj_elem_parse(arg->type_name, &elem))
        return false;
    set_elem(arg, &elem);
    return true;
}

void tj_set_elem_by_uses(tj_unit *unit, tj_arg *arg, LLVMValueRef param)
{
    tj_elem elem;
    if (!tj_elem_infer(param, LLVMGetModuleDataLayout(unit->module), &elem))
        return;
    set_elem(arg, &elem);
    if (!*arg->type_name)
        arg->type_name = tj_elem_spell(unit->arena, &elem);
}

tj_status tj_check_locations(tj_unit *unit, const tj_kernel *kernel)
{
    int owner[2][TJ_MAX_BUFFERS];
    memset(owner, -1, sizeof owner);
    for (unsigned i = 0; i < kernel->arg_count; i++) {
        const tj_arg *arg = &kernel->args[i];
        bool is_threadgroup = arg->kind == TJ_ARG_THREADGROUP;
        if (arg->kind == TJ_ARG_SYSVAL)
            continue;
        int *slot = &owner[is_threadgroup][arg->location];
        if (*slot >= 0 && !arg->predicate && !kernel->args[*slot].predicate)
            return tj_fail_kernel(unit, kernel->function, (int)i, TJ_E_MALFORMED,
                                  "%s(%u) belongs to argument %d already",
                                  is_threadgroup ? "threadgroup" : "buffer", arg->location,
                                  *slot);
        *slot = (int)i;
    }
    return TJ_OK;
}

bool tj_parse_number(const char *text, size_t byte_len, uint64_t limit, uint64_t *out)
{
    uint64_t number = 0;
    if (!byte_len)
        return false;
    for (size_t i = 0; i < byte_len; i++) {
        unsigned digit = (unsigned)(text[i] - '0');
        if (digit > 9 || number > (limit - (digit <= limit ? digit : limit)) / 10)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return number <= limit;
}
