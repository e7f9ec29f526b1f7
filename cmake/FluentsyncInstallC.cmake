# What `cmake --install` lays down for the C library: the shared library, its header, its own CMake targets and its own
# pkg-config file. None of them asks for a dependency's development package.

install(TARGETS fluentsync_c EXPORT fluentsyncCTargets
  LIBRARY COMPONENT runtime NAMELINK_COMPONENT development)
install(FILES "${PROJECT_SOURCE_DIR}/capi/include/fluentsync/fluentsync.h"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/fluentsync")
install(EXPORT fluentsyncCTargets NAMESPACE fluentsync:: DESTINATION "${package_dir}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/fluentsync-c.pc.in" "${PROJECT_BINARY_DIR}/package/fluentsync-c.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/package/fluentsync-c.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
# The Rust crates are sources: a host's build reaches them by path.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/capi/rust" DESTINATION "${CMAKE_INSTALL_DATADIR}/fluentsync"
  PATTERN target EXCLUDE PATTERN ".gitignore" EXCLUDE)
