# tj_embed(SYMBOL FILE): the text of FILE as `const char SYMBOL[]`, in a source that is listed in
# TJ_EMBEDDED_SOURCES. Written when CMake runs, which it does again when FILE changes.
function(tj_embed symbol file)
  set(path ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(READ ${path} bytes HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  file(CONFIGURE OUTPUT ${source} CONTENT
    "/* Made from ${file}. */\nextern const char ${symbol}[];\nconst char ${symbol}[] = {\n${bytes}0};\n")
  set(TJ_EMBEDDED_SOURCES ${TJ_EMBEDDED_SOURCES} ${source} CACHE INTERNAL "")
endfunction()
