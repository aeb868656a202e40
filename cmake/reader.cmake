# The program that reads debug information, and its bytes for the library. It is
# of the machine that the library is for; only where that is another one may
# libdw be missing, and native source is then no import.

set(reader_sources
  src/base/alloc.c
  src/base/text.c
  src/reader/convention.c
  src/reader/debug.c
  src/reader/die.c
  src/reader/index.c
  src/reader/map.c
  src/reader/memory.c
  src/reader/object.c
  src/reader/passing.c
  src/reader/read.c
  src/reader/records.c
  src/reader/rust.c
  src/reader/table.c
  src/reader/types.c)
list(TRANSFORM reader_sources PREPEND "${PROJECT_SOURCE_DIR}/")

pkg_check_modules(DW IMPORTED_TARGET libdw>=0.188)
if(NOT DW_FOUND AND NOT CMAKE_CROSSCOMPILING)
  message(FATAL_ERROR "libdw is not installed: run 'make setup'")
endif()

set(reader_bytes "${PROJECT_BINARY_DIR}/reader.c")
set(reader_file)
if(DW_FOUND)
  add_executable(tenon_reader ${reader_sources} src/reader/main.c)
  set_target_properties(tenon_reader PROPERTIES OUTPUT_NAME tenon-read)
  target_include_directories(tenon_reader PRIVATE src include)
  target_compile_definitions(tenon_reader PRIVATE _GNU_SOURCE)
  target_link_libraries(tenon_reader PRIVATE PkgConfig::DW tenon_warnings)
  target_link_options(tenon_reader PRIVATE -Wl,--gc-sections -Wl,-z,now)
  target_compile_options(tenon_reader PRIVATE -ffunction-sections)
  # Its own limit of memory would be too low for them; the tests have another.
  if(TENON_SANITIZE)
    target_compile_options(tenon_reader PRIVATE -fno-sanitize=all)
    target_link_options(tenon_reader PRIVATE -fno-sanitize=all)
  endif()
  set(reader_file "${PROJECT_BINARY_DIR}/tenon-read.stripped")
  add_custom_command(
    OUTPUT "${reader_file}"
    COMMAND "${CMAKE_OBJCOPY}" --strip-all "$<TARGET_FILE:tenon_reader>"
      "${reader_file}"
    DEPENDS tenon_reader
    COMMENT "Stripping the reader"
    VERBATIM)
else()
  message(STATUS "libdw is not installed for ${CMAKE_SYSTEM_PROCESSOR}: "
    "native source will be no import")
endif()
add_custom_command(
  OUTPUT "${reader_bytes}"
  COMMAND "${CMAKE_COMMAND}" "-DIN=${reader_file}" "-DOUT=${reader_bytes}"
    -DNAME=tenon_p_reader -DHEADER=reader/reader.h
    -P "${PROJECT_SOURCE_DIR}/cmake/bytes.cmake"
  DEPENDS ${reader_file} "${PROJECT_SOURCE_DIR}/cmake/bytes.cmake"
  COMMENT "Writing the reader as C"
  VERBATIM)
