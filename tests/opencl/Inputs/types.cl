#ifdef DOUBLE
kernel void k(global float *x)
{
    double d = x[0];
}
#elif defined(IMAGE)
kernel void k(global float *x, read_only image2d_t picture)
{
    x[0] = 1;
}
#elif defined(SAMPLER)
kernel void k(sampler_t how)
{
}
#elif defined(PIPE)
kernel void k(read_only pipe int queue)
{
}
#elif defined(RECURSION)
int down(int n)
{
    return n ? down(n - 1) + n : 0;
}
kernel void k(global int *x)
{
    x[0] = down(x[1]);
}
#elif defined(GLOBAL)
global int counter;
kernel void k(global int *x)
{
    x[0] = counter++;
}
#elif defined(FUNCTION)
int elsewhere(int n);
kernel void k(global int *x)
{
    x[0] = elsewhere(x[1]);
}
#elif defined(INCLUDE)
#include "nothing.h"
#elif defined(SIZE)
kernel __attribute__((reqd_work_group_size(1024, 2, 1))) void k(global int *x)
{
    x[0] = 1;
}
#endif
