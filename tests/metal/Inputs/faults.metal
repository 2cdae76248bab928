#include <metal_stdlib>
using namespace metal;

#if defined SYNTAX
kernel void k(device float *x [[buffer(0)]])
{
    x[0]   =  1.0f
}
#elif defined UNDECLARED
kernel void k(device float *x [[buffer(0)]]) { x[0] = max(1.0f, 2.0f) + nothing(3); }
#elif defined SPACE
kernel void k(device float *x [[buffer(0)]], constant float *y [[buffer(1)]])
{
    device float *z = y;
    x[0] = z[0];
}
#elif defined TEMPLATE
template <typename T> T twice(T x) { return x.value * 2; }
kernel void k(device float *x [[buffer(0)]])
{
    x[0] = twice(3.0f);
}
#elif defined LIBRARY
kernel void k(device float *x [[buffer(0)]])
{
    x[0] = as_type<float>(ushort(3));
}
#elif defined ATTRIBUTE
kernel void k(device float *x [[bufer(0)]]) {}
#elif defined ARGUMENT
kernel void k(device float *x [[buffer]]) {}
#elif defined NUMBER
kernel void k(device float *x [[buffer(31)]]) {}
#elif defined TWICE
kernel void k(device float *x [[buffer(1)]], device float *y [[buffer(1)]]) { x[0] = y[0]; }
#elif defined POINTER
kernel void k(thread float *x [[buffer(0)]]) { x[0] = 1; }
#elif defined VALUE
kernel void k(device float *x [[buffer(0)]], float y) { x[0] = y; }
#elif defined BUILTIN
kernel void k(device float *x [[buffer(0)]], float i [[thread_position_in_grid]]) { x[0] = i; }
#elif defined COMPONENTS
kernel void k(device uint *x [[buffer(0)]], uint2 i [[thread_index_in_simdgroup]]) { x[0] = i.x; }
#elif defined TEXTURE
kernel void k(device float *x [[texture(0)]]) { x[0] = 1; }
#elif defined STAGE
kernel void k(device float *x [[buffer(0)]], constant float4 &p [[stage_in]]) { x[0] = p.x; }
#elif defined THREADS
kernel [[max_total_threads_per_threadgroup(2000)]] void k(device float *x [[buffer(0)]]) {}
#elif defined RESULT
kernel float k(device float *x [[buffer(0)]]) { return x[0]; }
#elif defined CONSTANT
constant int n [[function_constant]];
kernel void k(device float *x [[buffer(0)]]) { x[0] = n; }
#elif defined GLOBAL
device int counter;
kernel void k(device float *x [[buffer(0)]]) { x[0] = counter++; }
#elif defined EXTERNAL
float elsewhere(float);
kernel void k(device float *x [[buffer(0)]])
{
    x[0] = elsewhere(1);
}
#elif defined RECURSION
int f(int n) { return n < 2 ? 1 : n * f(n - 1); }
kernel void k(device int *x [[buffer(0)]]) { x[0] = f(x[1]); }
#elif defined DOUBLE
kernel void k(device float *x [[buffer(0)]]) { double d = x[0]; x[0] = d * 2; }
#elif defined INCLUDE
#include "nothing.h"
kernel void k(device float *x [[buffer(0)]]) {}
#elif defined MESSAGE
#error of the user
#elif defined NOTHING
void k() {}
#elif defined IMAGE
kernel void k(device float *x [[buffer(0)]], texture2d<float> image [[texture(0)]]) { x[0] = 1; }
#elif defined SAMPLER
constexpr sampler nearest;
kernel void k(device float *x [[buffer(0)]]) { x[0] = 1; }
#elif defined TABLE
kernel void k(device float *x [[buffer(0)]], visible_function_table<float(float)> f) { x[0] = 1; }
#elif defined LOG
kernel void k(device float *x [[buffer(0)]]) { os_log_default.log("%d", float2x2(1)); }
#elif defined COPIES
struct cell {
    float value;
    int which() const thread { return int(value) + 1; }
    int which() const device { return int(value) + 2; }
    device float *at(device float *x) device { return x; }
    thread float *at(thread float *x) thread { return x; }
    int which(int i) const threadgroup { return i; }
};
kernel void k(device cell *x [[buffer(0)]]) { x[0].value = x[1].which(); }
#endif
