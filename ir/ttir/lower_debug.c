/* SPDX-License-Identifier: MIT */
/* Triton's locations as LLVM debug locations: messages name the line of the Python source, or
 * of the IR's own text where it has no locations. */
#include "ttir/lower.h"

#include <llvm-c/DebugInfo.h>
#include <string.h>

typedef struct scope { /* the function, seen from a file */
    const char *file;
    LLVMMetadataRef scope;
    struct scope *next;
} scope;

struct tj_tt_debug {
    LLVMDIBuilderRef builder;
    LLVMMetadataRef function;
    scope *scopes;
};

static LLVMMetadataRef make_file(tj_tt_debug *d, const char *name)
{
    return LLVMDIBuilderCreateFile(d->builder, name, strlen(name), "", 0);
}

tj_tt_debug *tj_tt_debug_start(tj_tt_lower *l, const tj_tt_func *func)
{
    static const char producer[] = "tmjit", key[] = "Debug Info Version";
    tj_tt_debug *d = tj_new(l->arena, tj_tt_debug);
    bool has_place = func->loc && func->loc->file;
    const char *name = has_place ? func->loc->file : l->module->file;
    unsigned line = has_place ? func->loc->line : func->line;
    d->builder = LLVMCreateDIBuilder(l->out);
    LLVMMetadataRef file = make_file(d, name);
    LLVMDIBuilderCreateCompileUnit(d->builder, LLVMDWARFSourceLanguagePython, file, producer,
                                   strlen(producer), false, "", 0, 0, "", 0,
                                   LLVMDWARFEmissionFull, 0, false, false, "", 0, "", 0);
    LLVMMetadataRef type =
        LLVMDIBuilderCreateSubroutineType(d->builder, file, NULL, 0, LLVMDIFlagZero);
    d->function =
        LLVMDIBuilderCreateFunction(d->builder, file, func->name, strlen(func->name), "", 0,
                                    file, line, type, false, true, line, LLVMDIFlagZero, false);
    LLVMSetSubprogram(l->function, d->function);
    d->scopes = tj_new(l->arena, scope);
    *d->scopes = (scope){name, d->function, NULL};
    if (!LLVMGetModuleFlag(l->out, key, strlen(key)))
        LLVMAddModuleFlag(l->out, LLVMModuleFlagBehaviorWarning, key, strlen(key),
                          LLVMValueAsMetadata(tj_tt_i32(l, LLVMDebugMetadataVersion())));
    return d;
}

static LLVMMetadataRef scope_of(tj_tt_lower *l, const char *file)
{
    tj_tt_debug *d = l->debug;
    for (scope *at = d->scopes; at; at = at->next)
        if (strcmp(at->file, file) == 0)
            return at->scope;
    scope *made = tj_new(l->arena, scope);
    *made = (scope){
        file,
        LLVMDIBuilderCreateLexicalBlockFile(d->builder, d->function, make_file(d, file), 0),
        d->scopes};
    d->scopes = made;
    return made->scope;
}

void tj_tt_debug_place(tj_tt_lower *l, const tj_tt_op *op)
{
    bool has_place = op->loc && op->loc->file;
    const char *file = has_place ? op->loc->file : l->module->file;
    unsigned line = has_place ? op->loc->line : op->line;
    unsigned column = has_place ? op->loc->column : op->column;
    LLVMSetCurrentDebugLocation2(
        l->builder,
        LLVMDIBuilderCreateDebugLocation(l->ctx, line, column, scope_of(l, file), NULL));
}

void tj_tt_debug_end(tj_tt_lower *l)
{
    LLVMDIBuilderFinalize(l->debug->builder);
    LLVMDisposeDIBuilder(l->debug->builder);
}
