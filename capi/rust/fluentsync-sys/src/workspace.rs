//! Store, directory and git opened and wired together.

use crate::*;
use std::os::raw::{c_char, c_int, c_void};

extern "C" {
    pub fn fluentsync_workspace_open(
        loop_: *mut fluentsync_loop,
        options: *const c_char,
        options_length: usize,
        ask: Option<fluentsync_credentials_callback>,
        userdata: *mut c_void,
        free_userdata: Option<fluentsync_free_function>,
        workspace: *mut *mut fluentsync_workspace,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_close(
        workspace: *mut fluentsync_workspace,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_store(
        workspace: *mut fluentsync_workspace,
        store: *mut *mut fluentsync_store,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_directory(
        workspace: *mut fluentsync_workspace,
        directory: *mut *mut fluentsync_directory,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_git(
        workspace: *mut fluentsync_workspace,
        git: *mut *mut fluentsync_git,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_start(
        workspace: *mut fluentsync_workspace,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_stop(
        workspace: *mut fluentsync_workspace,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_sync(
        workspace: *mut fluentsync_workspace,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_status(
        workspace: *mut fluentsync_workspace,
        status: *mut *mut fluentsync_string,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_verify(
        workspace: *mut fluentsync_workspace,
        report: *mut *mut fluentsync_string,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
}
