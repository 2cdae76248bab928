/* SPDX-License-Identifier: MIT */
/*
 * Turns calls that ask for built-in inputs (air.md 3.9, third-party IR) into parameters.
 *
 * needs   everything inlined
 * leaves  no such call; parameters of the inputs that were asked for, behind the others and
 *         counted by tj_kernel.hidden_count
 *
 * The log of a launch (bodies.def) becomes a parameter too.
 *
 * Two spellings: OpenCL's functions, air.get_global_id.i32(dimension), and the inputs' own
 * names, air.thread_position_in_grid.x() or with any suffix of types, the result a number, a
 * vector, an array or a struct of numbers. "julia." may stand in front. What OpenCL says of
 * dimensions from 3 on holds: identifiers are 0, sizes 1.
 */
#include "air_meta.h"
#include "canon.h"
#include "params.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <string.h>

static const struct function_row {
    const char *name;
    tj_sysval input;
    bool has_dimension;
    unsigned beyond; /* what dimensions from 3 on give */
} function_rows[] = {
    {"get_global_id", TJ_SYSVAL_THREAD_POSITION_IN_GRID, true, 0},
    {"get_local_id", TJ_SYSVAL_THREAD_POSITION_IN_THREADGROUP, true, 0},
    {"get_group_id", TJ_SYSVAL_THREADGROUP_POSITION_IN_GRID, true, 0},
    {"get_global_offset", TJ_SYSVAL_GRID_ORIGIN, true, 0},
    {"get_global_size", TJ_SYSVAL_THREADS_PER_GRID, true, 1},
    {"get_local_size", TJ_SYSVAL_THREADS_PER_THREADGROUP, true, 1},
    {"get_enqueued_local_size", TJ_SYSVAL_DISPATCH_THREADS_PER_THREADGROUP, true, 1},
    {"get_num_groups", TJ_SYSVAL_THREADGROUPS_PER_GRID, true, 1},
    {"get_local_linear_id", TJ_SYSVAL_THREAD_INDEX_IN_THREADGROUP, false, 0},
};
/* What bodies.def calls for the memory of the launch's log. */
static const char log_name[] = "tmjit.log";
enum { FUNCTION_ROWS = sizeof function_rows / sizeof function_rows[0] };

/* What a call asks for. */
typedef struct request {
    tj_sysval input;
    int component;      /* 0 to 2; -1: as many as the result has */
    bool has_dimension; /* operand 0 says which component */
    unsigned beyond;
} request;

/* ---- names ----------------------------------------------------------------------------------
 */

static bool is_integer(LLVMTypeRef type)
{
    unsigned bits =
        LLVMGetTypeKind(type) == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(type) : 0;
    return bits == 16 || bits == 32 || bits == 64;
}

/* Numbers in a result; 0 for other types. */
static unsigned result_length(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind:
        return is_integer(type);
    case LLVMVectorTypeKind:
        return is_integer(LLVMGetElementType(type)) ? LLVMGetVectorSize(type) : 0;
    case LLVMArrayTypeKind:
        return is_integer(LLVMGetElementType(type)) ? (unsigned)LLVMGetArrayLength2(type) : 0;
    case LLVMStructTypeKind:
        for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++)
            if (!is_integer(LLVMStructGetTypeAtIndex(type, i)))
                return 0;
        return LLVMCountStructElementTypes(type);
    default:
        return 0;
    }
}

static bool decode_function(const char *name, size_t byte_len, LLVMTypeRef type, request *out)
{
    for (unsigned i = 0; i < FUNCTION_ROWS; i++) {
        const struct function_row *row = &function_rows[i];
        LLVMTypeRef param = NULL;
        if (strlen(row->name) != byte_len || memcmp(row->name, name, byte_len) != 0)
            continue;
        if (LLVMCountParamTypes(type) != row->has_dimension ||
            !is_integer(LLVMGetReturnType(type)))
            return false;
        LLVMGetParamTypes(type, &param);
        *out = (request){row->input, 0, row->has_dimension, row->beyond};
        return !param || is_integer(param);
    }
    return false;
}

static bool decode_input(const char *name, size_t byte_len, const char *suffix,
                         LLVMTypeRef type, request *out)
{
    tj_sysval input = tj_find_sysval(name, byte_len);
    unsigned length = result_length(LLVMGetReturnType(type));
    if (input == TJ_SYSVAL_COUNT || LLVMCountParamTypes(type) || !length)
        return false;
    unsigned components = tj_sysval_infos[input].max_components;
    bool is_one = suffix[0] == '.' && suffix[1] >= 'x' && suffix[1] <= 'z' && !suffix[2];
    *out = (request){.input = input, .component = is_one ? suffix[1] - 'x' : -1};
    return is_one ? length == 1 && components == 3 : length <= components;
}

static bool decode(const char *name, LLVMTypeRef type, request *out)
{
    static const char julia[] = "julia.", air[] = "air.";
    if (strncmp(name, julia, strlen(julia)) == 0)
        name += strlen(julia);
    if (strncmp(name, air, strlen(air)) != 0)
        return false;
    name += strlen(air);
    size_t byte_len = strcspn(name, ".");
    return decode_function(name, byte_len, type, out) ||
           decode_input(name, byte_len, name + byte_len, type, out);
}

bool tj_asks_for_input(LLVMValueRef callee)
{
    size_t byte_len;
    request asked;
    return LLVMIsDeclaration(callee) &&
           decode(LLVMGetValueName2(callee, &byte_len), LLVMGlobalGetValueType(callee), &asked);
}

/* ---- values ---------------------------------------------------------------------------------
 */

typedef struct inputs {
    tj_canon_state *state;
    int param[TJ_SYSVAL_COUNT]; /* of the kernel; -1: not there yet */
    int log;
} inputs;

static LLVMValueRef component_of(inputs *in, tj_sysval input, unsigned component)
{
    LLVMValueRef function = in->state->unit->kernels[0].function;
    LLVMValueRef param = LLVMGetParam(function, (unsigned)in->param[input]);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(in->state->unit->llctx);
    if (LLVMGetTypeKind(LLVMTypeOf(param)) != LLVMVectorTypeKind)
        return param;
    return LLVMBuildExtractElement(in->state->builder, param, LLVMConstInt(i32, component, 0),
                                   "");
}

/* The component that the call's operand chooses. */
static LLVMValueRef by_dimension(inputs *in, LLVMValueRef call, const request *asked)
{
    LLVMBuilderRef builder = in->state->builder;
    LLVMValueRef dimension = LLVMGetOperand(call, 0);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(in->state->unit->llctx);
    LLVMValueRef value = LLVMConstInt(i32, asked->beyond, 0);
    for (unsigned c = 0; c < 3; c++) {
        LLVMValueRef number = LLVMConstInt(LLVMTypeOf(dimension), c, 0);
        LLVMValueRef is_it = LLVMBuildICmp(builder, LLVMIntEQ, dimension, number, "");
        value = LLVMBuildSelect(builder, is_it, component_of(in, asked->input, c), value, "");
    }
    return value;
}

static LLVMValueRef as_type(inputs *in, LLVMValueRef value, LLVMTypeRef type)
{
    return LLVMBuildIntCast2(in->state->builder, value, type, false, "");
}

static LLVMValueRef all_components(inputs *in, const request *asked, LLVMTypeRef type)
{
    LLVMBuilderRef builder = in->state->builder;
    LLVMTypeRef i32 = LLVMInt32TypeInContext(in->state->unit->llctx);
    bool is_vector = LLVMGetTypeKind(type) == LLVMVectorTypeKind;
    LLVMValueRef value = LLVMConstNull(type);
    for (unsigned c = 0; c < result_length(type); c++) {
        LLVMTypeRef part = LLVMGetTypeKind(type) == LLVMStructTypeKind
                               ? LLVMStructGetTypeAtIndex(type, c)
                               : LLVMGetElementType(type);
        LLVMValueRef number = as_type(in, component_of(in, asked->input, c), part);
        value = is_vector ? LLVMBuildInsertElement(builder, value, number,
                                                   LLVMConstInt(i32, c, 0), "")
                          : LLVMBuildInsertValue(builder, value, number, c, "");
    }
    return value;
}

static LLVMValueRef answer(inputs *in, LLVMValueRef call, const request *asked)
{
    LLVMTypeRef type = LLVMTypeOf(call);
    if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind)
        return all_components(in, asked, type);
    if (asked->has_dimension)
        return as_type(in, by_dimension(in, call, asked), type);
    unsigned component = asked->component < 0 ? 0 : (unsigned)asked->component;
    return as_type(in, component_of(in, asked->input, component), type);
}

/* ---- the pass -------------------------------------------------------------------------------
 */

static bool is_called(const tj_unit *unit, const char *name)
{
    LLVMValueRef function = LLVMGetNamedFunction(unit->module, name);
    return function && LLVMGetFirstUse(function);
}

/* One parameter for each input that some call asks for, and one for the log. */
static void add_params(inputs *in)
{
    tj_unit *unit = in->state->unit;
    tj_param params[TJ_SYSVAL_COUNT + 1];
    unsigned count = 0, first = unit->kernels[0].arg_count;
    LLVMTypeRef i32 = LLVMInt32TypeInContext(unit->llctx);
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f)) {
        size_t byte_len;
        request asked;
        if (!LLVMIsDeclaration(f) || !LLVMGetFirstUse(f) ||
            !decode(LLVMGetValueName2(f, &byte_len), LLVMGlobalGetValueType(f), &asked) ||
            in->param[asked.input] >= 0)
            continue;
        unsigned components = tj_sysval_infos[asked.input].max_components;
        in->param[asked.input] = (int)(first + count);
        params[count++] = (tj_param){
            .type = components > 1 ? LLVMVectorType(i32, components) : i32,
            .arg = {.kind = TJ_ARG_SYSVAL,
                    .name = tj_sysval_infos[asked.input].name,
                    .type_name = "",
                    .sysval = asked.input,
                    .sysval_components = components,
                    .sysval_bits = 32},
        };
    }
    if (is_called(unit, log_name)) {
        in->log = (int)(first + count);
        params[count++] = (tj_param){
            .type = LLVMPointerTypeInContext(unit->llctx, TJ_AS_DEVICE),
            .arg = {.kind = TJ_ARG_BUFFER,
                    .name = "log",
                    .type_name = "",
                    .address_space = TJ_AS_DEVICE,
                    .access = TJ_ACCESS_READ_WRITE,
                    .components = 1},
        };
    }
    if (count)
        tj_add_params(unit, params, count);
}

static tj_status replace(tj_canon_state *state, LLVMValueRef inst, inputs *in)
{
    size_t byte_len;
    request asked;
    LLVMValueRef callee = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL;
    if (!callee || !LLVMIsAFunction(callee) || !LLVMIsDeclaration(callee))
        return TJ_OK;
    if (in->log >= 0 && callee == LLVMGetNamedFunction(state->unit->module, log_name)) {
        LLVMValueRef function = state->unit->kernels[0].function;
        tj_canon_replace(inst, LLVMGetParam(function, (unsigned)in->log));
        return TJ_OK;
    }
    if (!decode(LLVMGetValueName2(callee, &byte_len), LLVMGlobalGetValueType(callee), &asked))
        return TJ_OK;
    LLVMPositionBuilderBefore(state->builder, inst);
    LLVMSetCurrentDebugLocation2(state->builder, LLVMInstructionGetDebugLoc(inst));
    tj_canon_replace(inst, answer(in, inst, &asked));
    return TJ_OK;
}

tj_status tj_canon_inputs(tj_canon_state *state)
{
    inputs in = {.state = state, .log = -1};
    for (unsigned i = 0; i < TJ_SYSVAL_COUNT; i++)
        in.param[i] = -1;
    add_params(&in);
    LLVMValueRef function = state->unit->kernels[0].function;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block;
         block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef inst = LLVMGetFirstInstruction(block), next; inst; inst = next) {
            next = LLVMGetNextInstruction(inst);
            replace(state, inst, &in);
        }
    return TJ_OK;
}
