#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    uint n = 0u;
    uint r;
    for (;;) {
        n += 1u;
        if ((n * 7u + i) % 13u == 0u) {
            r = n + 100u;
            break;
        }
        if ((n * 5u + i) % 11u == 0u) {
            r = 0u - n;
            break;
        }
    }
    y[int(i)] = int(r);
}
