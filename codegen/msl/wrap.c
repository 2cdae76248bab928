/* SPDX-License-Identifier: MIT */
/* Lines of more than LIMIT columns go on in the next one, eight columns further in: behind a
 * comma or in front of an operator, at the place that the fewest brackets are around.
 */
#include "msl.h"

#include <string.h>

enum { LIMIT = 100, FURTHER = 8, BRACKET = 4, LEAST = 40 };

typedef struct place {
    size_t at; /* the new line starts here; the blank in front of it goes */
    int cost;
} place;

/* The operator that starts here, behind a blank: how much less it holds together than a list.
 */
static int cost_of_operator(const char *c)
{
    static const struct {
        const char *op;
        int cost;
    } rows[] = {{"= ", 3},  {"? ", 1},  {": ", 1},  {"|| ", 1}, {"&& ", 1}, {"| ", 2},
                {"^ ", 2},  {"& ", 2},  {"== ", 2}, {"!= ", 2}, {"< ", 2},  {"> ", 2},
                {"<= ", 2}, {">= ", 2}, {"<< ", 3}, {">> ", 3}, {"+ ", 3},  {"- ", 3},
                {"* ", 4},  {"/ ", 4},  {"% ", 4}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strncmp(c, rows[i].op, strlen(rows[i].op)) == 0)
            return rows[i].cost;
    return -1;
}

/* The bracket's effect on the depth; those of templates have no blank around them. */
static int step(const char *line, size_t i)
{
    char c = line[i], before = i ? line[i - 1] : ' ';

    if (strchr("([{", c) || (c == '<' && before != ' ' && line[i + 1] != '<'))
        return 1;
    if (strchr(")]}", c) || (c == '>' && before != ' ' && before != '-' && before != '>'))
        return -1;
    return 0;
}

static size_t end_of_string(const char *line, size_t i, size_t len)
{
    for (i++; i < len && line[i] != '"'; i++)
        i += line[i] == '\\';
    return i;
}

static void try(place *best, size_t at, int cost, bool is_late)
{
    if (!best->at || cost <= best->cost ||
        (is_late && best->at < LEAST && cost < best->cost + 9))
        *best = (place){at, cost};
}

/* Where to break a line of which `room` columns fit, or soon after; 0: nowhere. */
static place find_place(const char *line, size_t len, size_t room)
{
    place best = {0, 0};
    int depth = 0;

    for (size_t i = 0; i < len && (i <= room || !best.at); i++) {
        if (line[i] == '"') {
            i = end_of_string(line, i, len);
            continue;
        }
        depth += step(line, i);
        if (line[i] != ' ' || i == 0)
            continue;
        if (line[i - 1] == ',' || line[i - 1] == ';')
            try(&best, i + 1, depth * BRACKET + (line[i - 1] == ';' ? -1 : 0), i >= LEAST);
        else if (cost_of_operator(line + i + 1) == 3 && line[i + 1] == '=')
            try(&best, i + 3, depth * BRACKET + 5, i >= LEAST);
        else if (cost_of_operator(line + i + 1) >= 0)
            try(&best, i + 1, depth * BRACKET + cost_of_operator(line + i + 1), i >= LEAST);
    }
    return best;
}

static void wrap_line(tj_text *out, const char *line, size_t len)
{
    size_t indent = strspn(line, " "), column = indent;

    for (line += indent, len -= indent; column + len > LIMIT;) {
        place p = find_place(line, len, LIMIT - column);

        if (!p.at)
            break;
        tj_text_printf(out, "%*s%.*s\n", (int)column, "", (int)(p.at - 1), line);
        line += p.at;
        len -= p.at;
        column = indent + FURTHER;
    }
    tj_text_printf(out, "%*s%.*s\n", (int)column, "", (int)len, line);
}

void tj_msl_wrap_lines(tj_text *out, const tj_text *from)
{
    const char *line = from->data, *end;

    for (; line && *line; line = end + 1) {
        end = strchr(line, '\n');
        if (end == line || (size_t)(end - line) <= LIMIT)
            tj_text_add(out, line, (size_t)(end - line) + 1);
        else
            wrap_line(out, line, (size_t)(end - line));
    }
}
