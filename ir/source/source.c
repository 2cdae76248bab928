/* SPDX-License-Identifier: MIT */
/* The languages that are read through clang. */
#include "source/source.h"

tj_status tj_source_compile(const tj_source *source, tj_diags *diags, tj_text *out)
{
    if (source->language == TJ_LANGUAGE_OPENCL)
        return tj_opencl_compile(source, diags, out);
    if (source->language == TJ_LANGUAGE_METAL)
        return tj_metal_compile(source, diags, out);
    tj_loc loc = {.file = source->name};
    return tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc,
                      "source of this language is not read; Metal and OpenCL C are");
}
