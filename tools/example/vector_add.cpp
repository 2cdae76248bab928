// SPDX-License-Identifier: MIT
// The same from C++17, with each launch's own error: vector_add vector_add.ll
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

#include <tmjit.h>

namespace {

struct destroy {
    void operator()(tmjit_context *ctx) const { tmjit_context_destroy(ctx); }
    void operator()(tmjit_event *event) const { tmjit_event_destroy(event); }
};

using context = std::unique_ptr<tmjit_context, destroy>;
using event = std::unique_ptr<tmjit_event, destroy>;

int fail(const context &ctx)
{
    std::fputs(tmjit_last_error(ctx.get())->rendered, stderr);
    return 1;
}

event add(tmjit_queue *queue, tmjit_pipeline *pipeline, std::vector<float> &a,
          std::vector<float> &b, std::vector<float> &c)
{
    std::vector<tmjit_binding> bindings(4);
    std::vector<float> *vectors[] = {&a, &b, &c};
    for (std::size_t i = 0; i < 3; i++)
        bindings[i] = {vectors[i]->data(), vectors[i]->size() * sizeof(float)};
    tmjit_launch launch{};
    launch.struct_size = sizeof launch;
    launch.grid.x = static_cast<std::uint32_t>(a.size());
    launch.bindings = bindings.data();
    launch.binding_count = bindings.size();
    tmjit_event *handle = nullptr;
    tmjit_queue_launch(queue, pipeline, &launch, &handle);
    return event(handle);
}

} // namespace

int main(int argc, char **argv)
{
    tmjit_context *created = nullptr;
    if (argc != 2 || tmjit_context_create(nullptr, &created))
        return 2;
    context ctx(created);
    tmjit_library *library = nullptr;
    tmjit_pipeline *pipeline = nullptr;
    tmjit_queue *queue = nullptr;
    if (tmjit_library_load_file(ctx.get(), argv[1], &library) ||
        tmjit_pipeline_create(ctx.get(), tmjit_library_kernel(library, 0), nullptr,
                              &pipeline) ||
        tmjit_queue_create(ctx.get(), nullptr, &queue))
        return fail(ctx);

    std::vector<float> a(1000), b(1000, 100.0f), c(1000), too_short(999);
    for (std::size_t i = 0; i < a.size(); i++)
        a[i] = static_cast<float>(i);
    event good = add(queue, pipeline, a, b, c);
    event bad = add(queue, pipeline, a, b, too_short);
    if (!good || !bad || tmjit_event_wait(good.get(), -1))
        return fail(ctx);
    std::printf("%g %g %g ... %g\n", c[0], c[1], c[2], c[999]);
    tmjit_event_wait(bad.get(), -1);
    const tmjit_error *error = tmjit_event_get_error(bad.get());
    std::printf("%s at line %u\n", tmjit_status_name(error->status), error->line);
    return error->status == TMJIT_E_BOUNDS ? 0 : 1;
}
