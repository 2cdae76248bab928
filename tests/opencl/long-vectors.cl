// Functions of vectors of eight and sixteen: each component for itself, whatever becomes of
// the vector on its way to Metal (metal.test prints these kernels).
//
// ; PY: n = 4
// ; PY: a = [[(7 * k + 11 * i) % 50 * 0.25 + 0.5 for k in range(16)] for i in range(n + 2)]
// ; PY: b = [[(k * 2654435761 + i * 40503) % 2**32 - 2**31 for k in range(8)] for i in range(n + 2)]
// ; PY: c = [[(37 * k + 91 * i) % 256 for k in range(16)] for i in range(n + 2)]
// ; PY: flat = lambda rows: [x for row in rows for x in row]
// ; PY: each = lambda f, rows, m: [[f(rows[i][k], rows[i + 1][k], rows[i + 2][k]) for k in range(m)] for i in range(n)]
// ; PY: top = lambda x, y, z: f32(min(f32(x * y + z), 60.0))
// ; PY: high = lambda x, y: x * y >> 32
// ; PY: ones = lambda x: bin(x % 2**32).count("1")
// RUN: %npy %ta.npy f32 'flat(a)'
// RUN: %npy %tb.npy i32 'flat(b)'
// RUN: %npy %tc.npy u8 'flat(c)'
// RUN: %npy %tx.npy f32 'flat(each(top, a, 16))'
// RUN: %npy %ty.npy i32 'flat(each(lambda x, y, z: high(x, y) + ones(z) + max(x, y) // 2, b, 8))'
// RUN: %npy %tz.npy u8 'flat(each(lambda x, y, z: min(x + y, 255) ^ abs(y - z) ^ (x + z) // 2, c, 16))'
// RUN: %npy %tv.npy i32 '[any(x > 240 for x in c[i]) + 2 * all(x > 3 for x in c[i + 1]) for i in range(n)]'
// RUN: %npy %tw.npy u8 'flat([[min(int(x * 30), 255) for x in row] for row in a[:n]])'
// RUN: %run %s --entry votes --grid 4 --buf c=%tc.npy --buf v=i32[4]:0 --expect v=%tv.npy
// RUN: %run %s --entry floats --grid 4 --buf a=%ta.npy --buf x=f32[64]:0 --expect x=%tx.npy
// RUN: %run %s --entry ints --grid 4 --buf b=%tb.npy --buf y=i32[32]:0 --expect y=%ty.npy
// RUN: %run %s --entry bytes --grid 4 --buf c=%tc.npy --buf z=u8[64]:0 --expect z=%tz.npy
// RUN: %run %s --entry saturates --grid 4 --buf a=%ta.npy --buf w=u8[64]:0 --expect w=%tw.npy

kernel void floats(global const float16 *a, global float16 *x)
{
    int i = get_global_id(0);
    x[i] = fmin(fma(a[i], a[i + 1], a[i + 2]), 60.0f);
}

kernel void ints(global const int8 *b, global int8 *y)
{
    int i = get_global_id(0);
    y[i] = mul_hi(b[i], b[i + 1]) + popcount(b[i + 2]) + (max(b[i], b[i + 1]) >> 1);
}

kernel void bytes(global const uchar16 *c, global uchar16 *z)
{
    int i = get_global_id(0);
    z[i] = add_sat(c[i], c[i + 1]) ^ abs_diff(c[i + 1], c[i + 2]) ^ hadd(c[i], c[i + 2]);
}

kernel void saturates(global const float16 *a, global uchar16 *w)
{
    int i = get_global_id(0);
    w[i] = convert_uchar16_sat(a[i] * 30.0f);
}

kernel void votes(global const uchar16 *c, global int *v)
{
    int i = get_global_id(0);
    v[i] = any(c[i] > (uchar)240) + 2 * all(c[i + 1] > (uchar)3);
}
