//! Entities and what writing one gives.

use crate::error::{Error, ErrorCode, Result};
use crate::text;
use crate::value::{time, Owned, Value};
use fluentsync_sys as sys;
use std::fmt;
use std::time::SystemTime;

/// One entity as it was when it was read. It stays readable when the store is closed.
///
/// The members of a list share its memory, which is freed with the last of them.
pub struct Entity {
    value: Value<sys::fluentsync_entity, sys::fluentsync_entity_list>,
}

impl Entity {
    /// Takes over what a get gave; NULL is none.
    pub(crate) unsafe fn take(entity: *mut sys::fluentsync_entity) -> Option<Self> {
        if entity.is_null() {
            return None;
        }
        Some(Entity { value: Value::Alone(Owned::new(entity, sys::fluentsync_entity_free)) })
    }

    pub(crate) unsafe fn take_list(list: *mut sys::fluentsync_entity_list) -> Vec<Self> {
        let list = Owned::new(list, sys::fluentsync_entity_list_free);
        Value::members(list, sys::fluentsync_entity_list_size, sys::fluentsync_entity_list_at)
            .into_iter()
            .map(|value| Entity { value })
            .collect()
    }

    fn utf8(&self, getter: text::Getter<sys::fluentsync_entity>) -> &str {
        unsafe { text::utf8(self.value.pointer(), getter) }
    }

    /// One segment of a path, such as `note`.
    pub fn entity_type(&self) -> &str {
        self.utf8(sys::fluentsync_entity_type)
    }

    /// Unique within its type; may be nested with `/`.
    pub fn id(&self) -> &str {
        self.utf8(sys::fluentsync_entity_id)
    }

    /// The exact text of the entity's file, front matter included. Empty when a query left contents out.
    pub fn content(&self) -> &str {
        self.utf8(sys::fluentsync_entity_content)
    }

    /// A JSON object: the parsed view of the front matter; `{}` when there is none.
    pub fn metadata(&self) -> &str {
        self.utf8(sys::fluentsync_entity_metadata)
    }

    /// The content's git blob id, 40 hexadecimal digits.
    pub fn hash(&self) -> &str {
        self.utf8(sys::fluentsync_entity_hash)
    }

    /// 1 when created, one more for each change. One that is made anew goes on counting where the one before ended.
    pub fn version(&self) -> i64 {
        unsafe { sys::fluentsync_entity_version(self.value.pointer()) }
    }

    /// When it was created.
    pub fn created(&self) -> SystemTime {
        time(unsafe { sys::fluentsync_entity_created(self.value.pointer()) })
    }

    /// When it last changed.
    pub fn updated(&self) -> SystemTime {
        time(unsafe { sys::fluentsync_entity_updated(self.value.pointer()) })
    }
}

impl fmt::Debug for Entity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Entity")
            .field("entity_type", &self.entity_type())
            .field("id", &self.id())
            .field("version", &self.version())
            .field("hash", &self.hash())
            .finish_non_exhaustive()
    }
}

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PutResult {
    /// False when the entity already had this content: no write, no event.
    pub changed: bool,
    /// Whether the entity is new.
    pub created: bool,
    /// The entity's version now.
    pub version: i64,
}

impl PutResult {
    pub(crate) unsafe fn take(result: *mut sys::fluentsync_put_result) -> Self {
        let taken = PutResult {
            changed: sys::fluentsync_put_result_changed(result) != 0,
            created: sys::fluentsync_put_result_created(result) != 0,
            version: sys::fluentsync_put_result_version(result),
        };
        sys::fluentsync_put_result_free(result);
        taken
    }
}

/// Content on its way into the store, for [`Store::put_all`](crate::Store::put_all).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draft<'a> {
    /// One segment of a path, such as `note`.
    pub entity_type: &'a str,
    /// Unique within its type; may be nested with `/`.
    pub id: &'a str,
    /// The exact text of the entity's file, front matter included.
    pub content: &'a str,
}

/// A write's condition on the version that the entity has at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Whatever the version is.
    Any,
    /// Only if there is no such entity.
    Absent,
    /// Only if the entity has this version; otherwise
    /// [`VersionMismatch`](crate::ErrorCode::VersionMismatch). One below 0, which no entity has, gives
    /// [`InvalidArgument`](crate::ErrorCode::InvalidArgument).
    Version(i64),
}

impl Expect {
    /// C's number for it. It says "any" by a negative one, which here must not be had by a slip in a version.
    pub(crate) fn number(self) -> Result<i64> {
        match self {
            Expect::Any => Ok(sys::FLUENTSYNC_ANY_VERSION),
            Expect::Absent => Ok(0),
            Expect::Version(version) if version < 0 => {
                let message = format!("an expected version is 0 or more, not {}", version);
                Err(Error::new(ErrorCode::InvalidArgument, message))
            }
            Expect::Version(version) => Ok(version),
        }
    }
}
