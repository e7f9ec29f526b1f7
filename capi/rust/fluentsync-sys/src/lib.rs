//! Raw declarations of FluentSync's C API, one for each of `fluentsync.h`, under the same names.
//!
//! The header is the reference: it numbers the conventions at its top (who frees what, which thread calls) and says
//! for each function what it does. A test compares the two, declaration by declaration. For a safe API use the crate
//! `fluentsync`, which adds nothing but safety.
//!
//! The build script looks for the library in the folder that the environment variable
//! `FLUENTSYNC_LIB_DIR` names, or else asks the program `pkg-config` for `fluentsync-c`.
#![allow(non_camel_case_types)]

mod directory;
mod event_loop;
mod events;
mod git;
mod library;
mod store;
mod values;
mod workspace;

pub use directory::*;
pub use event_loop::*;
pub use events::*;
pub use git::*;
pub use library::*;
pub use store::*;
pub use values::*;
pub use workspace::*;

use std::marker::{PhantomData, PhantomPinned};
use std::os::raw::c_void;

/// As a string's length: up to its first NUL.
pub const FLUENTSYNC_NUL_TERMINATED: usize = usize::MAX;
/// As an expected version: whatever the version is.
pub const FLUENTSYNC_ANY_VERSION: i64 = -1;
/// As a timeout: until there is something.
pub const FLUENTSYNC_FOREVER: i64 = -1;

/// Frees the userdata of a callback.
pub type fluentsync_free_function = unsafe extern "C" fn(userdata: *mut c_void);

/// Declares types of which only pointers exist: neither sized, sent, shared nor moved by Rust.
macro_rules! opaque {
    ($($name:ident)*) => {$(
        /// Opaque; see `fluentsync.h`.
        #[repr(C)]
        pub struct $name {
            _bytes: [u8; 0],
            _marker: PhantomData<(*mut u8, PhantomPinned)>,
        }
    )*};
}

opaque! {
    fluentsync_loop
    fluentsync_store
    fluentsync_directory
    fluentsync_git
    fluentsync_workspace
    fluentsync_events
    fluentsync_subscription
    fluentsync_transaction
}
opaque! {
    fluentsync_error
    fluentsync_string
    fluentsync_drafts
    fluentsync_put_result
    fluentsync_entity
    fluentsync_entity_list
    fluentsync_conflict
    fluentsync_conflict_list
    fluentsync_event
    fluentsync_event_batch
    fluentsync_credentials
}
opaque! { uv_loop_s }
