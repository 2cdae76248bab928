/* SPDX-License-Identifier: MIT */
/* Between the passes of canon.c. Each pass has a file of its own with one entry. */
#ifndef TJ_CANON_H
#define TJ_CANON_H

#include "ir.h"

typedef struct tj_canon_state {
    tj_unit *unit;
    const tj_canon_options *options;
    LLVMBuilderRef builder;
    LLVMValueRef trap;      /* stands for llvm.trap while LLVM's passes run, which delete what
                               follows a noreturn call; NULL when there is none */
    uint64_t private_bytes; /* allocas counted by canon-form */
    bool has_variables;     /* the kernel has allocas */
    bool has_helpers;       /* canon-memory called functions that are not yet inlined */
    unsigned kept_kinds[6]; /* of canon-facts: attributes that stay */
    unsigned debug_kind;    /* of canon-facts: metadata that stays */
} tj_canon_state;

typedef tj_status tj_canon_pass(tj_canon_state *state);

tj_canon_pass tj_canon_constants;  /* canon_constants.c */
tj_canon_pass tj_canon_facts;      /* canon_facts.c */
tj_canon_pass tj_canon_define;     /* canon_define.c */
tj_canon_pass tj_canon_expand;     /* canon_expand.c */
tj_canon_pass tj_canon_tiles;      /* canon_tiles.c */
tj_canon_pass tj_canon_tile_memory; /* canon_tiles.c */
tj_canon_pass tj_canon_bodies;     /* canon_bodies.c */
tj_canon_pass tj_canon_inputs;     /* canon_inputs.c */
tj_canon_pass tj_canon_variables;  /* canon_variables.c */
tj_canon_pass tj_canon_memory;     /* canon_memory.c */
tj_canon_pass tj_canon_narrow;     /* canon_narrow.c */
tj_canon_pass tj_canon_exits;      /* canon_exits.c */
tj_canon_pass tj_canon_check_form; /* canon_form.c: TJ_E_INTERNAL when the form does not hold */

/* Whether calls of a declared function ask for a built-in input. (canon_inputs.c) */
bool tj_asks_for_input(LLVMValueRef callee);

/* Whether a declared function has a row in bodies.def or is a coherent access, and the type that
 * it must have. (canon_bodies.c) */
bool tj_gets_a_body(LLVMContextRef llctx, LLVMValueRef callee);

/* Gives an air.* function the attributes of its row. (canon_facts.c) */
void tj_canon_declare_effect(tj_unit *unit, LLVMValueRef function);

/* Drops stores of zero at the start of the kernel to variables. (canon_variables.c) */
void tj_canon_drop_zeroes(tj_canon_state *state);
/* Marks loops that LLVM has to write out for the sake of arrays that they index; whether there are
 * any. (canon_unroll.c) */
bool tj_canon_mark_loops(tj_canon_state *state);
/* Whether the short loops come to too much code, all written out. */
bool tj_canon_has_many_rounds(tj_canon_state *state);
/* Removes a call that only tells LLVM something; one with a result gives back its first operand.
 * False for others. */
bool tj_canon_remove_hint(LLVMValueRef call, const char *name);

/* The cycles of the kernel's control flow. (canon_reducible.c) */
typedef struct tj_cycles {
    unsigned header_count; /* blocks that a retreating edge leads to */
    bool is_reducible;     /* every cycle is a natural loop */
} tj_cycles;
tj_cycles tj_canon_cycles(tj_canon_state *state);

/* Walks all instructions of all function bodies; `visit` may erase the
 * instruction it is given and insert before it, nothing else. */
typedef tj_status tj_canon_visit(tj_canon_state *state, LLVMValueRef inst);
tj_status tj_canon_each_inst(tj_canon_state *state, tj_canon_visit *visit);

/* Lets `value` take the name and all uses of `inst`, then erases `inst`. */
void tj_canon_replace(LLVMValueRef inst, LLVMValueRef value);

/* Rebuilds the phis of `block` so that they name `to` as predecessor where they named
 * `from`; several edges from there become one. */
void tj_canon_rename_predecessor(tj_canon_state *state, LLVMBasicBlockRef block,
                                 LLVMBasicBlockRef from, LLVMBasicBlockRef to);

/* Calls llvm.<id>, overloaded on `types`, at the builder's place. `name` has "llvm." */
LLVMValueRef tj_canon_call_llvm(tj_canon_state *state, const char *name, LLVMTypeRef *types,
                                unsigned type_count, LLVMValueRef *args, unsigned arg_count);

/* The name of a called llvm.* intrinsic without "llvm." and overload suffix; NULL for any
 * other instruction. The string lives in LLVM's static tables. */
const char *tj_llvm_intrinsic_name(LLVMValueRef inst);

/* llvm.* intrinsics that input may call and canonical IR does not. */
typedef enum tj_removal {
    TJ_REMOVED_NOT,
    TJ_REMOVED_HINT, /* only tells LLVM something; a result is the first operand */
    TJ_REMOVED_LIFETIME,
    TJ_REMOVED_MEMORY /* (to, from or byte, byte length, is volatile) */
} tj_removal;
tj_removal tj_llvm_intrinsic_removal(const char *name); /* name as above */

#endif
