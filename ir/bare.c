/* SPDX-License-Identifier: MIT */
/* Bare bitcode is read in two thirds of the time: names that compilers make up, places of
 * instructions and metadata beside them are taken off the module, it is written, and they are
 * given back.
 *
 * Calls of functions with bodies keep their places: the verifier wants them, and inlining reads
 * them. Phis and what they choose from keep their names, by which the printer orders them.
 */
#include "bare.h"

#include "naming.h"

#include <llvm-c/BitWriter.h>
#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

/* What an instruction or a block loses. */
typedef struct burden {
    const char *name; /* NULL: it has none, or keeps it */
    size_t name_len;
    LLVMMetadataRef place;           /* NULL: the same */
    LLVMValueMetadataEntry *entries; /* NULL: none */
    size_t count;
} burden;

static void take_name(tj_unit *unit, LLVMValueRef value, const char *name, burden *out)
{
    out->name = tj_arena_strndup(unit->arena, name, out->name_len);
    LLVMSetValueName2(value, "", 0);
}

static bool is_of_a_phi(LLVMValueRef inst)
{
    if (LLVMIsAPHINode(inst))
        return true;
    for (LLVMUseRef use = LLVMGetFirstUse(inst); use; use = LLVMGetNextUse(use))
        if (LLVMIsAPHINode(LLVMGetUser(use)))
            return true;
    return false;
}

static bool calls_a_body(LLVMValueRef inst)
{
    LLVMValueRef callee = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL;

    return callee && !(LLVMIsAFunction(callee) && LLVMIsDeclaration(callee));
}

static void take_from_inst(tj_unit *unit, LLVMValueRef inst, burden *out)
{
    const char *name = LLVMGetValueName2(inst, &out->name_len);

    if (out->name_len && !is_of_a_phi(inst) && tj_is_made_up(name, tj_bare_name_len(name)))
        take_name(unit, inst, name, out);
    out->place = calls_a_body(inst) ? NULL : LLVMInstructionGetDebugLoc(inst);
    if (out->place)
        LLVMInstructionSetDebugLoc(inst, NULL);
    if (!LLVMHasMetadata(inst) || LLVMIsACallInst(inst))
        return;
    out->entries = LLVMInstructionGetAllMetadataOtherThanDebugLoc(inst, &out->count);
    for (unsigned i = 0; i < out->count; i++)
        LLVMSetMetadata(inst, LLVMValueMetadataEntriesGetKind(out->entries, i), NULL);
}

static void take_from_block(tj_unit *unit, LLVMBasicBlockRef block, burden *out)
{
    LLVMValueRef value = LLVMBasicBlockAsValue(block);
    const char *name = LLVMGetValueName2(value, &out->name_len);

    if (out->name_len)
        take_name(unit, value, name, out);
}

static void give_back(LLVMContextRef llctx, LLVMValueRef value, const burden *from)
{
    for (unsigned i = 0; i < from->count; i++)
        LLVMSetMetadata(
            value, LLVMValueMetadataEntriesGetKind(from->entries, i),
            LLVMMetadataAsValue(llctx, LLVMValueMetadataEntriesGetMetadata(from->entries, i)));
    if (from->entries)
        LLVMDisposeValueMetadataEntries(from->entries);
    if (from->place)
        LLVMInstructionSetDebugLoc(value, from->place);
    if (from->name)
        LLVMSetValueName2(value, from->name, from->name_len);
}

typedef enum walk { COUNT, TAKE, GIVE_BACK } walk;

static size_t walk_block(tj_unit *unit, LLVMBasicBlockRef block, burden *burdens, walk what)
{
    size_t n = 0;

    if (what == TAKE)
        take_from_block(unit, block, &burdens[n]);
    else if (what == GIVE_BACK)
        give_back(unit->llctx, LLVMBasicBlockAsValue(block), &burdens[n]);
    n++;
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i), n++)
        if (what == TAKE)
            take_from_inst(unit, i, &burdens[n]);
        else if (what == GIVE_BACK)
            give_back(unit->llctx, i, &burdens[n]);
    return n;
}

/* Over all blocks and instructions, in order; how many there are. */
static size_t walk_burdens(tj_unit *unit, burden *burdens, walk what)
{
    size_t n = 0;
    LLVMValueRef f = LLVMGetFirstFunction(unit->module);

    for (; f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
            n += walk_block(unit, b, what == COUNT ? NULL : burdens + n, what);
    return n;
}

LLVMMemoryBufferRef tj_write_bare(tj_unit *unit)
{
    tj_mark mark = tj_arena_mark(unit->arena);
    size_t count = walk_burdens(unit, NULL, COUNT);
    burden *burdens = tj_new_array(unit->arena, burden, count);
    LLVMMemoryBufferRef bytes;

    walk_burdens(unit, burdens, TAKE);
    bytes = LLVMWriteBitcodeToMemoryBuffer(unit->module);
    walk_burdens(unit, burdens, GIVE_BACK);
    tj_arena_rewind(unit->arena, mark);
    return bytes;
}
