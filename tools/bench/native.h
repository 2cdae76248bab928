/* SPDX-License-Identifier: MIT */
/* Native functions of the benchmark, compiled twice (gcc, clang) into shared objects and found
 * by name. `buffer` holds the row's buffers in the order of its kernel's arguments; `n` is the
 * row's size: elements, rows of 1024, one side of a matrix, threads. */
#ifndef TJB_NATIVE_H
#define TJB_NATIVE_H

#include <stddef.h>
#include <stdint.h>

typedef void tjb_native(void *const *buffer, size_t n);

enum { TJB_ROW_LEN = 1024, /* softmax and layer norm, blocks of sort */ TJB_HEAD_LEN = 64 };
enum { TJB_HEADS = 8 };

typedef struct tjb_market {
    float rate, volatility;
} tjb_market;

typedef struct tjb_view {
    float left, top, step;
    uint32_t limit;
} tjb_view;

tjb_native tjb_copy, tjb_vector_add, tjb_saxpy, tjb_gelu, tjb_exp, tjb_black_scholes,
    tjb_softmax, tjb_layer_norm, tjb_sum, tjb_scan, tjb_transpose, tjb_stencil, tjb_mandelbrot,
    tjb_nbody, tjb_histogram, tjb_sgemm, tjb_sort, tjb_attention, tjb_attention_heads;

/* tjb_limit_fma leaves the number of operations, a double, in buffer[2]. */
tjb_native tjb_limit_read, tjb_limit_update, tjb_limit_copy, tjb_limit_triad,
    tjb_limit_copy_around, tjb_limit_triad_around, tjb_limit_fma;

#endif
