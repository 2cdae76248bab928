#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    uint lim = i * 5 + 3;
    uint n = 0;
    uint prev = 0;
    uint last;
    for (;;) {
        last = n * n + i;
        n++;
        if (last > lim) {
            break;
        }
        prev = last;
    }
    y[int(i)] = int(last * 1000 + prev + n);
}
