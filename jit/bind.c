/* SPDX-License-Identifier: MIT */
/* The closed list of what generated code may call, by address. Nothing is ever looked up in
 * the process by a name that a module chose. */
#include "session.h"

#include "abi.h"
#include "elementary.h"
#include "half.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef void any_function(void);

typedef struct binding {
    const char *name;
    any_function *function;
} binding;

#define BIND(name) {#name, (any_function *)name},
#define BIND_AS(name, function) {#name, (any_function *)function},
#define BIND_FLOAT_AND_DOUBLE(name) BIND(name##f) BIND(name)

static const binding runtime_functions[] = {
#define SYMBOL(name) BIND(name)
#define MATH1(name, function) BIND(tjrt_math_##name)
#define MATH2(name, function) BIND(tjrt_math_##name)
#define MATHE(name, function) BIND(tjrt_math_##name)
#include "symbols.def"
#define MATH1(name, function) BIND(tjrt_math64_##name)
#define MATH2(name, function) BIND(tjrt_math64_##name)
#define MATHE(name, function) BIND(tjrt_math64_##name)
#include "symbols64.def"
};

/* Calls that LLVM 22's code generator makes by itself (llvm/IR/RuntimeLibcalls.td) for
 * operations of the accepted language on hosts without an instruction for them. */
static const binding code_generator_functions[] = {
    BIND(memcpy)
    BIND(memmove)
    BIND(memset)
    BIND_AS(__extendhfsf2, tjrt_half_to_float)
    BIND_AS(__extendhfdf2, tjrt_half_to_double)
    BIND_AS(__truncsfhf2, tjrt_float_to_half)
    BIND_AS(__truncdfhf2, tjrt_double_to_half)
    BIND_AS(__truncsfbf2, tjrt_float_to_bfloat)
    BIND_AS(__truncdfbf2, tjrt_double_to_bfloat)
    BIND_FLOAT_AND_DOUBLE(ceil)
    BIND_FLOAT_AND_DOUBLE(copysign)
    BIND_FLOAT_AND_DOUBLE(cos)
    BIND_FLOAT_AND_DOUBLE(exp)
    BIND_FLOAT_AND_DOUBLE(exp2)
    BIND_FLOAT_AND_DOUBLE(floor)
    BIND_FLOAT_AND_DOUBLE(fma)
    BIND_FLOAT_AND_DOUBLE(fmax)
    BIND_FLOAT_AND_DOUBLE(fmin)
    BIND_FLOAT_AND_DOUBLE(fmod)
    BIND_FLOAT_AND_DOUBLE(ldexp)
    BIND_FLOAT_AND_DOUBLE(log)
    BIND_FLOAT_AND_DOUBLE(log10)
    BIND_FLOAT_AND_DOUBLE(log2)
    BIND_FLOAT_AND_DOUBLE(nearbyint)
    BIND_FLOAT_AND_DOUBLE(pow)
    BIND_FLOAT_AND_DOUBLE(rint)
    BIND_FLOAT_AND_DOUBLE(round)
    BIND_AS(roundevenf, rintf) /* launches round to nearest even */
    BIND_AS(roundeven, rint)
    BIND_FLOAT_AND_DOUBLE(sin)
    BIND_FLOAT_AND_DOUBLE(sqrt)
    BIND_FLOAT_AND_DOUBLE(tan)
    BIND_FLOAT_AND_DOUBLE(trunc)
};

static void add_all(const binding *bindings, size_t count, tj_bind_add *add, void *user)
{
    for (size_t i = 0; i < count; i++) {
        tj_symbol symbol = {bindings[i].name, (uintptr_t)bindings[i].function};
        add(user, &symbol);
    }
}

void tj_bind_runtime(tj_bind_add *add, void *user)
{
    add_all(runtime_functions, sizeof runtime_functions / sizeof *runtime_functions, add, user);
    add_all(code_generator_functions,
            sizeof code_generator_functions / sizeof *code_generator_functions, add, user);
}

/* ---- libmvec ------------------------------------------------------------------------- */

/* Vector function ABI names (x86-64: "Vector Function ABI for x86-64", AArch64: ABI document
 * 101129): _ZGV, register class, N (not masked), lanes, one v per argument, scalar name. */
static const char *const vector_classes[] = {
#if defined(__x86_64__)
    "bN4", "dN8", "eN16",
#elif defined(__aarch64__)
    "nN4",
#endif
};

static const struct {
    const char *name;
    unsigned arg_count;
} vector_functions[] = {
    {"expf", 1},   {"logf", 1},   {"log2f", 1},  {"log10f", 1}, {"exp2f", 1},  {"exp10f", 1},
    {"sinf", 1},   {"cosf", 1},   {"tanf", 1},   {"tanhf", 1},  {"sinhf", 1},  {"coshf", 1},
    {"atanf", 1},  {"asinf", 1},  {"acosf", 1},  {"asinhf", 1}, {"acoshf", 1}, {"atanhf", 1},
    {"erff", 1},   {"powf", 2},   {"atan2f", 2},
};

static void add_vector_function(tj_bind_add *add, void *user, void *library,
                                const char *vector_class, const char *name,
                                unsigned arg_count)
{
    char mangled[48];
    tj_symbol symbol = {.name = mangled};

    snprintf(mangled, sizeof mangled, "_ZGV%s%s_%s", vector_class,
             arg_count == 2 ? "vv" : "v", name);
    symbol.address = (uintptr_t)dlsym(library, mangled);
    /* One that this libmvec lacks stays unknown: linking code that calls it then fails and
     * names it. */
    if (symbol.address)
        add(user, &symbol);
}

bool tj_bind_vector_math(tj_bind_add *add, void *user, void **handle)
{
    *handle = dlopen("libmvec.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!*handle)
        return false;
    for (size_t c = 0; c < sizeof vector_classes / sizeof *vector_classes; c++)
        for (size_t f = 0; f < sizeof vector_functions / sizeof *vector_functions; f++)
            add_vector_function(add, user, *handle, vector_classes[c],
                                vector_functions[f].name, vector_functions[f].arg_count);
    return true;
}

void tj_bind_close(void *handle)
{
    if (handle)
        dlclose(handle);
}
