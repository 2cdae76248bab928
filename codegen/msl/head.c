/* SPDX-License-Identifier: MIT */
/* What stands in front of the kernel: includes, structs, loggers, constants. A constant that
 * points to others comes behind them; those that lead back to themselves are announced.
 */
#include "msl.h"

static bool uses_matrices(const tj_msl *m)
{
    for (uint32_t i = 0; i < m->val_count; i++) {
        LLVMTypeRef type = LLVMTypeOf(m->vals[i].value);

        if (LLVMGetTypeKind(type) == LLVMVectorTypeKind && LLVMGetVectorSize(type) == 64)
            return true;
    }
    return false;
}

static bool is_constant(LLVMValueRef global)
{
    return LLVMGetPointerAddressSpace(LLVMTypeOf(global)) != TJ_AS_THREADGROUP;
}

/* ---- initialisers ------------------------------------------------------------------------ */

/* Of a pointer that the memory is declared to hold. */
static const char *address(tj_msl *m, LLVMValueRef value, const struct tj_mslot *slot)
{
    tj_mtarget wanted = tj_msl_slot_target(m, slot);

    return tj_msl_pointer_as(m, value, &wanted, 0);
}

/* `place`: of the pointers that an array holds. */
static const char *initializer(tj_msl *m, LLVMValueRef value, bool is_signed,
                               const struct tj_mslot *place)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    const tj_mstruct *info = kind == LLVMStructTypeKind ? tj_msl_struct(m, type) : NULL;
    const char *text = "", *spelled = "";
    unsigned count;

    if (kind == LLVMPointerTypeKind)
        return place ? address(m, value, place) : tj_msl_pointer(m, value, 0);
    if (kind != LLVMArrayTypeKind && kind != LLVMStructTypeKind)
        return tj_msl_expr_as(m, value, is_signed, 0);
    if (LLVMIsNull(value))
        return "{}";
    if (tj_msl_is_vector(tj_msl_memory_type(m, type)))
        spelled = tj_msl_type(m, tj_msl_memory_type(m, type), is_signed);
    count = kind == LLVMArrayTypeKind ? (unsigned)LLVMGetArrayLength2(type)
                                      : LLVMCountStructElementTypes(type);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef one = LLVMGetAggregateElement(value, i);
        bool is_bytes = info && tj_msl_member_form(m, type, i) == TJ_MEMBER_BYTES;

        text =
            TJ_MSL_TEXT(m, "%s%s%s", text, i ? ", " : "",
                        is_bytes ? tj_msl_bytes(m, one)
                                 : initializer(m, one, info ? info->is_signed[i] : is_signed,
                                               info ? tj_msl_field_slot(m, type, i) : place));
    }
    return TJ_MSL_TEXT(m, *spelled ? "%s(%s)" : "%s{%s}", spelled, text);
}

/* ---- order ------------------------------------------------------------------------------- */

enum { UNSEEN, OPEN, DONE };

typedef struct order {
    tj_msl *m;
    LLVMValueRef *globals;
    unsigned char *state;
    bool *is_announced;
    unsigned count, depth;
} order;

enum { MAX_DEPTH = 500 }; /* constants, each of which points to the next */

static unsigned number_of(const order *o, LLVMValueRef global)
{
    unsigned n = 0;

    while (n < o->count && o->globals[n] != global)
        n++;
    return n;
}

static const char *declared(tj_msl *m, LLVMValueRef global, unsigned n)
{
    LLVMTypeRef type = tj_msl_memory_type(m, LLVMGlobalGetValueType(global));
    const char *pointers = tj_msl_root_pointer(m, global);

    return pointers ? tj_msl_declare_as(m, type, pointers,
                                        TJ_MSL_TEXT(m, "constant %s", m->globals[n]))
                    : TJ_MSL_TEXT(
                          m, "constant %s",
                          tj_msl_declaration(m, type, m->is_global_signed[n], m->globals[n]));
}

static void print_global(order *o, unsigned n);

/* What the initialiser points to comes first. */
static void print_targets(order *o, LLVMValueRef value)
{
    if (LLVMIsAGlobalVariable(value)) {
        unsigned n = number_of(o, value);

        if (n < o->count && o->state[n] == UNSEEN) {
            print_global(o, n);
        } else if (n < o->count && o->state[n] == OPEN && !o->is_announced[n]) {
            o->is_announced[n] = true;
            tj_text_line(o->m->out, "extern %s;", declared(o->m, value, n));
        }
        return;
    }
    for (int i = 0; LLVMIsConstant(value) && i < LLVMGetNumOperands(value); i++)
        print_targets(o, LLVMGetOperand(value, (unsigned)i));
}

static void print_global(order *o, unsigned n)
{
    tj_msl *m = o->m;
    LLVMValueRef g = o->globals[n];
    const tj_constant *constant = tj_msl_function_constant(m, g);

    if (m->status)
        return;
    o->state[n] = OPEN;
    if (constant) {
        tj_text_line(m->out, "constant %s %s [[function_constant(%u)]];", constant->type_name,
                     m->globals[n], constant->index);
    } else if (!LLVMIsGlobalConstant(g)) {
        tj_msl_refuse(m, NULL, "'%s' is computed from function constants: give their values",
                      m->globals[n]);
    } else {
        print_targets(o, LLVMGetInitializer(g));
        tj_text_line(m->out, "%s = %s;", declared(m, g, n),
                     initializer(m, LLVMGetInitializer(g), m->is_global_signed[n],
                                 tj_msl_root_slot(m, g)));
    }
    o->state[n] = DONE;
}

/* ---- all of it --------------------------------------------------------------------------- */

static void use_types(order *o, LLVMValueRef value);

/* Structs are printed first: those of constants that only constants point to, too. */
static void use_global(order *o, unsigned n)
{
    tj_msl *m = o->m;

    o->m->is_global_used[n] = true;
    if (!is_constant(o->globals[n]) || o->is_announced[n])
        return;
    o->is_announced[n] = true;
    declared(m, o->globals[n], n);
    if (o->depth == MAX_DEPTH)
        tj_msl_refuse(m, NULL, "constants that point to each other more than %d deep",
                      MAX_DEPTH);
    if (!LLVMGetInitializer(o->globals[n]) || m->status)
        return;
    o->depth++;
    use_types(o, LLVMGetInitializer(o->globals[n]));
    o->depth--;
}

static void use_types(order *o, LLVMValueRef value)
{
    unsigned n;

    if (LLVMIsAGlobalVariable(value)) {
        if ((n = number_of(o, value)) < o->count)
            use_global(o, n);
        return;
    }
    for (int i = 0; LLVMIsConstant(value) && i < LLVMGetNumOperands(value); i++)
        use_types(o, LLVMGetOperand(value, (unsigned)i));
}

static void list_globals(order *o)
{
    for (LLVMValueRef g = LLVMGetFirstGlobal(o->m->unit->module); g; g = LLVMGetNextGlobal(g))
        o->count++;
    o->globals = tj_new_array(o->m->arena, LLVMValueRef, o->count + 1);
    o->state = tj_new_array(o->m->arena, unsigned char, o->count + 1);
    o->is_announced = tj_new_array(o->m->arena, bool, o->count + 1);
    o->count = 0;
    for (LLVMValueRef g = LLVMGetFirstGlobal(o->m->unit->module); g; g = LLVMGetNextGlobal(g))
        o->globals[o->count++] = g;
}

static bool points_to_constants(LLVMValueRef value)
{
    if (LLVMIsAGlobalVariable(value))
        return true;
    for (int i = 0; LLVMIsConstant(value) && i < LLVMGetNumOperands(value); i++)
        if (points_to_constants(LLVMGetOperand(value, (unsigned)i)))
            return true;
    return false;
}

static bool is_waiting(const order *o, unsigned n)
{
    return is_constant(o->globals[n]) && o->m->is_global_used[n] && o->state[n] == UNSEEN;
}

static void print_named(order *o, LLVMValueRef value)
{
    unsigned n = LLVMIsAGlobalVariable(value) ? number_of(o, value) : o->count;

    if (n < o->count && is_waiting(o, n))
        print_global(o, n);
    for (int i = 0; n == o->count && LLVMIsConstant(value) && i < LLVMGetNumOperands(value);
         i++)
        print_named(o, LLVMGetOperand(value, (unsigned)i));
}

/* Those that point to others come last, as the kernel names them: what points to each other has
 * no order of its own, and compilers list it as it was announced. */
static bool print_constants(order *o)
{
    tj_msl *m = o->m;
    bool has_some = false, has_pointers = false;

    for (unsigned n = 0; n < o->count; n++) {
        LLVMValueRef value = is_waiting(o, n) ? LLVMGetInitializer(o->globals[n]) : NULL;
        bool is_pointing = value && points_to_constants(value);

        has_some |= is_waiting(o, n);
        has_pointers |= is_pointing;
        if (is_waiting(o, n) && !is_pointing)
            print_global(o, n);
    }
    for (uint32_t i = 0; has_pointers && i < m->val_count; i++)
        for (int n = 0; m->vals[i].block != TJ_NONE && n < LLVMGetNumOperands(m->vals[i].value);
             n++)
            print_named(o, LLVMGetOperand(m->vals[i].value, (unsigned)n));
    for (unsigned n = 0; has_pointers && n < o->count; n++)
        if (is_waiting(o, n))
            print_global(o, n);
    return has_some;
}

void tj_msl_print_head(tj_msl *m)
{
    order o = {.m = m};
    bool has_constants;

    tj_text_puts(m->out, "#include <metal_stdlib>\n");
    if (uses_matrices(m))
        tj_text_puts(m->out, "#include <metal_simdgroup_matrix>\n");
    if (m->logs) /* from Metal 3.2 */
        tj_text_puts(m->out, "#include <metal_logging>\n");
    tj_text_puts(m->out, "\nusing namespace metal;\n\n");
    list_globals(&o);
    for (unsigned n = 0; n < o.count; n++)
        if (m->is_global_used[n])
            use_global(&o, n);
    tj_msl_print_structs(m);
    for (unsigned n = 0; n < o.count; n++)
        o.is_announced[n] = false;
    has_constants = tj_msl_print_loggers(m);
    has_constants |= print_constants(&o);
    if (has_constants)
        tj_text_puts(m->out, "\n");
    tj_msl_print_helpers(m);
}
