/* SPDX-License-Identifier: MIT */
/* What clang wrote, as a module in AIR form, as bitcode. */
#include "llvm.h"
#include "source/job.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/BitWriter.h>
#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>

static tj_status parse(tj_unit *unit, const tj_text *text)
{
    char *message = NULL;
    tj_loc loc = {.file = unit->file};
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRange(
        text->data ? text->data : "", text->byte_len, "clang", true);
    bool is_bad = LLVMParseIRInContext2(unit->llctx, buffer, &unit->module, &message);
    LLVMDisposeMemoryBuffer(buffer);
    if (!is_bad)
        return TJ_OK;
    unit->module = NULL;
    tj_status status = tj_fail_at(&unit->diags, TJ_E_INTERNAL, &loc,
                                  "cannot read what clang wrote: %.200s", message);
    LLVMDisposeMessage(message);
    return status;
}

static tj_status verify(tj_unit *unit)
{
    char *message = NULL;
    tj_status status = TJ_OK;
    tj_loc loc = {.file = unit->file};
    if (LLVMVerifyModule(unit->module, LLVMReturnStatusAction, &message))
        status = tj_fail_at(&unit->diags, TJ_E_INTERNAL, &loc,
                            "the module made of the source is not valid: %.400s", message);
    LLVMDisposeMessage(message);
    return status;
}

static void mark_as_source(tj_unit *unit)
{
    LLVMMetadataRef nothing = LLVMMDNodeInContext2(unit->llctx, NULL, 0);
    LLVMAddNamedMetadataOperand(unit->module, "tmjit.source",
                                LLVMMetadataAsValue(unit->llctx, nothing));
}

/* Clang's lists of what the text and our library declare: names of types and variables that no
 * kernel uses, and all would be copied with each. What is used has its own way to them. */
static void drop_lists(tj_unit *unit)
{
    enum { FIRST_LIST = 4, LAST_LIST = 8 }; /* operands of DICompileUnit in LLVM 22 */
    LLVMMetadataRef nothing = LLVMMDNodeInContext2(unit->llctx, NULL, 0);
    unsigned count = LLVMGetNamedMetadataNumOperands(unit->module, "llvm.dbg.cu");
    LLVMValueRef *cus = tj_new_array(unit->arena, LLVMValueRef, count);
    LLVMGetNamedMetadataOperands(unit->module, "llvm.dbg.cu", cus);
    for (unsigned i = 0; i < count; i++)
        for (unsigned n = FIRST_LIST; n <= LAST_LIST; n++)
            if (n < (unsigned)LLVMGetMDNodeNumOperands(cus[i]))
                LLVMReplaceMDNodeOperandWith(cus[i], n, nothing);
}

static tj_status convert(const tj_source_job *job, tj_unit *unit, tj_text *text, tj_text *out)
{
    double start_s = tj_source_now();
    if (text->data)
        job->language->renumber(text);
    tj_status status = parse(unit, text);
    tj_source_took(job, start_s, offsetof(tj_source_times, read_s));
    start_s = tj_source_now();
    if (status)
        return status;
    LLVMSetTarget(unit->module, "air64-apple-macosx");
    LLVMSetDataLayout(unit->module, "");
    mark_as_source(unit);
    drop_lists(unit);
    status = job->language->adopt(unit, job->source);
    if (!status)
        status = verify(unit);
    if (status)
        return status;
    LLVMMemoryBufferRef buffer = LLVMWriteBitcodeToMemoryBuffer(unit->module);
    tj_text_add(out, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    tj_source_took(job, start_s, offsetof(tj_source_times, adopt_s));
    return TJ_OK;
}

tj_status tj_source_to_air(const tj_source_job *job, tj_text *text, tj_text *out)
{
    tj_status status = tj_llvm_open(job->diags);
    if (status)
        return status;
    tj_unit unit = {.arena = tj_arena_create(), .file = job->source->name};
    unit.diags.arena = unit.arena;
    unit.llctx = LLVMContextCreate();
    LLVMContextSetDiscardValueNames(unit.llctx, false);
    status = convert(job, &unit, text, out);
    const tj_diag *first = &unit.diags.first;
    if (status)
        tj_fail_at(job->diags, first->status, &first->loc, "%s", first->message);
    if (unit.module)
        LLVMDisposeModule(unit.module);
    LLVMContextDispose(unit.llctx);
    tj_arena_destroy(unit.arena);
    return status;
}
