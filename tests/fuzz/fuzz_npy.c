/* SPDX-License-Identifier: MIT */
/* needs: tools/npy.c tools/values.c tools/element.c tools/half.c tools/random.c tools/file.c tools/failure.c */
/* Any bytes as a .npy file: a value or a message, never a crash. */
#include "tools/npy.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len)
{
    tj_failure why = {0};
    tj_value value = {0};
    int status = tj_npy_parse(bytes, byte_len, "fuzz.npy", &value, &why);

    if (status != (why.message ? TJ_EXIT_INPUT : TJ_EXIT_GOOD))
        abort(); /* a failure has a message, success has none */
    if (!status && value.byte_len > byte_len)
        abort(); /* elements out of nowhere */
    tj_value_fini(&value);
    tj_failure_fini(&why);
    return 0;
}
