# One ctest test per folder of text tests; `lit` itself finds the files.
find_program(TMJIT_LIT lit PATHS ${LLVM_TOOLS_BINARY_DIR} NO_DEFAULT_PATH)
find_program(TMJIT_LIT NAMES lit llvm-lit REQUIRED)
find_program(TMJIT_FILECHECK FileCheck PATHS ${LLVM_TOOLS_BINARY_DIR} NO_DEFAULT_PATH REQUIRED)
set(TMJIT_LIT_JOBS 2 CACHE STRING "Text tests that run at the same time")

file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/lit.site.cfg.py CONTENT
"config.tmjit = r'$<TARGET_FILE:tmjit-command>'
config.llvm_tools_dir = r'${LLVM_TOOLS_BINARY_DIR}'
config.tmjit_source_dir = r'${PROJECT_SOURCE_DIR}'
config.is_sanitized = '${TMJIT_SANITIZE}'.upper() in ('ON', '1', 'TRUE', 'YES')
config.test_exec_root = r'${CMAKE_CURRENT_BINARY_DIR}'
lit_config.load_config(config, r'${CMAKE_CURRENT_SOURCE_DIR}/lit.cfg.py')
")

foreach(folder IN ITEMS load errors passes run regress tool msl opencl metal ttir)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*.ll ${folder}/*.test ${folder}/*.cl
    ${folder}/*.metal ${folder}/*.ttir)
  if(files)
    add_test(NAME lit.${folder} COMMAND ${Python3_EXECUTABLE} ${TMJIT_LIT}
      -sv --no-progress-bar -j ${TMJIT_LIT_JOBS} ${CMAKE_CURRENT_BINARY_DIR}/${folder})
    set_tests_properties(lit.${folder} PROPERTIES LABELS lit TIMEOUT 1500
      PROCESSORS ${TMJIT_LIT_JOBS})
  endif()
endforeach()

# Every kernel of the text tests printed, read back and run; random kernels as well.
if(EXISTS ${TMJIT_CLANG})
  foreach(part RANGE 3)
    add_test(NAME msl.roundtrip.${part} COMMAND ${Python3_EXECUTABLE}
      ${CMAKE_CURRENT_SOURCE_DIR}/msl/roundtrip.py $<TARGET_FILE:tmjit-command> ${TMJIT_CLANG}
      --part ${part}/4)
    set_tests_properties(msl.roundtrip.${part} PROPERTIES LABELS conform TIMEOUT 1500)
  endforeach()
  add_test(NAME msl.roundtrip.random COMMAND ${Python3_EXECUTABLE}
    ${CMAKE_CURRENT_SOURCE_DIR}/msl/roundtrip.py $<TARGET_FILE:tmjit-command> ${TMJIT_CLANG}
    --difftest $<TARGET_FILE:difftest> 1 40)
  set_tests_properties(msl.roundtrip.random PROPERTIES LABELS conform TIMEOUT 1500)
endif()

add_test(NAME lit.warm COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/warm.py
  $<TARGET_FILE:tmjit-command> ${TMJIT_LIT} -q --no-progress-bar -j ${TMJIT_LIT_JOBS}
  ${CMAKE_CURRENT_BINARY_DIR}/errors ${CMAKE_CURRENT_BINARY_DIR}/run
  --filter "errors/|run/(barrier|matrix|atomic|memory|generic|constant)")
set_tests_properties(lit.warm PROPERTIES LABELS lit TIMEOUT 1500
  PROCESSORS ${TMJIT_LIT_JOBS})

add_test(NAME lit.coverage COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/coverage.py
  ${PROJECT_SOURCE_DIR})
set_tests_properties(lit.coverage PROPERTIES LABELS unit)
