# Under ThreadSanitizer, `ctest -L tsan`: the runtime with its unit tests, without LLVM; and all
# of our C with the tests of the public header in which threads meet. LLVM and generated code are
# not instrumented: TSan does not see their accesses, and is told to overlook their calls into
# the C library, whose locks it could not pair with what they guard.
# Not together with ASan; and some kernels map memory where gcc's TSan does not want it.
include(CheckCSourceRuns)
set(CMAKE_REQUIRED_FLAGS -fsanitize=thread)
check_c_source_runs("int main(void) { return 0; }" TMJIT_HAS_TSAN)
unset(CMAKE_REQUIRED_FLAGS)
if(TMJIT_SANITIZE OR NOT TMJIT_HAS_TSAN)
  message(STATUS "SKIPPED: ThreadSanitizer")
  return()
endif()

file(GLOB runtime_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/runtime/*.c)
file(GLOB runtime_tests CONFIGURE_DEPENDS unit/test_runtime_*.c)
add_library(tj_runtime_tsan OBJECT ${runtime_sources})
target_include_directories(tj_runtime_tsan PUBLIC ${PROJECT_SOURCE_DIR}/runtime)
target_compile_options(tj_runtime_tsan PUBLIC -fsanitize=thread -g)
target_link_options(tj_runtime_tsan INTERFACE -fsanitize=thread)
target_link_libraries(tj_runtime_tsan PUBLIC tmjit_flags Threads::Threads m)
foreach(source IN LISTS runtime_tests)
  get_filename_component(test ${source} NAME_WE)
  add_executable(${test}_tsan ${source} $<TARGET_OBJECTS:tj_runtime_tsan>)
  target_include_directories(${test}_tsan SYSTEM PRIVATE ${CMOCKA_INCLUDE})
  target_link_libraries(${test}_tsan PRIVATE tj_runtime_tsan ${CMOCKA_LIBRARY})
  add_test(NAME tsan.${test} COMMAND ${test}_tsan WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tests)
  set_tests_properties(tsan.${test} PROPERTIES LABELS tsan TIMEOUT 300
    ENVIRONMENT "TSAN_OPTIONS=halt_on_error=1 second_deadlock_stack=1")
endforeach()

set(threaded_tests test_threads test_queue test_buffer test_cache_threads)
file(GLOB library_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/ir/*.c
  ${PROJECT_SOURCE_DIR}/ir/source/*.c ${PROJECT_SOURCE_DIR}/ir/ttir/*.c
  ${PROJECT_SOURCE_DIR}/codegen/*/*.c ${PROJECT_SOURCE_DIR}/jit/*.c)
add_library(tj_all_tsan OBJECT ${library_sources} ${TJ_EMBEDDED_SOURCES})
target_include_directories(tj_all_tsan PUBLIC ${PROJECT_SOURCE_DIR}/jit
  PRIVATE ${PROJECT_SOURCE_DIR}/ir ${PROJECT_SOURCE_DIR}/runtime ${PROJECT_SOURCE_DIR}/codegen)
target_include_directories(tj_all_tsan SYSTEM PRIVATE ${LLVM_INCLUDE_DIRS} ${ELF_INCLUDE}
  ${SODIUM_INCLUDE})
target_compile_options(tj_all_tsan PUBLIC -fsanitize=thread -g -O1)
target_link_libraries(tj_all_tsan PUBLIC tmjit_flags ${BZIP2_LIBRARIES})
foreach(test IN LISTS threaded_tests)
  add_executable(${test}_tsan api/${test}.c $<TARGET_OBJECTS:tj_all_tsan>
    $<TARGET_OBJECTS:tj_runtime_tsan>)
  target_include_directories(${test}_tsan SYSTEM PRIVATE ${CMOCKA_INCLUDE})
  target_link_libraries(${test}_tsan PRIVATE tj_all_tsan tj_runtime_tsan LLVM
    ${ELF_LIBRARY} ${SODIUM_LIBRARY} ${CMOCKA_LIBRARY})
  add_test(NAME tsan.${test} COMMAND ${test}_tsan WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tests)
  set_tests_properties(tsan.${test} PROPERTIES LABELS tsan TIMEOUT 600 ENVIRONMENT
    "TSAN_OPTIONS=halt_on_error=1 second_deadlock_stack=1 ignore_noninstrumented_modules=1 allocator_may_return_null=1")
endforeach()
