/* SPDX-License-Identifier: MIT */
/* From Triton's operations on tensors to one thread's instructions on its elements.
 *
 * A program is a threadgroup. A tensor is an array of LLVM values, one a register of its
 * layout; a scalar is one value. What the parts of the lowering share.
 */
#ifndef TJ_TTIR_LOWER_H
#define TJ_TTIR_LOWER_H

#include "ttir/assign.h"

#include <llvm-c/Core.h>

/* A value in one layout. */
typedef struct tj_tt_regs {
    tj_tt_layout layout;
    LLVMValueRef *at;
    uint32_t count;      /* 1 for scalars */
    LLVMValueRef *tiles; /* also as SIMD-group matrices; NULL: not made yet */
    struct tj_tt_regs *next;
} tj_tt_regs;

typedef struct tj_tt_base { /* the place-dependent part of a layout's elements */
    tj_tt_layout layout;
    LLVMValueRef value;
    struct tj_tt_base *next;
} tj_tt_base;

typedef struct tj_tt_debug tj_tt_debug; /* lower_debug.c */

/* One function while it is lowered; calls are lowered in place. */
typedef struct tj_tt_frame {
    const tj_tt_func *func;
    tj_tt_assignment assigned;
    tj_tt_regs **values;       /* by number */
    LLVMBasicBlockRef *blocks; /* by position in the body */
    LLVMValueRef ***phis;      /* of their arguments, registers of each; NULL where unused */
    LLVMBasicBlockRef leave;   /* where returns of a callee go; NULL: the kernel itself */
    LLVMValueRef **results;    /* phis there, registers of each */
    struct tj_tt_frame *caller;
    const tj_tt_region *region; /* whose blocks these are: the body, or a mapped region */
} tj_tt_frame;

/* ---- threadgroup memory (lower_scratch.c) ---- */

enum { TJ_TT_MAX_SPANS = 8 };

typedef struct tj_tt_span { /* bytes of the shared memory */
    uint32_t begin, end;
} tj_tt_span;

typedef struct tj_tt_spans {
    uint32_t count;
    tj_tt_span at[TJ_TT_MAX_SPANS];
} tj_tt_spans;

/* What is known of the shared memory where the builder stands. */
typedef struct tj_tt_shared {
    tj_tt_span own;    /* of the operation that had it last */
    tj_tt_spans read;  /* may be being read since the last barrier */
    tj_tt_spans early; /* written in this round of the loop before a barrier */
    bool has_met;      /* whether there was a barrier in this round */
} tj_tt_shared;

typedef struct tj_tt_lower {
    const tj_tt_module *module;
    tj_arena *arena;
    tj_diags *diags;
    LLVMContextRef ctx;
    LLVMModuleRef out;
    LLVMBuilderRef builder, entry; /* the second stands at the end of the entry block */
    LLVMValueRef function;
    tj_tt_frame *frame;
    LLVMValueRef lane, group, programs[3], program_counts[3];
    tj_tt_base *bases;
    unsigned group_bits;
    const tj_tt_choice *choices; /* of layouts, by people */
    bool is_fast_math;           /* functions of float may be less exact */
    bool allows_fp64;
    LLVMValueRef scratch;        /* threadgroup memory that operations share, one at a time */
    uint32_t scratch_bytes;
    tj_tt_shared shared;
    tj_tt_debug *debug;
    uint32_t instructions; /* so far, about; there is a limit */
} tj_tt_lower;

typedef bool tj_tt_lower_fn(tj_tt_lower *l, const tj_tt_op *op);

enum { TJ_TT_MAX_SCRATCH = 32768, TJ_TT_MAX_INSTRUCTIONS = 1 << 18 };

/* ---- lower.c: values ---- */

/* False, after an error at the operation. */
bool tj_tt_refuse(tj_tt_lower *l, const tj_tt_op *op, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
LLVMTypeRef tj_tt_llvm_type(tj_tt_lower *l, const tj_tt_type *type); /* of one element */
LLVMValueRef tj_tt_int(tj_tt_lower *l, unsigned bits, uint64_t value);
LLVMValueRef tj_tt_i32(tj_tt_lower *l, uint32_t value);
/* The registers of a value in a layout that was wanted. */
LLVMValueRef *tj_tt_get(tj_tt_lower *l, const tj_tt_value *value, const tj_tt_layout *layout);
LLVMValueRef tj_tt_get_scalar(tj_tt_lower *l, const tj_tt_value *value);
/* In the value's home, or the first layout that was wanted; which one that is. */
LLVMValueRef *tj_tt_get_home(tj_tt_lower *l, const tj_tt_value *value, tj_tt_layout *layout);
const tj_tt_wants *tj_tt_wants_of(const tj_tt_lower *l, const tj_tt_value *value);
LLVMValueRef *tj_tt_new_regs(tj_tt_lower *l, const tj_tt_layout *layout);
/* Sets a value in one layout, nothing more. */
void tj_tt_set(tj_tt_lower *l, const tj_tt_value *value, const tj_tt_layout *layout,
               LLVMValueRef *regs);
void tj_tt_set_scalar(tj_tt_lower *l, const tj_tt_value *value, LLVMValueRef scalar);
/* Sets it in its home and converts it to the other layouts that are wanted. */
bool tj_tt_define_home(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_value *value,
                       const tj_tt_layout *layout, LLVMValueRef *regs);
/* The same for floats in tj_tt_matrix_layout, as SIMD-group matrices: get makes them where they
 * are not there. */
bool tj_tt_define_tiles(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_value *value,
                        const tj_tt_layout *layout, LLVMValueRef *tiles);
LLVMValueRef *tj_tt_get_tiles(tj_tt_lower *l, const tj_tt_value *value,
                              const tj_tt_layout *layout);
/* Calls `lower` for each layout in which a result is computed: its home or all that are wanted.
 */
typedef bool tj_tt_in_layout_fn(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout);
bool tj_tt_in_layouts(tj_tt_lower *l, const tj_tt_op *op, tj_tt_in_layout_fn *lower);
bool tj_tt_lower_region(tj_tt_lower *l,
                        const tj_tt_region *region); /* without its terminator */
/* A region of scalars, as those of reductions; `args` and `results` are single values. */
bool tj_tt_lower_combine(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args,
                         LLVMValueRef *results);
LLVMValueRef tj_tt_call(tj_tt_lower *l, const char *name, LLVMTypeRef result,
                        LLVMValueRef *args, unsigned count);
/* Phis at the builder's place for a value's registers in a layout; what enters them from the
 * builder's block. */
LLVMValueRef *tj_tt_make_phis(tj_tt_lower *l, const tj_tt_value *value,
                              const tj_tt_layout *layout);
void tj_tt_enter_phis(tj_tt_lower *l, LLVMValueRef *phis, const tj_tt_value *from,
                      const tj_tt_layout *layout);
/* The body of the frame's function, whose parameters are set. (lower_func.c) */
bool tj_tt_lower_body(tj_tt_lower *l);
tj_tt_frame *tj_tt_new_frame(tj_tt_lower *l, const tj_tt_func *func);
LLVMBasicBlockRef tj_tt_new_block(tj_tt_lower *l, const char *name);
/* Runs up to tj_tt_end_if only where the condition holds. */
LLVMBasicBlockRef tj_tt_begin_if(tj_tt_lower *l, LLVMValueRef condition);
void tj_tt_end_if(tj_tt_lower *l, LLVMBasicBlockRef after);

/* ---- lower_place.c: places and elements ---- */

/* The number of the element in a register, i32. */
LLVMValueRef tj_tt_element_index(tj_tt_lower *l, const tj_tt_layout *layout, uint32_t reg);
/* The bits of `mask` of it, moved down. */
LLVMValueRef tj_tt_element_field(tj_tt_lower *l, const tj_tt_layout *layout, uint32_t reg,
                                 uint32_t mask);
/* Without the bits of `mask`, those above moved down. */
LLVMValueRef tj_tt_element_without(tj_tt_lower *l, const tj_tt_layout *layout, uint32_t reg,
                                   uint32_t mask);
/* Whether this thread is the first that holds its elements; NULL: each is. */
LLVMValueRef tj_tt_is_holder(tj_tt_lower *l, const tj_tt_layout *layout);
/* The same for a value of a type: scalars belong to the program's first thread. */
LLVMValueRef tj_tt_holds(tj_tt_lower *l, const tj_tt_type *type, const tj_tt_layout *layout);
/* Whether it stands in a region of elements, whose scalars are each thread's own. */
bool tj_tt_is_of_elements(const tj_tt_op *op);

/* ---- lower_convert.c: moving elements between threads ---- */

/* How tj_tt_convert does it: tj_tt_plan_conversion, or by matrices where those can. */
tj_tt_conversion tj_tt_choose_conversion(const tj_tt_type *type, const tj_tt_layout *from,
                                         const tj_tt_layout *to);
LLVMValueRef *tj_tt_convert(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_type *type,
                            LLVMValueRef *regs, const tj_tt_layout *from,
                            const tj_tt_layout *to);
LLVMTypeRef tj_tt_memory_type(tj_tt_lower *l, LLVMTypeRef elem); /* i8 for i1 */
LLVMValueRef tj_tt_load(tj_tt_lower *l, LLVMTypeRef elem, LLVMValueRef address);
void tj_tt_store(tj_tt_lower *l, LLVMValueRef value, LLVMValueRef address);
LLVMValueRef tj_tt_shuffle(tj_tt_lower *l, const char *function, LLVMValueRef value,
                           LLVMValueRef lane);
uint32_t tj_tt_byte_len(const tj_tt_type *type); /* of an element */

/* ---- lower_matrix.c: tensors as SIMD-group matrices, products ---- */

LLVMValueRef *tj_tt_tiles_of_regs(tj_tt_lower *l, const tj_tt_layout *layout,
                                  LLVMValueRef *regs);
LLVMValueRef *tj_tt_regs_of_tiles(tj_tt_lower *l, const tj_tt_layout *layout,
                                  LLVMValueRef *tiles);
/* Through threadgroup memory out of tj_tt_matrix_layout, if that has room for all of it. */
bool tj_tt_can_move_tiles(const tj_tt_type *type, const tj_tt_layout *from);
LLVMValueRef *tj_tt_move_tiles(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_type *type,
                               LLVMValueRef *regs, const tj_tt_layout *from,
                               const tj_tt_layout *to);
bool tj_tt_lower_matrix_dot(tj_tt_lower *l, const tj_tt_op *op);

/* ---- lower_scratch.c: threadgroup memory ---- */

void tj_tt_barrier(tj_tt_lower *l);
/* Also what was written to device memory is there for all threads. */
void tj_tt_barrier_all(tj_tt_lower *l);
/* Before an access of device memory: what many threads read, one of them writes only after all
 * have read it; what one writes, the others read after that. */
void tj_tt_before_load(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout);
void tj_tt_before_store(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout);
/* `bytes` of the shared memory for one operation, at `*offset`; they can be written at once.
 * Before they are read all meet (tj_tt_barrier). False after an error when there are not as
 * many. */
bool tj_tt_take_scratch(tj_tt_lower *l, const tj_tt_op *op, uint64_t bytes, uint32_t *offset);
/* The same at offset 0, behind a barrier that the caller makes. */
bool tj_tt_need_scratch(tj_tt_lower *l, const tj_tt_op *op, uint64_t bytes);
/* Address of an element there, behind `offset` bytes. */
LLVMValueRef tj_tt_scratch_at(tj_tt_lower *l, LLVMTypeRef elem, uint32_t offset,
                              LLVMValueRef index);
/* Around a loop's body: begin gives what end takes; end_round stands before the branch back. */
tj_tt_shared tj_tt_begin_loop(tj_tt_lower *l);
void tj_tt_leave_loop(tj_tt_lower *l, tj_tt_shared *before); /* where it may end */
void tj_tt_end_round(tj_tt_lower *l);
void tj_tt_end_loop(tj_tt_lower *l, const tj_tt_shared *before);
/* Around two arms: next gives what the first did, for join. */
tj_tt_shared tj_tt_begin_arm(tj_tt_lower *l);
tj_tt_shared tj_tt_next_arm(tj_tt_lower *l, const tj_tt_shared *before);
void tj_tt_join_arms(tj_tt_lower *l, const tj_tt_shared *first);
/* Where several ways meet: anything may be being read. */
void tj_tt_forget_order(tj_tt_lower *l);

/* ---- operations ---- */

tj_tt_lower_fn *tj_tt_lower_of(tj_tt_kind kind); /* lower_table.c; NULL: none */
tj_tt_lower_fn tj_tt_lower_elementwise, tj_tt_lower_constant, tj_tt_lower_range,
    tj_tt_lower_splat, tj_tt_lower_unsplat, tj_tt_lower_view, tj_tt_lower_join,
    tj_tt_lower_split, tj_tt_lower_cat, tj_tt_lower_program_id, tj_tt_lower_load,
    tj_tt_lower_store, tj_tt_lower_atomic_rmw, tj_tt_lower_atomic_cas, tj_tt_lower_reduce,
    tj_tt_lower_scan, tj_tt_lower_dot, tj_tt_lower_gather, tj_tt_lower_histogram,
    tj_tt_lower_for, tj_tt_lower_if, tj_tt_lower_while, tj_tt_lower_call, tj_tt_lower_return,
    tj_tt_lower_branch, tj_tt_lower_barrier, tj_tt_lower_print, tj_tt_lower_assert,
    tj_tt_lower_map, tj_tt_lower_execute, tj_tt_lower_atomic_poll, tj_tt_lower_nothing;

/* One element of an elementwise operation; NULL after an error. (lower_arith.c, lower_cast.c)
 */
LLVMValueRef tj_tt_lower_element(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args);
unsigned tj_tt_bits_of_float(LLVMTypeRef type); /* half, bfloat, float, double */
LLVMValueRef tj_tt_lower_erf(tj_tt_lower *l, LLVMValueRef x);
LLVMValueRef tj_tt_lower_extern(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args);
/* A Bessel function (lower_bessel.c); NULL, without an error: none of this name and types. */
LLVMValueRef tj_tt_lower_bessel(tj_tt_lower *l, const tj_tt_op *op, const char *name,
                                LLVMValueRef *args);

/* A function of several of AIR's (lower_composed.c); NULL, without an error: none of this name.
 */
LLVMValueRef tj_tt_lower_composed(tj_tt_lower *l, const tj_tt_op *op, const char *name,
                                  LLVMValueRef *args);
/* Whether operands and result are as the letters say: f float, i i32. */
bool tj_tt_has_types(const tj_tt_op *op, const char *types);
/* An atomic operation on one element; NULL after an error. (lower_atomic.c) */
typedef LLVMValueRef tj_tt_element_fn(tj_tt_lower *l, const tj_tt_op *op,
                                      LLVMValueRef *operands);
tj_tt_element_fn tj_tt_rmw_element, tj_tt_cas_element, tj_tt_poll_element;
/* To float; a double stays one. */
LLVMValueRef tj_tt_widen(tj_tt_lower *l, uint8_t elem, LLVMValueRef value);
/* A float as the bits of an 8-bit one, rounded to nearest even or to zero. */
LLVMValueRef tj_tt_narrow8(tj_tt_lower *l, uint8_t elem, LLVMValueRef value, bool is_to_zero);
LLVMValueRef tj_tt_lower_cast(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef value);

/* ---- lower_debug.c ---- */

tj_tt_debug *tj_tt_debug_start(tj_tt_lower *l, const tj_tt_func *func);
void tj_tt_debug_place(tj_tt_lower *l, const tj_tt_op *op);
void tj_tt_debug_end(tj_tt_lower *l);

#endif
