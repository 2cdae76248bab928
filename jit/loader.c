/* SPDX-License-Identifier: MIT */
/* Objects of the cache into executable memory without LLVM, whose start costs more than all the
 * rest of a warm start. Knows what LLVM's code generator makes for x86-64 with position
 * independent code in the small code model; anything else is left to the session.
 * Source: System V ABI, AMD64 supplement 1.0, section 4.4 (relocation types).
 *
 * The sections lie in one mapping, grouped by what may be done with them. Each symbol has a
 * stub of 16 bytes: a jump through the address in its second half, which is the symbol's
 * place in the global offset table too. */
#include "loader.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__) && defined(__linux__)

enum { GROUP_CODE, GROUP_CONSTANTS, GROUP_DATA, GROUP_COUNT };
enum { STUB_BYTES = 16, STUB_ADDRESS = 8, MAX_ALIGN = 4096, MAX_IMAGE = 1 << 28 };

typedef struct image {
    Elf *elf;
    size_t section_count;
    uint64_t *section_at;  /* offset in the mapping; NOT_LOADED */
    uint64_t *section_len; /* 0 where nothing is loaded */
    uint64_t group_at[GROUP_COUNT + 1];
    uint8_t *base;
    size_t byte_len;
    size_t names; /* section of the symbols' names */
    Elf_Data *symbols;
    size_t symbol_count;
    uintptr_t *values;
    uint64_t stubs_at;
    bool needs_vector_math;
    void *vector_math; /* dlopen handle */
} image;

static const uint64_t NOT_LOADED = UINT64_MAX;

/* ---- places -------------------------------------------------------------------------- */

static int group_of(const GElf_Shdr *head)
{
    if (head->sh_flags & SHF_EXECINSTR)
        return GROUP_CODE;
    return head->sh_flags & SHF_WRITE ? GROUP_DATA : GROUP_CONSTANTS;
}

static uint64_t round_up(uint64_t at, uint64_t align)
{
    return (at + align - 1) / align * align;
}

/* Places the sections of one group from `*at` on. */
static const char *place_group(image *m, int group, uint64_t *at)
{
    for (size_t i = 1; i < m->section_count; i++) {
        GElf_Shdr head;
        if (!gelf_getshdr(elf_getscn(m->elf, i), &head))
            return "a section cannot be read";
        if (!(head.sh_flags & SHF_ALLOC) || !head.sh_size || group_of(&head) != group)
            continue;
        if (head.sh_flags & SHF_TLS || head.sh_addralign > MAX_ALIGN ||
            head.sh_size > MAX_IMAGE)
            return "a section is thread-local, or too large";
        *at = round_up(*at, head.sh_addralign ? head.sh_addralign : 1);
        m->section_at[i] = *at;
        m->section_len[i] = head.sh_size;
        *at += head.sh_size;
        if (*at > MAX_IMAGE)
            return "the sections are too large";
    }
    return NULL;
}

static const char *place_all(image *m)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), at = 0;
    const char *why = NULL;

    for (int group = 0; group < GROUP_COUNT && !why; group++) {
        m->group_at[group] = at;
        why = place_group(m, group, &at);
        if (group == GROUP_CODE) {
            m->stubs_at = at = round_up(at, STUB_BYTES);
            at += m->symbol_count * STUB_BYTES;
        }
        at = round_up(at, page);
    }
    m->group_at[GROUP_COUNT] = m->byte_len = at;
    return why;
}

static const char *copy_sections(image *m)
{
    m->base =
        mmap(NULL, m->byte_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m->base == MAP_FAILED) {
        m->base = NULL;
        return "no memory for it";
    }
    for (size_t i = 1; i < m->section_count; i++) {
        Elf_Data *data = m->section_len[i] ? elf_getdata(elf_getscn(m->elf, i), NULL) : NULL;
        if (data && data->d_buf && data->d_size == m->section_len[i])
            memcpy(m->base + m->section_at[i], data->d_buf, data->d_size);
        else if (m->section_len[i] && !(data && !data->d_buf)) /* zeros */
            return "a section cannot be read";
    }
    return NULL;
}

/* ---- symbols ------------------------------------------------------------------------- */

static const char *find_symbols(image *m)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(m->elf, section));) {
        GElf_Shdr head;
        if (!gelf_getshdr(section, &head) || head.sh_type != SHT_SYMTAB)
            continue;
        m->symbols = elf_getdata(section, NULL);
        m->names = head.sh_link;
        m->symbol_count = head.sh_entsize ? head.sh_size / head.sh_entsize : 0;
    }
    return m->symbols && m->symbol_count && m->symbol_count < 1 << 20 ? NULL
                                                                      : "it has no symbols";
}

typedef struct wanted_symbol {
    const char *name;
    uintptr_t address; /* 0: not found */
} wanted_symbol;

static void match(void *user, const tj_symbol *symbol)
{
    wanted_symbol *wanted = user;

    if (!strcmp(symbol->name, wanted->name))
        wanted->address = symbol->address;
}

static uintptr_t find_outside(image *m, const char *name)
{
    wanted_symbol wanted = {.name = name};

    tj_bind_runtime(match, &wanted);
    if (!wanted.address && m->needs_vector_math) {
        void *library = NULL;
        if (tj_bind_vector_math(match, &wanted, &library) && !m->vector_math)
            m->vector_math = library;
        else
            tj_bind_close(library);
    }
    return wanted.address;
}

static const char *resolve(image *m, size_t i)
{
    GElf_Sym symbol;

    if (!gelf_getsym(m->symbols, (int)i, &symbol))
        return "a symbol cannot be read";
    if (symbol.st_shndx == SHN_UNDEF) {
        const char *name = elf_strptr(m->elf, m->names, symbol.st_name);
        if (!i)
            return NULL;
        m->values[i] = name ? find_outside(m, name) : 0;
        return m->values[i] ? NULL : "it calls a function that is not there";
    }
    if (symbol.st_shndx == SHN_ABS) {
        m->values[i] = symbol.st_value;
        return NULL;
    }
    if (symbol.st_shndx >= m->section_count || GELF_ST_TYPE(symbol.st_info) == STT_TLS)
        return "a symbol is of a kind that is not known";
    if (m->section_len[symbol.st_shndx]) {
        if (symbol.st_value > m->section_len[symbol.st_shndx])
            return "a symbol is outside its section";
        m->values[i] = (uintptr_t)m->base + m->section_at[symbol.st_shndx] + symbol.st_value;
    }
    return NULL;
}

static uint8_t *stub_of(const image *m, size_t i)
{
    return m->base + m->stubs_at + i * STUB_BYTES;
}

static const char *resolve_all(image *m)
{
    static const uint8_t jump[STUB_ADDRESS] = {0xff, 0x25, 0x02, 0, 0, 0, 0x66, 0x90};
    const char *why = NULL;

    for (size_t i = 0; i < m->symbol_count && !why; i++) {
        why = resolve(m, i);
        memcpy(stub_of(m, i), jump, sizeof jump); /* jmp *2(%rip); a no-op; the address */
        memcpy(stub_of(m, i) + STUB_ADDRESS, &m->values[i], sizeof m->values[i]);
    }
    return why;
}

/* ---- relocations --------------------------------------------------------------------- */

/* How the value of a relocation is made. */
typedef enum relocation_kind {
    KIND_UNKNOWN,
    KIND_NONE,
    KIND_ABSOLUTE, /* S + A */
    KIND_RELATIVE, /* S + A - P */
    KIND_CALL,     /* the same; a stub reaches what is far */
    KIND_TABLE     /* G + A - P */
} relocation_kind;

static const struct {
    uint8_t kind, byte_len;
} relocation_kinds[] = {
    [R_X86_64_NONE] = {KIND_NONE, 0},       [R_X86_64_64] = {KIND_ABSOLUTE, 8},
    [R_X86_64_PC32] = {KIND_RELATIVE, 4},   [R_X86_64_PLT32] = {KIND_CALL, 4},
    [R_X86_64_GOTPCREL] = {KIND_TABLE, 4},  [R_X86_64_PC64] = {KIND_RELATIVE, 8},
    [R_X86_64_GOTPCRELX] = {KIND_TABLE, 4}, [R_X86_64_REX_GOTPCRELX] = {KIND_TABLE, 4},
};
enum { RELOCATION_KINDS = sizeof relocation_kinds / sizeof *relocation_kinds };

static bool fits_32(int64_t value)
{
    return value == (int32_t)value;
}

/* Modulo 2^64, as addresses are; an addend of a broken entry may be anything. */
static int64_t value_of(const image *m, const GElf_Rela *r, relocation_kind kind,
                        uintptr_t place)
{
    size_t symbol = GELF_R_SYM(r->r_info);
    uintptr_t value = m->values[symbol], stub = (uintptr_t)stub_of(m, symbol);
    uint64_t addend = (uint64_t)r->r_addend;

    if (kind == KIND_TABLE)
        return (int64_t)(stub + STUB_ADDRESS + addend - place);
    if (kind == KIND_CALL && !fits_32((int64_t)(value + addend - place)))
        value = stub;
    return (int64_t)(value + addend - (kind == KIND_ABSOLUTE ? 0 : place));
}

static const char *relocate(const image *m, size_t section, const GElf_Rela *r)
{
    uint64_t type = GELF_R_TYPE(r->r_info);
    relocation_kind kind =
        type < RELOCATION_KINDS ? (relocation_kind)relocation_kinds[type].kind : KIND_UNKNOWN;

    if (kind == KIND_NONE)
        return NULL;
    size_t byte_len = kind ? relocation_kinds[type].byte_len : 0;
    if (!byte_len || GELF_R_SYM(r->r_info) >= m->symbol_count)
        return "a relocation is of a kind that is not known";
    if (!m->values[GELF_R_SYM(r->r_info)])
        return "a relocation names a section that is not loaded";
    if (r->r_offset > m->section_len[section] ||
        byte_len > m->section_len[section] - r->r_offset)
        return "a relocation is outside its section";
    uint8_t *at = m->base + m->section_at[section] + r->r_offset;
    int64_t value = value_of(m, r, kind, (uintptr_t)at);
    if (byte_len == 4 && !fits_32(value))
        return "a relocation does not reach";
    memcpy(at, &value, byte_len);
    return NULL;
}

static const char *relocate_all(const image *m)
{
    const char *why = NULL;

    for (Elf_Scn *section = NULL; !why && (section = elf_nextscn(m->elf, section));) {
        GElf_Shdr head;
        if (!gelf_getshdr(section, &head))
            return "a section cannot be read";
        if (head.sh_type == SHT_REL)
            return "its relocations have no addends";
        if (head.sh_type != SHT_RELA || head.sh_info >= m->section_count ||
            !m->section_len[head.sh_info])
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        size_t count = data && head.sh_entsize ? head.sh_size / head.sh_entsize : 0;
        for (size_t i = 0; i < count && !why; i++) {
            GElf_Rela r;
            why = gelf_getrela(data, (int)i, &r) ? relocate(m, head.sh_info, &r)
                                                 : "a relocation cannot be read";
        }
    }
    return why;
}

/* ---- all ----------------------------------------------------------------------------- */

static const char *protect(const image *m)
{
    static const int rights[GROUP_COUNT] = {
        [GROUP_CODE] = PROT_READ | PROT_EXEC,
        [GROUP_CONSTANTS] = PROT_READ,
        [GROUP_DATA] = PROT_READ | PROT_WRITE,
    };

    for (int group = 0; group < GROUP_COUNT; group++) {
        size_t byte_len = m->group_at[group + 1] - m->group_at[group];
        if (byte_len && mprotect(m->base + m->group_at[group], byte_len, rights[group]))
            return "its memory cannot be protected";
    }
    return NULL;
}

static const char *load_image(image *m)
{
    const char *why = find_symbols(m);

    if (why)
        return why;
    m->values = calloc(m->symbol_count, sizeof *m->values);
    m->section_at = malloc(m->section_count * sizeof *m->section_at);
    m->section_len = calloc(m->section_count, sizeof *m->section_len);
    if (!m->values || !m->section_at || !m->section_len)
        return "no memory for it";
    for (size_t i = 0; i < m->section_count; i++)
        m->section_at[i] = NOT_LOADED;
    why = place_all(m);
    if (!why)
        why = copy_sections(m);
    if (!why)
        why = resolve_all(m);
    if (!why)
        why = relocate_all(m);
    return why ? why : protect(m);
}

static uintptr_t find_entry(const image *m, const char *entry_name)
{
    for (size_t i = 1; i < m->symbol_count; i++) {
        GElf_Sym symbol;
        const char *name = gelf_getsym(m->symbols, (int)i, &symbol)
                               ? elf_strptr(m->elf, m->names, symbol.st_name)
                               : NULL;
        if (name && !strcmp(name, entry_name))
            return m->values[i];
    }
    return 0;
}

const char *tj_load_object(const uint8_t *object, size_t object_len, const char *entry_name,
                           bool needs_vector_math, tj_linked *out)
{
    image m = {.needs_vector_math = needs_vector_math};
    const char *why = "it cannot be read";

    if (elf_version(EV_CURRENT) == EV_NONE)
        return "libelf is too old";
    m.elf = elf_memory((char *)object, object_len); /* reads only */
    if (m.elf && !elf_getshdrnum(m.elf, &m.section_count) && m.section_count)
        why = load_image(&m);
    uintptr_t entry = why ? 0 : find_entry(&m, entry_name);
    if (!why && !entry)
        why = "it has no entry";
    if (!why) {
        *out = (tj_linked){.entry = entry,
                           .memory = m.base,
                           .byte_len = m.byte_len,
                           .vector_math = m.vector_math};
    } else {
        if (m.base)
            munmap(m.base, m.byte_len);
        tj_bind_close(m.vector_math);
    }
    elf_end(m.elf);
    free(m.values);
    free(m.section_at);
    free(m.section_len);
    return why;
}

#else

const char *tj_load_object(const uint8_t *object, size_t object_len, const char *entry_name,
                           bool needs_vector_math, tj_linked *out)
{
    (void)object;
    (void)object_len;
    (void)entry_name;
    (void)needs_vector_math;
    (void)out;
    return "not on this host";
}

#endif

void tj_unload_object(tj_linked *linked)
{
    if (linked->memory)
        munmap(linked->memory, linked->byte_len);
    tj_bind_close(linked->vector_math);
    *linked = (tj_linked){0};
}
