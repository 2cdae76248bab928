/* SPDX-License-Identifier: MIT */
/* The lines of a function's text by instruction and block. LLVM numbers a whole function to
 * print one instruction of it; a code generator that names thousands of places prints the
 * function once. An instruction's line starts with two blanks, a block's with none; what
 * belongs to the line before (debug records, tables) with more. */
#include "places.h"

#include "ptrmap.h"

#include <llvm-c/Core.h>
#include <string.h>

struct tj_place_table {
    tj_ptrmap numbers; /* of instructions and blocks */
    const char **lines;
};

static bool is_inst_line(const char *line)
{
    return line[0] == ' ' && line[1] == ' ' && line[2] != ' ' && line[2] != ']' &&
           line[2] != '\n';
}

static bool is_label_line(const char *line)
{
    return line[0] != ' ' && line[0] != '\n' && line[0] != '}' && line[0] != ';';
}

/* The next line of a kind, from *at on; *at is behind it then. NULL at the end. */
static const char *next_line(const char **at, bool (*is_wanted)(const char *line))
{
    while (*at && **at) {
        const char *line = *at, *end = strchr(line, '\n');
        *at = end ? end + 1 : line + strlen(line);
        if (is_wanted(line))
            return line;
    }
    return NULL;
}

static uint32_t count_places(LLVMValueRef function)
{
    uint32_t count = 0;
    LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function);
    for (; block; block = LLVMGetNextBasicBlock(block)) {
        count++;
        LLVMValueRef inst = LLVMGetFirstInstruction(block);
        for (; inst; inst = LLVMGetNextInstruction(inst))
            count++;
    }
    return count;
}

static void put(tj_place_table *table, uint32_t number, const void *key, const char *line)
{
    tj_ptrmap_put(&table->numbers, key, number);
    table->lines[number] = line;
}

/* False when text and function do not run in step. */
static bool fill(tj_place_table *table, LLVMValueRef function, const char *text)
{
    const char *at = strchr(text, '\n'), *line;
    uint32_t number = 0;
    LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function);
    at = at ? at + 1 : NULL;
    for (; block; block = LLVMGetNextBasicBlock(block)) {
        bool is_entry = block == LLVMGetEntryBasicBlock(function);
        line = is_entry ? text : next_line(&at, is_label_line);
        if (!line)
            return false;
        put(table, number++, block, line);
        LLVMValueRef inst = LLVMGetFirstInstruction(block);
        for (; inst; inst = LLVMGetNextInstruction(inst)) {
            line = next_line(&at, is_inst_line);
            if (!line)
                return false;
            put(table, number++, inst, line + 2);
        }
    }
    return !next_line(&at, is_inst_line);
}

void tj_places_begin(tj_unit *unit, LLVMValueRef function)
{
    tj_place_table *table = tj_new(unit->arena, tj_place_table);
    char *printed = LLVMPrintValueToString(function);
    const char *text = tj_arena_strdup(unit->arena, printed);
    uint32_t count = count_places(function);
    LLVMDisposeMessage(printed);
    /* Attributes stand in a comment before the definition. */
    while (*text == ';' || *text == '\n')
        text = strchr(text, '\n') ? strchr(text, '\n') + 1 : text + strlen(text);
    tj_ptrmap_init(&table->numbers, unit->arena, count);
    table->lines = tj_new_array(unit->arena, const char *, count);
    unit->places = fill(table, function, text) ? table : NULL;
}

void tj_places_end(tj_unit *unit)
{
    unit->places = NULL;
}

const char *tj_places_find(const tj_unit *unit, const void *place)
{
    if (!unit->places)
        return NULL;
    uint32_t number = tj_ptrmap_find(&unit->places->numbers, place);
    return number == UINT32_MAX ? NULL : unit->places->lines[number];
}
