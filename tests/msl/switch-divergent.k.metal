#include <metal_stdlib>

using namespace metal;

kernel void k(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]])
{
    int k2 = int(i % 7);
    int r;
    do {
        int from;
        if (k2 < 3) {
            if (k2 < 2) {
                if (k2 == 1) {
                    r = 10;
                    break;
                }
            } else {
                from = 20;
                r = int(uint(from) + 300);
                break;
            }
        } else {
            if (k2 < 4) {
                from = 0;
                r = int(uint(from) + 300);
                break;
            }
            if (k2 < 5) {
                r = 10;
                break;
            }
            if (k2 == 5) {
                r = int(i * i);
                break;
            }
        }
        r = int(-uint(k2));
    } while (false);
    y[int(i)] = r;
}
