/* SPDX-License-Identifier: MIT */
/* Block order, dominators, loops and leaders: against their definitions, by reachability in
 * graphs with one block taken out, and by hand for the usual constructs. */
#include "shape_util.h"

#define KERNEL(body)                                                                           \
    "define void @k(ptr addrspace(1) \"tmjit.type\"=\"int\" %y, "                              \
    "i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i, "                                   \
    "i32 \"tmjit.builtin\"=\"threads_per_grid\" %n) \"tmjit.kernel\" {\n"                      \
    "entry:\n %c = icmp ult i32 %i, 7\n %d = icmp ult i32 %n, 9\n" body "\n}\n"
#define STORE(value) " store i32 " value ", ptr addrspace(1) %y\n"

static const char diamond[] =
    KERNEL(" br i1 %c, label %a, label %b\n"
           "a:\n" STORE("1") " br label %join\n"
                             "b:\n" STORE("2") " br label %join\n"
                                               "join:\n" STORE("3") " ret void");
static const char nested_loops[] =
    KERNEL(" br label %outer\n"
           "outer:\n %u = phi i32 [ 0, %entry ], [ %u1, %after ]\n br label %inner\n"
           "inner:\n %v = phi i32 [ 0, %outer ], [ %v1, %inner ]\n" STORE(
               "%v") " %v1 = add i32 %v, 1\n %iv = icmp ult i32 %v1, %i\n"
                     " br i1 %iv, label %inner, label %after\n"
                     "after:\n %u1 = add i32 %u, 1\n %iu = icmp ult i32 %u1, %n\n"
                     " br i1 %iu, label %outer, label %done\n"
                     "done:\n" STORE("%u") " ret void");
static const char with_continue[] =
    KERNEL(" br label %head\n"
           "head:\n %u = phi i32 [ 0, %entry ], [ %u1, %head ], [ %u1, %work ]\n"
           " %u1 = add i32 %u, 1\n %t = and i32 %u, 1\n %s = icmp eq i32 %t, 0\n"
           " br i1 %s, label %head, label %work\n"
           "work:\n" STORE("%u") " %iu = icmp ult i32 %u1, %i\n"
                                 " br i1 %iu, label %head, label %done\n"
                                 "done:\n ret void");
static const char with_break[] =
    KERNEL(" br label %head\n"
           "head:\n %u = phi i32 [ 0, %entry ], [ %u1, %tail ]\n"
           " %s = icmp eq i32 %u, %n\n br i1 %s, label %broken, label %tail\n"
           "tail:\n" STORE("%u") " %u1 = add i32 %u, 1\n %iu = icmp ult i32 %u1, %i\n"
                                 " br i1 %iu, label %head, label %done\n"
                                 "broken:\n" STORE("5") " br label %done\n"
                                                        "done:\n" STORE("6") " ret void");
static const char early_return[] =
    KERNEL(" br i1 %c, label %out, label %go\n"
           "out:\n ret void\n"
           "go:\n" STORE("1") " br i1 %d, label %out2, label %rest\n"
                              "out2:\n ret void\n"
                              "rest:\n" STORE("2") " ret void");
static const char short_circuit[] =
    KERNEL(" br i1 %c, label %second, label %no\n"
           "second:\n" STORE("1") " br i1 %d, label %yes, label %no\n"
                                  "yes:\n" STORE("2") " br label %join\n"
                                                      "no:\n" STORE("3") " br label %join\n"
                                                                         "join:\n ret void");

static const tj_shape_options options_1d = {.threadgroup = {64, 1, 1}, .lanes = 8};

/* ---- definitions ---------------------------------------------------------------------------
 */

/* Whether `to` can be reached from `from` without a step into `without`. */
static bool reaches(const tj_cfg *cfg, int from, int to, int without)
{
    bool *seen = calloc((size_t)cfg->block_count, sizeof(bool));
    int *stack = calloc((size_t)cfg->block_count, sizeof(int)), depth = 0;
    bool found;

    if (from != without) {
        seen[from] = true;
        stack[depth++] = from;
    }
    while (depth) {
        const tj_block *b = &cfg->blocks[stack[--depth]];

        for (int s = 0; s < b->succ_count; s++)
            if (b->succ[s] != without && !seen[b->succ[s]]) {
                seen[b->succ[s]] = true;
                stack[depth++] = b->succ[s];
            }
    }
    found = seen[to];
    free(seen);
    free(stack);
    return found;
}

static bool is_in_loop(const tj_cfg *cfg, int loop, int block)
{
    int l = cfg->blocks[block].loop;

    while (l != TJ_NONE && l != loop)
        l = cfg->loops[l].parent;
    return loop == TJ_NONE || l == loop;
}

/* Whether an iteration of the loop of `a` can end without `b` after it was in `a`. */
static bool ends_without(const tj_cfg *cfg, int a, int b)
{
    int loop = cfg->blocks[a].loop, depth = 0;
    bool *seen = calloc((size_t)cfg->block_count, sizeof(bool)), ends = false;
    int *stack = calloc((size_t)cfg->block_count, sizeof(int));

    seen[a] = true;
    stack[depth++] = a;
    while (depth) {
        const tj_block *block = &cfg->blocks[stack[--depth]];

        ends |= block->succ_count == 0;
        for (int s = 0; s < block->succ_count; s++) {
            int succ = block->succ[s];

            if (!is_in_loop(cfg, loop, succ) ||
                (loop != TJ_NONE && succ == cfg->loops[loop].header))
                ends = true;
            else if (succ != b && !seen[succ]) {
                seen[succ] = true;
                stack[depth++] = succ;
            }
        }
    }
    free(seen);
    free(stack);
    return ends;
}

/* ---- properties ----------------------------------------------------------------------------
 */

#define expect(condition, ...)                                                                 \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            print_error("%s: ", what);                                                         \
            print_error(__VA_ARGS__);                                                          \
            print_error("\n");                                                                 \
            fail();                                                                            \
        }                                                                                      \
    } while (0)

static void check_edges(const tj_cfg *cfg, const char *what)
{
    for (int b = 0; b < cfg->block_count; b++) {
        LLVMValueRef term = LLVMGetBasicBlockTerminator(cfg->blocks[b].bb);

        expect(tj_ptrmap_find(&cfg->index, cfg->blocks[b].bb) == (uint32_t)b, "index of %d", b);
        for (unsigned s = 0; s < LLVMGetNumSuccessors(term); s++) {
            int to = (int)tj_ptrmap_find(&cfg->index, LLVMGetSuccessor(term, s));
            int loop = cfg->blocks[to].loop;
            bool is_back = to <= b, is_pred = false;

            expect(to == cfg->blocks[b].succ[0] || to == cfg->blocks[b].succ[1],
                   "%d to %d is no successor", b, to);
            for (int p = 0; p < cfg->blocks[to].pred_count; p++)
                is_pred |= cfg->blocks[to].preds[p] == b;
            expect(is_pred, "%d is no predecessor of %d", b, to);
            expect(is_back == tj_is_back_edge(cfg, b, to), "%d to %d goes back", b, to);
            expect(!is_back || cfg->loops[loop].latch == b, "%d to %d is no latch", b, to);
        }
    }
}

static void check_loops(const tj_cfg *cfg, const char *what)
{
    for (int l = 0; l < cfg->loop_count; l++) {
        const tj_loop *loop = &cfg->loops[l];
        int parent = loop->parent;

        expect(loop->last == loop->latch, "loop %d does not end at its latch", l);
        expect(cfg->blocks[loop->header].loop == l, "header of loop %d", l);
        expect(cfg->blocks[loop->preheader].loop == parent, "preheader of loop %d", l);
        expect(parent < l, "loop %d before its parent", l);
        expect(loop->depth == (parent == TJ_NONE ? 1 : cfg->loops[parent].depth + 1),
               "depth of loop %d", l);
        for (int b = 0; b < cfg->block_count; b++) {
            /* natural loop: reaches the latch without the header */
            bool is_inside = b == loop->header || (tj_dominates(cfg, loop->header, b) &&
                                                   reaches(cfg, b, loop->latch, loop->header));

            expect(is_inside == (b >= loop->header && b <= loop->last), "block %d and loop %d",
                   b, l);
            expect(is_inside == is_in_loop(cfg, l, b), "loop chain of %d and %d", b, l);
        }
    }
}

static void check_dominators(const tj_cfg *cfg, const char *what)
{
    for (int b = 0; b < cfg->block_count; b++) {
        int nearest = TJ_NONE;

        for (int a = 0; a < cfg->block_count; a++) {
            bool above = a == b || !reaches(cfg, 0, b, a);

            expect(tj_dominates(cfg, a, b) == above, "whether %d dominates %d", a, b);
            if (above && a != b)
                nearest = a; /* dominators of one block are a chain in topological order */
        }
        expect(cfg->blocks[b].idom == nearest, "idom of %d is %d", b, cfg->blocks[b].idom);
    }
}

/* What a block dominates in its own loop stands in one piece. */
static void check_compact(const tj_cfg *cfg, const char *what)
{
    for (int a = 0; a < cfg->block_count; a++) {
        bool is_over = false;

        for (int b = a; b < cfg->block_count; b++) {
            bool is_below = is_in_loop(cfg, cfg->blocks[a].loop, b) && tj_dominates(cfg, a, b);

            expect(!is_over || !is_below, "%d is cut off from what %d dominates", b, a);
            is_over |= !is_below;
        }
    }
}

static void check_leaders(const tj_cfg *cfg, const char *what)
{
    for (int b = 0; b < cfg->block_count; b++) {
        int leader = b;

        for (int a = 0; a < b; a++)
            if (cfg->blocks[a].loop == cfg->blocks[b].loop && tj_dominates(cfg, a, b) &&
                !ends_without(cfg, a, b))
                leader = a;
        expect(cfg->blocks[b].leader == leader, "leader of %d is %d, not %d", b,
               cfg->blocks[b].leader, leader);
    }
}

static void check_graph(const analysed *a, const char *what)
{
    const tj_cfg *cfg = &a->facts.cfg;

    check_edges(cfg, what);
    check_loops(cfg, what);
    check_dominators(cfg, what);
    check_compact(cfg, what);
    check_leaders(cfg, what);
}

static void graphs_keep_their_definitions(void **state)
{
    (void)state;
    assert_true(each_kernel_of_run(0, check_graph) > 100);
    assert_true(each_kernel_of_run(2, check_graph) > 100);
    each_random_kernel(400, check_graph);
}

/* ---- by hand -------------------------------------------------------------------------------
 */

/* Blocks in order, with leader and loop header: "entry a b join=entry". */
static void assert_order(const char *text, const char *wanted)
{
    analysed a = analyse(text, options_1d);
    const tj_cfg *cfg = &a.facts.cfg;
    tj_text got = {0};

    check_graph(&a, wanted);
    for (int b = 0; b < cfg->block_count; b++) {
        const tj_block *block = &cfg->blocks[b];

        tj_text_printf(&got, "%s%s", b ? " " : "", LLVMGetBasicBlockName(block->bb));
        if (block->leader != b)
            tj_text_printf(&got, "=%s", LLVMGetBasicBlockName(cfg->blocks[block->leader].bb));
        if (block->loop != TJ_NONE)
            tj_text_printf(
                &got, "@%s",
                LLVMGetBasicBlockName(cfg->blocks[cfg->loops[block->loop].header].bb));
    }
    assert_string_equal(got.data, wanted);
    tj_text_fini(&got);
    drop_analysed(&a);
}

static void constructs_have_their_order(void **state)
{
    (void)state;
    assert_order(diamond, "entry a b join=entry");
    assert_order(nested_loops, "entry outer@outer inner@inner after=outer@outer done=entry");
    assert_order(with_continue, "entry head@head work@head head.backedge@head done=entry");
    assert_order(with_break, "entry head@head tail@head done.loopexit broken done=entry");
    assert_order(early_return, "entry out go out2 rest UnifiedReturnBlock=entry");
    assert_order(short_circuit, "entry second yes no join=entry");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(constructs_have_their_order),
        cmocka_unit_test(graphs_keep_their_definitions),
    };

    return cmocka_run_group_tests_name("cfg", tests, NULL, NULL);
}
