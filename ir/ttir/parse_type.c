/* SPDX-License-Identifier: MIT */
/* Types in Triton's IR: scalars, pointers, tensors, descriptors, and aliases of them. */
#include "ttir/parser.h"

#include <string.h>

static bool is_text(const tj_tt_token *token, const char *text)
{
    return token->byte_len == strlen(text) && !memcmp(token->start, text, token->byte_len);
}

static bool parse_elem(tj_tt_parser *p, tj_tt_elem *out)
{
    for (int i = 1; i < TJ_TT_ELEM_COUNT; i++)
        if (p->tok.kind == TJ_TT_TOK_WORD && is_text(&p->tok, tj_tt_elem_infos[i].name)) {
            *out = (tj_tt_elem)i;
            tj_tt_advance(p);
            return true;
        }
    return false;
}

/* Elements of descriptors carry their sign, which loaded values do not have. */
static bool parse_signed_elem(tj_tt_parser *p, tj_tt_elem *out)
{
    static const struct {
        const char *name;
        tj_tt_elem elem;
    } rows[] = {{"si8", TJ_TT_I8},   {"ui8", TJ_TT_I8},   {"si16", TJ_TT_I16},
                {"ui16", TJ_TT_I16}, {"si32", TJ_TT_I32}, {"ui32", TJ_TT_I32},
                {"si64", TJ_TT_I64}, {"ui64", TJ_TT_I64}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (p->tok.kind == TJ_TT_TOK_WORD && is_text(&p->tok, rows[i].name)) {
            *out = rows[i].elem;
            tj_tt_advance(p);
            return true;
        }
    return parse_elem(p, out);
}

/* 128x64x in front of an element; the lexer has no token for it. */
static bool parse_dims(tj_tt_parser *p, tj_tt_type *out)
{
    const char *at = p->tok.start, *end = p->lex.end;
    if (tj_tt_is(p, "?") || tj_tt_is(p, "*"))
        return tj_tt_bad(p, &p->tok, "tensors whose shape is not known are not read");
    while (at < end && *at >= '0' && *at <= '9') {
        uint64_t size = 0;
        for (; at < end && *at >= '0' && *at <= '9'; at++)
            size = size < UINT32_MAX ? size * 10 + (uint64_t)(*at - '0') : size;
        if (at == end || *at != 'x')
            return tj_tt_bad(p, &p->tok, "'x' and an element type expected after a dimension");
        at++;
        if (!size || (size & (size - 1)) || size > UINT64_C(1) << TJ_TT_MAX_LOG2)
            return tj_tt_bad(p, &p->tok, "dimension %llu is no power of two up to %u",
                             (unsigned long long)size, 1u << TJ_TT_MAX_LOG2);
        if (out->rank == TJ_TT_MAX_RANK)
            return tj_tt_bad(p, &p->tok, "a tensor has at most %d dimensions", TJ_TT_MAX_RANK);
        out->log2[out->rank++] = (uint8_t)__builtin_ctzll(size);
    }
    if (tj_tt_log2_size(out) > TJ_TT_MAX_LOG2)
        return tj_tt_bad(p, &p->tok, "a tensor has at most %u elements", 1u << TJ_TT_MAX_LOG2);
    tj_tt_lex_back(&p->lex, at);
    p->tok = tj_tt_lex_next(&p->lex);
    return true;
}

static bool skip_encoding(tj_tt_parser *p)
{
    if (!tj_tt_take(p, ","))
        return true;
    return tj_tt_bad(p, &p->tok,
                     "layouts in types belong to a later stage of Triton than its IR "
                     "(.ttir), which has none");
}

/* Behind `tensor<`: 16x!tt.ptr<f32>> */
static bool parse_tensor(tj_tt_parser *p, tj_tt_form form, tj_tt_type *out)
{
    *out = (tj_tt_type){.form = (uint8_t)form};
    tj_tt_elem elem;
    if (!parse_dims(p, out))
        return false;
    out->is_unsigned = form == TJ_TT_DESCRIPTOR && p->tok.kind == TJ_TT_TOK_WORD &&
                       p->tok.byte_len > 2 && memcmp(p->tok.start, "ui", 2) == 0;
    if (form == TJ_TT_DESCRIPTOR ? parse_signed_elem(p, &elem) : parse_elem(p, &elem)) {
        out->elem = (uint8_t)elem;
    } else {
        tj_tt_type pointer;
        if (form != TJ_TT_TENSOR || p->tok.kind != TJ_TT_TOK_BANG)
            return tj_tt_expected(p, "an element type");
        if (!tj_tt_parse_type(p, &pointer))
            return false;
        if (!pointer.is_pointer || pointer.form != TJ_TT_SCALAR)
            return tj_tt_bad(p, &p->last,
                             "elements of tensors are numbers or pointers to them");
        out->elem = pointer.elem;
        out->is_pointer = true;
    }
    return skip_encoding(p) && tj_tt_need(p, ">");
}

/* Behind `!tt.ptr<` */
static bool parse_pointer(tj_tt_parser *p, tj_tt_type *out)
{
    tj_tt_elem elem;
    if (tj_tt_take(p, "tensor"))
        return tj_tt_need(p, "<") && parse_tensor(p, TJ_TT_BLOCK_POINTER, out) &&
               tj_tt_need(p, ">");
    if (!parse_elem(p, &elem))
        return tj_tt_expected(p, "the type that a pointer points to, a number,");
    *out = (tj_tt_type){.elem = (uint8_t)elem, .is_pointer = true};
    int64_t space;
    if (tj_tt_take(p, ",")) {
        tj_tt_token at = p->tok;
        if (is_text(&at, "\"constant\"")) { /* tl.const: memory that the kernel only reads */
            tj_tt_advance(p);
            return tj_tt_need(p, ">");
        }
        if (!tj_tt_parse_int(p, &space))
            return false;
        if (space != 1)
            return tj_tt_bad(p, &at,
                             "pointers of address space %lld are not read; those of "
                             "space 1 are",
                             (long long)space);
    }
    return tj_tt_need(p, ">");
}

/* Behind `!tt.tensordesc<`: 64x32xf16>, in Triton 3.6 and 3.7 tensor<64x32xf16>> */
static bool parse_descriptor(tj_tt_parser *p, tj_tt_type *out)
{
    if (!tj_tt_take(p, "tensor"))
        return parse_tensor(p, TJ_TT_DESCRIPTOR, out);
    return tj_tt_need(p, "<") && parse_tensor(p, TJ_TT_DESCRIPTOR, out) && tj_tt_need(p, ">");
}

bool tj_tt_parse_stripped(tj_tt_parser *p, bool is_descriptor, tj_tt_type *out)
{
    if (!tj_tt_take(p, "<"))
        return tj_tt_parse_type(p, out);
    return is_descriptor ? parse_descriptor(p, out) : parse_pointer(p, out);
}

static bool parse_bang(tj_tt_parser *p, tj_tt_type *out)
{
    tj_tt_token name = p->tok;
    tj_tt_advance(p);
    if (is_text(&name, "!tt.ptr"))
        return tj_tt_need(p, "<") && parse_pointer(p, out);
    if (is_text(&name, "!tt.tensordesc"))
        return tj_tt_need(p, "<") && parse_descriptor(p, out);
    for (const tj_tt_alias *alias = p->types; alias; alias = alias->next)
        if (alias->byte_len == name.byte_len &&
            !memcmp(alias->text, name.start, name.byte_len)) {
            *out = alias->type;
            return true;
        }
    return tj_tt_bad(p, &name, "type '%s' is not one of Triton's, !tt.ptr and !tt.tensordesc",
                     tj_tt_text(p, &name));
}

bool tj_tt_parse_type(tj_tt_parser *p, tj_tt_type *out)
{
    tj_tt_elem elem;
    memset(out, 0, sizeof *out);
    if (p->tok.kind == TJ_TT_TOK_BANG) {
        if (!tj_tt_enter(p))
            return false;
        bool is_good = parse_bang(p, out);
        tj_tt_leave(p);
        return is_good;
    }
    if (parse_elem(p, &elem)) {
        *out = tj_tt_scalar(elem);
        return true;
    }
    if (tj_tt_take(p, "tensor"))
        return tj_tt_need(p, "<") && parse_tensor(p, TJ_TT_TENSOR, out);
    return tj_tt_expected(p, "a type");
}

bool tj_tt_parse_types(tj_tt_parser *p, tj_tt_types *out)
{
    do {
        tj_tt_type type;
        if (!tj_tt_parse_type(p, &type))
            return false;
        tj_tt_add_type(p, out, &type);
        if (out->count > TJ_TT_MAX_LIST)
            return tj_tt_bad(p, &p->tok, "more than %d types in a list", TJ_TT_MAX_LIST);
    } while (tj_tt_take(p, ","));
    return true;
}

bool tj_tt_parse_type_list(tj_tt_parser *p, tj_tt_types *out)
{
    tj_tt_type type;
    if (!tj_tt_take(p, "(")) {
        if (!tj_tt_parse_type(p, &type))
            return false;
        tj_tt_add_type(p, out, &type);
        return true;
    }
    if (tj_tt_take(p, ")"))
        return true;
    return tj_tt_parse_types(p, out) && tj_tt_need(p, ")");
}
