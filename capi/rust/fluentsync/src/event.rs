//! What happens, as it is told.

use crate::error::ErrorCode;
use crate::text;
use crate::value::{time, Owned, Value};
use fluentsync_sys as sys;
use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::time::SystemTime;

/// Declares [`EventKind`] and the way from the numbers.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $number:ident,)*) => {
        /// What an event tells. New ones are added: skip those that you do not know. The fields not named here are
        /// empty or 0.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum EventKind {
            $($(#[$doc])* $name,)*
            /// One that this version of the crate does not know.
            Unknown(i32),
        }

        impl From<i32> for EventKind {
            fn from(number: i32) -> Self {
                match number {
                    $(sys::$number => EventKind::$name,)*
                    other => EventKind::Unknown(other),
                }
            }
        }
    };
}

kinds! {
    /// Type, id, version, origin.
    EntityCreated = FLUENTSYNC_EVENT_ENTITY_CREATED,
    /// Type, id, version, origin.
    EntityUpdated = FLUENTSYNC_EVENT_ENTITY_UPDATED,
    /// Type, id, origin.
    EntityDeleted = FLUENTSYNC_EVENT_ENTITY_DELETED,
    /// Path, type, id.
    FileExported = FLUENTSYNC_EVENT_FILE_EXPORTED,
    /// Path, type, id.
    FileRemoved = FLUENTSYNC_EVENT_FILE_REMOVED,
    /// Path, type, id.
    FileImported = FLUENTSYNC_EVENT_FILE_IMPORTED,
    /// Path, message, code; it stays where it is.
    FileHeld = FLUENTSYNC_EVENT_FILE_HELD,
    /// Path; a held file is in order again.
    FileReleased = FLUENTSYNC_EVENT_FILE_RELEASED,
    /// Count of files.
    ExportCompleted = FLUENTSYNC_EVENT_EXPORT_COMPLETED,
    /// Count of entities.
    ImportCompleted = FLUENTSYNC_EVENT_IMPORT_COMPLETED,
    /// Count, message; waits for confirmation.
    DeletionHeld = FLUENTSYNC_EVENT_DELETION_HELD,
    /// Path, type, id, number, message.
    ConflictDetected = FLUENTSYNC_EVENT_CONFLICT_DETECTED,
    /// Number.
    ConflictResolved = FLUENTSYNC_EVENT_CONFLICT_RESOLVED,
    /// A rescan follows by itself.
    WatchOverflow = FLUENTSYNC_EVENT_WATCH_OVERFLOW,
    /// No watches left; rescans stand in.
    WatchDegraded = FLUENTSYNC_EVENT_WATCH_DEGRADED,
    /// The folder is gone or another; everything waits.
    RootLost = FLUENTSYNC_EVENT_ROOT_LOST,
    /// The folder is back.
    RootFound = FLUENTSYNC_EVENT_ROOT_FOUND,
    /// Commit, count of files, message.
    GitCommitted = FLUENTSYNC_EVENT_GIT_COMMITTED,
    /// Commit.
    GitFetched = FLUENTSYNC_EVENT_GIT_FETCHED,
    /// Commit that HEAD is at, count of files.
    GitPulled = FLUENTSYNC_EVENT_GIT_PULLED,
    /// Commit that the server acknowledged.
    GitPushed = FLUENTSYNC_EVENT_GIT_PUSHED,
    /// Message, code.
    GitPushFailed = FLUENTSYNC_EVENT_GIT_PUSH_FAILED,
    /// Message, code.
    GitPullFailed = FLUENTSYNC_EVENT_GIT_PULL_FAILED,
    /// The message says what a person is doing.
    GitStandingBack = FLUENTSYNC_EVENT_GIT_STANDING_BACK,
    /// One whole git cycle is through.
    SyncCompleted = FLUENTSYNC_EVENT_SYNC_COMPLETED,
    /// Message, count of total done (a total of 0: unknown).
    Progress = FLUENTSYNC_EVENT_PROGRESS,
    /// Message.
    Warning = FLUENTSYNC_EVENT_WARNING,
    /// Message, code, path; it will be tried again.
    Error = FLUENTSYNC_EVENT_ERROR,
    /// Count were lost; list the store to catch up.
    Dropped = FLUENTSYNC_EVENT_DROPPED,
}

/// One thing that happened. It stays readable when all else is closed.
///
/// The events of a batch share its memory, which is freed with the last of them.
pub struct Event {
    value: Value<sys::fluentsync_event, sys::fluentsync_event_batch>,
}

impl Event {
    pub(crate) unsafe fn take_batch(batch: *mut sys::fluentsync_event_batch) -> Vec<Self> {
        let batch = Owned::new(batch, sys::fluentsync_event_batch_free);
        Value::members(batch, sys::fluentsync_event_batch_size, sys::fluentsync_event_batch_at)
            .into_iter()
            .map(|value| Event { value })
            .collect()
    }

    /// For a callback, which must hand out nothing but references to them.
    pub(crate) unsafe fn lent_batch(batch: *const sys::fluentsync_event_batch) -> Vec<Self> {
        (0..sys::fluentsync_event_batch_size(batch))
            .map(|index| Event { value: Value::Lent(sys::fluentsync_event_batch_at(batch, index)) })
            .collect()
    }

    fn raw(&self) -> *const sys::fluentsync_event {
        self.value.pointer()
    }

    fn utf8(&self, getter: text::Getter<sys::fluentsync_event>) -> &str {
        unsafe { text::utf8(self.raw(), getter) }
    }

    /// What it tells.
    pub fn kind(&self) -> EventKind {
        EventKind::from(unsafe { sys::fluentsync_event_kind(self.raw()) })
    }

    /// The stable name, such as `entity:created`.
    pub fn name(&self) -> &str {
        self.utf8(sys::fluentsync_event_name)
    }

    /// `api`, `file` or `remote`: where an entity's change came from. Empty for other kinds.
    pub fn origin(&self) -> &str {
        self.utf8(sys::fluentsync_event_origin)
    }

    /// The kind of failure, where it tells of one.
    pub fn code(&self) -> Option<ErrorCode> {
        match unsafe { sys::fluentsync_event_code(self.raw()) } {
            sys::FLUENTSYNC_OK => None,
            code => Some(ErrorCode::from(code)),
        }
    }

    /// When it happened.
    pub fn time(&self) -> SystemTime {
        time(unsafe { sys::fluentsync_event_time(self.raw()) })
    }

    /// The entity's type.
    pub fn entity_type(&self) -> &str {
        self.utf8(sys::fluentsync_event_type)
    }

    /// The entity's id.
    pub fn id(&self) -> &str {
        self.utf8(sys::fluentsync_event_id)
    }

    /// Relative to the folder.
    pub fn path(&self) -> &Path {
        unsafe { text::path(self.raw(), sys::fluentsync_event_path) }
    }

    /// One line for a person.
    pub fn message(&self) -> Cow<'_, str> {
        unsafe { text::lossy(self.raw(), sys::fluentsync_event_message) }
    }

    /// 40 hexadecimal digits.
    pub fn commit(&self) -> &str {
        self.utf8(sys::fluentsync_event_commit)
    }

    /// The entity's version.
    pub fn version(&self) -> i64 {
        unsafe { sys::fluentsync_event_version(self.raw()) }
    }

    /// Of a conflict record.
    pub fn number(&self) -> i64 {
        unsafe { sys::fluentsync_event_number(self.raw()) }
    }

    /// How many.
    pub fn count(&self) -> i64 {
        unsafe { sys::fluentsync_event_count(self.raw()) }
    }

    /// Of how many; 0: unknown.
    pub fn total(&self) -> i64 {
        unsafe { sys::fluentsync_event_total(self.raw()) }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Event")
            .field("name", &self.name())
            .field("entity_type", &self.entity_type())
            .field("id", &self.id())
            .field("path", &self.path())
            .field("message", &self.message())
            .finish_non_exhaustive()
    }
}
