/* SPDX-License-Identifier: MIT */
/* The last error of each thread in a context. */
#include "objects.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `id` is the thread's own for ever; `thread` may be given to another one when it has ended,
 * which then takes the record over. */
struct tj_thread_error {
    tj_thread_error *next;
    pthread_t thread;
    uint64_t id;
    tmjit_error *last;
};

/* ---- errors as objects --------------------------------------------------------------- */

/* When there is no memory for the error that was to be told. */
static const tmjit_error no_memory = {
    .status = TMJIT_E_MEMORY,
    .message = "no memory for an error",
    .rendered = "error: no memory for an error [memory]\n",
};

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

tmjit_error *tj_error_copy(const tmjit_error *error)
{
    tmjit_error *copy = tj_error_clone(error);

    return copy ? copy : (tmjit_error *)&no_memory; /* nobody writes to it */
}

tmjit_error *tj_error_of(const tj_diag *diag)
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
    tmjit_error *error = tj_error_copy(&plain);
    tj_text_fini(&rendered);
    return error;
}

void tj_error_free(tmjit_error *error)
{
    if (error != &no_memory)
        free(error);
}

/* ---- by thread ----------------------------------------------------------------------- */

/* Numbers are never given again, unlike a pthread_t: a new thread must not see what became of
 * one that has ended. The counter is the process's because a thread belongs to no context. */
static uint64_t own_id(void)
{
    static _Atomic uint64_t last_id;
    static _Thread_local uint64_t id;

    if (!id)
        id = atomic_fetch_add(&last_id, 1) + 1;
    return id;
}

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

    if (!record) {
        record = calloc(1, sizeof *record);
        if (!record)
            return NULL;
        record->thread = pthread_self();
        record->next = ctx->errors;
        ctx->errors = record;
    }
    record->id = own_id();
    return record;
}

/* Takes `error`. */
static void publish(tmjit_context *ctx, tmjit_error *error)
{
    tmjit_error *old = error;

    pthread_mutex_lock(&ctx->lock);
    tj_thread_error *record = own_record(ctx);
    if (record) {
        old = record->last;
        record->last = error;
    }
    pthread_mutex_unlock(&ctx->lock);
    tj_error_free(old);
}

tmjit_status tj_publish(tmjit_context *ctx, const tj_diag *diag)
{
    publish(ctx, tj_error_of(diag));
    return (tmjit_status)diag->status;
}

tmjit_status tj_publish_error(tmjit_context *ctx, const tmjit_error *error)
{
    publish(ctx, tj_error_copy(error));
    return error->status;
}

tmjit_status tj_refuse(tmjit_context *ctx, tmjit_status status, const char *format, ...)
{
    char line[512]; /* names of files and arguments may be cut off */
    tj_diag diag = {.status = (tj_status)status};
    tj_text visible = {0}; /* names may hold any bytes; a message is one line */
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    tj_text_visible(&visible, line);
    diag.message = visible.data ? visible.data : "";
    tj_publish(ctx, &diag);
    tj_text_fini(&visible);
    return status;
}

const tmjit_error *tj_last_error(const tmjit_context *ctx)
{
    static const tmjit_error none = {.status = TMJIT_OK};
    /* The lock belongs to no observable state. */
    pthread_mutex_t *lock = (pthread_mutex_t *)&ctx->lock;

    pthread_mutex_lock(lock);
    const tj_thread_error *record = find_record(ctx);
    const tmjit_error *error = record && record->id == own_id() ? record->last : NULL;
    pthread_mutex_unlock(lock);
    return error ? error : &none;
}

void tj_errors_free(tmjit_context *ctx)
{
    while (ctx->errors) {
        tj_thread_error *next = ctx->errors->next;
        tj_error_free(ctx->errors->last);
        free(ctx->errors);
        ctx->errors = next;
    }
}
