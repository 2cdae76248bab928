// SPDX-License-Identifier: MIT
// Atomic types and functions. A pointer goes on with its address space: each function is there
// once for each of the two.
namespace metal {
template <class T> struct _atomic {
    T __s;
    typedef T value_type;
};
template <class T> struct atomic : _atomic<T> {
    atomic() = default;
    TJ_GET atomic(T v) : _atomic<T>{v} {}
};
template <class T> constexpr uint __type_code<atomic<T>> = __type_code<T>;
typedef atomic<int> atomic_int;
typedef atomic<uint> atomic_uint;
typedef atomic<bool> atomic_bool;
typedef atomic<long> atomic_long;
typedef atomic<ulong> atomic_ulong;
typedef atomic<float> atomic_float;
} // namespace metal
using metal::atomic_int, metal::atomic_uint, metal::atomic_bool, metal::atomic_ulong,
    metal::atomic_float;

namespace metal {
#define TJ_CALL(SPACE, air, F, T, name)                                                        \
    extern "C" T __atomic_##air##_##F##_##T(SPACE T *, T, int, int, bool) __asm(               \
        "air.atomic." #air "." #F "." name);                                                   \
    TJ_INLINE T __at_##F(SPACE T *p, T v, int o)                                               \
    {                                                                                          \
        return __atomic_##air##_##F##_##T(p, v, o, TJ_SCOPE_##air, true);                      \
    }
#define TJ_SCOPE_global 2
#define TJ_SCOPE_local 1
#define TJ_ACCESS(SPACE, air, T, name)                                                         \
    extern "C" T __atomic_##air##_load_##T(SPACE T *, int, int, bool) __asm(                   \
        "air.atomic." #air ".load." name);                                                     \
    extern "C" void __atomic_##air##_store_##T(SPACE T *, T, int, int, bool) __asm(            \
        "air.atomic." #air ".store." name);                                                    \
    extern "C" T __atomic_##air##_xchg_##T(SPACE T *, T, int, int, bool) __asm(                \
        "air.atomic." #air ".xchg." name);                                                     \
    extern "C" T __atomic_##air##_cmpxchg_##T(SPACE T *, T *, T, int, int, int, bool) __asm(   \
        "air.atomic." #air ".cmpxchg.weak." name);                                             \
    TJ_INLINE T __at_load(SPACE T *p, int o)                                                   \
    {                                                                                          \
        return __atomic_##air##_load_##T(p, o, TJ_SCOPE_##air, true);                          \
    }                                                                                          \
    TJ_INLINE void __at_store(SPACE T *p, T v, int o)                                          \
    {                                                                                          \
        __atomic_##air##_store_##T(p, v, o, TJ_SCOPE_##air, true);                             \
    }                                                                                          \
    TJ_INLINE T __at_xchg(SPACE T *p, T v, int o)                                              \
    {                                                                                          \
        return __atomic_##air##_xchg_##T(p, v, o, TJ_SCOPE_##air, true);                       \
    }                                                                                          \
    TJ_INLINE bool __at_cmpxchg(SPACE T *p, T *e, T v, int s, int f)                           \
    {                                                                                          \
        T wanted = *e, was = __atomic_##air##_cmpxchg_##T(p, e, v, s, f, TJ_SCOPE_##air, true); \
        return __builtin_bit_cast(int, was) == __builtin_bit_cast(int, wanted);                \
    }
#define TJ_WORD(SPACE, air, T, plain, sign)                                                    \
    TJ_ACCESS(SPACE, air, T, plain)                                                            \
    TJ_CALL(SPACE, air, add, T, sign)                                                          \
    TJ_CALL(SPACE, air, sub, T, sign)                                                          \
    TJ_CALL(SPACE, air, min, T, sign)                                                          \
    TJ_CALL(SPACE, air, max, T, sign)                                                          \
    TJ_CALL(SPACE, air, and, T, sign)                                                          \
    TJ_CALL(SPACE, air, or, T, sign)                                                           \
    TJ_CALL(SPACE, air, xor, T, sign)
#define TJ_MEMORY(SPACE, air)                                                                  \
    TJ_WORD(SPACE, air, int, "i32", "s.i32")                                                   \
    TJ_WORD(SPACE, air, uint, "i32", "u.i32")                                                  \
    TJ_ACCESS(SPACE, air, float, "f32")                                                        \
    TJ_CALL(SPACE, air, add, float, "f32")                                                     \
    TJ_CALL(SPACE, air, sub, float, "f32")                                                     \
    /* 64 bits: LLVM's own instructions */                                                     \
    TJ_INLINE ulong __at_load(SPACE ulong *p, int) { return __atomic_load_n(p, 5); }           \
    TJ_INLINE void __at_store(SPACE ulong *p, ulong v, int) { __atomic_store_n(p, v, 5); }     \
    TJ_INLINE ulong __at_xchg(SPACE ulong *p, ulong v, int)                                    \
    {                                                                                          \
        return __atomic_exchange_n(p, v, 5);                                                   \
    }                                                                                          \
    TJ_INLINE ulong __at_add(SPACE ulong *p, ulong v, int) { return __atomic_fetch_add(p, v, 5); } \
    TJ_INLINE ulong __at_sub(SPACE ulong *p, ulong v, int) { return __atomic_fetch_sub(p, v, 5); } \
    TJ_INLINE ulong __at_and(SPACE ulong *p, ulong v, int) { return __atomic_fetch_and(p, v, 5); } \
    TJ_INLINE ulong __at_or(SPACE ulong *p, ulong v, int) { return __atomic_fetch_or(p, v, 5); } \
    TJ_INLINE ulong __at_xor(SPACE ulong *p, ulong v, int) { return __atomic_fetch_xor(p, v, 5); } \
    TJ_INLINE ulong __at_min(SPACE ulong *p, ulong v, int) { return __atomic_fetch_min(p, v, 5); } \
    TJ_INLINE ulong __at_max(SPACE ulong *p, ulong v, int) { return __atomic_fetch_max(p, v, 5); }
TJ_MEMORY(device, global)
TJ_MEMORY(threadgroup, local)

#define TJ_FETCH(SPACE, metal_name, F)                                                         \
    template <class T>                                                                         \
    TJ_INLINE T atomic_fetch_##metal_name##_explicit(volatile SPACE atomic<T> *p, T v,         \
                                                     memory_order o)                           \
    {                                                                                          \
        return __at_##F((SPACE T *)&p->__s, v, int(o));                                        \
    }                                                                                          \
    template <class T, class U, class = enable_if_t<!is_same_v<T, U>>>                         \
    TJ_INLINE T atomic_fetch_##metal_name##_explicit(volatile SPACE atomic<T> *p, U v,         \
                                                     memory_order o)                           \
    {                                                                                          \
        return __at_##F((SPACE T *)&p->__s, T(v), int(o));                                     \
    }
#define TJ_ATOMICS(SPACE)                                                                      \
    template <class T>                                                                         \
    TJ_INLINE T atomic_load_explicit(const volatile SPACE atomic<T> *p, memory_order o)        \
    {                                                                                          \
        return __at_load((SPACE T *)&p->__s, int(o));                                          \
    }                                                                                          \
    template <class T, class U>                                                                \
    TJ_INLINE void atomic_store_explicit(volatile SPACE atomic<T> *p, U v, memory_order o)     \
    {                                                                                          \
        __at_store((SPACE T *)&p->__s, T(v), int(o));                                          \
    }                                                                                          \
    template <class T, class U>                                                                \
    TJ_INLINE T atomic_exchange_explicit(volatile SPACE atomic<T> *p, U v, memory_order o)     \
    {                                                                                          \
        return __at_xchg((SPACE T *)&p->__s, T(v), int(o));                                    \
    }                                                                                          \
    template <class T, class U>                                                                \
    TJ_INLINE bool atomic_compare_exchange_weak_explicit(                                      \
        volatile SPACE atomic<T> *p, thread T *e, U v, memory_order s, memory_order f)         \
    {                                                                                          \
        return __at_cmpxchg((SPACE T *)&p->__s, e, T(v), int(s), int(f));                      \
    }                                                                                          \
    template <class T>                                                                         \
    TJ_INLINE void atomic_min_explicit(volatile SPACE atomic<T> *p, T v, memory_order o)       \
    {                                                                                          \
        __at_min((SPACE T *)&p->__s, v, int(o));                                               \
    }                                                                                          \
    template <class T>                                                                         \
    TJ_INLINE void atomic_max_explicit(volatile SPACE atomic<T> *p, T v, memory_order o)       \
    {                                                                                          \
        __at_max((SPACE T *)&p->__s, v, int(o));                                               \
    }                                                                                          \
    TJ_FETCH(SPACE, add, add)                                                                  \
    TJ_FETCH(SPACE, sub, sub)                                                                  \
    TJ_FETCH(SPACE, min, min)                                                                  \
    TJ_FETCH(SPACE, max, max)                                                                  \
    TJ_FETCH(SPACE, and, and)                                                                  \
    TJ_FETCH(SPACE, or, or)                                                                    \
    TJ_FETCH(SPACE, xor, xor)
TJ_ATOMICS(device)
TJ_ATOMICS(threadgroup)
} // namespace metal
