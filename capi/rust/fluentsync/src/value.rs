//! C values: plain memory, unchanging, readable from any thread.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A C value that this side was given, and frees once.
pub(crate) struct Owned<T> {
    pointer: *mut T,
    free: unsafe extern "C" fn(*mut T),
}

// Convention 7 of the header: values are independent of all else, and any thread may read and free them.
unsafe impl<T> Send for Owned<T> {}
unsafe impl<T> Sync for Owned<T> {}

impl<T> Owned<T> {
    /// # Safety
    /// `pointer` must be a value that `free` frees, and nobody else does.
    pub(crate) unsafe fn new(pointer: *mut T, free: unsafe extern "C" fn(*mut T)) -> Self {
        Owned { pointer, free }
    }

    pub(crate) fn pointer(&self) -> *mut T {
        self.pointer
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        unsafe { (self.free)(self.pointer) }
    }
}

/// A C value, and what keeps it in memory.
pub(crate) enum Value<T, L> {
    /// On its own.
    Alone(Owned<T>),
    /// In a list, which is freed with the last of its members.
    Member(*const T, Arc<Owned<L>>),
    /// Lent for the time of a callback, which is handed nothing but a reference to this.
    Lent(*const T),
}

// As for `Owned`; whoever is lent one cannot keep it.
unsafe impl<T, L> Send for Value<T, L> {}
unsafe impl<T, L> Sync for Value<T, L> {}

impl<T, L> Value<T, L> {
    pub(crate) fn pointer(&self) -> *const T {
        match self {
            Value::Alone(value) => value.pointer(),
            Value::Member(value, list) => {
                debug_assert!(!list.pointer().is_null());
                *value
            }
            Value::Lent(value) => *value,
        }
    }

    /// All members of a list, each keeping it in memory.
    ///
    /// # Safety
    /// `size` and `at` must be the list's own.
    pub(crate) unsafe fn members(
        list: Owned<L>,
        size: unsafe extern "C" fn(*const L) -> usize,
        at: unsafe extern "C" fn(*const L, usize) -> *const T,
    ) -> Vec<Self> {
        let list = Arc::new(list);
        (0..size(list.pointer()))
            .map(|index| Value::Member(at(list.pointer(), index), Arc::clone(&list)))
            .collect()
    }
}

/// Milliseconds since the Unix epoch as Rust has them.
pub(crate) fn time(milliseconds: i64) -> SystemTime {
    let distance = Duration::from_millis(milliseconds.unsigned_abs());
    if milliseconds < 0 {
        SystemTime::UNIX_EPOCH - distance
    } else {
        SystemTime::UNIX_EPOCH + distance
    }
}
