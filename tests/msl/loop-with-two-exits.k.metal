#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    uint n = 0;
    uint r;
    for (;;) {
        n++;
        if ((n * 7 + i) % 13 == 0) {
            r = n + 100;
            break;
        }
        if ((n * 5 + i) % 11 == 0) {
            r = -n;
            break;
        }
    }
    y[int(i)] = int(r);
}
