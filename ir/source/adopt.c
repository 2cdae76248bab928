/* SPDX-License-Identifier: MIT */
/* Annotations of clang's module to kernels and function constants.
 *
 * Clang lists a function's annotations in llvm.global.annotations, a parameter's in calls of
 * llvm.var.annotation on the memory that holds it, at the top of the function.
 */
#include "source/adopt.h"
#include "source/walk.h"

#include <llvm-c/Comdat.h>
#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/Error.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- annotations ----------------------------------------------------------------------- */

tj_status tj_fail_annotated(tj_unit *unit, const tj_annotation *at, tj_status status,
                            const char *format, ...)
{
    tj_loc loc = {.file = at && at->file ? at->file : unit->file, .line = at ? at->line : 0};
    char message[400];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return tj_fail_at(&unit->diags, status, &loc, "%s", message);
}

static const char *read_string(tj_unit *unit, LLVMValueRef global)
{
    LLVMValueRef init =
        global && LLVMIsAGlobalVariable(global) ? LLVMGetInitializer(global) : NULL;
    size_t byte_len;
    if (!init || !LLVMIsAConstantDataArray(init) || !LLVMIsConstantString(init))
        return NULL;
    const char *text = LLVMGetAsString(init, &byte_len);
    return tj_arena_strndup(unit->arena, text, byte_len);
}

static void read_args(LLVMValueRef global, tj_annotation *out)
{
    LLVMValueRef init =
        global && LLVMIsAGlobalVariable(global) ? LLVMGetInitializer(global) : NULL;
    int count = init && LLVMIsAConstantStruct(init) ? LLVMGetNumOperands(init) : 0;
    for (int i = 0; i < count && i < TJ_ADOPT_MAX_NUMBERS; i++)
        out->args[out->arg_count++] = LLVMGetOperand(init, (unsigned)i);
    if (init && LLVMIsAConstantAggregateZero(init) &&
        LLVMGetTypeKind(LLVMTypeOf(init)) == LLVMStructTypeKind)
        out->args[out->arg_count++] = LLVMConstNull(
            LLVMInt32TypeInContext(LLVMGetModuleContext(LLVMGetGlobalParent(global))));
}

tj_annotation *tj_read_annotation(tj_unit *unit, LLVMValueRef text, LLVMValueRef file,
                                  LLVMValueRef line, LLVMValueRef args)
{
    const char *name = read_string(unit, text);
    if (!name || strncmp(name, "msl.", 4) != 0)
        return NULL;
    tj_annotation *out = tj_new(unit->arena, tj_annotation);
    size_t name_len = strcspn(name + 4, "=");
    out->name = tj_arena_strndup(unit->arena, name + 4, name_len);
    out->text = name[4 + name_len] ? name + 4 + name_len + 1 : "";
    out->file = read_string(unit, file);
    out->line = line && LLVMIsAConstantInt(line) ? (unsigned)LLVMConstIntGetZExtValue(line) : 0;
    read_args(args, out);
    return out;
}

const tj_annotation *tj_find_annotation(const tj_annotation *list, const char *name)
{
    while (list && strcmp(list->name, name) != 0)
        list = list->next;
    return list;
}

static void append(tj_annotation **list, tj_annotation *one)
{
    while (*list)
        list = &(*list)->next;
    *list = one;
}

/* ---- kernels --------------------------------------------------------------------------- */

typedef struct adoption {
    tj_unit *unit;
    tj_source_kernel *kernels;
    unsigned kernel_count;
} adoption;

/* What a template's or function's debug information calls it, e.g. "scale<float>". */
static const char *source_name(tj_unit *unit, LLVMValueRef function)
{
    enum { SUBPROGRAM_NAME = 2 }; /* operand of DISubprogram in LLVM 22 */
    LLVMMetadataRef subprogram = LLVMGetSubprogram(function);
    size_t byte_len;
    if (subprogram) {
        LLVMValueRef node = LLVMMetadataAsValue(unit->llctx, subprogram);
        unsigned count = LLVMGetMDNodeNumOperands(node), len;
        LLVMValueRef *ops = tj_new_array(unit->arena, LLVMValueRef, count);
        LLVMGetMDNodeOperands(node, ops);
        if (count > SUBPROGRAM_NAME && ops[SUBPROGRAM_NAME] &&
            LLVMIsAMDString(ops[SUBPROGRAM_NAME])) {
            const char *text = LLVMGetMDString(ops[SUBPROGRAM_NAME], &len);
            return tj_arena_strndup(unit->arena, text, len);
        }
    }
    const char *name = LLVMGetValueName2(function, &byte_len);
    return tj_arena_strndup(unit->arena, name, byte_len);
}

static tj_source_kernel *find_or_add(adoption *a, LLVMValueRef function)
{
    for (unsigned i = 0; i < a->kernel_count; i++)
        if (a->kernels[i].function == function)
            return &a->kernels[i];
    a->kernels[a->kernel_count] = (tj_source_kernel){.function = function};
    return &a->kernels[a->kernel_count++];
}

/* All annotated functions, the kernels among them in front. */
static void read_functions(adoption *a)
{
    LLVMValueRef list = LLVMGetNamedGlobal(a->unit->module, "llvm.global.annotations");
    LLVMValueRef init = list ? LLVMGetInitializer(list) : NULL;
    int count = init && LLVMIsAConstantArray(init) ? LLVMGetNumOperands(init) : 0;
    a->kernels = tj_new_array(a->unit->arena, tj_source_kernel, (size_t)count);
    for (int i = 0; i < count; i++) {
        LLVMValueRef row = LLVMGetOperand(init, (unsigned)i);
        LLVMValueRef function = LLVMGetOperand(row, 0);
        if (!LLVMIsAFunction(function) || LLVMIsDeclaration(function))
            continue;
        tj_annotation *one =
            tj_read_annotation(a->unit, LLVMGetOperand(row, 1), LLVMGetOperand(row, 2),
                               LLVMGetOperand(row, 3), LLVMGetOperand(row, 4));
        if (one)
            append(&find_or_add(a, function)->own, one);
    }
    unsigned kept = 0;
    for (unsigned i = 0; i < a->kernel_count; i++)
        if (tj_find_annotation(a->kernels[i].own, "kernel"))
            a->kernels[kept++] = a->kernels[i];
    a->kernel_count = kept;
}

/* The parameter that is kept in `memory`: the memory itself, or what is stored there first. */
static LLVMValueRef find_param(LLVMValueRef memory)
{
    if (LLVMIsAArgument(memory))
        return memory;
    for (LLVMUseRef use = LLVMGetFirstUse(memory); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsAStoreInst(user) && LLVMGetOperand(user, 1) == memory &&
            LLVMIsAArgument(LLVMGetOperand(user, 0)))
            return LLVMGetOperand(user, 0);
    }
    return NULL;
}

static unsigned index_of(LLVMValueRef function, LLVMValueRef param)
{
    unsigned index = 0;
    while (LLVMGetParam(function, index) != param)
        index++;
    return index;
}

static void read_params(adoption *a, tj_source_kernel *kernel)
{
    LLVMValueRef function = kernel->function;
    kernel->of_params =
        tj_new_array(a->unit->arena, tj_annotation *, LLVMCountParams(function));
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(function);
    for (LLVMValueRef inst = LLVMGetFirstInstruction(entry); inst;
         inst = LLVMGetNextInstruction(inst)) {
        LLVMValueRef callee = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL;
        size_t byte_len;
        if (!callee || !LLVMIsAFunction(callee) ||
            strncmp(LLVMGetValueName2(callee, &byte_len), "llvm.var.annotation", 19) != 0)
            continue;
        LLVMValueRef param = find_param(LLVMGetOperand(inst, 0));
        tj_annotation *one =
            tj_read_annotation(a->unit, LLVMGetOperand(inst, 1), LLVMGetOperand(inst, 2),
                               LLVMGetOperand(inst, 3), LLVMGetOperand(inst, 4));
        if (param && one)
            append(&kernel->of_params[index_of(function, param)], one);
    }
}

/* ---- cleaning -------------------------------------------------------------------------- */

/* Calls of functions that say something to clang's passes only. */
static bool is_hint(const char *name)
{
    static const char *const hints[] = {"llvm.var.annotation", "llvm.invariant.start",
                                        "llvm.invariant.end"};
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (strncmp(name, hints[i], strlen(hints[i])) == 0)
            return true;
    return false;
}

static void erase_annotations(tj_unit *unit)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module), next; f; f = next) {
        size_t byte_len;
        next = LLVMGetNextFunction(f);
        const char *name = LLVMGetValueName2(f, &byte_len);
        bool is_var = is_hint(name);
        bool is_ptr = strncmp(name, "llvm.ptr.annotation", 19) == 0;
        if (!is_var && !is_ptr)
            continue;
        for (LLVMUseRef use; (use = LLVMGetFirstUse(f));) {
            LLVMValueRef call = LLVMGetUser(use);
            if (is_ptr)
                LLVMReplaceAllUsesWith(call, LLVMGetOperand(call, 0));
            else if (LLVMGetFirstUse(call))
                LLVMReplaceAllUsesWith(call, LLVMGetUndef(LLVMTypeOf(call)));
            LLVMInstructionEraseFromParent(call);
        }
        LLVMDeleteFunction(f);
    }
    static const char *const lists[] = {"llvm.global.annotations", "llvm.used",
                                        "llvm.compiler.used"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        LLVMValueRef list = LLVMGetNamedGlobal(unit->module, lists[i]);
        if (list)
            LLVMDeleteGlobal(list);
    }
}

/* Attributes that speak of clang's target, or would keep functions from being inlined. */
static void clean_function(LLVMValueRef f)
{
    static const char *const strings[] = {"target-cpu",
                                          "target-features",
                                          "tune-cpu",
                                          "frame-pointer",
                                          "stack-protector-buffer-size",
                                          "no-trapping-math"};
    static const char *const enums[] = {"noinline", "optnone", "optsize", "minsize"};
    unsigned at = (unsigned)LLVMAttributeFunctionIndex;
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        LLVMRemoveStringAttributeAtIndex(f, at, strings[i], (unsigned)strlen(strings[i]));
    for (size_t i = 0; i < sizeof enums / sizeof *enums; i++)
        LLVMRemoveEnumAttributeAtIndex(
            f, at, LLVMGetEnumAttributeKindForName(enums[i], strlen(enums[i])));
}

/* Only kernels are seen from outside; everything else is made part of them. */
static void hide(tj_unit *unit)
{
    unsigned always = LLVMGetEnumAttributeKindForName("alwaysinline", 12);
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f)) {
        clean_function(f);
        if (LLVMIsDeclaration(f))
            continue;
        LLVMSetComdat(f, NULL);
        LLVMSetLinkage(f, LLVMInternalLinkage);
        LLVMSetUnnamedAddress(f, LLVMNoUnnamedAddr);
        LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                                LLVMCreateEnumAttribute(unit->llctx, always, 0));
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module); g; g = LLVMGetNextGlobal(g)) {
        size_t byte_len;
        if (LLVMIsDeclaration(g) || strncmp(LLVMGetValueName2(g, &byte_len), "llvm.", 5) == 0)
            continue;
        LLVMSetComdat(g, NULL);
        LLVMSetLinkage(g, LLVMInternalLinkage);
    }
}

static tj_status check_run(tj_unit *unit, LLVMErrorRef error)
{
    if (!error)
        return TJ_OK;
    char *message = LLVMGetErrorMessage(error);
    tj_loc loc = {.file = unit->file};
    tj_status status = tj_fail_at(&unit->diags, TJ_E_INTERNAL, &loc,
                                  "cannot simplify clang's module: %s", message);
    LLVMDisposeErrorMessage(message);
    return status;
}

static bool calls_itself(LLVMValueRef function)
{
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef call = LLVMGetUser(use);
        if (LLVMIsACallInst(call) && LLVMGetCalledValue(call) == function &&
            LLVMGetBasicBlockParent(LLVMGetInstructionParent(call)) == function)
            return true;
    }
    return false;
}

/* A call of itself at a function's end is a loop, as it is for Apple's compiler; every other
 * recursion is refused later. */
static tj_status make_loops(tj_unit *unit, LLVMPassBuilderOptionsRef options)
{
    bool is_copied = false;
    tj_status status = TJ_OK;
    LLVMValueRef f = LLVMGetFirstFunction(unit->module);
    for (; f && !status; f = LLVMGetNextFunction(f)) {
        if (LLVMIsDeclaration(f) || !calls_itself(f))
            continue;
        if (!is_copied)
            tj_adopt_copies(unit);
        is_copied = true;
        status = check_run(
            unit, LLVMRunPassesOnFunction(f, "sroa<preserve-cfg>,simplifycfg,tailcallelim",
                                          NULL, options));
    }
    return status;
}

/* Names that clang gives to values of no name, which no author's may be taken for. */
static bool is_of_clang(const char *name)
{
    return strncmp(name, "idx.ext", 7) == 0 || strncmp(name, "cleanup.dest", 12) == 0;
}

/* What is kept in a variable has its name: clang names what the operation is. */
static void name_value(tj_unit *unit, LLVMValueRef inst, void *data)
{
    LLVMValueRef value = LLVMIsAStoreInst(inst) ? LLVMGetOperand(inst, 0) : NULL,
                 to = value ? LLVMGetOperand(inst, 1) : NULL;
    size_t byte_len;
    (void)data;
    if (!value || !LLVMIsAInstruction(value) || LLVMIsAAllocaInst(value) ||
        !LLVMIsAAllocaInst(to))
        return;
    const char *name = tj_arena_strdup(unit->arena, LLVMGetValueName2(to, &byte_len));
    if (*name && !is_of_clang(name))
        LLVMSetValueName2(value, tj_arena_printf(unit->arena, "%s.", name), strlen(name) + 1);
}

/* The name of a local variable: operand 1 of its metadata (LLVM-C has no call for it). */
static const char *variable_name(tj_unit *unit, LLVMMetadataRef variable)
{
    LLVMValueRef node = LLVMMetadataAsValue(unit->llctx, variable), operands[16];
    unsigned byte_len, count = (unsigned)LLVMGetMDNodeNumOperands(node);
    if (count < 2 || count > 16)
        return NULL;
    LLVMGetMDNodeOperands(node, operands);
    const char *name = operands[1] ? LLVMGetMDString(operands[1], &byte_len) : NULL;
    return name ? tj_arena_printf(unit->arena, "%.*s", (int)byte_len, name) : NULL;
}

/* Clang puts a number behind the name of a variable that a member has, too: what was declared
 * has the author's. */
static void name_declared(tj_unit *unit, LLVMValueRef inst, void *data)
{
    (void)data;
    for (LLVMDbgRecordRef record = LLVMGetFirstDbgRecord(inst); record;
         record = LLVMGetNextDbgRecord(record)) {
        if (LLVMDbgRecordGetKind(record) != LLVMDbgRecordDeclare)
            continue;
        LLVMValueRef value = LLVMDbgVariableRecordGetValue(record, 0);
        const char *name = value && LLVMIsAAllocaInst(value)
                               ? variable_name(unit, LLVMDbgVariableRecordGetVariable(record))
                               : NULL;
        if (name && *name)
            LLVMSetValueName2(value, tj_arena_printf(unit->arena, "%s.", name),
                              strlen(name) + 1);
    }
}

/* LLVM puts a number behind a name that a called function has, too: behind a dot it is none of
 * the author's. */
static void end_name(tj_unit *unit, LLVMValueRef inst, void *data)
{
    size_t byte_len;
    (void)data;
    if (!LLVMIsAAllocaInst(inst))
        return;
    const char *name = tj_arena_strdup(unit->arena, LLVMGetValueName2(inst, &byte_len));
    if (*name && name[byte_len - 1] != '.')
        LLVMSetValueName2(inst, tj_arena_printf(unit->arena, "%s.", name), byte_len + 1);
}

/* References, `this` and objects vanish with inlining, and generic pointers with them. */
static tj_status run_passes(tj_unit *unit)
{
    static const char inlining[] = "always-inline,globaldce";
    static const char cleaning[] =
        "function(sroa<modify-cfg>,infer-address-spaces,sroa<preserve-cfg>)";
    static const char folding[] =
        "function(instsimplify,adce)"; /* adce: copies that only loops keep alive */
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    tj_status status = make_loops(unit, options);
    tj_each_inst(unit, name_declared, NULL);
    tj_each_inst(unit, end_name, NULL);
    if (!status)
        status = check_run(unit, LLVMRunPasses(unit->module, inlining, NULL, options));
    if (!status) {
        tj_adopt_copies(unit);
        tj_each_inst(unit, name_value, NULL);
        status = check_run(unit, LLVMRunPasses(unit->module, cleaning, NULL, options));
    }
    if (!status)
        status = tj_canon_define_known(unit);
    if (!status)
        status = check_run(unit, LLVMRunPasses(unit->module, folding, NULL, options));
    LLVMDisposePassBuilderOptions(options);
    if (status)
        return status;
    tj_adopt_blends(unit);
    tj_adopt_choices(unit);
    tj_adopt_literals(unit);
    return TJ_OK;
}

/* ---- function constants ---------------------------------------------------------------- */

static LLVMValueRef make_string(tj_unit *unit, const char *text)
{
    return LLVMMetadataAsValue(unit->llctx,
                               LLVMMDStringInContext2(unit->llctx, text, strlen(text)));
}

/* A vector's constant is a class's object for clang and a vector here. */
static LLVMValueRef make_constant(tj_unit *unit, LLVMValueRef declared)
{
    LLVMTypeRef type = LLVMGlobalGetValueType(declared), element;
    unsigned count;
    if (LLVMGetTypeKind(type) == LLVMStructTypeKind &&
        tj_flatten_type(type, &element, &count) && count > 1) {
        size_t byte_len;
        LLVMTypeRef vector = LLVMVectorType(element, count);
        LLVMValueRef other = LLVMAddGlobalInAddressSpace(
            unit->module, vector, "", LLVMGetPointerAddressSpace(LLVMTypeOf(declared)));
        const char *name = tj_arena_strdup(unit->arena, LLVMGetValueName2(declared, &byte_len));
        LLVMReplaceAllUsesWith(declared, other);
        LLVMDeleteGlobal(declared);
        LLVMSetValueName2(other, name, strlen(name));
        declared = other;
        type = vector;
    }
    LLVMSetInitializer(declared, LLVMGetUndef(type));
    LLVMSetGlobalConstant(declared, true);
    LLVMSetExternallyInitialized(declared, true);
    LLVMSetLinkage(declared, LLVMInternalLinkage);
    return declared;
}

/* @tmjit.fc.index.TYPE.NAME holds the number of @tmjit.fc.NAME, which is only there when some
 * code reads it. */
static void add_constant(tj_unit *unit, LLVMValueRef index, const char *type_and_name)
{
    const char *dot = strrchr(type_and_name, '.');
    LLVMValueRef number = LLVMGetInitializer(index);
    if (!dot || !number || !LLVMIsAConstantInt(number))
        return;
    const char *name = dot + 1;
    LLVMValueRef declared =
        LLVMGetNamedGlobal(unit->module, tj_arena_printf(unit->arena, "tmjit.fc.%s", name));
    if (!declared)
        return;
    const char *type =
        tj_arena_strndup(unit->arena, type_and_name, (size_t)(dot - type_and_name));
    LLVMValueRef ops[] = {make_constant(unit, declared), make_string(unit, type),
                          make_string(unit, name),
                          LLVMConstInt(LLVMInt32TypeInContext(unit->llctx),
                                       LLVMConstIntGetZExtValue(number), false)};
    LLVMMetadataRef parts[4];
    for (int i = 0; i < 4; i++)
        parts[i] = LLVMValueAsMetadata(ops[i]);
    LLVMAddNamedMetadataOperand(
        unit->module, "air.function_constants",
        LLVMMetadataAsValue(unit->llctx, LLVMMDNodeInContext2(unit->llctx, parts, 4)));
}

static void adopt_constants(tj_unit *unit)
{
    static const char prefix[] = "tmjit.fc.index.";
    for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module), next; g; g = next) {
        size_t byte_len;
        next = LLVMGetNextGlobal(g);
        const char *name = tj_arena_strdup(unit->arena, LLVMGetValueName2(g, &byte_len));
        if (strncmp(name, prefix, sizeof prefix - 1) != 0)
            continue;
        add_constant(unit, g, name + sizeof prefix - 1);
        next = LLVMGetNextGlobal(g);
        if (!LLVMGetFirstUse(g))
            LLVMDeleteGlobal(g);
    }
}

/* Constants that only say whether arguments are there are in no code, but in metadata, which
 * does not keep them: as long as passes run, others may see them. */
static void show_predicates(const adoption *a)
{
    for (unsigned i = 0; i < a->kernel_count; i++)
        for (unsigned p = 0; p < LLVMCountParams(a->kernels[i].function); p++) {
            const tj_annotation *one =
                tj_find_annotation(a->kernels[i].of_params[p], "function_constant");
            if (one && one->arg_count && LLVMIsAGlobalVariable(one->args[0]))
                LLVMSetLinkage(one->args[0], LLVMExternalLinkage);
        }
}

static void hide_predicates(tj_unit *unit)
{
    for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module); g; g = LLVMGetNextGlobal(g))
        if (LLVMIsExternallyInitialized(g))
            LLVMSetLinkage(g, LLVMInternalLinkage);
}

/* ---- all of it ------------------------------------------------------------------------- */

static tj_status name_kernel(adoption *a, tj_source_kernel *kernel)
{
    const tj_annotation *host_name = tj_find_annotation(kernel->own, "host_name");
    kernel->name = host_name ? host_name->text : source_name(a->unit, kernel->function);
    if (!*kernel->name)
        return tj_fail_annotated(a->unit, kernel->own, TJ_E_MALFORMED,
                                 "a kernel without a name");
    for (const tj_source_kernel *other = a->kernels; other < kernel; other++)
        if (strcmp(other->name, kernel->name) == 0)
            return tj_fail_annotated(a->unit, kernel->own, TJ_E_MALFORMED,
                                     "two kernels of the name '%s'", kernel->name);
    return TJ_OK;
}

/* The author's names: inlining and sroa put ".i" and more behind them. */
static void cut_name(tj_unit *unit, LLVMValueRef inst, void *data)
{
    size_t byte_len;
    const char *name = LLVMGetValueName2(inst, &byte_len);
    size_t plain_len = strcspn(name, ".");
    (void)data;
    if (!byte_len || plain_len == byte_len || is_of_clang(name))
        return;
    char *plain = tj_arena_strndup(unit->arena, name, plain_len);
    LLVMSetValueName2(inst, plain, plain_len);
    if (strcmp(LLVMGetValueName2(inst, &byte_len), plain) != 0) /* taken */
        LLVMSetValueName2(inst, tj_arena_printf(unit->arena, "%s.", plain), plain_len + 1);
}

tj_status tj_adopt_metal(tj_unit *unit)
{
    adoption a = {.unit = unit};
    tj_status status = TJ_OK;
    read_functions(&a);
    for (unsigned i = 0; i < a.kernel_count && !status; i++) {
        status = name_kernel(&a, &a.kernels[i]);
        read_params(&a, &a.kernels[i]);
    }
    erase_annotations(unit);
    hide(unit);
    adopt_constants(unit);
    tj_wrapper **wrappers = tj_new_array(unit->arena, tj_wrapper *, a.kernel_count + 1);
    for (unsigned i = 0; i < a.kernel_count && !status; i++)
        status = tj_wrap_kernel(unit, &a.kernels[i], &wrappers[i]);
    show_predicates(&a);
    if (!status)
        status = run_passes(unit);
    hide_predicates(unit);
    for (unsigned i = 0; i < a.kernel_count && !status; i++)
        status = tj_list_kernel(wrappers[i]);
    tj_each_inst(unit, cut_name, NULL);
    return status;
}
