/* SPDX-License-Identifier: MIT */
/* The Metal printer's parts. A canonical kernel becomes variables and folded expressions
 * (fold.c, variables.c), a tree of statements (structure.c, tidy.c, declare.c), then text.
 */
#ifndef TJ_MSL_H
#define TJ_MSL_H

#include "cfg.h"
#include "codegen.h"
#include "intrin.h"

#include <llvm-c/Core.h>

/* One parameter or instruction. */
typedef struct tj_mval {
    LLVMValueRef value;
    int block;      /* TJ_NONE for parameters */
    uint32_t order; /* place in the function */
    uint32_t use_count;
    uint32_t at; /* order of the statement that prints it; its own unless folded */
    bool is_folded;
    bool is_signed;          /* integers: spelled int, not uint */
    int var;                 /* into tj_msl.vars; TJ_NONE: has no name */
    const char *author_name; /* from debug information; NULL: none */
} tj_mval;

/* One variable of the text: values that never live at the same time. */
typedef struct tj_mvar {
    const char *name; /* once all is structured */
    const char *wish; /* the author's; NULL or "": none */
    LLVMTypeRef type;
    bool is_signed;
    LLVMValueRef first; /* a value of it, which knows what a pointer points to */
    struct tj_list *scope;
    bool is_declared;
    bool is_flag; /* of control flow; `first` is NULL */
} tj_mvar;

typedef enum tj_stmt_kind {
    TJ_STMT_INST,    /* an instruction with effects, or the definition of a variable */
    TJ_STMT_COPY,    /* var = value, for a phi */
    TJ_STMT_CHOOSE,  /* var = cond ? value : other */
    TJ_STMT_SAVE,    /* a temporary for copies that cross: temp = var */
    TJ_STMT_RESTORE, /* var = temp */
    TJ_STMT_IF,
    TJ_STMT_LOOP,  /* with a head: for (init; cond; step) */
    TJ_STMT_DO,    /* tests `cond` at its end */
    TJ_STMT_BLOCK, /* do { } while (false), left by break */
    TJ_STMT_DECLARE,
    TJ_STMT_BREAK,
    TJ_STMT_CONTINUE,
    TJ_STMT_RETURN,
    TJ_STMT_DISPATCH, /* blocks `number` to `last`, of a loop or all; cases in `then` */
    TJ_STMT_CASE,
    TJ_STMT_GOTO, /* state = number */
} tj_stmt_kind;

typedef struct tj_list {
    struct tj_stmt *first, *last;
    struct tj_list *parent; /* of the statement that this list belongs to */
    int depth;
    int undeclared; /* variables of this scope that no statement declares yet: declare.c */
    bool has_cases; /* of a dispatch */
} tj_list;

/* A condition: terms joined by && or ||, each perhaps negated. */
typedef struct tj_cond {
    LLVMValueRef value; /* NULL: variable `flag` */
    int flag;
    bool is_negated;
    struct tj_cond *next;
    bool is_or;         /* how `next` is joined */
    LLVMValueRef limit; /* of a comparison: stands for its right side; NULL: does not */
    bool is_less;       /* `!=` is printed as `<` */
} tj_cond;

typedef struct tj_stmt {
    tj_stmt_kind kind;
    struct tj_stmt *next;
    LLVMValueRef value; /* INST: the instruction; COPY: what is copied */
    LLVMValueRef other; /* CHOOSE */
    int var;
    bool declares;
    unsigned number;             /* SAVE, RESTORE: the temporary; CASE, GOTO: the block */
    unsigned last;               /* DISPATCH */
    tj_cond *cond;               /* IF; LOOP: NULL for ever */
    tj_list then, orelse;        /* IF; LOOP and CASE: then */
    struct tj_stmt *init, *step; /* LOOP */
} tj_stmt;

enum { TJ_NAME_BUCKETS = 512 };

typedef struct tj_mname tj_mname;

typedef struct tj_name_table {
    tj_mname *buckets[TJ_NAME_BUCKETS];
} tj_name_table;

typedef struct tj_mstruct {
    LLVMTypeRef type;
    const char *name, **fields;
    bool *is_signed; /* by field */
    bool is_used;    /* by what was printed */
} tj_mstruct;

/* One message that the kernel logs. */
typedef struct tj_mlog {
    LLVMValueRef call;
    const char *subsystem, *category, *method, *format;
    const char *logger; /* its name, once printed; NULL: another message's, or the default */
    char *sign;         /* by argument: 's', 'u' as the format says; 0: as the value */
    struct tj_mlog *next;
} tj_mlog;

typedef struct tj_msl {
    tj_unit *unit;
    const tj_kernel *kernel;
    tj_arena *arena;
    tj_cfg cfg;
    LLVMTargetDataRef layout;
    unsigned inst_room; /* that a list of all instructions needs, and some more */
    tj_mval *vals;
    uint32_t val_count;
    tj_ptrmap val_index;
    tj_mvar *vars;
    int var_count, var_room; /* at most; vars grows up to it */
    uint32_t var_capacity;
    tj_name_table names;
    struct tj_mweb *webs;   /* by value: web.c */
    struct tj_mslot *slots; /* slots.c */
    unsigned slot_depth;
    struct tj_mdescribed *described; /* structs that only the metadata knows */
    tj_mstruct *structs;             /* inner ones first */
    unsigned struct_count;
    const char **globals; /* names, in the module's order */
    bool *is_global_signed;
    bool *is_global_used; /* by the statements that were printed */
    const char **args;    /* names, by parameter */
    bool *is_reference;   /* by parameter */
    /* "atomic_uint" where no other access is; else NULL */
    const char **atomic_args, **atomic_globals;
    tj_mlog *logs;        /* the last one first */
    const char **helpers; /* names of those that are called: helper.c */
    tj_list body;
    unsigned temp_count;
    bool is_dispatched;
    const char *kernel_name, *state_name;
    unsigned align; /* of the access being printed, in bytes; 0: natural */
    int depth;      /* of the expression being printed */
    tj_text *out;
    tj_status status;
} tj_msl;

/* ---- print.c --------------------------------------------------------------------------- */

tj_mval *tj_msl_find(const tj_msl *m, LLVMValueRef value); /* NULL: constant or global */
/* Records the first refusal; later ones are lost. */
void tj_msl_refuse(tj_msl *m, LLVMValueRef inst, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- fold.c, sign.c, variables.c ------------------------------------------------------- */

void tj_msl_fold(tj_msl *m);
bool tj_msl_writes(LLVMValueRef inst); /* memory, or meets other threads */
bool tj_msl_is_pure_call(LLVMValueRef call);
/* Whether it reads what a parameter, or a function constant, is: that is its name. */
bool tj_msl_is_reference_load(const tj_msl *m, LLVMValueRef inst);
void tj_msl_choose_signs(tj_msl *m);
tj_status tj_msl_make_variables(tj_msl *m);

/* ---- names.c --------------------------------------------------------------------------- */

/* A name that nothing else has, from `wish`, which may be NULL or no identifier. */
const char *tj_msl_name(tj_msl *m, const char *wish, const char *otherwise);
/* A kernel's, which its host knows. */
const char *tj_msl_kernel_name(tj_msl *m, const char *wish);
/* The same for a variable of `scope`; NULL: of all of the text. */
const char *tj_msl_name_in(tj_msl *m, const char *wish, const char *otherwise,
                           const tj_list *scope);
/* The author's part of a name in the module: without mangling, or the function in front. */
const char *tj_msl_plain_name(tj_msl *m, const char *name);
/* Without what passes of LLVM put behind it: naming.h. */
const char *tj_msl_bare_name(tj_msl *m, const char *name);
/* Takes the names of values from debug information. */
void tj_msl_read_names(tj_msl *m);
/* Whether the author named the value. */
bool tj_msl_has_name(const tj_mval *val);
/* Gives all variables names, once scopes are known. */
void tj_msl_name_variables(tj_msl *m);

/* ---- structure.c, tidy.c, declare.c ---------------------------------------------------- */

void tj_msl_structure(tj_msl *m);
void tj_msl_tidy(tj_msl *m);
void tj_msl_count_loops(tj_msl *m, tj_list *list);
/* Makes assignments that both arms of an if share, or that are all of it, one. */
void tj_msl_merge(tj_msl *m, tj_list *list);
/* Conditions at the ends of loops that stay there: do ... while. */
void tj_msl_make_do(tj_msl *m, tj_list *list);
bool tj_msl_reads(const tj_msl *m, LLVMValueRef value, int var); /* as it is printed */
bool tj_msl_assigns(const tj_list *list, int var);
bool tj_msl_is_break_if(const tj_stmt *stmt);
bool tj_msl_has_continue(const tj_list *list); /* of the loop that the list is of */
void tj_msl_declare(tj_msl *m);
/* Whether statements of the list, or inside them, read or write the variable; `skip` aside. */
bool tj_msl_touches(const tj_msl *m, const tj_list *list, int var, const tj_stmt *skip);
/* The same without writes. */
bool tj_msl_is_read(const tj_msl *m, const tj_list *list, int var, const tj_stmt *skip);
tj_stmt *tj_msl_append(tj_msl *m, tj_list *list, tj_stmt_kind kind);

/* Appends what the phis of block `to` get from block `from`. */
void tj_msl_put_edge(tj_msl *m, int from, int to, tj_list *list);

/* ---- type.c ---------------------------------------------------------------------------- */

const char *tj_msl_type(tj_msl *m, LLVMTypeRef type, bool is_signed);
const char *tj_msl_space(unsigned address_space);
/* "float x", "threadgroup float x[32]", "device float *x". */
const char *tj_msl_declaration(tj_msl *m, LLVMTypeRef type, bool is_signed, const char *name);
/* The same with the elements spelled by the caller. */
const char *tj_msl_declare_as(tj_msl *m, LLVMTypeRef type, const char *elements,
                              const char *name);
void tj_msl_find_structs(tj_msl *m);
void tj_msl_print_structs(tj_msl *m);
const tj_mstruct *tj_msl_struct(const tj_msl *m, LLVMTypeRef type); /* NULL: none */
/* What the metadata says of a struct's member; NULL: nothing. */
const tj_field *tj_msl_described(const tj_msl *m, LLVMTypeRef type, unsigned field);

LLVMTypeRef tj_msl_scalar(LLVMTypeRef type); /* of a vector; else the type itself */
bool tj_msl_is_integer(LLVMTypeRef type);    /* or a vector of integers */
bool tj_msl_is_vector(LLVMTypeRef type);
unsigned tj_msl_bits(LLVMTypeRef type); /* of an integer or a vector's element */

/* ---- constant.c, vector.c -------------------------------------------------------------- */

const char *tj_msl_integer(tj_msl *m, LLVMValueRef value, bool is_signed);
const char *tj_msl_constant(tj_msl *m, LLVMValueRef value, bool is_signed);
bool tj_msl_is_splat(LLVMValueRef constant);
const char *tj_msl_extract(tj_msl *m, LLVMValueRef inst, int *prec);
const char *tj_msl_component(tj_msl *m, LLVMValueRef vector, unsigned i);
const char *tj_msl_construct(tj_msl *m, LLVMValueRef inst, int *prec);
/* The value that all components of a folded vector are; NULL: there is none. */
LLVMValueRef tj_msl_splat(const tj_msl *m, LLVMValueRef value);

/* ---- expr.c, call.c, memory.c ---------------------------------------------------------- */

enum {
    TJ_PREC_COND = 1,
    TJ_PREC_LOR,
    TJ_PREC_LAND,
    TJ_PREC_BIT, /* | ^ & << >>: operands in parentheses */
    TJ_PREC_EQ,
    TJ_PREC_REL,
    TJ_PREC_ADD,
    TJ_PREC_MUL,
    TJ_PREC_UNARY,
    TJ_PREC_PRIMARY
};

/* The value's text, in parentheses when it binds less than `prec`. */
const char *tj_msl_expr(tj_msl *m, LLVMValueRef value, int prec);
/* The same, spelled as a signed or unsigned integer. */
const char *tj_msl_expr_as(tj_msl *m, LLVMValueRef value, bool is_signed, int prec);
/* The same beside an operand that decides the type: plain literals, scalars for splats. */
const char *tj_msl_operand(tj_msl *m, LLVMValueRef value, LLVMValueRef other, bool is_signed,
                           int prec);
const char *tj_msl_wrap(tj_msl *m, const char *text, int has, int needs);
/* The text of a folded instruction, or of what defines a variable. */
const char *tj_msl_inst(tj_msl *m, LLVMValueRef inst, int *prec);
/* Whether it asks if a bool in memory is set. */
bool tj_msl_is_bool_test(tj_msl *m, LLVMValueRef compare);
/* What an operand of || binds as at least: other || stand beside it without parentheses. */
int tj_msl_or_level(const tj_msl *m, LLVMValueRef value, bool is_negated);
/* The opposite of a bool. */
const char *tj_msl_negated(tj_msl *m, LLVMValueRef value, int prec);
const char *tj_msl_negation(tj_msl *m, LLVMValueRef value, int *prec);
const char *tj_msl_call(tj_msl *m, LLVMValueRef call, int *prec);
bool tj_msl_is_signed(const tj_msl *m, LLVMValueRef value);

/* The object of type `type` at `pointer`; *is_signed says how its integers are spelled. */
const char *tj_msl_object(tj_msl *m, LLVMValueRef pointer, LLVMTypeRef type, bool *is_signed);
/* The same where no cast is needed; else NULL. */
const char *tj_msl_plain_object(tj_msl *m, LLVMValueRef pointer, LLVMTypeRef type,
                                bool *is_signed);
/* "root + steps", where the address is whole steps from a pointer; else NULL. */
const char *tj_msl_walk(tj_msl *m, LLVMValueRef pointer, int prec);
/* The type of the first access or address computation with this pointer as base; NULL: none */
LLVMTypeRef tj_msl_type_by_use(const tj_msl *m, LLVMValueRef pointer);
/* Finds the parameters that are references. */
void tj_msl_find_references(tj_msl *m);
/* The largest value of a built-in input, or of its components; `otherwise` for all else. */
uint64_t tj_msl_input_limit(const tj_msl *m, LLVMValueRef value, uint64_t otherwise);
/* What an address is computed from. */
LLVMValueRef tj_msl_root(LLVMValueRef pointer);
/* What a parameter, global, alloca, phi or select points to. */
LLVMTypeRef tj_msl_pointee(tj_msl *m, LLVMValueRef pointer, bool *is_signed);

/* ---- pointer.c, web.c ------------------------------------------------------------------ */

/* What a pointer is declared to point to. */
typedef struct tj_mtarget {
    LLVMTypeRef type; /* NULL: anything */
    const char *spelling;
} tj_mtarget;

/* Of a parameter, phi, select, load. */
tj_mtarget tj_msl_target(tj_msl *m, LLVMValueRef pointer);
/* A pointer value, of what comes easiest. */
const char *tj_msl_pointer(tj_msl *m, LLVMValueRef pointer, int prec);
/* The same with a cast where it points to something else than wanted, or than `like` does. */
const char *tj_msl_pointer_as(tj_msl *m, LLVMValueRef pointer, const tj_mtarget *wanted,
                              int prec);
const char *tj_msl_pointer_like(tj_msl *m, LLVMValueRef pointer, LLVMValueRef like, int prec);
/* What defines `pointer`, for the variable of `like`. */
const char *tj_msl_loaded_like(tj_msl *m, LLVMValueRef pointer, LLVMValueRef like,
                               const char *text);
/* "a OP b" */
const char *tj_msl_compare_pointers(tj_msl *m, LLVMValueRef a, LLVMValueRef b, const char *op,
                                    int prec);
/* The same as a pointer to `type`. */
const char *tj_msl_pointer_at(tj_msl *m, LLVMValueRef pointer, LLVMTypeRef type);
/* The same as a pointer to `spelling`, by a cast. */
const char *tj_msl_pointer_to(tj_msl *m, LLVMValueRef pointer, const char *spelling);
/* Chooses what phis and selects of pointers point to. */
void tj_msl_find_webs(tj_msl *m);
/* What was chosen, and what is declared so, if anything is; NULL: it is neither. */
LLVMTypeRef tj_msl_web_pointee(const tj_msl *m, LLVMValueRef pointer, LLVMValueRef *origin);
bool tj_msl_is_const_web(const tj_msl *m, LLVMValueRef pointer);

/* ---- packed.c -------------------------------------------------------------------------- */

typedef enum tj_member_form {
    TJ_MEMBER_PLAIN,
    TJ_MEMBER_PACKED, /* packed_float4 */
    TJ_MEMBER_BYTES,  /* uchar x[16] */
} tj_member_form;

tj_member_form tj_msl_member_form(const tj_msl *m, LLVMTypeRef type, unsigned field);
/* "{1, 0, 0, 0}" */
const char *tj_msl_bytes(tj_msl *m, LLVMValueRef constant);

/* ---- slots.c --------------------------------------------------------------------------- */

/* The type with vec<T, n> and atomic<T> of a C++ library as what they are. */
LLVMTypeRef tj_msl_memory_type(const tj_msl *m, LLVMTypeRef type);
/* The struct that the metadata says an argument's elements are; NULL: not in the module. */
LLVMTypeRef tj_msl_struct_named(tj_msl *m, const tj_arg *arg);
/* described.c: the type of its members, once made; NULL: there is none that prints. */
LLVMTypeRef tj_msl_make_described(tj_msl *m, const tj_arg *arg);
/* Of the two or more that addresses go through, the one that the metadata tells of; another
 * may be its first member. */
LLVMTypeRef tj_msl_struct_of_arg(tj_msl *m, LLVMValueRef pointer, const tj_arg *arg);
/* Memory that is declared as pointers into `space`, at this address; NULL: it is not. */
struct tj_mslot *tj_msl_slot(tj_msl *m, LLVMValueRef address, unsigned space);
tj_mtarget tj_msl_slot_target(tj_msl *m, const struct tj_mslot *slot);
/* What a pointer that is loaded from one points to; NULL: it is from elsewhere. */
LLVMTypeRef tj_msl_slot_pointee(tj_msl *m, LLVMValueRef load, bool *is_signed);
bool tj_msl_is_const_slot(tj_msl *m, LLVMValueRef load);
bool tj_msl_is_bool_slot(tj_msl *m, LLVMValueRef load);
/* "device float *" of a member, or of an array of them; NULL: it holds no pointers. */
const char *tj_msl_field_pointer(tj_msl *m, LLVMTypeRef type, unsigned field);
/* Whether a member of the struct `type` points to the struct `to`. */
bool tj_msl_has_pointer_to(tj_msl *m, LLVMTypeRef type, LLVMTypeRef to);
/* tj_msl_field_pointer of a variable. */
const char *tj_msl_root_pointer(tj_msl *m, LLVMValueRef root);
/* The slots themselves; NULL: not declared as pointers. */
struct tj_mslot *tj_msl_field_slot(tj_msl *m, LLVMTypeRef type, unsigned field);
struct tj_mslot *tj_msl_root_slot(tj_msl *m, LLVMValueRef root);
/* Of a pointer value. */
const char *tj_msl_pointer_type(tj_msl *m, LLVMValueRef pointer);

/* ---- memory.c, for slots.c and web.c --------------------------------------------------- */

/* The root of an address and a constant offset from it; NULL: it has indices. */
LLVMValueRef tj_msl_offset(tj_msl *m, LLVMValueRef pointer, int64_t *offset);
/* Whether it is only part of addresses: a constant times or plus an index of 64 bits. */
bool tj_msl_is_index_step(LLVMValueRef value);
/* The root, the constant part, and what divides the steps of all indices; 0: none. */
LLVMValueRef tj_msl_steps(tj_msl *m, LLVMValueRef pointer, int64_t *constant, int64_t *step);
LLVMTypeRef tj_msl_type_of_argument(tj_msl *m, const tj_arg *arg, bool *is_signed);
LLVMTypeRef tj_msl_struct_by_use(LLVMValueRef pointer);

/* ---- atomic.c, signature.c ------------------------------------------------------- */

void tj_msl_find_atomics(tj_msl *m);
/* The atomic type that a parameter or global is declared with; NULL: it is not. */
const char *tj_msl_atomic_root(const tj_msl *m, LLVMValueRef root);
/* The type that an operation wants: "atomic_int". */
const char *tj_msl_atomic_type(tj_msl *m, LLVMValueRef call, const tj_intrin_use *use);
/* The function constant that a global holds; NULL: it is none. */
const tj_constant *tj_msl_function_constant(const tj_msl *m, LLVMValueRef global);

/* ---- statement.c, head.c, signature.c
 * ---------------------------------------------------------- */

void tj_msl_print_body(tj_msl *m);
void tj_msl_print_head(tj_msl *m);
void tj_msl_print_signature(tj_msl *m);
/* A parameter that is only read, or what may be one. */
bool tj_msl_is_const(tj_msl *m, LLVMValueRef pointer);
bool tj_msl_is_bool_memory(tj_msl *m, LLVMValueRef pointer);

/* ---- log.c ----------------------------------------------------------------------------- */

/* The message that this call is; NULL: it is none. */
const char *tj_msl_message(tj_msl *m, LLVMValueRef call);
bool tj_msl_print_loggers(tj_msl *m);

/* ---- helper.c -------------------------------------------------------------------------- */

/* The name of a function that is printed with the kernel; NULL: there is none of this key. */
const char *tj_msl_helper(tj_msl *m, const char *key, const char *wish);
void tj_msl_print_helpers(tj_msl *m);
/* Operations on memory that LLVM has and Metal has not: "tmjit.atomic.fmax device". */
#define TJ_MSL_ATOMIC "tmjit.atomic."
bool tj_msl_is_printed_atomic(LLVMValueRef call); /* atomic.c */

/* ---- wrap.c ---------------------------------------------------------------------------- */

void tj_msl_wrap_lines(tj_text *out, const tj_text *from);

#define TJ_MSL_TEXT(m, ...) tj_arena_printf((m)->arena, __VA_ARGS__)

#endif
