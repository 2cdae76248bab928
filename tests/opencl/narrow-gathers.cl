// Elements of 8 and 16 bits through an index buffer, the first and the last of a buffer of odd
// length among them: read by all threads and by part of them, written by part and by all.
//
// ; PY: n = 91
// ; PY: p = sorted(range(n), key=lambda k: (k * 37 + 5) % 90 * 7 % 90 * 11 % 97)
// ; PY: c = [k * 29 % 256 - 128 for k in range(n)]
// ; PY: s = [k * 719 % 65536 for k in range(n)]
// ; PY: inv = [p.index(k) for k in range(n)]
// ; PY: part = lambda t, k, v: v if t % 3 != 1 else k
// RUN: %npy %tp.npy i32 'p'
// RUN: %npy %tc.npy i8 'c'
// RUN: %npy %ts.npy u16 's'
// RUN: %npy %th.npy f16 '[k * 0.25 - 11 for k in range(n)]'
// RUN: %npy %tgc.npy i8 '[c[p[i]] for i in range(n)]'
// RUN: %npy %tgs.npy u16 '[part(i, 7, s[p[i]]) for i in range(n)]'
// RUN: %npy %tgh.npy f16 '[part(p[i], -1, p[i] * 0.25 - 11) for i in range(n)]'
// RUN: %npy %twc.npy i8 '[part(inv[k], 5, c[inv[k]]) for k in range(n)]'
// RUN: %npy %tws.npy u16 '[s[inv[k]] for k in range(n)]'
// RUN: %npy %twh.npy f16 '[part(k, -2, inv[k] * 0.25 - 11) for k in range(n)]'
// RUN: %run %s --entry gather --grid 91 --threadgroup 40 --buf p=%tp.npy --buf c=%tc.npy --buf s=%ts.npy --buf h=%th.npy --buf oc=i8[91]:7 --buf os=u16[91]:7 --buf oh=f16[91]:-1 --expect oc=%tgc.npy --expect os=%tgs.npy --expect oh=%tgh.npy
// RUN: %run %s --entry scatter --grid 91 --threadgroup 40 --buf p=%tp.npy --buf c=%tc.npy --buf s=%ts.npy --buf h=%th.npy --buf oc=i8[91]:5 --buf os=u16[91]:0 --buf oh=f16[91]:-2 --expect oc=%twc.npy --expect os=%tws.npy --expect oh=%twh.npy
// RUN: %run %s --entry last --grid 32 --threadgroup 32 --buf os=u16[3]:9 --buf oc=i8[3]:9 --expect os=u16:9,31,9 --expect oc=i8:9,30,9

#pragma OPENCL EXTENSION cl_khr_fp16 : enable

kernel void gather(global const int *p, global const char *c, global const ushort *s,
                   global const half *h, global char *oc, global ushort *os, global half *oh)
{
    int i = get_global_id(0), at = p[i];
    oc[i] = c[at];
    if (i % 3 != 1)
        os[i] = s[at];
    if (at % 3 != 1)
        oh[i] = h[at];
}

kernel void scatter(global const int *p, global const char *c, global const ushort *s,
                    global const half *h, global char *oc, global ushort *os, global half *oh)
{
    int i = get_global_id(0), at = p[i];
    if (i % 3 != 1)
        oc[at] = c[i];
    os[at] = s[i];
    if (at % 3 != 1)
        oh[at] = h[i];
}

// Of the threads that write to one place the highest comes last; its neighbours stay.
kernel void last(global ushort *os, global char *oc)
{
    int i = get_global_id(0), zero = (i * i) & 2;
    os[1 + zero] = i;
    if (i % 2 == 0)
        oc[1 + zero] = i;
}
