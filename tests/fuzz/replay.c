/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target on files and on all files of folders: the corpus as a plain test. Each
 * input is also cut off at every k-th byte, and given with single bits changed. Which bits
 * depends on the input alone, so that a failure comes again. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

enum { CUT_COUNT = 12, FLIP_COUNT = 12 };

/* A copy of the very length: reads behind its end are seen by a sanitizer. */
static void run_copy(const uint8_t *bytes, size_t byte_len, uint64_t flipped_bit)
{
    uint8_t *copy = malloc(byte_len ? byte_len : 1);

    if (!copy)
        abort();
    if (byte_len)
        memcpy(copy, bytes, byte_len);
    if (flipped_bit / 8 < byte_len)
        copy[flipped_bit / 8] ^= (uint8_t)(1u << flipped_bit % 8);
    LLVMFuzzerTestOneInput(copy, byte_len);
    free(copy);
}

/* Sebastiano Vigna's splitmix64. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static unsigned run_bytes(const uint8_t *bytes, size_t byte_len)
{
    size_t step = byte_len / CUT_COUNT + 1;
    uint64_t state = byte_len;
    unsigned count = 1;

    run_copy(bytes, byte_len, UINT64_MAX);
    for (size_t cut = 0; cut < byte_len; cut += step, count++)
        run_copy(bytes, cut, UINT64_MAX);
    for (unsigned f = 0; f < FLIP_COUNT && byte_len; f++, count++)
        run_copy(bytes, byte_len, next_random(&state) % (byte_len * 8));
    return count;
}

static unsigned run_file(const char *path, size_t byte_len)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(byte_len ? byte_len : 1);
    unsigned count = 0;

    if (file && bytes && fread(bytes, 1, byte_len, file) == byte_len)
        count = run_bytes(bytes, byte_len);
    else
        fprintf(stderr, "%s: cannot be read\n", path);
    free(bytes);
    if (file)
        fclose(file);
    return count;
}

static unsigned run_path(const char *path, unsigned depth);

static unsigned run_folder(const char *path, unsigned depth)
{
    DIR *folder = opendir(path);
    unsigned count = 0;

    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char inside[4096];
        if (entry->d_name[0] == '.')
            continue;
        int len = snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        if (len > 0 && (size_t)len < sizeof inside)
            count += run_path(inside, depth + 1);
    }
    if (folder)
        closedir(folder);
    return count;
}

static unsigned run_path(const char *path, unsigned depth)
{
    struct stat info;

    if (stat(path, &info) || depth > 4)
        return 0;
    return S_ISDIR(info.st_mode) ? run_folder(path, depth)
                                 : run_file(path, (size_t)info.st_size);
}

int main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++)
        count += run_path(argv[i], 0);
    printf("%u inputs\n", count);
    return count ? EXIT_SUCCESS : EXIT_FAILURE;
}
