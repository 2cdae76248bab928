/* SPDX-License-Identifier: MIT */
/* Source archives: lines are found by a file's path or its end; broken or huge archives have
 * none. */
#include "sources.h"

#include <bzlib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BLOCK = 512, CAPACITY = 1 << 16 };

/* A tar archive that grows. */
typedef struct archive {
    char bytes[CAPACITY];
    size_t len;
} archive;

static void add(archive *a, char kind, const char *prefix, const char *path, const char *text)
{
    char *block = a->bytes + a->len;
    size_t text_len = strlen(text);
    memset(block, 0, BLOCK + (text_len + BLOCK - 1) / BLOCK * BLOCK);
    memcpy(block, path, strnlen(path, 100));
    snprintf(block + 124, 12, "%011o", (unsigned)text_len & 0xffffff);
    block[156] = kind;
    memcpy(block + 257, "ustar", 6);
    memcpy(block + 345, prefix, strnlen(prefix, 155));
    memcpy(block + BLOCK, text, text_len);
    a->len += BLOCK + (text_len + BLOCK - 1) / BLOCK * BLOCK;
}

/* Packed by libbz2; `cut` bytes are left away, `padding` zero bytes follow. */
static tj_sources *pack(const char *bytes, size_t len, unsigned cut, unsigned padding)
{
    unsigned packed_len = (unsigned)(len + len / 100 + 700);
    char *packed = calloc(1, packed_len + padding);
    assert_int_equal(BZ2_bzBuffToBuffCompress(packed, &packed_len, (char *)(uintptr_t)bytes,
                                              (unsigned)len, 9, 0, 0),
                     BZ_OK);
    tj_sources *sources =
        tj_sources_create((const uint8_t *)packed, packed_len - cut + padding);
    free(packed);
    return sources;
}

static void assert_line(tj_sources *sources, const char *file, unsigned line,
                        const char *expected)
{
    tj_arena *arena = tj_arena_create();
    const char *found = tj_sources_line(sources, arena, file, line);
    if (expected) {
        assert_non_null(found);
        assert_string_equal(found, expected);
    } else {
        assert_null(found);
    }
    tj_arena_destroy(arena);
}

static archive *make(void)
{
    static archive a;
    a.len = 0;
    add(&a, '0', "", "metal-options.txt", "-O2\n");
    add(&a, '5', "", "/src", "");
    add(&a, '0', "", "/src/a/k.metal", "first\n  second \t\r\n\nfourth\x1b[2J");
    add(&a, '0', "/src", "b/k.metal", "another\n");
    add(&a, 'L', "", "././@LongLink", "/src/a/very/long/name.metal");
    add(&a, '0', "", "/src/a/very/lo", "of a long name\n");
    memset(a.bytes + a.len, 0, 2 * (size_t)BLOCK);
    a.len += 2 * (size_t)BLOCK;
    return &a;
}

static void finds_lines(void **state)
{
    (void)state;
    const archive *a = make();
    tj_sources *sources = pack(a->bytes, a->len, 0, 16384);
    assert_line(sources, "/src/a/k.metal", 1, "first");
    assert_line(sources, "a/k.metal", 2, "second");
    assert_line(sources, "/src/a/k.metal", 3, NULL); /* blank */
    assert_line(sources, "/src/a/k.metal", 4, "fourth [2J");
    assert_line(sources, "/src/a/k.metal", 5, NULL);
    assert_line(sources, "/src/a/k.metal", 0, NULL);
    assert_line(sources, "/src/b/k.metal", 1, "another");
    assert_line(sources, "name.metal", 1, "of a long name");
    assert_line(sources, "k.metal", 1, NULL); /* which one? */
    assert_line(sources, "metal", 1, NULL);   /* no part of a path */
    assert_line(sources, "", 1, NULL);
    tj_sources_release(sources);
}

static void shares_are_counted(void **state)
{
    (void)state;
    const archive *a = make();
    tj_sources *sources = pack(a->bytes, a->len, 0, 0);
    tj_sources *again = tj_sources_share(sources);
    tj_sources_release(sources);
    assert_line(again, "/src/b/k.metal", 1, "another");
    tj_sources_release(again);
    assert_null(tj_sources_share(NULL));
    tj_sources_release(NULL);
}

static void broken_archives_have_no_lines(void **state)
{
    (void)state;
    archive *a = make();
    tj_sources *cut = pack(a->bytes, a->len, 20, 0);
    assert_line(cut, "/src/b/k.metal", 1, NULL);
    tj_sources_release(cut);
    tj_sources *none = tj_sources_create(NULL, 0);
    assert_line(none, "/src/b/k.metal", 1, NULL);
    tj_sources_release(none);
    for (size_t len = 0; len < a->len; len += 100) { /* tar cut short, bzip2 whole */
        tj_sources *some = pack(a->bytes, len, 0, 0);
        assert_line(some, "/src/b/k.metal", 2, NULL);
        tj_sources_release(some);
    }
    memcpy(a->bytes + 124, "77777777777", 11); /* a size beyond the end */
    tj_sources *large = pack(a->bytes, a->len, 0, 0);
    assert_line(large, "/src/b/k.metal", 1, NULL);
    tj_sources_release(large);
}

/* Less than a kilobyte that unpacks to more than 64 MiB. */
static void bombs_have_no_lines(void **state)
{
    (void)state;
    size_t len = (size_t)65 << 20;
    char *zeros = calloc(1, len);
    const archive *a = make();
    memcpy(zeros, a->bytes, a->len);
    tj_sources *bomb = pack(zeros, len, 0, 0);
    assert_line(bomb, "/src/b/k.metal", 1, NULL);
    tj_sources_release(bomb);
    free(zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_lines),
        cmocka_unit_test(shares_are_counted),
        cmocka_unit_test(broken_archives_have_no_lines),
        cmocka_unit_test(bombs_have_no_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
