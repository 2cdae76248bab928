/* SPDX-License-Identifier: MIT */
/* Many threads of two contexts that use one cache folder at once: the same code is stored and
 * found by all of them. Runs under ThreadSanitizer too (tests/tsan.cmake). */
#include "api_util.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 6, ROUNDS = 6, COUNT = 100 };

typedef struct shared {
    tmjit_context *contexts[2];
    tmjit_library *libraries[2];
    _Atomic unsigned failures, hits;
} shared;

typedef struct thread_start {
    shared *s;
    unsigned number;
} thread_start;

static void expect(shared *s, bool is_right)
{
    if (!is_right)
        atomic_fetch_add(&s->failures, 1); /* cmocka's own checks are for its thread only */
}

static void launch(shared *s, tmjit_pipeline *pipeline)
{
    float a[COUNT], b[COUNT], y[COUNT];
    const tmjit_binding bindings[] = {{a, sizeof a}, {b, sizeof b}, {y, sizeof y}, {NULL, 0}};
    const tmjit_launch how = {.struct_size = sizeof how,
                              .grid = {COUNT, 1, 1}, /* the last threadgroup is partial */
                              .bindings = bindings,
                              .binding_count = 4};

    for (unsigned i = 0; i < COUNT; i++) {
        a[i] = (float)i;
        b[i] = 100;
    }
    expect(s, tmjit_pipeline_launch(pipeline, &how) == TMJIT_OK);
    for (unsigned i = 0; i < COUNT; i++)
        expect(s, y[i] == a[i] + b[i]);
}

static void compile_and_run(shared *s, unsigned which, unsigned round)
{
    tmjit_context *ctx = s->contexts[which];
    tmjit_pipeline_options options = {.struct_size = sizeof options,
                                      .threadgroup = {32 + 32 * (round % 3), 1, 1}};
    tmjit_library *own = NULL;
    tmjit_pipeline *pipeline = NULL;
    tmjit_cache_stats stats;

    expect(s, !tmjit_library_load_memory(ctx, add_kernel, strlen(add_kernel), "own.ll", &own));
    tmjit_library *from = round % 2 ? own : s->libraries[which];
    expect(s, !tmjit_pipeline_create(ctx, tmjit_library_find_kernel(from, "add"), &options,
                                     &pipeline));
    tmjit_library_destroy(own);
    if (!pipeline)
        return;
    atomic_fetch_add(&s->hits, tmjit_pipeline_get_info(pipeline).is_from_cache);
    launch(s, pipeline);
    expect(s, !tmjit_cache_get_stats(ctx, round == 0, &stats) && !stats.broken);
    tmjit_pipeline_destroy(pipeline);
}

static void *work(void *user)
{
    const thread_start *start = user;

    for (unsigned round = 0; round < ROUNDS; round++)
        compile_and_run(start->s, start->number % 2, round);
    return NULL;
}

static void remove_folder(const char *path)
{
    DIR *dir = opendir(path);

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(path);
}

static void test_threads_share_a_folder(void **state)
{
    char path[] = "/tmp/tmjit-threads-XXXXXX";
    pthread_t threads[THREADS];
    thread_start starts[THREADS];
    shared s = {0};
    (void)state;

    assert_non_null(mkdtemp(path));
    tmjit_context_options options = {
        .struct_size = sizeof options, .threads = 2, .cache_dir = path};
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(tmjit_context_create(&options, &s.contexts[i]), TMJIT_OK);
        s.libraries[i] = load(s.contexts[i], add_kernel);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        starts[i] = (thread_start){&s, i};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &starts[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    /* Threads in step compile all of it before anyone has stored; now it is there. */
    unsigned hits = atomic_load(&s.hits);
    compile_and_run(&s, 0, 0);
    compile_and_run(&s, 1, 0);
    assert_int_equal(s.failures, 0);
    assert_int_equal(s.hits, hits + 2);
    for (unsigned i = 0; i < 2; i++)
        tmjit_context_destroy(s.contexts[i]);
    remove_folder(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_threads_share_a_folder)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
