/* SPDX-License-Identifier: MIT */
/* From a canonical function to arrays of decoded instructions. After this nothing asks LLVM
 * about the kernel any more, but for the place of a fault. */
#include "interp_internal.h"

#include "ptrmap.h"

#include <string.h>

typedef struct decoder {
    tj_interp *interp;
    tj_ptrmap words;  /* first word of parameters, instructions and constants */
    tj_ptrmap blocks; /* position of basic blocks in execution order */
    LLVMBasicBlockRef *order;
    unsigned const_capacity;
} decoder;

tj_status tj_iunknown(tj_interp *interp, LLVMValueRef inst)
{
    return tj_fail(interp->unit, inst, TJ_E_INTERNAL,
                   "the interpreter does not know this instruction");
}

const unsigned *tj_iextra(tj_interp *interp, const unsigned *numbers, unsigned count)
{
    unsigned *copy = tj_new_array(interp->arena, unsigned, count);
    memcpy(copy, numbers, count * sizeof *numbers);
    return copy;
}

/* ---- operands --------------------------------------------------------------------------- */

static void reserve_consts(decoder *d, unsigned more)
{
    tj_interp *interp = d->interp;
    if (interp->const_count + more <= d->const_capacity)
        return;
    d->const_capacity = (interp->const_count + more) * 2;
    tj_iconst *grown = tj_new_array(interp->arena, tj_iconst, d->const_capacity);
    if (interp->const_count)
        memcpy(grown, interp->consts, interp->const_count * sizeof *grown);
    interp->consts = grown;
}

/* First word of a value; constants get words when they are first seen. */
static bool word_of(decoder *d, LLVMValueRef value, uint32_t *word)
{
    tj_interp *interp = d->interp;
    *word = tj_ptrmap_find(&d->words, value);
    if (*word != UINT32_MAX)
        return true;
    const tj_itype *type = tj_itype_of(interp, LLVMTypeOf(value));
    if (!LLVMIsConstant(value) || !type)
        return false;
    reserve_consts(d, type->words);
    *word = interp->word_count;
    int took = tj_iconst_words(interp, value, *word, interp->consts + interp->const_count);
    if (took < 0)
        return false;
    tj_ptrmap_put(&d->words, value, *word);
    interp->word_count += type->words;
    interp->const_count += (unsigned)took;
    return true;
}

static bool fill_arg(decoder *d, LLVMValueRef value, tj_iarg *arg)
{
    const tj_itype *type = tj_itype_of(d->interp, LLVMTypeOf(value));
    bool is_vector = LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMVectorTypeKind;
    arg->step = type && is_vector ? type->elem_words : 0;
    return type && word_of(d, value, &arg->word);
}

/* ---- instructions that need more than their operands ------------------------------------- */

/* Walks the indices: constant ones into the offset, the others into steps. */
static tj_status decode_gep(decoder *d, LLVMValueRef value, tj_iinst *inst)
{
    tj_interp *interp = d->interp;
    unsigned operand_count = (unsigned)LLVMGetNumOperands(value);
    LLVMTypeRef type = LLVMGetGEPSourceElementType(value);
    tj_iarg *args = tj_new_array(interp->arena, tj_iarg, operand_count);
    int64_t *strides = tj_new_array(interp->arena, int64_t, operand_count);
    unsigned *bits = tj_new_array(interp->arena, unsigned, operand_count);
    tj_igep *gep = tj_new(interp->arena, tj_igep);
    *gep = (tj_igep){.strides = strides, .index_bits = bits, .length = inst->type->length};
    bool is_good = fill_arg(d, LLVMGetOperand(value, 0), &args[0]);
    for (unsigned i = 1; i < operand_count && is_good; i++) {
        LLVMValueRef index = LLVMGetOperand(value, i);
        bool is_struct = i > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind;
        if (is_struct) {
            if (!LLVMIsAConstantInt(index))
                return tj_iunknown(interp, value);
            unsigned member = (unsigned)LLVMConstIntGetZExtValue(index);
            gep->byte_offset += (int64_t)LLVMOffsetOfElement(interp->layout, type, member);
            type = LLVMStructGetTypeAtIndex(type, member);
            continue;
        }
        if (i > 1)
            type = LLVMGetElementType(type);
        int64_t stride = (int64_t)LLVMABISizeOfType(interp->layout, type);
        if (LLVMIsAConstantInt(index)) {
            gep->byte_offset =
                (int64_t)((uint64_t)gep->byte_offset +
                          (uint64_t)LLVMConstIntGetSExtValue(index) * (uint64_t)stride);
            continue;
        }
        is_good = fill_arg(d, index, &args[1 + gep->step_count]);
        strides[gep->step_count] = stride;
        bits[gep->step_count] = is_good ? tj_itype_of(interp, LLVMTypeOf(index))->elem.bits : 0;
        gep->step_count++;
    }
    inst->exec = tj_iexec_gep;
    inst->extra = gep;
    inst->args = args;
    inst->arg_count = 1 + gep->step_count;
    return is_good ? TJ_OK : tj_iunknown(interp, value);
}

/* For each element of the result: operand (-1: zero) and word inside it. */
static tj_status decode_shuffle(decoder *d, LLVMValueRef value, tj_iinst *inst)
{
    LLVMTypeRef operand_type = LLVMTypeOf(LLVMGetOperand(value, 0));
    const tj_itype *operand = tj_itype_of(d->interp, operand_type);
    unsigned length = inst->type->length;
    int *places = tj_new_array(d->interp->arena, int, 2 * length);
    int operand_length = (int)LLVMGetVectorSize(operand_type);
    for (unsigned e = 0; e < length; e++) {
        int from = LLVMGetMaskValue(value, e);
        int element = from % operand_length;
        bool is_there = from >= 0 && (unsigned)element < operand->length;
        places[2 * e] = is_there ? from / operand_length : -1;
        places[2 * e + 1] = is_there ? element * (int)operand->elem_words : 0;
    }
    inst->exec = tj_iexec_shuffle;
    inst->extra = places;
    return TJ_OK;
}

/* Word of the member that the indices name, and how many words it has. */
static void find_member(tj_interp *interp, LLVMValueRef value, unsigned place[2])
{
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(value, 0));
    const unsigned *indices = LLVMGetIndices(value);
    place[0] = 0;
    for (unsigned i = 0; i < LLVMGetNumIndices(value); i++) {
        place[0] += tj_iword_offset(interp, type, indices[i]);
        type = LLVMGetTypeKind(type) == LLVMStructTypeKind
                   ? LLVMStructGetTypeAtIndex(type, indices[i])
                   : LLVMGetElementType(type);
    }
    place[1] = tj_itype_of(interp, type)->words;
}

static tj_status decode_bitcast(decoder *d, LLVMValueRef value, tj_iinst *inst)
{
    const tj_itype *from = tj_itype_of(d->interp, LLVMTypeOf(LLVMGetOperand(value, 0)));
    if (from->length == inst->type->length) {
        inst->exec = tj_iexec_copy_words;
    } else if (from->is_tile || inst->type->is_tile) {
        return tj_iunknown(d->interp, value);
    } else {
        inst->exec = tj_iexec_bitcast;
        inst->extra = tj_iextra(d->interp, &from->length, 1);
    }
    return TJ_OK;
}

static tj_status decode_rmw(decoder *d, LLVMValueRef value, tj_iinst *inst)
{
    LLVMAtomicRMWBinOp op = LLVMGetAtomicRMWBinOp(value);
    inst->exec = tj_iexec_rmw;
    inst->fn = tj_ifn_of_rmw(op);
    inst->from = inst->to = inst->type->elem;
    inst->from.is_signed = op == LLVMAtomicRMWBinOpMax || op == LLVMAtomicRMWBinOpMin;
    return inst->fn && inst->type->words == 1 ? TJ_OK : tj_iunknown(d->interp, value);
}

static const tj_itype *operand_type(decoder *d, LLVMValueRef value, unsigned index)
{
    return tj_itype_of(d->interp, LLVMTypeOf(LLVMGetOperand(value, index)));
}

/* ---- every other instruction ------------------------------------------------------------ */

static tj_status decode_elements(decoder *d, LLVMValueRef value, LLVMOpcode opcode,
                                 tj_iinst *inst)
{
    inst->exec = tj_iexec_elements;
    switch (opcode) {
    case LLVMICmp:
        inst->fn = tj_ifn_of_icmp(LLVMGetICmpPredicate(value));
        break;
    case LLVMFCmp:
        inst->fn = tj_ifn_of_fcmp(LLVMGetFCmpPredicate(value));
        break;
    default:
        inst->fn = tj_ifn_of_opcode(opcode);
        break;
    }
    inst->from.is_signed = opcode == LLVMSIToFP;
    inst->to.is_signed = opcode == LLVMFPToSI;
    return inst->fn ? TJ_OK : tj_iunknown(d->interp, value);
}

static tj_status decode_by_opcode(decoder *d, LLVMValueRef value, tj_iinst *inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(value);
    unsigned place[2];
    switch (opcode) {
    case LLVMCall:
        return tj_idecode_call(d->interp, value, inst);
    case LLVMShuffleVector:
        return decode_shuffle(d, value, inst);
    case LLVMBitCast:
        return decode_bitcast(d, value, inst);
    case LLVMAtomicRMW:
        return decode_rmw(d, value, inst);
    case LLVMFence:
        return TJ_OK;
    case LLVMAlloca:
        place[0] = tj_ifind_region(d->interp, value);
        inst->exec = tj_iexec_alloca;
        inst->extra = tj_iextra(d->interp, place, 1);
        return TJ_OK;
    case LLVMLoad:
        inst->exec = tj_iexec_load;
        return TJ_OK;
    case LLVMStore:
        inst->exec = tj_iexec_store;
        inst->type = operand_type(d, value, 0);
        return TJ_OK;
    case LLVMAtomicCmpXchg:
        inst->exec = tj_iexec_cmpxchg;
        inst->type = operand_type(d, value, 1);
        return TJ_OK;
    case LLVMSelect:
        inst->exec = tj_iexec_select;
        return TJ_OK;
    case LLVMExtractElement:
        inst->exec = tj_iexec_extract_element;
        inst->extra = tj_iextra(d->interp, &operand_type(d, value, 0)->length, 1);
        return TJ_OK;
    case LLVMInsertElement:
        inst->exec = tj_iexec_insert_element;
        return TJ_OK;
    case LLVMExtractValue:
        find_member(d->interp, value, place);
        inst->exec = tj_iexec_copy_words;
        inst->extra = tj_iextra(d->interp, place, 1);
        return TJ_OK;
    case LLVMInsertValue:
        find_member(d->interp, value, place);
        inst->exec = tj_iexec_insert_value;
        inst->extra = tj_iextra(d->interp, place, 2);
        return TJ_OK;
    case LLVMFreeze:
    case LLVMAddrSpaceCast:
        inst->exec = tj_iexec_copy_words;
        return TJ_OK;
    case LLVMIntToPtr:
        inst->exec = tj_iexec_to_pointer;
        return TJ_OK;
    default:
        return decode_elements(d, value, opcode, inst);
    }
}

static tj_status decode_args(decoder *d, LLVMValueRef value, tj_iinst *inst)
{
    bool is_call = LLVMIsACallInst(value) != NULL;
    unsigned count =
        is_call ? LLVMGetNumArgOperands(value) : (unsigned)LLVMGetNumOperands(value);
    tj_iarg *args = tj_new_array(d->interp->arena, tj_iarg, count + 1);
    if (LLVMIsAAllocaInst(value))
        count = 0;
    if (inst->exec == tj_iexec_elements && count > TJ_I_MAX_ARGS)
        return tj_iunknown(d->interp, value);
    for (unsigned i = 0; i < count; i++)
        if (!fill_arg(d, LLVMGetOperand(value, i), &args[i]))
            return tj_iunknown(d->interp, value);
    inst->args = args;
    inst->arg_count = count;
    return TJ_OK;
}

/* An instruction that does nothing leaves exec NULL. */
static tj_status decode_inst(decoder *d, LLVMValueRef value, tj_iinst *inst)
{
    const tj_itype *from = NULL;
    inst->value = value;
    inst->type = tj_itype_of(d->interp, LLVMTypeOf(value));
    if (LLVMGetNumOperands(value) > 0 && !LLVMIsAFunction(LLVMGetOperand(value, 0)))
        from = operand_type(d, value, 0);
    if (!inst->type)
        return tj_iunknown(d->interp, value);
    uint32_t dest = tj_ptrmap_find(&d->words, value);
    inst->dest = dest == UINT32_MAX ? 0 : dest;
    inst->to = inst->type->elem;
    inst->from = from ? from->elem : inst->to;
    if (LLVMGetInstructionOpcode(value) == LLVMGetElementPtr)
        return decode_gep(d, value, inst);
    tj_status status = decode_by_opcode(d, value, inst);
    if (status != TJ_OK || !inst->exec)
        return status;
    return decode_args(d, value, inst);
}

/* ---- blocks ----------------------------------------------------------------------------- */

static tj_status decode_edge(decoder *d, LLVMBasicBlockRef from, LLVMBasicBlockRef to,
                             tj_iedge *edge)
{
    unsigned capacity = 0;
    edge->block = tj_ptrmap_find(&d->blocks, to);
    for (LLVMValueRef phi = LLVMGetFirstInstruction(to); phi && LLVMIsAPHINode(phi);
         phi = LLVMGetNextInstruction(phi))
        capacity++;
    tj_icopy *copies = tj_new_array(d->interp->arena, tj_icopy, capacity + 1);
    edge->copies = copies;
    for (LLVMValueRef phi = LLVMGetFirstInstruction(to); phi && LLVMIsAPHINode(phi);
         phi = LLVMGetNextInstruction(phi)) {
        unsigned i = 0;
        while (i < LLVMCountIncoming(phi) && LLVMGetIncomingBlock(phi, i) != from)
            i++;
        tj_icopy *copy = &copies[edge->copy_count++];
        if (i == LLVMCountIncoming(phi) ||
            !word_of(d, LLVMGetIncomingValue(phi, i), &copy->source))
            return tj_iunknown(d->interp, phi);
        copy->dest = tj_ptrmap_find(&d->words, phi);
        copy->words = tj_itype_of(d->interp, LLVMTypeOf(phi))->words;
        edge->words += copy->words;
    }
    if (edge->words > d->interp->max_edge_words)
        d->interp->max_edge_words = edge->words;
    return TJ_OK;
}

static tj_status decode_terminator(decoder *d, LLVMBasicBlockRef bb, tj_iblock *block)
{
    LLVMValueRef term = LLVMGetBasicBlockTerminator(bb);
    LLVMOpcode opcode = LLVMGetInstructionOpcode(term);
    tj_status status = TJ_OK;
    block->term_value = term;
    if (opcode == LLVMRet || opcode == LLVMUnreachable)
        return TJ_OK; /* TJ_I_TERM_END */
    if (opcode != LLVMBr)
        return tj_iunknown(d->interp, term);
    block->term = LLVMIsConditional(term) ? TJ_I_TERM_BRANCH : TJ_I_TERM_JUMP;
    if (LLVMIsConditional(term) && !word_of(d, LLVMGetCondition(term), &block->condition))
        return tj_iunknown(d->interp, term);
    for (unsigned s = 0; s < LLVMGetNumSuccessors(term) && status == TJ_OK; s++)
        status = decode_edge(d, bb, LLVMGetSuccessor(term, s), &block->edges[s]);
    return status;
}

static tj_status decode_block(decoder *d, LLVMBasicBlockRef bb, tj_iblock *block)
{
    unsigned count = 0;
    for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
        count++;
    tj_iinst *insts = tj_new_array(d->interp->arena, tj_iinst, count);
    block->insts = insts;
    for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i)) {
        if (LLVMIsAPHINode(i) || LLVMIsATerminatorInst(i))
            continue;
        insts[block->inst_count] = (tj_iinst){0};
        tj_status status = decode_inst(d, i, &insts[block->inst_count]);
        if (status != TJ_OK)
            return status;
        if (insts[block->inst_count].exec)
            block->inst_count++;
    }
    return decode_terminator(d, bb, block);
}

/* ---- the function ----------------------------------------------------------------------- */

static tj_status give_words(decoder *d, LLVMValueRef value)
{
    const tj_itype *type = tj_itype_of(d->interp, LLVMTypeOf(value));
    if (!type)
        return tj_fail(d->interp->unit, value, TJ_E_INTERNAL,
                       "a value of a type the interpreter does not know");
    if (type->words == 0)
        return TJ_OK;
    tj_ptrmap_put(&d->words, value, d->interp->word_count);
    d->interp->word_count += type->words;
    return TJ_OK;
}

static tj_status give_all_words(decoder *d)
{
    tj_interp *interp = d->interp;
    LLVMValueRef function = interp->kernel->function;
    tj_status status = TJ_OK;
    interp->word_count = 1; /* word 0 means: no result */
    interp->param_words = tj_new_array(interp->arena, uint32_t, interp->kernel->arg_count + 1);
    for (unsigned i = 0; i < interp->kernel->arg_count && status == TJ_OK; i++) {
        interp->param_words[i] = interp->word_count;
        status = give_words(d, LLVMGetParam(function, i));
    }
    for (unsigned b = 0; b < interp->block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(d->order[b]); i && status == TJ_OK;
             i = LLVMGetNextInstruction(i))
            status = give_words(d, i);
    return status;
}

static uint32_t count_values(LLVMValueRef function)
{
    uint32_t count = LLVMCountParams(function);
    for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(function); bb;
         bb = LLVMGetNextBasicBlock(bb))
        for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
            count += 1 + (uint32_t)LLVMGetNumOperands(i);
    return count;
}

static bool has_barrier(const tj_iblock *block)
{
    for (unsigned i = 0; i < block->inst_count; i++)
        if (block->insts[i].exec == tj_iexec_barrier)
            return true;
    return false;
}

/* From blocks with a barrier to all that lead there, until nothing changes. */
static void find_waits(tj_interp *interp)
{
    for (unsigned b = 0; b < interp->block_count; b++)
        interp->blocks[b].may_wait = has_barrier(&interp->blocks[b]);
    for (bool is_new = true; is_new;) {
        is_new = false;
        for (unsigned b = interp->block_count; b-- > 0;) {
            tj_iblock *block = &interp->blocks[b];
            unsigned count = (unsigned)block->term; /* successors: 0, 1, 2 */
            for (unsigned s = 0; s < count && !block->may_wait; s++)
                is_new |= block->may_wait = interp->blocks[block->edges[s].block].may_wait;
        }
    }
}

tj_status tj_idecode(tj_interp *interp)
{
    decoder d = {.interp = interp};
    LLVMValueRef function = interp->kernel->function;
    if (!tj_iorder_blocks(interp->arena, function, &d.order, &interp->block_count))
        return tj_fail(interp->unit, function, TJ_E_INTERNAL,
                       "the control flow of '%s' is not in canonical form",
                       interp->kernel->name);
    tj_ptrmap_init(&d.words, interp->arena, count_values(function));
    tj_ptrmap_init(&d.blocks, interp->arena, interp->block_count);
    for (unsigned b = 0; b < interp->block_count; b++)
        tj_ptrmap_put(&d.blocks, d.order[b], b);
    interp->blocks = tj_new_array(interp->arena, tj_iblock, interp->block_count);
    tj_status status = give_all_words(&d);
    for (unsigned b = 0; b < interp->block_count && status == TJ_OK; b++)
        status = decode_block(&d, d.order[b], &interp->blocks[b]);
    if (status == TJ_OK)
        find_waits(interp);
    return status;
}
