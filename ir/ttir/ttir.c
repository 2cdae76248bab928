/* SPDX-License-Identifier: MIT */
/* The way of a .ttir text: read, verified, lowered kernel by kernel, written as bitcode. */
#include "ttir/ttir.h"

#include "air_meta.h"
#include "ttir/expand.h"
#include "ttir/lower.h"

#include <ctype.h>
#include <llvm-c/Analysis.h>
#include <llvm-c/BitWriter.h>
#include <stdio.h>
#include <string.h>

enum { DEVICE = 1, CONSTANT = 2, THREADGROUP = 3 };

typedef struct builtin {
    const char *name;
    unsigned components;
} builtin;

static const builtin builtins[] = {{"threadgroup_position_in_grid", 3},
                                   {"threadgroups_per_grid", 3},
                                   {"thread_index_in_simdgroup", 1},
                                   {"simdgroup_index_in_threadgroup", 1}};
enum { POSITION, COUNT, LANE, GROUP, BUILTINS };

/* Whether any function of the module has the operation. */
static bool has_op(const tj_tt_region *region, tj_tt_kind kind)
{
    for (const tj_tt_block *block = region->first; block; block = block->next)
        for (const tj_tt_op *op = block->first; op; op = op->next) {
            if (op->kind == kind)
                return true;
            for (uint32_t i = 0; i < op->region_count; i++)
                if (has_op(&op->regions[i], kind))
                    return true;
        }
    return false;
}

static bool is_wanted(const tj_tt_lower *l, unsigned which)
{
    if (which >= LANE)
        return which == LANE || l->group_bits;
    for (const tj_tt_func *func = l->module->first; func; func = func->next)
        if (which == COUNT ? has_op(&func->body, TJ_TT_OP_GET_NUM_PROGRAMS)
                           : has_op(&func->body, TJ_TT_OP_GET_PROGRAM_ID) ||
                                 has_op(&func->body, TJ_TT_OP_PRINT) ||
                                 has_op(&func->body, TJ_TT_OP_ASSERT))
            return true;
    return false;
}

static const char *metal_name(uint8_t elem)
{
    static const struct {
        uint8_t elem;
        const char *name;
    } rows[] = {{TJ_TT_I1, "bool"},
                {TJ_TT_I8, "char"},
                {TJ_TT_I16, "short"},
                {TJ_TT_I32, "int"},
                {TJ_TT_I64, "long"},
                {TJ_TT_F16, "half"},
                {TJ_TT_BF16, "bfloat"},
                {TJ_TT_F32, "float"},
                {TJ_TT_F64, "double"},
                {TJ_TT_F8E5M2, "f8E5M2"},
                {TJ_TT_F8E4M3FN, "f8E4M3FN"},
                {TJ_TT_F8E4M3FNUZ, "f8E4M3FNUZ"},
                {TJ_TT_F8E5M2FNUZ, "f8E5M2FNUZ"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].elem == elem)
            return rows[i].name;
    return NULL;
}

static bool is_accepted(const tj_tt_lower *l, uint8_t elem)
{
    return metal_name(elem) && (elem != TJ_TT_F64 || l->allows_fp64);
}

/* ---- numbers that are not lowered ---------------------------------------------------------
 */

static bool check_type(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_type *type)
{
    bool is_index = type->elem == TJ_TT_INDEX && type->form == TJ_TT_SCALAR;
    if (type->form > TJ_TT_TENSOR)
        return tj_tt_refuse(l, op, "values of %s are not supported; scalars and tensors are",
                            tj_tt_type_name(l->arena, type));
    if (is_accepted(l, type->elem) || is_index)
        return true;
    if (type->elem == TJ_TT_F64)
        return tj_tt_refuse(l, op,
                            "%s: Metal has no such number; where fp64 is allowed it is "
                            "lowered",
                            tj_tt_type_name(l->arena, type));
    return tj_tt_refuse(l, op, "%s: Metal has no such number", tj_tt_type_name(l->arena, type));
}

/* Refused whether their results are used or not. */
static bool check_kind(tj_tt_lower *l, const tj_tt_op *op)
{
    const tj_tt_attr *text = tj_tt_find_attr(op, "asm_string");
    if (op->kind == TJ_TT_OP_INLINE_ASM)
        return tj_tt_refuse(l, op, "instructions of another processor: '%.200s'",
                            text && text->kind == TJ_TT_ATTR_STRING ? text->string : "");
    if (!tj_tt_lower_of(op->kind))
        return tj_tt_refuse(l, op, "not supported after the rewriting of descriptors");
    bool has_effect = op->kind == TJ_TT_OP_STORE || op->kind == TJ_TT_OP_ATOMIC_RMW ||
                      op->kind == TJ_TT_OP_ATOMIC_CAS || op->kind == TJ_TT_OP_ATOMIC_POLL;
    return !has_effect || !tj_tt_is_of_elements(op) ||
           tj_tt_refuse(l, op, "it stands in a region of elements, which computes only");
}

static bool check_region(tj_tt_lower *l, const tj_tt_region *region)
{
    for (const tj_tt_block *block = region->first; block; block = block->next)
        for (const tj_tt_op *op = block->first; op; op = op->next) {
            if (!check_kind(l, op))
                return false;
            for (uint32_t i = 0; i < op->operand_count; i++)
                if (!check_type(l, op, &op->operands[i]->type))
                    return false;
            for (uint32_t i = 0; i < op->result_count; i++)
                if (!check_type(l, op, &op->results[i]->type))
                    return false;
            for (uint32_t i = 0; i < op->region_count; i++)
                if (!check_region(l, &op->regions[i]))
                    return false;
        }
    return true;
}

/* ---- the function ------------------------------------------------------------------------ */

static void set_attribute(tj_tt_lower *l, unsigned at, const char *key, const char *value)
{
    LLVMAttributeRef attribute = LLVMCreateStringAttribute(l->ctx, key, (unsigned)strlen(key),
                                                           value, (unsigned)strlen(value));
    LLVMAddAttributeAtIndex(l->function, at, attribute);
}

/* More arguments than slots: the numbers are one struct in constant memory, behind the
 * pointers.
 */
static bool are_packed(const tj_tt_block *body)
{
    return body->arg_count > TJ_MAX_BUFFERS;
}

static unsigned pointer_count(const tj_tt_block *body)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < body->arg_count; i++)
        count += body->args[i]->type.is_pointer;
    return count;
}

/* The parameters that stand for those of the text. */
static unsigned param_count(const tj_tt_block *body)
{
    unsigned pointers = pointer_count(body);
    return are_packed(body) ? pointers + (pointers < body->arg_count) : body->arg_count;
}

static void describe_param(tj_tt_lower *l, const tj_tt_value *arg, unsigned at)
{
    LLVMSetValueName2(LLVMGetParam(l->function, at), arg->name, strlen(arg->name));
    set_attribute(l, at + 1, "tmjit.type", metal_name(arg->type.elem));
    if (!arg->type.is_pointer) {
        char bytes[16];
        snprintf(bytes, sizeof bytes, "%u", tj_tt_byte_len(&arg->type));
        set_attribute(l, at + 1, "tmjit.byte_len", bytes);
    }
}

/* Names of Triton's have dots, those of fields do not; no two fields are called the same. */
static const char *field_name(tj_tt_lower *l, const char *given, const char *const *names,
                              unsigned count)
{
    char *name = tj_arena_strndup(l->arena, given, strlen(given));
    for (char *p = name; *p; p++)
        *p = (unsigned char)*p < 0x80 && !isalnum((unsigned char)*p) ? '_' : *p;
    for (unsigned i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return field_name(l, tj_arena_printf(l->arena, "%s_%u", name, count), names, count);
    return name;
}

static void describe_numbers(tj_tt_lower *l, const tj_tt_block *body, unsigned at)
{
    static const char name[] = "numbers";
    tj_text fields = {0};
    unsigned count = 0, end = 0, align = 1;
    char bytes[16];
    const char **names = tj_new_array(l->arena, const char *, body->arg_count);
    for (uint32_t i = 0; i < body->arg_count; i++) {
        const tj_tt_value *arg = body->args[i];
        if (arg->type.is_pointer)
            continue;
        names[count] = field_name(l, arg->name, names, count);
        tj_text_printf(&fields, "%s%s %s", count ? "," : "", metal_name(arg->type.elem),
                       names[count]);
        unsigned size = tj_tt_byte_len(&arg->type);
        end = (end + size - 1) / size * size + size;
        align = size > align ? size : align;
        count++;
    }
    snprintf(bytes, sizeof bytes, "%u", (end + align - 1) / align * align);
    LLVMSetValueName2(LLVMGetParam(l->function, at), name, strlen(name));
    set_attribute(l, at + 1, "tmjit.type", "Numbers");
    set_attribute(l, at + 1, "tmjit.byte_len", bytes);
    set_attribute(l, at + 1, "tmjit.fields", fields.data);
    tj_text_fini(&fields);
}

static void describe_params(tj_tt_lower *l, const tj_tt_block *body)
{
    unsigned at = 0;
    for (uint32_t i = 0; i < body->arg_count; i++)
        if (body->args[i]->type.is_pointer || !are_packed(body))
            describe_param(l, body->args[i], at++);
    if (at < param_count(body))
        describe_numbers(l, body, at);
}

static LLVMTypeRef *param_types(tj_tt_lower *l, const tj_tt_block *body, unsigned *count)
{
    LLVMTypeRef *types = tj_new_array(l->arena, LLVMTypeRef, body->arg_count + BUILTINS);
    unsigned pointers = pointer_count(body);
    *count = param_count(body);
    for (uint32_t i = 0; i < *count; i++) {
        bool is_pointer = are_packed(body) ? i < pointers : body->args[i]->type.is_pointer;
        types[i] = LLVMPointerTypeInContext(l->ctx, is_pointer ? DEVICE : CONSTANT);
    }
    return types;
}

static void make_function(tj_tt_lower *l, const tj_tt_func *func)
{
    const tj_tt_block *body = func->body.first;
    LLVMTypeRef i32 = LLVMInt32TypeInContext(l->ctx);
    unsigned count;
    LLVMTypeRef *types = param_types(l, body, &count);
    for (uint32_t i = 0; i < BUILTINS; i++)
        if (is_wanted(l, i))
            types[count++] =
                builtins[i].components > 1 ? LLVMVectorType(i32, builtins[i].components) : i32;
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(l->ctx), types, count, false);
    l->function = LLVMAddFunction(l->out, func->name, type);
    char threads[16];
    snprintf(threads, sizeof threads, "%u", 32u << l->group_bits);
    set_attribute(l, (unsigned)LLVMAttributeFunctionIndex, "tmjit.kernel", "");
    set_attribute(l, (unsigned)LLVMAttributeFunctionIndex, "tmjit.threadgroup", threads);
    describe_params(l, body);
    count = param_count(body);
    for (uint32_t i = 0; i < BUILTINS; i++) {
        if (!is_wanted(l, i))
            continue;
        LLVMValueRef param = LLVMGetParam(l->function, count++);
        LLVMSetValueName2(param, builtins[i].name, strlen(builtins[i].name));
        set_attribute(l, count, "tmjit.builtin", builtins[i].name);
    }
}

/* The author's, else that in the text. */
static tj_loc place_of(const tj_tt_module *module, const tj_tt_func *func)
{
    if (func->loc && func->loc->file)
        return (tj_loc){
            .file = func->loc->file, .line = func->loc->line, .column = func->loc->column};
    return (tj_loc){.file = module->file, .line = func->line, .column = func->column};
}

static bool check_params(tj_tt_lower *l, const tj_tt_func *func)
{
    const tj_tt_block *body = func->body.first;
    for (uint32_t i = 0; i < body->arg_count; i++) {
        const tj_tt_type *type = &body->args[i]->type;
        tj_loc loc = place_of(l->module, func);
        if (type->form != TJ_TT_SCALAR || !is_accepted(l, type->elem)) {
            tj_fail_at(
                l->diags, TJ_E_UNSUPPORTED, &loc,
                "parameter %%%s of kernel @%s is of type %s; pointers to and numbers of up "
                "to 64 bits that Metal has are accepted, and f64 where fp64 is allowed",
                body->args[i]->name, func->name, tj_tt_type_name(l->arena, type));
            return false;
        }
    }
    return true;
}

/* The struct as describe_numbers says it. */
static LLVMTypeRef numbers_type(tj_tt_lower *l, const tj_tt_block *body)
{
    LLVMTypeRef *members = tj_new_array(l->arena, LLVMTypeRef, body->arg_count);
    unsigned count = 0;
    for (uint32_t i = 0; i < body->arg_count; i++)
        if (!body->args[i]->type.is_pointer)
            members[count++] = tj_tt_memory_type(l, tj_tt_llvm_type(l, &body->args[i]->type));
    LLVMTypeRef type = LLVMStructCreateNamed(l->ctx, "struct.Numbers");
    LLVMStructSetBody(type, members, count, false);
    return type;
}

static void read_values(tj_tt_lower *l, const tj_tt_block *body)
{
    bool is_packed = are_packed(body);
    unsigned at = 0, member = 0, numbers = pointer_count(body);
    LLVMTypeRef type = is_packed ? numbers_type(l, body) : NULL;
    for (uint32_t i = 0; i < body->arg_count; i++) {
        const tj_tt_value *arg = body->args[i];
        LLVMValueRef value;
        if (!is_packed || arg->type.is_pointer)
            value = LLVMGetParam(l->function, at++);
        else
            value = LLVMBuildStructGEP2(l->builder, type, LLVMGetParam(l->function, numbers),
                                        member++, "");
        if (!arg->type.is_pointer)
            value = tj_tt_load(l, tj_tt_llvm_type(l, &arg->type), value);
        tj_tt_set_scalar(l, arg, value);
    }
}

static void read_params(tj_tt_lower *l, const tj_tt_func *func)
{
    const tj_tt_block *body = func->body.first;
    LLVMBuilderRef b = l->entry;
    unsigned at = param_count(body);
    LLVMValueRef inputs[BUILTINS];
    for (unsigned i = 0; i < BUILTINS; i++)
        inputs[i] = is_wanted(l, i) ? LLVMGetParam(l->function, at++) : NULL;
    for (unsigned i = 0; i < 3; i++) {
        LLVMValueRef axis = tj_tt_i32(l, i);
        if (inputs[POSITION])
            l->programs[i] = LLVMBuildExtractElement(b, inputs[POSITION], axis, "");
        if (inputs[COUNT])
            l->program_counts[i] = LLVMBuildExtractElement(b, inputs[COUNT], axis, "");
    }
    l->lane = inputs[LANE];
    l->group = inputs[GROUP] ? inputs[GROUP] : tj_tt_i32(l, 0);
    read_values(l, body);
}

/* The shared memory gets its size when all is lowered. */
static void finish_scratch(tj_tt_lower *l)
{
    if (l->scratch_bytes) {
        LLVMTypeRef type = LLVMArrayType2(LLVMInt8TypeInContext(l->ctx), l->scratch_bytes);
        LLVMValueRef memory = LLVMAddGlobalInAddressSpace(l->out, type, "shared", THREADGROUP);
        LLVMSetInitializer(memory, LLVMGetUndef(type));
        LLVMSetLinkage(memory, LLVMInternalLinkage);
        LLVMSetAlignment(memory, 16);
        LLVMReplaceAllUsesWith(l->scratch, memory);
    }
    LLVMDeleteGlobal(l->scratch);
    l->scratch_bytes = 0;
}

static bool lower_kernel(tj_tt_lower *l, const tj_tt_func *func)
{
    if (!check_params(l, func))
        return false;
    make_function(l, func);
    l->bases = NULL;
    l->shared = (tj_tt_shared){0};
    l->frame = NULL;
    l->instructions = 0;
    l->frame = tj_tt_new_frame(l, func);
    l->scratch = LLVMAddGlobalInAddressSpace(l->out, LLVMInt8TypeInContext(l->ctx),
                                             "shared_memory", THREADGROUP);
    LLVMBasicBlockRef entry = tj_tt_new_block(l, "entry"), body = tj_tt_new_block(l, "body");
    LLVMPositionBuilderAtEnd(l->entry, entry);
    LLVMPositionBuilderAtEnd(l->builder, entry);
    l->debug = tj_tt_debug_start(l, func);
    LLVMSetCurrentDebugLocation2(l->builder, NULL); /* not the last kernel's */
    read_params(l, func);
    LLVMPositionBuilderAtEnd(l->builder, body);
    bool is_good = check_region(l, &func->body) && tj_tt_lower_body(l);
    LLVMBuildBr(l->entry, body);
    tj_tt_debug_end(l);
    finish_scratch(l);
    return is_good;
}

static bool lower_module(tj_tt_lower *l)
{
    unsigned kernels = 0;
    for (const tj_tt_func *func = l->module->first; func; func = func->next) {
        if (!func->is_public)
            continue;
        kernels++;
        if (!lower_kernel(l, func))
            return false;
    }
    tj_loc loc = {.file = l->module->file};
    if (!kernels)
        tj_fail_at(l->diags, TJ_E_NOT_FOUND, &loc, "no public function in the text");
    return kernels != 0;
}

/* Of several blocks one may use what another does not always define before. */
static bool verify(tj_tt_lower *l)
{
    char *message = NULL;
    tj_loc loc = {.file = l->module->file};
    bool is_good = !LLVMVerifyModule(l->out, LLVMReturnStatusAction, &message);
    if (!is_good)
        tj_fail_at(l->diags, TJ_E_MALFORMED, &loc,
                   "the blocks of a function do not fit together: %.*s",
                   (int)strcspn(message, "\n"), message);
    LLVMDisposeMessage(message);
    return is_good;
}

static void write_bitcode(LLVMModuleRef module, tj_text *out)
{
    LLVMMemoryBufferRef bytes = LLVMWriteBitcodeToMemoryBuffer(module);
    tj_text_add(out, LLVMGetBufferStart(bytes), LLVMGetBufferSize(bytes));
    LLVMDisposeMemoryBuffer(bytes);
}

tj_status tj_ttir_read(const tj_ttir_source *source, tj_diags *diags, tj_tt_module *module,
                       tj_tt_choice **choices, unsigned *group_bits)
{
    unsigned warps = source->num_warps;
    bool is_expanded;
    tj_loc loc = {.file = source->name};
    if (!warps || warps > 32 || warps & (warps - 1))
        return tj_fail_at(
            diags, TJ_E_INVALID, &loc,
            "%u SIMD-groups a program (num_warps); 1, 2, 4, 8, 16 or 32 are accepted", warps);
    *group_bits = (unsigned)__builtin_ctz(warps);
    if (tj_tt_parse(source->text, source->byte_len, source->name, diags, module) ||
        tj_tt_verify(module, diags) || tj_tt_expand(module, diags, &is_expanded) ||
        (is_expanded && tj_tt_verify(module, diags)))
        return diags->first.status;
    return tj_tt_choose(module, source->layouts, *group_bits, diags, choices);
}

tj_status tj_ttir_compile(const tj_ttir_source *source, tj_diags *diags, tj_text *out)
{
    tj_tt_module module;
    tj_tt_choice *choices = NULL;
    unsigned group_bits = 0;
    *out = (tj_text){0};
    if (tj_ttir_read(source, diags, &module, &choices, &group_bits))
        return diags->first.status;
    tj_tt_lower l = {.module = &module,
                     .arena = diags->arena,
                     .diags = diags,
                     .ctx = LLVMContextCreate(),
                     .group_bits = group_bits,
                     .choices = choices,
                     .is_fast_math = source->is_fast_math,
                     .allows_fp64 = source->allows_fp64};
    l.out = LLVMModuleCreateWithNameInContext(source->name, l.ctx);
    l.builder = LLVMCreateBuilderInContext(l.ctx);
    l.entry = LLVMCreateBuilderInContext(l.ctx);
    if (lower_module(&l) && diags->first.status == TJ_OK && verify(&l))
        write_bitcode(l.out, out);
    LLVMDisposeBuilder(l.builder);
    LLVMDisposeBuilder(l.entry);
    LLVMDisposeModule(l.out);
    LLVMContextDispose(l.ctx);
    return diags->first.status;
}
