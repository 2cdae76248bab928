/* SPDX-License-Identifier: MIT */
/* The OpenCL of this machine. Its library is opened when it is there; its few functions are
 * declared here, so that the benchmark is built without its headers. */
#include "bench.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- OpenCL, as Khronos' headers number it --------------------------------------------- */

enum { DEVICE_CPU = 2, MEM_READ_WRITE = 1, MEM_USE_HOST_PTR = 8, BUILD_LOG = 0x1183 };
enum { PLATFORM_VERSION = 0x901, DEVICE_NAME = 0x102b };

#define FUNCTIONS(F)                                                                           \
    F(int, GetPlatformIDs, (unsigned, void **, unsigned *))                                    \
    F(int, GetPlatformInfo, (void *, unsigned, size_t, void *, size_t *))                      \
    F(int, GetDeviceIDs, (void *, uint64_t, unsigned, void **, unsigned *))                    \
    F(int, GetDeviceInfo, (void *, unsigned, size_t, void *, size_t *))                        \
    F(void *, CreateContext,                                                                   \
      (const intptr_t *, unsigned, void *const *, void *, void *, int *))                      \
    F(void *, CreateCommandQueue, (void *, void *, uint64_t, int *))                           \
    F(void *, CreateProgramWithSource,                                                         \
      (void *, unsigned, const char **, const size_t *, int *))                                \
    F(int, BuildProgram, (void *, unsigned, void *const *, const char *, void *, void *))      \
    F(int, GetProgramBuildInfo, (void *, void *, unsigned, size_t, void *, size_t *))          \
    F(void *, CreateKernel, (void *, const char *, int *))                                     \
    F(int, SetKernelArg, (void *, unsigned, size_t, const void *))                             \
    F(void *, CreateBuffer, (void *, uint64_t, size_t, void *, int *))                         \
    F(int, EnqueueNDRangeKernel,                                                               \
      (void *, void *, unsigned, const size_t *, const size_t *, const size_t *, unsigned,     \
       const void *, void *))                                                                  \
    F(int, Finish, (void *))                                                                   \
    F(int, ReleaseMemObject, (void *))                                                         \
    F(int, ReleaseKernel, (void *))                                                            \
    F(int, ReleaseProgram, (void *))

struct tjb_opencl {
#define DECLARE(result, name, parameters) result(*name) parameters;
    FUNCTIONS(DECLARE)
    void *device, *context, *queue;
    char about[400];
};

struct tjb_opencl_program {
    tjb_opencl *cl;
    const tjb_case *data;
    void *program[TJB_STEPS], *kernel[TJB_STEPS], *memory[TJB_BUFFERS];
};

static bool open_library(tjb_opencl *cl)
{
    void *library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL), *platform = NULL;
    char version[256] = "", device[128] = "";
    int status = 0;

    if (!library)
        return false;
#define FIND(result, name, parameters)                                                         \
    *(void **)&cl->name = dlsym(library, "cl" #name); /* as POSIX dlsym shows it */            \
    if (!cl->name)                                                                             \
        return false;
    FUNCTIONS(FIND)
    if (cl->GetPlatformIDs(1, &platform, NULL) ||
        cl->GetDeviceIDs(platform, DEVICE_CPU, 1, &cl->device, NULL))
        return false;
    cl->GetPlatformInfo(platform, PLATFORM_VERSION, sizeof version - 1, version, NULL);
    cl->GetDeviceInfo(cl->device, DEVICE_NAME, sizeof device - 1, device, NULL);
    snprintf(cl->about, sizeof cl->about, "%s; %s", version, device);
    cl->context = cl->CreateContext(NULL, 1, &cl->device, NULL, NULL, &status);
    if (!cl->context)
        return false;
    cl->queue = cl->CreateCommandQueue(cl->context, cl->device, 0, &status);
    return cl->queue != NULL;
}

tjb_opencl *tjb_opencl_open(void)
{
    tjb_opencl *cl = calloc(1, sizeof *cl);

    if (cl && open_library(cl))
        return cl;
    free(cl);
    return NULL;
}

const char *tjb_opencl_about(const tjb_opencl *cl)
{
    return cl->about;
}

/* ---- one row --------------------------------------------------------------------------- */

typedef struct failure {
    char *text;
    size_t len;
} failure;

static bool fail(failure why, const char *what, const char *message)
{
    snprintf(why.text, why.len, "%.90s: %.400s", what, message);
    return false;
}

/* The host gives values as they are, buffers as objects: reflection knows which is which. */
static bool set_args(tjb_opencl_program *p, size_t i, const tmjit_kernel *kernel, failure why)
{
    const tjb_step *step = &p->data->step[i];

    for (unsigned a = 0; a < TJB_BUFFERS && step->buffer[a] >= 0; a++) {
        const tmjit_arg *about = tmjit_kernel_arg(kernel, a);
        int b = step->buffer[a];
        bool is_value = about->address_space == 2 && about->fixed_byte_len;
        if (p->cl->SetKernelArg(p->kernel[i], a,
                                is_value ? p->data->byte_len[b] : sizeof(void *),
                                is_value ? p->data->buffer[b] : (void *)&p->memory[b]))
            return fail(why, step->entry, "OpenCL refuses an argument");
    }
    return true;
}

static bool create_step(tjb_opencl_program *p, size_t i, const tjb_options *options,
                        const tmjit_kernel *kernel, failure why)
{
    static const char words[] = "-cl-fast-relaxed-math -cl-mad-enable";
    tjb_opencl *cl = p->cl;
    int status = 0;
    size_t byte_len;
    char path[4096];

    tjb_kernel_path(path, sizeof path, options, p->data->step[i].file, TJB_FORM_OPENCL);
    char *text = tjb_read_text(path, &byte_len);
    if (!text)
        return fail(why, path, "cannot be read");
    p->program[i] =
        cl->CreateProgramWithSource(cl->context, 1, (const char **)&text, &byte_len, &status);
    free(text);
    if (!p->program[i] || cl->BuildProgram(p->program[i], 1, &cl->device, words, NULL, NULL)) {
        char log[400] = "";
        if (p->program[i])
            cl->GetProgramBuildInfo(p->program[i], cl->device, BUILD_LOG, sizeof log - 1, log,
                                    NULL);
        return fail(why, "OpenCL's build", log);
    }
    p->kernel[i] = cl->CreateKernel(p->program[i], p->data->step[i].entry, &status);
    return p->kernel[i] ? set_args(p, i, kernel, why) : fail(why, "OpenCL", "no such kernel");
}

tjb_opencl_program *tjb_opencl_create(tjb_opencl *cl, const tjb_case *data,
                                      const tjb_program *own, const tjb_options *options,
                                      char *error, size_t error_len)
{
    tjb_opencl_program *p = calloc(1, sizeof *p);
    bool is_good = p != NULL;

    if (!is_good)
        return NULL;
    p->cl = cl;
    p->data = data;
    for (size_t b = 0; b < data->buffer_count; b++) {
        int status = 0;
        p->memory[b] = cl->CreateBuffer(cl->context, MEM_READ_WRITE | MEM_USE_HOST_PTR,
                                        data->byte_len[b], data->buffer[b], &status);
    }
    for (size_t i = 0; i < data->step_count && is_good; i++)
        is_good = create_step(p, i, options, own->kernel[i], (failure){error, error_len});
    if (is_good)
        return p;
    tjb_opencl_destroy(p);
    return NULL;
}

void tjb_opencl_destroy(tjb_opencl_program *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < TJB_STEPS; i++) {
        if (p->kernel[i])
            p->cl->ReleaseKernel(p->kernel[i]);
        if (p->program[i])
            p->cl->ReleaseProgram(p->program[i]);
    }
    for (size_t b = 0; b < TJB_BUFFERS; b++)
        if (p->memory[b])
            p->cl->ReleaseMemObject(p->memory[b]);
    free(p);
}

bool tjb_opencl_run(const tjb_opencl_program *p, char *error, size_t error_len)
{
    failure why = {error, error_len};

    for (size_t i = 0; i < p->data->step_count; i++) {
        const tjb_step *step = &p->data->step[i];
        const size_t grid[3] = {step->grid.x, step->grid.y, step->grid.z};
        const size_t group[3] = {step->threadgroup.x, step->threadgroup.y, step->threadgroup.z};

        if (p->cl->EnqueueNDRangeKernel(p->cl->queue, p->kernel[i], 3, NULL, grid, group, 0,
                                        NULL, NULL))
            return fail(why, step->entry, "OpenCL refuses the launch");
    }
    return !p->cl->Finish(p->cl->queue) || fail(why, "OpenCL", "a launch failed");
}
