#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    int k2;
    int r;
    int from;
    uint block = 0u;
    for (;;) {
        switch (block) {
        case 0u: {
            k2 = int(i % 7);
            block = 1u;
            break;
        }
        case 1u: {
            if (k2 < 3) {
                block = 2u;
            } else {
                block = 5u;
            }
            break;
        }
        case 2u: {
            if (k2 < 2) {
                block = 3u;
            } else {
                block = 4u;
            }
            break;
        }
        case 3u: {
            if (k2 == 1) {
                r = 10;
                block = 11u;
            } else {
                block = 9u;
            }
            break;
        }
        case 4u: {
            from = 20;
            block = 10u;
            break;
        }
        case 5u: {
            if (k2 < 4) {
                from = 0;
                block = 10u;
            } else {
                block = 6u;
            }
            break;
        }
        case 6u: {
            if (k2 < 5) {
                r = 10;
                block = 11u;
            } else {
                block = 7u;
            }
            break;
        }
        case 7u: {
            if (k2 == 5) {
                block = 8u;
            } else {
                block = 9u;
            }
            break;
        }
        case 8u: {
            r = int(i * i);
            block = 11u;
            break;
        }
        case 9u: {
            r = int(0 - uint(k2));
            block = 11u;
            break;
        }
        case 10u: {
            r = int(uint(from) + 300);
            block = 11u;
            break;
        }
        default: {
            y[int(i)] = r;
            return;
        }
        }
    }
}
