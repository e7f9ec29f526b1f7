//! Strings between Rust and C.

use crate::error::{call, Result};
use crate::from_json::{from_text, FromJson};
use fluentsync_sys as sys;
use std::borrow::Cow;
use std::ffi::{CStr, OsStr};
use std::os::raw::{c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::slice;
use std::str;

/// A getter of the C API: the object's text, never NULL, alive as long as the object.
pub(crate) type Getter<T> = unsafe extern "C" fn(*const T, *mut usize) -> *const c_char;

/// A text as the pointer that the C API takes; the length goes beside it.
pub(crate) fn pointer(text: &str) -> *const c_char {
    text.as_ptr().cast()
}

/// What a getter gives, as bytes.
///
/// # Safety
/// `object` must live, unchanged, for `'a`.
pub(crate) unsafe fn bytes<'a, T>(object: *const T, getter: Getter<T>) -> &'a [u8] {
    let mut length = 0;
    let data = getter(object, &mut length);
    slice::from_raw_parts(data.cast(), length)
}

/// What a getter gives where the library promises UTF-8. Were that broken, by a damaged database, the text would end
/// in front of the first bad byte.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn utf8<'a, T>(object: *const T, getter: Getter<T>) -> &'a str {
    let bytes = bytes(object, getter);
    str::from_utf8(bytes)
        .unwrap_or_else(|bad| str::from_utf8(&bytes[..bad.valid_up_to()]).unwrap_or_default())
}

/// What a getter gives where the text may quote foreign bytes.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn lossy<'a, T>(object: *const T, getter: Getter<T>) -> Cow<'a, str> {
    String::from_utf8_lossy(bytes(object, getter))
}

/// What a getter gives where it is a path.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn path<'a, T>(object: *const T, getter: Getter<T>) -> &'a Path {
    Path::new(OsStr::from_bytes(bytes(object, getter)))
}

/// A text of static storage.
///
/// # Safety
/// `text` must be such a text.
pub(crate) unsafe fn until_nul(text: *const c_char) -> &'static str {
    CStr::from_ptr(text).to_str().unwrap_or_default()
}

/// Makes one call that gives a JSON text, takes that over and reads it.
pub(crate) fn json_of<T: FromJson>(
    ask: impl FnOnce(*mut *mut sys::fluentsync_string, *mut *mut sys::fluentsync_error) -> c_int,
) -> Result<T> {
    let mut string = ptr::null_mut();
    unsafe {
        call(|error| ask(&mut string, error))?;
        let taken = lossy(string, sys::fluentsync_string_data).into_owned();
        sys::fluentsync_string_free(string);
        from_text(&taken)
    }
}
