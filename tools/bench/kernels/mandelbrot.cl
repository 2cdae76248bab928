// SPDX-License-Identifier: MIT
typedef struct {
    float left, top, step;
    uint limit;
} view;

kernel void mandelbrot(global uint *steps, view v)
{
    uint col = get_global_id(0), row = get_global_id(1);
    float cx = v.left + col * v.step, cy = v.top + row * v.step, x = 0, y = 0;
    uint n = 0;
    for (; n < v.limit; n++) {
        float xx = x * x, yy = y * y;
        if (xx + yy > 4.0f)
            break;
        y = 2.0f * x * y + cy;
        x = xx - yy + cx;
    }
    steps[row * get_global_size(0) + col] = n;
}
