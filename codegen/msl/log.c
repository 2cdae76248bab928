/* SPDX-License-Identifier: MIT */
/* Logging. The kernel hands air.os_log the words that ir/logging.c wrote to thread memory; here
 * they become the arguments that they were made of:
 *
 *     os_log_default.log("x[%d] = %f", int(i), x[i]);
 *
 * (MSL specification, 6.19; from Metal 3.2.) A pointer has no word: "(pointer)" stands for it,
 * as in the messages of a launch here. The text of a literal becomes part of the format.
 */
#include "prepare.h"

#include <stdio.h>
#include <string.h>

enum { MAX_WORDS = 512, MAX_ARGUMENTS = 32 };
enum { KIND_INTEGER = 1, KIND_FLOAT = 2, KIND_POINTER = 3, KIND_TEXT = 4 };
enum { TEXT_WORDS = 16 };

typedef struct message {
    tj_msl *m;
    LLVMBuilderRef builder;
    LLVMValueRef call, words[MAX_WORDS], args[MAX_ARGUMENTS];
    unsigned word_count, count;
    char sign[MAX_ARGUMENTS];           /* 's', 'u'; 0: as the value */
    const char *literal[MAX_ARGUMENTS]; /* NULL: none; in the module's arena */
    tj_text format;
} message;

static LLVMValueRef build_count(message *g, unsigned i)
{
    return LLVMConstInt(LLVMInt32TypeInContext(g->m->unit->llctx), i, false);
}

/* ---- words ----------------------------------------------------------------------------- */

/* Collects the last stores to `area` in front of `before`; false: one of another form. */
static bool collect(message *g, LLVMValueRef area, LLVMValueRef before)
{
    for (LLVMValueRef inst = before; inst; inst = LLVMGetPreviousInstruction(inst)) {
        int64_t offset;
        LLVMTypeRef type;

        if (!LLVMIsAStoreInst(inst) || tj_msl_root(LLVMGetOperand(inst, 1)) != area)
            continue;
        type = LLVMTypeOf(LLVMGetOperand(inst, 0));
        if (!tj_msl_offset(g->m, LLVMGetOperand(inst, 1), &offset) || offset < 0 ||
            offset % 8 || LLVMGetTypeKind(type) != LLVMIntegerTypeKind ||
            LLVMGetIntTypeWidth(type) != 64)
            return false;
        if (offset / 8 < g->word_count && !g->words[offset / 8])
            g->words[offset / 8] = LLVMGetOperand(inst, 0);
    }
    return true;
}

static bool find_words(message *g, LLVMValueRef area)
{
    LLVMBasicBlockRef block = LLVMGetInstructionParent(g->call);
    LLVMValueRef before = g->call;
    unsigned missing = g->word_count;

    for (unsigned steps = 0; block && missing && steps < 16; steps++) {
        if (!collect(g, area, before))
            return false;
        missing = 0;
        for (unsigned i = 0; i < g->word_count; i++)
            missing += !g->words[i];
        block = tj_msl_only_predecessor(block);
        before = block ? LLVMGetBasicBlockTerminator(block) : NULL;
    }
    return !missing;
}

/* ---- arguments ------------------------------------------------------------------------- */

/* What the word was made of: without the widening. */
static LLVMValueRef integer_of(message *g, LLVMValueRef word, unsigned bits)
{
    LLVMTypeRef type = LLVMIntTypeInContext(g->m->unit->llctx, bits);

    if (LLVMIsAZExtInst(word) && LLVMTypeOf(LLVMGetOperand(word, 0)) == type)
        return LLVMGetOperand(word, 0);
    return bits == 64 ? word : LLVMBuildTrunc(g->builder, word, type, "");
}

static LLVMValueRef float_of(message *g, LLVMValueRef word, unsigned bits)
{
    LLVMTypeRef type = LLVMFloatTypeInContext(g->m->unit->llctx);
    LLVMValueRef number;

    if (bits == 64) { /* a constant that was widened */
        uint64_t u = LLVMIsAConstantInt(word) ? LLVMConstIntGetZExtValue(word) : 0;
        double value;

        memcpy(&value, &u, sizeof value);
        return LLVMConstReal(type, value);
    }
    number = integer_of(g, word, 32);
    if (LLVMIsABitCastInst(number) && LLVMTypeOf(LLVMGetOperand(number, 0)) == type)
        return LLVMGetOperand(number, 0);
    return LLVMBuildBitCast(g->builder, number, type, "");
}

static LLVMValueRef vector_of(message *g, const LLVMValueRef *parts, unsigned count)
{
    LLVMValueRef sum = LLVMConstNull(LLVMVectorType(LLVMTypeOf(parts[0]), count));

    for (unsigned i = 0; i < count; i++)
        sum = LLVMBuildInsertElement(g->builder, sum, parts[i], build_count(g, i), "");
    return sum;
}

/* The literal whose bytes the words from `first` on are; NULL: of no known form. */
static const char *literal_of(message *g, unsigned first, unsigned byte_len, unsigned count)
{
    char bytes[8 * TEXT_WORDS];

    if (count > TEXT_WORDS || byte_len > 8 * count || first + count > g->word_count)
        return NULL;
    for (unsigned i = 0; i < byte_len; i++) {
        LLVMValueRef word = g->words[first + i / 8];

        if (!LLVMIsAConstantInt(word))
            return NULL;
        bytes[i] = (char)(LLVMConstIntGetZExtValue(word) >> 8 * (i % 8));
    }
    return tj_arena_strndup(g->m->unit->arena, bytes, byte_len);
}

/* The arguments of all words; false: words of no known form. NULL is a pointer. */
static bool read_words(message *g)
{
    for (unsigned i = 0; i < g->word_count;) {
        LLVMValueRef parts[4];
        uint64_t head;
        unsigned kind, bits, count;

        if (!LLVMIsAConstantInt(g->words[i]) || g->count == MAX_ARGUMENTS)
            return false;
        head = LLVMConstIntGetZExtValue(g->words[i++]);
        kind = (unsigned)(head >> 32);
        bits = head >> 16 & 0xffff;
        count = head & 0xffff;
        if (kind == KIND_POINTER) {
            g->args[g->count++] = NULL;
            continue;
        }
        if (kind == KIND_TEXT) {
            g->literal[g->count] = literal_of(g, i, bits, count);
            if (!g->literal[g->count])
                return false;
            g->args[g->count++] = NULL;
            i += count;
            continue;
        }
        if (count < 1 || count > 4 || i + count > g->word_count)
            return false;
        for (unsigned k = 0; k < count; k++)
            parts[k] = kind == KIND_FLOAT ? float_of(g, g->words[i + k], bits)
                                          : integer_of(g, g->words[i + k], bits);
        i += count;
        g->args[g->count++] = count > 1 ? vector_of(g, parts, count) : parts[0];
    }
    return true;
}

/* ---- the format ------------------------------------------------------------------------ */

static const char *string_at(LLVMValueRef pointer, size_t *len)
{
    LLVMValueRef data = LLVMIsAGlobalVariable(pointer) && LLVMIsGlobalConstant(pointer)
                            ? LLVMGetInitializer(pointer)
                            : NULL;
    const char *bytes;

    if (!data || !LLVMIsAConstantDataArray(data) || !LLVMIsConstantString(data))
        return NULL;
    bytes = LLVMGetAsString(data, len);
    *len = strnlen(bytes, *len);
    return bytes;
}

static void put_escaped(tj_text *out, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c == '"' || c == '\\')
            tj_text_printf(out, "\\%c", c);
        else if (c == '\n' || c == '\t')
            tj_text_puts(out, c == '\n' ? "\\n" : "\\t");
        else if (c < ' ' || c > '~')
            tj_text_printf(out, "\\%03o", c);
        else
            tj_text_add(out, bytes + i, 1);
    }
}

static void put_blanks(message *g, size_t count)
{
    while (count--)
        tj_text_puts(&g->format, " ");
}

/* What %s with these flags, width and precision prints. */
static void put_literal(message *g, const char *conversion, const char *literal)
{
    const char *at = conversion + 1 + strspn(conversion + 1, "-+ #0");
    bool is_left = memchr(conversion, '-', (size_t)(at - conversion)) != NULL;
    size_t len = strlen(literal), gap;
    unsigned width = 0, precision = 0;

    for (; *at >= '0' && *at <= '9' && width < 256; at++)
        width = 10 * width + (unsigned)(*at - '0');
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9' && precision < 256; at++)
            precision = 10 * precision + (unsigned)(*at - '0');
        len = len < precision ? len : precision;
    }
    gap = width > len ? width - len : 0;
    put_blanks(g, is_left ? 0 : gap);
    for (size_t i = 0; i < len; i++)
        put_escaped(&g->format, literal[i] == '%' ? "%%" : literal + i,
                    literal[i] == '%' ? 2 : 1);
    put_blanks(g, is_left ? gap : 0);
}

/* One conversion: "(pointer)" in its place when the argument is one, the text of a literal. The
 * length of it. */
static size_t put_conversion(message *g, const char *at, size_t len, unsigned *argument)
{
    size_t n = 1 + strspn(at + 1, "0123456789.-+ #hlvLjzt");
    char letter = n < len ? at[n] : 0;

    n = n < len ? n + 1 : len;
    if (letter == '%' || !letter || *argument >= g->count) {
        put_escaped(&g->format, at, n);
        return n;
    }
    if (!g->args[*argument] && g->literal[*argument] && letter == 's')
        put_literal(g, at, g->literal[*argument]);
    else if (!g->args[*argument])
        tj_text_puts(&g->format, "(pointer)");
    else
        put_escaped(&g->format, at, n);
    g->sign[(*argument)++] = strchr("di", letter) ? 's' : strchr("uxXo", letter) ? 'u' : 0;
    return n;
}

static bool put_format(message *g)
{
    size_t len;
    const char *bytes = string_at(LLVMGetOperand(g->call, 3), &len);
    unsigned argument = 0;

    for (size_t i = 0; bytes && i < len;) {
        size_t n = 1;

        if (bytes[i] == '%')
            n = put_conversion(g, bytes + i, len - i, &argument);
        else
            put_escaped(&g->format, bytes + i, 1);
        i += n;
    }
    return bytes;
}

/* ---- the call -------------------------------------------------------------------------- */

static const char *method_of(LLVMValueRef type)
{
    switch (LLVMIsAConstantInt(type) ? LLVMConstIntGetZExtValue(type) : 0) {
    case 1:
        return "log_info";
    case 2:
        return "log_debug";
    case 16:
        return "log_error";
    case 17:
        return "log_fault";
    default:
        return "log";
    }
}

static const char *name_at(tj_msl *m, LLVMValueRef pointer)
{
    size_t len;
    const char *bytes = string_at(pointer, &len);
    tj_text text = {0};

    if (!bytes)
        return "";
    put_escaped(&text, bytes, len);
    bytes = tj_arena_strdup(m->arena, text.data ? text.data : "");
    tj_text_fini(&text);
    return bytes;
}

static void replace_call(message *g)
{
    LLVMContextRef c = g->m->unit->llctx;
    LLVMTypeRef shape = LLVMFunctionType(LLVMVoidTypeInContext(c), NULL, 0, true);
    tj_mlog *log = tj_new(g->m->arena, tj_mlog);
    const char *name = "tmjit.message";
    LLVMValueRef function = LLVMGetNamedFunction(g->m->unit->module, name);
    unsigned kept = 0;

    *log =
        (tj_mlog){.subsystem = name_at(g->m, LLVMGetOperand(g->call, 0)),
                  .category = name_at(g->m, LLVMGetOperand(g->call, 1)),
                  .method = method_of(LLVMGetOperand(g->call, 2)),
                  .format = tj_arena_strdup(g->m->arena, g->format.data ? g->format.data : ""),
                  .sign = tj_new_array(g->m->arena, char, MAX_ARGUMENTS),
                  .next = g->m->logs};
    for (unsigned i = 0; i < g->count; i++) {
        log->sign[kept] = g->sign[i];
        if (g->args[i])
            g->args[kept++] = g->args[i];
    }
    if (!function)
        function = LLVMAddFunction(g->m->unit->module, name, shape);
    log->call = LLVMBuildCall2(g->builder, shape, function, g->args, kept, "");
    g->m->logs = log;
    LLVMInstructionEraseFromParent(g->call);
}

/* Only written: nobody sees it. */
static bool is_only_written(LLVMValueRef pointer)
{
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (LLVMIsAGetElementPtrInst(user)
                ? !is_only_written(user)
                : !LLVMIsAStoreInst(user) || LLVMGetOperand(user, 1) != pointer)
            return false;
    }
    return true;
}

static void erase_uses(LLVMValueRef pointer)
{
    for (LLVMUseRef use; (use = LLVMGetFirstUse(pointer));) {
        LLVMValueRef user = LLVMGetUser(use);

        if (LLVMIsAGetElementPtrInst(user))
            erase_uses(user);
        LLVMInstructionEraseFromParent(user);
    }
}

static void spell(tj_msl *m, LLVMValueRef call)
{
    message *g = tj_new(m->arena, message);
    LLVMValueRef area = tj_msl_root(LLVMGetOperand(call, 4)), size = LLVMGetOperand(call, 5);
    uint64_t bytes = LLVMIsAConstantInt(size) ? LLVMConstIntGetZExtValue(size) : UINT64_MAX;

    *g = (message){.m = m, .call = call, .builder = LLVMCreateBuilderInContext(m->unit->llctx)};
    LLVMPositionBuilderBefore(g->builder, call);
    if (bytes <= MAX_WORDS * 8)
        g->word_count = (unsigned)(bytes / 8);
    if (bytes > MAX_WORDS * 8 || (bytes && !LLVMIsAAllocaInst(area)) || !find_words(g, area) ||
        !read_words(g))
        tj_msl_refuse(m, call, "arguments of logging of this form cannot be printed as Metal");
    else if (!put_format(g))
        tj_msl_refuse(m, call, "the format of a message is no constant: Metal wants a literal");
    else
        replace_call(g);
    tj_text_fini(&g->format);
    LLVMDisposeBuilder(g->builder);
    if (!m->status && LLVMIsAAllocaInst(area) && is_only_written(area)) {
        erase_uses(area);
        LLVMInstructionEraseFromParent(area);
    }
}

static bool is_logging(LLVMValueRef inst)
{
    size_t len;

    return LLVMIsACallInst(inst) &&
           strcmp(LLVMGetValueName2(LLVMGetCalledValue(inst), &len), TJ_LOGGING) == 0;
}

void tj_msl_spell_logs(tj_msl *m)
{
    bool has_any = LLVMGetNamedFunction(m->unit->module, TJ_LOGGING) != NULL;

    while (has_any) { /* each removes others' instructions */
        unsigned count = 0, i = 0;
        LLVMValueRef *list = tj_msl_instructions(m, &count);

        while (i < count && !is_logging(list[i]))
            i++;
        if (i == count || m->status)
            return;
        spell(m, list[i]);
    }
}

/* ---- text ------------------------------------------------------------------------------ */

static tj_mlog *log_of(const tj_msl *m, LLVMValueRef call)
{
    for (tj_mlog *log = m->logs; log; log = log->next)
        if (log->call == call)
            return log;
    return NULL;
}

/* "os_log_default", or the name of a logger of this subsystem and category. */
static const char *logger_of(tj_msl *m, tj_mlog *log)
{
    if (!*log->subsystem && !*log->category)
        return "os_log_default";
    for (const tj_mlog *other = m->logs; other; other = other->next)
        if (other->logger && !strcmp(other->subsystem, log->subsystem) &&
            !strcmp(other->category, log->category))
            return other->logger;
    return log->logger = tj_msl_name(m, log->category, "logger");
}

const char *tj_msl_message(tj_msl *m, LLVMValueRef call)
{
    tj_mlog *log = log_of(m, call);
    const char *text;

    if (!log)
        return NULL;
    text = TJ_MSL_TEXT(m, "%s.%s(\"%s\"", logger_of(m, log), log->method, log->format);
    for (unsigned i = 0; i < LLVMGetNumArgOperands(call); i++) {
        LLVMValueRef value = LLVMGetOperand(call, i);

        text = TJ_MSL_TEXT(m, "%s, %s", text,
                           log->sign[i] ? tj_msl_expr_as(m, value, log->sign[i] == 's', 0)
                                        : tj_msl_expr(m, value, 0));
    }
    return TJ_MSL_TEXT(m, "%s)", text);
}

static void print_loggers(tj_msl *m, const tj_mlog *log)
{
    if (!log)
        return;
    print_loggers(m, log->next); /* the last one is first */
    if (log->logger)
        tj_text_line(m->out, "constant os_log %s(\"%s\", \"%s\");", log->logger, log->subsystem,
                     log->category);
}

bool tj_msl_print_loggers(tj_msl *m)
{
    bool found = false;

    for (const tj_mlog *log = m->logs; log; log = log->next)
        found |= log->logger != NULL;
    print_loggers(m, m->logs);
    return found;
}
