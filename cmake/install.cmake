# What `make install` puts under the prefix, and how others find it: by
# pkg-config ("tenon") and as a CMake package (tenon::static, tenon::shared).

include(CMakePackageConfigHelpers)

install(TARGETS tenon_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS tenon_static tenon_shared EXPORT tenon-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h")

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/tenon")
configure_package_config_file(cmake/tenon-config.cmake.in
  "${PROJECT_BINARY_DIR}/tenon-config.cmake" INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/tenon-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(EXPORT tenon-targets NAMESPACE tenon:: DESTINATION ${package_dir})
install(FILES
  "${PROJECT_BINARY_DIR}/tenon-config.cmake"
  "${PROJECT_BINARY_DIR}/tenon-config-version.cmake"
  DESTINATION ${package_dir})

configure_file(cmake/tenon.pc.in "${PROJECT_BINARY_DIR}/tenon.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/tenon.pc"
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
