# The Rust crates against the C library of this build. A sanitised library asks its host for the sanitizer too, so
# they run in plain builds only.
add_test(NAME capi_rust_declarations
  COMMAND Python3::Interpreter "${CMAKE_CURRENT_SOURCE_DIR}/check_rust_declarations.py"
    "${PROJECT_SOURCE_DIR}/capi/include/fluentsync/fluentsync.h" "${PROJECT_SOURCE_DIR}/capi/rust/fluentsync-sys/src")
set_tests_properties(capi_rust_declarations PROPERTIES LABELS capi)

if(NOT FLUENTSYNC_SANITIZE)
  set(target_dir "${CMAKE_CURRENT_BINARY_DIR}/rust")
  add_test(NAME capi_rust COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/run_cargo.sh" "${PROJECT_SOURCE_DIR}/capi/rust"
    $<TARGET_FILE_DIR:fluentsync_c> "${target_dir}" test --offline --locked)
  add_test(NAME capi_rust_example COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/run_rust_example.sh" "${PROJECT_SOURCE_DIR}"
    $<TARGET_FILE_DIR:fluentsync_c> "${target_dir}")
  set_tests_properties(capi_rust capi_rust_example PROPERTIES LABELS capi TIMEOUT 600 SKIP_RETURN_CODE 77
    RESOURCE_LOCK cargo)
endif()
