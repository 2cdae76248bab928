/* SPDX-License-Identifier: MIT */
/* needs: tools/values.c tools/element.c tools/half.c tools/random.c tools/npy.c tools/file.c tools/failure.c */
/* .npy files: what is read, what is refused and in which words, what is written. */
#include "tools/npy.h"

#include "tools/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct bytes {
    unsigned char data[512];
    size_t len;
} bytes;

/* A file of version `major`.0 with this header and `data_len` bytes of 1, 2, 3, ... */
static bytes make_file(unsigned major, const char *header, size_t data_len)
{
    size_t text_len = strlen(header);
    bytes out = {.len = major == 1 ? 10 : 12};

    memcpy(out.data, "\x93NUMPY", 6);
    out.data[6] = (unsigned char)major;
    out.data[8] = (unsigned char)(text_len & 0xff);
    out.data[9] = (unsigned char)(text_len >> 8);
    memcpy(out.data + out.len, header, text_len);
    out.len += text_len;
    for (size_t i = 0; i < data_len; i++)
        out.data[out.len++] = (unsigned char)(i + 1);
    return out;
}

/* Copies to a block of exactly the right length, so that ASan sees every step outside. */
static int parse(const bytes *file, tj_value *out, tj_failure *why)
{
    void *exact = malloc(file->len ? file->len : 1);

    memcpy(exact, file->data, file->len);
    int status = tj_npy_parse(exact, file->len, "a.npy", out, why);
    free(exact);
    return status;
}

#define DICT(descr, shape)                                                                     \
    "{'descr': '" descr "', 'fortran_order': False, 'shape': " shape ", }\n"

typedef struct good_case {
    const char *header;
    size_t data_len;
    tmjit_scalar scalar;
    unsigned dim_count;
    uint64_t count;
} good_case;

static void every_type_and_spelling_is_read(void **state)
{
    static const good_case cases[] = {
        {DICT("|i1", "(3,)"), 3, TMJIT_SCALAR_I8, 1, 3},
        {DICT("|u1", "(3,)"), 3, TMJIT_SCALAR_U8, 1, 3},
        {DICT("<u1", "(3,)"), 3, TMJIT_SCALAR_U8, 1, 3},
        {DICT("|b1", "(1,)"), 1, TMJIT_SCALAR_BOOL, 1, 1},
        {DICT("<i2", "(3,)"), 6, TMJIT_SCALAR_I16, 1, 3},
        {DICT("<u2", "(3,)"), 6, TMJIT_SCALAR_U16, 1, 3},
        {DICT("<i4", "(3,)"), 12, TMJIT_SCALAR_I32, 1, 3},
        {DICT("<u4", "(2, 3)"), 24, TMJIT_SCALAR_U32, 2, 6},
        {DICT("<i8", "(3,)"), 24, TMJIT_SCALAR_I64, 1, 3},
        {DICT("<u8", "(3,)"), 24, TMJIT_SCALAR_U64, 1, 3},
        {DICT("<f2", "(3,)"), 6, TMJIT_SCALAR_F16, 1, 3},
        {DICT("<f4", "(3,)"), 12, TMJIT_SCALAR_F32, 1, 3},
        {DICT("|V2", "(3,)"), 6, TMJIT_SCALAR_BF16, 1, 3},
        {DICT("<V2", "(3,)"), 6, TMJIT_SCALAR_BF16, 1, 3},
        {DICT("=f4", "(3,)"), 12, TMJIT_SCALAR_F32, 1, 3},
        {DICT("<f4", "()"), 4, TMJIT_SCALAR_F32, 0, 1},
        {DICT("<f4", "(0, 5)"), 0, TMJIT_SCALAR_F32, 2, 0},
        {DICT("<f4", "(3L, 2L)"), 24, TMJIT_SCALAR_F32, 2, 6},
        {DICT("<f4", "(1, 1, 1, 1, 1, 1, 1, 2)"), 8, TMJIT_SCALAR_F32, 8, 2},
        {"{\"shape\":(2,),\"fortran_order\":True,\"descr\":\"<f4\"}", 8, TMJIT_SCALAR_F32, 1,
         2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (unsigned major = 1; major <= 3; major++) {
            bytes file = make_file(major, cases[i].header, cases[i].data_len);
            tj_value value = {0};
            tj_failure why = {0};
            if (parse(&file, &value, &why))
                fail_msg("%s: %s", cases[i].header, why.message);
            assert_int_equal(value.scalar, cases[i].scalar);
            assert_int_equal(value.dim_count, cases[i].dim_count);
            assert_int_equal(value.count, cases[i].count);
            assert_int_equal(value.byte_len, cases[i].data_len);
            for (size_t b = 0; b < cases[i].data_len; b++)
                assert_int_equal(value.data[b], b + 1);
            tj_value_fini(&value);
        }
}

typedef struct bad_case {
    const char *header;
    size_t data_len;
    const char *expected;
} bad_case;

static void wrong_headers_are_refused(void **state)
{
    static const bad_case cases[] = {
        {DICT(">f4", "(2,)"), 8, "'a.npy': dtype '>f4': big-endian; little-endian is accepted"},
        {DICT("<c8", "(1,)"), 8, "dtype '<c8': Metal has no such type"},
        {DICT("<c8", "(1,)"), 8, "dtype '<c8': Metal has no such type"},
        {DICT("|S8", "(1,)"), 8, "dtype '|S8'; b1, i1"},
        {DICT("!f4", "(1,)"), 4, "unknown byte order '!'"},
        {DICT("", "(1,)"), 4, "dtype ''"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4,
         "structured dtype"},
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", 16, "fortran order"},
        {"{'descr': '<f4', 'fortran_order': 1, 'shape': (2, 2), }", 16,
         "neither True nor False"},
        {"{'descr': '<f4', 'shape': (2, 2), }", 16, "'fortran_order' is missing"},
        {"{'descr': '<f4', 'fortran_order': False}", 16, "'shape' is missing"},
        {"{'fortran_order': False, 'shape': (4,)}", 16, "'descr' is missing"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4,), 'x': 1}", 16,
         "unknown key 'x'"},
        {"{'descr': '<f4' 'shape': (4,)}", 16, "',' or '}' is missing"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4,)} x", 16, "text behind '}'"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4,)", 16, "',' or '}' is missing"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4,", 16, "no length"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': [4]}", 16, "no tuple"},
        {"{'descr': '<f4", 16, "'descr' is no short text"},
        {"{'descr", 16, "a quoted key and a colon are missing"},
        {"{", 16, "a quoted key and a colon are missing"},
        {"", 16, "does not start with '{'"},
        {DICT("<f4", "(-1,)"), 4, "no length"},
        {DICT("<f4", "(99999999999999999999,)"), 4, "no length"},
        {DICT("<f4", "(4294967296, 4294967296, 4294967296)"), 4, "the file has 4"},
        {DICT("<f4", "(1, 1, 1, 1, 1, 1, 1, 1, 1)"), 4, "more than 8 dimensions"},
        {DICT("<f4", "(2,)"), 7, "the shape needs 8 bytes of data, the file has 7"},
        {DICT("<f4", "(2,)"), 9, "the shape needs 8 bytes of data, the file has 9"},
        {DICT("|b1", "(2,)"), 2, "element 1 is 2, which is no bool"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bytes file = make_file(1, cases[i].header, cases[i].data_len);
        tj_value value = {0};
        tj_failure why = {0};
        assert_int_equal(parse(&file, &value, &why), TJ_EXIT_INPUT);
        if (!strstr(why.message, cases[i].expected))
            fail_msg("%s: \"%s\" does not say \"%s\"", cases[i].header, why.message,
                     cases[i].expected);
        assert_null(value.memory);
        tj_failure_fini(&why);
    }
}

/* Every shorter file is refused. */
static void cut_files_are_refused(void **state)
{
    (void)state;
    for (unsigned major = 1; major <= 2; major++) {
        bytes file = make_file(major, DICT("<f4", "(2,)"), 8);
        size_t whole_len = file.len;
        for (file.len = 0; file.len < whole_len; file.len++) {
            tj_value value = {0};
            tj_failure why = {0};
            assert_int_equal(parse(&file, &value, &why), TJ_EXIT_INPUT);
            tj_failure_fini(&why);
        }
    }
}

static void other_versions_are_refused(void **state)
{
    bytes file = make_file(4, DICT("<f4", "(2,)"), 8);
    tj_value value = {0};
    tj_failure why = {0};

    (void)state;
    assert_int_equal(parse(&file, &value, &why), TJ_EXIT_INPUT);
    assert_string_equal(why.message,
                        "'a.npy': format version 4.0; 1.0, 2.0 and 3.0 are accepted");
    tj_failure_fini(&why);
    file.data[0] = 'P';
    assert_int_equal(parse(&file, &value, &why), TJ_EXIT_INPUT);
    assert_string_equal(why.message,
                        "'a.npy': no .npy file: it does not start with \\x93NUMPY");
    tj_failure_fini(&why);
}

/* The bytes that numpy.save(numpy.arange(2, dtype='f4')) writes. */
static void written_files_are_those_of_numpy(void **state)
{
    static const char dict[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
    char path[] = "/tmp/tmjit-npy-XXXXXX";
    int fd = mkstemp(path);
    unsigned char expected[136];
    tj_failure why = {0};
    tj_value value = {0};
    void *found = NULL;
    size_t found_len = 0;

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    memset(expected, ' ', sizeof expected);
    memcpy(expected, "\x93NUMPY\x01\x00\x76\x00", 10);
    memcpy(expected + 10, dict, sizeof dict - 1);
    expected[127] = '\n';
    memcpy(expected + 128, "\x00\x00\x00\x00\x00\x00\x80\x3f", 8);
    assert_int_equal(tj_value_parse("f32[2]:iota", &value, &why), 0);
    assert_int_equal(tj_npy_save(path, &value, &why), 0);
    assert_int_equal(tj_file_read(path, &found, &found_len, &why), 0);
    assert_int_equal(found_len, sizeof expected);
    assert_memory_equal(found, expected, sizeof expected);
    free(found);
    tj_value_fini(&value);
    unlink(path);
}

static void written_values_are_read_again(void **state)
{
    static const char *const texts[] = {
        "bool[5]:iota",      "i8[5]:rand(1)",      "u8[5]:rand(1)",
        "i16[2x3]:rand(1)",  "u16[1x2x3]:rand(1)", "i32[5]:rand(1)",
        "u32[5]:rand(1)",    "i64[5]:rand(1)",     "u64[5]:rand(1)",
        "f16[3x3]:randn(1)", "bf16[7]:randn(1)",   "f32[1x1x1x1x1x1x2x9]:nan",
        "f32[0x4]",
    };
    char path[] = "/tmp/tmjit-npy-XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        tj_failure why = {0};
        tj_value value = {0}, again = {0};
        assert_int_equal(tj_value_parse(texts[i], &value, &why), 0);
        assert_int_equal(tj_npy_save(path, &value, &why), 0);
        assert_int_equal(tj_npy_load(path, &again, &why), 0);
        /* NumPy has no bfloat: its bits come back */
        assert_int_equal(
            value.scalar == TMJIT_SCALAR_BF16 ? TMJIT_SCALAR_U16 : value.scalar, again.scalar);
        assert_int_equal(value.dim_count, again.dim_count);
        assert_memory_equal(value.dims, again.dims, sizeof value.dims);
        assert_int_equal(value.byte_len, again.byte_len);
        if (value.byte_len)
            assert_memory_equal(value.data, again.data, value.byte_len);
        tj_value_fini(&value);
        tj_value_fini(&again);
    }
    unlink(path);
}

/* A file that cannot be written leaves nothing behind. */
static void failed_writing_is_told(void **state)
{
    tj_failure why = {0};
    tj_value value = {0};

    (void)state;
    assert_int_equal(tj_value_parse("f32[2]", &value, &why), 0);
    assert_int_equal(tj_npy_save("/nonexistent/a.npy", &value, &why), TJ_EXIT_INPUT);
    assert_string_equal(why.message,
                        "cannot write '/nonexistent/a.npy': No such file or directory");
    tj_failure_fini(&why);
    tj_value_fini(&value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_and_spelling_is_read),
        cmocka_unit_test(wrong_headers_are_refused),
        cmocka_unit_test(cut_files_are_refused),
        cmocka_unit_test(other_versions_are_refused),
        cmocka_unit_test(written_files_are_those_of_numpy),
        cmocka_unit_test(written_values_are_read_again),
        cmocka_unit_test(failed_writing_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
