# The public header alone, in every language it promises, and the symbols it names.
include(CheckLanguage)
function(tj_add_header_check language standard suffix)
  set(name header_${language}${standard})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.${suffix})
  file(GENERATE OUTPUT ${source} CONTENT "#include \"tmjit_source.h\"\n#include \"tmjit.h\"\n#include \"tmjit_source.h\"\n")
  add_library(${name} OBJECT ${source})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/jit)
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Werror)
  set_target_properties(${name} PROPERTIES ${language}_STANDARD ${standard}
    ${language}_STANDARD_REQUIRED ON ${language}_EXTENSIONS OFF)
endfunction()

tj_add_header_check(C 99 c)
tj_add_header_check(C 17 c)
check_language(CXX)
if(CMAKE_CXX_COMPILER)
  enable_language(CXX)
  tj_add_header_check(CXX 17 cpp)
else()
  message(STATUS "SKIPPED: the public header as C++17 (no C++ compiler)")
endif()

add_test(NAME api.exports COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/api/exports.py
  $<TARGET_FILE:tmjit> ${PROJECT_SOURCE_DIR}/jit/tmjit.h ${PROJECT_SOURCE_DIR}/jit/tmjit_source.h)
set_tests_properties(api.exports PROPERTIES LABELS api)
