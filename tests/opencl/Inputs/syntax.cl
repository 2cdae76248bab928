kernel void k(global float *x)
{
    x[0] = 1
    x[1] = undeclared_function(2);
}
