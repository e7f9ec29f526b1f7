//! Commits, pulls, pushes, and what a remote asks for.

use crate::*;
use std::os::raw::{c_char, c_int, c_void};

/// Called on the network's thread.
pub type fluentsync_credentials_callback =
    unsafe extern "C" fn(userdata: *mut c_void, credentials: *mut fluentsync_credentials);

extern "C" {
    pub fn fluentsync_credentials_url(
        credentials: *const fluentsync_credentials,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_credentials_username(
        credentials: *const fluentsync_credentials,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_credentials_attempt(credentials: *const fluentsync_credentials) -> c_int;
    pub fn fluentsync_credentials_answer(
        credentials: *mut fluentsync_credentials,
        username: *const c_char,
        username_length: usize,
        password: *const c_char,
        password_length: usize,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_credentials_fail(
        credentials: *mut fluentsync_credentials,
        reason: *const c_char,
        reason_length: usize,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_git_open(
        loop_: *mut fluentsync_loop,
        store: *mut fluentsync_store,
        directory: *mut fluentsync_directory,
        options: *const c_char,
        options_length: usize,
        ask: Option<fluentsync_credentials_callback>,
        userdata: *mut c_void,
        free_userdata: Option<fluentsync_free_function>,
        git: *mut *mut fluentsync_git,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_git_close(git: *mut fluentsync_git, error: *mut *mut fluentsync_error) -> c_int;
    pub fn fluentsync_git_start(git: *mut fluentsync_git, error: *mut *mut fluentsync_error) -> c_int;
    pub fn fluentsync_git_stop(git: *mut fluentsync_git, error: *mut *mut fluentsync_error) -> c_int;
    pub fn fluentsync_git_commit(
        git: *mut fluentsync_git,
        message: *const c_char,
        message_length: usize,
        result: *mut *mut fluentsync_string,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_git_pull(
        git: *mut fluentsync_git,
        result: *mut *mut fluentsync_string,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_git_push(
        git: *mut fluentsync_git,
        result: *mut *mut fluentsync_string,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_git_sync(git: *mut fluentsync_git, error: *mut *mut fluentsync_error) -> c_int;
    pub fn fluentsync_git_status(
        git: *mut fluentsync_git,
        status: *mut *mut fluentsync_string,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
}
