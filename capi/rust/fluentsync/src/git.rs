//! Commits what changed in the folder, and keeps it in step with a remote.

use crate::credentials::{Ask, Credentials, CredentialsRequest};
use crate::directory::Directory;
use crate::error::{call, Result};
use crate::event_loop::Loop;
use crate::handle::Handle;
use crate::outcome::{CommitResult, PullResult, PushResult};
use crate::status::GitStatus;
use crate::store::Store;
use crate::text;
use fluentsync_sys as sys;
use std::fmt;
use std::sync::Arc;

/// Commits what changed in the folder, and keeps it in step with a remote.
///
/// A clone is the same git; it closes with the last one, or by [`Git::close`].
#[derive(Clone)]
pub struct Git {
    inner: Arc<Inner>,
}

struct Inner {
    handle: Handle<sys::fluentsync_git>,
    /// Closed after the handle.
    _under: Option<(Directory, Store, Loop)>,
}

impl Git {
    /// `options` is the `git` object alone, such as `{"remote": "/srv/git/brain.git", "autoPush": true}`. Touches
    /// nothing yet.
    pub fn open(event_loop: &Loop, store: &Store, directory: &Directory, options: &str) -> Result<Self> {
        Git::open_asking(event_loop, store, directory, options, Ask::nobody())
    }

    /// [`Git::open`] with a closure that answers a remote that asks for credentials, on the network's thread. No
    /// answer, or a panic, gives the remote up: [`Authentication`](crate::ErrorCode::Authentication).
    pub fn open_with_credentials<F>(
        event_loop: &Loop,
        store: &Store,
        directory: &Directory,
        options: &str,
        credentials: F,
    ) -> Result<Self>
    where
        F: Fn(&CredentialsRequest<'_>) -> Option<Credentials> + Send + Sync + 'static,
    {
        Git::open_asking(event_loop, store, directory, options, Ask::closure(credentials))
    }

    fn open_asking(
        event_loop: &Loop,
        store: &Store,
        directory: &Directory,
        options: &str,
        ask: Ask,
    ) -> Result<Self> {
        let open = |out, error| unsafe {
            sys::fluentsync_git_open(
                event_loop.raw(),
                store.raw(),
                directory.raw(),
                text::pointer(options),
                options.len(),
                ask.callback,
                ask.userdata,
                ask.free,
                out,
                error,
            )
        };
        let handle = unsafe { Handle::open(sys::fluentsync_git_close, open)? };
        let under = (directory.clone(), store.clone(), event_loop.clone());
        Ok(Git { inner: Arc::new(Inner { handle, _under: Some(under) }) })
    }

    pub(crate) fn part(handle: Handle<sys::fluentsync_git>) -> Self {
        Git { inner: Arc::new(Inner { handle, _under: None }) }
    }

    pub(crate) fn raw(&self) -> *mut sys::fluentsync_git {
        self.inner.handle.raw()
    }

    /// Gives up network work at once and closes it for all clones. [`Misuse`](crate::ErrorCode::Misuse) for a
    /// workspace's git.
    pub fn close(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_git_close(self.raw(), error)) }
    }

    /// Opens or makes the repository and starts what the options ask for; network work follows in the background.
    pub fn start(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_git_start(self.raw(), error)) }
    }

    /// Ends the automation.
    pub fn stop(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_git_stop(self.raw(), error)) }
    }

    /// Waits: exports what is pending and commits. An empty message uses the template.
    pub fn commit(&self, message: &str) -> Result<CommitResult> {
        let (data, length) = (text::pointer(message), message.len());
        text::json_of(|out, error| unsafe {
            sys::fluentsync_git_commit(self.raw(), data, length, out, error)
        })
    }

    /// Waits: fetches, merges, applies to files and store, moves the branch.
    pub fn pull(&self) -> Result<PullResult> {
        text::json_of(|out, error| unsafe { sys::fluentsync_git_pull(self.raw(), out, error) })
    }

    /// Waits: pushes the branch; when the server is ahead it pulls and tries again.
    pub fn push(&self) -> Result<PushResult> {
        text::json_of(|out, error| unsafe { sys::fluentsync_git_push(self.raw(), out, error) })
    }

    /// Waits: everything once: export, commit, pull, push (where there is a remote).
    pub fn sync(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_git_sync(self.raw(), error)) }
    }

    /// How repository and remote stand.
    pub fn status(&self) -> Result<GitStatus> {
        text::json_of(|out, error| unsafe { sys::fluentsync_git_status(self.raw(), out, error) })
    }
}

impl fmt::Debug for Git {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Git").finish_non_exhaustive()
    }
}
