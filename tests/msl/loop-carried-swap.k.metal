#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    uint a = 0;
    uint b = 1;
    uint n = 0;
    while (n < i) {
        n++;
        uint next0 = b;
        uint next1 = a + b;
        a = next0;
        b = next1;
    }
    y[int(i)] = int(a);
}
