# The stubs in place of LLVM's functions, without the rest of the library.
if(NOT TMJIT_LAZY_LLVM OR TMJIT_STATIC_LLVM)
  message(STATUS "SKIPPED: LLVM is linked directly")
  return()
endif()

function(tj_add_lazy_test name library)
  add_library(${name}_caller OBJECT lazy/first_call.c)
  target_include_directories(${name}_caller PRIVATE ${PROJECT_SOURCE_DIR}/ir)
  target_include_directories(${name}_caller SYSTEM PRIVATE ${LLVM_INCLUDE_DIRS})
  target_link_libraries(${name}_caller PRIVATE tmjit_flags)
  target_compile_definitions(${name}_caller PRIVATE ${ARGN})
  set(stubs ${CMAKE_CURRENT_BINARY_DIR}/${name}_stubs.c)
  add_custom_command(OUTPUT ${stubs} VERBATIM COMMAND_EXPAND_LISTS
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/ir/lazy/stubs.py ${CMAKE_NM} ${stubs}
      $<TARGET_OBJECTS:${name}_caller>
    DEPENDS ${PROJECT_SOURCE_DIR}/ir/lazy/stubs.py $<TARGET_OBJECTS:${name}_caller>)
  add_executable(${name} $<TARGET_OBJECTS:${name}_caller> ${stubs}
    ${PROJECT_SOURCE_DIR}/ir/lazy/open.c ${PROJECT_SOURCE_DIR}/ir/diag.c
    ${PROJECT_SOURCE_DIR}/ir/text.c ${PROJECT_SOURCE_DIR}/ir/arena.c)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/ir)
  target_compile_definitions(${name} PRIVATE TMJIT_LLVM_LIBRARY="${library}"
    TMJIT_LLVM_SONAME="libtmjit-none.so")
  target_link_libraries(${name} PRIVATE tmjit_flags Threads::Threads ${CMAKE_DL_LIBS})
  add_test(NAME unit.${name} COMMAND ${name})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit)
endfunction()

get_target_property(llvm_library LLVM LOCATION)
tj_add_lazy_test(lazy_llvm ${llvm_library})
tj_add_lazy_test(lazy_llvm_missing libtmjit-none.so.1 IS_MISSING)
