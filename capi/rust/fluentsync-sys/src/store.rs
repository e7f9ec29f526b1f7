//! Typed entities in one SQLite file, and transactions on them.

use crate::*;
use std::os::raw::{c_char, c_int, c_void};

/// The body of a transaction.
pub type fluentsync_transaction_callback =
    unsafe extern "C" fn(userdata: *mut c_void, transaction: *mut fluentsync_transaction) -> c_int;

pub const FLUENTSYNC_TAKE_WINNER: c_int = 0;
pub const FLUENTSYNC_TAKE_LOSER: c_int = 1;

extern "C" {
    pub fn fluentsync_store_open(
        loop_: *mut fluentsync_loop,
        options: *const c_char,
        options_length: usize,
        store: *mut *mut fluentsync_store,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_close(store: *mut fluentsync_store, error: *mut *mut fluentsync_error) -> c_int;
    pub fn fluentsync_store_create(
        store: *mut fluentsync_store,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        content: *const c_char,
        content_length: usize,
        result: *mut *mut fluentsync_put_result,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_put(
        store: *mut fluentsync_store,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        content: *const c_char,
        content_length: usize,
        expected_version: i64,
        result: *mut *mut fluentsync_put_result,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_put_all(
        store: *mut fluentsync_store,
        drafts: *const fluentsync_drafts,
        changed: *mut i64,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_get(
        store: *mut fluentsync_store,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        entity: *mut *mut fluentsync_entity,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_remove(
        store: *mut fluentsync_store,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        expected_version: i64,
        removed: *mut c_int,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_set_metadata(
        store: *mut fluentsync_store,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        name: *const c_char,
        name_length: usize,
        value: *const c_char,
        value_length: usize,
        expected_version: i64,
        result: *mut *mut fluentsync_put_result,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_remove_metadata(
        store: *mut fluentsync_store,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        name: *const c_char,
        name_length: usize,
        expected_version: i64,
        result: *mut *mut fluentsync_put_result,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_list(
        store: *mut fluentsync_store,
        query: *const c_char,
        query_length: usize,
        list: *mut *mut fluentsync_entity_list,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_count(
        store: *mut fluentsync_store,
        query: *const c_char,
        query_length: usize,
        count: *mut i64,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_types(
        store: *mut fluentsync_store,
        types: *mut *mut fluentsync_string,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_transaction(
        store: *mut fluentsync_store,
        work: Option<fluentsync_transaction_callback>,
        userdata: *mut c_void,
        free_userdata: Option<fluentsync_free_function>,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_transaction_put(
        transaction: *mut fluentsync_transaction,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        content: *const c_char,
        content_length: usize,
        expected_version: i64,
        result: *mut *mut fluentsync_put_result,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_transaction_get(
        transaction: *mut fluentsync_transaction,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        entity: *mut *mut fluentsync_entity,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_transaction_remove(
        transaction: *mut fluentsync_transaction,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        expected_version: i64,
        removed: *mut c_int,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_conflicts(
        store: *mut fluentsync_store,
        include_resolved: c_int,
        list: *mut *mut fluentsync_conflict_list,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_conflict(
        store: *mut fluentsync_store,
        number: i64,
        conflict: *mut *mut fluentsync_conflict,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_resolve(
        store: *mut fluentsync_store,
        number: i64,
        choice: c_int,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_resolve_with(
        store: *mut fluentsync_store,
        number: i64,
        content: *const c_char,
        content_length: usize,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_held(
        store: *mut fluentsync_store,
        held: *mut *mut fluentsync_string,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_store_confirm_deletions(
        store: *mut fluentsync_store,
        count: *mut i64,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
}
