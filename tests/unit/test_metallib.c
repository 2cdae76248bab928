/* SPDX-License-Identifier: MIT */
/* Containers: SHA-256, every prefix of a file, every changed bit of it, files that shrink. */
#include "load_util.h"

#include "metallib.h"
#include "sha256.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char seed[] = "fuzz/seeds/metallib/two.metallib"; /* in the folder of the tests */

typedef struct opened {
    tj_status status;
    tj_diags diags;
    tj_metallib *lib;
} opened;

/* A block of exactly the right length, so that ASan sees every step outside. */
static opened open_bytes(const uint8_t *bytes, size_t byte_len)
{
    opened o = {.diags = {.arena = tj_arena_create()}};
    uint8_t *copy = malloc(byte_len ? byte_len : 1);
    tj_bytes own = {.memory = copy, .fd = -1, .byte_len = byte_len};
    if (byte_len)
        memcpy(copy, bytes, byte_len);
    o.status = tj_metallib_open(&own, "k.metallib", &o.diags, &o.lib);
    if (o.status)
        free(copy);
    return o;
}

static void close_all(opened *o)
{
    tj_metallib_close(o->lib);
    tj_arena_destroy(o->diags.arena);
}

static uint8_t *read_seed(size_t *byte_len)
{
    FILE *file = fopen(seed, "rb");
    assert_non_null(file);
    uint8_t *bytes = malloc(1 << 16);
    *byte_len = fread(bytes, 1, 1 << 16, file);
    fclose(file);
    assert_true(*byte_len > 1000 && *byte_len < 1 << 16);
    return bytes;
}

static void assert_sha256(const void *bytes, size_t byte_len, const char *expected)
{
    uint8_t hash[TJ_SHA256_BYTES];
    char text[2 * TJ_SHA256_BYTES + 1];
    tj_sha256(bytes, byte_len, hash);
    for (unsigned i = 0; i < TJ_SHA256_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
    assert_string_equal(text, expected);
}

/* NIST's examples for FIPS 180-4. */
static void hashes(void **state)
{
    (void)state;
    assert_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_sha256("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    char *million = malloc(1000000);
    memset(million, 'a', 1000000);
    assert_sha256(million, 1000000,
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

static void finds_and_loads(void **state)
{
    (void)state;
    size_t byte_len;
    uint8_t *bytes = read_seed(&byte_len);
    opened o = open_bytes(bytes, byte_len);
    tj_unit *unit = NULL;
    assert_int_equal(o.status, TJ_OK);
    assert_int_equal(tj_metallib_function_count(o.lib), 2);
    assert_int_equal(tj_metallib_find(o.lib, "second"), 1);
    assert_int_equal(tj_metallib_find(o.lib, ""), 2);
    assert_int_equal(tj_metallib_find(o.lib, "third"), 2);
    assert_int_equal(tj_metallib_load(o.lib, 1, &o.diags, &unit), TJ_OK);
    assert_int_equal(unit->kernel_count, 1);
    assert_string_equal(unit->kernels[0].name, "second");
    tj_unit_destroy(unit);
    close_all(&o);
    free(bytes);
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    size_t byte_len;
    uint8_t *bytes = read_seed(&byte_len);
    for (size_t len = 0; len < byte_len; len++) {
        opened o = open_bytes(bytes, len);
        assert_int_equal(o.status, TJ_E_MALFORMED);
        assert_non_null(strstr(o.diags.first.message, "byte "));
        close_all(&o);
        /* The header can say the truth about the shorter file. */
        if (len < 88)
            continue;
        for (unsigned i = 0; i < 8; i++)
            bytes[16 + i] = (uint8_t)(len >> 8 * i);
        o = open_bytes(bytes, len);
        assert_int_equal(o.status, TJ_E_MALFORMED); /* the modules are its last section */
        close_all(&o);
        for (unsigned i = 0; i < 8; i++)
            bytes[16 + i] = (uint8_t)(byte_len >> 8 * i);
    }
    free(bytes);
}

/* A changed bit is refused, or the container and its kernels are as good as before. */
static void every_bit_may_change(void **state)
{
    (void)state;
    size_t byte_len, opens = 0;
    uint8_t *bytes = read_seed(&byte_len);
    for (size_t bit = 0; bit < 8 * byte_len; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        opened o = open_bytes(bytes, byte_len);
        assert_true(o.status == TJ_OK || o.status == TJ_E_MALFORMED);
        opens += !o.status;
        for (size_t i = 0; o.lib && i < tj_metallib_function_count(o.lib); i++) {
            const tj_function *function = tj_metallib_function(o.lib, i);
            assert_int_equal(tj_metallib_find(o.lib, function->name), i);
            assert_true(function->byte_start + function->byte_len <= byte_len);
        }
        close_all(&o);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(opens > 0 && opens < 8 * byte_len);
    free(bytes);
}

/* The hash sees every change of a module before LLVM's reader does. */
static void changed_modules_are_refused(void **state)
{
    (void)state;
    size_t byte_len;
    uint8_t *bytes = read_seed(&byte_len);
    opened good = open_bytes(bytes, byte_len);
    const tj_function *first = tj_metallib_function(good.lib, 0);
    for (uint64_t at = 0; at < first->byte_len; at += 7) {
        bytes[first->byte_start + at] ^= 0x10;
        opened o = open_bytes(bytes, byte_len);
        tj_unit *unit = NULL;
        assert_int_equal(tj_metallib_load(o.lib, 0, &o.diags, &unit), TJ_E_MALFORMED);
        assert_non_null(strstr(o.diags.first.message, "does not have the SHA-256"));
        close_all(&o);
        bytes[first->byte_start + at] ^= 0x10;
    }
    close_all(&good);
    free(bytes);
}

static void files_may_shrink(void **state)
{
    (void)state;
    char path[] = "/tmp/tmjit-metallib-XXXXXX";
    size_t byte_len;
    uint8_t *bytes = read_seed(&byte_len);
    tj_bytes own = {.fd = mkstemp(path), .byte_len = byte_len};
    assert_true(own.fd >= 0);
    assert_int_equal(write(own.fd, bytes, byte_len), byte_len);
    opened o = {.diags = {.arena = tj_arena_create()}};
    assert_int_equal(tj_metallib_open(&own, path, &o.diags, &o.lib), TJ_OK);
    assert_int_equal(truncate(path, 1000), 0);
    tj_unit *unit = NULL;
    assert_int_equal(tj_metallib_load(o.lib, 1, &o.diags, &unit), TJ_E_NOT_FOUND);
    assert_non_null(strstr(o.diags.first.message, "the file has become shorter"));
    close_all(&o);
    unlink(path);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes),
        cmocka_unit_test(finds_and_loads),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(every_bit_may_change),
        cmocka_unit_test(changed_modules_are_refused),
        cmocka_unit_test(files_may_shrink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
