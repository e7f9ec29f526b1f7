//! Typed entities in one SQLite file.

use crate::conflict::{Choice, Conflict};
use crate::entity::{Draft, Entity, Expect, PutResult};
use crate::error::{call, Result};
use crate::event_loop::{raw_or_null, Loop};
use crate::handle::Handle;
use crate::query::Query;
use crate::status::Held;
use crate::text;
use crate::value::Owned;
use fluentsync_sys as sys;
use std::fmt;
use std::ptr;
use std::sync::Arc;

/// Typed entities in one SQLite file.
///
/// Calls read and write the database file and return when they have; a write that returned has committed. One writer
/// at a time; readers do not wait for it. Other processes may have the same database open.
///
/// A type is one path segment, an id may be nested with `/`.
///
/// A clone is the same store; it closes with the last one, or by [`Store::close`].
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    handle: Handle<sys::fluentsync_store>,
    /// Closed after the handle.
    _loop: Option<Loop>,
}

impl Store {
    /// Opens, or makes, a database. `options` is the `store` object alone, such as `{"path": "brain.db"}`. Without a
    /// loop there are no events, for programs that write and leave.
    pub fn open(event_loop: Option<&Loop>, options: &str) -> Result<Self> {
        let open = |store, error| unsafe {
            let options = (text::pointer(options), options.len());
            sys::fluentsync_store_open(raw_or_null(event_loop), options.0, options.1, store, error)
        };
        let handle = unsafe { Handle::open(sys::fluentsync_store_close, open)? };
        Ok(Store { inner: Arc::new(Inner { handle, _loop: event_loop.cloned() }) })
    }

    pub(crate) fn part(handle: Handle<sys::fluentsync_store>) -> Self {
        Store { inner: Arc::new(Inner { handle, _loop: None }) }
    }

    pub(crate) fn raw(&self) -> *mut sys::fluentsync_store {
        self.inner.handle.raw()
    }

    /// Closes it for all clones. [`Misuse`](crate::ErrorCode::Misuse) while a directory or git is open on it, and
    /// for a workspace's store.
    pub fn close(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_store_close(self.raw(), error)) }
    }

    /// Adds an entity; [`AlreadyExists`](crate::ErrorCode::AlreadyExists) when it is there.
    pub fn create(&self, entity_type: &str, id: &str, content: &str) -> Result<PutResult> {
        result_of(|result, error| unsafe {
            sys::fluentsync_store_create(
                self.raw(),
                text::pointer(entity_type),
                entity_type.len(),
                text::pointer(id),
                id.len(),
                text::pointer(content),
                content.len(),
                result,
                error,
            )
        })
    }

    /// Adds or replaces. `content` is the exact text of the entity's file, front matter included. Content that is
    /// already there is no write and no event.
    pub fn put(&self, entity_type: &str, id: &str, content: &str) -> Result<PutResult> {
        self.put_if(entity_type, id, content, Expect::Any)
    }

    /// [`Store::put`] on a condition.
    pub fn put_if(&self, entity_type: &str, id: &str, content: &str, expect: Expect) -> Result<PutResult> {
        let expected = expect.number()?;
        result_of(|result, error| unsafe {
            sys::fluentsync_store_put(
                self.raw(),
                text::pointer(entity_type),
                entity_type.len(),
                text::pointer(id),
                id.len(),
                text::pointer(content),
                content.len(),
                expected,
                result,
                error,
            )
        })
    }

    /// All drafts in one transaction, or none. Gives how many changed something.
    pub fn put_all<'a>(&self, drafts: impl IntoIterator<Item = Draft<'a>>) -> Result<i64> {
        let mut list = ptr::null_mut();
        let list = unsafe {
            call(|error| sys::fluentsync_drafts_new(&mut list, error))?;
            Owned::new(list, sys::fluentsync_drafts_free)
        };
        for Draft { entity_type, id, content } in drafts {
            let (list, texts) =
                (list.pointer(), [entity_type, id, content].map(|t| (text::pointer(t), t.len())));
            let [t, i, c] = texts;
            unsafe { call(|e| sys::fluentsync_drafts_add(list, t.0, t.1, i.0, i.1, c.0, c.1, e))? };
        }
        let mut changed = 0;
        let list = list.pointer();
        unsafe { call(|error| sys::fluentsync_store_put_all(self.raw(), list, &mut changed, error))? };
        Ok(changed)
    }

    /// `None` when there is no such entity.
    pub fn get(&self, entity_type: &str, id: &str) -> Result<Option<Entity>> {
        let mut entity = ptr::null_mut();
        unsafe {
            call(|error| {
                sys::fluentsync_store_get(
                    self.raw(),
                    text::pointer(entity_type),
                    entity_type.len(),
                    text::pointer(id),
                    id.len(),
                    &mut entity,
                    error,
                )
            })?;
            Ok(Entity::take(entity))
        }
    }

    /// Whether there was one.
    pub fn remove(&self, entity_type: &str, id: &str) -> Result<bool> {
        self.remove_if(entity_type, id, Expect::Any)
    }

    /// [`Store::remove`] on a condition.
    pub fn remove_if(&self, entity_type: &str, id: &str, expect: Expect) -> Result<bool> {
        let expected = expect.number()?;
        let mut removed = 0;
        unsafe {
            call(|error| {
                sys::fluentsync_store_remove(
                    self.raw(),
                    text::pointer(entity_type),
                    entity_type.len(),
                    text::pointer(id),
                    id.len(),
                    expected,
                    &mut removed,
                    error,
                )
            })?
        };
        Ok(removed != 0)
    }

    /// Edits one front matter key in the content and no other byte. `name` may be dotted for nested mappings; `value`
    /// is a JSON text. What is missing is added. Front matter that is TOML or JSON is an error.
    pub fn set_metadata(&self, entity_type: &str, id: &str, name: &str, value: &str) -> Result<PutResult> {
        self.set_metadata_if(entity_type, id, name, value, Expect::Any)
    }

    /// [`Store::set_metadata`] on a condition.
    pub fn set_metadata_if(
        &self,
        entity_type: &str,
        id: &str,
        name: &str,
        value: &str,
        expect: Expect,
    ) -> Result<PutResult> {
        let expected = expect.number()?;
        result_of(|result, error| unsafe {
            sys::fluentsync_store_set_metadata(
                self.raw(),
                text::pointer(entity_type),
                entity_type.len(),
                text::pointer(id),
                id.len(),
                text::pointer(name),
                name.len(),
                text::pointer(value),
                value.len(),
                expected,
                result,
                error,
            )
        })
    }

    /// Removes one front matter key; none is no error.
    pub fn remove_metadata(&self, entity_type: &str, id: &str, name: &str) -> Result<PutResult> {
        self.remove_metadata_if(entity_type, id, name, Expect::Any)
    }

    /// [`Store::remove_metadata`] on a condition.
    pub fn remove_metadata_if(
        &self,
        entity_type: &str,
        id: &str,
        name: &str,
        expect: Expect,
    ) -> Result<PutResult> {
        let expected = expect.number()?;
        result_of(|result, error| unsafe {
            sys::fluentsync_store_remove_metadata(
                self.raw(),
                text::pointer(entity_type),
                entity_type.len(),
                text::pointer(id),
                id.len(),
                text::pointer(name),
                name.len(),
                expected,
                result,
                error,
            )
        })
    }

    /// The entities that a query finds.
    pub fn list(&self, query: &Query) -> Result<Vec<Entity>> {
        let query = query.to_json();
        let mut list = ptr::null_mut();
        unsafe {
            let text = text::pointer(&query);
            call(|error| sys::fluentsync_store_list(self.raw(), text, query.len(), &mut list, error))?;
            Ok(Entity::take_list(list))
        }
    }

    /// How many entities a query finds.
    pub fn count(&self, query: &Query) -> Result<i64> {
        let query = query.to_json();
        let mut count = 0;
        unsafe {
            let text = text::pointer(&query);
            call(|error| sys::fluentsync_store_count(self.raw(), text, query.len(), &mut count, error))?;
        }
        Ok(count)
    }

    /// The types there are.
    pub fn types(&self) -> Result<Vec<String>> {
        text::json_of(|out, error| unsafe { sys::fluentsync_store_types(self.raw(), out, error) })
    }

    /// Conflict records, newest first.
    pub fn conflicts(&self, include_resolved: bool) -> Result<Vec<Conflict>> {
        let mut list = ptr::null_mut();
        unsafe {
            let resolved = i32::from(include_resolved);
            call(|error| sys::fluentsync_store_conflicts(self.raw(), resolved, &mut list, error))?;
            Ok(Conflict::take_list(list))
        }
    }

    /// One record; `None` when there is none of that number.
    pub fn conflict(&self, number: i64) -> Result<Option<Conflict>> {
        let mut conflict = ptr::null_mut();
        unsafe {
            call(|error| sys::fluentsync_store_conflict(self.raw(), number, &mut conflict, error))?;
            Ok(Conflict::take(conflict))
        }
    }

    /// Settles a record: the winner leaves what is in place, the loser puts its content back.
    /// [`VersionMismatch`](crate::ErrorCode::VersionMismatch) when the loser is asked for and the entity was edited
    /// since.
    pub fn resolve(&self, number: i64, choice: Choice) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_store_resolve(self.raw(), number, choice.number(), error)) }
    }

    /// Settles a record with content of your own.
    pub fn resolve_with(&self, number: i64, content: &str) -> Result<()> {
        let (data, length) = (text::pointer(content), content.len());
        unsafe { call(|error| sys::fluentsync_store_resolve_with(self.raw(), number, data, length, error)) }
    }

    /// Files that are left alone until somebody mends them.
    pub fn held(&self) -> Result<Vec<Held>> {
        text::json_of(|out, error| unsafe { sys::fluentsync_store_held(self.raw(), out, error) })
    }

    /// Lets the deletions that the guard holds go through; works from any process. Gives how many.
    pub fn confirm_deletions(&self) -> Result<i64> {
        let mut count = 0;
        unsafe { call(|error| sys::fluentsync_store_confirm_deletions(self.raw(), &mut count, error))? };
        Ok(count)
    }
}

/// Makes one write of the C API.
pub(crate) fn result_of(
    write: impl FnOnce(*mut *mut sys::fluentsync_put_result, *mut *mut sys::fluentsync_error) -> i32,
) -> Result<PutResult> {
    let mut result = ptr::null_mut();
    unsafe {
        call(|error| write(&mut result, error))?;
        Ok(PutResult::take(result))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Store").finish_non_exhaustive()
    }
}
