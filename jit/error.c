/* SPDX-License-Identifier: MIT */
/* The last error of each thread in a context. */
#include "objects.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tj_thread_error {
    tj_thread_error *next;
    pthread_t thread;
    tj_error last;
};

/* ---- errors as objects --------------------------------------------------------------- */

static const char *copy(tj_arena *arena, const char *text)
{
    return text ? tj_arena_strdup(arena, text) : NULL;
}

void tj_error_copy(tj_error *error, const tmjit_error *from)
{
    tj_arena *arena = tj_arena_create(), *old = error->arena;

    error->error = *from;
    error->error.message = from->message ? tj_diag_line(arena, from->message) : NULL;
    error->error.rendered = copy(arena, from->rendered);
    error->error.file = copy(arena, from->file);
    error->error.kernel = copy(arena, from->kernel);
    error->arena = arena;
    tj_arena_destroy(old); /* `from` may have lived there */
}

void tj_error_set(tj_error *error, const tj_diag *diag)
{
    tj_text rendered = {0};

    tj_diag_render(diag, &rendered);
    tmjit_error plain = {
        .status = (tmjit_status)diag->status,
        .message = diag->message,
        .rendered = rendered.data,
        .file = diag->loc.file,
        .line = diag->loc.line,
        .column = diag->loc.column,
        .kernel = diag->loc.kernel,
    };
    tj_error_copy(error, &plain);
    tj_text_fini(&rendered);
}

void tj_error_fini(tj_error *error)
{
    tj_arena_destroy(error->arena);
    *error = (tj_error){.arena = NULL};
}

/* Copies `text` to `*at` and moves behind it. */
static const char *place(char **at, const char *text)
{
    char *start = *at;

    if (!text)
        return NULL;
    size_t byte_len = strlen(text) + 1;
    memcpy(start, text, byte_len);
    *at += byte_len;
    return start;
}

tmjit_error *tj_error_clone(const tmjit_error *error)
{
    const char *texts[] = {error->message, error->rendered, error->file, error->kernel};
    size_t byte_len = sizeof *error;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        byte_len += texts[i] ? strlen(texts[i]) + 1 : 0;
    tmjit_error *clone = malloc(byte_len);
    if (!clone)
        return NULL;
    char *at = (char *)(clone + 1);
    *clone = *error;
    clone->message = place(&at, error->message);
    clone->rendered = place(&at, error->rendered);
    clone->file = place(&at, error->file);
    clone->kernel = place(&at, error->kernel);
    return clone;
}

/* ---- by thread ----------------------------------------------------------------------- */

static tj_thread_error *find_record(const tmjit_context *ctx)
{
    tj_thread_error *record = ctx->errors;

    while (record && !pthread_equal(record->thread, pthread_self()))
        record = record->next;
    return record;
}

static tj_thread_error *own_record(tmjit_context *ctx)
{
    tj_thread_error *record = find_record(ctx);

    if (record)
        return record;
    record = calloc(1, sizeof *record);
    if (record) {
        record->thread = pthread_self();
        record->next = ctx->errors;
        ctx->errors = record;
    }
    return record;
}

tmjit_status tj_publish(tmjit_context *ctx, const tj_diag *diag)
{
    pthread_mutex_lock(&ctx->lock);
    tj_thread_error *record = own_record(ctx);
    if (record)
        tj_error_set(&record->last, diag);
    pthread_mutex_unlock(&ctx->lock);
    return (tmjit_status)diag->status;
}

tmjit_status tj_publish_error(tmjit_context *ctx, const tmjit_error *error)
{
    pthread_mutex_lock(&ctx->lock);
    tj_thread_error *record = own_record(ctx);
    if (record)
        tj_error_copy(&record->last, error);
    pthread_mutex_unlock(&ctx->lock);
    return error->status;
}

tmjit_status tj_refuse(tmjit_context *ctx, tmjit_status status, const char *format, ...)
{
    char line[512]; /* names of files and arguments may be cut off */
    tj_diag diag = {.status = (tj_status)status, .message = line};
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    return tj_publish(ctx, &diag);
}

const tmjit_error *tj_last_error(const tmjit_context *ctx)
{
    static const tmjit_error none = {.status = TMJIT_OK};
    /* The lock belongs to no observable state. */
    pthread_mutex_t *lock = (pthread_mutex_t *)&ctx->lock;

    pthread_mutex_lock(lock);
    const tj_thread_error *record = find_record(ctx);
    pthread_mutex_unlock(lock);
    return record ? &record->last.error : &none;
}

void tj_errors_free(tmjit_context *ctx)
{
    while (ctx->errors) {
        tj_thread_error *next = ctx->errors->next;
        tj_error_fini(&ctx->errors->last);
        free(ctx->errors);
        ctx->errors = next;
    }
}
