# The installed tree: header, library, pkg-config file, CMake package, command, examples. It can
# be moved as a whole; the library finds LLVM where it was when tmjit was built.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tmjit)
set(example_dir ${CMAKE_INSTALL_DATADIR}/tmjit/example)

set_target_properties(tmjit PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS tmjit EXPORT tmjitTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/jit/tmjit.h ${PROJECT_SOURCE_DIR}/jit/tmjit_source.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT tmjitTargets NAMESPACE tmjit:: DESTINATION ${package_dir})
configure_file(${PROJECT_SOURCE_DIR}/jit/tmjitConfig.cmake.in tmjitConfig.cmake COPYONLY)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/tmjitConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tmjitConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/tmjitConfigVersion.cmake DESTINATION ${package_dir})

file(RELATIVE_PATH TMJIT_PC_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" TMJIT_PC_TO_PREFIX "${TMJIT_PC_TO_PREFIX}")
configure_file(${PROJECT_SOURCE_DIR}/jit/tmjit.pc.in tmjit.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tmjit.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES ${PROJECT_SOURCE_DIR}/tools/example/vector_add.c
  ${PROJECT_SOURCE_DIR}/tools/example/vector_add.cpp
  ${PROJECT_SOURCE_DIR}/tools/example/CMakeLists.txt
  ${PROJECT_SOURCE_DIR}/tests/kernels/vector_add.ll DESTINATION ${example_dir})
