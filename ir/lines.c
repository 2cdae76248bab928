/* SPDX-License-Identifier: MIT */
/* Debug locations that name the lines of LLVM text.
 *
 * LLVM-C tells no positions, so the text is read once more: the n-th statement of a function
 * body is the n-th instruction of the function. Every statement must start with the word of
 * its instruction's opcode and the counts must agree; otherwise the function stays without
 * lines rather than with wrong ones.
 */
#include "ir.h"
#include "ll_lex.h"
#include "places.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <string.h>

static const struct {
    const char *word;
    LLVMOpcode opcode;
} opcodes[] = {
    {"ret", LLVMRet},
    {"br", LLVMBr},
    {"switch", LLVMSwitch},
    {"indirectbr", LLVMIndirectBr},
    {"invoke", LLVMInvoke},
    {"unreachable", LLVMUnreachable},
    {"callbr", LLVMCallBr},
    {"fneg", LLVMFNeg},
    {"add", LLVMAdd},
    {"fadd", LLVMFAdd},
    {"sub", LLVMSub},
    {"fsub", LLVMFSub},
    {"mul", LLVMMul},
    {"fmul", LLVMFMul},
    {"udiv", LLVMUDiv},
    {"sdiv", LLVMSDiv},
    {"fdiv", LLVMFDiv},
    {"urem", LLVMURem},
    {"srem", LLVMSRem},
    {"frem", LLVMFRem},
    {"shl", LLVMShl},
    {"lshr", LLVMLShr},
    {"ashr", LLVMAShr},
    {"and", LLVMAnd},
    {"or", LLVMOr},
    {"xor", LLVMXor},
    {"alloca", LLVMAlloca},
    {"load", LLVMLoad},
    {"store", LLVMStore},
    {"getelementptr", LLVMGetElementPtr},
    {"trunc", LLVMTrunc},
    {"zext", LLVMZExt},
    {"sext", LLVMSExt},
    {"fptoui", LLVMFPToUI},
    {"fptosi", LLVMFPToSI},
    {"uitofp", LLVMUIToFP},
    {"sitofp", LLVMSIToFP},
    {"fptrunc", LLVMFPTrunc},
    {"fpext", LLVMFPExt},
    {"ptrtoint", LLVMPtrToInt},
    {"ptrtoaddr", LLVMPtrToAddr},
    {"inttoptr", LLVMIntToPtr},
    {"bitcast", LLVMBitCast},
    {"addrspacecast", LLVMAddrSpaceCast},
    {"icmp", LLVMICmp},
    {"fcmp", LLVMFCmp},
    {"phi", LLVMPHI},
    {"call", LLVMCall},
    {"select", LLVMSelect},
    {"va_arg", LLVMVAArg},
    {"extractelement", LLVMExtractElement},
    {"insertelement", LLVMInsertElement},
    {"shufflevector", LLVMShuffleVector},
    {"extractvalue", LLVMExtractValue},
    {"insertvalue", LLVMInsertValue},
    {"freeze", LLVMFreeze},
    {"fence", LLVMFence},
    {"cmpxchg", LLVMAtomicCmpXchg},
    {"atomicrmw", LLVMAtomicRMW},
    {"resume", LLVMResume},
    {"landingpad", LLVMLandingPad},
};

/* One instruction and where its statement starts. */
typedef struct place {
    LLVMValueRef inst;
    unsigned line, column;
} place;

typedef struct lines {
    tj_unit *unit;
    tj_ll_lexer lexer;
    LLVMDIBuilderRef builder; /* NULL until the first location is made */
    LLVMMetadataRef file, function_type;
    LLVMValueRef wanted; /* when not NULL: only the place of this instruction is asked for */
    tj_loc *found;
} lines;

/* The function whose body is being read. */
typedef struct body {
    LLVMValueRef function; /* NULL when it gets no lines */
    unsigned line;         /* of its `define` */
    place *places;
    unsigned count, filled;
    bool is_odd; /* statements and instructions do not match */
} body;

/* ---- statements ---------------------------------------------------------------------- */

static bool is_opcode_word(const tj_ll_token *word, LLVMValueRef inst, bool *is_match)
{
    for (size_t i = 0; i < sizeof opcodes / sizeof opcodes[0]; i++)
        if (tj_ll_is_word(word, opcodes[i].word)) {
            *is_match = inst && LLVMGetInstructionOpcode(inst) == opcodes[i].opcode;
            return true;
        }
    return false;
}

static int depth_change(const tj_ll_token *t)
{
    if (t->kind != TJ_LL_PUNCT)
        return 0;
    if (strchr("([{", *t->start))
        return 1;
    return strchr(")]}", *t->start) ? -1 : 0;
}

/* Calls of llvm.dbg.* become records: they are statements without an instruction. */
static bool is_debug_call(const tj_ll_token *t)
{
    static const char prefix[] = "@llvm.dbg.";
    return t->kind == TJ_LL_GLOBAL && t->byte_len > strlen(prefix) &&
           memcmp(t->start, prefix, strlen(prefix)) == 0;
}

/* Reads to the end of the logical line; brackets hold lines together. False when the body's
 * closing brace was met first. */
static bool skip_statement(lines *l, bool *is_debug)
{
    int depth = 0;
    for (;;) {
        tj_ll_token t = tj_ll_next(&l->lexer);
        if (t.kind == TJ_LL_END || (t.kind == TJ_LL_NEWLINE && depth == 0))
            return t.kind != TJ_LL_END;
        depth += depth_change(&t);
        if (depth < 0)
            return false;
        *is_debug = *is_debug || is_debug_call(&t);
    }
}

static bool is_call_prefix(const tj_ll_token *t)
{
    return tj_ll_is_word(t, "tail") || tj_ll_is_word(t, "musttail") ||
           tj_ll_is_word(t, "notail");
}

/* Reads one statement that starts with `first`. False at the end of the body. */
static bool read_statement(lines *l, body *b, tj_ll_token first)
{
    tj_ll_token word = first;
    if (first.kind == TJ_LL_LOCAL) {
        tj_ll_next(&l->lexer); /* '=' */
        word = tj_ll_next(&l->lexer);
    }
    if (is_call_prefix(&word))
        word = tj_ll_next(&l->lexer);
    LLVMValueRef inst = b->filled < b->count ? b->places[b->filled].inst : NULL;
    bool is_match = false, is_debug = false;
    bool is_inst = is_opcode_word(&word, inst, &is_match);
    bool has_more = skip_statement(l, &is_debug);
    if (!is_inst || is_debug)
        return has_more; /* a continuation, a use-list order, a debug record */
    b->is_odd = b->is_odd || !is_match;
    if (is_match) {
        b->places[b->filled].line = first.line;
        b->places[b->filled++].column = first.column;
    }
    return has_more;
}

static void read_body(lines *l, body *b)
{
    for (;;) {
        tj_ll_token t = tj_ll_next(&l->lexer);
        if (t.kind == TJ_LL_END || tj_ll_is_punct(&t, '}'))
            return;
        if (t.kind == TJ_LL_NEWLINE || t.kind == TJ_LL_LABEL)
            continue;
        if (!read_statement(l, b, t))
            return;
    }
}

/* ---- functions ----------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* @name, or @"name" with \xx for bytes. */
static LLVMValueRef find_function(lines *l, const tj_ll_token *token)
{
    const char *from = token->start + 1, *end = token->start + token->byte_len;
    if (token->byte_len < 2)
        return NULL;
    if (*from != '"')
        return LLVMGetNamedFunctionWithLength(l->unit->module, from, (size_t)(end - from));
    char *name = tj_arena_take(l->unit->arena, token->byte_len, 1, 1);
    size_t name_len = 0;
    for (from++; from < end && *from != '"'; from++) {
        bool is_escaped = *from == '\\' && end - from > 2 && hex_digit(from[1]) >= 0 &&
                          hex_digit(from[2]) >= 0;
        name[name_len++] =
            is_escaped ? (char)(hex_digit(from[1]) * 16 + hex_digit(from[2])) : *from;
        from += is_escaped ? 2 : 0;
    }
    return LLVMGetNamedFunctionWithLength(l->unit->module, name, name_len);
}

/* Reads from behind `define` to the body's opening brace. A header with a constant that may
 * hold braces of its own is not understood: no lines. */
static bool read_header(lines *l, body *b)
{
    int depth = 0;
    bool has_name = false, is_after_bang = false;
    for (;;) {
        tj_ll_token t = tj_ll_next(&l->lexer);
        if (t.kind == TJ_LL_END || tj_ll_is_word(&t, "prefix") ||
            tj_ll_is_word(&t, "prologue") || tj_ll_is_word(&t, "personality"))
            return false;
        if (t.kind == TJ_LL_GLOBAL && depth == 0 && !has_name) {
            has_name = true;
            b->function = find_function(l, &t);
        }
        if (tj_ll_is_punct(&t, '{') && depth == 0 && has_name && !is_after_bang)
            return b->function != NULL;
        depth += depth_change(&t);
        is_after_bang = tj_ll_is_punct(&t, '!');
    }
}

static LLVMValueRef next_instruction(LLVMValueRef inst)
{
    LLVMValueRef next = LLVMGetNextInstruction(inst);
    LLVMBasicBlockRef block = LLVMGetInstructionParent(inst);
    while (!next && (block = LLVMGetNextBasicBlock(block)))
        next = LLVMGetFirstInstruction(block);
    return next;
}

static LLVMValueRef first_instruction(LLVMValueRef function)
{
    LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function);
    while (block && !LLVMGetFirstInstruction(block))
        block = LLVMGetNextBasicBlock(block);
    return block ? LLVMGetFirstInstruction(block) : NULL;
}

static void list_instructions(lines *l, body *b)
{
    LLVMValueRef inst, first = first_instruction(b->function);
    for (inst = first; inst; inst = next_instruction(inst))
        b->count++;
    b->places = tj_new_array(l->unit->arena, place, b->count);
    unsigned at = 0;
    for (inst = first; inst; inst = next_instruction(inst))
        b->places[at++].inst = inst;
}

/* False when every instruction has a location, or some have one of a foreign scope. */
static bool needs_lines(const body *b)
{
    bool has_own_scope = LLVMGetSubprogram(b->function) != NULL, has_bare = false;
    for (unsigned i = 0; i < b->count; i++) {
        bool has_place = LLVMInstructionGetDebugLoc(b->places[i].inst) != NULL;
        if (has_place && !has_own_scope)
            return false;
        has_bare = has_bare || !has_place;
    }
    return has_bare;
}

/* ---- debug information --------------------------------------------------------------- */

static void start_builder(lines *l)
{
    static const char producer[] = "tmjit", key[] = "Debug Info Version";
    LLVMModuleRef module = l->unit->module;
    const char *name = l->unit->file;
    l->builder = LLVMCreateDIBuilder(module);
    l->file = LLVMDIBuilderCreateFile(l->builder, name, strlen(name), "", 0);
    LLVMDIBuilderCreateCompileUnit(l->builder, LLVMDWARFSourceLanguageC99, l->file, producer,
                                   strlen(producer), false, "", 0, 0, "", 0,
                                   LLVMDWARFEmissionNone, 0, false, false, "", 0, "", 0);
    l->function_type =
        LLVMDIBuilderCreateSubroutineType(l->builder, l->file, NULL, 0, LLVMDIFlagZero);
    if (!LLVMGetModuleFlag(module, key, strlen(key))) {
        LLVMTypeRef i32 = LLVMInt32TypeInContext(l->unit->llctx);
        LLVMValueRef version = LLVMConstInt(i32, LLVMDebugMetadataVersion(), false);
        LLVMAddModuleFlag(module, LLVMModuleFlagBehaviorWarning, key, strlen(key),
                          LLVMValueAsMetadata(version));
    }
}

/* A scope in the .ll file; inside the function's own subprogram when it has one. */
static LLVMMetadataRef make_scope(lines *l, const body *b)
{
    LLVMMetadataRef own = LLVMGetSubprogram(b->function);
    if (!l->builder)
        start_builder(l);
    if (own)
        return LLVMDIBuilderCreateLexicalBlockFile(l->builder, own, l->file, 0);
    size_t name_len;
    const char *name = LLVMGetValueName2(b->function, &name_len);
    own = LLVMDIBuilderCreateFunction(l->builder, l->file, name, name_len, "", 0, l->file,
                                      b->line, l->function_type, true, true, b->line,
                                      LLVMDIFlagZero, false);
    LLVMSetSubprogram(b->function, own);
    return own;
}

static void attach(lines *l, const body *b)
{
    LLVMMetadataRef scope = make_scope(l, b);
    for (unsigned i = 0; i < b->count; i++) {
        const place *p = &b->places[i];
        if (!LLVMInstructionGetDebugLoc(p->inst))
            LLVMInstructionSetDebugLoc(
                p->inst, LLVMDIBuilderCreateDebugLocation(l->unit->llctx, p->line, p->column,
                                                          scope, NULL));
    }
}

static void tell_wanted(lines *l, const body *b)
{
    for (unsigned i = 0; i < b->count; i++)
        if (b->places[i].inst == l->wanted) {
            l->found->line = b->places[i].line;
            l->found->column = b->places[i].column;
        }
}

static void read_function(lines *l, unsigned line)
{
    body b = {.line = line};
    if (!read_header(l, &b))
        return;
    list_instructions(l, &b);
    read_body(l, &b);
    if (b.is_odd || b.filled != b.count)
        return;
    if (l->wanted)
        tell_wanted(l, &b);
    else if (needs_lines(&b))
        attach(l, &b);
}

static void read_text(lines *l)
{
    int depth = 0;
    for (;;) {
        tj_ll_token t = tj_ll_next(&l->lexer);
        if (t.kind == TJ_LL_END)
            return;
        depth += depth_change(&t);
        depth = depth < 0 ? 0 : depth;
        if (depth == 0 && tj_ll_is_word(&t, "define"))
            read_function(l, t.line);
    }
}

/* False when the module's flags forbid adding debug information of LLVM's version. */
static bool may_add(const tj_unit *unit)
{
    static const char key[] = "Debug Info Version";
    return !LLVMGetModuleFlag(unit->module, key, strlen(key)) ||
           LLVMGetModuleDebugMetadataVersion(unit->module) == LLVMDebugMetadataVersion();
}

void tj_add_lines(tj_unit *unit, const char *text, size_t byte_len)
{
    if (!may_add(unit))
        return;
    lines l = {.unit = unit, .lexer = tj_ll_start(text, byte_len)};
    read_text(&l);
    if (!l.builder)
        return;
    LLVMDIBuilderFinalize(l.builder);
    LLVMDisposeDIBuilder(l.builder);
}

void tj_find_line(tj_unit *unit, const char *text, size_t byte_len, LLVMValueRef inst,
                  tj_loc *loc)
{
    lines l = {
        .unit = unit, .lexer = tj_ll_start(text, byte_len), .wanted = inst, .found = loc};
    read_text(&l);
}
