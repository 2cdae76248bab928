/* SPDX-License-Identifier: MIT */
/* Statements to lines of text. */
#include "msl.h"

#include <string.h>

static void print_list(tj_msl *m, const tj_list *list);

static bool is_matrix(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind && LLVMGetVectorSize(type) == 64;
}

static const char *declared_as(tj_msl *m, int var, const char *name)
{
    const tj_mvar *v = &m->vars[var];

    if (LLVMGetTypeKind(v->type) == LLVMPointerTypeKind) {
        return TJ_MSL_TEXT(m, "%s%s %s *%s", tj_msl_is_const(m, v->first) ? "const " : "",
                           tj_msl_space(LLVMGetPointerAddressSpace(v->type)),
                           tj_msl_target(m, v->first).spelling, name);
    }
    return TJ_MSL_TEXT(m, "%s %s", tj_msl_type(m, v->type, v->is_signed), name);
}

static const char *declared(tj_msl *m, int var)
{
    return declared_as(m, var, m->vars[var].name);
}

static const char *target(tj_msl *m, const tj_stmt *stmt)
{
    return stmt->declares ? declared(m, stmt->var) : m->vars[stmt->var].name;
}

/* A whole number that any integer takes, or the value in its type. */
static const char *assigned(tj_msl *m, LLVMValueRef value, bool is_signed)
{
    long long number;

    if (LLVMIsAConstantInt(value) && tj_msl_bits(LLVMTypeOf(value)) > 1) {
        number = is_signed ? LLVMConstIntGetSExtValue(value)
                           : (long long)LLVMConstIntGetZExtValue(value);
        if (number >= -0xffff && number <= 0xffff)
            return TJ_MSL_TEXT(m, "%lld", number);
    }
    return tj_msl_expr_as(m, value, is_signed, 0);
}

/* What is assigned, in the sign of the variable. */
static const char *value_for(tj_msl *m, int var, LLVMValueRef value)
{
    if (LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind)
        return tj_msl_pointer_like(m, value, m->vars[var].first, 0);
    return assigned(m, value, m->vars[var].is_signed);
}

/* Whether the operation is the same in the sign of its variable. */
static bool is_sign_of(LLVMValueRef inst, bool is_signed)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
        return !is_signed || LLVMGetNSW(inst);
    case LLVMSDiv:
    case LLVMSRem:
    case LLVMAShr:
        return is_signed;
    case LLVMUDiv:
    case LLVMURem:
    case LLVMLShr:
    case LLVMShl:
        return !is_signed;
    default:
        return true;
    }
}

/* x = x + y as x += y */
static const char *compound(tj_msl *m, const tj_stmt *stmt)
{
    static const struct {
        LLVMOpcode opcode;
        const char *op;
    } rows[] = {{LLVMAdd, "+"},  {LLVMSub, "-"},  {LLVMMul, "*"},   {LLVMFAdd, "+"},
                {LLVMFSub, "-"}, {LLVMFMul, "*"}, {LLVMAnd, "&"},   {LLVMOr, "|"},
                {LLVMXor, "^"},  {LLVMUDiv, "/"}, {LLVMSDiv, "/"},  {LLVMURem, "%"},
                {LLVMSRem, "%"}, {LLVMShl, "<<"}, {LLVMLShr, ">>"}, {LLVMAShr, ">>"},
                {LLVMFDiv, "/"}};
    LLVMValueRef value = stmt->value, left, right;
    const tj_mval *val = tj_msl_find(m, value), *first;
    LLVMTypeRef type = LLVMTypeOf(value);
    bool is_signed = m->vars[stmt->var].is_signed;

    if (!val || LLVMIsAArgument(value) || stmt->declares ||
        (stmt->kind == TJ_STMT_COPY && !val->is_folded) || val->is_signed != is_signed)
        return NULL;
    if (LLVMGetTypeKind(type) == LLVMIntegerTypeKind &&
        (LLVMGetIntTypeWidth(type) < 32 || !is_sign_of(value, is_signed)))
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].opcode != LLVMGetInstructionOpcode(value))
            continue;
        left = LLVMGetOperand(value, 0);
        right = LLVMGetOperand(value, 1);
        first = tj_msl_find(m, left);
        if ((!first || first->var != stmt->var) && strchr("+*&|^", *rows[i].op)) {
            LLVMValueRef swapped = left;

            left = right;
            right = swapped;
            first = tj_msl_find(m, left);
        }
        if (!first || first->var != stmt->var)
            return NULL;
        if (*rows[i].op == '+' && LLVMIsAConstantInt(right) &&
            LLVMConstIntGetSExtValue(right) < 0 && LLVMConstIntGetSExtValue(right) >= -0xffff)
            return TJ_MSL_TEXT(m, "%s -= %lld", m->vars[stmt->var].name,
                               -LLVMConstIntGetSExtValue(right));
        if (*rows[i].op == '+' && LLVMIsAConstantInt(right) &&
            LLVMConstIntGetSExtValue(right) == 1)
            return TJ_MSL_TEXT(m, "%s++", m->vars[stmt->var].name);
        return TJ_MSL_TEXT(m, "%s %s= %s", m->vars[stmt->var].name, rows[i].op,
                           tj_msl_operand(m, right, left, is_signed, 0));
    }
    return NULL;
}

/* p = p + n as p += n */
static const char *advance(tj_msl *m, const tj_stmt *stmt)
{
    const char *name = m->vars[stmt->var].name, *text;
    size_t len = strlen(name);

    if (stmt->declares || stmt->kind != TJ_STMT_COPY ||
        LLVMGetTypeKind(LLVMTypeOf(stmt->value)) != LLVMPointerTypeKind)
        return NULL;
    text = value_for(m, stmt->var, stmt->value);
    if (strncmp(text, name, len) || strncmp(text + len, " + ", 3))
        return NULL;
    text += len + 3;
    len = strlen(text);
    if (*text == '-')
        return TJ_MSL_TEXT(m, "%s -= %s", name, text + 1);
    if (*text == '(' && strchr(text, ')') == text + len - 1)
        text = tj_arena_strndup(m->arena, text + 1, len - 2);
    return TJ_MSL_TEXT(m, "%s += %s", name, text);
}

static const char *assignment(tj_msl *m, const tj_stmt *stmt)
{
    const char *text = compound(m, stmt);
    int prec;

    if (!text)
        text = advance(m, stmt);
    if (text)
        return text;
    if (stmt->kind == TJ_STMT_COPY)
        return TJ_MSL_TEXT(m, "%s = %s", target(m, stmt), value_for(m, stmt->var, stmt->value));
    text = tj_msl_inst(m, stmt->value, &prec);
    if (LLVMGetTypeKind(LLVMTypeOf(stmt->value)) == LLVMPointerTypeKind)
        text = tj_msl_loaded_like(m, stmt->value, m->vars[stmt->var].first, text);
    return TJ_MSL_TEXT(m, "%s = %s", target(m, stmt), text);
}

/* The same of a pointer: as a number where the memory is not declared as pointers. */
static void print_pointer_store(tj_msl *m, LLVMValueRef inst)
{
    LLVMValueRef value = LLVMGetOperand(inst, 0), to = LLVMGetOperand(inst, 1);
    const struct tj_mslot *slot =
        tj_msl_slot(m, to, LLVMGetPointerAddressSpace(LLVMTypeOf(value)));
    bool is_signed;
    const char *object =
        slot ? tj_msl_plain_object(m, to, LLVMTypeOf(value), &is_signed) : NULL;

    if (object) {
        tj_mtarget wanted = tj_msl_slot_target(m, slot);

        tj_text_line(m->out, "%s = %s;", object, tj_msl_pointer_as(m, value, &wanted, 0));
        return;
    }
    object = tj_msl_object(m, to, LLVMInt64TypeInContext(m->unit->llctx), &is_signed);
    tj_text_line(m->out, "%s = %s;", object,
                 LLVMIsAConstantPointerNull(value)
                     ? "0"
                     : TJ_MSL_TEXT(m, "reinterpret_cast<%s>(%s)", is_signed ? "long" : "ulong",
                                   tj_msl_pointer(m, value, 0)));
}

static void print_store(tj_msl *m, LLVMValueRef inst)
{
    LLVMValueRef value = LLVMGetOperand(inst, 0);
    bool is_signed;
    const char *object;

    if (LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind) {
        print_pointer_store(m, inst);
        return;
    }
    m->align = LLVMGetAlignment(inst);
    object = tj_msl_object(m, LLVMGetOperand(inst, 1), LLVMTypeOf(value), &is_signed);
    m->align = 0;

    if (is_matrix(LLVMTypeOf(value)) || LLVMGetOrdering(inst) != LLVMAtomicOrderingNotAtomic)
        tj_msl_refuse(m, inst, "this store cannot be printed as Metal");
    tj_text_line(m->out, "%s = %s;", object, assigned(m, value, is_signed));
}

/* A copy, one component of which is set. */
static void print_insert(tj_msl *m, const tj_stmt *stmt)
{
    LLVMValueRef base = LLVMGetOperand(stmt->value, 0), with = LLVMGetOperand(stmt->value, 1),
                 index = LLVMGetOperand(stmt->value, 2);
    const tj_mval *val = tj_msl_find(m, base);
    const tj_mvar *var = &m->vars[stmt->var];
    bool is_same = val && !val->is_folded && val->var == stmt->var;
    const char *name = var->name;

    if (!is_same && (tj_msl_reads(m, with, stmt->var) || tj_msl_reads(m, index, stmt->var))) {
        name = TJ_MSL_TEXT(m, "next%u", m->temp_count++);
        tj_text_line(m->out, "%s = %s;", declared_as(m, stmt->var, name),
                     tj_msl_expr_as(m, base, var->is_signed, 0));
    } else if (!is_same) {
        tj_text_line(m->out, "%s = %s;", target(m, stmt),
                     tj_msl_expr_as(m, base, var->is_signed, 0));
    }
    tj_text_line(m->out,
                 is_matrix(var->type) ? "%s.thread_elements()[%s] = %s;" : "%s[%s] = %s;", name,
                 tj_msl_expr(m, index, 0), tj_msl_expr_as(m, with, var->is_signed, 0));
    if (name != var->name)
        tj_text_line(m->out, "%s = %s;", target(m, stmt), name);
}

static void print_matrix(tj_msl *m, const tj_stmt *stmt)
{
    tj_intrin_use use;
    int prec;

    if (LLVMIsAInsertElementInst(stmt->value)) {
        print_insert(m, stmt);
        return;
    }
    if (LLVMIsASelectInst(stmt->value) &&
        !tj_msl_is_vector(LLVMTypeOf(LLVMGetOperand(stmt->value, 0)))) {
        tj_text_line(m->out, "%s;", assignment(m, stmt));
        return;
    }
    if (!LLVMIsACallInst(stmt->value) || !tj_intrin_of(stmt->value, &use)) {
        tj_msl_refuse(m, stmt->value, "this value of a matrix cannot be printed as Metal");
        return;
    }
    if (use.id == TJ_INTRIN_MATRIX_LOAD || use.id == TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE) {
        if (stmt->declares)
            tj_text_line(m->out, "%s;", declared(m, stmt->var));
        tj_text_line(m->out, "%s;", tj_msl_call(m, stmt->value, &prec));
        return;
    }
    tj_text_line(m->out, "%s;", assignment(m, stmt));
}

static void print_inst(tj_msl *m, const tj_stmt *stmt)
{
    int prec;

    if (LLVMIsAStoreInst(stmt->value))
        print_store(m, stmt->value);
    else if (stmt->var != TJ_NONE && is_matrix(LLVMTypeOf(stmt->value)))
        print_matrix(m, stmt);
    else if (stmt->var != TJ_NONE && LLVMIsAInsertElementInst(stmt->value) &&
             !LLVMIsAConstantInt(LLVMGetOperand(stmt->value, 2)))
        print_insert(m, stmt);
    else if (stmt->var != TJ_NONE)
        tj_text_line(m->out, "%s;", assignment(m, stmt));
    else
        tj_text_line(m->out, "%s;", tj_msl_inst(m, stmt->value, &prec));
}

/* ---- conditions ------------------------------------------------------------------------ */

/* The comparison, or its opposite; NULL: the value is none. `limit`: see tj_cond. */
static const char *compared(tj_msl *m, const tj_cond *cond, int prec)
{
    static const char *const ops[] = {"==", "!=", ">", ">=", "<", "<=", ">", ">=", "<", "<="};
    static const char *const opposite[] = {
        "!=", "==", "<=", "<", ">=", ">", "<=", "<", ">=", ">"};
    const tj_mval *val = tj_msl_find(m, cond->value);
    LLVMIntPredicate predicate;

    if (!val || !val->is_folded || !LLVMIsAICmpInst(cond->value))
        return NULL;
    predicate = LLVMGetICmpPredicate(cond->value);
    if (predicate <= LLVMIntNE && !cond->limit && tj_msl_is_bool_test(m, cond->value)) {
        int has;
        const char *test = tj_msl_inst(m, cond->value, &has);

        if (!cond->is_negated)
            return tj_msl_wrap(m, test, has, prec);
        return *test == '!' ? test + 1 : TJ_MSL_TEXT(m, "!%s", test);
    }
    LLVMValueRef a = LLVMGetOperand(cond->value, 0),
                 b = cond->limit ? cond->limit : LLVMGetOperand(cond->value, 1);
    int level = predicate <= LLVMIntNE ? TJ_PREC_EQ : TJ_PREC_REL;
    bool is_signed = predicate >= LLVMIntSGT;

    if (predicate <= LLVMIntNE)
        is_signed = tj_msl_is_signed(m, LLVMIsConstant(a) ? b : a);
    if (LLVMGetTypeKind(LLVMTypeOf(a)) != LLVMIntegerTypeKind)
        return NULL;
    return tj_msl_wrap(
        m,
        TJ_MSL_TEXT(m, "%s %s %s", tj_msl_operand(m, a, b, is_signed, level + 1),
                    cond->is_less ? "<"
                                  : (cond->is_negated ? opposite : ops)[predicate - LLVMIntEQ],
                    tj_msl_operand(m, b, a, is_signed, level + 1)),
        level, prec);
}

/* The parts of a folded `a && b`, or `a || b`; false: it is neither. */
static bool parts_of(const tj_msl *m, LLVMValueRef value, LLVMValueRef parts[2], bool *is_and)
{
    const tj_mval *val = tj_msl_find(m, value);
    LLVMOpcode opcode;

    if (!val || !val->is_folded || !LLVMIsAInstruction(value) ||
        tj_msl_is_vector(LLVMTypeOf(value)))
        return false;
    opcode = LLVMGetInstructionOpcode(value);
    if (opcode == LLVMAnd || opcode == LLVMOr) {
        parts[0] = LLVMGetOperand(value, 0);
        parts[1] = LLVMGetOperand(value, 1);
        *is_and = opcode == LLVMAnd;
        return true;
    }
    if (opcode != LLVMSelect)
        return false;
    LLVMValueRef yes = LLVMGetOperand(value, 1), no = LLVMGetOperand(value, 2);

    parts[0] = LLVMGetOperand(value, 0);
    *is_and = LLVMIsAConstantInt(no) && !LLVMConstIntGetZExtValue(no);
    parts[1] = *is_and ? yes : no;
    return *is_and || (LLVMIsAConstantInt(yes) && LLVMConstIntGetZExtValue(yes));
}

static bool is_folded_select(const tj_msl *m, LLVMValueRef value)
{
    const tj_mval *val = tj_msl_find(m, value);

    return val && val->is_folded && LLVMIsASelectInst(value);
}

static bool is_true(LLVMValueRef value)
{
    return LLVMIsAConstantInt(value) && LLVMGetIntTypeWidth(LLVMTypeOf(value)) == 1 &&
           LLVMConstIntGetZExtValue(value);
}

int tj_msl_or_level(const tj_msl *m, LLVMValueRef value, bool is_negated)
{
    LLVMValueRef parts[2];
    bool is_and;

    if (!value)
        return TJ_PREC_BIT;
    if (!parts_of(m, value, parts, &is_and)) /* c ? a : true is !c || a */
        return !is_negated && is_folded_select(m, value) && is_true(LLVMGetOperand(value, 2))
                   ? TJ_PREC_LOR
                   : TJ_PREC_BIT;
    return is_and == is_negated ? TJ_PREC_LOR : TJ_PREC_BIT;
}

const char *tj_msl_negation(tj_msl *m, LLVMValueRef value, int *prec)
{
    tj_cond cond = {.value = value, .is_negated = true};
    const char *text = compared(m, &cond, 0), *texts[2];
    LLVMValueRef parts[2];
    bool is_and;

    *prec = text ? *text == '!' ? TJ_PREC_UNARY : TJ_PREC_EQ : TJ_PREC_UNARY;
    if (text)
        return text;
    if (!parts_of(m, value, parts, &is_and)) {
        text = tj_msl_expr(m, value, TJ_PREC_UNARY);
        return *text == '!' ? text + 1 : TJ_MSL_TEXT(m, "!%s", text);
    }
    *prec = is_and ? TJ_PREC_LOR : TJ_PREC_LAND;
    for (unsigned i = 0; i < 2; i++)
        texts[i] = tj_msl_negated(m, parts[i],
                                  is_and ? tj_msl_or_level(m, parts[i], true) : TJ_PREC_LAND);
    return TJ_MSL_TEXT(m, "%s %s %s", texts[0], is_and ? "||" : "&&", texts[1]);
}

const char *tj_msl_negated(tj_msl *m, LLVMValueRef value, int prec)
{
    int has;
    const char *text = tj_msl_negation(m, value, &has);

    return tj_msl_wrap(m, text, has, prec);
}

static const char *term_text(tj_msl *m, const tj_cond *cond, int prec)
{
    const char *text;

    if (!cond->value)
        return TJ_MSL_TEXT(m, "%s%s", cond->is_negated ? "!" : "", m->vars[cond->flag].name);
    text = compared(m, cond, prec);
    if (text)
        return text;
    if (!cond->is_negated)
        return tj_msl_expr(m, cond->value, prec);
    return tj_msl_negated(m, cond->value, prec);
}

static const char *condition(tj_msl *m, const tj_cond *cond)
{
    const char *text = "";
    bool is_or = true, is_and = true;

    for (const tj_cond *c = cond; c->next; c = c->next) {
        is_or = is_or && c->is_or;
        is_and = is_and && !c->is_or;
    }
    for (; cond; cond = cond->next) {
        int prec = is_or && is_and ? 0
                   : is_or         ? tj_msl_or_level(m, cond->value, cond->is_negated)
                   : is_and        ? TJ_PREC_LAND
                                   : TJ_PREC_BIT;

        text = TJ_MSL_TEXT(m, "%s%s%s", text, term_text(m, cond, prec),
                           !cond->next   ? ""
                           : cond->is_or ? " || "
                                         : " && ");
    }
    return text;
}

/* ---- blocks of statements -------------------------------------------------------------- */

static void print_braces(tj_msl *m, const tj_list *list)
{
    m->out->indent++;
    print_list(m, list);
    m->out->indent--;
}

/* One of two, in the type of the variable. */
static const char *choice(tj_msl *m, int var, LLVMValueRef value, LLVMValueRef other)
{
    if (LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind)
        return tj_msl_pointer_like(m, value, m->vars[var].first, TJ_PREC_LOR);
    return tj_msl_operand(m, value, other, m->vars[var].is_signed, TJ_PREC_LOR);
}

/* c ? true : a is c || a; NULL: neither is constant. */
static const char *joined(tj_msl *m, const tj_stmt *stmt)
{
    bool is_yes = LLVMIsAConstantInt(stmt->value) != NULL,
         is_no = LLVMIsAConstantInt(stmt->other) != NULL;

    if (stmt->cond->next || !stmt->cond->value || is_yes == is_no ||
        tj_msl_is_vector(LLVMTypeOf(stmt->value)) ||
        !tj_msl_is_integer(LLVMTypeOf(stmt->value)) || tj_msl_bits(LLVMTypeOf(stmt->value)) > 1)
        return NULL;
    LLVMValueRef known = is_yes ? stmt->value : stmt->other;
    bool is_or = LLVMConstIntGetZExtValue(known);
    tj_cond asked = *stmt->cond;

    asked.is_negated ^= is_yes != is_or;
    return TJ_MSL_TEXT(m, "%s %s %s", term_text(m, &asked, TJ_PREC_BIT), is_or ? "||" : "&&",
                       tj_msl_expr(m, is_yes ? stmt->other : stmt->value, TJ_PREC_BIT));
}

static void print_choice(tj_msl *m, const tj_stmt *stmt)
{
    const char *cond = condition(m, stmt->cond), *text = joined(m, stmt);

    if (text) {
        tj_text_line(m->out, "%s = %s;", target(m, stmt), text);
        return;
    }
    tj_text_line(m->out, "%s = %s ? %s : %s;", target(m, stmt), cond,
                 choice(m, stmt->var, stmt->value, stmt->other),
                 choice(m, stmt->var, stmt->other, stmt->value));
}

static void print_if(tj_msl *m, const tj_stmt *stmt, const char *before)
{
    const tj_stmt *next = stmt->orelse.first;

    tj_text_line(m->out, "%sif (%s) {", before, condition(m, stmt->cond));
    print_braces(m, &stmt->then);
    if (next && next->kind == TJ_STMT_IF && !next->next) {
        print_if(m, next, "} else ");
        return;
    }
    if (next) {
        tj_text_line(m->out, "} else {");
        print_braces(m, &stmt->orelse);
    }
    tj_text_line(m->out, "}");
}

static void print_loop(tj_msl *m, const tj_stmt *stmt)
{
    const char *init = stmt->init ? assignment(m, stmt->init) : "";
    const char *cond = stmt->cond ? condition(m, stmt->cond) : "";
    const char *step = stmt->step ? assignment(m, stmt->step) : "";

    if (stmt->cond && !stmt->init && !stmt->step)
        tj_text_line(m->out, "while (%s) {", cond);
    else
        tj_text_line(m->out, "for (%s;%s%s;%s%s) {", init, *cond ? " " : "", cond,
                     *step ? " " : "", step);
    print_braces(m, &stmt->then);
    tj_text_line(m->out, "}");
}

static void print_cases(tj_msl *m, const tj_list *cases)
{
    const char *state = m->state_name;

    for (const tj_stmt *c = cases->first; c; c = c->next) {
        bool is_loop = c->kind == TJ_STMT_DISPATCH;

        if (is_loop && c->number != c->last)
            tj_text_line(m->out, "while (%s >= %uu && %s <= %uu) {", state, c->number, state,
                         c->last);
        else
            tj_text_line(m->out, "%s (%s == %uu) {", is_loop ? "while" : "if", state,
                         c->number);
        if (is_loop && c->number == c->last) {
            print_braces(m, &c->then.first->then);
        } else if (is_loop) {
            m->out->indent++;
            print_cases(m, &c->then);
            m->out->indent--;
        } else {
            print_braces(m, &c->then);
        }
        tj_text_line(m->out, "}");
    }
}

static void print_dispatch(tj_msl *m, const tj_stmt *stmt)
{
    tj_text_line(m->out, "uint %s = 0u;", m->state_name);
    print_cases(m, &stmt->then);
}

static void print_statement(tj_msl *m, const tj_stmt *stmt)
{
    switch (stmt->kind) {
    case TJ_STMT_INST:
        print_inst(m, stmt);
        break;
    case TJ_STMT_COPY:
        tj_text_line(m->out, "%s;", assignment(m, stmt));
        break;
    case TJ_STMT_CHOOSE:
        print_choice(m, stmt);
        break;
    case TJ_STMT_SAVE:
        tj_text_line(m->out, "%s = %s;",
                     declared_as(m, stmt->var, TJ_MSL_TEXT(m, "next%u", stmt->number)),
                     value_for(m, stmt->var, stmt->value));
        break;
    case TJ_STMT_RESTORE:
        tj_text_line(m->out, "%s = next%u;", m->vars[stmt->var].name, stmt->number);
        break;
    case TJ_STMT_IF:
        print_if(m, stmt, "");
        break;
    case TJ_STMT_LOOP:
        print_loop(m, stmt);
        break;
    case TJ_STMT_DO:
    case TJ_STMT_BLOCK:
        tj_text_line(m->out, "do {");
        print_braces(m, &stmt->then);
        tj_text_line(m->out, "} while (%s);",
                     stmt->kind == TJ_STMT_DO ? condition(m, stmt->cond) : "false");
        break;
    case TJ_STMT_DECLARE:
        tj_text_line(m->out, "%s;", declared(m, stmt->var));
        break;
    case TJ_STMT_BREAK:
        tj_text_line(m->out, "break;");
        break;
    case TJ_STMT_CONTINUE:
        tj_text_line(m->out, "continue;");
        break;
    case TJ_STMT_RETURN:
        tj_text_line(m->out, "return;");
        break;
    case TJ_STMT_DISPATCH:
        print_dispatch(m, stmt);
        break;
    case TJ_STMT_GOTO:
        tj_text_line(m->out, "%s = %uu;", m->state_name, stmt->number);
        break;
    case TJ_STMT_CASE:
        break;
    }
}

static void print_list(tj_msl *m, const tj_list *list)
{
    for (const tj_stmt *stmt = list->first; stmt; stmt = stmt->next)
        print_statement(m, stmt);
}

void tj_msl_print_body(tj_msl *m)
{
    print_list(m, &m->body);
}
