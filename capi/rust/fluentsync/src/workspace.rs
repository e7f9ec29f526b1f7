//! Store, directory and git opened and wired together.

use crate::credentials::{Ask, Credentials, CredentialsRequest};
use crate::directory::Directory;
use crate::error::{call, ErrorCode, Result};
use crate::event_loop::{raw_or_null, Loop};
use crate::git::Git;
use crate::handle::Handle;
use crate::outcome::VerifyReport;
use crate::status::WorkspaceStatus;
use crate::store::Store;
use crate::text;
use fluentsync_sys as sys;
use std::fmt;
use std::sync::Arc;

/// Store, directory and git opened and wired together.
///
/// A clone is the same workspace; it closes with the last one, or by [`Workspace::close`].
///
/// ```no_run
/// # fn main() -> fluentsync::Result<()> {
/// let brain = fluentsync::Workspace::open(
///     None,
///     r#"{"store": {"path": "brain.db"}, "directory": {"syncPath": "brain"}, "git": {"autoSync": true}}"#,
/// )?;
/// brain.start()?;
/// brain.store()?.put("note", "hello", "# Hello\n")?;
/// // brain/note/hello.md and its commit follow by themselves
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Workspace {
    inner: Arc<Inner>,
}

struct Inner {
    handle: Handle<sys::fluentsync_workspace>,
    /// Closed after the handle.
    _loop: Option<Loop>,
}

impl Workspace {
    /// `options`: `{"store": {...}, "directory": {...}, "git": {...}}`; `git` left out or null is none. Without a loop
    /// it has one of its own. Opens the database; [`Workspace::start`] or [`Workspace::sync`] take folder and
    /// repository.
    pub fn open(event_loop: Option<&Loop>, options: &str) -> Result<Self> {
        Workspace::open_asking(event_loop, options, Ask::nobody())
    }

    /// [`Workspace::open`] with a closure that answers a remote that asks for credentials, on the network's thread.
    /// No answer, or a panic, gives the remote up: [`Authentication`](crate::ErrorCode::Authentication).
    pub fn open_with_credentials<F>(event_loop: Option<&Loop>, options: &str, credentials: F) -> Result<Self>
    where
        F: Fn(&CredentialsRequest<'_>) -> Option<Credentials> + Send + Sync + 'static,
    {
        Workspace::open_asking(event_loop, options, Ask::closure(credentials))
    }

    fn open_asking(event_loop: Option<&Loop>, options: &str, ask: Ask) -> Result<Self> {
        let open = |out, error| unsafe {
            sys::fluentsync_workspace_open(
                raw_or_null(event_loop),
                text::pointer(options),
                options.len(),
                ask.callback,
                ask.userdata,
                ask.free,
                out,
                error,
            )
        };
        let handle = unsafe { Handle::open(sys::fluentsync_workspace_close, open)? };
        Ok(Workspace { inner: Arc::new(Inner { handle, _loop: event_loop.cloned() }) })
    }

    pub(crate) fn raw(&self) -> *mut sys::fluentsync_workspace {
        self.inner.handle.raw()
    }

    /// Stops everything within two seconds, even on a remote that hangs, and closes it for all clones.
    pub fn close(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_workspace_close(self.raw(), error)) }
    }

    /// Its store, which closes with the workspace: what is kept beyond that gives
    /// [`Closed`](crate::ErrorCode::Closed).
    pub fn store(&self) -> Result<Store> {
        let part = |out, error| unsafe { sys::fluentsync_workspace_store(self.raw(), out, error) };
        Ok(Store::part(unsafe { Handle::part(part)? }))
    }

    /// Its directory, which closes with the workspace.
    pub fn directory(&self) -> Result<Directory> {
        let part = |out, error| unsafe { sys::fluentsync_workspace_directory(self.raw(), out, error) };
        Ok(Directory::part(unsafe { Handle::part(part)? }))
    }

    /// Whether its options gave it a git.
    pub fn has_git(&self) -> Result<bool> {
        match self.git() {
            Ok(_) => Ok(true),
            // There are other misuses than asking for a git that is not there. Those this call meets too.
            Err(error) if error.code() == ErrorCode::Misuse => self.store().map(|_| false),
            Err(error) => Err(error),
        }
    }

    /// Its git, which closes with the workspace; [`Misuse`](crate::ErrorCode::Misuse) when it has none.
    pub fn git(&self) -> Result<Git> {
        let part = |out, error| unsafe { sys::fluentsync_workspace_git(self.raw(), out, error) };
        Ok(Git::part(unsafe { Handle::part(part)? }))
    }

    /// Starts the automation that the options ask for.
    pub fn start(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_workspace_start(self.raw(), error)) }
    }

    /// Ends the automation; what is pending stays pending in the database.
    pub fn stop(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_workspace_stop(self.raw(), error)) }
    }

    /// Waits: everything once, import, export, commit, pull, push; returns when converged.
    pub fn sync(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_workspace_sync(self.raw(), error)) }
    }

    /// How everything stands.
    pub fn status(&self) -> Result<WorkspaceStatus> {
        text::json_of(|out, error| unsafe { sys::fluentsync_workspace_status(self.raw(), out, error) })
    }

    /// Waits: recomputes store, files, index and HEAD from scratch and compares. Changes nothing.
    pub fn verify(&self) -> Result<VerifyReport> {
        text::json_of(|out, error| unsafe { sys::fluentsync_workspace_verify(self.raw(), out, error) })
    }
}

impl fmt::Debug for Workspace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Workspace").finish_non_exhaustive()
    }
}
