/* SPDX-License-Identifier: MIT */
/* What the parts of the reader of Triton's IR share. */
#ifndef TJ_TTIR_PARSER_H
#define TJ_TTIR_PARSER_H

#include "ttir/lex.h"
#include "ttir/module.h"

/* Nested regions, types, attributes and locations; values of one list. */
enum { TJ_TT_MAX_DEPTH = 64, TJ_TT_MAX_LIST = 4096, TJ_TT_SCOPE_SLOTS = 4096 };

typedef struct tj_tt_name { /* what a %name stands for */
    const char *text;
    size_t byte_len;
    tj_tt_value **values;
    uint32_t count, slot;
    struct tj_tt_name *below;  /* of the same slot */
    struct tj_tt_name *before; /* defined earlier */
} tj_tt_name;

typedef struct tj_tt_label { /* a block of a region that is open */
    const char *text;
    size_t byte_len;
    tj_tt_block *block;
    bool is_defined;
    tj_tt_token used; /* where it was first named */
    struct tj_tt_label *next;
} tj_tt_label;

typedef struct tj_tt_alias { /* #name = attribute, !name = type */
    const char *text;
    size_t byte_len;
    tj_tt_type type;
    struct tj_tt_alias *next;
} tj_tt_alias;

typedef struct tj_tt_loc_node tj_tt_loc_node; /* parse_loc.c */

typedef struct tj_tt_parser {
    tj_tt_lexer lex;
    tj_tt_token tok, last; /* the one to be read, and the one before */
    tj_arena *arena;
    tj_diags *diags;
    tj_tt_module *module;
    tj_tt_name **slots; /* of the function that is read */
    tj_tt_name *names;
    tj_tt_label *labels; /* of the region that is read */
    tj_tt_alias *types;
    tj_tt_loc_node *locs, *loc_aliases;
    uint32_t value_count, depth;
    bool has_failed;
} tj_tt_parser;

typedef struct tj_tt_values {
    tj_tt_value **at;
    uint32_t count, capacity;
} tj_tt_values;

typedef struct tj_tt_types {
    tj_tt_type *at;
    uint32_t count, capacity;
} tj_tt_types;

typedef struct tj_tt_tokens {
    tj_tt_token *at;
    uint32_t count, capacity;
} tj_tt_tokens;

/* An operation while it is read. */
typedef struct tj_tt_draft {
    tj_tt_op *op;
    tj_tt_values operands;
    tj_tt_types types; /* that were written, in order */
    tj_tt_types results;
    tj_tt_attrs attrs;
} tj_tt_draft;

/* ---- parse_token.c ---- */

/* Reports "found X; Y expected" at the token to be read; false, for `return`. */
bool tj_tt_expected(tj_tt_parser *p, const char *what);
/* Another error at a token. */
bool tj_tt_bad(tj_tt_parser *p, const tj_tt_token *token, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void tj_tt_advance(tj_tt_parser *p);
bool tj_tt_is(const tj_tt_parser *p, const char *text); /* punctuation or word */
bool tj_tt_take(tj_tt_parser *p, const char *text);     /* steps over it if it is there */
bool tj_tt_need(tj_tt_parser *p, const char *text);
const char *tj_tt_text(tj_tt_parser *p, const tj_tt_token *token); /* without its sigil */
const char *tj_tt_unquote(tj_tt_parser *p, const tj_tt_token *token);
bool tj_tt_enter(tj_tt_parser *p); /* one level deeper; false when that is too deep */
void tj_tt_leave(tj_tt_parser *p);

void tj_tt_add_value(tj_tt_parser *p, tj_tt_values *list, tj_tt_value *value);
void tj_tt_add_type(tj_tt_parser *p, tj_tt_types *list, const tj_tt_type *type);
void tj_tt_add_attr(tj_tt_parser *p, tj_tt_attrs *list, tj_tt_attr attr);
void tj_tt_add_token(tj_tt_parser *p, tj_tt_tokens *list, const tj_tt_token *token);

/* ---- parse.c ---- */

bool tj_tt_use(tj_tt_parser *p, tj_tt_values *out); /* %a or %a#1 */
bool tj_tt_use_typed(tj_tt_parser *p, tj_tt_values *out); /* %a, %b : T, U */
bool tj_tt_use_list(tj_tt_parser *p, tj_tt_values *out, char end);
bool tj_tt_define(tj_tt_parser *p, const tj_tt_token *name, tj_tt_value **values,
                  uint32_t count);
tj_tt_value *tj_tt_new_value(tj_tt_parser *p, const tj_tt_type *type, const tj_tt_token *name);
/* `{ blocks }`; arguments of the first block may be given. */
bool tj_tt_parse_region(tj_tt_parser *p, tj_tt_op *op, tj_tt_region *out, tj_tt_value **args,
                        const tj_tt_token *arg_names, uint32_t arg_count);
/* Ends a region without results whose scf.yield was left out. */
void tj_tt_end_region(tj_tt_parser *p, tj_tt_region *region);
tj_tt_region *tj_tt_new_regions(tj_tt_parser *p, tj_tt_op *op, uint32_t count);
bool tj_tt_parse_successor(tj_tt_parser *p, tj_tt_draft *d);
bool tj_tt_check_type(tj_tt_parser *p, const tj_tt_value *value, const tj_tt_type *type);

/* ---- parse_type.c ---- */

bool tj_tt_parse_type(tj_tt_parser *p, tj_tt_type *out);
/* `<...>` without !tt.ptr or !tt.tensordesc in front, or with it. */
bool tj_tt_parse_stripped(tj_tt_parser *p, bool is_descriptor, tj_tt_type *out);
/* type, or (types); for results */
bool tj_tt_parse_type_list(tj_tt_parser *p, tj_tt_types *out);
bool tj_tt_parse_types(tj_tt_parser *p, tj_tt_types *out); /* type, type ... */

/* ---- parse_attr.c ---- */

bool tj_tt_parse_attr(tj_tt_parser *p, tj_tt_attr *out);
bool tj_tt_parse_attr_dict(tj_tt_parser *p, tj_tt_attrs *out); /* when there is one */
bool tj_tt_parse_entries(tj_tt_parser *p, tj_tt_attrs *out, const char *end);
bool tj_tt_skip_balanced(tj_tt_parser *p); /* from an opening bracket to its partner */
bool tj_tt_parse_int(tj_tt_parser *p, int64_t *out);
/* Into attribute "value": a number, true, false, dense<...>. */
bool tj_tt_parse_constant(tj_tt_parser *p, tj_tt_draft *d);

/* ---- parse_loc.c ---- */

/* loc(...) when there is one; NULL otherwise. */
bool tj_tt_parse_loc(tj_tt_parser *p, const tj_tt_loc **out);
/* Behind `#name =`; false: the attribute is no location, nothing was read. */
bool tj_tt_define_loc(tj_tt_parser *p, const tj_tt_token *name);
void tj_tt_resolve_locs(tj_tt_parser *p);

/* ---- parse_format.c, parse_region.c ---- */

bool tj_tt_parse_format(tj_tt_parser *p, tj_tt_draft *d, const char *format);
/* Operations with a form of their own; false and no error when `kind` has none. */
typedef bool tj_tt_parse_fn(tj_tt_parser *p, tj_tt_draft *d);
tj_tt_parse_fn *tj_tt_special_form(tj_tt_kind kind);
/* Fills the types of results from d->types. */
bool tj_tt_infer_results(tj_tt_parser *p, tj_tt_draft *d);

#endif
