/* SPDX-License-Identifier: MIT */
/* tt.print and tt.assert: messages of the launch (air.os_log), one an element, each by the
 * thread that holds the element. A failed assertion is a message too, and a trap. Source: the
 * lines that Triton's GPU back ends print. */
#include "ttir/lower.h"

#include "text.h"

#include <stdio.h>

enum { LOG_DEFAULT = 0, LOG_FAULT = 17 };

/* ---- the function that logs -------------------------------------------------------------- */

static void call_void(tj_tt_lower *l, LLVMBuilderRef b, const char *name, LLVMValueRef *args,
                      unsigned count)
{
    LLVMTypeRef types[8];
    for (unsigned i = 0; i < count; i++)
        types[i] = LLVMTypeOf(args[i]);
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(l->ctx), types, count, false);
    LLVMValueRef callee = LLVMGetNamedFunction(l->out, name);
    callee = callee ? callee : LLVMAddFunction(l->out, name, type);
    LLVMBuildCall2(b, type, callee, args, count, "");
}

static LLVMTypeRef log_type(tj_tt_lower *l)
{
    LLVMTypeRef format = LLVMPointerTypeInContext(l->ctx, 2);
    return LLVMFunctionType(LLVMVoidTypeInContext(l->ctx), &format, 1, true);
}

/* With variable arguments, as Metal's os_log is compiled. */
static LLVMValueRef log_function(tj_tt_lower *l, unsigned type)
{
    const char *name = type == LOG_FAULT ? "log_fault" : "log_default";
    LLVMValueRef function = LLVMGetNamedFunction(l->out, name);
    if (function)
        return function;
    LLVMTypeRef pointer = LLVMPointerTypeInContext(l->ctx, 0);
    LLVMTypeRef constant = LLVMPointerTypeInContext(l->ctx, 2);
    function = LLVMAddFunction(l->out, name, log_type(l));
    LLVMSetLinkage(function, LLVMInternalLinkage);
    LLVMBuilderRef b = LLVMCreateBuilderInContext(l->ctx);
    LLVMPositionBuilderAtEnd(b, LLVMAppendBasicBlockInContext(l->ctx, function, ""));
    LLVMValueRef list = LLVMBuildAlloca(b, pointer, "list");
    call_void(l, b, "llvm.va_start.p0", &list, 1);
    LLVMValueRef none = tj_tt_int(l, 64, UINT64_MAX);
    LLVMValueRef args[] = {LLVMConstNull(constant),
                           LLVMConstIntToPtr(none, constant),
                           tj_tt_i32(l, type),
                           LLVMGetParam(function, 0),
                           LLVMBuildLoad2(b, pointer, list, "arguments"),
                           tj_tt_int(l, 64, 0)};
    call_void(l, b, "air.os_log", args, 6);
    call_void(l, b, "llvm.va_end.p0", &list, 1);
    LLVMBuildRetVoid(b);
    LLVMDisposeBuilder(b);
    return function;
}

/* ---- one message ------------------------------------------------------------------------- */

enum { MOST_ARGUMENTS = TJ_TT_MAX_RANK + 8 };

typedef struct message {
    tj_text format;
    LLVMValueRef args[MOST_ARGUMENTS];
    unsigned count;
} message;

static void add_text(message *m, const char *text)
{
    for (; *text; text++) {
        if (*text == '%')
            tj_text_add(&m->format, "%", 1);
        tj_text_add(&m->format, text, 1);
    }
}

static void add_argument(message *m, const char *format, LLVMValueRef value)
{
    tj_text_printf(&m->format, "%s", format);
    m->args[1 + m->count++] = value;
}

static void start_message(tj_tt_lower *l, message *m)
{
    static const char *const formats[] = {"pid (%u", ", %u", ", %u"};
    *m = (message){.count = 0};
    for (unsigned i = 0; i < 3; i++)
        add_argument(m, formats[i], l->programs[i]);
    add_text(m, ")");
}

/* " idx ( 5, 12)": as wide as the greatest index. */
static void add_indices(tj_tt_lower *l, message *m, const tj_tt_type *type,
                        const tj_tt_layout *layout, uint32_t reg)
{
    add_text(m, " idx (");
    for (unsigned d = 0; d < type->rank; d++) {
        char format[16];
        unsigned digits = 0;
        for (uint32_t size = (1u << type->log2[d]) - 1; size; size /= 10)
            digits++;
        snprintf(format, sizeof format, digits ? "%s%%%uu" : "%s%%u", d ? ", " : "", digits);
        add_argument(m, format, tj_tt_element_field(l, layout, reg, tj_tt_dim_mask(type, d)));
    }
    add_text(m, ")");
}

static void add_value(tj_tt_lower *l, message *m, const tj_tt_type *type, LLVMValueRef value,
                      bool is_hex, bool is_signed)
{
    LLVMTypeRef f32 = LLVMFloatTypeInContext(l->ctx), f64 = LLVMDoubleTypeInContext(l->ctx);
    unsigned bits = type->is_pointer ? 64 : tj_tt_elem_infos[type->elem].bits;
    char format[32];
    if (type->is_pointer) {
        add_argument(m, "0x%llx",
                     LLVMBuildPtrToInt(l->builder, value, LLVMInt64TypeInContext(l->ctx), ""));
        return;
    }
    if (tj_tt_is_float(type)) {
        value = tj_tt_widen(l, type->elem, value);
        value = LLVMTypeOf(value) == f32 ? LLVMBuildFPExt(l->builder, value, f64, "") : value;
        add_argument(m, is_hex ? "%a" : "%f", value);
        return;
    }
    LLVMTypeRef wide = LLVMIntTypeInContext(l->ctx, bits > 32 ? 64 : 32);
    if (is_hex)
        snprintf(format, sizeof format, "0x%%0%u%sx", bits < 4 ? 1 : bits / 4,
                 bits > 32 ? "ll" : "");
    else
        snprintf(format, sizeof format, "%%%s%c", bits > 32 ? "ll" : "", is_signed ? 'i' : 'u');
    value = LLVMBuildIntCast2(l->builder, value, wide, is_signed && !is_hex, "");
    add_argument(m, format, value);
}

static void send(tj_tt_lower *l, message *m, unsigned type)
{
    LLVMValueRef text =
        LLVMConstStringInContext2(l->ctx, m->format.data, m->format.byte_len, false);
    LLVMValueRef format = LLVMAddGlobalInAddressSpace(l->out, LLVMTypeOf(text), "format", 2);
    LLVMSetInitializer(format, text);
    LLVMSetGlobalConstant(format, true);
    LLVMSetLinkage(format, LLVMPrivateLinkage);
    LLVMSetAlignment(format, 1);
    m->args[0] = format;
    LLVMBuildCall2(l->builder, log_type(l), log_function(l, type), m->args, m->count + 1, "");
    l->instructions += 2 * m->count;
    tj_text_fini(&m->format);
}

/* ---- print ------------------------------------------------------------------------------- */

static bool is_signed(const tj_tt_op *op, uint32_t operand)
{
    int64_t list[64];
    int count = tj_tt_int_list(op, "isSigned", list, 64);
    return (int)operand >= count || list[operand] != 0;
}

static void print_operand(tj_tt_lower *l, const tj_tt_op *op, uint32_t operand)
{
    const tj_tt_value *value = op->operands[operand];
    const tj_tt_attr *prefix = tj_tt_find_attr(op, "prefix");
    tj_tt_layout layout = {0};
    LLVMValueRef *regs = value->type.form == TJ_TT_TENSOR ? tj_tt_get_home(l, value, &layout)
                                                          : tj_tt_get(l, value, &layout);
    tj_tt_place free_bits = tj_tt_free_bits(&layout);
    LLVMValueRef holds =
        tj_tt_is_of_elements(op) ? NULL : tj_tt_holds(l, &value->type, &layout);
    LLVMBasicBlockRef after = holds ? tj_tt_begin_if(l, holds) : NULL;
    for (uint32_t i = 0; i < 1u << layout.regs; i++) {
        message m;
        if (i & free_bits.reg)
            continue;
        start_message(l, &m);
        add_indices(l, &m, &value->type, &layout, i);
        add_text(&m, prefix ? prefix->string : "");
        if (op->operand_count > 1)
            tj_text_printf(&m.format, "(operand %u) ", operand);
        add_value(l, &m, &value->type, regs[i], tj_tt_int_attr(op, "hex", 0) != 0,
                  is_signed(op, operand));
        send(l, &m, LOG_DEFAULT);
    }
    if (after)
        tj_tt_end_if(l, after);
}

bool tj_tt_lower_print(tj_tt_lower *l, const tj_tt_op *op)
{
    static const tj_tt_type scalar = {0};
    static const tj_tt_layout none = {0};
    for (uint32_t i = 0; i < op->operand_count; i++)
        print_operand(l, op, i);
    if (op->operand_count)
        return true;
    const tj_tt_attr *prefix = tj_tt_find_attr(op, "prefix");
    LLVMBasicBlockRef after = tj_tt_begin_if(l, tj_tt_holds(l, &scalar, &none));
    message m;
    start_message(l, &m);
    add_text(&m, prefix ? prefix->string : "");
    send(l, &m, LOG_DEFAULT);
    tj_tt_end_if(l, after);
    return true;
}

/* ---- assert ------------------------------------------------------------------------------ */

/* Of the threads of a SIMD-group that hold the same elements the first one says so. */
static LLVMValueRef is_first_lane(tj_tt_lower *l, const tj_tt_op *op,
                                  const tj_tt_layout *layout)
{
    bool is_tensor = op->operands[0]->type.form == TJ_TT_TENSOR;
    uint32_t others = is_tensor ? tj_tt_free_bits(layout).lane : 31;
    if (!others || tj_tt_is_of_elements(op))
        return tj_tt_int(l, 1, 1);
    LLVMValueRef bits = LLVMBuildAnd(l->builder, l->lane, tj_tt_i32(l, others), "");
    return LLVMBuildICmp(l->builder, LLVMIntEQ, bits, tj_tt_i32(l, 0), "");
}

/* The threads meet behind it: what follows may rely on the condition in all of them. */
bool tj_tt_lower_assert(tj_tt_lower *l, const tj_tt_op *op)
{
    const tj_tt_value *value = op->operands[0];
    const tj_tt_attr *text = tj_tt_find_attr(op, "message");
    tj_tt_layout layout = {0};
    bool is_tensor = value->type.form == TJ_TT_TENSOR;
    LLVMValueRef *regs =
        is_tensor ? tj_tt_get_home(l, value, &layout) : tj_tt_get(l, value, &layout);
    LLVMValueRef zero = LLVMConstNull(LLVMTypeOf(regs[0])), fails = NULL;
    for (uint32_t i = 0; i < 1u << layout.regs; i++) {
        LLVMValueRef one = LLVMBuildICmp(l->builder, LLVMIntEQ, regs[i], zero, "");
        fails = fails ? LLVMBuildOr(l->builder, fails, one, "") : one;
    }
    LLVMBasicBlockRef after = tj_tt_begin_if(l, fails);
    LLVMBasicBlockRef logged = tj_tt_begin_if(l, is_first_lane(l, op, &layout));
    message m;
    start_message(l, &m);
    add_text(&m, " assertion failed: ");
    add_text(&m, text ? text->string : "");
    send(l, &m, LOG_FAULT);
    tj_tt_end_if(l, logged);
    call_void(l, l->builder, "llvm.trap", NULL, 0);
    tj_tt_end_if(l, after);
    if (is_tensor)
        tj_tt_lower_barrier(l, op);
    return true;
}
