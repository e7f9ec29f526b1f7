//! Conflict records: two versions of one path that could not both stand.

use crate::text;
use crate::value::{time, Owned, Value};
use fluentsync_sys as sys;
use std::fmt;
use std::path::Path;
use std::time::SystemTime;

/// One conflict record. The winner is in place; the loser is kept in the record whole.
pub struct Conflict {
    value: Value<sys::fluentsync_conflict, sys::fluentsync_conflict_list>,
}

/// Which version settles a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Leave what is in place.
    Winner,
    /// Put the loser's content back.
    Loser,
}

impl Choice {
    pub(crate) fn number(self) -> i32 {
        match self {
            Choice::Winner => sys::FLUENTSYNC_TAKE_WINNER,
            Choice::Loser => sys::FLUENTSYNC_TAKE_LOSER,
        }
    }
}

impl Conflict {
    /// Takes over what a call gave; NULL is none.
    pub(crate) unsafe fn take(conflict: *mut sys::fluentsync_conflict) -> Option<Self> {
        if conflict.is_null() {
            return None;
        }
        Some(Conflict { value: Value::Alone(Owned::new(conflict, sys::fluentsync_conflict_free)) })
    }

    pub(crate) unsafe fn take_list(list: *mut sys::fluentsync_conflict_list) -> Vec<Self> {
        let list = Owned::new(list, sys::fluentsync_conflict_list_free);
        Value::members(list, sys::fluentsync_conflict_list_size, sys::fluentsync_conflict_list_at)
            .into_iter()
            .map(|value| Conflict { value })
            .collect()
    }

    fn utf8(&self, getter: text::Getter<sys::fluentsync_conflict>) -> &str {
        unsafe { text::utf8(self.value.pointer(), getter) }
    }

    /// What [`Store::resolve`](crate::Store::resolve) is told.
    pub fn number(&self) -> i64 {
        unsafe { sys::fluentsync_conflict_number(self.value.pointer()) }
    }

    /// Relative to the folder.
    pub fn path(&self) -> &Path {
        unsafe { text::path(self.value.pointer(), sys::fluentsync_conflict_path) }
    }

    /// Empty when the path is no entity.
    pub fn entity_type(&self) -> &str {
        self.utf8(sys::fluentsync_conflict_type)
    }

    /// Empty when the path is no entity.
    pub fn id(&self) -> &str {
        self.utf8(sys::fluentsync_conflict_id)
    }

    /// `store`, `file`, `local` or `remote`.
    pub fn winner_side(&self) -> &str {
        self.utf8(sys::fluentsync_conflict_winner_side)
    }

    /// `store`, `file`, `local` or `remote`.
    pub fn loser_side(&self) -> &str {
        self.utf8(sys::fluentsync_conflict_loser_side)
    }

    /// The git blob id of the common version; empty when there was none.
    pub fn base_hash(&self) -> &str {
        self.utf8(sys::fluentsync_conflict_base_hash)
    }

    /// The winner's git blob id.
    pub fn winner_hash(&self) -> &str {
        self.utf8(sys::fluentsync_conflict_winner_hash)
    }

    /// The loser's git blob id.
    pub fn loser_hash(&self) -> &str {
        self.utf8(sys::fluentsync_conflict_loser_hash)
    }

    /// The winner's exact bytes. An entity's are UTF-8; those of other paths may be any.
    pub fn winner_content(&self) -> &[u8] {
        unsafe { text::bytes(self.value.pointer(), sys::fluentsync_conflict_winner_content) }
    }

    /// The loser's exact bytes.
    pub fn loser_content(&self) -> &[u8] {
        unsafe { text::bytes(self.value.pointer(), sys::fluentsync_conflict_loser_content) }
    }

    /// When it was found.
    pub fn created(&self) -> SystemTime {
        time(unsafe { sys::fluentsync_conflict_created(self.value.pointer()) })
    }

    /// Whether it is settled.
    pub fn resolved(&self) -> bool {
        unsafe { sys::fluentsync_conflict_resolved(self.value.pointer()) != 0 }
    }
}

impl fmt::Debug for Conflict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Conflict")
            .field("number", &self.number())
            .field("path", &self.path())
            .field("winner_side", &self.winner_side())
            .field("loser_side", &self.loser_side())
            .field("resolved", &self.resolved())
            .finish_non_exhaustive()
    }
}
