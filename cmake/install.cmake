# What `make install` puts under the prefix, and how others find it: by
# pkg-config ("tenon") and as a CMake package (tenon::static, tenon::shared); for
# programs that embed the engine, "tenon-quickjs" and tenon::quickjs_static,
# tenon::quickjs_shared.

include(CMakePackageConfigHelpers)

install(TARGETS tenon_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS tenon_static tenon_shared tenon_quickjs_static
  tenon_quickjs_shared EXPORT tenon-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/ "${TENON_NODE_API_DIR}/"
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES include/tenon/tenon.rs
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tenon)
# Of the engine's own headers the one that its users include.
install(FILES "${TENON_ENGINE_DIR}/quickjs.h"
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tenon/engine)
install(FILES "${TENON_NODE_API_DIR}/LICENSE"
  DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.node-api-headers OPTIONAL)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/tenon")
configure_package_config_file(cmake/tenon-config.cmake.in
  "${PROJECT_BINARY_DIR}/tenon-config.cmake" INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/tenon-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(EXPORT tenon-targets NAMESPACE tenon:: DESTINATION ${package_dir})
install(FILES
  "${PROJECT_BINARY_DIR}/tenon-config.cmake"
  "${PROJECT_BINARY_DIR}/tenon-config-version.cmake"
  DESTINATION ${package_dir})

# The prefix is known at install time only (cmake --install --prefix), and may
# be moved later: the .pc files find it from where they lie.
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR
   IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(package_prefix "${CMAKE_INSTALL_PREFIX}")
  set(package_libdir "${CMAKE_INSTALL_FULL_LIBDIR}")
  set(package_includedir "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
else()
  file(RELATIVE_PATH up "/${pkgconfig_dir}" /)
  string(REGEX REPLACE "/$" "" up "${up}")
  set(package_prefix "\${pcfiledir}/${up}")
  set(package_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
  set(package_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
foreach(package tenon tenon-static tenon-quickjs tenon-quickjs-static)
  configure_file(cmake/${package}.pc.in
    "${PROJECT_BINARY_DIR}/${package}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${package}.pc"
    DESTINATION "${pkgconfig_dir}")
endforeach()
file(GLOB pages "${PROJECT_SOURCE_DIR}/docs/*.md")
# For those who change it.
list(FILTER pages EXCLUDE REGEX "/ARCHITECTURE\\.md$")
install(FILES LICENSE ${pages} DESTINATION ${CMAKE_INSTALL_DOCDIR})
# The engine is inside of the library: its licence comes along.
install(FILES "${TENON_ENGINE_DIR}/COPYING.debian"
  DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.quickjs-ng OPTIONAL)
# So are packages of npm.
install(FILES "${TENON_NODE_PACKAGES_DIR}/punycode/LICENSE"
  DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.punycode OPTIONAL)
# So are libuv and libmd in the command, where they could be linked statically.
install(FILES /usr/share/doc/libuv1-dev/copyright
  DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.libuv OPTIONAL)

install(FILES /usr/share/doc/libmd-dev/copyright
  DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.libmd OPTIONAL)

# The manual page, with the version and a date: SOURCE_DATE_EPOCH, or today.
find_program(SCDOC scdoc)
if(SCDOC)
  set(page "${PROJECT_BINARY_DIR}/tenon.1")
  configure_file(docs/tenon.1.scd "${page}.scd" @ONLY)
  add_custom_command(
    OUTPUT "${page}"
    COMMAND "${SCDOC}" < "${page}.scd" > "${page}"
    DEPENDS "${page}.scd"
    COMMENT "Making the manual page"
    VERBATIM)
  add_custom_target(manual ALL DEPENDS "${page}")
  install(FILES "${page}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
else()
  message(STATUS "scdoc is not installed: no manual page")
endif()
