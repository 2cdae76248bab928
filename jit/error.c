/* SPDX-License-Identifier: MIT */
/* The last error of each thread in a context. */
#include "objects.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct tj_thread_error {
    tj_thread_error *next;
    pthread_t thread;
    tj_arena *arena; /* the strings */
    tmjit_error error;
};

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

static const char *copy(tj_arena *arena, const char *text)
{
    return text ? tj_arena_strdup(arena, text) : NULL;
}

static void fill(tj_thread_error *record, const tj_diag *diag)
{
    tj_text rendered = {0};

    tj_arena_destroy(record->arena);
    record->arena = tj_arena_create();
    tj_diag_render(diag, &rendered);
    record->error = (tmjit_error){
        .status = (tmjit_status)diag->status,
        .message = copy(record->arena, diag->message),
        .rendered = copy(record->arena, rendered.data),
        .file = copy(record->arena, diag->loc.file),
        .line = diag->loc.line,
        .column = diag->loc.column,
        .kernel = copy(record->arena, diag->loc.kernel),
    };
    tj_text_fini(&rendered);
}

tmjit_status tj_publish(tmjit_context *ctx, const tj_diag *diag)
{
    pthread_mutex_lock(&ctx->lock);
    tj_thread_error *record = own_record(ctx);
    if (record)
        fill(record, diag);
    pthread_mutex_unlock(&ctx->lock);
    return (tmjit_status)diag->status;
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
    return record ? &record->error : &none;
}

void tj_errors_free(tmjit_context *ctx)
{
    while (ctx->errors) {
        tj_thread_error *next = ctx->errors->next;
        tj_arena_destroy(ctx->errors->arena);
        free(ctx->errors);
        ctx->errors = next;
    }
}
