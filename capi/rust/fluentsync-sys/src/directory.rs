//! A store and a folder of plain files in step.

use crate::*;
use std::os::raw::{c_char, c_int};

extern "C" {
    pub fn fluentsync_directory_open(
        loop_: *mut fluentsync_loop,
        store: *mut fluentsync_store,
        options: *const c_char,
        options_length: usize,
        directory: *mut *mut fluentsync_directory,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_close(
        directory: *mut fluentsync_directory,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_start(
        directory: *mut fluentsync_directory,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_stop(
        directory: *mut fluentsync_directory,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_flush(
        directory: *mut fluentsync_directory,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_export_all(
        directory: *mut fluentsync_directory,
        count: *mut i64,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_import_all(
        directory: *mut fluentsync_directory,
        count: *mut i64,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_confirm_deletions(
        directory: *mut fluentsync_directory,
        count: *mut i64,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_status(
        directory: *mut fluentsync_directory,
        status: *mut *mut fluentsync_string,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
}
