/* SPDX-License-Identifier: MIT */
/* What compiled code depends on beside its input, as one digest:
 *   - this build of tmjit: the note with the linker's build id in the loaded file that holds
 *     this function (ELF gABI "Note Section"; ld(1) --build-id)
 *   - LLVM's version, or which file its library is
 *   - the host's CPU: on x86-64 what LLVM's detection of name and features reads (CPUID leaves
 *     and XCR0; Intel SDM volume 2), elsewhere LLVM's own answer */
#include "digest.h"

#include "llvm.h"
#include "tmjit.h"

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>
#include <string.h>
#include <sys/stat.h>

#if defined(__linux__)
#include <link.h>
#endif
#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* ---- build --------------------------------------------------------------------------- */

#if defined(__linux__)

enum { NOTE_BUILD_ID = 3 };

typedef struct build_search {
    uintptr_t inside; /* an address of the wanted file */
    const uint8_t *id;
    size_t byte_len;
} build_search;

static size_t pad4(size_t byte_len)
{
    return (byte_len + 3) & ~(size_t)3;
}

static void scan_notes(build_search *search, const uint8_t *at, size_t byte_len)
{
    while (byte_len >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        memcpy(&note, at, sizeof note);
        size_t used = sizeof note + pad4(note.n_namesz) + pad4(note.n_descsz);
        if (used > byte_len)
            return;
        if (note.n_type == NOTE_BUILD_ID && note.n_namesz == 4 &&
            !memcmp(at + sizeof note, "GNU", 4)) {
            search->id = at + sizeof note + 4;
            search->byte_len = note.n_descsz;
        }
        at += used;
        byte_len -= used;
    }
}

static int look_at_file(struct dl_phdr_info *info, size_t info_len, void *user)
{
    build_search *search = user;
    bool is_ours = false;

    (void)info_len;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        is_ours = is_ours || (part->p_type == PT_LOAD &&
                              search->inside - info->dlpi_addr - part->p_vaddr < part->p_memsz);
    }
    for (unsigned i = 0; is_ours && i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_NOTE)
            scan_notes(search, (const uint8_t *)(info->dlpi_addr + part->p_vaddr),
                       part->p_memsz);
    }
    return is_ours;
}

static bool hash_build(tj_hasher *hasher)
{
    build_search search = {.inside = (uintptr_t)tj_identity};

    dl_iterate_phdr(look_at_file, &search);
    tj_hash_bytes(hasher, search.id, search.byte_len);
    return search.byte_len != 0;
}

#else

static bool hash_build(tj_hasher *hasher)
{
    (void)hasher;
    return false;
}

#endif

/* ---- CPU ----------------------------------------------------------------------------- */

#if defined(__x86_64__)

/* EBX of leaf 1 holds the number of the core that happens to run this. */
static const struct {
    unsigned leaf, subleaf;
    bool without_ebx;
} leaves[] = {
    {0, 0, false},    {1, 0, true},     {7, 0, false},          {7, 1, false},
    {0xd, 1, true},   {0x14, 0, false}, {0x19, 0, false},       {0x1e, 1, false},
    {0x24, 0, false}, {0x29, 0, false}, {0x80000001, 0, false}, {0x80000008, 0, false},
};

static void hash_saved_state(tj_hasher *hasher)
{
    unsigned a = 0, b, c = 0, d, low = 0, high = 0;

    if (__get_cpuid(1, &a, &b, &c, &d) && c & bit_OSXSAVE)
        __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    tj_hash_number(hasher, (uint64_t)high << 32 | low);
}

static void hash_cpu(tj_hasher *hasher)
{
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
        unsigned a = 0, b = 0, c = 0, d = 0;
        __get_cpuid_count(leaves[i].leaf, leaves[i].subleaf, &a, &b, &c, &d);
        tj_hash_number(hasher, (uint64_t)a << 32 | (leaves[i].without_ebx ? 0 : b));
        tj_hash_number(hasher, (uint64_t)c << 32 | d);
    }
    hash_saved_state(hasher);
}

#else

static void hash_cpu(tj_hasher *hasher)
{
    char *name = LLVMGetHostCPUName(), *features = LLVMGetHostCPUFeatures();

    tj_hash_text(hasher, name);
    tj_hash_text(hasher, features);
    LLVMDisposeMessage(name);
    LLVMDisposeMessage(features);
}

#endif

/* LLVM's version, or of a library that is not loaded yet the file: its size and the time of its
 * last change. */
static bool hash_llvm(tj_hasher *hasher)
{
    tj_diags diags = {.arena = tj_arena_create()};
    unsigned major = 0, minor = 0, patch = 0;
    struct stat info;

    if (tj_llvm_path() && !stat(tj_llvm_path(), &info)) {
        tj_hash_number(hasher, (uint64_t)info.st_size);
        tj_hash_number(hasher, (uint64_t)info.st_mtim.tv_sec);
        tj_hash_number(hasher, (uint64_t)info.st_mtim.tv_nsec);
        tj_arena_destroy(diags.arena);
        return true;
    }
    bool is_open = !tj_llvm_open(&diags);
    if (is_open)
        LLVMGetVersion(&major, &minor, &patch);
    tj_hash_number(hasher, major);
    tj_hash_number(hasher, minor);
    tj_hash_number(hasher, patch);
    tj_arena_destroy(diags.arena);
    return is_open;
}

bool tj_identity(tj_digest *out)
{
    tj_hasher hasher;

    tj_hash_start(&hasher);
    tj_hash_text(&hasher, tmjit_version());
    bool is_known = hash_build(&hasher) && hash_llvm(&hasher);
    hash_cpu(&hasher);
    *out = tj_hash_end(&hasher);
    return is_known;
}
