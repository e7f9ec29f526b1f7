//! The loop that timers, file watches and callbacks run on.

use crate::callback::{boxed, contain, drop_boxed};
use crate::error::{call, Result};
use crate::handle::Handle;
use fluentsync_sys as sys;
use std::fmt;
use std::os::raw::c_void;
use std::ptr;
use std::sync::Arc;

/// Where timers, file watches and event callbacks run. It does no disk, SQL, git or network work.
///
/// A clone is the same loop; it closes with the last one, or by [`Loop::close`].
#[derive(Clone)]
pub struct Loop {
    handle: Arc<Handle<sys::fluentsync_loop>>,
}

impl Loop {
    /// A loop of the library's own, on a thread of its own.
    pub fn open() -> Result<Self> {
        let open = |handle, error| unsafe { sys::fluentsync_loop_open(handle, error) };
        let handle = unsafe { Handle::open(sys::fluentsync_loop_close, open)? };
        Ok(Loop { handle: Arc::new(handle) })
    }

    /// A loop that the host lends and runs: `lent` is libuv's `uv_loop_t*`. The library's handles in it are
    /// unreferenced, so they do not keep `uv_run()` alive.
    ///
    /// # Safety
    /// `lent` must be an initialised loop that stays until this one is closed and it has turned once more. The call
    /// must come on the thread that runs it, or before any does; and so must the close, and the drop of the last clone,
    /// outside of a transaction's or a credentials closure.
    pub unsafe fn lend(lent: *mut c_void) -> Result<Self> {
        let open = |handle, error| sys::fluentsync_loop_lend(lent.cast(), handle, error);
        Ok(Loop { handle: Arc::new(Handle::open(sys::fluentsync_loop_close, open)?) })
    }

    /// Runs `task` on the loop's thread soon. When the loop closes first it is dropped instead.
    ///
    /// A panic ends the task and nothing else.
    pub fn post<F>(&self, task: F) -> Result<()>
    where
        F: FnOnce() + Send + 'static,
    {
        unsafe extern "C" fn run<F: FnOnce()>(userdata: *mut c_void) {
            contain(|| {
                if let Some(task) = (*userdata.cast::<Option<F>>()).take() {
                    task()
                }
            });
        }
        let userdata = boxed(Some(task));
        unsafe {
            call(|error| {
                let free = drop_boxed::<Option<F>>;
                sys::fluentsync_loop_post(self.raw(), Some(run::<F>), userdata, Some(free), error)
            })
        }
    }

    /// Whether the caller is on the loop's thread. A lent loop's is the one that last ran a callback, and before the
    /// first the one that lent it.
    pub fn on_thread(&self) -> Result<bool> {
        let mut on_thread = 0;
        unsafe { call(|error| sys::fluentsync_loop_on_thread(self.raw(), &mut on_thread, error))? };
        Ok(on_thread != 0)
    }

    /// Stops and joins, for all clones. [`Misuse`](crate::ErrorCode::Misuse) while something is open on it, and on
    /// its own thread.
    pub fn close(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_loop_close(self.raw(), error)) }
    }

    pub(crate) fn raw(&self) -> *mut sys::fluentsync_loop {
        self.handle.raw()
    }
}

/// The handle of a loop that may be left out.
pub(crate) fn raw_or_null(event_loop: Option<&Loop>) -> *mut sys::fluentsync_loop {
    event_loop.map_or(ptr::null_mut(), Loop::raw)
}

impl fmt::Debug for Loop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Loop").finish_non_exhaustive()
    }
}
