//! The loop that timers, watches and callbacks run on.

use crate::*;
use std::os::raw::{c_int, c_void};

/// What `fluentsync_loop_post()` runs.
pub type fluentsync_task = unsafe extern "C" fn(userdata: *mut c_void);

extern "C" {
    pub fn fluentsync_loop_open(loop_: *mut *mut fluentsync_loop, error: *mut *mut fluentsync_error)
        -> c_int;
    pub fn fluentsync_loop_lend(
        lent: *mut uv_loop_s,
        loop_: *mut *mut fluentsync_loop,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_loop_post(
        loop_: *mut fluentsync_loop,
        task: Option<fluentsync_task>,
        userdata: *mut c_void,
        free_userdata: Option<fluentsync_free_function>,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_loop_on_thread(
        loop_: *mut fluentsync_loop,
        on_thread: *mut c_int,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_loop_close(loop_: *mut fluentsync_loop, error: *mut *mut fluentsync_error) -> c_int;
}
