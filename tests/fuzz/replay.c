/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target on files and on all files of folders: the corpus as a plain test. Each
 * input is also cut to its first half and given with one byte changed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

static unsigned run_bytes(uint8_t *bytes, size_t byte_len)
{
    LLVMFuzzerTestOneInput(bytes, byte_len);
    LLVMFuzzerTestOneInput(bytes, byte_len / 2);
    if (byte_len) {
        bytes[byte_len / 3] ^= 0x21;
        LLVMFuzzerTestOneInput(bytes, byte_len);
    }
    return 1;
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
