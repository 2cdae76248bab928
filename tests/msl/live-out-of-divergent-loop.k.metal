#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    uint lim = i * 5u + 3u;
    uint n = 0u;
    uint prev = 0u;
    uint last;
    for (;;) {
        last = n * n + i;
        n += 1u;
        if (last > lim) {
            break;
        }
        prev = last;
    }
    y[int(i)] = int(last * 1000u + prev + n);
}
