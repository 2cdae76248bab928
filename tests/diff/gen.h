/* SPDX-License-Identifier: MIT */
/* Random kernels as small syntax trees: built from a seed, printed as LLVM text in AIR form,
 * shrunk by the reducer. Every tree that these types can hold prints as a valid kernel:
 * indices are masked, loops are counted and barriers are in uniform places by construction,
 * so a reducer may replace any expression by another one of its type. */
#ifndef DIFF_GEN_H
#define DIFF_GEN_H

#include "util.h"

/* ---- types ---------------------------------------------------------------------------- */

typedef enum base {
    BASE_I1, BASE_I8, BASE_I16, BASE_I32, BASE_I64, BASE_F16, BASE_BF16, BASE_F32, BASE_COUNT
} base;

typedef struct base_info {
    const char *llvm, *suffix, *metal; /* "float", "f32", "float" */
    unsigned bits;
    bool is_float;
} base_info;
extern const base_info base_infos[BASE_COUNT];

typedef struct type {
    uint8_t base;
    uint8_t components; /* 1: scalar; at most 4 */
} type;

static inline bool type_equal(type a, type b)
{
    return a.base == b.base && a.components == b.components;
}

static inline bool type_is_float(type t) { return base_infos[t.base].is_float; }

/* ---- what a kernel may use ------------------------------------------------------------ */

/* Bound memory. Inputs have 4 elements a thread and some more, outputs one per slot. */
typedef struct buffer_info {
    const char *name;
    type type;
    unsigned space;
    bool is_output;
} buffer_info;
enum { BUFFER_COUNT = 25, BUFFER_ACC = 24, INPUT_EXTRA = 1088, CONSTANT_ELEMS = 64,
       ACC_BINS = 16 };
extern const buffer_info buffer_infos[BUFFER_COUNT];

typedef enum input {
    INPUT_GID,    /* linear thread position in the grid */
    INPUT_LID,    /* linear index in the threadgroup */
    INPUT_LANE,   /* index in the SIMD-group */
    INPUT_SGROUP, /* SIMD-group index in the threadgroup */
    INPUT_TGX, INPUT_TGY,
    INPUT_COUNT,  /* threads of this threadgroup */
    INPUT_TOTAL,  /* threads of the grid */
    INPUT_GX, INPUT_GY, INPUT_LX, INPUT_LY,
    INPUT_KINDS
} input;

/* A function of AIR or LLVM; see call_infos for the letters of `signature`. */
typedef struct call_info {
    const char *name, *signature;
    unsigned bases; /* 1 << base, for the overload type */
    unsigned flags;
} call_info;
enum {
    CALL_SIGN = 1,    /* ".s" or ".u" before the suffix; imm[0] of the expression chooses */
    CALL_VECTOR = 2,  /* vectors too */
    CALL_SCALARLESS = 4, /* vectors only */
    CALL_LANES = 8,   /* SIMD-group function */
    CALL_FULL = 16,   /* only where the whole threadgroup is active */
    CALL_BARE = 32,   /* no suffix */
    CALL_I64 = 64     /* suffix ".i64" */
};
extern const call_info call_infos[];
extern const unsigned call_count;
/* Operand `index` of a call must stay the constant that it is. */
bool call_operand_is_fixed(const call_info *call, unsigned index);
type call_letter_type(char letter, type overload);

typedef struct atomic_info {
    const char *op;
    bool has_sign;
    uint32_t start; /* what a threadgroup bin holds first */
} atomic_info;
enum { ATOMIC_COUNT = 6 };
extern const atomic_info atomic_infos[ATOMIC_COUNT];

/* ---- expressions ---------------------------------------------------------------------- */

typedef enum expr_kind {
    EXPR_CONST,   /* imm[c]: bits of component c */
    EXPR_VAR,     /* op: variable */
    EXPR_PARAM,   /* op: parameter of a helper function */
    EXPR_INPUT,   /* op: input */
    EXPR_BINARY,  /* op: index into binary_names */
    EXPR_FNEG,
    EXPR_FREEZE,
    EXPR_ICMP,    /* op: index into icmp_names */
    EXPR_FCMP,
    EXPR_SELECT,  /* condition i1 or one per component */
    EXPR_BRANCH,  /* the same by control flow and a phi */
    EXPR_CAST,    /* op: cast */
    EXPR_CALL,    /* op: call_infos; overload: the type of T */
    EXPR_LOAD,    /* op: buffer; imm[0]: index_form; imm[1], imm[2]: factor, offset */
    EXPR_PICK,    /* loads from one of two addresses; kids 1 and 2 are loads; op: by a phi */
    EXPR_ARRAY,   /* op: private array; kid 0 masked */
    EXPR_SHARED,  /* op: threadgroup array; kid 0 made a slot that was written */
    EXPR_RESHAPE, /* bitcast between integers of other component counts */
    EXPR_OVERFLOW, /* op: index into overflow_names; the sum, or (type i1) did it wrap */
    EXPR_EXTRACT, /* kid 0 vector, kid 1 index modulo length */
    EXPR_INSERT,  /* kid 0 vector, kid 1 element, kid 2 index modulo length */
    EXPR_SHUFFLE, /* kids 0, 1; imm[c]: source component */
    EXPR_SPLAT,
    EXPR_HELPER   /* op: helper function */
} expr_kind;

typedef enum cast {
    CAST_TRUNC, CAST_ZEXT, CAST_SEXT, CAST_FPTRUNC, CAST_FPEXT, CAST_FPTOSI, CAST_FPTOUI,
    CAST_SITOFP, CAST_UITOFP,
    CAST_BITS,    /* bitcast, NaN replaced on the float side: its payload is not defined */
    CAST_CONVERT, /* air.convert; imm[0] bit 0: integers unsigned; imm[1]: rounding */
    CAST_COUNT
} cast;
extern const char *const cast_names[CAST_COUNT];
extern const char *const rounding_names[5];

typedef enum index_form {
    INDEX_AFFINE,   /* gid * factor + offset */
    INDEX_LOCAL,    /* lid * factor + offset */
    INDEX_REVERSED, /* total - 1 - gid */
    INDEX_XOR,      /* gid ^ offset */
    INDEX_NEAR,     /* gid + (kid & 15) */
    INDEX_MASKED,   /* kid & mask */
    INDEX_CONST,    /* offset */
    INDEX_FORMS
} index_form;

typedef struct expr {
    expr_kind kind;
    type type, overload;
    unsigned op, kid_count;
    struct expr *kids[4];
    uint64_t imm[4];
} expr;

enum { BINARY_COUNT = 18, OVERFLOW_COUNT = 6, BINARY_FADD = 13, BINARY_AND = 7, ICMP_COUNT = 10, FCMP_COUNT = 14 };
extern const char *const binary_names[BINARY_COUNT], *const icmp_names[ICMP_COUNT],
    *const fcmp_names[FCMP_COUNT], *const overflow_names[OVERFLOW_COUNT];

/* ---- statements ----------------------------------------------------------------------- */

typedef enum stmt_kind {
    STMT_ASSIGN,   /* op: variable; x[0] */
    STMT_ARRAY,    /* op: private array; x[0] index, x[1] value */
    STMT_COPY,     /* op, imm[0]: private arrays to and from */
    STMT_STORE,    /* op: buffer; imm[0]: slot; x[0] */
    STMT_ATOMIC,   /* op: atomic; imm[0] unsigned, imm[1] atomicrmw; x[0] bin, x[1] value */
    STMT_IF,       /* x[0]; blocks 0 and 1 */
    STMT_LOOP,     /* op: counter; x[0] bound, imm[0] its mask; imm[1]: loop_form;
                      imm[2]: counts down; x[1]: goes on while, or NULL; block 0 */
    STMT_SWITCH,   /* x[0]; imm[i]: case values; last block default; imm[4]: bit i falls
                      through from block i */
    STMT_BREAK, STMT_CONTINUE, STMT_RETURN,
    STMT_BARRIER,
    STMT_EXCHANGE, /* op: threadgroup array; x[0] own slot; barrier; block 0; barrier */
    STMT_BINS      /* op: atomic; imm[0] unsigned; x[0] bin, x[1] value, x[2] condition;
                      block 0 reads the bins as threadgroup array 2 */
} stmt_kind;

typedef enum loop_form { LOOP_WHILE, LOOP_DO, LOOP_ROTATED, LOOP_FORMS } loop_form;

typedef struct block {
    struct stmt **items;
    unsigned count, cap;
} block;

typedef struct stmt {
    stmt_kind kind;
    unsigned op, block_count;
    expr *x[3];
    block blocks[5];
    uint64_t imm[5];
} stmt;

/* ---- kernels -------------------------------------------------------------------------- */

typedef struct variable {
    type type;
    expr *start;
} variable;

typedef struct private_array {
    base base;
    unsigned length; /* a power of two */
    unsigned start;  /* 0 memset, 1 one store each, 2 a loop */
} private_array;

typedef struct helper {
    type params[2];
    expr *body;
} helper;

enum { MAX_VARS = 40, MAX_ARRAYS = 3, MAX_HELPERS = 2, MAX_LAUNCHES = 3,
       SHARED_COUNT = 3, SHARED_BINS = 2, SHARED_LENGTH = 1024 };

typedef struct launch {
    unsigned grid[2], threadgroup[2];
} launch;

typedef struct kernel {
    uint64_t seed;
    unsigned dims;
    bool has_barriers, has_lanes, has_returns;
    bool has_short_lane;   /* thread_index_in_simdgroup as i16 */
    bool has_three;        /* 2-D: built-in inputs as three components */
    bool has_shared_arg;   /* threadgroup array 1 is an argument, not a global */
    variable vars[MAX_VARS];
    unsigned var_count;
    private_array arrays[MAX_ARRAYS];
    unsigned array_count;
    helper helpers[MAX_HELPERS];
    unsigned helper_count;
    unsigned slots[BUFFER_COUNT]; /* outputs: elements a thread owns */
    block body;
    launch launches[MAX_LAUNCHES];
    unsigned launch_count;
} kernel;

/* Builds the kernel of a seed. All of it lives in `pool`. */
kernel *kernel_generate(pool *owner, uint64_t seed);
/* Appends the whole module as LLVM text, with a head comment that run.c reads. */
void kernel_print(const kernel *k, text *out);

/* ---- between the files of the generator ----------------------------------------------- */

typedef struct gen {
    pool *pool;
    rng rng;
    kernel *kernel;
    bool is_full;        /* all threads of the threadgroup are here together */
    bool is_in_helper;
    bool is_branchy; /* this kernel: much control flow, small expressions */
    unsigned loop_depth; /* loops that a break may leave from here */
    bool has_full_loop;  /* the innermost of them must stay uniform */
    unsigned work;       /* most times the current statement runs */
    unsigned budget;     /* statements left */
    unsigned nesting;
    unsigned shared;     /* bit i: threadgroup array i may be read here */
    unsigned uniform_counters[4], uniform_counter_count;
    const type *params;
} gen;

expr *gen_expr(gen *g, type t, unsigned depth);
expr *gen_uniform(gen *g, unsigned depth);         /* i32, same in the whole threadgroup */
expr *gen_condition(gen *g, bool is_uniform, unsigned depth);
expr *expr_new(gen *g, expr_kind kind, type t, unsigned op, unsigned kid_count);
expr *expr_const(gen *g, type t, uint64_t bits);
type gen_type(gen *g);

static inline type scalar_type(base b) { return (type){(uint8_t)b, 1}; }

#endif
