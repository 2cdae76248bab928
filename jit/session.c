/* SPDX-License-Identifier: MIT */
/* One LLJIT and one bare library in it, which knows the symbols of bind.c and nothing else:
 * LLJIT's own main library is not used, because it finds every symbol of the process. Each
 * object has a resource tracker; removing the tracker frees its code. */
#include "session.h"

#include "loader.h"

#include <llvm-c/Core.h>
#include <llvm-c/Error.h>
#include <llvm-c/Orc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct tj_session {
    LLVMOrcLLJITRef jit;
    LLVMOrcExecutionSessionRef orc; /* jit's */
    LLVMOrcJITDylibRef library;     /* orc's */
    pthread_mutex_t lock;           /* linking, one object at a time */
    char *reported; /* last text that ORC reported while the lock was held; heap */
    bool has_vector_math;
    void *vector_math; /* dlopen handle */
};

/* Turns an LLVM error into a diagnostic and ends the error's life. */
static tj_status fail_llvm(tj_session *session, tj_diags *diags, const char *what,
                           LLVMErrorRef error)
{
    char *message = LLVMGetErrorMessage(error);

    /* ORC names what is missing only in its report. */
    tj_fail_at(diags, TJ_E_INTERNAL, NULL, "%s: %s", what,
               session->reported ? session->reported : message);
    LLVMDisposeErrorMessage(message);
    return TJ_E_INTERNAL;
}

/* Without this ORC prints to stderr. Runs on the linking thread, under the lock. */
static void report(void *user, LLVMErrorRef error)
{
    tj_session *session = user;
    char *message = LLVMGetErrorMessage(error);

    free(session->reported);
    session->reported = strdup(message);
    LLVMDisposeErrorMessage(message);
}

/* ---- symbols ------------------------------------------------------------------------- */

enum { MAX_SYMBOLS = 256 };

typedef struct symbol_list {
    LLVMOrcLLJITRef jit;
    size_t count;
    LLVMOrcCSymbolMapPair pairs[MAX_SYMBOLS];
} symbol_list;

static void add_symbol(void *user, const tj_symbol *symbol)
{
    symbol_list *list = user;

    if (list->count == MAX_SYMBOLS)
        abort(); /* our own tables have outgrown the list */
    list->pairs[list->count++] = (LLVMOrcCSymbolMapPair){
        .Name = LLVMOrcLLJITMangleAndIntern(list->jit, symbol->name),
        .Sym = {.Address = symbol->address,
                .Flags = {.GenericFlags = LLVMJITSymbolGenericFlagsExported |
                                          LLVMJITSymbolGenericFlagsCallable}},
    };
}

static tj_status define(tj_session *session, symbol_list *list, tj_diags *diags)
{
    LLVMOrcMaterializationUnitRef unit = LLVMOrcAbsoluteSymbols(list->pairs, list->count);
    LLVMErrorRef error = LLVMOrcJITDylibDefine(session->library, unit);

    if (!error)
        return TJ_OK;
    LLVMOrcDisposeMaterializationUnit(unit);
    return fail_llvm(session, diags, "the runtime's symbols cannot be defined", error);
}

static tj_status define_runtime(tj_session *session, tj_diags *diags)
{
    symbol_list list = {.jit = session->jit};

    tj_bind_runtime(add_symbol, &list);
    return define(session, &list, diags);
}

static tj_status define_vector_math(tj_session *session, tj_diags *diags)
{
    symbol_list list = {.jit = session->jit};

    if (session->has_vector_math)
        return TJ_OK;
    session->has_vector_math = true;
    /* A host without libmvec: code that calls it does not link, and says which function. */
    if (!tj_bind_vector_math(add_symbol, &list, &session->vector_math))
        return TJ_OK;
    return define(session, &list, diags);
}

/* ---- life ---------------------------------------------------------------------------- */

static LLVMErrorRef create_jit(const tj_cpu *cpu, LLVMOrcLLJITRef *out)
{
    LLVMOrcLLJITBuilderRef builder = LLVMOrcCreateLLJITBuilder();

    /* Takes the machine; the JIT takes the builder. */
    LLVMOrcLLJITBuilderSetJITTargetMachineBuilder(
        builder, LLVMOrcJITTargetMachineBuilderCreateFromTargetMachine(tj_cpu_machine(cpu, 2)));
    return LLVMOrcCreateLLJIT(out, builder);
}

tj_status tj_session_create(const tj_cpu *cpu, tj_diags *diags, tj_session **out)
{
    tj_session *session = calloc(1, sizeof *session);
    LLVMErrorRef error;

    if (!session)
        return tj_fail_at(diags, TJ_E_MEMORY, NULL, "no memory for a JIT session");
    pthread_mutex_init(&session->lock, NULL);
    error = create_jit(cpu, &session->jit);
    if (error) {
        fail_llvm(session, diags, "ORC cannot be set up", error);
        tj_session_destroy(session);
        return TJ_E_INTERNAL;
    }
    session->orc = LLVMOrcLLJITGetExecutionSession(session->jit);
    LLVMOrcExecutionSessionSetErrorReporter(session->orc, report, session);
    session->library = LLVMOrcExecutionSessionCreateBareJITDylib(session->orc, "tmjit");
    if (define_runtime(session, diags)) {
        tj_session_destroy(session);
        return TJ_E_INTERNAL;
    }
    *out = session;
    return TJ_OK;
}

void tj_session_destroy(tj_session *session)
{
    if (!session)
        return;
    if (session->jit)
        LLVMConsumeError(LLVMOrcDisposeLLJIT(session->jit));
    tj_bind_close(session->vector_math);
    free(session->reported);
    pthread_mutex_destroy(&session->lock);
    free(session);
}

/* ---- objects ------------------------------------------------------------------------- */

typedef struct lookup {
    bool is_done;
    LLVMErrorRef error;
    uintptr_t address;
} lookup;

static void take_result(LLVMErrorRef error, LLVMOrcCSymbolMapPairs pairs, size_t count,
                        void *user)
{
    lookup *result = user;

    result->is_done = true;
    result->error = error;
    if (!error && count == 1)
        result->address = (uintptr_t)pairs[0].Sym.Address;
}

/* The simple lookup searches LLJIT's main library only. The session links on the calling
 * thread (LLJIT without compile threads), so the result is there on return. */
static tj_status find_entry(tj_session *session, const char *name, tj_diags *diags,
                            uintptr_t *out)
{
    LLVMOrcCJITDylibSearchOrderElement where = {
        session->library, LLVMOrcJITDylibLookupFlagsMatchExportedSymbolsOnly};
    LLVMOrcCLookupSetElement what = {LLVMOrcLLJITMangleAndIntern(session->jit, name),
                                     LLVMOrcSymbolLookupFlagsRequiredSymbol};
    lookup result = {0};

    LLVMOrcExecutionSessionLookup(session->orc, LLVMOrcLookupKindStatic, &where, 1, &what, 1,
                                  take_result, &result);
    if (result.error)
        return fail_llvm(session, diags, "generated code does not link", result.error);
    if (!result.is_done || !result.address)
        return tj_fail_at(diags, TJ_E_INTERNAL, NULL, "ORC did not answer for '%s'", name);
    *out = result.address;
    return TJ_OK;
}

static void unlink_locked(tj_linked *linked)
{
    LLVMConsumeError(LLVMOrcResourceTrackerRemove(linked->tracker));
    LLVMOrcReleaseResourceTracker(linked->tracker);
    *linked = (tj_linked){0};
}

static tj_status link_locked(tj_session *session, LLVMMemoryBufferRef object,
                             const char *entry_name, tj_diags *diags, tj_linked *out)
{
    tj_linked linked = {.tracker = LLVMOrcJITDylibCreateResourceTracker(session->library)};
    LLVMErrorRef error = LLVMOrcLLJITAddObjectFileWithRT(session->jit, linked.tracker, object);
    tj_status status;

    free(session->reported);
    session->reported = NULL;
    if (error)
        status = fail_llvm(session, diags, "generated code is no valid object", error);
    else
        status = find_entry(session, entry_name, diags, &linked.entry);
    if (status)
        unlink_locked(&linked);
    else
        *out = linked;
    return status;
}

tj_status tj_session_link(tj_session *session, LLVMMemoryBufferRef object,
                          const char *entry_name, bool needs_vector_math, tj_diags *diags,
                          tj_linked *out)
{
    tj_status status = TJ_OK;

    pthread_mutex_lock(&session->lock);
    if (needs_vector_math)
        status = define_vector_math(session, diags);
    if (status)
        LLVMDisposeMemoryBuffer(object);
    else
        status = link_locked(session, object, entry_name, diags, out);
    pthread_mutex_unlock(&session->lock);
    return status;
}

void tj_session_unlink(tj_session *session, tj_linked *linked)
{
    if (linked->tracker) {
        pthread_mutex_lock(&session->lock); /* ORC may report, to the session's `reported` */
        unlink_locked(linked);
        pthread_mutex_unlock(&session->lock);
    }
    tj_unload_object(linked);
}
