/* SPDX-License-Identifier: MIT */
/* Libraries: one module, or a container of modules. */
#include "objects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a container ---------------------------------------------------------------------- */

static tmjit_status create_container(tmjit_library *library, tj_metallib *metallib)
{
    size_t count = tj_metallib_function_count(metallib);

    library->metallib = metallib;
    library->modules = calloc(count + 1, sizeof *library->modules);
    library->functions = calloc(count + 1, sizeof *library->functions);
    if (!library->modules || !library->functions)
        return tj_refuse(library->ctx, TMJIT_E_MEMORY, "no memory for %zu functions", count);
    for (size_t i = 0; i < count; i++)
        if (tj_metallib_function(metallib, i)->is_kernel)
            library->functions[library->kernel_count++] = (uint32_t)i;
    return TMJIT_OK;
}

/* Keeps the module unless another thread was faster; the one that is kept. */
static tj_module *keep_module(tmjit_library *library, size_t function, tj_module *module)
{
    pthread_mutex_lock(&library->lock);
    tj_module *kept = library->modules[function];
    if (!kept)
        kept = library->modules[function] = module;
    pthread_mutex_unlock(&library->lock);
    if (kept != module)
        tj_module_destroy(module);
    return kept;
}

static tmjit_status load_function(tmjit_library *library, size_t function,
                                  const tmjit_kernel **out)
{
    tj_diags diags = {0};
    tmjit_status status = TMJIT_OK;

    pthread_mutex_lock(&library->lock);
    tj_module *module = library->modules[function];
    pthread_mutex_unlock(&library->lock);
    if (!module) {
        diags.arena = tj_arena_create();
        if (tj_module_load_function(library, function, &diags, &module))
            status = tj_publish(library->ctx, &diags.first);
        else
            module = keep_module(library, function, module);
        tj_arena_destroy(diags.arena);
    }
    if (!status)
        *out =
            tj_module_find(module, tj_metallib_function(library->metallib, function)->name);
    return status;
}

/* ---- kernels and functions ------------------------------------------------------------ */

static tmjit_status find(tmjit_library *library, const char *name, const tmjit_kernel **out)
{
    *out = NULL;
    if (library->plain) {
        *out = tj_module_find(library->plain, name);
        return TMJIT_OK;
    }
    size_t function = tj_metallib_find(library->metallib, name);
    if (function == tj_metallib_function_count(library->metallib))
        return TMJIT_OK;
    return load_function(library, function, out);
}

tmjit_status tj_library_load_kernel(tmjit_library *library, const char *name,
                                    const tmjit_kernel **out)
{
    const tmjit_kernel *kernel = NULL;
    tmjit_status status = find(library, name, &kernel);

    if (!status && !kernel)
        return tj_refuse(library->ctx, TMJIT_E_NOT_FOUND, "no kernel '%s'", name);
    if (!status)
        *out = kernel;
    return status;
}

const tmjit_kernel *tj_library_find_kernel(tmjit_library *library, const char *name)
{
    const tmjit_kernel *kernel = NULL;

    return find(library, name, &kernel) ? NULL : kernel;
}

const tmjit_kernel *tj_library_kernel(tmjit_library *library, size_t index)
{
    const tmjit_kernel *kernel = NULL;

    if (index >= library->kernel_count)
        return NULL;
    if (library->plain)
        return &library->plain->kernels[index];
    return load_function(library, library->functions[index], &kernel) ? NULL : kernel;
}

size_t tj_library_function_count(const tmjit_library *library)
{
    return library->plain ? library->plain->kernel_count
                          : tj_metallib_function_count(library->metallib);
}

tmjit_function tj_library_function(const tmjit_library *library, size_t index)
{
    if (library->plain)
        return (tmjit_function){
            .name = library->plain->kernels[index].kernel->name,
            .kind = "kernel",
            .is_kernel = true,
            .air_major = library->plain->air_major,
            .air_minor = library->plain->air_minor,
        };
    const tj_function *function = tj_metallib_function(library->metallib, index);
    return (tmjit_function){
        .name = function->name,
        .kind = function->kind,
        .is_kernel = function->is_kernel,
        .has_hash = function->hash != NULL,
        .air_major = function->air_major,
        .air_minor = function->air_minor,
        .language_major = function->language_major,
        .language_minor = function->language_minor,
        .byte_len = function->byte_len,
    };
}

/* ---- loading -------------------------------------------------------------------------- */

static tmjit_status load_plain(tmjit_library *library, const tj_bytes *bytes, const char *name)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tmjit_status status = TMJIT_OK;

    if (tj_module_load(library, bytes, name, &diags, &library->plain))
        status = tj_publish(library->ctx, &diags.first);
    else
        library->kernel_count = library->plain->kernel_count;
    tj_arena_destroy(diags.arena);
    return status;
}

/* A container takes `bytes` over when this succeeds. */
static tmjit_status open_container(tmjit_library *library, const tj_bytes *bytes,
                                   const char *name)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_metallib *metallib = NULL;
    tmjit_status status;

    if (tj_metallib_open(bytes, name, &diags, &metallib))
        status = tj_publish(library->ctx, &diags.first);
    else
        status = create_container(library, metallib);
    tj_arena_destroy(diags.arena);
    return status;
}

typedef tmjit_status load_fn(tmjit_library *library, const tj_bytes *bytes, const char *name);

static tmjit_status create_library(tmjit_context *ctx, load_fn *load, const tj_bytes *bytes,
                                   const char *name, tmjit_library **out)
{
    tmjit_library *library = calloc(1, sizeof *library);

    if (!library)
        return tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for a library");
    library->ctx = ctx;
    library->users = 1;
    pthread_mutex_init(&library->lock, NULL);
    tmjit_status status = load(library, bytes, name);
    if (status) {
        tj_library_release(library);
        return status;
    }
    tj_context_add(ctx, TJ_LIST_LIBRARIES, &library->node);
    *out = library;
    return TMJIT_OK;
}

/* The container outlives the caller's bytes. */
static tmjit_status copy_container(tmjit_library *library, const tj_bytes *bytes,
                                   const char *name)
{
    uint8_t *copy = malloc(bytes->byte_len);
    tj_bytes own = {.memory = copy, .fd = -1, .byte_len = bytes->byte_len};

    if (!copy)
        return tj_refuse(library->ctx, TMJIT_E_MEMORY, "no memory for '%s'", name);
    memcpy(copy, bytes->memory, bytes->byte_len);
    tmjit_status status = open_container(library, &own, name);
    if (!library->metallib)
        free(copy);
    return status;
}

tmjit_status tj_library_load_memory(tmjit_context *ctx, const void *bytes, size_t byte_len,
                                    const char *name, tmjit_library **out)
{
    tj_bytes given = {.memory = bytes, .fd = -1, .byte_len = byte_len};

    return create_library(ctx, tj_is_metallib(bytes, byte_len) ? copy_container : load_plain,
                          &given, name, out);
}

/* The whole of a stream, so that pipes work too; NULL without memory. errno tells about
 * reading. */
static char *read_all(FILE *stream, size_t *byte_len)
{
    size_t byte_cap = 1 << 16, used = 0;
    char *bytes = malloc(byte_cap);

    while (bytes) {
        used += fread(bytes + used, 1, byte_cap - used, stream);
        if (used < byte_cap)
            break;
        char *larger = realloc(bytes, byte_cap * 2);
        if (!larger) {
            free(bytes);
            return NULL;
        }
        bytes = larger;
        byte_cap *= 2;
    }
    *byte_len = used;
    return bytes;
}

static tmjit_status load_stream(tmjit_context *ctx, FILE *stream, const char *path,
                                tmjit_library **out)
{
    tmjit_status status;
    size_t byte_len = 0;
    char *bytes = read_all(stream, &byte_len);

    if (!bytes)
        status = tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for '%s'", path);
    else if (ferror(stream))
        status =
            tj_refuse(ctx, TMJIT_E_NOT_FOUND, "cannot read '%s': %s", path, strerror(errno));
    else
        status = tj_library_load_memory(ctx, bytes, byte_len, path, out);
    free(bytes);
    return status;
}

/* A container in a regular file stays there; anything else is read as a whole. */
static bool is_container_file(int fd, tj_bytes *out)
{
    struct stat info;
    char magic[4];

    if (fstat(fd, &info) || !S_ISREG(info.st_mode) || pread(fd, magic, 4, 0) != 4 ||
        !tj_is_metallib(magic, 4))
        return false;
    *out = (tj_bytes){.fd = fd, .byte_len = (uint64_t)info.st_size};
    return true;
}

/* The container outlives the caller's stream. */
static tmjit_status open_copy(tmjit_library *library, const tj_bytes *bytes, const char *name)
{
    tj_bytes own = {.fd = fcntl(bytes->fd, F_DUPFD_CLOEXEC, 0), .byte_len = bytes->byte_len};

    if (own.fd < 0)
        return tj_refuse(library->ctx, TMJIT_E_NOT_FOUND, "cannot keep '%s' open: %s", name,
                         strerror(errno));
    tmjit_status status = open_container(library, &own, name);
    if (!library->metallib)
        close(own.fd);
    return status;
}

tmjit_status tj_library_load_file(tmjit_context *ctx, const char *path, tmjit_library **out)
{
    FILE *stream = fopen(path, "rbe");
    tj_bytes bytes;
    tmjit_status status;

    if (!stream)
        return tj_refuse(ctx, TMJIT_E_NOT_FOUND, "cannot open '%s': %s", path, strerror(errno));
    if (is_container_file(fileno(stream), &bytes)) {
        status = create_library(ctx, open_copy, &bytes, path, out);
    } else {
        status = load_stream(ctx, stream, path, out);
    }
    fclose(stream);
    return status;
}

void tj_library_retain(tmjit_library *library)
{
    pthread_mutex_lock(&library->lock);
    library->users++;
    pthread_mutex_unlock(&library->lock);
}

static void free_library(tmjit_library *library)
{
    size_t count = library->metallib ? tj_metallib_function_count(library->metallib) : 0;

    for (size_t i = 0; i < count && library->modules; i++)
        tj_module_destroy(library->modules[i]);
    tj_module_destroy(library->plain);
    tj_metallib_close(library->metallib);
    free(library->modules);
    free(library->functions);
    pthread_mutex_destroy(&library->lock);
    free(library);
}

void tj_library_release(tmjit_library *library)
{
    pthread_mutex_lock(&library->lock);
    bool is_last = !--library->users;
    pthread_mutex_unlock(&library->lock);
    if (is_last)
        free_library(library);
}
