//! Drafts, results, entities and conflict records: plain memory, freed by whoever was given it.

use crate::*;
use std::os::raw::{c_char, c_int};

extern "C" {
    pub fn fluentsync_drafts_new(
        drafts: *mut *mut fluentsync_drafts,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_drafts_add(
        drafts: *mut fluentsync_drafts,
        type_: *const c_char,
        type_length: usize,
        id: *const c_char,
        id_length: usize,
        content: *const c_char,
        content_length: usize,
        error: *mut *mut fluentsync_error,
    ) -> c_int;
    pub fn fluentsync_drafts_free(drafts: *mut fluentsync_drafts);
    pub fn fluentsync_put_result_changed(result: *const fluentsync_put_result) -> c_int;
    pub fn fluentsync_put_result_created(result: *const fluentsync_put_result) -> c_int;
    pub fn fluentsync_put_result_version(result: *const fluentsync_put_result) -> i64;
    pub fn fluentsync_put_result_free(result: *mut fluentsync_put_result);
    pub fn fluentsync_entity_type(entity: *const fluentsync_entity, length: *mut usize) -> *const c_char;
    pub fn fluentsync_entity_id(entity: *const fluentsync_entity, length: *mut usize) -> *const c_char;
    pub fn fluentsync_entity_content(entity: *const fluentsync_entity, length: *mut usize) -> *const c_char;
    pub fn fluentsync_entity_metadata(entity: *const fluentsync_entity, length: *mut usize) -> *const c_char;
    pub fn fluentsync_entity_hash(entity: *const fluentsync_entity, length: *mut usize) -> *const c_char;
    pub fn fluentsync_entity_version(entity: *const fluentsync_entity) -> i64;
    pub fn fluentsync_entity_created(entity: *const fluentsync_entity) -> i64;
    pub fn fluentsync_entity_updated(entity: *const fluentsync_entity) -> i64;
    pub fn fluentsync_entity_free(entity: *mut fluentsync_entity);
    pub fn fluentsync_entity_list_size(list: *const fluentsync_entity_list) -> usize;
    pub fn fluentsync_entity_list_at(
        list: *const fluentsync_entity_list,
        index: usize,
    ) -> *const fluentsync_entity;
    pub fn fluentsync_entity_list_free(list: *mut fluentsync_entity_list);
    pub fn fluentsync_conflict_number(conflict: *const fluentsync_conflict) -> i64;
    pub fn fluentsync_conflict_path(
        conflict: *const fluentsync_conflict,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_conflict_type(
        conflict: *const fluentsync_conflict,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_conflict_id(conflict: *const fluentsync_conflict, length: *mut usize) -> *const c_char;
    pub fn fluentsync_conflict_winner_side(
        conflict: *const fluentsync_conflict,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_conflict_loser_side(
        conflict: *const fluentsync_conflict,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_conflict_base_hash(
        conflict: *const fluentsync_conflict,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_conflict_winner_hash(
        conflict: *const fluentsync_conflict,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_conflict_loser_hash(
        conflict: *const fluentsync_conflict,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_conflict_winner_content(
        conflict: *const fluentsync_conflict,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_conflict_loser_content(
        conflict: *const fluentsync_conflict,
        length: *mut usize,
    ) -> *const c_char;
    pub fn fluentsync_conflict_created(conflict: *const fluentsync_conflict) -> i64;
    pub fn fluentsync_conflict_resolved(conflict: *const fluentsync_conflict) -> c_int;
    pub fn fluentsync_conflict_free(conflict: *mut fluentsync_conflict);
    pub fn fluentsync_conflict_list_size(list: *const fluentsync_conflict_list) -> usize;
    pub fn fluentsync_conflict_list_at(
        list: *const fluentsync_conflict_list,
        index: usize,
    ) -> *const fluentsync_conflict;
    pub fn fluentsync_conflict_list_free(list: *mut fluentsync_conflict_list);
}
