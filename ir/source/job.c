/* SPDX-License-Identifier: MIT */
/* Runs of clang over a source. What it needs beside the source reaches it as nameless files
 * under /dev/fd; nothing is installed or written. The same way it tells which files it read:
 * its dependency file, in the form of make. */
#include "source/job.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_OUTPUT = 1 << 30,   /* bytes */
    MAX_MESSAGES = 1 << 16, /* bytes */
    DEFAULT_SECONDS = 60,
    WAIT = 10 /* seconds by the clock for each of the processor, when others use it too */
};

/* ---- command lines ----------------------------------------------------------------------- */

void tj_words_add(tj_words *words, const char *word)
{
    if (words->count + 1 >= words->capacity) {
        size_t capacity = words->capacity * 2 + 64;
        const char **more = tj_new_array(words->arena, const char *, capacity);
        if (words->count)
            memcpy(more, words->list, words->count * sizeof *more);
        words->list = more;
        words->capacity = capacity;
    }
    words->list[words->count++] = word;
    words->list[words->count] = NULL;
}

void tj_words_add_all(tj_words *words, const char *const *list)
{
    for (; list && *list; list++)
        tj_words_add(words, *list);
}

static const char *folder_of(tj_arena *arena, const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? tj_arena_strndup(arena, name, (size_t)(slash - name) + (slash == name))
                 : ".";
}

void tj_words_add_user(tj_words *words, const tj_source *source)
{
    tj_words_add(words, "-iquote");
    tj_words_add(words, folder_of(words->arena, source->name));
    for (const char *const *one = source->include_dirs; one && *one; one++) {
        tj_words_add(words, "-I");
        tj_words_add(words, *one);
    }
    for (const char *const *one = source->defines; one && *one; one++)
        tj_words_add(words, tj_arena_printf(words->arena, "-D%s", *one));
}

/* ---- files ------------------------------------------------------------------------------- */

tj_status tj_files_add(const tj_source_job *job, tj_files *files, const void *bytes,
                       size_t byte_len)
{
    tj_loc loc = {.file = job->source->name};
    int fd = files->count < TJ_CHILD_DESCRIPTORS ? tj_child_file(bytes, byte_len) : -1;
    if (fd < 0)
        return tj_fail_at(job->diags, TJ_E_INTERNAL, &loc, "cannot hand a file to clang");
    files->list[files->count++] = fd;
    return TJ_OK;
}

void tj_files_close(tj_files *files)
{
    for (unsigned i = 0; i < files->count; i++)
        close(files->list[i]);
    files->count = 0;
}

static void read_file(int fd, tj_text *out)
{
    char bytes[1 << 12];
    ssize_t got;
    while ((got = pread(fd, bytes, sizeof bytes, (off_t)out->byte_len)) > 0)
        tj_text_add(out, bytes, (size_t)got);
}

/* One name of a rule of make, its escapes undone; `*end` is behind it. A name with a line break
 * is not one file's any more: it is not found, and nothing is kept. */
static void read_name(const char *at, const char **end, tj_text *name)
{
    for (; *at && *at != ' ' && *at != '\n'; at++) {
        size_t slashes = strspn(at, "\\");
        bool is_escape = slashes && (at[slashes] == ' ' || at[slashes] == '#');
        bool is_break = slashes == 1 && at[1] == '\n';
        if (is_break)
            break;
        if (is_escape) {
            tj_text_add(name, at, slashes / 2);
            at += slashes;
        } else if (at[0] == '$' && at[1] == '$') {
            at++;
        }
        tj_text_add(name, at, 1);
    }
    *end = at;
}

/* "x: name name \" and so on to names on lines of their own; without our own files. */
static void list_names(const char *rule, tj_text *out)
{
    const char *at = strchr(rule, ':');
    at = at ? at + 1 : "";
    while (*at) {
        tj_text name = {0};
        if (strchr(" \n", *at) || (*at == '\\' && at[1] == '\n')) {
            at++;
            continue;
        }
        read_name(at, &at, &name);
        if (name.byte_len && strncmp(name.data, "/dev/fd/", 8) != 0 &&
            strncmp(name.data, "/tmjit/", 7) != 0) {
            tj_text_add(out, name.data, name.byte_len);
            tj_text_puts(out, "\n");
        }
        tj_text_fini(&name);
    }
}

/* ---- times ------------------------------------------------------------------------------ */

double tj_source_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void tj_source_took(const tj_source_job *job, double start_s, size_t member)
{
    if (job->source->times)
        *(double *)(void *)((char *)job->source->times + member) += tj_source_now() - start_s;
}

/* ---- runs -------------------------------------------------------------------------------- */

static tj_status ask_for_files(const tj_source_job *job, tj_files *files, tj_words *words)
{
    tj_status status = tj_files_add(job, files, "", 0);
    const char *name = tj_arena_printf(job->arena, "/dev/fd/%u", 2 + files->count);
    const char *const list[] = {
        "-Xclang", "-dependency-file", "-Xclang",          name, "-Xclang", "-MT", "-Xclang",
        "x",       "-Xclang",          "-sys-header-deps", NULL};
    tj_words_add_all(words, list);
    return status;
}

static tj_status run(const tj_source_job *job, const tj_clang_run *given, const tj_words *words,
                     const tj_files *files, tj_text *out)
{
    double given_s = job->source->time_limit_s;
    double seconds = given_s > 0 ? given_s : DEFAULT_SECONDS;
    tj_child child = {.program = job->source->clang,
                      .args = words->list,
                      .input = given->input->data,
                      .input_len = given->input->byte_len,
                      .descriptors = files->list,
                      .descriptor_count = files->count,
                      .file = job->source->name,
                      .cpu_limit_s = seconds,
                      .time_limit_s = WAIT * seconds,
                      .out_limit = given->output_limit ? given->output_limit : MAX_OUTPUT,
                      .err_limit = MAX_MESSAGES};
    tj_child_result result;
    tj_status status = tj_child_run(&child, job->diags, &result);
    if (status)
        return status;
    if (result.exit_status) {
        status = tj_clang_error(job, result.err.data ? result.err.data : "");
    } else {
        *out = result.out;
        result.out = (tj_text){0};
    }
    tj_child_result_fini(&result);
    return status;
}

tj_status tj_run_clang(const tj_source_job *job, const tj_clang_run *given, tj_text *out)
{
    bool lists_files = given->lists_files && job->source->included;
    tj_files none = {0}, *files = given->files ? given->files : &none;
    tj_words words = {.arena = job->arena};
    tj_text rule = {0};
    tj_status status = TJ_OK;
    tj_words_add_all(&words, given->words->list);
    if (lists_files)
        status = ask_for_files(job, files, &words);
    if (!status)
        status = run(job, given, &words, files, out);
    if (!status && lists_files) {
        read_file(files->list[files->count - 1], &rule);
        list_names(rule.data ? rule.data : "", job->source->included);
    }
    tj_text_fini(&rule);
    tj_files_close(files);
    return status;
}

void tj_add_marker(tj_text *text, const char *name)
{
    tj_text_puts(text, "# 1 \"");
    for (; *name; name++) {
        if (*name == '"' || *name == '\\')
            tj_text_puts(text, "\\");
        if ((unsigned char)*name >= ' ')
            tj_text_add(text, name, 1);
    }
    tj_text_puts(text, "\"\n");
}
