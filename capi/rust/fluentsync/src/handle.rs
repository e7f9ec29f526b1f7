//! C handles: tickets with a life, that any thread may use and close.

use crate::error::{call, Result};
use fluentsync_sys as sys;
use std::os::raw::c_int;
use std::ptr;

type Close<T> = unsafe extern "C" fn(*mut T, *mut *mut sys::fluentsync_error) -> c_int;

/// A handle, closed when it is dropped. A handle is never read through, so one that is closed, or whose owner is,
/// gives an error and nothing worse.
pub(crate) struct Handle<T> {
    ticket: *mut T,
    /// A workspace's parts have none: they close with it.
    close: Option<Close<T>>,
}

// Convention 8 of the header: every function may be called from any thread, and at once.
unsafe impl<T> Send for Handle<T> {}
unsafe impl<T> Sync for Handle<T> {}

impl<T> Handle<T> {
    /// Takes over what an opening call gives.
    ///
    /// # Safety
    /// `open` must be a valid call that sets its first argument, and `close` the close function of what it gives.
    pub(crate) unsafe fn open(
        close: Close<T>,
        open: impl FnOnce(*mut *mut T, *mut *mut sys::fluentsync_error) -> c_int,
    ) -> Result<Self> {
        let mut ticket = ptr::null_mut();
        call(|error| open(&mut ticket, error))?;
        Ok(Handle { ticket, close: Some(close) })
    }

    /// Takes what belongs to another handle.
    ///
    /// # Safety
    /// `borrow` must be a valid call that sets its first argument.
    pub(crate) unsafe fn part(
        borrow: impl FnOnce(*mut *mut T, *mut *mut sys::fluentsync_error) -> c_int,
    ) -> Result<Self> {
        let mut ticket = ptr::null_mut();
        call(|error| borrow(&mut ticket, error))?;
        Ok(Handle { ticket, close: None })
    }

    pub(crate) fn raw(&self) -> *mut T {
        self.ticket
    }
}

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        if let Some(close) = self.close {
            // Closed already gives an error that says so; for others there is nobody to tell.
            unsafe { close(self.ticket, ptr::null_mut()) };
        }
    }
}
