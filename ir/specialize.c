/* SPDX-License-Identifier: MIT */
/*
 * Gives a unit the values of its function constants.
 *
 * needs   a checked unit with one kernel (tj_extract)
 * leaves  no static initialiser, no function constant; variables in constant memory are
 *         constants; optional arguments know whether they are there
 *
 * The initialisers run here: a copy of the module in the same LLVM context holds one function
 * that calls them all. It goes through canonical form, so that everything means the same as in
 * a kernel, and the caller's interpreter runs it as a kernel of one thread.
 */
#include "address.h"
#include "air_meta.h"
#include "check.h"
#include "elem.h"
#include "intrin.h"

#include <llvm-c/Core.h>
#include <llvm-c/Error.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- values ------------------------------------------------------------------------------
 */

static tj_status refuse(tj_unit *unit, tj_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static tj_status refuse(tj_unit *unit, tj_status status, const char *format, ...)
{
    tj_loc loc = {.file = unit->file, .kernel = unit->kernels[0].name};
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return tj_fail_at(&unit->diags, status, &loc, "%s", message);
}

/* "has_mask (0, bool), ..." of the whole module. */
static const char *list_constants(tj_unit *unit)
{
    const char *text = "";
    for (unsigned i = 0; i < unit->constant_count; i++)
        text = tj_arena_printf(unit->arena, "%s%s%s (%u, %s)", text, i ? ", " : "",
                               unit->constants[i].name, unit->constants[i].index,
                               unit->constants[i].type_name);
    return *text ? text : "none";
}

static tj_constant *find_constant(tj_unit *unit, const tj_constant_value *value)
{
    for (unsigned i = 0; i < unit->constant_count; i++) {
        tj_constant *constant = &unit->constants[i];
        if (value->name ? strcmp(constant->name, value->name) == 0
                        : constant->index == value->index)
            return constant;
    }
    return NULL;
}

static tj_status refuse_unknown(tj_unit *unit, const tj_constant_value *value)
{
    if (value->name)
        return refuse(unit, TJ_E_NOT_FOUND, "no function constant '%s'; there are: %s",
                      value->name, list_constants(unit));
    return refuse(unit, TJ_E_NOT_FOUND, "no function constant %u; there are: %s", value->index,
                  list_constants(unit));
}

static tj_status check_type(tj_unit *unit, const tj_constant *constant,
                            const tj_constant_value *value)
{
    tj_elem wanted = {.scalar = constant->scalar, .components = constant->components};
    tj_elem given = {.scalar = value->scalar, .components = value->components};
    if (value->scalar == constant->scalar && value->components == constant->components)
        return TJ_OK;
    return refuse(unit, TJ_E_INVALID, "function constant '%s' is %s, not %s", constant->name,
                  tj_elem_spell(unit->arena, &wanted), tj_elem_spell(unit->arena, &given));
}

unsigned tj_scalar_byte_len(tj_scalar scalar)
{
    static const unsigned char byte_lens[] = {
        [TJ_SCALAR_BOOL] = 1, [TJ_SCALAR_I8] = 1,  [TJ_SCALAR_U8] = 1,   [TJ_SCALAR_I16] = 2,
        [TJ_SCALAR_U16] = 2,  [TJ_SCALAR_I32] = 4, [TJ_SCALAR_U32] = 4,  [TJ_SCALAR_I64] = 8,
        [TJ_SCALAR_U64] = 8,  [TJ_SCALAR_F16] = 2, [TJ_SCALAR_BF16] = 2, [TJ_SCALAR_F32] = 4,
        [TJ_SCALAR_F64] = 8};
    return byte_lens[scalar];
}

/* Number `i` of the value in the type of the global's element; a bool is 0 or 1. */
static LLVMValueRef make_number(tj_unit *unit, LLVMTypeRef type, const tj_constant_value *value,
                                unsigned i)
{
    unsigned byte_len = tj_scalar_byte_len(value->scalar);
    uint64_t bits = 0;
    memcpy(&bits, (const unsigned char *)value->data + (size_t)i * byte_len, byte_len);
    if (value->scalar == TJ_SCALAR_BOOL)
        bits = bits != 0;
    if (LLVMGetTypeKind(type) == LLVMIntegerTypeKind)
        return LLVMConstInt(type, bits, false);
    LLVMTypeRef same_size = LLVMIntTypeInContext(unit->llctx, byte_len * 8);
    return LLVMConstBitCast(LLVMConstInt(same_size, bits, false), type);
}

/* A constant that this kernel does not need has no global; anything stands for its value. */
static LLVMValueRef make_value(tj_unit *unit, const tj_constant *constant,
                               const tj_constant_value *value)
{
    LLVMValueRef numbers[4]; /* tj_read_constants takes no longer vectors */
    if (!constant->global)
        return LLVMConstNull(LLVMInt1TypeInContext(unit->llctx));
    LLVMTypeRef type = LLVMGlobalGetValueType(constant->global);
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind)
        return make_number(unit, type, value, 0);
    unsigned count = LLVMGetVectorSize(type);
    for (unsigned i = 0; i < count; i++)
        numbers[i] = make_number(unit, LLVMGetElementType(type), value, i);
    return LLVMConstVector(numbers, count);
}

static bool is_used(const tj_unit *unit, unsigned constant)
{
    const tj_kernel *kernel = &unit->kernels[0];
    for (unsigned i = 0; i < kernel->constant_count; i++)
        if (kernel->constants[i] == constant)
            return true;
    return false;
}

static tj_status check_missing(tj_unit *unit, const LLVMValueRef *given)
{
    for (unsigned i = 0; i < unit->constant_count; i++) {
        const tj_constant *constant = &unit->constants[i];
        if (!given[i] && constant->is_required && is_used(unit, i))
            return refuse(unit, TJ_E_INVALID,
                          "function constant '%s' (index %u, %s) has no value", constant->name,
                          constant->index, constant->type_name);
    }
    return TJ_OK;
}

/* One value for each constant; NULL: not given. */
static tj_status take_values(tj_unit *unit, const tj_constant_value *values, size_t count,
                             LLVMValueRef *given)
{
    for (size_t i = 0; i < count; i++) {
        tj_constant *constant = find_constant(unit, &values[i]);
        if (!constant)
            return refuse_unknown(unit, &values[i]);
        tj_status status = check_type(unit, constant, &values[i]);
        if (status)
            return status;
        LLVMValueRef *slot = &given[constant - unit->constants];
        if (*slot)
            return refuse(unit, TJ_E_INVALID,
                          "function constant '%s' (index %u) is given twice", constant->name,
                          constant->index);
        *slot = make_value(unit, constant, &values[i]);
    }
    return check_missing(unit, given);
}

/* ---- questions about constants
 * ---------------------------------------------------------------
 */

static LLVMValueRef answer_defined(tj_unit *unit, LLVMValueRef call, const LLVMValueRef *given)
{
    LLVMTypeRef i1 = LLVMInt1TypeInContext(unit->llctx);
    for (unsigned i = 0; i < unit->constant_count; i++)
        if (unit->constants[i].global && unit->constants[i].global == LLVMGetOperand(call, 0))
            return LLVMConstInt(i1, given[i] != NULL, false);
    return LLVMConstInt(i1, 0, false);
}

/* Unknown for ever: a variable that nothing writes, in open units. */
static LLVMValueRef answer_open(tj_unit *unit, LLVMBuilderRef builder)
{
    static const char name[] = "is_defined";
    LLVMTypeRef i8 = LLVMInt8TypeInContext(unit->llctx);
    LLVMValueRef variable = LLVMGetNamedGlobal(unit->module, name);
    if (!variable) {
        variable = LLVMAddGlobalInAddressSpace(unit->module, i8, name, TJ_AS_CONSTANT);
        LLVMSetInitializer(variable, LLVMConstNull(i8));
    }
    return LLVMBuildTrunc(builder, LLVMBuildLoad2(builder, i8, variable, ""),
                          LLVMInt1TypeInContext(unit->llctx), "");
}

static LLVMValueRef answer_normalized(LLVMBuilderRef builder, LLVMValueRef call)
{
    LLVMValueRef value = LLVMGetOperand(call, 0);
    LLVMValueRef zero = LLVMConstNull(LLVMTypeOf(value));
    LLVMValueRef is_set = LLVMBuildICmp(builder, LLVMIntNE, value, zero, "");
    return LLVMBuildIntCast2(builder, is_set, LLVMTypeOf(value), false, "");
}

/* `given`: NULL for open units. */
static void answer_calls(tj_unit *unit, LLVMValueRef function, bool is_normalize,
                         const LLVMValueRef *given)
{
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->llctx);
    for (LLVMUseRef use = LLVMGetFirstUse(function), next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef call = LLVMGetUser(use);
        if (!LLVMIsACallInst(call))
            continue;
        LLVMPositionBuilderBefore(builder, call);
        LLVMValueRef answer = is_normalize ? answer_normalized(builder, call)
                              : given      ? answer_defined(unit, call, given)
                                           : answer_open(unit, builder);
        LLVMReplaceAllUsesWith(call, answer);
        LLVMInstructionEraseFromParent(call);
    }
    LLVMDisposeBuilder(builder);
}

static void answer_questions(tj_unit *unit, const LLVMValueRef *given)
{
    static const char normalize[] = "air.normalize_function_constant_predicate.";
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f)) {
        size_t byte_len;
        const char *name = LLVMGetValueName2(f, &byte_len);
        bool is_normalize = strncmp(name, normalize, strlen(normalize)) == 0;
        if (is_normalize || strcmp(name, "air.is_function_constant_defined") == 0)
            answer_calls(unit, f, is_normalize, given);
    }
}

/* ---- running the initialisers
 * ----------------------------------------------------------------
 */

static tj_status run_passes(tj_unit *unit, const char *passes)
{
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(unit->module, passes, NULL, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error)
        return TJ_OK;
    char *message = LLVMGetErrorMessage(error);
    tj_status status = refuse(unit, TJ_E_INTERNAL, "static initialisers: %s", message);
    LLVMDisposeErrorMessage(message);
    return status;
}

static void delete_global(LLVMModuleRef module, const char *name)
{
    LLVMValueRef global = LLVMGetNamedGlobal(module, name);
    if (global)
        LLVMDeleteGlobal(global);
}

static void delete_constructor_list(LLVMModuleRef module)
{
    delete_global(module, "llvm.global_ctors");
    delete_global(module, "llvm.compiler.used");
    delete_global(module, "llvm.used");
}

/* A function that calls all of `list`; everything else in the module serves it. */
static LLVMValueRef add_runner(tj_unit *unit, LLVMValueRef *list, unsigned count)
{
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(unit->llctx), NULL, 0, false);
    LLVMValueRef runner = LLVMAddFunction(unit->module, "static initialisers", type);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->llctx);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(unit->llctx, runner, ""));
    for (unsigned i = 0; i < count; i++)
        LLVMBuildCall2(builder, type, list[i], NULL, 0, "");
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);
    return runner;
}

/* globalopt may change what only the module sees, so it sees nothing alone. */
static void expose_variables(LLVMModuleRef module)
{
    for (LLVMValueRef g = LLVMGetFirstGlobal(module); g; g = LLVMGetNextGlobal(g)) {
        LLVMSetLinkage(g, LLVMExternalLinkage);
        LLVMSetVisibility(g, LLVMDefaultVisibility);
    }
}

static void hide_functions(LLVMModuleRef module, LLVMValueRef runner)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f))
        if (f != runner && LLVMCountBasicBlocks(f)) {
            LLVMSetLinkage(f, LLVMInternalLinkage);
            LLVMSetVisibility(f, LLVMDefaultVisibility);
        }
}

/* What cannot be there when a pipeline is made: other threads, and memory but constants. */
static tj_status check_call(tj_unit *copy, LLVMValueRef call)
{
    tj_intrin_use use;
    size_t byte_len;
    if (!LLVMIsACallInst(call) || !tj_intrin_of(call, &use) ||
        tj_intrin_infos[use.id].effect == TJ_EFFECT_PURE)
        return TJ_OK;
    return tj_fail(copy, call, TJ_E_UNSUPPORTED,
                   "a static initialiser calls '%.200s'; it runs alone, when the pipeline is "
                   "made, and can call functions of numbers only",
                   LLVMGetValueName2(LLVMGetCalledValue(call), &byte_len));
}

static tj_status check_variables(tj_unit *copy)
{
    for (LLVMValueRef g = LLVMGetFirstGlobal(copy->module); g; g = LLVMGetNextGlobal(g))
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == TJ_AS_THREADGROUP &&
            LLVMGetFirstUse(g))
            return refuse(copy, TJ_E_UNSUPPORTED,
                          "a static initialiser uses '%.200s' in threadgroup memory",
                          tj_global_name(copy, g));
    return TJ_OK;
}

static tj_status check_runner(tj_unit *copy, LLVMValueRef runner)
{
    tj_status status = check_variables(copy);
    if (!status && copy->kernels[0].arg_count)
        status = refuse(copy, TJ_E_UNSUPPORTED,
                        "a static initialiser asks for '%.200s', which only threads have",
                        copy->kernels[0].args[0].name);
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(runner); block;
         block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef inst = LLVMGetFirstInstruction(block); inst && !status;
             inst = LLVMGetNextInstruction(inst))
            status = check_call(copy, inst);
    return status;
}

static tj_status evaluate(tj_unit *copy, tj_initialise *initialise)
{
    static const tj_canon_options options = {.opt_level = 2};
    tj_status status = run_passes(copy, "globaldce");
    if (!status)
        status = tj_canon(copy, &options);
    if (!status)
        status = check_runner(copy, copy->kernels[0].function);
    return status ? status : initialise(copy);
}

/* A constant of the copy with addresses in this module instead. */
static LLVMValueRef bring_home(tj_unit *unit, LLVMValueRef value, unsigned depth)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(unit->module);
    LLVMTypeRef i64 = LLVMInt64TypeInContext(unit->llctx);
    LLVMValueRef variable = NULL;
    uint64_t offset;
    if (!tj_type_has_pointer(type) || LLVMIsNull(value) || !depth)
        return value;
    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind) {
        if (!tj_constant_address(layout, value, &variable, &offset))
            return LLVMConstNull(type);
        LLVMValueRef at = LLVMConstInt(i64, offset, false);
        variable = LLVMGetNamedGlobal(unit->module, tj_global_name(unit, variable));
        variable = LLVMConstGEP2(LLVMInt8TypeInContext(unit->llctx), variable, &at, 1);
        return LLVMTypeOf(variable) == type ? variable : LLVMConstAddrSpaceCast(variable, type);
    }
    unsigned count = (unsigned)LLVMGetNumOperands(value);
    LLVMValueRef *parts = tj_new_array(unit->arena, LLVMValueRef, count);
    for (unsigned i = 0; i < count; i++)
        parts[i] = bring_home(unit, LLVMGetOperand(value, i), depth - 1);
    return tj_constant_whole(type, parts, count);
}

/* Brings home what the copy's variables in constant memory hold now. */
static void take_results(tj_unit *unit, LLVMModuleRef copy)
{
    enum { MAX_DEPTH = 32 };
    for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module); g; g = LLVMGetNextGlobal(g)) {
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) != TJ_AS_CONSTANT ||
            LLVMIsGlobalConstant(g) || !LLVMGetInitializer(g))
            continue;
        const char *name = tj_global_name(unit, g);
        LLVMValueRef other = LLVMGetNamedGlobal(copy, name);
        LLVMValueRef result = other ? LLVMGetInitializer(other) : NULL;
        if (!result || result == LLVMGetInitializer(g))
            continue;
        LLVMSetInitializer(g, bring_home(unit, result, MAX_DEPTH));
    }
}

static void name_variables(tj_unit *unit)
{
    for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module); g; g = LLVMGetNextGlobal(g))
        tj_global_name(unit, g);
}

static tj_status run_initialisers(tj_unit *unit, tj_initialise *initialise)
{
    LLVMValueRef *list = NULL;
    name_variables(unit);
    if (!tj_constructors(unit, unit->arena, &list))
        return TJ_OK;
    tj_unit copy = *unit;
    copy.module = LLVMCloneModule(unit->module);
    unsigned count = tj_constructors(&copy, unit->arena, &list);
    LLVMDeleteFunction(LLVMGetNamedFunction(copy.module, unit->kernels[0].name));
    LLVMValueRef runner = add_runner(&copy, list, count);
    tj_kernel kernel = {.name = "static initialisers", .function = runner};
    copy.kernels = &kernel;
    copy.is_canonical = false;
    delete_constructor_list(copy.module);
    expose_variables(copy.module);
    hide_functions(copy.module, runner);
    tj_status status = evaluate(&copy, initialise);
    if (!status)
        take_results(unit, copy.module);
    else
        unit->diags = copy.diags;
    LLVMDisposeModule(copy.module);
    return status;
}

/* ---- the unit
 * --------------------------------------------------------------------------------
 */

static void set_initialisers(tj_unit *unit, const LLVMValueRef *given)
{
    for (unsigned i = 0; i < unit->constant_count; i++) {
        LLVMValueRef global = unit->constants[i].global;
        if (!global)
            continue;
        LLVMTypeRef type = LLVMGlobalGetValueType(global);
        LLVMSetInitializer(global, given[i] ? given[i] : LLVMConstNull(type));
        LLVMSetExternallyInitialized(global, false);
        LLVMSetGlobalConstant(global, true);
    }
}

/* From here on they are data like any table. */
static void freeze_variables(tj_unit *unit)
{
    for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module); g; g = LLVMGetNextGlobal(g))
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == TJ_AS_CONSTANT &&
            LLVMGetInitializer(g))
            LLVMSetGlobalConstant(g, true);
}

/* Open units: nothing is known to hold a value. */
static void open_constants(tj_unit *unit)
{
    for (unsigned i = 0; i < unit->constant_count; i++)
        if (unit->constants[i].global)
            LLVMSetGlobalConstant(unit->constants[i].global, false);
}

/* The only store into the variable; NULL: there are others. */
static LLVMValueRef only_store(LLVMValueRef global)
{
    LLVMValueRef found = NULL;
    for (LLVMUseRef use = LLVMGetFirstUse(global); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsAStoreInst(user))
            continue;
        if (found || LLVMGetOperand(user, 1) != global)
            return NULL;
        found = user;
    }
    return found;
}

static bool is_constant_of(const tj_unit *unit, LLVMValueRef global)
{
    for (unsigned i = 0; i < unit->constant_count; i++)
        if (unit->constants[i].global == global)
            return true;
    return false;
}

/* Variables that initialisers only copy a function constant to: code reads the constant. */
static void read_directly(tj_unit *unit)
{
    for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module); g; g = LLVMGetNextGlobal(g)) {
        LLVMValueRef store = only_store(g), value = store ? LLVMGetOperand(store, 0) : NULL;
        static const char normalize[] = "air.normalize_function_constant_predicate.";
        size_t byte_len;
        if (value && LLVMIsACallInst(value) && LLVMGetNumArgOperands(value) == 1 &&
            strncmp(LLVMGetValueName2(LLVMGetCalledValue(value), &byte_len), normalize,
                    strlen(normalize)) == 0)
            value = LLVMGetOperand(value, 0);
        if (!value || !LLVMIsALoadInst(value) ||
            !is_constant_of(unit, LLVMGetOperand(value, 0)) ||
            LLVMGlobalGetValueType(LLVMGetOperand(value, 0)) != LLVMGlobalGetValueType(g))
            continue;
        LLVMValueRef from = LLVMGetOperand(value, 0);
        LLVMInstructionEraseFromParent(store);
        for (unsigned i = 0; i < unit->kernels[0].arg_count; i++) {
            tj_arg *arg = &unit->kernels[0].args[i];
            if (arg->predicate && LLVMGetNamedGlobal(unit->module, arg->predicate) == g)
                arg->predicate =
                    tj_arena_strdup(unit->arena, LLVMGetValueName2(from, &byte_len));
        }
        LLVMReplaceAllUsesWith(g, from);
    }
}

static void find_absent(tj_unit *unit)
{
    tj_kernel *kernel = &unit->kernels[0];
    for (unsigned i = 0; i < kernel->arg_count; i++) {
        tj_arg *arg = &kernel->args[i];
        LLVMValueRef global =
            arg->predicate ? LLVMGetNamedGlobal(unit->module, arg->predicate) : NULL;
        LLVMValueRef value = global ? LLVMGetInitializer(global) : NULL;
        arg->is_absent = value && LLVMIsAConstantInt(value) && LLVMIsNull(value);
    }
}

static void remove_constructors(tj_unit *unit)
{
    tj_arena *scratch = tj_arena_create();
    LLVMValueRef *list = NULL;
    unsigned count = tj_constructors(unit, scratch, &list);
    delete_constructor_list(unit->module);
    for (unsigned i = 0; i < count; i++)
        LLVMSetLinkage(list[i], LLVMInternalLinkage);
    tj_arena_destroy(scratch);
}

tj_status tj_specialize(tj_unit *unit, const tj_constant_value *values, size_t value_count,
                        bool is_open, tj_initialise *initialise)
{
    LLVMValueRef *given = tj_new_array(unit->arena, LLVMValueRef, unit->constant_count);
    tj_status status = TJ_OK;
    if (is_open) {
        read_directly(unit);
        answer_questions(unit, NULL);
        open_constants(unit);
        remove_constructors(unit);
        return run_passes(unit, "globaldce");
    }
    status = take_values(unit, values, value_count, given);
    if (status)
        return status;
    answer_questions(unit, given);
    set_initialisers(unit, given);
    status = run_initialisers(unit, initialise);
    if (status)
        return status;
    remove_constructors(unit);
    freeze_variables(unit);
    find_absent(unit);
    return run_passes(unit, "globaldce");
}
