/* SPDX-License-Identifier: MIT */
/* What all languages share that clang reads for us: its command line, its runs, the files that
 * it read, its messages, and the module that becomes of its text. */
#ifndef TJ_SOURCE_JOB_H
#define TJ_SOURCE_JOB_H

#include "ir.h"
#include "source/clang.h"
#include "source/source.h"

#include <stddef.h>

/* Words of clang's messages. Lists end with an empty entry. */
typedef struct tj_source_pair {
    const char *clang, *ours;
} tj_source_pair;

typedef struct tj_source_words {
    const tj_source_pair *translations;
    const tj_source_pair *refused; /* starts of names that clang misses, and what they are */
    const char *const *own_files;  /* starts of the names of files that are not the user's */
} tj_source_words;

typedef struct tj_source_job tj_source_job;

/* What makes a language. */
typedef struct tj_source_language {
    const tj_source_words *words;
    /* Everything up to LLVM's text. */
    tj_status (*to_llvm)(const tj_source_job *job, tj_text *out);
    /* Gives the memory spaces AIR's numbers, in LLVM's text: the types of a module cannot be
     * changed through LLVM's C interface. */
    void (*renumber)(tj_text *text);
    /* Makes AIR form of clang's module, but for the target. */
    tj_status (*adopt)(tj_unit *unit, const tj_source *source);
} tj_source_language;

extern const tj_source_language tj_language_metal, tj_language_opencl;

/* One source on its way. */
struct tj_source_job {
    const tj_source *source;
    const tj_source_language *language;
    tj_diags *diags;
    tj_arena *arena; /* scratch */
};

/* A clock in seconds; what has passed since `start_s` is added to a member of the source's
 * times, as offsetof has it. (job.c) */
double tj_source_now(void);
void tj_source_took(const tj_source_job *job, double start_s, size_t member);

/* ---- clang's command line (job.c) ------------------------------------------------------ */

typedef struct tj_words {
    tj_arena *arena;
    const char **list; /* NULL ends it */
    size_t count, capacity;
} tj_words;

void tj_words_add(tj_words *words, const char *word);
void tj_words_add_all(tj_words *words, const char *const *list);
/* The folder of the source for quoted includes, then the user's folders and macros. */
void tj_words_add_user(tj_words *words, const tj_source *source);

/* ---- clang's runs (job.c) -------------------------------------------------------------- */

/* Files without a name that clang gets as 3, 4, ... */
typedef struct tj_files {
    int list[TJ_CHILD_DESCRIPTORS];
    unsigned count;
} tj_files;

tj_status tj_files_add(const tj_source_job *job, tj_files *files, const void *bytes,
                       size_t byte_len);
void tj_files_close(tj_files *files);

typedef struct tj_clang_run {
    const tj_words *words;
    tj_files *files; /* NULL: none */
    const tj_text *input;
    size_t output_limit; /* bytes; 0: 1 GiB */
    bool lists_files;    /* tells source->included what the run reads */
} tj_clang_run;

/* clang's output, or its first error. */
tj_status tj_run_clang(const tj_source_job *job, const tj_clang_run *run, tj_text *out);

/* A line that gives the text behind it a file's name and the number 1. */
void tj_add_marker(tj_text *text, const char *name);

/* ---- clang's results ------------------------------------------------------------------- */

/* Turns what clang wrote to standard error into an error: the first one with its place in the
 * user's text, in the language's words. (messages.c) */
tj_status tj_clang_error(const tj_source_job *job, const char *messages);

/* LLVM's text to bitcode in AIR form. (air.c) */
tj_status tj_source_to_air(const tj_source_job *job, tj_text *text, tj_text *out);

#endif
