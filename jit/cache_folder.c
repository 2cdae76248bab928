/* SPDX-License-Identifier: MIT */
/* The folder of the cache: opening, size, removal of the least recently used entries. */
#include "cache_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    COUNT_EVERY = 64,     /* stored entries; other processes store too */
    ABANDONED_AFTER = 600 /* seconds without a write: its process was ended */
};

/* ---- opening ------------------------------------------------------------------------- */

static tj_status refuse_folder(tj_diags *diags, const char *path, int error, const char *what)
{
    return tj_fail_at(diags, TJ_E_NOT_FOUND, NULL, "cache folder '%s' cannot be %s: %s", path,
                      what, strerror(error));
}

static tj_status check_folder(int dir, const char *path, tj_diags *diags)
{
    struct stat info;

    if (fstat(dir, &info))
        return refuse_folder(diags, path, errno, "read");
    if (info.st_uid != geteuid())
        return tj_fail_at(diags, TJ_E_INVALID, NULL,
                          "cache folder '%s' belongs to user %lu; code is only taken from a "
                          "folder of the own user, %lu",
                          path, (unsigned long)info.st_uid, (unsigned long)geteuid());
    if (info.st_mode & (S_IWGRP | S_IWOTH))
        return tj_fail_at(diags, TJ_E_INVALID, NULL,
                          "cache folder '%s' may be written by others (mode %03o); code is "
                          "only taken from a folder that nobody else can change",
                          path, (unsigned)info.st_mode & 0777u);
    return TJ_OK;
}

tj_status tj_cache_open(const char *path, uint64_t byte_limit, tj_diags *diags, tj_cache **out)
{
    if (mkdir(path, 0700) && errno != EEXIST && access(path, F_OK))
        return refuse_folder(diags, path, errno, "made");
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return refuse_folder(diags, path, errno, "opened");
    tj_status status = check_folder(dir, path, diags);
    tj_cache *cache = status ? NULL : calloc(1, sizeof *cache);
    if (!cache) {
        close(dir);
        return status ? status : tj_fail_at(diags, TJ_E_MEMORY, NULL, "no memory for a cache");
    }
    cache->dir = dir;
    cache->byte_limit = byte_limit;
    pthread_mutex_init(&cache->lock, NULL);
    *out = cache;
    return TJ_OK;
}

void tj_cache_close(tj_cache *cache)
{
    if (!cache)
        return;
    close(cache->dir);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* ---- what is there ------------------------------------------------------------------- */

typedef struct found_file {
    char name[TJ_CACHE_NAME];
    uint64_t byte_len;
    struct timespec used;
} found_file;

typedef struct file_list {
    found_file *files;
    size_t count, capacity;
    uint64_t byte_len;
} file_list;

typedef void visit_fn(tj_cache *cache, const char *name, const struct stat *info, void *user);

/* Every regular file of the folder. */
static void visit_all(tj_cache *cache, visit_fn *visit, void *user)
{
    int fd = openat(cache->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (!dir) {
        if (fd >= 0)
            close(fd);
        tj_cache_report(cache, &cache->counts.failed, "the folder cannot be listed: %s",
                        strerror(errno));
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct stat info;
        if (!fstatat(cache->dir, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) &&
            S_ISREG(info.st_mode))
            visit(cache, entry->d_name, &info, user);
    }
    closedir(dir);
}

static bool is_temporary(const char *name)
{
    return !strncmp(name, TJ_CACHE_TEMPORARY, strlen(TJ_CACHE_TEMPORARY));
}

static void remove_abandoned(tj_cache *cache, const char *name, const struct stat *info)
{
    if (is_temporary(name) && time(NULL) - info->st_mtim.tv_sec > ABANDONED_AFTER)
        unlinkat(cache->dir, name, 0);
}

static void add_found(tj_cache *cache, const char *name, const struct stat *info, void *user)
{
    file_list *list = user;
    tj_entry_kind kind;
    tj_digest key;

    if (!tj_cache_parse_name(name, &kind, &key)) {
        remove_abandoned(cache, name, info);
        return;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 256;
        found_file *files = realloc(list->files, capacity * sizeof *files);
        if (!files)
            return; /* removal goes by what was seen */
        list->files = files;
        list->capacity = capacity;
    }
    found_file *file = &list->files[list->count++];
    snprintf(file->name, sizeof file->name, "%s", name);
    file->byte_len = (uint64_t)info->st_size;
    file->used = info->st_mtim;
    list->byte_len += file->byte_len;
}

tj_cache_usage tj_cache_get_usage(tj_cache *cache)
{
    file_list list = {0};

    visit_all(cache, add_found, &list);
    free(list.files);
    return (tj_cache_usage){.entry_count = list.count, .byte_len = list.byte_len};
}

/* ---- removal ------------------------------------------------------------------------- */

static int compare_use(const void *a, const void *b)
{
    const struct timespec *first = &((const found_file *)a)->used;
    const struct timespec *second = &((const found_file *)b)->used;

    if (first->tv_sec != second->tv_sec)
        return first->tv_sec < second->tv_sec ? -1 : 1;
    return (first->tv_nsec > second->tv_nsec) - (first->tv_nsec < second->tv_nsec);
}

/* A tenth below the limit, so that the next entries find room without a search. Another
 * process that removes at the same time chooses the same files. */
static uint64_t remove_oldest(tj_cache *cache)
{
    uint64_t aim = cache->byte_limit - cache->byte_limit / 10, evicted = 0;
    file_list list = {0};

    visit_all(cache, add_found, &list);
    uint64_t byte_len = list.byte_len;
    if (byte_len > cache->byte_limit) {
        qsort(list.files, list.count, sizeof *list.files, compare_use);
        for (size_t i = 0; i < list.count && byte_len > aim; i++) {
            if (unlinkat(cache->dir, list.files[i].name, 0) && errno != ENOENT)
                continue;
            byte_len -= list.files[i].byte_len;
            evicted++;
        }
    }
    free(list.files);
    pthread_mutex_lock(&cache->lock);
    cache->counts.evicted += evicted;
    pthread_mutex_unlock(&cache->lock);
    return byte_len;
}

/* Counting looks at every file, which a process that stores one entry should not have to do:
 * one in COUNT_EVERY stored entries leads to a count, whichever process stores it. Keys are as
 * good as random for the first one's turn. */
void tj_cache_bound(tj_cache *cache, const tj_digest *key, uint64_t byte_len)
{
    pthread_mutex_lock(&cache->lock);
    if (!cache->has_stored)
        cache->until_count = key->bytes[0] % COUNT_EVERY;
    cache->has_stored = true;
    cache->byte_len += byte_len;
    bool is_due = !cache->until_count || cache->byte_len > cache->byte_limit;
    cache->until_count = is_due ? COUNT_EVERY : cache->until_count - 1;
    pthread_mutex_unlock(&cache->lock);
    if (!is_due)
        return;
    byte_len = remove_oldest(cache);
    pthread_mutex_lock(&cache->lock);
    cache->byte_len = byte_len;
    pthread_mutex_unlock(&cache->lock);
}

static void remove_ours(tj_cache *cache, const char *name, const struct stat *info, void *user)
{
    tj_entry_kind kind;
    tj_digest key;

    (void)info;
    (void)user;
    if ((is_temporary(name) || tj_cache_parse_name(name, &kind, &key)) &&
        unlinkat(cache->dir, name, 0) && errno != ENOENT)
        tj_cache_report(cache, &cache->counts.failed, "%s cannot be removed: %s", name,
                        strerror(errno));
}

void tj_cache_clear(tj_cache *cache)
{
    visit_all(cache, remove_ours, NULL);
}

/* ---- verification -------------------------------------------------------------------- */

static const char *judge_file(tj_cache *cache, const char *name, tj_cache_judge *is_whole)
{
    tj_entry_kind kind;
    tj_digest key;
    size_t byte_len;
    const char *why = NULL;

    if (!tj_cache_parse_name(name, &kind, &key))
        return NULL;
    uint8_t *file = tj_cache_read(cache, name, false, &byte_len);
    if (!file && errno == ENOENT)
        return NULL; /* removed by another process meanwhile */
    if (!file)
        return errno ? strerror(errno) : "others may write to it";
    why = tj_cache_check(file, byte_len, kind, &key);
    if (!why && !is_whole(kind, file + TJ_CACHE_HEAD, byte_len - TJ_CACHE_HEAD))
        why = "its content is damaged";
    free(file);
    return why;
}

uint64_t tj_cache_verify(tj_cache *cache, tj_cache_judge *is_whole)
{
    file_list list = {0};
    uint64_t broken = 0;

    visit_all(cache, add_found, &list);
    for (size_t i = 0; i < list.count; i++) {
        const char *why = judge_file(cache, list.files[i].name, is_whole);
        if (!why)
            continue;
        broken++;
        tj_cache_report(cache, &cache->counts.broken, "%s is broken: %s", list.files[i].name,
                        why);
        unlinkat(cache->dir, list.files[i].name, 0);
    }
    free(list.files);
    return broken;
}
