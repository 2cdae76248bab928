/* SPDX-License-Identifier: MIT */
/* The cache's folder: what it refuses, what survives damage, what goes first, and what other
 * processes do to it. */
#include "cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MEGABYTE = 1 << 20, NOBODY = 65534 };

typedef struct fixture {
    char path[64];
    tj_arena *arena;
    tj_diags diags;
    tj_cache *cache;
} fixture;

static tj_cache *open_folder(fixture *f, uint64_t limit)
{
    tj_cache *cache = NULL;

    if (tj_cache_open(f->path, limit, &f->diags, &cache))
        fail_msg("%s", f->diags.first.message);
    return cache;
}

static void init_fixture(fixture *f)
{
    *f = (fixture){.path = "/tmp/tmjit-cache-XXXXXX", .arena = tj_arena_create()};
    f->diags.arena = f->arena;
    assert_non_null(mkdtemp(f->path));
    f->cache = open_folder(f, MEGABYTE);
}

static void inside(const fixture *f, const char *name, char *out, size_t capacity)
{
    snprintf(out, capacity, "%s/%s", f->path, name);
}

/* Calls `visit` with the path of each file and returns how many there are. */
static unsigned each_file(const fixture *f, void visit(const char *path))
{
    DIR *dir = opendir(f->path);
    unsigned count = 0;

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[512];
        if (entry->d_name[0] == '.')
            continue;
        inside(f, entry->d_name, path, sizeof path);
        if (visit)
            visit(path);
        count++;
    }
    closedir(dir);
    return count;
}

static void remove_file(const char *path)
{
    unlink(path);
}

static void fini_fixture(fixture *f)
{
    tj_cache_close(f->cache);
    each_file(f, remove_file);
    rmdir(f->path);
    tj_arena_destroy(f->arena);
}

static tj_digest key_number(uint64_t number)
{
    tj_hasher hasher;

    tj_hash_start(&hasher);
    tj_hash_number(&hasher, number);
    return tj_hash_end(&hasher);
}

static void put(tj_cache *cache, uint64_t number, const char *text)
{
    tj_digest key = key_number(number);

    tj_cache_put(cache, TJ_ENTRY_CODE, &key, text, strlen(text));
}

/* Whether the entry is there and says `text`. */
static bool has(tj_cache *cache, uint64_t number, const char *text)
{
    tj_digest key = key_number(number);
    size_t byte_len = 0;
    uint8_t *bytes = tj_cache_get(cache, TJ_ENTRY_CODE, &key, &byte_len);
    bool is_same = bytes && byte_len == strlen(text) && !memcmp(bytes, text, byte_len);

    if (bytes && !is_same)
        fail_msg("another text came back");
    free(bytes);
    return is_same;
}

static size_t read_only_file(const fixture *f, char path[512], uint8_t *bytes, size_t capacity)
{
    DIR *dir = opendir(f->path);
    size_t byte_len = 0;

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            inside(f, entry->d_name, path, 512);
    closedir(dir);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    byte_len = fread(bytes, 1, capacity, file);
    fclose(file);
    return byte_len;
}

static void write_file(const char *path, const uint8_t *bytes, size_t byte_len)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, byte_len, file), byte_len);
    assert_int_equal(fclose(file), 0);
}

/* ---- entries ------------------------------------------------------------------------- */

static void test_entries_come_back(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f);
    assert_false(has(f.cache, 1, "one"));
    put(f.cache, 1, "one");
    put(f.cache, 2, "");
    assert_true(has(f.cache, 1, "one"));
    assert_true(has(f.cache, 2, ""));
    put(f.cache, 1, "another"); /* the last one counts */
    assert_true(has(f.cache, 1, "another"));
    tj_digest key = key_number(1);
    size_t byte_len;
    assert_null(tj_cache_get(f.cache, TJ_ENTRY_LIBRARY, &key, &byte_len)); /* another kind */
    tj_cache_counts counts = tj_cache_get_counts(f.cache);
    assert_int_equal(counts.hits, 3);
    assert_int_equal(counts.misses, 2);
    assert_int_equal(counts.stored, 3);
    assert_int_equal(counts.broken + counts.failed + counts.evicted, 0);
    assert_int_equal(tj_cache_get_usage(f.cache).entry_count, 2);
    fini_fixture(&f);
}

static void test_every_flipped_bit_is_found(void **state)
{
    char path[512];
    uint8_t bytes[256];
    uint64_t broken = 0;
    fixture f;
    (void)state;

    init_fixture(&f);
    put(f.cache, 1, "some code");
    size_t byte_len = read_only_file(&f, path, bytes, sizeof bytes);
    assert_int_equal(byte_len, 88 + strlen("some code"));
    for (size_t bit = 0; bit < 8 * byte_len; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        write_file(path, bytes, byte_len);
        if (has(f.cache, 1, "some code"))
            fail_msg("bit %zu is not covered", bit);
        assert_int_equal(tj_cache_get_counts(f.cache).broken, ++broken);
        assert_int_not_equal(access(path, F_OK), 0); /* removed */
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_non_null(strstr(tj_cache_get_counts(f.cache).problem, "checksum"));
    write_file(path, bytes, byte_len);
    assert_true(has(f.cache, 1, "some code"));
    fini_fixture(&f);
}

static void test_every_length_is_checked(void **state)
{
    char path[512];
    uint8_t bytes[256] = {0};
    fixture f;
    (void)state;

    init_fixture(&f);
    put(f.cache, 1, "some code");
    size_t byte_len = read_only_file(&f, path, bytes, sizeof bytes);
    for (size_t len = 0; len < sizeof bytes; len++) {
        write_file(path, bytes, len);
        assert_int_equal(has(f.cache, 1, "some code"), len == byte_len);
    }
    fini_fixture(&f);
}

/* A whole entry under the name of another one. */
static void test_renamed_entries_are_found(void **state)
{
    char path[512], other[512];
    uint8_t bytes[256];
    fixture f;
    (void)state;

    init_fixture(&f);
    put(f.cache, 1, "one");
    read_only_file(&f, path, bytes, sizeof bytes);
    snprintf(other, sizeof other, "%s", path);
    char *digit = strrchr(other, '/') + 1;
    for (unsigned i = 0; i < TJ_DIGEST_BYTES; i++)
        snprintf(digit + 2 * i, 3, "%02x", key_number(2).bytes[i]);
    digit[2 * TJ_DIGEST_BYTES] = '.';
    assert_int_equal(rename(path, other), 0);
    assert_false(has(f.cache, 2, "one"));
    assert_int_equal(tj_cache_get_counts(f.cache).broken, 1);
    assert_non_null(strstr(tj_cache_get_counts(f.cache).problem, "another name"));
    fini_fixture(&f);
}

static void test_only_own_plain_files_are_read(void **state)
{
    char path[512], target[512];
    uint8_t bytes[256];
    fixture f;
    (void)state;

    init_fixture(&f);
    put(f.cache, 1, "one");
    read_only_file(&f, path, bytes, sizeof bytes);
    assert_int_equal(chmod(path, 0622), 0);
    assert_false(has(f.cache, 1, "one"));
    assert_non_null(strstr(tj_cache_get_counts(f.cache).problem, "others may write"));
    assert_int_equal(chmod(path, 0600), 0);
    assert_true(has(f.cache, 1, "one"));
    inside(&f, "target", target, sizeof target);
    assert_int_equal(rename(path, target), 0);
    assert_int_equal(symlink(target, path), 0);
    assert_false(has(f.cache, 1, "one"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0); /* must not wait for a writer */
    assert_false(has(f.cache, 1, "one"));
    assert_int_equal(tj_cache_get_counts(f.cache).failed, 3);
    fini_fixture(&f);
}

/* ---- folders ------------------------------------------------------------------------- */

static void expect_refused(fixture *f, const char *path, tj_status status, const char *part)
{
    tj_diags diags = {.arena = f->arena};
    tj_cache *cache = NULL;

    assert_int_equal(tj_cache_open(path, MEGABYTE, &diags, &cache), status);
    assert_null(cache);
    if (!strstr(diags.first.message, part))
        fail_msg("'%s' does not contain '%s'", diags.first.message, part);
}

static void test_unsafe_folders_are_refused(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f);
    assert_int_equal(chmod(f.path, 0720), 0);
    expect_refused(&f, f.path, TJ_E_INVALID, "may be written by others (mode 720)");
    assert_int_equal(chmod(f.path, 01702), 0);
    expect_refused(&f, f.path, TJ_E_INVALID, "may be written by others (mode 702)");
    assert_int_equal(chmod(f.path, 0755), 0);
    tj_cache_close(open_folder(&f, MEGABYTE));
    if (geteuid() == 0) {
        assert_int_equal(chown(f.path, NOBODY, NOBODY), 0);
        expect_refused(&f, f.path, TJ_E_INVALID, "belongs to user 65534");
    }
    fini_fixture(&f);
}

static void test_missing_folders(void **state)
{
    char path[512];
    fixture f;
    (void)state;

    init_fixture(&f);
    inside(&f, "a/b", path, sizeof path);
    expect_refused(&f, path, TJ_E_NOT_FOUND, "cannot be made: No such file");
    inside(&f, "file", path, sizeof path);
    write_file(path, (const uint8_t *)"", 0);
    expect_refused(&f, path, TJ_E_NOT_FOUND, "cannot be opened: Not a directory");
    unlink(path);
    expect_refused(&f, "", TJ_E_NOT_FOUND, "cannot be made");
    fini_fixture(&f);
}

/* ---- size ---------------------------------------------------------------------------- */

static void set_time(const char *path, time_t second)
{
    struct timespec times[2] = {{.tv_sec = second}, {.tv_sec = second}};

    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void make_old(const char *path)
{
    set_time(path, 1000000);
}

static void test_least_recently_used_goes_first(void **state)
{
    enum { COUNT = 40, BYTES = 1000 };
    char text[BYTES + 1];
    fixture f;
    (void)state;

    init_fixture(&f);
    memset(text, 'x', BYTES);
    text[BYTES] = '\0';
    tj_cache *cache = open_folder(&f, COUNT * (BYTES + 88));
    for (uint64_t i = 0; i < COUNT; i++)
        put(cache, i, text);
    assert_int_equal(tj_cache_get_usage(cache).entry_count, COUNT); /* just full */
    each_file(&f, make_old);
    for (uint64_t i = 0; i < COUNT; i += 2)
        assert_true(has(cache, i, text)); /* used now */
    put(cache, COUNT, text);
    tj_cache_counts counts = tj_cache_get_counts(cache);
    tj_cache_usage usage = tj_cache_get_usage(cache);
    assert_true(counts.evicted >= 5 && counts.evicted <= COUNT / 2);
    assert_int_equal(usage.entry_count, COUNT + 1 - counts.evicted);
    assert_true(usage.byte_len <= COUNT * (BYTES + 88) * 9 / 10 + BYTES + 88);
    for (uint64_t i = 0; i < COUNT; i += 2)
        assert_true(has(cache, i, text));
    assert_true(has(cache, COUNT, text));
    tj_cache_close(cache);
    fini_fixture(&f);
}

static void test_one_entry_cannot_fill_the_folder(void **state)
{
    char text[400];
    fixture f;
    (void)state;

    init_fixture(&f);
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    tj_cache *cache = open_folder(&f, 1000);
    put(cache, 1, text);
    assert_false(has(cache, 1, text));
    assert_non_null(strstr(tj_cache_get_counts(cache).problem, "a quarter of the limit"));
    tj_cache_close(cache);
    fini_fixture(&f);
}

static void test_clear_leaves_other_files(void **state)
{
    static const char *const others[] = {"readme", "0123.code", "newest"};
    char path[512], name[2 * TJ_DIGEST_BYTES + 8];
    fixture f;
    (void)state;

    init_fixture(&f);
    for (unsigned i = 0; i < 3; i++) {
        inside(&f, others[i], path, sizeof path);
        write_file(path, (const uint8_t *)"keep", 4);
    }
    memset(name, 'g', 2 * TJ_DIGEST_BYTES); /* no hexadecimal digit */
    snprintf(name + 2 * TJ_DIGEST_BYTES, 8, ".code");
    inside(&f, name, path, sizeof path);
    write_file(path, (const uint8_t *)"keep", 4);
    inside(&f, "new.1.2.3", path, sizeof path);
    write_file(path, (const uint8_t *)"half", 4);
    put(f.cache, 1, "one");
    put(f.cache, 2, "two");
    assert_int_equal(each_file(&f, NULL), 7);
    tj_cache_clear(f.cache);
    assert_int_equal(each_file(&f, NULL), 4);
    assert_false(has(f.cache, 1, "one"));
    fini_fixture(&f);
}

static void test_abandoned_files_go(void **state)
{
    char path[512];
    fixture f;
    (void)state;

    init_fixture(&f);
    inside(&f, "new.1.1.1", path, sizeof path);
    write_file(path, (const uint8_t *)"half", 4);
    tj_cache_get_usage(f.cache);
    assert_int_equal(access(path, F_OK), 0); /* somebody may be writing it */
    make_old(path);
    tj_cache_get_usage(f.cache);
    assert_int_not_equal(access(path, F_OK), 0);
    fini_fixture(&f);
}

static bool is_good(tj_entry_kind kind, const uint8_t *bytes, size_t byte_len)
{
    (void)kind;
    return byte_len == 4 && !memcmp(bytes, "good", 4);
}

static void test_verify_removes_what_is_broken(void **state)
{
    char path[512];
    uint8_t bytes[256];
    fixture f;
    (void)state;

    init_fixture(&f);
    put(f.cache, 1, "good");
    size_t byte_len = read_only_file(&f, path, bytes, sizeof bytes);
    bytes[byte_len - 1] ^= 1;
    write_file(path, bytes, byte_len);
    put(f.cache, 2, "good");
    put(f.cache, 3, "evil"); /* its checksum is right */
    assert_int_equal(tj_cache_verify(f.cache, is_good), 2);
    assert_int_equal(tj_cache_verify(f.cache, is_good), 0);
    assert_true(has(f.cache, 2, "good"));
    assert_int_equal(tj_cache_get_usage(f.cache).entry_count, 1);
    fini_fixture(&f);
}

/* ---- other processes ----------------------------------------------------------------- */

/* The exit status of `run` in a child process, which must not use cmocka's checks. */
static int in_child(int run(fixture *f), fixture *f)
{
    int status;
    pid_t child = fork();

    if (!child)
        _exit(run(f));
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int store_with_small_files(fixture *f)
{
    struct rlimit limit = {.rlim_cur = 64, .rlim_max = RLIM_INFINITY};

    if (setrlimit(RLIMIT_FSIZE, &limit))
        return 1;
    put(f->cache, 1, "one");
    tj_cache_counts counts = tj_cache_get_counts(f->cache);
    return counts.failed == 1 && strstr(counts.problem, "File too large") ? 0 : 2;
}

static void test_limit_of_file_size(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f);
    assert_int_equal(in_child(store_with_small_files, &f), 0); /* not ended by SIGXFSZ */
    assert_int_equal(each_file(&f, NULL), 0);
    fini_fixture(&f);
}

static int use_read_only_folder(fixture *f)
{
    tj_cache *cache = NULL;

    if (geteuid() == 0 && (chown(f->path, NOBODY, NOBODY) || setuid(NOBODY)))
        return 1;
    if (chmod(f->path, 0500) || tj_cache_open(f->path, MEGABYTE, &f->diags, &cache))
        return 2;
    put(cache, 1, "one");
    tj_cache_counts counts = tj_cache_get_counts(cache);
    return counts.failed == 1 && strstr(counts.problem, "Permission denied") &&
                   !has(cache, 1, "one")
               ? 0
               : 3;
}

static void test_read_only_folder(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f);
    assert_int_equal(in_child(use_read_only_folder, &f), 0);
    chmod(f.path, 0700);
    fini_fixture(&f);
}

static int fill_small_disk(fixture *f)
{
    static char text[100000];
    tj_cache *cache = NULL;

    if (mount("none", f->path, "tmpfs", 0, "size=128k,mode=700"))
        return 77;
    memset(text, 'x', sizeof text - 1);
    if (tj_cache_open(f->path, MEGABYTE, &f->diags, &cache))
        return 1;
    put(cache, 1, text);
    put(cache, 2, text);
    tj_cache_counts counts = tj_cache_get_counts(cache);
    bool is_told = counts.stored == 1 && strstr(counts.problem, "No space left");
    bool has_rest = each_file(f, NULL) != 1; /* half an entry */
    bool works = has(cache, 1, text) && !has(cache, 2, text);
    tj_cache_close(cache);
    umount(f->path);
    return is_told && !has_rest && works ? 0 : 2;
}

static void test_full_disk(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f);
    int status = in_child(fill_small_disk, &f);
    fini_fixture(&f);
    if (status == 77)
        skip(); /* no right to mount a small disk */
    assert_int_equal(status, 0);
}

/* Texts of up to 20 kB whose bytes all follow from the number. */
static size_t make_text(uint64_t number, char *out)
{
    size_t byte_len = (size_t)(number * 7919 % 20000);

    for (size_t i = 0; i < byte_len; i++)
        out[i] = (char)('a' + (number + i) % 23);
    out[byte_len] = '\0';
    return byte_len;
}

/* Reads and stores without an end, in a cache that is too small for all. */
static int churn(fixture *f)
{
    static char text[20001];
    tj_cache *cache = NULL;

    if (tj_cache_open(f->path, 120000, &f->diags, &cache))
        return 1;
    for (uint64_t i = (uint64_t)getpid();;
         i = i * 6364136223846793005u + 1442695040888963407u) {
        uint64_t number = (i >> 33) % 30;
        tj_digest key = key_number(number);
        size_t byte_len, wanted = make_text(number, text);
        uint8_t *bytes = tj_cache_get(cache, TJ_ENTRY_CODE, &key, &byte_len);
        if (bytes && (byte_len != wanted || memcmp(bytes, text, wanted)))
            return 2;
        if (!bytes)
            tj_cache_put(cache, TJ_ENTRY_CODE, &key, text, wanted);
        free(bytes);
        if (tj_cache_get_counts(cache).broken)
            return 3;
    }
}

/* Eight processes at once, each killed at some moment and followed by another one. */
static void test_many_processes_and_kill(void **state)
{
    enum { PROCESSES = 8, KILLS = 60 };
    pid_t children[PROCESSES] = {0};
    fixture f;
    (void)state;

    init_fixture(&f);
    for (unsigned i = 0; i < PROCESSES + KILLS; i++) {
        pid_t *child = &children[i % PROCESSES];
        int status = 0;
        if (*child) {
            usleep(3000 + i * 7919 % 5000);
            kill(*child, SIGKILL);
            assert_int_equal(waitpid(*child, &status, 0), *child);
            if (!WIFSIGNALED(status))
                fail_msg("a process ended by itself with %d", WEXITSTATUS(status));
        }
        *child = fork();
        if (!*child)
            _exit(churn(&f));
    }
    for (unsigned i = 0; i < PROCESSES; i++) {
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
    each_file(&f, make_old); /* what the killed ones were writing is abandoned */
    /* each of them may have died between storing and making room: a later one makes it, at the
     * latest after as many entries as one process stores without looking */
    tj_cache *small = open_folder(&f, 120000);
    for (uint64_t i = 0; i < 64; i++) {
        tj_digest key = key_number(1000 + i);
        tj_cache_put(small, TJ_ENTRY_CODE, &key, "text", 4);
    }
    tj_cache_usage usage = tj_cache_get_usage(small);
    assert_true(usage.entry_count > 0);
    assert_true(usage.byte_len <= 120000);
    tj_cache_close(small);
    assert_int_equal(each_file(&f, NULL), usage.entry_count);
    fini_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_come_back),
        cmocka_unit_test(test_every_flipped_bit_is_found),
        cmocka_unit_test(test_every_length_is_checked),
        cmocka_unit_test(test_renamed_entries_are_found),
        cmocka_unit_test(test_only_own_plain_files_are_read),
        cmocka_unit_test(test_unsafe_folders_are_refused),
        cmocka_unit_test(test_missing_folders),
        cmocka_unit_test(test_least_recently_used_goes_first),
        cmocka_unit_test(test_one_entry_cannot_fill_the_folder),
        cmocka_unit_test(test_clear_leaves_other_files),
        cmocka_unit_test(test_abandoned_files_go),
        cmocka_unit_test(test_verify_removes_what_is_broken),
        cmocka_unit_test(test_limit_of_file_size),
        cmocka_unit_test(test_read_only_folder),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_many_processes_and_kill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
