/* SPDX-License-Identifier: MIT */
/* Launches of a kernel text through the public interface, and the comparison of buffers.
 * The head comment of the text says which buffers and launches there are. */
#include "run.h"

#include "tmjit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BOUND = 32, LAUNCH_SECONDS = 20 };

const char *const outcome_names[OUTCOME_COUNT] = {
    "same", "different", "engine fails", "interpreter fails", "crash", "timeout"};

typedef struct bound {
    char name[32], fill[16];
    base base;
    unsigned components, per_thread, extra;
    bool is_threadgroup;
    uint64_t byte_len;
    unsigned char *data;
} bound;

typedef struct spec {
    unsigned long long seed;
    bound bound[MAX_BOUND];
    unsigned bound_count;
    launch launches[MAX_LAUNCHES];
    unsigned launch_count;
    bool is_full_width; /* has SIMD-group functions: always 32 lanes */
} spec;

/* ---- head comment --------------------------------------------------------------------- */

static base find_base(const char *suffix)
{
    for (unsigned b = 0; b < BASE_COUNT; b++)
        if (!strcmp(base_infos[b].suffix, suffix))
            return (base)b;
    return BASE_COUNT;
}

static void parse_line(spec *s, const char *line)
{
    launch l;
    bound b = {0};
    char suffix[16], lanes[8];

    if (sscanf(line, "; difftest seed %llu", &s->seed) == 1)
        return;
    if (sscanf(line, "; lanes %7s", lanes) == 1)
        s->is_full_width = !strcmp(lanes, "32");
    if (s->launch_count < MAX_LAUNCHES &&
        sscanf(line, "; launch %u %u %u %u", &l.grid[0], &l.grid[1], &l.threadgroup[0],
               &l.threadgroup[1]) == 4)
        s->launches[s->launch_count++] = l;
    if (s->bound_count == MAX_BOUND)
        return;
    if (sscanf(line, "; buffer %31s %15s %u %u %u %15s", b.name, suffix, &b.components,
               &b.per_thread, &b.extra, b.fill) == 6 &&
        (b.base = find_base(suffix)) != BASE_COUNT)
        s->bound[s->bound_count++] = b;
    else if (sscanf(line, "; threadgroup %31s %u", b.name, &b.extra) == 2) {
        b.is_threadgroup = true;
        b.byte_len = b.extra;
        s->bound[s->bound_count++] = b;
    }
}

static spec parse_head(const char *kernel_text)
{
    spec s = {0};

    for (const char *line = kernel_text; line && line[0] == ';';) {
        parse_line(&s, line);
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return s;
}

/* ---- buffers -------------------------------------------------------------------------- */

static uint64_t random_float_bits(rng *r, base b)
{
    static const uint32_t f32[] = {0,          0x80000000, 0x7f800000, 0xff800000,
                                   0x7fc00000, 1,          0x80000123, 0x7f7fffff};
    unsigned roll = rng_below(r, 16);
    float value = (float)((int)rng_below(r, 4096) - 2048) / (roll < 6 ? 256.0f : 1.0f);
    uint32_t bits;

    if (roll > 12)
        value *= 1e-3f;
    memcpy(&bits, &value, sizeof(bits));
    if (roll == 0)
        bits = f32[rng_below(r, 8)];
    if (b == BASE_F32)
        return bits;
    if (b == BASE_BF16)
        return bits >> 16;
    /* Any half that is no NaN will do, small ones most of the time. */
    bits = (uint32_t)rng_next(r);
    if (roll)
        return (bits & 0x83ff) | (10 + (bits >> 16) % 10) << 10;
    return (bits & 0x7c00) == 0x7c00 ? bits & 0xfc00 : bits & 0xffff;
}

static uint64_t random_int_bits(rng *r, unsigned bits)
{
    uint64_t any = rng_next(r);
    unsigned roll = rng_below(r, 8);

    return roll == 0   ? any
           : roll == 1 ? ((uint64_t)1 << (bits - 1)) - any % 3
           : roll == 2 ? -(any % 20)
                       : any % (roll == 3 ? 1000 : 20);
}

static void fill(const spec *s, bound *b, const char *how)
{
    unsigned elem = base_infos[b->base].bits / 8;
    rng r = {s->seed * 1000003u};

    for (const char *c = b->name; *c; c++)
        r.state = r.state * 31 + (unsigned char)*c;
    memset(b->data, !strcmp(how, "pattern") ? 0x5a : 0, b->byte_len);
    if (strcmp(how, "random"))
        return;
    for (uint64_t at = 0; at + elem <= b->byte_len; at += elem) {
        uint64_t bits = base_infos[b->base].is_float ? random_float_bits(&r, b->base)
                                                     : random_int_bits(&r, 8 * elem);

        memcpy(b->data + at, &bits, elem); /* little-endian hosts */
    }
}

static void make_buffers(spec *s, const launch *l)
{
    uint64_t threads = (uint64_t)l->grid[0] * l->grid[1];

    for (unsigned i = 0; i < s->bound_count; i++) {
        bound *b = &s->bound[i];

        if (b->is_threadgroup)
            continue;
        b->byte_len = (threads * b->per_thread + b->extra) * (base_infos[b->base].bits / 8) *
                      (b->components == 3 ? 4 : b->components);
        b->data = malloc(b->byte_len + 1);
        if (!b->data)
            abort();
        fill(s, b, b->fill);
    }
}

static void free_buffers(spec *s)
{
    for (unsigned i = 0; i < s->bound_count; i++) {
        free(s->bound[i].data);
        s->bound[i].data = NULL;
    }
}

/* ---- one launch ----------------------------------------------------------------------- */

static const bound *find_bound(const spec *s, const char *name)
{
    for (unsigned i = 0; i < s->bound_count; i++)
        if (!strcmp(s->bound[i].name, name))
            return &s->bound[i];
    return NULL;
}

static tmjit_status bind_and_launch(tmjit_pipeline *pipeline, const tmjit_kernel *k,
                                    const spec *s, const config *c)
{
    tmjit_binding bindings[2 * MAX_BOUND] = {0};
    const launch *l = &s->launches[c->launch];
    size_t count = tmjit_kernel_arg_count(k);

    for (size_t i = 0; i < count && i < 2 * MAX_BOUND; i++) {
        const tmjit_arg *arg = tmjit_kernel_arg(k, i);
        const bound *b = find_bound(s, arg->name);

        if (arg->kind == TMJIT_ARG_BUILTIN || !b)
            continue;
        bindings[i] = (tmjit_binding){b->data, b->byte_len};
    }
    tmjit_launch how = {.struct_size = sizeof(how),
                        .grid = {l->grid[0], l->grid[1], 1},
                        .bindings = bindings,
                        .binding_count = count,
                        .timeout_s = LAUNCH_SECONDS,
                        .order_seed = c->order_seed};
    return tmjit_pipeline_launch(pipeline, &how);
}

static tmjit_status run_once(tmjit_context *ctx, const tmjit_kernel *k, const spec *s,
                             const config *c)
{
    const launch *l = &s->launches[c->launch];
    tmjit_pipeline_options options = {
        .struct_size = sizeof(options),
        .threadgroup = {l->threadgroup[0], l->threadgroup[1], 1},
        .engine = c->is_interp ? TMJIT_ENGINE_INTERP : TMJIT_ENGINE_SIMD,
        .math = TMJIT_MATH_STRICT,
        .no_bounds_checks = c->no_checks,
        .lanes = c->lanes,
        .has_opt_level = true,
        .opt_level = c->opt_level,
    };
    tmjit_pipeline *pipeline = NULL;
    tmjit_status status = tmjit_pipeline_create(ctx, k, &options, &pipeline);

    if (!status)
        status = bind_and_launch(pipeline, k, s, c);
    tmjit_pipeline_destroy(pipeline);
    return status;
}

/* ---- comparison ----------------------------------------------------------------------- */

static bool is_nan(base b, uint64_t bits)
{
    return b == BASE_F32    ? (bits & 0x7fffffff) > 0x7f800000
           : b == BASE_F16  ? (bits & 0x7fff) > 0x7c00
           : b == BASE_BF16 ? (bits & 0x7fff) > 0x7f80
                            : false;
}

static const char *value_text(pool *names, base b, uint64_t bits)
{
    unsigned width = base_infos[b].bits;
    float value;
    uint32_t narrow = (uint32_t)(b == BASE_BF16 ? bits << 16 : bits);

    memcpy(&value, &narrow, sizeof(value));
    if (b == BASE_F32 || b == BASE_BF16)
        return pool_printf(names, "0x%0*" PRIx64 " (%.9g)", width / 4, bits, (double)value);
    if (b == BASE_F16)
        return pool_printf(names, "0x%04" PRIx64, bits);
    return pool_printf(names, "%" PRId64, (int64_t)(bits << (64 - width)) >> (64 - width));
}

/* False when all agree; else the first difference is in `message`. */
static bool differ(const spec *expected, const spec *got, char *message)
{
    for (unsigned i = 0; i < expected->bound_count; i++) {
        const bound *b = &expected->bound[i];
        unsigned elem = base_infos[b->base].bits / 8;
        unsigned stride = elem * (b->components == 3 ? 4 : b->components);

        for (uint64_t at = 0; !b->is_threadgroup && at + elem <= b->byte_len; at += elem) {
            uint64_t x = 0, y = 0;
            pool names = {0};

            memcpy(&x, b->data + at, elem);
            memcpy(&y, got->bound[i].data + at, elem);
            if (x == y || (is_nan(b->base, x) && is_nan(b->base, y)))
                continue;
            uint64_t index = at / stride;
            snprintf(message, VERDICT_MESSAGE,
                     "buffer %s, element %" PRIu64 " component %u (thread %" PRIu64
                     "): reference %s, got %s",
                     b->name, index, (unsigned)(at % stride / elem),
                     b->per_thread ? index / b->per_thread : 0, value_text(&names, b->base, x),
                     value_text(&names, b->base, y));
            pool_fini(&names);
            return true;
        }
    }
    return false;
}

/* ---- all of it ------------------------------------------------------------------------ */

typedef struct runner {
    tmjit_context *ctx;
    const tmjit_kernel *kernel;
    spec head;                   /* without data */
    spec expected[MAX_LAUNCHES]; /* what the interpreter left, by launch */
    bool is_ready[MAX_LAUNCHES];
} runner;

static void fail(runner *r, outcome what, const config *c, verdict *out)
{
    const tmjit_error *error = tmjit_last_error(r->ctx);

    out->outcome = what;
    out->config = *c;
    snprintf(out->message, VERDICT_MESSAGE, "%s",
             error && error->rendered ? error->rendered : "no message");
}

static bool run_reference(runner *r, const config *c, run_progress *progress, void *user,
                          verdict *out)
{
    config reference = {.launch = c->launch, .is_interp = true};
    spec *s = &r->expected[c->launch];

    if (r->is_ready[c->launch])
        return true;
    *s = r->head;
    make_buffers(s, &s->launches[c->launch]);
    r->is_ready[c->launch] = true;
    if (progress)
        progress(user, &reference);
    if (run_once(r->ctx, r->kernel, s, &reference) == TMJIT_OK)
        return true;
    fail(r, OUTCOME_REFERENCE, &reference, out);
    return false;
}

static bool run_config(runner *r, const config *c, run_progress *progress, void *user,
                       verdict *out)
{
    if (c->launch >= r->head.launch_count) {
        out->outcome = OUTCOME_REFERENCE;
        snprintf(out->message, VERDICT_MESSAGE, "no launch %u in the head comment", c->launch);
        return false;
    }
    if (!run_reference(r, c, progress, user, out))
        return false;
    spec s = r->head;

    make_buffers(&s, &s.launches[c->launch]);
    if (progress)
        progress(user, c);
    if (run_once(r->ctx, r->kernel, &s, c) != TMJIT_OK) {
        fail(r, OUTCOME_ENGINE, c, out);
    } else if (differ(&r->expected[c->launch], &s, out->message)) {
        out->outcome = OUTCOME_DIFFERENT;
        out->config = *c;
    }
    free_buffers(&s);
    return out->outcome == OUTCOME_SAME;
}

void run_kernel(const char *kernel_text, const config *configs, unsigned count,
                run_progress *progress, void *user, verdict *out)
{
    runner r = {.head = parse_head(kernel_text)};
    tmjit_context_options options = {.struct_size = sizeof(options), .threads = 2};
    tmjit_library *library = NULL;

    *out = (verdict){0};
    if (tmjit_context_create(&options, &r.ctx) != TMJIT_OK) {
        out->outcome = OUTCOME_REFERENCE;
        snprintf(out->message, VERDICT_MESSAGE, "no context");
        return;
    }
    if (tmjit_library_load_memory(r.ctx, kernel_text, strlen(kernel_text), "kernel.ll",
                                  &library) == TMJIT_OK)
        r.kernel = tmjit_library_kernel(library, 0);
    if (!r.kernel)
        fail(&r, OUTCOME_REFERENCE, &(config){.is_interp = true}, out);
    for (unsigned i = 0; r.kernel && i < count; i++)
        if (!run_config(&r, &configs[i], progress, user, out))
            break;
    for (unsigned i = 0; i < MAX_LAUNCHES; i++)
        free_buffers(&r.expected[i]);
    tmjit_library_destroy(library);
    tmjit_context_destroy(r.ctx);
}

/* ---- configurations ------------------------------------------------------------------- */

static const unsigned widths[] = {4, 8, 16, 32};

unsigned config_choose(const char *kernel_text, uint64_t seed, config *out)
{
    spec s = parse_head(kernel_text);
    rng r = {seed ^ 0xC0FFEE};
    unsigned count = 0;

    for (unsigned i = 0; i < s.launch_count; i++) {
        unsigned first = rng_below(&r, 4);

        if (i == 0)
            out[count++] = (config){.launch = i, .is_interp = true, .opt_level = 2};
        for (unsigned n = 0; n < 2; n++) {
            config c = {.launch = i, .lanes = 32, .opt_level = n ? 0 : 2};

            if (!s.is_full_width)
                c.lanes = widths[(first + n * (1 + rng_below(&r, 3))) % 4];
            c.order_seed = rng_chance(&r, 30) ? 1 + rng_below(&r, 1000) : 0;
            c.no_checks = rng_chance(&r, 25);
            out[count++] = c;
        }
    }
    return count;
}

unsigned config_list_all(const char *kernel_text, config *out)
{
    spec s = parse_head(kernel_text);
    unsigned count = 0;

    for (unsigned i = 0; i < s.launch_count; i++) {
        out[count++] = (config){.launch = i, .is_interp = true, .opt_level = 2};
        for (unsigned w = s.is_full_width ? 3 : 0; w < 4; w++)
            for (unsigned level = 0; level <= 2; level += 2)
                out[count++] = (config){.launch = i, .lanes = widths[w], .opt_level = level};
    }
    return count;
}

void config_print(const config *c, text *out)
{
    text_printf(out, " --launch %u --opt %u", c->launch, c->opt_level);
    if (c->is_interp)
        text_printf(out, " --interp");
    else
        text_printf(out, " --lanes %u", c->lanes);
    if (c->order_seed)
        text_printf(out, " --order %" PRIu64, c->order_seed);
    if (c->no_checks)
        text_printf(out, " --no-checks");
}
