//! Errors, codes, versions, the object counter, and texts that are freed.

use crate::*;
use std::os::raw::{c_char, c_int};

pub const FLUENTSYNC_OK: c_int = 0;
pub const FLUENTSYNC_INVALID_ARGUMENT: c_int = 1;
pub const FLUENTSYNC_INVALID_OPTIONS: c_int = 2;
pub const FLUENTSYNC_INVALID_KEY: c_int = 3;
pub const FLUENTSYNC_INVALID_CONTENT: c_int = 4;
pub const FLUENTSYNC_INVALID_FRONT_MATTER: c_int = 5;
pub const FLUENTSYNC_TOO_LARGE: c_int = 6;
pub const FLUENTSYNC_NOT_FOUND: c_int = 7;
pub const FLUENTSYNC_ALREADY_EXISTS: c_int = 8;
pub const FLUENTSYNC_VERSION_MISMATCH: c_int = 9;
pub const FLUENTSYNC_CANNOT_OPEN: c_int = 10;
pub const FLUENTSYNC_NOT_OUR_DATABASE: c_int = 11;
pub const FLUENTSYNC_NEWER_DATABASE: c_int = 12;
pub const FLUENTSYNC_BUSY: c_int = 13;
pub const FLUENTSYNC_IO: c_int = 14;
pub const FLUENTSYNC_CORRUPT: c_int = 15;
pub const FLUENTSYNC_FOLDER_OWNED: c_int = 16;
pub const FLUENTSYNC_ROOT_UNVERIFIED: c_int = 17;
pub const FLUENTSYNC_REPOSITORY: c_int = 18;
pub const FLUENTSYNC_REPOSITORY_BUSY: c_int = 19;
pub const FLUENTSYNC_REF_MOVED: c_int = 20;
pub const FLUENTSYNC_REMOTE_UNREACHABLE: c_int = 21;
pub const FLUENTSYNC_TIMED_OUT: c_int = 22;
pub const FLUENTSYNC_AUTHENTICATION: c_int = 23;
pub const FLUENTSYNC_PUSH_REJECTED: c_int = 24;
pub const FLUENTSYNC_CANCELLED: c_int = 25;
pub const FLUENTSYNC_CLOSED: c_int = 26;
pub const FLUENTSYNC_MISUSE: c_int = 27;
pub const FLUENTSYNC_INTERNAL: c_int = 28;
pub const FLUENTSYNC_DATABASE_GONE: c_int = 29;

extern "C" {
    pub fn fluentsync_error_code(error: *const fluentsync_error) -> c_int;
    pub fn fluentsync_error_message(error: *const fluentsync_error, length: *mut usize) -> *const c_char;
    pub fn fluentsync_error_path(error: *const fluentsync_error, length: *mut usize) -> *const c_char;
    pub fn fluentsync_error_retryable(error: *const fluentsync_error) -> c_int;
    pub fn fluentsync_error_free(error: *mut fluentsync_error);
    pub fn fluentsync_code_name(code: c_int) -> *const c_char;
    pub fn fluentsync_version() -> *const c_char;
    pub fn fluentsync_live_objects() -> i64;
    pub fn fluentsync_check_options(
        options: *const c_char,
        options_length: usize,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_string_data(string: *const fluentsync_string, length: *mut usize) -> *const c_char;
    pub fn fluentsync_string_free(string: *mut fluentsync_string);
}
