# `cpack -G DEB` in the build folder: the C library's runtime, what developing needs, and the program. Each install rule
# names the component it belongs to.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fluentsync)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_VENDOR FluentSync)
set(CPACK_PACKAGE_CONTACT "FluentSync maintainers <maintainers@fluentsync.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime development program)
if(TARGET fluentsync_python)
  list(APPEND CPACK_COMPONENTS_ALL python)
endif()

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# The summary above becomes the first line of each description.
set(about "One content in three places: a SQLite store that a program queries, a folder of
plain files that people edit, and a git repository whose remote other machines
share. FluentSync keeps them in step and never loses what somebody wrote.")

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME libfluentsync0)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")  # the SONAME says what else breaks
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "${about}

This package holds the shared library, reached through its C API.")

# The static C++ library leaves linking its dependencies to whoever links it; the C library does not.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libfluentsync-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libfluentsync0 (= ${PROJECT_VERSION}-1), libgit2-dev, libsqlitecpp-dev, \
libsqlite3-dev, libuv1-dev, libyaml-dev, libfmt-dev, zlib1g-dev, libdeflate-dev, libssl-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "pkg-config, cmake, cargo")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "${about}

This package holds the C and C++ headers, the static C++ library, CMake and
pkg-config files, and the sources of the Rust crates, which need no others.")

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME fluentsync)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "${about}

This package holds the command-line program.")

set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-fluentsync)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "python3, libfluentsync0 (>= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_PYTHON_DESCRIPTION "${about}

This package holds the Python package.")

# Debian looks for a package's licence in the folder of its name.
foreach(pair IN ITEMS runtime:libfluentsync0 development:libfluentsync-dev program:fluentsync python:python3-fluentsync)
  string(REPLACE ":" ";" pair "${pair}")
  list(GET pair 0 component)
  list(GET pair 1 package)
  if(component IN_LIST CPACK_COMPONENTS_ALL)
    install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${package}" RENAME copyright
      COMPONENT ${component})
  endif()
endforeach()

include(CPack)
