# Kernels of other projects run and compared with numpy (tools/corpus). They are not part of the
# repository and nothing is downloaded here; a test is skipped when its path is not given:
#   -DTMJIT_CORPUS=FILE        mlx.metallib of the wheel mlx-metal: as Apple's compiler made them
#   -DTMJIT_CORPUS_MLX=FOLDER  MLX: the same kernels from source, beside those of TMJIT_CORPUS
#   -DTMJIT_CORPUS_GGML=FOLDER ggml: its Metal file
#   -DTMJIT_CORPUS_EVERY=N     a sample: every N-th case (4; 1 for all)
set(TMJIT_CORPUS "" CACHE FILEPATH "mlx.metallib of the wheel mlx-metal, for the corpus tests")
set(TMJIT_CORPUS_MLX "" CACHE PATH "MLX's source, for the corpus tests")
set(TMJIT_CORPUS_GGML "" CACHE PATH "ggml's source, for the corpus tests")
set(TMJIT_CORPUS_EVERY 4 CACHE STRING "of the cases of the corpus tests: every N-th")

function(add_corpus_test name needed variable)
  if(${variable} AND NOT TMJIT_SANITIZE)
    add_test(NAME corpus.${name} COMMAND ${Python3_EXECUTABLE}
      ${PROJECT_SOURCE_DIR}/tools/corpus/runs.py ${ARGN} --library $<TARGET_FILE:tmjit>
      --every ${TMJIT_CORPUS_EVERY} --timeout 300 # by the clock: no load may decide
      --out ${CMAKE_CURRENT_BINARY_DIR}/corpus-${name}.tsv)
  else()
    add_test(NAME corpus.${name} COMMAND ${CMAKE_COMMAND} -E echo
      "SKIPPED: sampled kernels against numpy (no -D${variable}=${needed}, or a sanitizer build)")
  endif()
  set_tests_properties(corpus.${name} PROPERTIES LABELS corpus TIMEOUT 3600
    SKIP_REGULAR_EXPRESSION "SKIPPED: ")
endfunction()

add_corpus_test(runs mlx.metallib TMJIT_CORPUS ${TMJIT_CORPUS})
# The wheel has the headers of its version beside the library; without it MLX's own count.
set(headers)
if(TMJIT_CORPUS)
  get_filename_component(headers "${TMJIT_CORPUS}/../../include" ABSOLUTE)
  set(headers --headers ${headers})
endif()
add_corpus_test(mlx FOLDER TMJIT_CORPUS_MLX ${TMJIT_CORPUS} --from-source ${TMJIT_CORPUS_MLX}
  ${headers})
add_corpus_test(ggml FOLDER TMJIT_CORPUS_GGML --ggml ${TMJIT_CORPUS_GGML})
