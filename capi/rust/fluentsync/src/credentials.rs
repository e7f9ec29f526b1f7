//! What a remote asks for, and a closure that answers.

use crate::callback::{boxed, contain, drop_boxed};
use crate::text;
use fluentsync_sys as sys;
use std::fmt;
use std::os::raw::c_void;
use std::ptr;

/// What a remote asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CredentialsRequest<'a> {
    /// Which remote.
    pub url: &'a str,
    /// From the URL; may be empty.
    pub username: &'a str,
    /// 1 for the first try; a higher one says that the last answer was refused.
    pub attempt: u32,
}

/// The answer. It is stored nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user's name.
    pub username: String,
    /// A password or token.
    pub password: String,
}

impl fmt::Debug for Credentials {
    /// Shows no password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// The three arguments that a credentials callback is in C.
pub(crate) struct Ask {
    pub(crate) callback: Option<sys::fluentsync_credentials_callback>,
    pub(crate) userdata: *mut c_void,
    pub(crate) free: Option<sys::fluentsync_free_function>,
}

impl Ask {
    /// Without an answer to anything.
    pub(crate) fn nobody() -> Self {
        Ask { callback: None, userdata: ptr::null_mut(), free: None }
    }

    /// From now on the closure is the library's, which drops it also when opening fails.
    pub(crate) fn closure<F>(closure: F) -> Self
    where
        F: Fn(&CredentialsRequest<'_>) -> Option<Credentials> + Send + Sync + 'static,
    {
        Ask { callback: Some(answer::<F>), userdata: boxed(closure), free: Some(drop_boxed::<F>) }
    }
}

unsafe extern "C" fn answer<F>(userdata: *mut c_void, credentials: *mut sys::fluentsync_credentials)
where
    F: Fn(&CredentialsRequest<'_>) -> Option<Credentials>,
{
    let closure = &*userdata.cast::<F>();
    let asked = credentials as *const sys::fluentsync_credentials;
    let request = CredentialsRequest {
        url: text::utf8(asked, sys::fluentsync_credentials_url),
        username: text::utf8(asked, sys::fluentsync_credentials_username),
        attempt: sys::fluentsync_credentials_attempt(asked).unsigned_abs(),
    };
    // A failure here leaves no answer, of which the remote's error tells.
    match contain(|| closure(&request)) {
        Some(Some(Credentials { username, password })) => {
            sys::fluentsync_credentials_answer(
                credentials,
                text::pointer(&username),
                username.len(),
                text::pointer(&password),
                password.len(),
                ptr::null_mut(),
            );
        }
        Some(None) => {}
        None => {
            let reason = "the closure panicked";
            sys::fluentsync_credentials_fail(credentials, text::pointer(reason), reason.len(), ptr::null_mut());
        }
    }
}
