# What `cmake --install` lays down: library, headers, CMake package, pkg-config file, licence. The program
# is installed by examples/.

include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/fluentsync")

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development)

install(TARGETS fluentsync EXPORT fluentsyncTargets)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/fluentsync" "${PROJECT_BINARY_DIR}/include/fluentsync"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

get_target_property(library_type fluentsync TYPE)
if(library_type STREQUAL "STATIC_LIBRARY")
  set(FLUENTSYNC_STATIC ON)
else()
  set(FLUENTSYNC_STATIC OFF)
endif()
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/fluentsyncConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/package/fluentsyncConfig.cmake" INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a minor release may break what was there.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/fluentsyncConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(EXPORT fluentsyncTargets NAMESPACE fluentsync:: DESTINATION "${package_dir}")
install(FILES "${PROJECT_BINARY_DIR}/package/fluentsyncConfig.cmake"
  "${PROJECT_BINARY_DIR}/package/fluentsyncConfigVersion.cmake" DESTINATION "${package_dir}")

# The prefix follows from where the file lies, so an installed tree can be moved.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  message(FATAL_ERROR "CMAKE_INSTALL_LIBDIR and CMAKE_INSTALL_INCLUDEDIR must be relative to the prefix")
endif()
file(RELATIVE_PATH FLUENTSYNC_PC_TO_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" FLUENTSYNC_PC_TO_PREFIX "${FLUENTSYNC_PC_TO_PREFIX}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/fluentsync.pc.in" "${PROJECT_BINARY_DIR}/package/fluentsync.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/package/fluentsync.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
include(FluentsyncInstallC)
