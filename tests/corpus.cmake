# Kernels of MLX's Metal library as Apple's compiler made them, run and compared with numpy
# (tools/corpus). The library is not part of the repository and nothing is downloaded here:
# -DTMJIT_CORPUS=FILE names mlx.metallib of the wheel mlx-metal.
set(TMJIT_CORPUS "" CACHE FILEPATH "mlx.metallib of the wheel mlx-metal, for the corpus tests")

if(TMJIT_CORPUS AND NOT TMJIT_SANITIZE)
  add_test(NAME corpus.runs COMMAND ${Python3_EXECUTABLE}
    ${PROJECT_SOURCE_DIR}/tools/corpus/runs.py ${TMJIT_CORPUS} --library $<TARGET_FILE:tmjit>
    --out ${CMAKE_CURRENT_BINARY_DIR}/corpus-runs.tsv)
else()
  add_test(NAME corpus.runs COMMAND ${CMAKE_COMMAND} -E echo
    "SKIPPED: sampled kernels of MLX against numpy (no -DTMJIT_CORPUS=mlx.metallib, or a sanitizer build)")
endif()
set_tests_properties(corpus.runs PROPERTIES LABELS corpus TIMEOUT 1800
  SKIP_REGULAR_EXPRESSION "SKIPPED: ")
