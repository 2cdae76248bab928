/* SPDX-License-Identifier: MIT */
/* Identifiers of the text: the author's where they are possible, each once, none of Metal's. */
#include "msl.h"
#include "naming.h"

#include <ctype.h>
#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

/* Words that the standard headers or the language take (MSL specification, "Naming"). */
static const char *const reserved[] = {
    "alignas",
    "alignof",
    "and",
    "array",
    "as_type",
    "asm",
    "assert",
    "atomic",
    "auto",
    "bfloat",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "class",
    "compl",
    "const",
    "const_cast",
    "constant",
    "constexpr",
    "continue",
    "decltype",
    "default",
    "delete",
    "device",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "explicit",
    "extern",
    "false",
    "fast",
    "float",
    "for",
    "fragment",
    "friend",
    "goto",
    "half",
    "if",
    "inline",
    "int",
    "kernel",
    "level",
    "long",
    "main",
    "matrix",
    "metal",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "nullptr",
    "operator",
    "or",
    "precise",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "return",
    "sampler",
    "short",
    "signed",
    "simd",
    "size_t",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "struct",
    "switch",
    "template",
    "texture",
    "this",
    "thread",
    "thread_local",
    "threadgroup",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "uchar",
    "uint",
    "ulong",
    "union",
    "unsigned",
    "user",
    "ushort",
    "using",
    "vec",
    "vertex",
    "virtual",
    "void",
    "volatile",
    "while",
    "xor",
    "uniform",
    "visible",
    "NAN",
    "INFINITY",
    "MAXFLOAT",
    "HUGE_VALF",
    "half_t",
    "os_log",
    "packed",
    "id",
    "mem_flags",
    "simd_vote",
    "ptrdiff_t",
    "uint8_t",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "int8_t",
    "int16_t",
    "int32_t",
    "int64_t",
};

/* What the library defines, apart from AIR functions; a kernel may have such a name. */
static const char *const functions[] = {
    "clamp",   "dot",        "exp",       "fma",         "log",   "max",      "min",
    "pow",     "round",      "select",    "sign",        "sqrt",  "step",     "abs",
    "all",     "any",        "ceil",      "cos",         "cross", "distance", "fabs",
    "floor",   "fmax",       "fmin",      "fmod",        "fract", "isnan",    "isinf",
    "length",  "mix",        "normalize", "rint",        "rsqrt", "saturate", "sin",
    "tan",     "trunc",      "popcount",  "clz",         "ctz",   "rotate",   "reflect",
    "refract", "smoothstep", "transpose", "determinant",
};

/* float4, half2x2 */
static bool is_vector_type(const char *name)
{
    static const char *const scalars[] = {"float",  "half", "bfloat", "int",  "uint", "short",
                                          "ushort", "char", "uchar",  "bool", "long", "ulong"};

    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
        if (*name != *scalars[i])
            continue;
        size_t len = strlen(scalars[i]);
        const char *rest = name + len;

        if (strncmp(name, scalars[i], len) || *rest < '2' || *rest > '4')
            continue;
        if (!rest[1] || (rest[1] == 'x' && rest[2] >= '2' && rest[2] <= '4' && !rest[3]))
            return true;
    }
    return false;
}

/* strcmp of tables of words: most differ in the first letter. */
static bool is_same(const char *name, const char *word)
{
    return *name == *word && strcmp(name, word) == 0;
}

static bool is_word(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (is_same(name, reserved[i]))
            return true;
    return is_vector_type(name);
}

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (is_same(name, functions[i]))
            return true;
    for (int i = 0; i < TJ_INTRIN_COUNT; i++) /* the library's functions */
        if (is_same(name, tj_intrin_infos[i].metal))
            return true;
    return is_word(name);
}

/* ---- whose names ----------------------------------------------------------------------- */

struct tj_mname {
    const char *name;
    const tj_list *scope; /* NULL: all of the text */
    tj_mname *next;       /* of the same bucket */
};

static unsigned bucket_of(const char *name)
{
    uint32_t hash = 2166136261u;

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash % TJ_NAME_BUCKETS;
}

static bool is_inside(const tj_list *inner, const tj_list *outer)
{
    while (inner && inner->depth > outer->depth)
        inner = inner->parent;
    return inner == outer;
}

/* Names may be used again where neither scope is inside the other. */
static bool do_meet(const tj_list *a, const tj_list *b)
{
    return !a || !b || is_inside(a, b) || is_inside(b, a);
}

static bool is_taken(const tj_msl *m, const char *name, const tj_list *scope)
{
    for (const tj_mname *n = m->names.buckets[bucket_of(name)]; n; n = n->next)
        if (strcmp(n->name, name) == 0 && do_meet(n->scope, scope))
            return true;
    return false;
}

/* Letters, digits and single underscores, a letter first; "" when nothing is left. */
static char *clean(tj_msl *m, const char *wish)
{
    char *out = tj_arena_strdup(m->arena, wish);
    size_t len = 0;

    for (const char *c = wish; *c; c++) {
        bool is_word = isalnum((unsigned char)*c);

        if (!is_word && (!len || out[len - 1] == '_'))
            continue;
        if (!len && isdigit((unsigned char)*c))
            return tj_arena_strdup(m->arena, "");
        out[len++] = is_word ? *c : '_';
    }
    while (len && out[len - 1] == '_')
        len--;
    out[len] = 0;
    return out;
}

static const char *take(tj_msl *m, const char *base, const tj_list *scope)
{
    const char *name = base;
    tj_mname *entry;

    for (unsigned i = 2; is_taken(m, name, scope); i++)
        name = TJ_MSL_TEXT(m, isdigit((unsigned char)base[strlen(base) - 1]) ? "%s_%u" : "%s%u",
                           base, i);
    entry = tj_new(m->arena, tj_mname);
    *entry = (tj_mname){name, scope, m->names.buckets[bucket_of(name)]};
    m->names.buckets[bucket_of(name)] = entry;
    return name;
}

const char *tj_msl_name_in(tj_msl *m, const char *wish, const char *otherwise,
                           const tj_list *scope)
{
    const char *base = wish ? clean(m, wish) : "";

    if (!*base)
        base = otherwise;
    if (is_reserved(base))
        base = TJ_MSL_TEXT(m, "%s_%s", base, strcmp(base, "thread") == 0 ? "index" : "value");
    return take(m, base, scope);
}

const char *tj_msl_kernel_name(tj_msl *m, const char *wish)
{
    size_t len =
        strspn(wish, "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    bool is_identifier = *wish && !wish[len] && !isdigit((unsigned char)*wish);
    const char *base = is_identifier ? tj_arena_strdup(m->arena, wish) : clean(m, wish);

    if (!*base || is_word(base))
        base = TJ_MSL_TEXT(m, "%s_kernel", *base ? base : "the");
    return take(m, base, NULL);
}

const char *tj_msl_name(tj_msl *m, const char *wish, const char *otherwise)
{
    return tj_msl_name_in(m, wish, otherwise, NULL);
}

/* ---- mangled names --------------------------------------------------------------------- */

/* The name at the end of an Itanium-mangled one: _ZZ6kernelPfE4tile is tile. */
static const char *last_component(tj_msl *m, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 2; i < len; i++) {
        char *rest;
        unsigned long count;

        if (!isdigit((unsigned char)name[i]) || isdigit((unsigned char)name[i - 1]))
            continue;
        count = strtoul(name + i, &rest, 10);
        size_t left = strlen(rest);

        if (!count || count > left || !isalpha((unsigned char)*rest))
            continue;
        /* a discriminator, or the end of a nested name, may follow */
        if (left == count || rest[count] == '_' || strcmp(rest + count, "E") == 0)
            return tj_arena_strndup(m->arena, rest, count);
    }
    return name;
}

const char *tj_msl_bare_name(tj_msl *m, const char *name)
{
    size_t len = tj_bare_name_len(name);

    return name[len] ? tj_arena_strndup(m->arena, name, len) : name;
}

const char *tj_msl_plain_name(tj_msl *m, const char *name)
{
    const char *dot;

    if (strncmp(name, "_Z", 2) == 0)
        return last_component(m, name);
    dot = strrchr(name, '.');
    if (dot && dot[1] && !isdigit((unsigned char)dot[1]))
        return dot + 1;
    return name;
}

/* ---- debug information ----------------------------------------------------------------- */

/* The name of a local variable: operand 1 of its metadata (LLVM-C has no call for it). */
static const char *variable_name(tj_msl *m, LLVMMetadataRef variable)
{
    LLVMValueRef node = LLVMMetadataAsValue(m->unit->llctx, variable), operands[16];
    unsigned len, count = (unsigned)LLVMGetMDNodeNumOperands(node);

    if (count < 2 || count > 16)
        return NULL;
    LLVMGetMDNodeOperands(node, operands);
    const char *name = operands[1] ? LLVMGetMDString(operands[1], &len) : NULL;

    return name ? tj_arena_strndup(m->arena, name, len) : NULL;
}

/* The expression that says nothing: there is one in a context. */
static LLVMMetadataRef whole_value(const tj_msl *m)
{
    LLVMDIBuilderRef builder = LLVMCreateDIBuilderDisallowUnresolved(m->unit->module);
    LLVMMetadataRef nothing = LLVMDIBuilderCreateExpression(builder, NULL, 0);

    LLVMDisposeDIBuilder(builder);
    return nothing;
}

/* Only of the whole value: not of what an expression makes of it. */
static void note_record(tj_msl *m, LLVMDbgRecordRef record, LLVMMetadataRef whole)
{
    LLVMDbgRecordKind kind = LLVMDbgRecordGetKind(record);
    tj_mval *val;

    if (kind != LLVMDbgRecordValue && kind != LLVMDbgRecordDeclare)
        return;
    LLVMValueRef value = LLVMDbgVariableRecordGetValue(record, 0);

    val = value ? tj_msl_find(m, value) : NULL;
    if (!val || val->author_name || LLVMDbgVariableRecordGetExpression(record) != whole)
        return;
    val->author_name = variable_name(m, LLVMDbgVariableRecordGetVariable(record));
}

/* A vector that was converted by its components has the name of what they are parts of. */
static void note_parts(tj_msl *m, LLVMValueRef part, LLVMMetadataRef whole)
{
    tj_mval *val = tj_msl_find(m, LLVMGetOperand(part, 0));

    if (!val || val->author_name || !tj_msl_is_integer(LLVMTypeOf(part)))
        return;
    for (LLVMDbgRecordRef record = LLVMGetFirstDbgRecord(LLVMGetNextInstruction(part)); record;
         record = LLVMGetNextDbgRecord(record))
        if (LLVMDbgRecordGetKind(record) == LLVMDbgRecordValue &&
            LLVMDbgVariableRecordGetValue(record, 0) == part &&
            LLVMDbgVariableRecordGetExpression(record) != whole)
            val->author_name = variable_name(m, LLVMDbgVariableRecordGetVariable(record));
}

void tj_msl_read_names(tj_msl *m)
{
    LLVMMetadataRef whole = whole_value(m);

    for (uint32_t i = 0; i < m->val_count; i++) {
        if (m->vals[i].block == TJ_NONE)
            continue;
        for (LLVMDbgRecordRef record = LLVMGetFirstDbgRecord(m->vals[i].value); record;
             record = LLVMGetNextDbgRecord(record))
            note_record(m, record, whole);
    }
    for (uint32_t i = 0; i < m->val_count; i++)
        if (m->vals[i].block != TJ_NONE && LLVMIsAExtractElementInst(m->vals[i].value))
            note_parts(m, m->vals[i].value, whole);
}

/* ---- variables ------------------------------------------------------------------------- */

static const char *letter_of(LLVMTypeRef type)
{
    while (LLVMGetTypeKind(type) == LLVMVectorTypeKind)
        type = LLVMGetElementType(type);
    switch (LLVMGetTypeKind(type)) {
    case LLVMPointerTypeKind:
        return "p";
    case LLVMIntegerTypeKind:
        return LLVMGetIntTypeWidth(type) == 1 ? "is_set" : "n";
    default:
        return "x";
    }
}

/* What memory is read from: "row_v" of what row points to. */
static const char *source_of(tj_msl *m, LLVMValueRef load)
{
    LLVMValueRef root = tj_msl_root(LLVMGetOperand(load, 0));
    const tj_mval *val = tj_msl_find(m, root);
    const char *name = NULL;
    size_t len;

    if (LLVMIsAGlobalVariable(root))
        name = tj_msl_plain_name(m, LLVMGetValueName2(root, &len));
    else if (val && val->block == TJ_NONE)
        name = m->args[val - m->vals];
    else if (val && val->var != TJ_NONE)
        name = m->vars[val->var].wish;
    return name && *name && !strstr(name, "_v") ? TJ_MSL_TEXT(m, "%s_v", name) : NULL;
}

bool tj_msl_has_name(const tj_mval *val)
{
    size_t len;
    const char *name = LLVMGetValueName2(val->value, &len);

    return val->author_name || (*name && !tj_is_made_up(name, tj_bare_name_len(name)));
}

static const char *name_of_operation(LLVMValueRef inst)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMAdd:
    case LLVMFAdd:
        return "sum";
    case LLVMSub:
    case LLVMFSub:
        return "difference";
    case LLVMMul:
    case LLVMFMul:
        return "product";
    case LLVMUDiv:
    case LLVMSDiv:
    case LLVMFDiv:
        return "quotient";
    case LLVMURem:
    case LLVMSRem:
        return "rest";
    default:
        return NULL;
    }
}

static const char *name_of_call(LLVMValueRef call)
{
    tj_intrin_use use;

    return tj_intrin_of(call, &use) ? tj_intrin_infos[use.id].metal : NULL;
}

static const char *wish_without_name(tj_msl *m, const tj_mvar *var, bool is_counter)
{
    static const char *const letters[] = {"i", "j", "k"};

    if (LLVMIsALoadInst(var->first))
        return source_of(m, var->first);
    if (LLVMIsACallInst(var->first) && name_of_call(var->first))
        return TJ_MSL_TEXT(m, "%s_v", name_of_call(var->first));
    if (!is_counter)
        return LLVMIsAPHINode(var->first) ? NULL : name_of_operation(var->first);
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (!is_taken(m, letters[i], var->scope))
            return letters[i];
    return NULL;
}

static void mark_counters(tj_msl *m, const tj_list *list, bool *is_counter)
{
    for (const tj_stmt *stmt = list->first; stmt; stmt = stmt->next) {
        if (stmt->init)
            is_counter[stmt->init->var] = true;
        mark_counters(m, &stmt->then, is_counter);
        mark_counters(m, &stmt->orelse, is_counter);
    }
}

static void name_variable(tj_msl *m, tj_mvar *var, bool has_wish, bool is_counter)
{
    const tj_list *scope = var->first && LLVMIsAAllocaInst(var->first) ? NULL : var->scope;

    var->name = tj_msl_name_in(m, has_wish ? var->wish : wish_without_name(m, var, is_counter),
                               letter_of(var->type), scope);
}

/* In the order of the text, as far as the order of values is that. Variables that nothing
 * declares are arrays at the top. */
void tj_msl_name_variables(tj_msl *m)
{
    bool *is_counter = tj_new_array(m->arena, bool, (size_t)m->var_count + 1);
    bool *has_wish = tj_new_array(m->arena, bool, (size_t)m->var_count + 1);

    mark_counters(m, &m->body, is_counter);
    for (int i = 0; i < m->var_count; i++) {
        const char *wish = m->vars[i].wish;

        has_wish[i] = wish && *wish && !tj_is_made_up(wish, strlen(wish));
    }
    for (int pass = 0; pass < 3; pass++) /* the author's names first, those of flags last */
        for (int i = 0; i < m->var_count; i++)
            if (pass == (m->vars[i].is_flag ? 2 : !has_wish[i]))
                name_variable(m, &m->vars[i], has_wish[i], is_counter[i]);
}
