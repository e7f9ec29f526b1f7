//! A store and a folder of plain files in step.

use crate::error::{call, Result};
use crate::event_loop::Loop;
use crate::handle::Handle;
use crate::status::DirectoryStatus;
use crate::store::Store;
use crate::text;
use fluentsync_sys as sys;
use std::fmt;
use std::sync::Arc;

/// Keeps a store and a folder of plain files in step.
///
/// One store has one folder, and one process owns a folder: starting, and the calls that wait, give
/// [`FolderOwned`](crate::ErrorCode::FolderOwned) when another does. Failures of background work are told as events
/// and in the status, and tried again.
///
/// A clone is the same directory; it closes with the last one, or by [`Directory::close`].
#[derive(Clone)]
pub struct Directory {
    inner: Arc<Inner>,
}

struct Inner {
    handle: Handle<sys::fluentsync_directory>,
    /// Closed after the handle.
    _under: Option<(Store, Loop)>,
}

impl Directory {
    /// `options` is the `directory` object alone, such as `{"syncPath": "brain"}`. Touches nothing yet.
    pub fn open(event_loop: &Loop, store: &Store, options: &str) -> Result<Self> {
        let (data, length) = (text::pointer(options), options.len());
        let open = |out, error| unsafe {
            sys::fluentsync_directory_open(event_loop.raw(), store.raw(), data, length, out, error)
        };
        let handle = unsafe { Handle::open(sys::fluentsync_directory_close, open)? };
        Ok(Directory { inner: Arc::new(Inner { handle, _under: Some((store.clone(), event_loop.clone())) }) })
    }

    pub(crate) fn part(handle: Handle<sys::fluentsync_directory>) -> Self {
        Directory { inner: Arc::new(Inner { handle, _under: None }) }
    }

    pub(crate) fn raw(&self) -> *mut sys::fluentsync_directory {
        self.inner.handle.raw()
    }

    /// Stops, gives the folder back and closes it for all clones. [`Misuse`](crate::ErrorCode::Misuse) while a git is
    /// open on it, and for a workspace's directory.
    pub fn close(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_directory_close(self.raw(), error)) }
    }

    /// Takes the folder, brings both sides together in the background, watches from then on. Returns soon.
    pub fn start(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_directory_start(self.raw(), error)) }
    }

    /// Ends watching and exporting; what is pending stays pending in the database.
    pub fn stop(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_directory_stop(self.raw(), error)) }
    }

    /// Waits until everything that was pending when it was called has landed.
    pub fn flush(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_directory_flush(self.raw(), error)) }
    }

    /// Waits: writes each file that is missing or older. Gives how many.
    pub fn export_all(&self) -> Result<i64> {
        let mut count = 0;
        unsafe { call(|error| sys::fluentsync_directory_export_all(self.raw(), &mut count, error))? };
        Ok(count)
    }

    /// Waits: imports each file that is new or changed. Gives how many entities changed.
    pub fn import_all(&self) -> Result<i64> {
        let mut count = 0;
        unsafe { call(|error| sys::fluentsync_directory_import_all(self.raw(), &mut count, error))? };
        Ok(count)
    }

    /// Lets the deletions that the guard holds go through, in the background. Gives how many.
    pub fn confirm_deletions(&self) -> Result<i64> {
        let mut count = 0;
        unsafe { call(|error| sys::fluentsync_directory_confirm_deletions(self.raw(), &mut count, error))? };
        Ok(count)
    }

    /// How folder and store stand.
    pub fn status(&self) -> Result<DirectoryStatus> {
        text::json_of(|out, error| unsafe { sys::fluentsync_directory_status(self.raw(), out, error) })
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Directory").finish_non_exhaustive()
    }
}
