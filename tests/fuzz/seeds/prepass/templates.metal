

using namespace metal;

template <typename T, int N>
[[kernel, max_total_threads_per_threadgroup(N < 4 ? 128 : 256)]] void
scale(device T *x [[buffer(0)]], uint i [[thread_position_in_grid]])
{
    x[i] = x[i] * T(N);
}


    template [[host_name("scale_" #name)]] [[kernel]] decltype(scale<T, N>) scale<T, N>;

INSTANCE(f32, float, 3)
template [[host_name("scale_i16")]] kernel void scale<short, 5>(device short *, uint);

kernel void plain(device float *x)
{
    *x = 42;
}
