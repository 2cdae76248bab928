/* SPDX-License-Identifier: MIT */
/* Objects out of the cache are looked through with libelf before a linker sees them. */
#include "entry.h"

#include <gelf.h>
#include <string.h>

#if defined(__x86_64__)
enum { HOST_MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { HOST_MACHINE = EM_AARCH64 };
#else
enum { HOST_MACHINE = EM_NONE };
#endif

static const char *check_head(Elf *elf)
{
    GElf_Ehdr head;

    if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &head))
        return "its object is no ELF file";
    if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_ident[EI_DATA] != ELFDATA2LSB ||
        head.e_machine != HOST_MACHINE)
        return "its object is for another machine";
    return head.e_type == ET_REL ? NULL : "its object is not relocatable";
}

/* Each section lies in the file, each relocation section names sections that are there. */
static const char *check_sections(Elf *elf, size_t byte_len)
{
    size_t count;

    if (elf_getshdrnum(elf, &count))
        return "its object has no table of sections";
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr head;
        if (!gelf_getshdr(section, &head))
            return "its object has a damaged section";
        if (head.sh_type != SHT_NOBITS &&
            (head.sh_offset > byte_len || head.sh_size > byte_len - head.sh_offset))
            return "its object has a section outside the file";
        bool is_linked = head.sh_type == SHT_REL || head.sh_type == SHT_RELA;
        if (head.sh_link >= count || (is_linked && head.sh_info >= count))
            return "its object has a section that names a missing one";
        if (head.sh_type != SHT_NOBITS && head.sh_size && !elf_getdata(section, NULL))
            return "its object has a section that cannot be read";
    }
    return NULL;
}

/* The file offset of a symbol's name, or 0 when it is not the entry's. */
static size_t entry_name_at(Elf *elf, size_t strings, const GElf_Sym *symbol)
{
    const char *name = elf_strptr(elf, strings, symbol->st_name);
    Elf_Scn *section = elf_getscn(elf, strings);
    GElf_Shdr head;

    if (!name || strcmp(name, TJ_ENTRY_SYMBOL) || !section || !gelf_getshdr(section, &head))
        return 0;
    return (size_t)(head.sh_offset + symbol->st_name);
}

static bool is_inside(Elf *elf, const GElf_Sym *symbol)
{
    Elf_Scn *section = elf_getscn(elf, symbol->st_shndx);
    GElf_Shdr head;

    return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < SHN_LORESERVE && section &&
           gelf_getshdr(section, &head) && head.sh_flags & SHF_EXECINSTR &&
           symbol->st_value < head.sh_size &&
           symbol->st_size <= head.sh_size - symbol->st_value;
}

static const char *find_entry(Elf *elf, size_t *name_at)
{
    unsigned found = 0;

    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr head;
        if (!gelf_getshdr(section, &head) || head.sh_type != SHT_SYMTAB || !head.sh_entsize)
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        for (int i = 0; data && (size_t)i < head.sh_size / head.sh_entsize; i++) {
            GElf_Sym symbol;
            if (!gelf_getsym(data, i, &symbol))
                return "its object has a damaged symbol";
            size_t at = entry_name_at(elf, head.sh_link, &symbol);
            if (!at)
                continue;
            if (GELF_ST_BIND(symbol.st_info) != STB_GLOBAL || !is_inside(elf, &symbol))
                return "its object has no code behind its entry";
            *name_at = at;
            found++;
        }
    }
    return found == 1 ? NULL : "its object has not exactly one entry";
}

const char *tj_check_object(const uint8_t *bytes, size_t byte_len, size_t *name_at)
{
    if (elf_version(EV_CURRENT) == EV_NONE)
        return "libelf is too old";
    Elf *elf = elf_memory((char *)bytes, byte_len); /* reads only */
    if (!elf)
        return "its object is no ELF file";
    const char *why = check_head(elf);
    if (!why)
        why = check_sections(elf, byte_len);
    if (!why)
        why = find_entry(elf, name_at);
    elf_end(elf);
    return why;
}
