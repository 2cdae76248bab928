/* SPDX-License-Identifier: MIT */
/* Which function lowers an operation. */
#include "ttir/lower.h"

tj_tt_lower_fn *tj_tt_lower_of(tj_tt_kind kind)
{
    static const struct {
        uint16_t kind;
        tj_tt_lower_fn *lower;
    } rows[] = {
        {TJ_TT_OP_GET_PROGRAM_ID, tj_tt_lower_program_id},
        {TJ_TT_OP_GET_NUM_PROGRAMS, tj_tt_lower_program_id},
        {TJ_TT_OP_CONSTANT, tj_tt_lower_constant},
        {TJ_TT_OP_POISON, tj_tt_lower_constant},
        {TJ_TT_OP_MAKE_RANGE, tj_tt_lower_range},
        {TJ_TT_OP_SPLAT, tj_tt_lower_splat},
        {TJ_TT_OP_UNSPLAT, tj_tt_lower_unsplat},
        {TJ_TT_OP_EXPAND_DIMS, tj_tt_lower_view},
        {TJ_TT_OP_RESHAPE, tj_tt_lower_view},
        {TJ_TT_OP_BROADCAST, tj_tt_lower_view},
        {TJ_TT_OP_TRANS, tj_tt_lower_view},
        {TJ_TT_OP_JOIN, tj_tt_lower_join},
        {TJ_TT_OP_SPLIT, tj_tt_lower_split},
        {TJ_TT_OP_CAT, tj_tt_lower_cat},
        {TJ_TT_OP_LOAD, tj_tt_lower_load},
        {TJ_TT_OP_STORE, tj_tt_lower_store},
        {TJ_TT_OP_ATOMIC_RMW, tj_tt_lower_atomic_rmw},
        {TJ_TT_OP_ATOMIC_CAS, tj_tt_lower_atomic_cas},
        {TJ_TT_OP_REDUCE, tj_tt_lower_reduce},
        {TJ_TT_OP_SCAN, tj_tt_lower_scan},
        {TJ_TT_OP_REDUCE_RETURN, tj_tt_lower_nothing},
        {TJ_TT_OP_SCAN_RETURN, tj_tt_lower_nothing},
        {TJ_TT_OP_DOT, tj_tt_lower_dot},
        {TJ_TT_OP_GATHER, tj_tt_lower_gather},
        {TJ_TT_OP_HISTOGRAM, tj_tt_lower_histogram},
        {TJ_TT_OP_FOR, tj_tt_lower_for},
        {TJ_TT_OP_IF, tj_tt_lower_if},
        {TJ_TT_OP_WHILE, tj_tt_lower_while},
        {TJ_TT_OP_EXECUTE_REGION, tj_tt_lower_execute},
        {TJ_TT_OP_YIELD, tj_tt_lower_nothing},
        {TJ_TT_OP_CONDITION, tj_tt_lower_nothing},
        {TJ_TT_OP_BR, tj_tt_lower_branch},
        {TJ_TT_OP_COND_BR, tj_tt_lower_branch},
        {TJ_TT_OP_CALL, tj_tt_lower_call},
        {TJ_TT_OP_RETURN, tj_tt_lower_return},
        {TJ_TT_OP_GPU_BARRIER, tj_tt_lower_barrier},
        {TJ_TT_OP_TTG_BARRIER, tj_tt_lower_barrier},
        {TJ_TT_OP_MAP_ELEMENTWISE, tj_tt_lower_map},
        {TJ_TT_OP_MAP_ELEMENTWISE_RETURN, tj_tt_lower_return},
        {TJ_TT_OP_ATOMIC_POLL, tj_tt_lower_atomic_poll},
        {TJ_TT_OP_PRINT, tj_tt_lower_print},
        {TJ_TT_OP_ASSERT, tj_tt_lower_assert},
        {TJ_TT_OP_ASSUME, tj_tt_lower_nothing},
        {TJ_TT_OP_DEPENDENCY_WAIT, tj_tt_lower_nothing},
        {TJ_TT_OP_DEPENDENCY_LAUNCH, tj_tt_lower_nothing},
    };
    if (tj_tt_op_infos[kind].flags & TJ_TT_ELEMENTWISE)
        return tj_tt_lower_elementwise;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].kind == kind)
            return rows[i].lower;
    return NULL;
}
