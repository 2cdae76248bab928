#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    uint nc = i % 3;
    uint s0 = 0;
    for (uint a = 0; a < 3; a++) {
        for (uint b = 0; b < 4; b++) {
            uint c = 0;
            bool is_done = false;
            do {
                s0++;
                if (((s0 * 3 + i) & 7) == 0) {
                    is_done = true;
                    break;
                }
                c++;
            } while (c <= nc);
            if (is_done) {
                break;
            }
        }
        s0 += 100;
    }
    y[int(i)] = int(s0);
}
