/* SPDX-License-Identifier: MIT */
/* Addresses, checks, loads, stores and atomics.
 *
 * A pointer carries the number of the region it came from; every access is compared with that
 * region before a byte moves. A pointer whose origin is unknown (loaded from memory, made from
 * an integer) may touch any region of the launch, but only one. All lanes of an access are
 * checked before the first of them moves data, so that a failing store changes nothing.
 *
 * Private memory and tables of pointers have a shadow, in which the pointer plus the region's
 * number in the top 16 bits lies at the pointer's place: a pointer that is loaded comes from
 * the region of the one that was stored, as long as the bytes are still that one's.
 */
#include "interp_internal.h"

#include <inttypes.h>
#include <string.h>

/* ---- checks ----------------------------------------------------------------------------- */

static uint64_t region_base(const tj_igroup *group, unsigned lane, const tj_iregion *region)
{
    const uint8_t *base = region->base;
    if (region->kind == TJ_I_REGION_PRIVATE)
        base = group->private_memory + (size_t)lane * group->run->interp->private_byte_len +
               region->offset;
    return (uint64_t)(uintptr_t)base;
}

static bool is_inside(const tj_igroup *group, unsigned lane, const tj_iregion *region,
                      uint64_t address, uint64_t byte_len)
{
    uint64_t offset = address - region_base(group, lane, region);
    return offset <= region->byte_len && byte_len <= region->byte_len - offset;
}

static bool is_store(const char *what)
{
    return strcmp(what, "store") == 0;
}

static bool is_inside_any(const tj_igroup *group, unsigned lane, const char *what,
                          uint64_t address, uint64_t byte_len)
{
    const tj_irun *run = group->run;
    for (unsigned i = 1; i < run->interp->region_count; i++)
        if (run->regions[i].kind != TJ_I_REGION_NONE &&
            !(run->regions[i].is_read_only && is_store(what)) &&
            is_inside(group, lane, &run->regions[i], address, byte_len))
            return true;
    for (unsigned i = 0; i < run->launch->resident_count; i++) {
        const tjrt_buffer *resident = &run->launch->resident[i];
        uint64_t offset = address - (uint64_t)(uintptr_t)resident->data;
        if (offset <= resident->byte_len && byte_len <= resident->byte_len - offset)
            return true;
    }
    return false;
}

static bool fault_outside(tj_igroup *group, unsigned lane, const tj_iinst *inst,
                          const char *what, uint64_t address, uint64_t byte_len,
                          const tj_iregion *region)
{
    static const char *const kinds[] = {
        [TJ_I_REGION_NONE] = "value",
        [TJ_I_REGION_BUFFER] = "buffer",
        [TJ_I_REGION_THREADGROUP] = "threadgroup variable",
        [TJ_I_REGION_CONSTANT] = "constant",
        [TJ_I_REGION_PRIVATE] = "private array",
    };
    return tj_ifault(group, lane, inst->value, TJ_E_BOUNDS,
                     "%s of %" PRIu64 " byte%s at byte offset %" PRId64 " of %s '%s' (%" PRIu64
                     " bytes)",
                     what, byte_len, byte_len == 1 ? "" : "s",
                     (int64_t)(address - region_base(group, lane, region)), kinds[region->kind],
                     region->name, region->byte_len);
}

static bool fault_read_only(tj_igroup *group, unsigned lane, const tj_iinst *inst,
                            uint64_t address, uint64_t byte_len, const tj_iregion *region)
{
    return tj_ifault(group, lane, inst->value, TJ_E_BOUNDS,
                     "store of %" PRIu64 " byte%s at byte offset %" PRId64
                     " of constant '%s', which can only be read",
                     byte_len, byte_len == 1 ? "" : "s",
                     (int64_t)(address - region_base(group, lane, region)), region->name);
}

bool tj_icheck(tj_igroup *group, unsigned lane, const tj_iinst *inst, const char *what,
               uint64_t address, uint64_t region_id, uint64_t byte_len)
{
    const tj_irun *run = group->run;
    if (!run->launch->has_bounds_checks)
        return true;
    if (region_id != TJ_I_REGION_ANY) {
        const tj_iregion *region = &run->regions[region_id];
        if (region->is_read_only && is_store(what))
            return fault_read_only(group, lane, inst, address, byte_len, region);
        return is_inside(group, lane, region, address, byte_len) ||
               fault_outside(group, lane, inst, what, address, byte_len, region);
    }
    return is_inside_any(group, lane, what, address, byte_len) ||
           tj_ifault(group, lane, inst->value, TJ_E_BOUNDS,
                     "%s of %" PRIu64 " byte%s at address 0x%" PRIx64
                     " of no buffer of this launch",
                     what, byte_len, byte_len == 1 ? "" : "s", address);
}

/* Checks the pointer in operand `arg` for all lanes. */
static bool check_lanes(tj_igroup *group, const tj_iinst *inst, unsigned arg, const char *what,
                        uint64_t byte_len)
{
    const uint64_t *addresses = tj_irow(group, inst->args[arg].word);
    const uint64_t *regions = tj_irow(group, inst->args[arg].word + 1);
    TJ_I_FOR_LANES(lane, group->mask)
    {
        if (!tj_icheck(group, lane, inst, what, addresses[lane], regions[lane], byte_len))
            return false;
    }
    return true;
}

static uint8_t *host_pointer(uint64_t address)
{
    return (uint8_t *)(uintptr_t)address;
}

/* ---- addresses -------------------------------------------------------------------------- */

bool tj_iexec_gep(tj_igroup *group, const tj_iinst *inst)
{
    const tj_igep *gep = inst->extra;
    for (unsigned e = 0; e < gep->length; e++) {
        uint32_t base = inst->args[0].word + e * inst->args[0].step;
        TJ_I_FOR_LANES(lane, group->mask)
        {
            uint64_t address = tj_irow(group, base)[lane] + (uint64_t)gep->byte_offset;
            for (unsigned s = 0; s < gep->step_count; s++) {
                const tj_iarg *arg = &inst->args[1 + s];
                uint64_t index = tj_irow(group, arg->word + e * arg->step)[lane];
                address +=
                    (uint64_t)tj_isext(index, gep->index_bits[s]) * (uint64_t)gep->strides[s];
            }
            tj_irow(group, inst->dest + 2 * e)[lane] = address;
            tj_irow(group, inst->dest + 2 * e + 1)[lane] = tj_irow(group, base + 1)[lane];
        }
    }
    return true;
}

/* extra: number of the region. */
bool tj_iexec_alloca(tj_igroup *group, const tj_iinst *inst)
{
    unsigned id = *(const unsigned *)inst->extra;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        tj_irow(group, inst->dest)[lane] = region_base(group, lane, &group->run->regions[id]);
        tj_irow(group, inst->dest + 1)[lane] = id;
    }
    return true;
}

/* ---- pointers that memory holds --------------------------------------------------------- */

enum { NUMBER_SHIFT = 48 };

uint64_t tj_ishadow_word(uint64_t address, uint64_t region)
{
    return address + (region > UINT16_MAX ? 0 : region << NUMBER_SHIFT);
}

uint64_t tj_ishadow_region(const tj_interp *interp, const tj_iregion *from, uint64_t address,
                           uint64_t value)
{
    uint64_t word;
    if (!from->shadow)
        return TJ_I_REGION_ANY;
    memcpy(&word, (const void *)(uintptr_t)(address + from->shadow), sizeof word);
    word -= value;
    bool is_same = (word & tj_imask(NUMBER_SHIFT)) == 0;
    return is_same && word >> NUMBER_SHIFT < interp->region_count ? word >> NUMBER_SHIFT
                                                                  : TJ_I_REGION_ANY;
}

/* ---- loads and stores ------------------------------------------------------------------- */

/* The region of a pointer `value` that was loaded from `address` in region `from`: where an
 * argument buffer keeps the pointer that the launch wrote, what it points to; else what the
 * shadow tells. */
static uint64_t region_of_loaded(const tj_irun *run, uint64_t address, uint64_t from,
                                 uint64_t value)
{
    const tj_kernel *kernel = run->interp->kernel;

    if (from == TJ_I_REGION_ANY || !run->launch->has_bounds_checks)
        return TJ_I_REGION_ANY;
    for (unsigned i = 0; i < kernel->nested_count; i++) {
        const tj_nested *nested = &kernel->nested[i];
        unsigned region = 1 + kernel->arg_count + i;
        unsigned parent = 1 + tj_parent_place(kernel, nested);
        uint64_t place = (uint64_t)(uintptr_t)run->regions[parent].base + nested->byte_offset;

        if (from == parent && address == place &&
            value == (uint64_t)(uintptr_t)run->regions[region].base)
            return region;
    }
    return tj_ishadow_region(run->interp, &run->regions[from], address, value);
}

static void load_lane(const tj_igroup *group, const tj_itype *type, uint32_t dest,
                      uint64_t address, uint64_t region, unsigned lane)
{
    for (unsigned i = 0; i < type->leaf_count; i++) {
        const tj_ileaf *leaf = &type->leaves[i];
        uint64_t *row = tj_irow(group, dest + leaf->word);
        row[lane] = tj_ileaf_read(leaf, host_pointer(address));
        if (leaf->scalar.kind == TJ_I_POINTER)
            row[TJ_I_LANES + lane] =
                region_of_loaded(group->run, address + leaf->byte_offset, region, row[lane]);
    }
}

static void store_lane(const tj_igroup *group, const tj_itype *type, uint32_t source,
                       uint64_t address, uint64_t region, unsigned lane)
{
    uint64_t shadow =
        group->run->launch->has_bounds_checks ? group->run->regions[region].shadow : 0;
    for (unsigned i = 0; i < type->leaf_count; i++) {
        const tj_ileaf *leaf = &type->leaves[i];
        const uint64_t *row = tj_irow(group, source + leaf->word);
        if (leaf->scalar.kind == TJ_I_POINTER && shadow)
            tj_ileaf_write(leaf, host_pointer(address + shadow),
                           tj_ishadow_word(row[lane], row[TJ_I_LANES + lane]));
        tj_ileaf_write(leaf, host_pointer(address), row[lane]);
    }
}

bool tj_iexec_load(tj_igroup *group, const tj_iinst *inst)
{
    if (!check_lanes(group, inst, 0, "load", inst->type->store_byte_len))
        return false;
    const uint64_t *addresses = tj_irow(group, inst->args[0].word);
    const uint64_t *regions = tj_irow(group, inst->args[0].word + 1);
    TJ_I_FOR_LANES(lane, group->mask)
    {
        load_lane(group, inst->type, inst->dest, addresses[lane], regions[lane], lane);
    }
    return true;
}

/* Operands: value, pointer. */
bool tj_iexec_store(tj_igroup *group, const tj_iinst *inst)
{
    if (!check_lanes(group, inst, 1, "store", inst->type->store_byte_len))
        return false;
    const uint64_t *addresses = tj_irow(group, inst->args[1].word);
    const uint64_t *regions = tj_irow(group, inst->args[1].word + 1);
    TJ_I_FOR_LANES(lane, group->mask)
    {
        store_lane(group, inst->type, inst->args[0].word, addresses[lane], regions[lane], lane);
    }
    return true;
}

/* air.atomic.*.store: operands pointer, value. */
bool tj_iexec_atomic_store(tj_igroup *group, const tj_iinst *inst)
{
    if (!check_lanes(group, inst, 0, "store", inst->type->store_byte_len))
        return false;
    const uint64_t *addresses = tj_irow(group, inst->args[0].word);
    TJ_I_FOR_LANES(lane, group->mask)
    {
        store_lane(group, inst->type, inst->args[1].word, addresses[lane], TJ_I_REGION_ANY,
                   lane);
    }
    return true;
}

/* ---- atomics: lanes one after the other, lowest first ----------------------------------- */

/* fn(old, operand) is the new value. A call without result has dest 0 and words 0. */
bool tj_iexec_rmw(tj_igroup *group, const tj_iinst *inst)
{
    const tj_itype *type = inst->type;
    if (!check_lanes(group, inst, 0, "store", type->store_byte_len))
        return false;
    const uint64_t *addresses = tj_irow(group, inst->args[0].word);
    const uint64_t *values = tj_irow(group, inst->args[1].word);
    TJ_I_FOR_LANES(lane, group->mask)
    {
        uint8_t *bytes = host_pointer(addresses[lane]);
        uint64_t args[2] = {tj_ileaf_read(type->leaves, bytes), values[lane]};
        tj_ileaf_write(type->leaves, bytes, inst->fn(inst, args));
        if (inst->dest)
            tj_irow(group, inst->dest)[lane] = args[0];
    }
    return true;
}

/* Compares bits; returns whether the exchange took place. */
static bool exchange(const tj_iinst *inst, uint64_t address, uint64_t expected, uint64_t wanted,
                     uint64_t *old)
{
    uint8_t *bytes = host_pointer(address);
    *old = tj_ileaf_read(inst->type->leaves, bytes);
    if (*old == expected)
        tj_ileaf_write(inst->type->leaves, bytes, wanted);
    return *old == expected;
}

/* cmpxchg: operands pointer, expected, wanted; result { T, i1 }. type: of the value. */
bool tj_iexec_cmpxchg(tj_igroup *group, const tj_iinst *inst)
{
    if (!check_lanes(group, inst, 0, "store", inst->type->store_byte_len))
        return false;
    unsigned words = inst->type->words;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        uint64_t old;
        bool is_done = exchange(inst, tj_irow(group, inst->args[0].word)[lane],
                                tj_irow(group, inst->args[1].word)[lane],
                                tj_irow(group, inst->args[2].word)[lane], &old);
        tj_irow(group, inst->dest)[lane] = old;
        if (words == 2) /* a pointer */
            tj_irow(group, inst->dest + 1)[lane] = TJ_I_REGION_ANY;
        tj_irow(group, inst->dest + words)[lane] = is_done;
    }
    return true;
}

/* air.atomic.*.cmpxchg.weak (air.md 4.2): operands pointer, pointer to expected, wanted. */
bool tj_iexec_air_cmpxchg(tj_igroup *group, const tj_iinst *inst)
{
    uint64_t byte_len = inst->type->store_byte_len;
    if (!check_lanes(group, inst, 0, "store", byte_len) ||
        !check_lanes(group, inst, 1, "load", byte_len) ||
        !check_lanes(group, inst, 1, "store", byte_len)) /* not in a constant */
        return false;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        uint8_t *box = host_pointer(tj_irow(group, inst->args[1].word)[lane]);
        uint64_t old, expected = tj_ileaf_read(inst->type->leaves, box);
        if (!exchange(inst, tj_irow(group, inst->args[0].word)[lane], expected,
                      tj_irow(group, inst->args[2].word)[lane], &old))
            tj_ileaf_write(inst->type->leaves, box, old);
        tj_irow(group, inst->dest)[lane] = old;
    }
    return true;
}
