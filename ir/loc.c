/* SPDX-License-Identifier: MIT */
/* The place of an instruction, for errors before and during a launch. */
#include "ir.h"

#include "places.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_INST = 240 }; /* bytes; constants can be of any length */

/* The first line of a printed value without surrounding blanks and metadata attachments. */
static const char *cut_line(tj_arena *arena, const char *printed)
{
    const char *text = printed + strspn(printed, " \n");
    /* A switch prints its table over several lines; the first one names it. */
    const char *end = text + strcspn(text, "\n");
    for (const char *at = text; at + 3 <= end; at++)
        if (memcmp(at, ", !", 3) == 0)
            end = at;
    while (end > text && end[-1] == ' ')
        end--;
    size_t byte_len = (size_t)(end - text);
    if (byte_len <= LONGEST_INST)
        return tj_arena_strndup(arena, text, byte_len);
    return tj_arena_printf(arena, "%.*s...", LONGEST_INST, text);
}

static const char *print_value(tj_arena *arena, LLVMValueRef value)
{
    char *printed = LLVMPrintValueToString(value);
    const char *line = cut_line(arena, printed);
    LLVMDisposeMessage(printed);
    return line;
}

static const char *print_inst(tj_arena *arena, const tj_unit *unit, LLVMValueRef inst)
{
    const char *line = tj_places_find(unit, inst);
    return line ? cut_line(arena, line) : print_value(arena, inst);
}

/* Number that LLVM prints for an entry block without a name: it follows the parameters. */
static unsigned entry_block_number(LLVMValueRef function)
{
    unsigned number = 0;
    for (LLVMValueRef p = LLVMGetFirstParam(function); p; p = LLVMGetNextParam(p)) {
        size_t name_len;
        LLVMGetValueName2(p, &name_len);
        number += name_len == 0;
    }
    return number;
}

static const char *block_label(tj_arena *arena, const tj_unit *unit, LLVMBasicBlockRef block,
                               LLVMValueRef function)
{
    const char *name = LLVMGetBasicBlockName(block);
    if (name && *name)
        return tj_arena_strdup(arena, name);
    if (block == LLVMGetEntryBasicBlock(function))
        return tj_arena_printf(arena, "%u", entry_block_number(function));
    const char *line = tj_places_find(unit, block);
    if (!line)
        line = print_value(arena, LLVMBasicBlockAsValue(block));
    return tj_arena_strndup(arena, line, strcspn(line, ":"));
}

static const char *kernel_of(const tj_unit *unit, LLVMValueRef function)
{
    for (unsigned i = 0; i < unit->kernel_count; i++)
        if (unit->kernels[i].function == function)
            return unit->kernels[i].name;
    return NULL;
}

static void add_file(tj_loc *loc, tj_arena *arena, LLVMMetadataRef scope, unsigned line,
                     unsigned column)
{
    LLVMMetadataRef file = scope && line ? LLVMDIScopeGetFile(scope) : NULL;
    unsigned name_len = 0;
    const char *name = file ? LLVMDIFileGetFilename(file, &name_len) : NULL;
    if (!name || !name_len)
        return;
    loc->file = tj_arena_strndup(arena, name, name_len);
    loc->line = line;
    loc->column = column;
}

void tj_add_declared(tj_loc *loc, const tj_unit *unit)
{
    if (loc->line || !unit->declared.file)
        return;
    loc->file = unit->declared.file;
    loc->line = unit->declared.line;
}

void tj_add_source(tj_loc *loc, tj_arena *arena, const tj_unit *unit)
{
    if (unit->declared.sources && loc->file && loc->line)
        loc->source = tj_sources_line(unit->declared.sources, arena, loc->file, loc->line);
}

/* The place of anything that is not inside a block. */
static tj_loc outer_loc(tj_arena *arena, const tj_unit *unit, LLVMValueRef value, tj_loc loc)
{
    if (!LLVMIsAFunction(value)) {
        loc.inst = print_value(arena, value);
        return loc;
    }
    size_t name_len;
    const char *name = LLVMGetValueName2(value, &name_len);
    loc.kernel = kernel_of(unit, value);
    if (!loc.kernel)
        loc.inst = tj_arena_printf(arena, "@%s", name);
    LLVMMetadataRef subprogram = LLVMGetSubprogram(value);
    if (loc.kernel)
        tj_add_declared(&loc, unit);
    if (subprogram)
        add_file(&loc, arena, subprogram, LLVMDISubprogramGetLine(subprogram), 0);
    return loc;
}

tj_loc tj_loc_without_debug_info(tj_arena *arena, const tj_unit *unit, LLVMValueRef inst)
{
    LLVMBasicBlockRef block = LLVMGetInstructionParent(inst);
    LLVMValueRef function = LLVMGetBasicBlockParent(block);
    tj_loc loc = {.file = unit->file ? tj_arena_strdup(arena, unit->file) : NULL,
                  .kernel = kernel_of(unit, function),
                  .block = block_label(arena, unit, block, function),
                  .inst = print_inst(arena, unit, inst)};
    size_t name_len;
    const char *name = LLVMGetValueName2(function, &name_len);
    if (!loc.kernel)
        loc.block = tj_arena_printf(arena, "%s of @%s", loc.block, name);
    return loc;
}

tj_loc tj_loc_of(tj_arena *arena, const tj_unit *unit, LLVMValueRef inst)
{
    tj_loc loc = {.file = unit->file ? tj_arena_strdup(arena, unit->file) : NULL};
    if (!inst)
        return loc;
    if (!LLVMIsAInstruction(inst) || !LLVMGetInstructionParent(inst))
        return outer_loc(arena, unit, inst, loc);
    loc = tj_loc_without_debug_info(arena, unit, inst);
    LLVMMetadataRef at = LLVMInstructionGetDebugLoc(inst);
    if (at && unit->is_source)
        loc.block = loc.inst = NULL;
    if (at)
        add_file(&loc, arena, LLVMDILocationGetScope(at), LLVMDILocationGetLine(at),
                 LLVMDILocationGetColumn(at));
    return loc;
}

tj_status tj_fail(tj_unit *unit, LLVMValueRef inst, tj_status status, const char *format, ...)
{
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tj_loc loc = tj_loc_of(unit->arena, unit, inst);
    tj_add_source(&loc, unit->arena, unit);
    return tj_fail_at(&unit->diags, status, &loc, "%s", message);
}
