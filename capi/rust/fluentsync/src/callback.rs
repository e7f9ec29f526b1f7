//! Closures as C callbacks: boxed as userdata, called through a trampoline, dropped once by the free function. No
//! panic leaves any of these functions.

use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// A closure as userdata. From now on it is the library's, which frees it with [`drop_boxed`].
pub(crate) fn boxed<F>(closure: F) -> *mut c_void {
    Box::into_raw(Box::new(closure)).cast()
}

/// The free function of what [`boxed`] made.
///
/// # Safety
/// `userdata` must be of `boxed::<F>`, and freed once.
pub(crate) unsafe extern "C" fn drop_boxed<F>(userdata: *mut c_void) {
    contain(|| drop(Box::from_raw(userdata.cast::<F>())));
}

/// Runs a host's code; `None` if it panicked, of which the panic hook has told by then.
pub(crate) fn contain<R>(work: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => Some(result),
        Err(payload) => {
            // Its own drop is the host's code too, and must not panic across C.
            std::mem::forget(payload);
            None
        }
    }
}
