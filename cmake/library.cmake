# libtenon, static and shared from the same objects, and the command.

set(builtins_out "${PROJECT_BINARY_DIR}/builtins")
file(MAKE_DIRECTORY "${builtins_out}")
add_executable(embed tools/embed.c $<TARGET_OBJECTS:engine>)
target_include_directories(embed SYSTEM PRIVATE "${TENON_ENGINE_DIR}")
target_link_libraries(embed PRIVATE m Threads::Threads)

set(builtin_sources)
# NAME is src/std/NAME/NAME.js; DIR/NAME is src/std/DIR/NAME.js, called DIR_NAME.
foreach(builtin abort child commonjs console event inspect inspect/format inspect/kinds
    inspect/text process)
  string(REPLACE "/" "_" name "${builtin}")
  set(script "${PROJECT_SOURCE_DIR}/src/std/${builtin}.js")
  if(NOT builtin MATCHES "/")
    set(script "${PROJECT_SOURCE_DIR}/src/std/${builtin}/${builtin}.js")
  endif()
  set(out "${builtins_out}/${name}.c")
  add_custom_command(
    OUTPUT "${out}"
    COMMAND embed ${name} "${script}" "${out}"
    DEPENDS embed "${script}"
    COMMENT "Compiling the builtin ${name}"
    VERBATIM)
  list(APPEND builtin_sources "${out}")
endforeach()

# Modules of node's names: src/node/DIR/NAME.js is node_DIR_NAME, and what is in
# internal/ is required by the others only.
function(embed_module script name module)
  set(out "${builtins_out}/${name}.c")
  add_custom_command(
    OUTPUT "${out}"
    COMMAND embed ${name} "${script}" "${out}" ${module}
    DEPENDS embed "${script}"
    COMMENT "Compiling the module ${module}"
    VERBATIM)
  set(builtin_sources ${builtin_sources} "${out}" PARENT_SCOPE)
endfunction()

set(node_root "${PROJECT_SOURCE_DIR}/src/node")
file(GLOB_RECURSE node_scripts CONFIGURE_DEPENDS RELATIVE "${node_root}"
  "${node_root}/*.js")
foreach(script ${node_scripts})
  string(REGEX REPLACE "\\.js$" "" module "${script}")
  string(REGEX REPLACE "[^a-z0-9]" "_" name "node_${module}")
  if(NOT module MATCHES "^internal/")
    set(module "node:${module}")
  endif()
  embed_module("${node_root}/${script}" ${name} ${module})
endforeach()
# Those that are packages of npm.
foreach(package punycode)
  embed_module("${TENON_NODE_PACKAGES_DIR}/${package}/${package}.js"
    node_${package} node:${package})
endforeach()

# Headers for native source that is imported, and what its generated code depends
# on: a change of either makes what is cached stale.
add_executable(embed-files tools/embed-files.c)
target_link_libraries(embed-files PRIVATE PkgConfig::MD tenon_warnings)
set(export_root "${PROJECT_SOURCE_DIR}/include")
file(GLOB export_headers CONFIGURE_DEPENDS "${export_root}/tenon/export/*.h")
foreach(name allocator descriptor error export napi persistent property runtime
    version)
  list(APPEND export_headers "${export_root}/tenon/${name}.h")
endforeach()
file(GLOB node_api_headers "${TENON_NODE_API_DIR}/tenon/node-api/*.h")
file(GLOB generator_sources CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/src/source/*.[ch]"
  "${PROJECT_SOURCE_DIR}/src/reader/*.[ch]")
add_custom_command(
  OUTPUT "${builtins_out}/headers.c"
  COMMAND embed-files "${builtins_out}/headers.c" -C "${export_root}"
    ${export_headers} -C "${TENON_NODE_API_DIR}" ${node_api_headers}
    -g ${generator_sources}
  DEPENDS embed-files ${export_headers} ${node_api_headers} ${generator_sources}
  COMMENT "Embedding headers"
  VERBATIM)
list(APPEND builtin_sources "${builtins_out}/headers.c")

add_library(tenon_objects OBJECT
  src/api/attach.c
  src/api/cache.c
  src/api/close.c
  src/api/crash.c
  src/api/debug.c
  src/api/import.c
  src/api/limits.c
  src/api/loader.c
  src/api/loop.c
  src/api/pool.c
  src/api/open.c
  src/api/promise.c
  src/api/realm.c
  src/api/resolve.c
  src/api/runtime.c
  src/api/source.c
  src/api/state.c
  src/api/version.c
  src/api/watch.c
  src/base/alloc.c
  src/base/crash-text.c
  src/base/crash.c
  src/base/elf.c
  src/base/error.c
  src/base/json.c
  src/base/path.c
  src/base/start.c
  src/base/text.c
  src/base/store.c
  src/base/thread.c
  src/base/utf8.c
  src/base/walk.c
  src/bind/abandon.c
  src/bind/any.c
  src/bind/async-iterator.c
  src/bind/call.c
  src/bind/callback.c
  src/bind/class-check.c
  src/bind/class.c
  src/bind/closure.c
  src/bind/convert.c
  src/bind/drop.c
  src/bind/either.c
  src/bind/exotic.c
  src/bind/exports.c
  src/bind/failure.c
  src/bind/flags.c
  src/bind/function.c
  src/bind/hold.c
  src/bind/instance-value.c
  src/bind/instance.c
  src/bind/iterator.c
  src/bind/message.c
  src/bind/names.c
  src/bind/options.c
  src/bind/parts.c
  src/bind/records.c
  src/bind/shown.c
  src/bind/signal.c
  src/bind/species.c
  src/bind/state.c
  src/bind/stream.c
  src/bind/table.c
  src/bind/tuples.c
  src/bind/views.c
  src/bind/words.c
  src/engine/debug.c
  src/engine/engine.c
  src/engine/exception.c
  src/engine/external.c
  src/engine/finalize.c
  src/engine/limit.c
  src/engine/realm.c
  src/engine/tick.c
  src/heap/heap.c
  src/loop/await.c
  src/loop/callback.c
  src/loop/cancel.c
  src/loop/check.c
  src/loop/clock.c
  src/loop/deferred.c
  src/loop/due.c
  src/loop/guest.c
  src/loop/iterable.c
  src/loop/joint.c
  src/loop/loop.c
  src/loop/mailbox.c
  src/loop/operation.c
  src/loop/own.c
  src/loop/pool.c
  src/loop/promise.c
  src/loop/reaction.c
  src/loop/serial.c
  src/loop/stream.c
  src/loop/tell.c
  src/loop/watch.c
  src/module/attributes.c
  src/module/builtin.c
  src/module/chain.c
  src/module/commonjs.c
  src/module/commonjs-import.c
  src/module/commonjs-native.c
  src/module/data.c
  src/module/forms.c
  src/module/graph.c
  src/module/import-map.c
  src/module/integrity.c
  src/module/later.c
  src/module/lexer.c
  src/module/links.c
  src/module/load.c
  src/module/modules.c
  src/module/nameset.c
  src/module/native.c
  src/module/package.c
  src/module/package-file.c
  src/module/package-json.c
  src/module/package-map.c
  src/module/permission.c
  src/module/resolve.c
  src/module/shared.c
  src/module/source.c
  src/module/trace.c
  src/source/build.c
  src/source/cache.c
  src/source/callbacks.c
  src/source/command.c
  src/source/compile.c
  src/source/compiler.c
  src/source/declare.c
  src/source/emit-callback.c
  src/source/emit-function.c
  src/source/emit-names.c
  src/source/emit-words.c
  src/source/emit.c
  src/source/failure.c
  src/source/folder.c
  src/source/generate.c
  src/source/hash.c
  src/source/headers.c
  src/source/layout.c
  src/source/link.c
  src/source/manifest.c
  src/source/notes.c
  src/source/plan.c
  src/source/process.c
  src/source/rules.c
  src/source/run.c
  src/source/said.c
  src/source/table.c
  src/source/texts.c
  src/source/thunks.c
  src/source/unit.c
  src/source/words.c
  src/napi/any.c
  src/napi/bigint.c
  src/napi/buffer.c
  src/napi/date.c
  src/napi/descriptor.c
  src/napi/env.c
  src/napi/error.c
  src/napi/function.c
  src/napi/key.c
  src/napi/object.c
  src/napi/persistent.c
  src/napi/primitive.c
  src/napi/promise.c
  src/napi/property.c
  src/napi/reference.c
  src/napi/scope.c
  src/napi/string.c
  src/napi/symbol.c
  src/napi/wrap.c
  src/node/buffer.c
  src/node/crypto.c
  src/node/encoding.c
  src/node/fs.c
  src/node/events.c
  src/node/node.c
  src/node/os.c
  src/node/path.c
  src/node/process.c
  src/node/system.c
  src/node/timers.c
  src/node/util.c
  src/std/abort/abort.c
  src/std/abort/timeout.c
  src/std/child/child.c
  src/std/child/plan.c
  src/std/child/stream.c
  src/std/child/thing.c
  src/std/commonjs/commonjs.c
  src/std/console/console.c
  src/std/event/event.c
  src/std/inspect/inspect.c
  src/std/inspect/width.c
  src/std/process/process.c
  src/std/report/hint.c
  src/std/report/place.c
  src/std/report/report.c
  src/std/std.c
  src/std/timers/immediate.c
  src/std/timers/timers.c
  ${builtin_sources}
  ${reader_bytes})
target_include_directories(tenon_objects PRIVATE src include)
target_include_directories(tenon_objects SYSTEM PRIVATE "${TENON_ENGINE_DIR}"
  "${TENON_NODE_API_DIR}")
target_compile_definitions(tenon_objects PRIVATE _GNU_SOURCE)
# What is Linux alone has a plain fallback beside it.
if(CMAKE_SYSTEM_NAME STREQUAL Linux)
  target_sources(tenon_objects PRIVATE src/loop/descriptor_linux.c)
else()
  target_sources(tenon_objects PRIVATE src/loop/descriptor.c)
endif()
# Declarations of TypeScript.
target_sources(tenon_objects PRIVATE
  src/api/declare.c
  src/bind/declare-class.c
  src/bind/declare-doc.c
  src/bind/declare-name.c
  src/bind/declare-source.c
  src/bind/declare-type.c
  src/bind/declare.c)
target_link_libraries(tenon_objects PRIVATE PkgConfig::UV PkgConfig::MD tenon_warnings)

# Two libraries of the same objects. libtenon shows its own interface only: a
# program may have another QuickJS beside it. libtenon-quickjs takes the place
# of the engine's library in a program that embeds the engine, and shows its
# interface too. The static ones hold one object each, in which all names but
# these are local.
foreach(name tenon tenon-quickjs)
  set(hidden --localize-hidden)
  if(name STREQUAL tenon)
    list(APPEND hidden --wildcard "--localize-symbol=JS_*"
      "--localize-symbol=js_*")
  endif()
  set(whole "${PROJECT_BINARY_DIR}/${name}.o")
  add_custom_command(
    OUTPUT "${whole}"
    COMMAND ${CMAKE_LINKER} -r -o "${whole}" $<TARGET_OBJECTS:tenon_objects>
      $<TARGET_OBJECTS:engine>
    COMMAND ${CMAKE_OBJCOPY} ${hidden} "${whole}"
    DEPENDS $<TARGET_OBJECTS:tenon_objects> $<TARGET_OBJECTS:engine>
    COMMENT "Hiding inner symbols of ${name}"
    COMMAND_EXPAND_LISTS VERBATIM)
  set_source_files_properties("${whole}" PROPERTIES
    GENERATED ON EXTERNAL_OBJECT ON)
endforeach()

# tenon_internal is for the tests, which use inner functions.
add_library(tenon_internal STATIC $<TARGET_OBJECTS:tenon_objects>
  $<TARGET_OBJECTS:engine>)
add_library(tenon_static STATIC "${PROJECT_BINARY_DIR}/tenon.o")
add_library(tenon_shared SHARED $<TARGET_OBJECTS:tenon_objects>
  $<TARGET_OBJECTS:engine>)
add_library(tenon_quickjs_static STATIC "${PROJECT_BINARY_DIR}/tenon-quickjs.o")
add_library(tenon_quickjs_shared SHARED $<TARGET_OBJECTS:tenon_objects>
  $<TARGET_OBJECTS:engine>)
foreach(target tenon_internal tenon_static tenon_shared tenon_quickjs_static
    tenon_quickjs_shared)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${TENON_NODE_API_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
  target_link_libraries(${target} PRIVATE PkgConfig::UV PkgConfig::MD m Threads::Threads)
endforeach()
foreach(target tenon_quickjs_static tenon_quickjs_shared)
  target_include_directories(${target} SYSTEM PUBLIC
    $<BUILD_INTERFACE:${TENON_ENGINE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/tenon/engine>)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME tenon-quickjs)
endforeach()
set_target_properties(tenon_internal PROPERTIES OUTPUT_NAME tenon-internal)
set_target_properties(tenon_static PROPERTIES OUTPUT_NAME tenon
  EXPORT_NAME static)
set_target_properties(tenon_shared PROPERTIES OUTPUT_NAME tenon
  EXPORT_NAME shared)
set_target_properties(tenon_quickjs_static PROPERTIES
  EXPORT_NAME quickjs_static)
set_target_properties(tenon_quickjs_shared PROPERTIES
  EXPORT_NAME quickjs_shared)
add_library(tenon::static ALIAS tenon_static)
add_library(tenon::shared ALIAS tenon_shared)
add_library(tenon::quickjs_static ALIAS tenon_quickjs_static)
add_library(tenon::quickjs_shared ALIAS tenon_quickjs_shared)
# Before 1.0 a minor version may change the interface.
set_target_properties(tenon_shared tenon_quickjs_shared PROPERTIES
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_link_options(tenon_shared PRIVATE -Wl,--no-undefined
  "-Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/libtenon.map")
set_target_properties(tenon_shared PROPERTIES
  LINK_DEPENDS "${PROJECT_SOURCE_DIR}/cmake/libtenon.map")
# What is in it calls what is in it, whatever else a program has.
target_link_options(tenon_quickjs_shared PRIVATE -Wl,--no-undefined
  -Wl,-Bsymbolic-functions)

add_executable(tenon_command src/base/alloc.c src/base/elf.c src/cli/cache.c src/cli/main.c
  src/cli/options.c src/cli/program.c src/cli/resolve.c src/cli/signals.c
  src/cli/types.c)
set_target_properties(tenon_command PROPERTIES OUTPUT_NAME tenon)
target_compile_definitions(tenon_command PRIVATE _GNU_SOURCE)
target_include_directories(tenon_command PRIVATE src)
# One shared library less to load is a tenth of a short program's time.
find_library(TENON_UV_STATIC libuv_a.a)
find_library(TENON_MD_STATIC libmd.a)
if(TENON_UV_STATIC AND TENON_MD_STATIC AND NOT TENON_SANITIZE)
  target_link_libraries(tenon_command PRIVATE
    "$<TARGET_FILE:tenon_quickjs_static>" "${TENON_UV_STATIC}" "${TENON_MD_STATIC}"
    Threads::Threads
    ${CMAKE_DL_LIBS})
  target_include_directories(tenon_command PRIVATE include)
  add_dependencies(tenon_command tenon_quickjs_static)
else()
  target_link_libraries(tenon_command PRIVATE tenon::quickjs_static)
endif()
target_link_libraries(tenon_command PRIVATE tenon_warnings m)
# What modules of native code call, when it loads one: Node-API, and the engine
# where they were made for QuickJS.
foreach(name napi node_api tenon_key tenon_property tenon_persistent tenon_kept
    JS js)
  target_link_options(tenon_command PRIVATE
    "-Wl,--export-dynamic-symbol=${name}_*")
endforeach()
