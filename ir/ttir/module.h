/* SPDX-License-Identifier: MIT */
/* Triton's IR as it is in memory: functions, regions, blocks, operations, values.
 *
 * All of it lives in one arena. Operations are those of `ops.def`; text that names others is
 * refused when it is read. Positions in the text and the author's own (loc) stay with each
 * operation. Source: the textual form of MLIR and of Triton 3.6 to 3.9.
 */
#ifndef TJ_TTIR_MODULE_H
#define TJ_TTIR_MODULE_H

#include "arena.h"
#include "diag.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- types ------------------------------------------------------------------------------ */

typedef enum tj_tt_elem {
#define TT_ELEM(id, ...) TJ_TT_##id,
#include "ttir/elems.def"
    TJ_TT_ELEM_COUNT
} tj_tt_elem;

typedef struct tj_tt_elem_info {
    const char *name; /* as MLIR spells it */
    unsigned bits;
    bool is_float;
} tj_tt_elem_info;
extern const tj_tt_elem_info tj_tt_elem_infos[TJ_TT_ELEM_COUNT];

typedef enum tj_tt_form {
    TJ_TT_SCALAR,
    TJ_TT_TENSOR,
    TJ_TT_DESCRIPTOR,   /* !tt.tensordesc */
    TJ_TT_BLOCK_POINTER /* !tt.ptr<tensor<...>> of Triton 3.6 */
} tj_tt_form;

/* A hypercube of one bit a dimension is what sorting makes of 2^20 elements. */
enum { TJ_TT_MAX_RANK = 20, TJ_TT_MAX_LOG2 = 20 };

/* Sizes are powers of two. Unused bytes are zero: equal types are equal bytes. */
typedef struct tj_tt_type {
    uint8_t form;       /* tj_tt_form */
    uint8_t elem;       /* tj_tt_elem */
    uint8_t is_pointer; /* to `elem`, which then is no type of a value */
    uint8_t rank;       /* 0 for scalars */
    uint8_t is_unsigned; /* integers of a descriptor: they compare without a sign */
    uint8_t log2[TJ_TT_MAX_RANK];
} tj_tt_type;

bool tj_tt_same_type(const tj_tt_type *a, const tj_tt_type *b);
bool tj_tt_same_shape(const tj_tt_type *a, const tj_tt_type *b);
unsigned tj_tt_log2_size(const tj_tt_type *type); /* of the number of elements */
bool tj_tt_is_int(const tj_tt_type *type);        /* of any width; no pointer */
bool tj_tt_is_float(const tj_tt_type *type);
/* The same shape with other elements, which are no pointers. */
tj_tt_type tj_tt_with_elem(const tj_tt_type *type, tj_tt_elem elem);
tj_tt_type tj_tt_scalar(tj_tt_elem elem);
/* As MLIR writes it. */
const char *tj_tt_type_name(tj_arena *arena, const tj_tt_type *type);

/* ---- places ----------------------------------------------------------------------------- */

/* Where the author wrote something: loc("file":line:column), possibly under a name. */
typedef struct tj_tt_loc {
    const char *file; /* NULL: unknown */
    unsigned line, column;
    const char *name;             /* of a variable; NULL: none */
    const struct tj_tt_loc *call; /* where the function was called that this was inlined from */
} tj_tt_loc;

/* ---- attributes ------------------------------------------------------------------------- */

typedef enum tj_tt_attr_kind {
    TJ_TT_ATTR_UNIT,
    TJ_TT_ATTR_INT,    /* also true and false; of a float: its bits */
    TJ_TT_ATTR_FLOAT,  /* decimal: `string` is as it was written */
    TJ_TT_ATTR_STRING, /* also keywords, symbols */
    TJ_TT_ATTR_LIST,   /* array<...>, [...], the elements of dense<...> in their order */
    TJ_TT_ATTR_OTHER   /* stepped over */
} tj_tt_attr_kind;

typedef struct tj_tt_attr {
    const char *name;
    tj_tt_attr_kind kind;
    int64_t number;
    const char *string;
    const struct tj_tt_attr *items; /* of a list */
    uint32_t count;
} tj_tt_attr;

typedef struct tj_tt_attrs {
    tj_tt_attr *at;
    uint32_t count, capacity;
} tj_tt_attrs;

/* ---- operations ------------------------------------------------------------------------- */

typedef enum tj_tt_kind {
    TJ_TT_NO_OP,
#define TT_OP(id, ...) TJ_TT_OP_##id,
#include "ttir/ops.def"
    TJ_TT_OP_COUNT
} tj_tt_kind;

typedef struct tj_tt_op_info {
    const char *name;
    const char *format; /* see parse_format.c; NULL: a function of its own */
    uint8_t rule;       /* tj_tt_rule */
    int8_t least, most; /* operands; most -1: any number */
    uint8_t flags;      /* TJ_TT_... of below */
} tj_tt_op_info;
extern const tj_tt_op_info tj_tt_op_infos[TJ_TT_OP_COUNT];

enum { TJ_TT_TERMINATOR = 1, TJ_TT_ELEMENTWISE = 2, TJ_TT_HAS_REGIONS = 4 };

/* How the types of results follow from those that are written. */
typedef enum tj_tt_rule {
    TJ_TT_RULE_NONE,    /* no results */
    TJ_TT_RULE_SAME,    /* one type for operands and results */
    TJ_TT_RULE_COMPARE, /* one type for operands; i1 of its shape */
    TJ_TT_RULE_SELECT,  /* the last type; a condition's before it, if any */
    TJ_TT_RULE_LAST,    /* the last type is the results', those before it the operands' */
    TJ_TT_RULE_FIRST,   /* the first type is the result's, all are the operands' */
    TJ_TT_RULE_LOAD,    /* what the pointers point to */
    TJ_TT_RULE_ELEMENT, /* one element of the operand */
    TJ_TT_RULE_FUNCTION /* (operands) -> results */
} tj_tt_rule;

typedef struct tj_tt_op tj_tt_op;
typedef struct tj_tt_block tj_tt_block;
typedef struct tj_tt_region tj_tt_region;

typedef struct tj_tt_value {
    tj_tt_type type;
    const char *name; /* the author's, else that of the text without % */
    tj_tt_op *def;    /* NULL: an argument of `block` */
    tj_tt_block *block;
    uint32_t index;  /* among the results or arguments */
    uint32_t number; /* among all values of the function */
    const tj_tt_loc *loc;
} tj_tt_value;

struct tj_tt_op {
    tj_tt_kind kind;
    tj_tt_value **operands, **results;
    uint32_t operand_count, result_count;
    tj_tt_attr *attrs;
    uint32_t attr_count;
    tj_tt_region *regions;
    uint32_t region_count;
    tj_tt_block **successors; /* their operands follow the operation's own, in order */
    uint32_t *successor_operands;
    uint32_t successor_count;
    tj_tt_block *parent;
    tj_tt_op *next;
    const tj_tt_loc *loc;  /* NULL: none */
    uint32_t line, column; /* in the text */
};

struct tj_tt_block {
    tj_tt_value **args;
    uint32_t arg_count;
    tj_tt_op *first, *last;
    tj_tt_region *parent;
    tj_tt_block *next;
    uint32_t line, column;
};

struct tj_tt_region {
    tj_tt_block *first, *last;
    tj_tt_op *parent; /* NULL: the body of a function */
};

typedef struct tj_tt_func {
    const char *name;
    bool is_public;
    tj_tt_region body;        /* the first block's arguments are the parameters */
    tj_tt_attrs *param_attrs; /* one list for each parameter */
    tj_tt_type *results;
    uint32_t result_count;
    uint32_t value_count;
    const tj_tt_loc *loc;
    uint32_t line, column;
    struct tj_tt_func *next;
} tj_tt_func;

typedef struct tj_tt_module {
    tj_arena *arena;
    const char *file; /* name of the text */
    const char *text;
    size_t byte_len;
    tj_tt_func *first, *last;
} tj_tt_module;

/* NULL when it has none of this name. */
const tj_tt_attr *tj_tt_find_attr(const tj_tt_op *op, const char *name);
int64_t tj_tt_int_attr(const tj_tt_op *op, const char *name, int64_t otherwise);
/* The number of an enumeration's word (words.def), `otherwise` without the attribute, -1 for
 * what is no word of it. */
int tj_tt_word(const tj_tt_op *op, const char *attribute, int otherwise);
/* A list of integers: its length, or -1 when it is no such list or longer than `most`. */
int tj_tt_int_list(const tj_tt_op *op, const char *name, int64_t *out, int most);
tj_tt_func *tj_tt_find_func(const tj_tt_module *module, const char *name);

/* ---- parse.c ---------------------------------------------------------------------------- */

/* Reads text into `out`, which lives in diags->arena; the text must stay. What is not Triton's
 * IR is an error with line, column and what was expected there; types are consistent afterwards
 * only as far as the text repeats them: tj_tt_verify checks the rest. */
tj_status tj_tt_parse(const char *text, size_t byte_len, const char *file, tj_diags *diags,
                      tj_tt_module *out);

/* ---- verify.c --------------------------------------------------------------------------- */

/* Operand counts and types, attributes, regions, terminators, calls: what lowering relies on.
 */
tj_status tj_tt_verify(const tj_tt_module *module, tj_diags *diags);

/* An error at an operation: at the author's place when it is known, else in the text. */
tj_status tj_tt_fail(const tj_tt_module *module, const tj_tt_op *op, tj_diags *diags,
                     tj_status status, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
