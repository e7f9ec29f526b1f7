//! Queues, subscriptions and the events themselves.

use crate::*;
use std::os::raw::{c_char, c_int, c_void};

/// Called on any thread when a queue has something to take.
pub type fluentsync_ready_callback = unsafe extern "C" fn(userdata: *mut c_void);
/// Called on the loop's thread; the batch is borrowed.
pub type fluentsync_events_callback =
    unsafe extern "C" fn(userdata: *mut c_void, batch: *const fluentsync_event_batch);

pub const FLUENTSYNC_EVENT_ENTITY_CREATED: c_int = 0;
pub const FLUENTSYNC_EVENT_ENTITY_UPDATED: c_int = 1;
pub const FLUENTSYNC_EVENT_ENTITY_DELETED: c_int = 2;
pub const FLUENTSYNC_EVENT_FILE_EXPORTED: c_int = 3;
pub const FLUENTSYNC_EVENT_FILE_REMOVED: c_int = 4;
pub const FLUENTSYNC_EVENT_FILE_IMPORTED: c_int = 5;
pub const FLUENTSYNC_EVENT_FILE_HELD: c_int = 6;
pub const FLUENTSYNC_EVENT_FILE_RELEASED: c_int = 7;
pub const FLUENTSYNC_EVENT_EXPORT_COMPLETED: c_int = 8;
pub const FLUENTSYNC_EVENT_IMPORT_COMPLETED: c_int = 9;
pub const FLUENTSYNC_EVENT_DELETION_HELD: c_int = 10;
pub const FLUENTSYNC_EVENT_CONFLICT_DETECTED: c_int = 11;
pub const FLUENTSYNC_EVENT_CONFLICT_RESOLVED: c_int = 12;
pub const FLUENTSYNC_EVENT_WATCH_OVERFLOW: c_int = 13;
pub const FLUENTSYNC_EVENT_WATCH_DEGRADED: c_int = 14;
pub const FLUENTSYNC_EVENT_ROOT_LOST: c_int = 15;
pub const FLUENTSYNC_EVENT_ROOT_FOUND: c_int = 16;
pub const FLUENTSYNC_EVENT_GIT_COMMITTED: c_int = 17;
pub const FLUENTSYNC_EVENT_GIT_FETCHED: c_int = 18;
pub const FLUENTSYNC_EVENT_GIT_PULLED: c_int = 19;
pub const FLUENTSYNC_EVENT_GIT_PUSHED: c_int = 20;
pub const FLUENTSYNC_EVENT_GIT_PUSH_FAILED: c_int = 21;
pub const FLUENTSYNC_EVENT_GIT_PULL_FAILED: c_int = 22;
pub const FLUENTSYNC_EVENT_GIT_STANDING_BACK: c_int = 23;
pub const FLUENTSYNC_EVENT_SYNC_COMPLETED: c_int = 24;
pub const FLUENTSYNC_EVENT_PROGRESS: c_int = 25;
pub const FLUENTSYNC_EVENT_WARNING: c_int = 26;
pub const FLUENTSYNC_EVENT_ERROR: c_int = 27;
pub const FLUENTSYNC_EVENT_DROPPED: c_int = 28;

extern "C" {
    pub fn fluentsync_event_kind(event: *const fluentsync_event) -> c_int;
    pub fn fluentsync_event_name(event: *const fluentsync_event, length: *mut usize) -> *const c_char;
    pub fn fluentsync_event_origin(event: *const fluentsync_event, length: *mut usize) -> *const c_char;
    pub fn fluentsync_event_code(event: *const fluentsync_event) -> c_int;
    pub fn fluentsync_event_time(event: *const fluentsync_event) -> i64;
    pub fn fluentsync_event_type(event: *const fluentsync_event, length: *mut usize) -> *const c_char;
    pub fn fluentsync_event_id(event: *const fluentsync_event, length: *mut usize) -> *const c_char;
    pub fn fluentsync_event_path(event: *const fluentsync_event, length: *mut usize) -> *const c_char;
    pub fn fluentsync_event_message(event: *const fluentsync_event, length: *mut usize) -> *const c_char;
    pub fn fluentsync_event_commit(event: *const fluentsync_event, length: *mut usize) -> *const c_char;
    pub fn fluentsync_event_version(event: *const fluentsync_event) -> i64;
    pub fn fluentsync_event_number(event: *const fluentsync_event) -> i64;
    pub fn fluentsync_event_count(event: *const fluentsync_event) -> i64;
    pub fn fluentsync_event_total(event: *const fluentsync_event) -> i64;
    pub fn fluentsync_event_batch_size(batch: *const fluentsync_event_batch) -> usize;
    pub fn fluentsync_event_batch_at(
        batch: *const fluentsync_event_batch,
        index: usize,
    ) -> *const fluentsync_event;
    pub fn fluentsync_event_batch_free(batch: *mut fluentsync_event_batch);
    pub fn fluentsync_store_events(
        store: *mut fluentsync_store,
        capacity: usize,
        events: *mut *mut fluentsync_events,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_events(
        directory: *mut fluentsync_directory,
        capacity: usize,
        events: *mut *mut fluentsync_events,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_git_events(
        git: *mut fluentsync_git,
        capacity: usize,
        events: *mut *mut fluentsync_events,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_events(
        workspace: *mut fluentsync_workspace,
        capacity: usize,
        events: *mut *mut fluentsync_events,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_events_next(
        events: *mut fluentsync_events,
        most: usize,
        timeout: i64,
        batch: *mut *mut fluentsync_event_batch,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_events_fd(
        events: *mut fluentsync_events,
        fd: *mut c_int,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_events_on_ready(
        events: *mut fluentsync_events,
        ready: Option<fluentsync_ready_callback>,
        userdata: *mut c_void,
        free_userdata: Option<fluentsync_free_function>,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_events_close(
        events: *mut fluentsync_events,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_subscribe(
        store: *mut fluentsync_store,
        callback: Option<fluentsync_events_callback>,
        userdata: *mut c_void,
        free_userdata: Option<fluentsync_free_function>,
        subscription: *mut *mut fluentsync_subscription,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_directory_subscribe(
        directory: *mut fluentsync_directory,
        callback: Option<fluentsync_events_callback>,
        userdata: *mut c_void,
        free_userdata: Option<fluentsync_free_function>,
        subscription: *mut *mut fluentsync_subscription,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_git_subscribe(
        git: *mut fluentsync_git,
        callback: Option<fluentsync_events_callback>,
        userdata: *mut c_void,
        free_userdata: Option<fluentsync_free_function>,
        subscription: *mut *mut fluentsync_subscription,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_workspace_subscribe(
        workspace: *mut fluentsync_workspace,
        callback: Option<fluentsync_events_callback>,
        userdata: *mut c_void,
        free_userdata: Option<fluentsync_free_function>,
        subscription: *mut *mut fluentsync_subscription,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_subscription_close(
        subscription: *mut fluentsync_subscription,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
}
