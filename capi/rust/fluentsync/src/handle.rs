//! C handles: tickets with a life, that any thread may use and close.

use crate::error::{call, Result};
use fluentsync_sys as sys;
use std::os::raw::c_int;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{mem, process, ptr, thread};

type Close<T> = unsafe extern "C" fn(*mut T, *mut *mut sys::fluentsync_error) -> c_int;

/// A handle, closed when it is dropped. A handle is never read through, so one that is closed, or whose owner is,
/// gives an error and nothing worse.
pub(crate) struct Handle<T: 'static> {
    ticket: *mut T,
    /// A workspace's parts have none: they close with it.
    close: Option<Close<T>>,
    /// The process that it is of: after a fork the child has nothing to close.
    process: u32,
}

// Convention 8 of the header: every function may be called from any thread, and at once.
unsafe impl<T: 'static> Send for Handle<T> {}
unsafe impl<T: 'static> Sync for Handle<T> {}

impl<T: 'static> Handle<T> {
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
        Ok(Handle { ticket, close: Some(close), process: process::id() })
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
        Ok(Handle { ticket, close: None, process: process::id() })
    }

    pub(crate) fn raw(&self) -> *mut T {
        self.ticket
    }
}

impl<T: 'static> Drop for Handle<T> {
    fn drop(&mut self) {
        let close = match self.close {
            Some(close) if self.process == process::id() => close,
            _ => return,
        };
        // Closed already gives an error that says so; for others there is nobody to tell.
        if unsafe { close(self.ticket, ptr::null_mut()) } == sys::FLUENTSYNC_MISUSE {
            // A ticket is a number, and a number may go to another thread.
            let ticket = self.ticket as usize;
            close_elsewhere(Box::new(move || {
                unsafe { close(ticket as *mut T, ptr::null_mut()) };
            }));
        }
    }
}

type Closing = Box<dyn FnOnce() + Send>;

/// Handles that were dropped where they cannot be closed, in the order in which they came, which is that in which they
/// stand upon one another.
static FORGOTTEN: Mutex<Vec<Closing>> = Mutex::new(Vec::new());

/// Has a handle closed that was dropped in a transaction's or a credentials closure, or on the thread that it would
/// join, and what it stood on behind it.
fn close_elsewhere(closing: Closing) {
    locked(&FORGOTTEN).push(closing);
    // Where no thread can be had it stays until the next one.
    let _ = thread::Builder::new().name("fluentsync-close".to_string()).spawn(close_forgotten);
}

fn close_forgotten() {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = locked(&ONE_AT_A_TIME);
    loop {
        // Taken first: closing waits for callbacks, and those may drop handles here meanwhile.
        let forgotten = mem::take(&mut *locked(&FORGOTTEN));
        if forgotten.is_empty() {
            return;
        }
        forgotten.into_iter().for_each(|closing| closing());
    }
}

/// Poison says nothing here: whatever panicked left a whole value.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
