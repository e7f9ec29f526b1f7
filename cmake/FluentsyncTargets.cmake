# What every target of ours shares. Nothing here is exported to consumers.

add_library(fluentsync_settings INTERFACE)
target_compile_features(fluentsync_settings INTERFACE cxx_std_20)
target_compile_options(fluentsync_settings INTERFACE -Wall -Wextra -Wpedantic
  $<$<BOOL:${FLUENTSYNC_DEVELOPER}>:-Werror>)
# Hardening. What costs run time is for what is shipped; fortified functions need an optimised build anyway.
set(is_shipped "$<CONFIG:Release,RelWithDebInfo,MinSizeRel>")
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-fstack-protector-strong FLUENTSYNC_HAS_STACK_PROTECTOR)
check_cxx_compiler_flag(-fcf-protection FLUENTSYNC_HAS_CF_PROTECTION)  # where the processor has it
target_compile_options(fluentsync_settings INTERFACE
  $<$<AND:${is_shipped},$<BOOL:${FLUENTSYNC_HAS_STACK_PROTECTOR}>>:-fstack-protector-strong>
  $<$<AND:${is_shipped},$<BOOL:${FLUENTSYNC_HAS_CF_PROTECTION}>>:-fcf-protection>)
if(NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "_FORTIFY_SOURCE")
  # Undefined first: some compilers come with a level of their own.
  target_compile_options(fluentsync_settings INTERFACE $<${is_shipped}:-U_FORTIFY_SOURCE>
    $<${is_shipped}:-D_FORTIFY_SOURCE=2>)
endif()
if(UNIX AND NOT APPLE)
  # No table of functions stays writable. The library as a whole is linked in src/ and capi/ with the same.
  target_link_options(fluentsync_settings INTERFACE "LINKER:-z,relro,-z,now")
endif()
if(CMAKE_UNITY_BUILD)
  # There a source file is included like a header, of whose unnamed namespace g++ warns.
  target_compile_options(fluentsync_settings INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
endif()
if(FLUENTSYNC_SANITIZE)
  # UndefinedBehaviorSanitizer doubles the compile time of a file, and is after the library's code, not the tests'.
  define_property(TARGET PROPERTY FLUENTSYNC_TEST_CODE INHERITED BRIEF_DOCS "Code of the tests alone")
  string(REGEX REPLACE ",?undefined" "" sanitize_tests "${FLUENTSYNC_SANITIZE}")
  string(REPLACE "," "$<COMMA>" sanitize_library "${FLUENTSYNC_SANITIZE}")
  string(REPLACE "," "$<COMMA>" sanitize_tests "${sanitize_tests}")
  set(is_test_code "$<BOOL:$<TARGET_PROPERTY:FLUENTSYNC_TEST_CODE>>")
  target_compile_options(fluentsync_settings INTERFACE
    $<IF:${is_test_code},-fsanitize=${sanitize_tests},-fsanitize=${sanitize_library}> -fno-omit-frame-pointer -fno-sanitize-recover=all
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)  # g++ sees it in every std::function that a sanitizer instruments
  set(FLUENTSYNC_SANITIZE_LINK_OPTIONS -fsanitize=${FLUENTSYNC_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND FLUENTSYNC_SANITIZE MATCHES address AND NOT FLUENTSYNC_FUZZ)
    # clang's runtime as a library of its own, as g++ has it: our shared library is loaded by programs in C and by Python.
    execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=libclang_rt.asan-${CMAKE_SYSTEM_PROCESSOR}.so
      OUTPUT_VARIABLE FLUENTSYNC_SANITIZE_RUNTIME OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT EXISTS "${FLUENTSYNC_SANITIZE_RUNTIME}")
      message(FATAL_ERROR "clang has no shared runtime of AddressSanitizer here: install libclang-rt-14-dev, or use g++")
    endif()
    cmake_path(GET FLUENTSYNC_SANITIZE_RUNTIME PARENT_PATH runtime_folder)
    list(APPEND FLUENTSYNC_SANITIZE_LINK_OPTIONS -shared-libsan "LINKER:-rpath,${runtime_folder}")
  endif()
  target_link_options(fluentsync_settings INTERFACE ${FLUENTSYNC_SANITIZE_LINK_OPTIONS})
endif()

# One floor of DESIGN.md section 3: an object library of src/NAME/*.cpp that sees src/ and the public
# headers, and links the floors it stands on (so a unit test of a floor needs no floor above it).
function(fluentsync_add_floor name)
  cmake_parse_arguments(arg "" "" "FLOORS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  set(target fluentsync_floor_${name})
  add_library(${target} OBJECT ${sources})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)
  if(NOT BUILD_SHARED_LIBS)
    # A shared library shows what cmake/fluentsync.map says; a host that links us in shows nothing of ours.
    set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  endif()
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include"
    "${PROJECT_BINARY_DIR}/include")
  target_link_libraries(${target} PRIVATE fluentsync_settings)
  set_target_properties(${target} PROPERTIES FLUENTSYNC_FLOORS "${arg_FLOORS}"
    FLUENTSYNC_LIBRARIES "${arg_LIBRARIES}")
  # Its libraries and those of the floors below, but not those floors: whoever links objects names each floor itself.
  fluentsync_floor_closure(${name} floors)
  foreach(floor IN LISTS floors)
    get_target_property(libraries fluentsync_floor_${floor} FLUENTSYNC_LIBRARIES)
    target_link_libraries(${target} PUBLIC ${libraries})
  endforeach()
endfunction()

# All floors that NAME stands on, itself included, each once.
function(fluentsync_floor_closure name out)
  set(seen ${name})
  get_property(floors TARGET fluentsync_floor_${name} PROPERTY FLUENTSYNC_FLOORS)
  foreach(floor IN LISTS floors)
    fluentsync_floor_closure(${floor} below)
    list(APPEND seen ${below})
  endforeach()
  list(REMOVE_DUPLICATES seen)
  set(${out} ${seen} PARENT_SCOPE)
endfunction()
