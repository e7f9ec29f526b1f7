# Debian's packages, each behind one imported target. GLOBAL, so that a project which takes us in by
# add_subdirectory() or FetchContent sees the targets that the static library asks it to link.

find_package(Threads REQUIRED GLOBAL)
find_package(SQLiteCpp REQUIRED GLOBAL)
find_package(fmt REQUIRED GLOBAL)
find_package(nlohmann_json REQUIRED GLOBAL)
find_package(ZLIB REQUIRED GLOBAL)
find_package(OpenSSL REQUIRED COMPONENTS Crypto GLOBAL)
find_package(utf8cpp REQUIRED GLOBAL)
if(NOT TARGET utf8cpp::utf8cpp)
  add_library(utf8cpp::utf8cpp ALIAS utf8cpp)  # before 4.0 the target has no namespace
endif()
find_package(PkgConfig REQUIRED)
pkg_check_modules(libgit2 REQUIRED IMPORTED_TARGET GLOBAL libgit2>=1.5)
pkg_check_modules(libdeflate REQUIRED IMPORTED_TARGET GLOBAL libdeflate>=1.10)
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET GLOBAL libuv>=1.42)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET GLOBAL sqlite3>=3.38)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET GLOBAL yaml-0.1)
