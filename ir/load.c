/* SPDX-License-Identifier: MIT */
/* Bytes to a checked unit, and one kernel of a unit to a unit of its own.
 *
 * LLVM's readers normally upgrade debug information, and to that end verify the module and
 * abort the process when it is broken. That step is switched off once per process; this file
 * verifies by itself, and drops debug information that does not verify.
 */
#include "air_meta.h"
#include "bare.h"
#include "guard.h"
#include "llvm.h"
#include "places.h"
#include "vet.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/BitWriter.h>
#include <llvm-c/Comdat.h>
#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/Error.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/Linker.h>
#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* air.md 1.2: one string for all 64-bit versions of AIR. */
static const char air_layout[] =
    "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-"
    "v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-"
    "v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32";

enum { MANY_KERNELS = 8 }; /* of one module */

/* The bytes to load. */
typedef struct input {
    const char *bytes;
    size_t byte_len;
    bool is_bitcode;
    bool is_tried; /* a child process survived reading them; else: no debug information */
} input;

/* What LLVM reported through the context; lives as long as the context. */
typedef struct heard {
    tj_arena *arena;
    const char *error; /* the first one, NULL when there is none */
} heard;

static void hear(LLVMDiagnosticInfoRef info, void *opaque)
{
    heard *ear = opaque;
    if (ear->error || LLVMGetDiagInfoSeverity(info) != LLVMDSError)
        return;
    char *text = LLVMGetDiagInfoDescription(info);
    ear->error = tj_arena_strdup(ear->arena, text);
    LLVMDisposeMessage(text);
}

static void keep_readers_from_verifying(void)
{
    const char *const args[] = {"tmjit", "-disable-auto-upgrade-debug-info"};
    LLVMParseCommandLineOptions(2, args, NULL);
}

static tj_unit *create_unit(const char *file, heard **ear)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, keep_readers_from_verifying);
    tj_arena *arena = tj_arena_create();
    tj_unit *unit = tj_new(arena, tj_unit);
    unit->arena = arena;
    unit->file = tj_arena_strdup(arena, file ? file : "<memory>");
    unit->diags.arena = arena;
    unit->llctx = LLVMContextCreate();
    *ear = tj_new(arena, heard);
    (*ear)->arena = arena;
    LLVMContextSetDiagnosticHandler(unit->llctx, hear, *ear);
    LLVMContextSetDiscardValueNames(unit->llctx, false);
    return unit;
}

/* With a share of the sources. */
static void copy_declared(tj_unit *unit, const tj_declared *from)
{
    unit->declared.line = from->line;
    if (from->file)
        unit->declared.file = tj_arena_strdup(unit->arena, from->file);
    unit->declared.sources = tj_sources_share(from->sources);
}

void tj_unit_destroy(tj_unit *unit)
{
    if (!unit)
        return;
    if (unit->module)
        LLVMDisposeModule(unit->module);
    if (unit->whole)
        LLVMDisposeMemoryBuffer(unit->whole);
    if (unit->bare)
        LLVMDisposeMemoryBuffer(unit->bare);
    LLVMContextDispose(unit->llctx);
    tj_sources_release(unit->declared.sources);
    tj_arena_destroy(unit->arena);
}

const tj_kernel *tj_find_kernel(const tj_unit *unit, const char *name)
{
    for (unsigned i = 0; i < unit->kernel_count; i++)
        if (strcmp(unit->kernels[i].name, name) == 0)
            return &unit->kernels[i];
    return NULL;
}

/* ---- reading ------------------------------------------------------------------------- */

/* LLVM's message is "name:line:column: error: what", then the source line and a caret. */
static tj_status fail_parse(tj_unit *unit, const char *text)
{
    tj_loc loc = {.file = unit->file};
    size_t name_len = strlen(unit->file);
    if (strncmp(text, unit->file, name_len) == 0 && text[name_len] == ':') {
        char *end;
        loc.line = (unsigned)strtoul(text + name_len + 1, &end, 10);
        if (*end == ':')
            loc.column = (unsigned)strtoul(end + 1, &end, 10);
    }
    const char *what = strstr(text, "error: ");
    what = what ? what + strlen("error: ") : text;
    return tj_fail_at(&unit->diags, TJ_E_MALFORMED, &loc, "%.*s", (int)strcspn(what, "\n"),
                      what);
}

static tj_status read_text(tj_unit *unit, const input *in)
{
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRangeCopy(in->bytes, in->byte_len, unit->file);
    char *message = NULL;
    bool is_bad = LLVMParseIRInContext2(unit->llctx, buffer, &unit->module, &message);
    LLVMDisposeMemoryBuffer(buffer);
    if (!is_bad)
        return TJ_OK;
    unit->module = NULL;
    tj_status status = fail_parse(unit, message ? message : "not LLVM text");
    LLVMDisposeMessage(message);
    return status;
}

static tj_status read_bitcode(tj_unit *unit, const heard *ear, const char *bytes,
                              size_t byte_len)
{
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRangeCopy(bytes, byte_len, unit->file);
    bool is_bad = LLVMParseBitcodeInContext2(unit->llctx, buffer, &unit->module);
    LLVMDisposeMemoryBuffer(buffer);
    if (!is_bad)
        return TJ_OK;
    unit->module = NULL;
    tj_loc loc = {.file = unit->file};
    return tj_fail_at(&unit->diags, TJ_E_MALFORMED, &loc, "LLVM cannot read the bitcode: %s",
                      ear->error ? ear->error : "no reason given");
}

/* ---- verifying ----------------------------------------------------------------------- */

/* The first instruction that prints as `line`. */
static LLVMValueRef find_printed(tj_unit *unit, const char *line, size_t byte_len)
{
    LLVMValueRef function = LLVMGetFirstFunction(unit->module);
    for (; function; function = LLVMGetNextFunction(function)) {
        LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function);
        for (; block; block = LLVMGetNextBasicBlock(block)) {
            LLVMValueRef inst = LLVMGetFirstInstruction(block);
            for (; inst; inst = LLVMGetNextInstruction(inst)) {
                char *printed = LLVMPrintValueToString(inst);
                const char *text = printed + strspn(printed, " ");
                bool is_it = strncmp(text, line, byte_len) == 0;
                LLVMDisposeMessage(printed);
                if (is_it)
                    return inst;
            }
        }
    }
    return NULL;
}

/* LLVM's message: a line that says what is wrong, then the values that are meant. */
static tj_status fail_verify(tj_unit *unit, const input *in, const char *message)
{
    tj_loc loc = {.file = unit->file};
    size_t what_len = strcspn(message, "\n");
    const char *value = message + what_len;
    value += strspn(value, "\n ");
    size_t value_len = strcspn(value, "\n");
    LLVMValueRef inst = value_len ? find_printed(unit, value, value_len) : NULL;
    if (inst) {
        loc = tj_loc_without_debug_info(unit->arena, unit, inst);
        if (!in->is_bitcode)
            tj_find_line(unit, in->bytes, in->byte_len, inst, &loc);
    }
    return tj_fail_at(&unit->diags, TJ_E_MALFORMED, &loc, "LLVM's verifier: %.*s",
                      (int)what_len, message);
}

/* Broken debug information is dropped; anything else that is broken is refused. */
static tj_status verify(tj_unit *unit, const input *in)
{
    char *message = NULL;
    bool is_bad = LLVMVerifyModule(unit->module, LLVMReturnStatusAction, &message);
    if (is_bad && in->is_tried && LLVMStripModuleDebugInfo(unit->module)) {
        LLVMDisposeMessage(message);
        message = NULL;
        is_bad = LLVMVerifyModule(unit->module, LLVMReturnStatusAction, &message);
    }
    tj_status status = TJ_OK;
    if (is_bad)
        status = fail_verify(unit, in, message ? message : "broken module");
    LLVMDisposeMessage(message);
    return status;
}

/* Debug information of another version than LLVM's own cannot be used. */
static void drop_old_debug_info(tj_unit *unit, const input *in)
{
    if (in->is_tried &&
        LLVMGetModuleDebugMetadataVersion(unit->module) != LLVMDebugMetadataVersion())
        LLVMStripModuleDebugInfo(unit->module);
}

/* ---- data layout --------------------------------------------------------------------- */

/* True when both layouts give `type` the same size and ABI alignment. */
static bool is_same_in(LLVMTargetDataRef a, LLVMTargetDataRef b, LLVMTypeRef type)
{
    return LLVMABISizeOfType(a, type) == LLVMABISizeOfType(b, type) &&
           LLVMABIAlignmentOfType(a, type) == LLVMABIAlignmentOfType(b, type);
}

static bool is_air_like(LLVMContextRef llctx, LLVMTargetDataRef mine, LLVMTargetDataRef air)
{
    const LLVMTypeRef scalars[] = {
        LLVMInt1TypeInContext(llctx),   LLVMInt8TypeInContext(llctx),
        LLVMInt16TypeInContext(llctx),  LLVMInt32TypeInContext(llctx),
        LLVMInt64TypeInContext(llctx),  LLVMHalfTypeInContext(llctx),
        LLVMBFloatTypeInContext(llctx), LLVMFloatTypeInContext(llctx),
        LLVMDoubleTypeInContext(llctx)};
    const unsigned lengths[] = {2, 3, 4, 8, 16};
    bool is_same = LLVMByteOrder(mine) == LLVMByteOrder(air);
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
        is_same = is_same && is_same_in(mine, air, scalars[i]);
        for (size_t n = 0; n < sizeof lengths / sizeof lengths[0]; n++)
            is_same = is_same && is_same_in(mine, air, LLVMVectorType(scalars[i], lengths[n]));
    }
    for (unsigned space = TJ_AS_THREAD; space <= TJ_AS_THREADGROUP; space++)
        is_same = is_same && is_same_in(mine, air, LLVMPointerTypeInContext(llctx, space));
    return is_same;
}

/* Leaves AIR's layout. One that lays memory out differently is refused. */
static tj_status set_layout(tj_unit *unit)
{
    const char *layout = LLVMGetDataLayoutStr(unit->module);
    if (strcmp(layout, air_layout) == 0)
        return TJ_OK;
    bool is_same = true;
    if (*layout) {
        LLVMTargetDataRef air = LLVMCreateTargetData(air_layout);
        is_same = is_air_like(unit->llctx, LLVMGetModuleDataLayout(unit->module), air);
        LLVMDisposeTargetData(air);
    }
    if (!is_same) {
        tj_loc loc = {.file = unit->file};
        return tj_fail_at(&unit->diags, TJ_E_UNSUPPORTED, &loc,
                          "data layout '%s' gives types other sizes or alignments than AIR's; "
                          "accepted are AIR's 64-bit layout and equal ones",
                          layout);
    }
    LLVMSetDataLayout(unit->module, air_layout);
    return TJ_OK;
}

/* ---- tj_load ------------------------------------------------------------------------- */

/* Everything that LLVM's own code does with bytes and module before they are trusted. */
static tj_status read_input(tj_unit *unit, const heard *ear, const input *in)
{
    tj_status status =
        in->is_bitcode ? read_bitcode(unit, ear, in->bytes, in->byte_len) : read_text(unit, in);
    if (!status)
        status = verify(unit, in);
    if (!status)
        status = set_layout(unit);
    if (status)
        return status;
    drop_old_debug_info(unit, in);
    unit->is_source = LLVMGetNamedMetadataNumOperands(unit->module, "tmjit.source") > 0;
    if (unit->is_source) /* in Metal, in our OpenCL C */
        unit->allows_fp64 = false;
    if (!in->is_bitcode)
        tj_add_lines(unit, in->bytes, in->byte_len);
    return TJ_OK;
}

/* What a child process does first; see vet.c. LLVM leaks on broken bitcode, so that what the
 * child says of it stands. Text is refused again in the parent, which finds the line. */
static const tj_diag *try_input(const char *bytes, size_t byte_len)
{
    heard *ear;
    tj_unit *unit = create_unit(NULL, &ear);
    input in = {bytes, byte_len, tj_guard_is_bitcode(bytes, byte_len), true};
    tj_status status = read_input(unit, ear, &in);
    tj_diag *error = &unit->diags.first;
    if (error->loc.file && strcmp(error->loc.file, unit->file) == 0)
        error->loc.file = NULL;
    return status && in.is_bitcode ? error : NULL;
}

static tj_status load_into(tj_unit *unit, const heard *ear, input *in)
{
    tj_status status =
        tj_guard(&unit->diags, unit->file, in->bytes, in->byte_len, &in->is_tried);
    if (!status && in->is_tried)
        status = tj_vet(&unit->diags, unit->file, in->bytes, in->byte_len, try_input);
    if (!status)
        status = read_input(unit, ear, in);
    if (!status)
        status = tj_read_kernels(unit);
    if (status)
        return status;
    tj_lower_logging(unit);
    return tj_check(unit);
}

/* Hands the unit out, or its error on, and then destroys it. */
static tj_status finish(tj_unit *unit, tj_status status, tj_diags *diags, tj_unit **out)
{
    if (!status) {
        *out = unit;
        return TJ_OK;
    }
    const tj_diag *first = &unit->diags.first;
    if (first->status)
        tj_fail_at(diags, first->status, &first->loc, "%s", first->message);
    else
        tj_fail_at(diags, status, NULL, "failed without a message");
    tj_unit_destroy(unit);
    return status;
}

tj_status tj_load(const void *bytes, size_t byte_len, const char *file, tj_diags *diags,
                  tj_unit **out)
{
    return tj_load_with(bytes, byte_len, file, &(tj_load_options){0}, diags, out);
}

tj_status tj_load_with(const void *bytes, size_t byte_len, const char *file,
                       const tj_load_options *options, tj_diags *diags, tj_unit **out)
{
    heard *ear;
    tj_status status = tj_llvm_open(diags);
    if (status)
        return status;
    tj_unit *unit = create_unit(file, &ear);
    if (options->declared)
        copy_declared(unit, options->declared);
    unit->allows_fp64 = options->allows_fp64;
    input in = {bytes, byte_len, tj_guard_is_bitcode(bytes, byte_len), false};
    return finish(unit, load_into(unit, ear, &in), diags, out);
}

/* ---- tj_extract ---------------------------------------------------------------------- */

static void copy_arg(tj_arena *arena, const tj_arg *from, tj_arg *to)
{
    *to = *from;
    to->name = tj_arena_strdup(arena, from->name);
    to->type_name = tj_arena_strdup(arena, from->type_name);
    to->predicate = from->predicate ? tj_arena_strdup(arena, from->predicate) : NULL;
    tj_field *fields = tj_new_array(arena, tj_field, from->field_count);
    for (unsigned i = 0; i < from->field_count; i++) {
        fields[i] = from->fields[i];
        fields[i].name = tj_arena_strdup(arena, from->fields[i].name);
        fields[i].type_name = tj_arena_strdup(arena, from->fields[i].type_name);
        if (from->fields[i].buffer) {
            tj_arg *buffer = tj_new(arena, tj_arg);
            copy_arg(arena, from->fields[i].buffer, buffer);
            fields[i].buffer = buffer;
        }
    }
    to->fields = fields;
}

/* The metadata was read once; its facts hold for the copy. */
static void copy_kernel(tj_unit *unit, const tj_kernel *from)
{
    tj_kernel *to = tj_new(unit->arena, tj_kernel);
    *to = *from;
    to->name = tj_arena_strdup(unit->arena, from->name);
    to->function = LLVMGetNamedFunction(unit->module, from->name);
    to->args = tj_new_array(unit->arena, tj_arg, from->arg_count);
    for (unsigned i = 0; i < from->arg_count; i++)
        copy_arg(unit->arena, &from->args[i], &to->args[i]);
    to->constants = tj_new_array(unit->arena, unsigned, from->constant_count);
    for (unsigned i = 0; i < from->constant_count; i++)
        to->constants[i] = from->constants[i];
    tj_list_nested(unit->arena, to);
    unit->kernels = to;
    unit->kernel_count = 1;
}

/* After removal: what the kernel does not need has no global any more. */
static void copy_constants(tj_unit *to, const tj_unit *from)
{
    to->constants = tj_new_array(to->arena, tj_constant, from->constant_count);
    to->constant_count = from->constant_count;
    for (unsigned i = 0; i < from->constant_count; i++) {
        tj_constant *constant = &to->constants[i];
        size_t byte_len;
        *constant = from->constants[i];
        constant->name = tj_arena_strdup(to->arena, constant->name);
        constant->type_name = tj_arena_strdup(to->arena, constant->type_name);
        constant->global = LLVMGetNamedGlobal(
            to->module, LLVMGetValueName2(from->constants[i].global, &byte_len));
    }
}

/* Globals that no kernel reads may hold addresses of functions. */
static bool hide_globals(LLVMModuleRef module)
{
    bool has_any = false;
    for (LLVMValueRef g = LLVMGetFirstGlobal(module); g; g = LLVMGetNextGlobal(g)) {
        size_t name_len;
        const char *name = LLVMGetValueName2(g, &name_len);
        if (LLVMIsDeclaration(g) || LLVMGetLinkage(g) == LLVMInternalLinkage ||
            strcmp(name, "llvm.global_ctors") == 0)
            continue;
        LLVMSetLinkage(g, LLVMInternalLinkage);
        LLVMSetVisibility(g, LLVMDefaultVisibility);
        has_any = true;
    }
    return has_any;
}

/* Lists that keep functions alive which no kernel needs. */
static bool delete_keepers(LLVMModuleRef module)
{
    static const char *const names[] = {"llvm.used", "llvm.compiler.used"};
    bool has_any = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        LLVMValueRef list = LLVMGetNamedGlobal(module, names[i]);
        if (!list)
            continue;
        LLVMDeleteGlobal(list);
        has_any = true;
    }
    for (LLVMValueRef a = LLVMGetFirstGlobalAlias(module); a; a = LLVMGetNextGlobalAlias(a)) {
        LLVMSetLinkage(a, LLVMInternalLinkage);
        LLVMSetVisibility(a, LLVMDefaultVisibility);
        has_any = true;
    }
    return has_any;
}

/* Makes every other function with a body internal; true when there was one. */
static bool hide_others(const tj_unit *unit)
{
    bool has_others = delete_keepers(unit->module);
    has_others = hide_globals(unit->module) || has_others;
    LLVMValueRef f = LLVMGetFirstFunction(unit->module);
    for (; f; f = LLVMGetNextFunction(f)) {
        if (f == unit->kernels[0].function || !LLVMCountBasicBlocks(f))
            continue;
        LLVMSetLinkage(f, LLVMInternalLinkage);
        LLVMSetVisibility(f, LLVMDefaultVisibility);
        has_others = true;
    }
    return has_others;
}

/* Constants that say whether arguments are there may be in no code. */
static void set_predicate_linkage(const tj_unit *unit, LLVMLinkage linkage)
{
    const tj_kernel *kernel = unit->kernels;
    for (unsigned i = 0; i < kernel->arg_count; i++) {
        const char *name = kernel->args[i].predicate;
        LLVMValueRef global = name ? LLVMGetNamedGlobal(unit->module, name) : NULL;
        if (global)
            LLVMSetLinkage(global, linkage);
    }
}

static tj_status remove_others(tj_unit *unit)
{
    if (!hide_others(unit))
        return TJ_OK;
    set_predicate_linkage(unit, LLVMExternalLinkage);
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(unit->module, "globaldce", NULL, options);
    LLVMDisposePassBuilderOptions(options);
    set_predicate_linkage(unit, LLVMInternalLinkage);
    if (!error)
        return TJ_OK;
    char *message = LLVMGetErrorMessage(error);
    tj_status status = tj_fail_kernel(unit, unit->kernels[0].function, -1, TJ_E_INTERNAL,
                                      "cannot remove other kernels: %s", message);
    LLVMDisposeErrorMessage(message);
    return status;
}

/* Nothing but the kernel is seen from outside; bodies need not be there yet. */
static void hide_all_but(LLVMModuleRef module, const char *kernel)
{
    LLVMValueRef keep = LLVMGetNamedFunction(module, kernel);
    delete_keepers(module);
    hide_globals(module);
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f)) {
        if (f == keep || LLVMIsDeclaration(f))
            continue;
        LLVMSetComdat(f, NULL);
        LLVMSetLinkage(f, LLVMInternalLinkage);
        LLVMSetVisibility(f, LLVMDefaultVisibility);
    }
}

/* Reads only what the kernel needs: LLVM's linker asks a lazy module for the bodies of what is
 * seen from outside and of what that uses. */
static tj_status read_part(tj_unit *to, const heard *ear, LLVMMemoryBufferRef whole,
                           const char *kernel)
{
    LLVMModuleRef all = NULL;
    size_t byte_len;
    LLVMMemoryBufferRef view = LLVMCreateMemoryBufferWithMemoryRange(
        LLVMGetBufferStart(whole), LLVMGetBufferSize(whole), to->file, false);
    tj_loc loc = {.file = to->file};
    bool is_bad = LLVMGetBitcodeModuleInContext2(to->llctx, view, &all); /* takes the view */
    if (!is_bad) {
        to->module = LLVMModuleCreateWithNameInContext(LLVMGetModuleIdentifier(all, &byte_len),
                                                       to->llctx);
        const char *name = LLVMGetSourceFileName(all, &byte_len);
        LLVMSetSourceFileName(to->module, name, byte_len);
        LLVMSetTarget(to->module, LLVMGetTarget(all));
        LLVMSetDataLayout(to->module, LLVMGetDataLayoutStr(all));
        hide_all_but(all, kernel);
        is_bad = LLVMLinkModules2(to->module, all); /* takes the module */
    }
    if (!is_bad)
        return TJ_OK;
    return tj_fail_at(&to->diags, TJ_E_INTERNAL, &loc, "cannot take kernel '%s' out: %s",
                      kernel, ear->error ? ear->error : "no reason given");
}

/* A module moves between contexts as bitcode only, which is kept for the next time. */
static LLVMMemoryBufferRef bytes_of(tj_unit *unit, bool is_bare)
{
    LLVMMemoryBufferRef *bytes = is_bare ? &unit->bare : &unit->whole;
    if (!*bytes)
        *bytes = is_bare ? tj_write_bare(unit) : LLVMWriteBitcodeToMemoryBuffer(unit->module);
    return *bytes;
}

/* Of a module of many kernels it is read in part: otherwise each kernel costs as much as all.
 */
static tj_status copy_module(tj_unit *to, const heard *ear, tj_unit *from, const char *kernel,
                             bool is_bare)
{
    LLVMMemoryBufferRef bytes = bytes_of(from, is_bare);
    return from->kernel_count >= MANY_KERNELS
               ? read_part(to, ear, bytes, kernel)
               : read_bitcode(to, ear, LLVMGetBufferStart(bytes), LLVMGetBufferSize(bytes));
}

static tj_status extract_into(tj_unit *to, const heard *ear, tj_unit *from,
                              const tj_kernel *kernel, bool is_bare)
{
    tj_status status = copy_module(to, ear, from, kernel->name, is_bare);
    if (status)
        return status;
    copy_declared(to, &from->declared);
    to->is_source = from->is_source;
    to->flush_subnormals = from->flush_subnormals;
    to->allows_fp64 = from->allows_fp64;
    to->air_major = from->air_major;
    to->air_minor = from->air_minor;
    copy_kernel(to, kernel);
    status = remove_others(to);
    copy_constants(to, from);
    return status;
}

static tj_status extract(tj_unit *unit, const char *kernel_name, bool is_bare, tj_diags *diags,
                         tj_unit **out)
{
    const tj_kernel *kernel = tj_find_kernel(unit, kernel_name);
    if (!kernel) {
        tj_loc loc = {.file = unit->file};
        return tj_fail_at(diags, TJ_E_NOT_FOUND, &loc, "no kernel '%s'", kernel_name);
    }
    heard *ear;
    tj_unit *copy = create_unit(unit->file, &ear);
    return finish(copy, extract_into(copy, ear, unit, kernel, is_bare), diags, out);
}

tj_status tj_extract(tj_unit *unit, const char *kernel_name, tj_diags *diags, tj_unit **out)
{
    return extract(unit, kernel_name, false, diags, out);
}

tj_status tj_extract_bare(tj_unit *unit, const char *kernel_name, tj_diags *diags,
                          tj_unit **out)
{
    return extract(unit, kernel_name, true, diags, out);
}
