/* SPDX-License-Identifier: MIT */
/* Hostile but valid modules, from the check to the launch. The input is kernel text; a few of
 * its names, numbers and words are replaced by others of the same text, so that many variants
 * still parse. What is accepted runs on both engines with one thread, which must end alike and
 * leave the same bytes, and as vector code with many threads, which must only survive. Buffers
 * stand between pages without access. No error may be an internal one. */
#include "ll_lex.h"
#include "tmjit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

enum {
    PAGE = 4096,
    BUFFER_LEN = 1024,
    MOST_ARGS = 8,
    MOST_TOKENS = 4096,
    LONGEST = 1 << 15,
    TIMEOUT_MS = 200
};

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION /* libFuzzer changes the input too */
enum { VARIANTS = 3 };
#else
enum { VARIANTS = 24 };
#endif

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* ---- variants ------------------------------------------------------------------------- */

/* '%' and '@' names, numbers, other words: tokens of one kind may stand for each other. */
static char kind_of(const tj_ll_token *token)
{
    char c = token->byte_len ? *token->start : '\0';

    if (token->kind == TJ_LL_LOCAL)
        return '%';
    if (token->kind == TJ_LL_GLOBAL)
        return '@';
    if (token->kind != TJ_LL_WORD)
        return '\0';
    return (c >= '0' && c <= '9') || c == '-' ? '0' : 'a';
}

static size_t read_tokens(const char *text, size_t byte_len, tj_ll_token *tokens)
{
    tj_ll_lexer lexer = tj_ll_start(text, byte_len);
    size_t count = 0;

    while (count < MOST_TOKENS) {
        tj_ll_token token = tj_ll_next(&lexer);
        if (token.kind == TJ_LL_END)
            break;
        if (kind_of(&token))
            tokens[count++] = token;
    }
    return count;
}

/* Replaces one token by another of its kind; the length of the new text. */
static size_t replace_one(const char *text, size_t byte_len, uint64_t *state, char *out)
{
    static tj_ll_token tokens[MOST_TOKENS];
    size_t count = read_tokens(text, byte_len, tokens);

    for (unsigned tries = 0; tries < 16 && count; tries++) {
        const tj_ll_token *to = &tokens[next_random(state) % count];
        const tj_ll_token *from = &tokens[next_random(state) % count];
        size_t before = (size_t)(to->start - text), behind = before + to->byte_len;
        if (kind_of(to) != kind_of(from) || byte_len + from->byte_len > LONGEST)
            continue;
        memcpy(out, text, before);
        memcpy(out + before, from->start, from->byte_len);
        memcpy(out + before + from->byte_len, text + behind, byte_len - behind);
        return before + from->byte_len + byte_len - behind;
    }
    memcpy(out, text, byte_len);
    return byte_len;
}

/* ---- runs ----------------------------------------------------------------------------- */

static unsigned char *pages; /* of argument i: page 2 * i + 1; those between have no access */

static unsigned char *buffer_of(size_t i)
{
    return pages + (2 * i + 2) * PAGE - BUFFER_LEN;
}

static void map_pages(void)
{
    if (pages)
        return;
    void *all =
        mmap(NULL, (2 * MOST_ARGS + 1) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED)
        abort();
    pages = all;
    for (size_t i = 0; i < MOST_ARGS; i++)
        if (mprotect(pages + (2 * i + 1) * PAGE, PAGE, PROT_READ | PROT_WRITE))
            abort();
}

static void expect_no_internal(const tmjit_context *ctx, tmjit_status status)
{
    if (status != TMJIT_E_INTERNAL)
        return;
    fputs(tmjit_last_error(ctx)->rendered, stderr);
    abort();
}

/* Words of 1: numbers from memory are often counts, and short runs are many runs. */
static void fill(unsigned char *page)
{
    static const uint32_t one = 1;

    for (size_t at = 0; at < PAGE; at += sizeof one)
        memcpy(page + at, &one, sizeof one);
}

static tmjit_status launch(tmjit_context *ctx, tmjit_pipeline *pipeline,
                           const tmjit_kernel *kernel, uint32_t thread_count)
{
    size_t count = tmjit_kernel_arg_count(kernel);
    tmjit_binding bindings[MOST_ARGS] = {{.data = NULL}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {thread_count, 1, 1},
                           .bindings = bindings,
                           .binding_count = count,
                           .timeout_s = TIMEOUT_MS / 1e3};

    for (size_t i = 0; i < count; i++) {
        tmjit_arg_kind kind = tmjit_kernel_arg(kernel, i)->kind;
        fill(pages + (2 * i + 1) * PAGE);
        if (kind == TMJIT_ARG_BUFFER)
            bindings[i] = (tmjit_binding){.data = buffer_of(i), .byte_len = BUFFER_LEN};
        else if (kind == TMJIT_ARG_THREADGROUP)
            bindings[i].byte_len = 256;
    }
    tmjit_status status = tmjit_pipeline_launch(pipeline, &launch);
    expect_no_internal(ctx, status);
    return status;
}

static tmjit_pipeline *compile(tmjit_context *ctx, const tmjit_kernel *kernel,
                               tmjit_engine engine, uint32_t threads)
{
    tmjit_pipeline_options options = {.struct_size = sizeof options,
                                      .threadgroup = {threads, 1, 1},
                                      .engine = engine,
                                      .verify_each = true};
    tmjit_pipeline *pipeline = NULL;

    expect_no_internal(ctx, tmjit_pipeline_create(ctx, kernel, &options, &pipeline));
    return pipeline;
}

static void expect_same(tmjit_context *ctx, const tmjit_kernel *kernel)
{
    static unsigned char first[MOST_ARGS][PAGE];
    tmjit_pipeline *simd = compile(ctx, kernel, TMJIT_ENGINE_SIMD, 1);
    tmjit_pipeline *interp = compile(ctx, kernel, TMJIT_ENGINE_INTERP, 1);

    if (simd && interp) {
        tmjit_status a = launch(ctx, simd, kernel, 1);
        for (size_t i = 0; i < MOST_ARGS; i++)
            memcpy(first[i], pages + (2 * i + 1) * PAGE, PAGE);
        tmjit_status b = launch(ctx, interp, kernel, 1);
        if (a != b && a != TMJIT_E_TIMEOUT && b != TMJIT_E_TIMEOUT)
            abort();
        for (size_t i = 0; !a && !b && i < tmjit_kernel_arg_count(kernel); i++)
            if (memcmp(first[i], pages + (2 * i + 1) * PAGE, PAGE))
                abort();
    }
    tmjit_pipeline_destroy(simd);
    tmjit_pipeline_destroy(interp);
}

/* Whether the text was accepted. */
static bool run_text(const char *text, size_t byte_len)
{
    tmjit_context_options options = {.struct_size = sizeof options, .threads = 1};
    tmjit_context *ctx = NULL;
    tmjit_library *library = NULL;

    if (tmjit_context_create(&options, &ctx))
        abort();
    tmjit_status status = tmjit_library_load_memory(ctx, text, byte_len, "k.ll", &library);
    expect_no_internal(ctx, status);
    for (size_t k = 0; k < tmjit_library_kernel_count(library) && k < 2; k++) {
        const tmjit_kernel *kernel = tmjit_library_kernel(library, k);
        if (tmjit_kernel_arg_count(kernel) > MOST_ARGS)
            continue;
        expect_same(ctx, kernel);
        tmjit_pipeline *wide = compile(ctx, kernel, TMJIT_ENGINE_SIMD, 32);
        if (wide)
            (void)launch(ctx, wide, kernel, 70);
    }
    tmjit_context_destroy(ctx);
    return !status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len)
{
    static char text[LONGEST + 1], variant[LONGEST + 1];
    uint64_t state = byte_len;

    if (byte_len > LONGEST)
        return 0;
    map_pages();
    if (byte_len)
        memcpy(text, bytes, byte_len);
    for (size_t i = 0; i < byte_len; i++)
        state = state * 31 + bytes[i];
    bool is_good = run_text(text, byte_len);
    for (unsigned v = 0; v < VARIANTS && is_good; v++) {
        size_t len = replace_one(text, byte_len, &state, variant);
        run_text(variant, len);
    }
    return 0;
}
