/* SPDX-License-Identifier: MIT */
/* How values differ between the lanes of a slice: uniform, lane-affine or varying; which
 * branches diverge; which blocks run under the same mask; which memory a pointer is in.
 *
 * Values are cut into leaves: scalars, the elements of vectors and the members of aggregates,
 * in order. A <64 x T> SIMD-group matrix is one leaf. Shapes hold for active lanes.
 */
#ifndef TJ_SHAPE_H
#define TJ_SHAPE_H

#include "cfg.h"

enum { TJ_MAX_TERMS = 2, TJ_MAX_LANES = 32 };

typedef enum tj_shape_kind { TJ_UNSEEN, TJ_UNIFORM, TJ_AFFINE, TJ_VARYING } tj_shape_kind;
typedef enum tj_cast { TJ_CAST_NONE, TJ_CAST_ZEXT, TJ_CAST_SEXT, TJ_CAST_TRUNC } tj_cast;

/* coefficient (a uniform leaf, cast to the value's type) times a constant per lane */
typedef struct tj_term {
    uint32_t leaf;
    tj_cast cast;
    const int64_t *k;
} tj_term;

/* Affine: lane l holds base + k[l] + sum(terms), modulo the type's width, where base is the
 * value of lane 0 (k[0] is 0, and so is k[0] of every term). */
typedef struct tj_shape {
    tj_shape_kind kind;
    int term_count;
    const int64_t *k;
    tj_term terms[TJ_MAX_TERMS];
    uint64_t umax; /* upper bound of the base, read as unsigned; integers only */
    unsigned tz;   /* trailing zero bits of the base that are known */
    bool is_guarded; /* affine: an extension on the way holds only while no lane wraps;
                        generated code tests that */
} tj_shape;

typedef enum tj_root_kind {
    TJ_ROOT_UNSEEN,
    TJ_ROOT_PARAM,  /* offset from the start of a buffer argument */
    TJ_ROOT_GLOBAL, /* offset from a threadgroup variable or constant */
    TJ_ROOT_ALLOCA, /* offset into a private array */
    TJ_ROOT_ANY     /* the leaf is an absolute address */
} tj_root_kind;

typedef struct tj_root {
    tj_root_kind kind;
    LLVMValueRef value; /* parameter, global or alloca; NULL for ANY */
    bool is_varying;    /* ANY: active lanes may point into different memory */
} tj_root;

typedef struct tj_leaf {
    LLVMTypeRef type; /* of the leaf in the kernel; pointers: ptr */
    tj_shape shape;   /* pointers: of the byte offset from the root, 64 bits */
    tj_root root;     /* pointers only */
} tj_leaf;

typedef struct tj_value {
    LLVMValueRef value; /* parameter or instruction */
    uint32_t first_leaf;
    uint32_t leaf_count;
    int block; /* TJ_NONE for parameters */
} tj_value;

typedef struct tj_shape_options {
    uint32_t threadgroup[3];
    unsigned lanes;
    bool is_ragged; /* threadgroup dimensions are known at run time only */
} tj_shape_options;

typedef struct tj_facts {
    tj_unit *unit;
    const tj_kernel *kernel;
    tj_arena *arena;
    tj_shape_options options;
    tj_cfg cfg;
    tj_value *values;
    uint32_t value_count;
    tj_ptrmap value_index;
    tj_leaf *leaves;
    uint32_t leaf_count;
    bool has_arrays;         /* private ones */
    bool *is_varying_array;  /* by value, of private arrays: lanes may hold different things */
    bool *is_divergent;      /* by block: its branch differs between active lanes */
    bool *is_divergent_loop; /* by loop: lanes leave in different iterations */
    bool *is_blend;          /* by block: its phis (not of a header) join different lane sets */
    int *mask_of;            /* by block: a block whose mask this one shares, or itself */
} tj_facts;

tj_status tj_facts_build(tj_unit *unit, const tj_shape_options *options, tj_arena *arena,
                         tj_facts *out);

/* The value record of a parameter or instruction, NULL for constants and globals. */
const tj_value *tj_facts_find(const tj_facts *facts, LLVMValueRef value);
/* Leaf `index` of any operand, constants and globals included. */
tj_leaf tj_facts_leaf(const tj_facts *facts, LLVMValueRef value, uint32_t index);
/* The block at the end of the mask_of chain: blocks of one mask class share it. */
int tj_mask_class(const tj_facts *facts, int block);

bool tj_is_tile(LLVMTypeRef type);               /* <64 x T> */
/* Whether neither its result nor an operand can be a vector or an aggregate; most are so. */
bool tj_is_scalar(LLVMValueRef inst);
uint32_t tj_leaf_count(LLVMTypeRef type);        /* 0 for void and labels */
LLVMTypeRef tj_leaf_type(LLVMTypeRef type, uint32_t index);
/* Byte offset of leaf `index` inside a value of `type` in memory. */
uint64_t tj_leaf_offset(const tj_unit *unit, LLVMTypeRef type, uint32_t index);
/* First leaf of the member of `type` that an extractvalue or insertvalue names, and its type. */
uint32_t tj_member_leaf(LLVMValueRef inst, LLVMTypeRef type, LLVMTypeRef *member);
/* Leaf `index` of a constant; globals and tiles are their own. */
LLVMValueRef tj_constant_leaf(LLVMValueRef constant, uint32_t index);
/* Bits a leaf takes as an integer: pointers 64, i1 1. */
unsigned tj_leaf_bits(LLVMTypeRef type);

/* "uniform", "affine[+1]", "affine[0 1 2 3 ...]", "varying". */
void tj_shape_print(const tj_facts *facts, const tj_leaf *leaf, tj_text *out);
void tj_facts_dump(const tj_facts *facts, tj_text *out);

#endif
