// SPDX-License-Identifier: MIT
// Matrices of columns, 8x8 matrices of a SIMD-group, arrays and what else a kernel may name.
namespace metal {
template <class T, int C, int R> struct matrix {
    typedef vec<T, R> column;
    column columns[C];
    matrix() = default;
    TJ_GET explicit matrix(T d) : columns{}
    {
        for (int c = 0; c < C; c++)
            for (int r = 0; r < R; r++)
                columns[c][r] = c == r ? d : T(0);
    }
    template <class... A, class = enable_if_t<(sizeof...(A) + 2 == C)>>
    TJ_GET matrix(column a, column b, A... more) : columns{a, b, column(more)...} {}
    template <class... A, class = enable_if_t<(sizeof...(A) + 3 == C * R)>, class = void>
    TJ_GET matrix(T a, T b, T c, A... more) : columns{}
    {
        T all[] = {a, b, c, T(more)...};
        for (int i = 0; i < C * R; i++)
            columns[i / R][i % R] = all[i];
    }
    template <class U> TJ_GET explicit matrix(matrix<U, C, R> m) : columns{}
    {
        for (int c = 0; c < C; c++)
            columns[c] = column(m.columns[c]);
    }
    TJ_INLINE column &operator[](int c) { return columns[c]; }
    TJ_INLINE const column &operator[](int c) const { return columns[c]; }
    friend TJ_INLINE matrix operator+(matrix a, matrix b)
    {
        for (int c = 0; c < C; c++)
            a.columns[c] += b.columns[c];
        return a;
    }
    friend TJ_INLINE matrix operator-(matrix a, matrix b)
    {
        for (int c = 0; c < C; c++)
            a.columns[c] -= b.columns[c];
        return a;
    }
    friend TJ_INLINE matrix operator*(matrix a, T s)
    {
        for (int c = 0; c < C; c++)
            a.columns[c] *= column(s);
        return a;
    }
    friend TJ_INLINE matrix operator*(T s, matrix a) { return a * s; }
    friend TJ_INLINE column operator*(matrix a, vec<T, C> v)
    {
        column sum = a.columns[0] * column(v[0]);
        for (int c = 1; c < C; c++)
            sum += a.columns[c] * column(v[c]);
        return sum;
    }
    friend TJ_INLINE vec<T, C> operator*(column v, matrix a)
    {
        vec<T, C> out;
        for (int c = 0; c < C; c++)
            out[c] = dot(v, a.columns[c]);
        return out;
    }
    TJ_INLINE matrix &operator+=(matrix b) { return *this = *this + b; }
    TJ_INLINE matrix &operator-=(matrix b) { return *this = *this - b; }
    TJ_INLINE matrix &operator*=(T s) { return *this = *this * s; }
};
template <class T, int K, int R, int C>
TJ_INLINE matrix<T, C, R> operator*(matrix<T, K, R> a, matrix<T, C, K> b)
{
    matrix<T, C, R> out;
    for (int c = 0; c < C; c++)
        out.columns[c] = a * b.columns[c];
    return out;
}
template <class T, int C, int R> TJ_INLINE matrix<T, R, C> transpose(matrix<T, C, R> m)
{
    matrix<T, R, C> out;
    for (int c = 0; c < C; c++)
        for (int r = 0; r < R; r++)
            out.columns[r][c] = m.columns[c][r];
    return out;
}
} // namespace metal
#define TJ_MATRICES(T)                                                                         \
    typedef metal::matrix<T, 2, 2> T##2x2;                                                     \
    typedef metal::matrix<T, 2, 3> T##2x3;                                                     \
    typedef metal::matrix<T, 2, 4> T##2x4;                                                     \
    typedef metal::matrix<T, 3, 2> T##3x2;                                                     \
    typedef metal::matrix<T, 3, 3> T##3x3;                                                     \
    typedef metal::matrix<T, 3, 4> T##3x4;                                                     \
    typedef metal::matrix<T, 4, 2> T##4x2;                                                     \
    typedef metal::matrix<T, 4, 3> T##4x3;                                                     \
    typedef metal::matrix<T, 4, 4> T##4x4;                                                     \
    namespace metal {                                                                          \
    using ::T##2x2, ::T##2x3, ::T##2x4, ::T##3x2, ::T##3x3, ::T##3x4, ::T##4x2, ::T##4x3,      \
        ::T##4x4;                                                                              \
    }
TJ_MATRICES(float)
TJ_MATRICES(half)
TJ_MATRICES(bfloat)
#undef TJ_MATRICES

namespace metal {
// ---- 8x8 matrices of a SIMD-group: each lane holds two elements, the first of 64 ------------------
typedef float __tile_float __attribute__((ext_vector_type(64)));
typedef half __tile_half __attribute__((ext_vector_type(64)));
typedef bfloat __tile_bfloat __attribute__((ext_vector_type(64)));
typedef ulong __ulong2 __attribute__((ext_vector_type(2)));
template <class T> struct __tile {};
template <> struct __tile<float> { typedef __tile_float type; };
template <> struct __tile<half> { typedef __tile_half type; };
template <> struct __tile<bfloat> { typedef __tile_bfloat type; };

#define TJ_TILE(T, e)                                                                          \
    extern "C" __tile_##T __filled_##T(T) __asm(                                               \
        "air.simdgroup_matrix_8x8_init_filled.v64" e "." e);                                   \
    extern "C" __tile_##T __diag_##T(T) __asm("air.simdgroup_matrix_8x8_init_diag.v64" e "." e); \
    TJ_INLINE __tile_##T __filled(T v) { return __filled_##T(v); }                             \
    TJ_INLINE __tile_##T __diag(T v) { return __diag_##T(v); }                                 \
    TJ_TILE_MEMORY(T, e, device, "1")                                                          \
    TJ_TILE_MEMORY(T, e, threadgroup, "3")
#define TJ_TILE_MEMORY(T, e, SPACE, number)                                                        \
    extern "C" __tile_##T __load_##SPACE##_##T(const SPACE T *, ulong, __ulong2, bool) __asm(  \
        "air.simdgroup_matrix_8x8_load.v64" e ".p" number e);                                       \
    extern "C" void __store_##SPACE##_##T(__tile_##T, SPACE T *, ulong, __ulong2, bool) __asm( \
        "air.simdgroup_matrix_8x8_store.v64" e ".p" number e);                                      \
    TJ_INLINE __tile_##T __load_tile(const SPACE T *p, ulong n, __ulong2 at, bool t)           \
    {                                                                                          \
        return __load_##SPACE##_##T(p, n, at, t);                                              \
    }                                                                                          \
    TJ_INLINE void __store_tile(__tile_##T v, SPACE T *p, ulong n, __ulong2 at, bool t)        \
    {                                                                                          \
        __store_##SPACE##_##T(v, p, n, at, t);                                                 \
    }
TJ_TILE(float, "f32")
TJ_TILE(half, "f16")
TJ_TILE(bfloat, "bf16")
#define TJ_MULTIPLY(D, d, A, a, B, b, E, f)                                                    \
    extern "C" __tile_##D __mma_##D##A##B##E(__tile_##A, __tile_##B, __tile_##E) __asm(        \
        "air.simdgroup_matrix_8x8_multiply_accumulate.v64" d ".v64" a ".v64" b ".v64" f);      \
    TJ_INLINE void __mma(__tile_##D &out, __tile_##A x, __tile_##B y, __tile_##E z)            \
    {                                                                                          \
        out = __mma_##D##A##B##E(x, y, z);                                                     \
    }
#define TJ_MULTIPLY_B(D, d, E, f, A, a)                                                        \
    TJ_MULTIPLY(D, d, A, a, float, "f32", E, f)                                                \
    TJ_MULTIPLY(D, d, A, a, half, "f16", E, f)                                                 \
    TJ_MULTIPLY(D, d, A, a, bfloat, "bf16", E, f)
#define TJ_MULTIPLY_A(D, d, E, f)                                                              \
    TJ_MULTIPLY_B(D, d, E, f, float, "f32")                                                    \
    TJ_MULTIPLY_B(D, d, E, f, half, "f16")                                                     \
    TJ_MULTIPLY_B(D, d, E, f, bfloat, "bf16")
TJ_MULTIPLY_A(float, "f32", float, "f32")
TJ_MULTIPLY_A(half, "f16", half, "f16")
TJ_MULTIPLY_A(bfloat, "bf16", bfloat, "bf16")
TJ_MULTIPLY_A(half, "f16", float, "f32")
TJ_MULTIPLY_A(float, "f32", half, "f16")

template <class T> struct __is_valid_simdgroup_type : bool_constant<is_floating_point_v<T>> {};
template <class T> constexpr bool __is_valid_simdgroup_type_v = is_floating_point_v<T>;
template <class T, int Cols, int Rows> struct simdgroup_matrix {
    static_assert(Cols == 8 && Rows == 8, "a SIMD-group's matrix is 8x8");
    typedef typename __tile<T>::type storage_type;
    typedef vec<T, 2> thread_elements_type;
    storage_type t;
    simdgroup_matrix() = default;
    TJ_INLINE explicit simdgroup_matrix(T d) : t(__diag(d)) {}
    TJ_INLINE thread vec<T, 2> &thread_elements() { return *(vec<T, 2> *)&t; }
    TJ_INLINE const thread vec<T, 2> &thread_elements() const { return *(const vec<T, 2> *)&t; }
};
typedef simdgroup_matrix<float, 8, 8> simdgroup_float8x8;
typedef simdgroup_matrix<half, 8, 8> simdgroup_half8x8;
typedef simdgroup_matrix<bfloat, 8, 8> simdgroup_bfloat8x8;

template <class T, int C, int R = C>
TJ_INLINE simdgroup_matrix<T, C, R> make_filled_simdgroup_matrix(T v)
{
    simdgroup_matrix<T, C, R> m;
    m.t = __filled(v);
    return m;
}
template <class T, int C, int R = C>
TJ_INLINE simdgroup_matrix<T, C, R> make_diagonal_simdgroup_matrix(T v)
{
    return simdgroup_matrix<T, C, R>(v);
}
#define TJ_TILE_ACCESS(SPACE)                                                                  \
    template <class T, class U>                                                                \
    TJ_INLINE void simdgroup_load(thread simdgroup_matrix<T, 8, 8> &m, const SPACE U *p,       \
                                  ulong n = 8, ulong2 at = ulong2(0), bool transposed = false) \
    {                                                                                          \
        m.t = __load_tile((const SPACE T *)p, n, __ulong2{at.x, at.y}, transposed);            \
    }                                                                                          \
    template <class T, class U>                                                                \
    TJ_INLINE void simdgroup_store(simdgroup_matrix<T, 8, 8> m, SPACE U *p, ulong n = 8,       \
                                   ulong2 at = ulong2(0), bool transposed = false)             \
    {                                                                                          \
        __store_tile(m.t, (SPACE T *)p, n, __ulong2{at.x, at.y}, transposed);                  \
    }
TJ_TILE_ACCESS(device)
TJ_TILE_ACCESS(threadgroup)
template <class D, class A, class B, class E>
TJ_INLINE void simdgroup_multiply_accumulate(thread simdgroup_matrix<D, 8, 8> &d,
                                             simdgroup_matrix<A, 8, 8> a,
                                             simdgroup_matrix<B, 8, 8> b,
                                             simdgroup_matrix<E, 8, 8> c)
{
    __mma(d.t, a.t, b.t, c.t);
}
template <class D, class A, class B>
TJ_INLINE void simdgroup_multiply(thread simdgroup_matrix<D, 8, 8> &d,
                                  simdgroup_matrix<A, 8, 8> a, simdgroup_matrix<B, 8, 8> b)
{
    __mma(d.t, a.t, b.t, __filled(D(0)));
}
template <class T>
TJ_INLINE simdgroup_matrix<T, 8, 8> operator*(simdgroup_matrix<T, 8, 8> a,
                                              simdgroup_matrix<T, 8, 8> b)
{
    simdgroup_matrix<T, 8, 8> d;
    simdgroup_multiply(d, a, b);
    return d;
}

// ---- the rest ----------------------------------------------------------------------------------------
template <class T, size_t N> struct array {
    T __elems[N];
    typedef T value_type;
    static constexpr size_t size() { return N; }
    static constexpr bool empty() { return !N; }
    TJ_INLINE constexpr T &operator[](size_t i) { return __elems[i]; }
    TJ_INLINE constexpr const T &operator[](size_t i) const { return __elems[i]; }
    TJ_INLINE constexpr T *data() { return __elems; }
    TJ_INLINE constexpr const T *data() const { return __elems; }
    TJ_INLINE constexpr T *begin() { return __elems; }
    TJ_INLINE constexpr const T *begin() const { return __elems; }
    TJ_INLINE constexpr T *end() { return __elems + N; }
    TJ_INLINE constexpr const T *end() const { return __elems + N; }
};
template <class T> using uniform = T;
template <class T> TJ_INLINE constexpr T make_uniform(T v) { return v; }

// Logging as AIR has it: a function with variable arguments hands their list on (ir/logging.c).
// Subsystem and category are not kept.
extern "C" void __air_os_log(const constant char *, const constant char *, int,
                             const constant char *, void *, long) __asm("air.os_log");
__attribute__((noinline)) inline void __log(int type, const constant char *format, ...)
{
    __builtin_va_list list;
    __builtin_va_start(list, format);
    __air_os_log(nullptr, nullptr, type, format, *(void **)&list, 0);
    __builtin_va_end(list);
}
template <class T, int N> struct __logged_vector {
    typedef T type __attribute__((ext_vector_type(N)));
};
template <class T> constexpr bool __is_logged = __is_scalar(T);
template <class T, int N> constexpr bool __is_logged<vec<T, N>> = true;
template <class T> TJ_INLINE T __logged(T x) { return x; }
template <class T> TJ_INLINE typename __logged_vector<T, 2>::type __logged(vec<T, 2> v)
{
    return {v.x, v.y};
}
template <class T> TJ_INLINE typename __logged_vector<T, 3>::type __logged(vec<T, 3> v)
{
    return {v.x, v.y, v.z};
}
template <class T> TJ_INLINE typename __logged_vector<T, 4>::type __logged(vec<T, 4> v)
{
    return {v.x, v.y, v.z, v.w};
}
TJ_INLINE float __logged(half x) { return x; }
TJ_INLINE float __logged(bfloat x) { return x; }
struct os_log {
    TJ_GET os_log() {}
    TJ_GET os_log(const char *, const char *) {}
#define TJ_LOG(name, type)                                                                     \
    template <class... A, class = enable_if_t<(__is_logged<A> && ...)>>                        \
    TJ_INLINE void name(const char *format, A... args) const                                   \
    {                                                                                          \
        __log(type, (const constant char *)format, __logged(args)...);                         \
    }
    TJ_LOG(log, 0)
    TJ_LOG(log_info, 1)
    TJ_LOG(log_debug, 2)
    TJ_LOG(log_error, 16)
    TJ_LOG(log_fault, 17)
#undef TJ_LOG
};
constant os_log os_log_default = os_log();

#define TJ_PACK(name, air, N)                                                                  \
    extern "C" uint __pack_##name(__float##N) __asm("air.pack." air ".v" #N "f32");            \
    extern "C" __float##N __unpack_##name(uint) __asm("air.unpack." air ".v" #N "f32");
TJ_PACK(unorm4x8, "unorm4x8", 4)
TJ_PACK(snorm4x8, "snorm4x8", 4)
TJ_PACK(unorm2x16, "unorm2x16", 2)
TJ_PACK(snorm2x16, "snorm2x16", 2)
TJ_PACK(srgb, "unorm4x8.srgb", 4)
TJ_PACK(unorm10a2, "unorm.rgb10a2", 4)
TJ_PACK(snorm10a2, "snorm.rgb10a2", 4)
#define TJ_PACK4(metal_name, name)                                                             \
    TJ_INLINE uint pack_float_to_##metal_name(float4 v) { return __pack_##name(__native(v)); } \
    TJ_INLINE float4 unpack_##metal_name##_to_float(uint v)                                    \
    {                                                                                          \
        __float4 n = __unpack_##name(v);                                                       \
        return {n.x, n.y, n.z, n.w};                                                           \
    }                                                                                          \
    TJ_INLINE uint pack_half_to_##metal_name(half4 v)                                          \
    {                                                                                          \
        return pack_float_to_##metal_name(float4(v));                                          \
    }                                                                                          \
    TJ_INLINE half4 unpack_##metal_name##_to_half(uint v)                                      \
    {                                                                                          \
        return half4(unpack_##metal_name##_to_float(v));                                       \
    }
#define TJ_PACK2(metal_name, name)                                                             \
    TJ_INLINE uint pack_float_to_##metal_name(float2 v) { return __pack_##name(__native(v)); } \
    TJ_INLINE float2 unpack_##metal_name##_to_float(uint v)                                    \
    {                                                                                          \
        __float2 n = __unpack_##name(v);                                                       \
        return {n.x, n.y};                                                                     \
    }                                                                                          \
    TJ_INLINE uint pack_half_to_##metal_name(half2 v)                                          \
    {                                                                                          \
        return pack_float_to_##metal_name(float2(v));                                          \
    }                                                                                          \
    TJ_INLINE half2 unpack_##metal_name##_to_half(uint v)                                      \
    {                                                                                          \
        return half2(unpack_##metal_name##_to_float(v));                                       \
    }
TJ_PACK4(unorm4x8, unorm4x8)
TJ_PACK4(snorm4x8, snorm4x8)
TJ_PACK4(srgb_unorm4x8, srgb)
TJ_PACK4(unorm10a2, unorm10a2)
TJ_PACK4(snorm10a2, snorm10a2)
TJ_PACK2(unorm2x16, unorm2x16)
TJ_PACK2(snorm2x16, snorm2x16)
} // namespace metal
namespace simd {
using namespace metal;
}
