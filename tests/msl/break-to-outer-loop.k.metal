#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    uint nc;
    uint a;
    uint s0;
    uint b;
    uint c;
    uint block = 0u;
    for (;;) {
        switch (block) {
        case 0u: {
            nc = i % 3;
            a = 0;
            s0 = 0;
            block = 1u;
            break;
        }
        case 1u: {
            b = 0;
            block = 2u;
            break;
        }
        case 2u: {
            c = 0;
            block = 3u;
            break;
        }
        case 3u: {
            s0++;
            if (((s0 * 3 + i) & 7) == 0) {
                block = 7u;
            } else {
                block = 4u;
            }
            break;
        }
        case 4u: {
            c++;
            if (c <= nc) {
                block = 3u;
            } else {
                block = 5u;
            }
            break;
        }
        case 5u: {
            b++;
            if (b < 4) {
                block = 2u;
            } else {
                block = 6u;
            }
            break;
        }
        case 6u: {
            block = 8u;
            break;
        }
        case 7u: {
            block = 8u;
            break;
        }
        case 8u: {
            s0 += 100;
            a++;
            if (a < 3) {
                block = 1u;
            } else {
                block = 9u;
            }
            break;
        }
        default: {
            y[int(i)] = int(s0);
            return;
        }
        }
    }
}
