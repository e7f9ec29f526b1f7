//! Keeps one content in step in three places: a SQLite store that your program queries, a folder of plain files that
//! people and editors touch, and a git repository whose remote other machines share.
//!
//! This crate is a thin, safe layer over FluentSync's C API. Options are JSON text with the README's camelCase names
//! ([`Options`] builds it). What comes back is typed, but for an entity's front matter ([`Entity::metadata`]): JSON
//! text for the JSON crate of your choice.
//!
//! # Life and threads
//!
//! Handles ([`Loop`], [`Store`], [`Directory`], [`Git`], [`Workspace`]) are cheap to clone, `Send` and `Sync`, and
//! close when the last clone is dropped; what they stand on stays open until then. Where a handle cannot be closed (in
//! a transaction's or a credentials closure, on the loop's own thread), dropping it has another thread close it soon.
//! Dropping cannot tell of a failure: `close` does. After it, every use, of a clone too, gives [`ErrorCode::Closed`].
//! After a `fork` the child cannot use its parent's handles: [`ErrorCode::Misuse`].
//!
//! Values ([`Entity`], [`Conflict`], [`Event`]) are unchanging memory of their own, `Send` and `Sync`, independent of
//! the handle that they came from. Only a [`Transaction`] is bound to its thread and its closure:
//!
//! ```compile_fail
//! fn kept(store: &fluentsync::Store) -> fluentsync::Result<()> {
//!     let mut kept = None;
//!     store.transaction(|transaction| {
//!         kept = Some(transaction);
//!         Ok::<(), fluentsync::Error>(())
//!     })
//! }
//! ```
//!
//! Closures run on the library's threads, unless it says otherwise. Their panics never reach C: see each.
#![deny(missing_docs)]
#![deny(rustdoc::broken_intra_doc_links)]

mod callback;
mod conflict;
mod credentials;
mod directory;
mod entity;
mod error;
mod event;
mod event_loop;
mod events;
mod from_json;
mod git;
mod handle;
mod json;
mod json_reader;
mod options;
mod outcome;
mod query;
mod status;
mod store;
mod text;
mod transaction;
mod value;
mod workspace;

pub use conflict::{Choice, Conflict};
pub use credentials::{Credentials, CredentialsRequest};
pub use directory::Directory;
pub use entity::{Draft, Entity, Expect, PutResult};
pub use error::{Error, ErrorCode, Result};
pub use event::{Event, EventKind};
pub use event_loop::Loop;
pub use events::{Events, Iter, Subscription};
pub use git::Git;
pub use json::Json;
pub use options::{check_options, Options};
pub use outcome::{CommitResult, Drift, PullResult, PushOutcome, PushResult, VerifyReport};
pub use query::{Compare, Query, SortBy};
pub use status::{DirectoryStatus, GitStatus, Held, WorkspaceStatus};
pub use store::Store;
pub use transaction::Transaction;
pub use workspace::Workspace;

use fluentsync_sys as sys;

/// The library's version, such as `0.1.0`.
pub fn version() -> &'static str {
    unsafe { text::until_nul(sys::fluentsync_version()) }
}

/// How many objects of the library are open or not yet freed in this process. For tests: 0 at the end.
pub fn live_objects() -> i64 {
    unsafe { sys::fluentsync_live_objects() }
}
