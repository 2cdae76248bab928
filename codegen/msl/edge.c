/* SPDX-License-Identifier: MIT */
/* What an edge of the control flow graph gives the phis of its target, as assignments. */
#include "msl.h"

#include <string.h>

typedef struct copy {
    int var;
    LLVMValueRef value;
    bool is_done;
} copy;

static bool is_read_by_others(const tj_msl *m, const copy *copies, unsigned count,
                              unsigned skip)
{
    for (unsigned i = 0; i < count; i++)
        if (i != skip && !copies[i].is_done &&
            tj_msl_reads(m, copies[i].value, copies[skip].var))
            return true;
    return false;
}

static void put_copy(tj_msl *m, tj_list *list, copy *c)
{
    tj_stmt *stmt = tj_msl_append(m, list, TJ_STMT_COPY);

    stmt->var = c->var;
    stmt->value = c->value;
    c->is_done = true;
}

/* Copies in an order in which none overwrites what another reads; a cycle goes by way of
 * temporaries, all of them read before any is written. */
static void put_copies(tj_msl *m, tj_list *list, copy *copies, unsigned count)
{
    unsigned left = count, first_temp = m->temp_count;

    for (copy *next = copies; next && left; left -= next != NULL) {
        next = NULL; /* by the authors' names: passes change the order of phis */
        for (unsigned i = 0; i < count; i++)
            if (!copies[i].is_done && !is_read_by_others(m, copies, count, i) &&
                (!next || strcmp(m->vars[copies[i].var].wish, m->vars[next->var].wish) < 0))
                next = &copies[i];
        if (next)
            put_copy(m, list, next);
    }
    for (unsigned i = 0; left && i < count; i++)
        if (!copies[i].is_done) {
            tj_stmt *save = tj_msl_append(m, list, TJ_STMT_SAVE);

            save->var = copies[i].var;
            save->value = copies[i].value;
            save->number = m->temp_count++;
        }
    for (unsigned i = 0, temp = first_temp; left && i < count; i++)
        if (!copies[i].is_done) {
            tj_stmt *restore = tj_msl_append(m, list, TJ_STMT_RESTORE);

            restore->var = copies[i].var;
            restore->number = temp++;
        }
}

void tj_msl_put_edge(tj_msl *m, int from, int to, tj_list *list)
{
    LLVMBasicBlockRef source = m->cfg.blocks[from].bb, target = m->cfg.blocks[to].bb;
    LLVMValueRef phi = LLVMGetFirstInstruction(target);
    unsigned count = 0, room = 0;
    copy *copies;

    for (LLVMValueRef p = phi; p && LLVMIsAPHINode(p); p = LLVMGetNextInstruction(p))
        room++;
    copies = tj_new_array(m->arena, copy, room + 1);
    for (; phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        const tj_mval *val = tj_msl_find(m, phi), *from_val;

        for (unsigned i = 0; val->var != TJ_NONE && i < LLVMCountIncoming(phi); i++) {
            if (LLVMGetIncomingBlock(phi, i) != source)
                continue;
            from_val = tj_msl_find(m, LLVMGetIncomingValue(phi, i));
            if (!from_val || from_val->is_folded || from_val->var != val->var)
                copies[count++] = (copy){val->var, LLVMGetIncomingValue(phi, i), false};
            break;
        }
    }
    put_copies(m, list, copies, count);
}
