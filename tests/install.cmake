# The installed library: examples built by pkg-config and by CMake, in a tree that was moved.
find_program(TMJIT_PKG_CONFIG NAMES pkg-config pkgconf)
if(TMJIT_SANITIZE OR NOT TMJIT_PKG_CONFIG OR NOT CMAKE_CXX_COMPILER)
  message(STATUS "SKIPPED: examples against the installed library")
  return()
endif()
add_test(NAME api.install COMMAND ${Python3_EXECUTABLE}
  ${CMAKE_CURRENT_SOURCE_DIR}/api/install.py --build ${PROJECT_BINARY_DIR}
  --source ${PROJECT_SOURCE_DIR} --cmake ${CMAKE_COMMAND} --pkg-config ${TMJIT_PKG_CONFIG}
  --cc ${CMAKE_C_COMPILER} --cxx ${CMAKE_CXX_COMPILER})
set_tests_properties(api.install PROPERTIES LABELS api TIMEOUT 300)
