/* SPDX-License-Identifier: MIT */
/* The walk of a slice: lanes that choose their ways at random all arrive, under the masks that
 * the plan names; and by hand for the usual constructs. */
#include "shape_util.h"

#include "host/linearize.h"
#include "intrin.h"

#define KERNEL(body)                                                                           \
    "declare void @air.wg.barrier(i32, i32)\n"                                                 \
    "define void @k(ptr addrspace(1) \"tmjit.type\"=\"int\" %y, "                              \
    "i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i, "                                   \
    "i32 \"tmjit.builtin\"=\"threads_per_grid\" %n) \"tmjit.kernel\" {\n"                      \
    "entry:\n %c = icmp ult i32 %i, 7\n %d = icmp ult i32 %n, 9\n"                             \
    " %p = getelementptr i32, ptr addrspace(1) %y, i32 %i\n" body "\n}\n"
/* to one place by all lanes: must not run without a lane */
#define SHARED(value) " store i32 " value ", ptr addrspace(1) %y\n"
#define OWN(value) " store i32 " value ", ptr addrspace(1) %p\n"

#define DIAMOND(condition, a, b)                                                               \
    KERNEL(" br i1 " condition ", label %a, label %b\n"                                        \
           "a:\n" a " br label %join\nb:\n" b " br label %join\njoin:\n" OWN("3") " ret void")
static const char loop[] =
    KERNEL(" br label %head\n"
           "head:\n %u = phi i32 [ 0, %entry ], [ %u1, %tail ]\n" OWN(
               "%u") " %s = icmp eq i32 %u, %n\n br i1 %s, label %broken, label %tail\n"
                     "tail:\n %u1 = add i32 %u, 1\n %more = icmp ult i32 %u1, %i\n"
                     " br i1 %more, label %head, label %done\n"
                     "broken:\n" SHARED("5") " br label %done\n"
                                             "done:\n" OWN("6") " ret void");
static const char short_circuit[] =
    KERNEL(" %e = icmp ult i32 %i, 3\n br i1 %c, label %second, label %no\n"
           "second:\n" OWN("1") " br i1 %e, label %yes, label %no\n"
                                "yes:\n" SHARED("2") " br label %join\n"
                                                     "no:\n" SHARED("3") " br label %join\n"
                                                                         "join:\n" OWN(
                                                                             "4") " ret void");

enum { LANES = 8, ALL = (1 << LANES) - 1, WALKS = 24, PATIENCE = 300, MAX_STEPS = 200000 };

static const tj_shape_options options_1d = {.threadgroup = {64, 1, 1}, .lanes = LANES};

/* ---- walks ---------------------------------------------------------------------------------
 */

typedef struct walk {
    const tj_facts *facts;
    const tj_plan *plan;
    unsigned *arrived; /* by block: lanes that wait there */
    unsigned *mask;    /* by block: lanes of its last run */
    unsigned seed;
    int steps;
} walk;

static unsigned next_random(walk *w)
{
    w->seed = w->seed * 1664525u + 1013904223u;
    return w->seed >> 16;
}

/* A successor; most often one that leaves the loop when the walk has become long. */
static int choose(walk *w, int b)
{
    const tj_block *block = &w->facts->cfg.blocks[b];
    int s = block->succ_count == 2 ? (int)(next_random(w) & 1) : 0;

    for (int o = 0; w->steps > PATIENCE && o < block->succ_count; o++)
        if (next_random(w) % 4 && !tj_loop_has(&w->facts->cfg, block->loop, block->succ[o]))
            s = o;
    return s;
}

static bool is_hazard(const tj_facts *facts, int b)
{
    const tj_cfg *cfg = &facts->cfg;
    tj_intrin_use use;

    for (int l = 0; l < cfg->loop_count; l++)
        if (cfg->loops[l].preheader == b)
            return true;
    for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b].bb); i;
         i = LLVMGetNextInstruction(i)) {
        LLVMOpcode opcode = LLVMGetInstructionOpcode(i);

        if (opcode == LLVMAtomicRMW || opcode == LLVMAtomicCmpXchg)
            return true;
        if (opcode == LLVMCall && tj_intrin_of(i, &use) &&
            tj_intrin_infos[use.id].effect != TJ_EFFECT_PURE)
            return true;
        if (opcode != LLVMLoad && opcode != LLVMStore)
            continue;
        tj_leaf at = tj_facts_leaf(facts, LLVMGetOperand(i, opcode == LLVMStore), 0);

        if (at.root.kind != TJ_ROOT_ALLOCA && at.shape.kind == TJ_UNIFORM)
            return true;
    }
    return false;
}

/* Runs the content of `b` for its lanes; returns the next block of the walk. */
static int step(walk *w, int b, const char *what)
{
    const tj_block *block = &w->facts->cfg.blocks[b];
    const tj_step *plan = &w->plan->steps[b];
    unsigned active = w->arrived[b];
    int all = choose(w, b);

    w->mask[b] = active;
    w->arrived[b] = 0;
    if (w->mask[plan->owner] != active)
        fail_msg("%s: block %d runs 0x%x, its owner %d has 0x%x", what, b, active, plan->owner,
                 w->mask[plan->owner]);
    if (!active && is_hazard(w->facts, b))
        fail_msg("%s: block %d runs without a lane", what, b);
    for (unsigned l = 0; l < LANES && block->succ_count; l++)
        if (active >> l & 1)
            w->arrived[block->succ[w->facts->is_divergent[b] ? choose(w, b) : all]] |= 1u << l;
    switch (plan->exit) {
    case TJ_EXIT_RETURN:
        if (active != ALL)
            fail_msg("%s: 0x%x return in block %d", what, active, b);
        return TJ_NONE;
    case TJ_EXIT_BRANCH:
        return plan->next[all];
    case TJ_EXIT_LOOP: {
        int header = w->facts->cfg.loops[block->loop].header;

        return w->arrived[header] ? header : plan->next[0];
    }
    default:
        return plan->next[0];
    }
}

static void walk_once(const tj_facts *facts, const tj_plan *plan, unsigned seed, bool *was_run,
                      const char *what)
{
    int count = facts->cfg.block_count, b = 0;
    walk w = {facts,
              plan,
              calloc((size_t)count, sizeof(unsigned)),
              calloc((size_t)count, sizeof(unsigned)),
              seed,
              0};

    w.arrived[0] = ALL;
    while (b != TJ_NONE) {
        const tj_step *s = &plan->steps[b];

        if (w.steps++ > MAX_STEPS)
            fail_msg("%s: the walk does not end", what);
        if (s->has_guard && !w.arrived[b]) {
            b = s->guard_next;
            continue;
        }
        was_run[b] |= w.arrived[b] != 0;
        b = step(&w, b, what);
    }
    for (int i = 0; i < count; i++)
        if (w.arrived[i])
            fail_msg("%s: 0x%x wait in block %d for ever", what, w.arrived[i], i);
    free(w.arrived);
    free(w.mask);
}

/* ---- graph of the walk ---------------------------------------------------------------------
 */

/* Marks the blocks whose content the walk can run without running that of `without`. */
static void mark_reachable(const tj_facts *facts, const tj_plan *plan, int without,
                           bool *content)
{
    size_t count = (size_t)facts->cfg.block_count;
    bool *entered = calloc(count, sizeof(bool));
    int *stack = calloc(count, sizeof(int)), depth = 0;

    memset(content, 0, count * sizeof(bool));
    entered[0] = true;
    stack[depth++] = 0;
    while (depth) {
        int b = stack[--depth], ways[4], way_count = 0;
        const tj_step *s = &plan->steps[b];

        if (s->has_guard)
            ways[way_count++] = s->guard_next;
        if (b != without) {
            content[b] = true;
            ways[way_count++] = s->next[0];
            ways[way_count++] = s->next[1];
            if (s->exit == TJ_EXIT_LOOP)
                ways[way_count++] = facts->cfg.loops[facts->cfg.blocks[b].loop].header;
        }
        for (int i = 0; i < way_count; i++)
            if (ways[i] != TJ_NONE && !entered[ways[i]]) {
                entered[ways[i]] = true;
                stack[depth++] = ways[i];
            }
    }
    free(entered);
    free(stack);
}

static void check_walk_graph(const tj_facts *facts, const tj_plan *plan, const char *what)
{
    int count = facts->cfg.block_count;
    bool *content = calloc((size_t)count, sizeof(bool));

    mark_reachable(facts, plan, TJ_NONE, content);
    for (int b = 0; b < count; b++)
        if (!content[b])
            fail_msg("%s: block %d is never walked", what, b);
    for (int above = 0; above < count; above++) {
        mark_reachable(facts, plan, above, content);
        for (int b = 0; b < count; b++)
            if (tj_plan_dominates(plan, above, b) != (above == b || !content[b]))
                fail_msg("%s: whether %d always runs before %d", what, above, b);
    }
    free(content);
}

static void check_plan(const analysed *a, const char *what)
{
    bool *was_run = calloc((size_t)a->facts.cfg.block_count, sizeof(bool));
    tj_plan plan;

    if (tj_linearize(&a->facts, a->arena, &plan)) {
        print_diag(&a->unit->diags);
        fail_msg("%s: no plan", what);
    }
    check_walk_graph(&a->facts, &plan, what);
    for (unsigned i = 0; i < WALKS; i++)
        walk_once(&a->facts, &plan, i * 7919 + 1, was_run, what);
    for (int b = 0; a->facts.cfg.block_count < 8 && b < a->facts.cfg.block_count; b++)
        if (!was_run[b])
            fail_msg("%s: no lane was ever in block %d", what, b);
    free(was_run);
}

static void all_lanes_arrive(void **state)
{
    (void)state;
    assert_true(each_kernel_of_run(0, check_plan) > 100);
    assert_true(each_kernel_of_run(2, check_plan) > 100);
    each_random_kernel(400, check_plan);
}

/* ---- by hand -------------------------------------------------------------------------------
 */

static void print_way(const tj_cfg *cfg, const char *how, int to, tj_text *out)
{
    tj_text_printf(out, "%s%s", how,
                   to == TJ_NONE ? "nothing" : LLVMGetBasicBlockName(cfg->blocks[to].bb));
}

/* "a jump b" for each block, "?skip" before it when it has a guard. */
static void assert_plan(const char *text, const char *wanted)
{
    static const char *const exits[] = {"return", "jump ", "branch ", "loop "};
    analysed a = analyse(text, options_1d);
    const tj_cfg *cfg = &a.facts.cfg;
    tj_text got = {0};
    tj_plan plan;

    check_plan(&a, wanted);
    assert_int_equal(tj_linearize(&a.facts, a.arena, &plan), TJ_OK);
    for (int b = 0; b < cfg->block_count; b++) {
        const tj_step *s = &plan.steps[b];

        tj_text_printf(&got, "%s%s: ", b ? "; " : "", LLVMGetBasicBlockName(cfg->blocks[b].bb));
        if (s->has_guard)
            print_way(cfg, "else ", s->guard_next, &got);
        tj_text_printf(&got, "%s%s", s->has_guard ? ", " : "", exits[s->exit]);
        if (s->exit != TJ_EXIT_RETURN)
            print_way(cfg, "", s->next[0], &got);
        if (s->exit == TJ_EXIT_BRANCH)
            print_way(cfg, " ", s->next[1], &got);
    }
    assert_string_equal(got.data, wanted);
    tj_text_fini(&got);
    drop_analysed(&a);
}

static void diamonds(void **state)
{
    (void)state;
    assert_plan(DIAMOND("%c", OWN("1"), OWN("2")),
                "entry: jump a; a: jump b; b: jump join; join: return");
    assert_plan(DIAMOND("%c", OWN("1"), SHARED("2")),
                "entry: jump a; a: jump b; b: else join, jump join; join: return");
    assert_plan(DIAMOND("%c", SHARED("1"), SHARED("2")),
                "entry: jump a; a: else b, jump b; b: else join, jump join; join: return");
    assert_plan(DIAMOND("%d", SHARED("1"), SHARED("2")),
                "entry: branch a b; a: jump join; b: jump join; join: return");
    assert_plan(DIAMOND("%d", " call void @air.wg.barrier(i32 2, i32 1)\n", ""),
                "entry: branch a b; a: jump join; b: jump join; join: return");
}

static void exits_of_divergent_loops_wait(void **state)
{
    (void)state;
    assert_plan(loop, "entry: jump head; head: branch done.loopexit tail; "
                      "tail: loop done.loopexit; done.loopexit: jump broken; "
                      "broken: else done, jump done; done: return");
}

static void short_circuits(void **state)
{
    (void)state;
    assert_plan(short_circuit, "entry: jump second; second: jump yes; yes: else no, jump no; "
                               "no: else join, jump join; join: return");
}

static void contents_dominate(void **state)
{
    analysed a = analyse(DIAMOND("%c", SHARED("1"), OWN("2")), options_1d);
    const tj_cfg *cfg = &a.facts.cfg;
    int in_a = block_named(cfg, "a"), in_b = block_named(cfg, "b"),
        join = block_named(cfg, "join");
    tj_plan plan;

    (void)state;
    assert_int_equal(tj_linearize(&a.facts, a.arena, &plan), TJ_OK);
    assert_true(tj_plan_dominates(&plan, 0, join));
    assert_true(tj_plan_dominates(&plan, in_a, in_a));
    assert_true(tj_plan_dominates(&plan, in_b, join));  /* no guard: walked in any case */
    assert_false(tj_plan_dominates(&plan, in_a, join)); /* may be skipped */
    assert_false(tj_plan_dominates(&plan, join, in_a));
    drop_analysed(&a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(diamonds),         cmocka_unit_test(exits_of_divergent_loops_wait),
        cmocka_unit_test(short_circuits),   cmocka_unit_test(contents_dominate),
        cmocka_unit_test(all_lanes_arrive),
    };

    return cmocka_run_group_tests_name("linearize", tests, NULL, NULL);
}
