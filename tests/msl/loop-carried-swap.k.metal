#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    uint n = 0u;
    uint a = 0u;
    uint b = 1u;
    while (n < i) {
        n += 1u;
        uint next0 = b;
        uint next1 = a + b;
        a = next0;
        b = next1;
    }
    y[int(i)] = int(a);
}
