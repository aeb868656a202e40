# The engine: its fetched sources, edited into the build folder, as one object
# library that libtenon and the host tools are linked from.

if(NOT EXISTS "${TENON_ENGINE_DIR}/quickjs.c")
  message(FATAL_ERROR "No engine in ${TENON_ENGINE_DIR}: run 'make setup', "
    "or give a pristine tree of QuickJS-ng with -DTENON_ENGINE_DIR=")
endif()

add_executable(edit-engine tools/edit-engine.c)
target_compile_definitions(edit-engine PRIVATE _GNU_SOURCE)

set(engine_out "${PROJECT_BINARY_DIR}/engine")
file(MAKE_DIRECTORY "${engine_out}")
file(GLOB engine_edits CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/src/engine/edits/*.edit")
add_custom_command(
  OUTPUT "${engine_out}/stamp"
  BYPRODUCTS "${engine_out}/quickjs.c"
  COMMAND edit-engine "${TENON_ENGINE_DIR}"
    "${PROJECT_SOURCE_DIR}/src/engine/edits" "${engine_out}"
  COMMAND ${CMAKE_COMMAND} -E touch "${engine_out}/stamp"
  DEPENDS edit-engine ${engine_edits} "${TENON_ENGINE_DIR}/quickjs.c"
  COMMENT "Editing the engine"
  VERBATIM)
add_custom_target(engine-source DEPENDS "${engine_out}/stamp")

add_library(engine OBJECT
  src/engine/unit.c
  "${TENON_ENGINE_DIR}/libregexp.c"
  "${TENON_ENGINE_DIR}/libunicode.c"
  "${TENON_ENGINE_DIR}/dtoa.c")
add_dependencies(engine engine-source)
set_source_files_properties(src/engine/unit.c PROPERTIES
  OBJECT_DEPENDS "${engine_out}/stamp")
# The edited sources come before the pristine ones that lie beside the headers.
# As system headers they keep their warnings to themselves; our extension, in
# the same unit, is compiled as strictly as the rest.
target_include_directories(engine PRIVATE src include)
target_include_directories(engine SYSTEM PRIVATE "${engine_out}"
  "${TENON_ENGINE_DIR}")
set_source_files_properties("${TENON_ENGINE_DIR}/libregexp.c"
  "${TENON_ENGINE_DIR}/libunicode.c" "${TENON_ENGINE_DIR}/dtoa.c"
  PROPERTIES COMPILE_OPTIONS -w)
# Without NDEBUG every opcode tests a dump flag, and with less than -O3 strings
# are several times slower: the engine is built the same way in all presets.
# Its own functions are marked as visible, for the library that shows them.
target_compile_definitions(engine PRIVATE _GNU_SOURCE QUICKJS_NG_BUILD
  BUILDING_QJS_SHARED $<$<NOT:$<CONFIG:Release>>:NDEBUG>)
target_compile_options(engine PRIVATE -fno-semantic-interposition)
target_link_libraries(engine PRIVATE tenon_warnings)
if(NOT TENON_SANITIZE)
  target_compile_options(engine PRIVATE -O3)
endif()
