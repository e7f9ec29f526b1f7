//! What can go wrong, and how a status becomes a `Result`.

use crate::text;
use fluentsync_sys as sys;
use std::fmt;
use std::os::raw::c_int;
use std::ptr;

/// What every fallible call returns.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure: what failed, on what, and whether trying again makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: ErrorCode,
    message: String,
    path: String,
    retryable: bool,
}

impl Error {
    /// Which kind of failure it is.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// One line for a person: what failed, on what, what to do. Never holds a secret.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The file, database or URL (redacted) in question; may be empty.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the same call may succeed later with nothing changed by the caller.
    pub fn retryable(&self) -> bool {
        self.retryable
    }

    /// A failure of the host's own, to end a transaction or the like with.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Error { code, message: message.into(), path: String::new(), retryable: false }
    }

    /// Takes over, and frees, what a failed call gave.
    unsafe fn take(status: c_int, error: *mut sys::fluentsync_error) -> Self {
        let taken = Error {
            code: ErrorCode::from(status),
            message: text::lossy(error, sys::fluentsync_error_message).into_owned(),
            path: text::lossy(error, sys::fluentsync_error_path).into_owned(),
            retryable: sys::fluentsync_error_retryable(error) != 0,
        };
        sys::fluentsync_error_free(error);
        taken
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() {
            return self.code.fmt(formatter);
        }
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Makes one call of the C API, which is given where to put its error.
///
/// # Safety
/// The call must be a valid one.
pub(crate) unsafe fn call(call: impl FnOnce(*mut *mut sys::fluentsync_error) -> c_int) -> Result<()> {
    let mut error = ptr::null_mut();
    match call(&mut error) {
        sys::FLUENTSYNC_OK => Ok(()),
        status => Err(Error::take(status, error)),
    }
}

/// Declares [`ErrorCode`] and both ways between it and the numbers.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:ident,)*) => {
        /// The kind of a failure. New ones may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
            /// One that this version of the crate does not know.
            Unknown(i32),
        }

        impl From<i32> for ErrorCode {
            fn from(number: i32) -> Self {
                match number {
                    $(sys::$number => ErrorCode::$name,)*
                    other => ErrorCode::Unknown(other),
                }
            }
        }

        impl From<ErrorCode> for i32 {
            fn from(code: ErrorCode) -> i32 {
                match code {
                    $(ErrorCode::$name => sys::$number,)*
                    ErrorCode::Unknown(other) => other,
                }
            }
        }
    };
}

codes! {
    /// An argument makes no sense; the message names it.
    InvalidArgument = FLUENTSYNC_INVALID_ARGUMENT,
    /// An option is unknown, missing or out of range.
    InvalidOptions = FLUENTSYNC_INVALID_OPTIONS,
    /// A type or id that cannot become a safe path.
    InvalidKey = FLUENTSYNC_INVALID_KEY,
    /// Not UTF-8, or empty where content is needed.
    InvalidContent = FLUENTSYNC_INVALID_CONTENT,
    /// The front matter does not parse; the message names the line.
    InvalidFrontMatter = FLUENTSYNC_INVALID_FRONT_MATTER,
    /// Content over the size limit.
    TooLarge = FLUENTSYNC_TOO_LARGE,
    /// No such entity, conflict, file or key.
    NotFound = FLUENTSYNC_NOT_FOUND,
    /// Create of an entity that is there.
    AlreadyExists = FLUENTSYNC_ALREADY_EXISTS,
    /// Compare-and-set on a version that has moved.
    VersionMismatch = FLUENTSYNC_VERSION_MISMATCH,
    /// A path cannot be opened or made.
    CannotOpen = FLUENTSYNC_CANNOT_OPEN,
    /// The file is no FluentSync database.
    NotOurDatabase = FLUENTSYNC_NOT_OUR_DATABASE,
    /// The database was written by a newer FluentSync.
    NewerDatabase = FLUENTSYNC_NEWER_DATABASE,
    /// Another process holds the database; try again.
    Busy = FLUENTSYNC_BUSY,
    /// A read or write failed: no space, I/O error, permission.
    Io = FLUENTSYNC_IO,
    /// A database or repository is damaged.
    Corrupt = FLUENTSYNC_CORRUPT,
    /// Another running process synchronises this folder.
    FolderOwned = FLUENTSYNC_FOLDER_OWNED,
    /// The folder is not the one known here (unmounted? emptied?).
    RootUnverified = FLUENTSYNC_ROOT_UNVERIFIED,
    /// The repository refuses: no such branch, detached HEAD, bad object.
    Repository = FLUENTSYNC_REPOSITORY,
    /// A person's merge or rebase is in progress, or a lock is held.
    RepositoryBusy = FLUENTSYNC_REPOSITORY_BUSY,
    /// The branch moved between read and write; try again.
    RefMoved = FLUENTSYNC_REF_MOVED,
    /// The remote is not there or does not answer.
    RemoteUnreachable = FLUENTSYNC_REMOTE_UNREACHABLE,
    /// Given up after the time that the options allow.
    TimedOut = FLUENTSYNC_TIMED_OUT,
    /// The remote wants credentials or refused them.
    Authentication = FLUENTSYNC_AUTHENTICATION,
    /// The server refused the ref; the message carries its words.
    PushRejected = FLUENTSYNC_PUSH_REJECTED,
    /// Closing came first, or a transaction was given up.
    Cancelled = FLUENTSYNC_CANCELLED,
    /// The handle is closed.
    Closed = FLUENTSYNC_CLOSED,
    /// A call on the wrong thread or in the wrong state.
    Misuse = FLUENTSYNC_MISUSE,
    /// A fault of the library, or no memory; please report it.
    Internal = FLUENTSYNC_INTERNAL,
    /// The database was deleted or replaced while it was open; open it anew.
    DatabaseGone = FLUENTSYNC_DATABASE_GONE,
}

impl ErrorCode {
    /// From the stable name, as the library writes it in JSON: one that this crate does not know, too.
    pub(crate) fn named(name: &str) -> Self {
        let named = |number| unsafe { text::until_nul(sys::fluentsync_code_name(number)) };
        let unknown = named(-1);
        let number =
            (1..).take_while(|number| named(*number) != unknown).find(|number| named(*number) == name);
        ErrorCode::from(number.unwrap_or(-1))
    }
}

impl fmt::Display for ErrorCode {
    /// The stable name, such as `invalid_key`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = unsafe { text::until_nul(sys::fluentsync_code_name(i32::from(*self))) };
        formatter.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;

    #[test]
    fn codes_are_found_by_name() {
        for code in [ErrorCode::InvalidArgument, ErrorCode::TooLarge, ErrorCode::Internal] {
            assert_eq!(ErrorCode::named(&code.to_string()), code);
        }
        assert_eq!(ErrorCode::named("of_the_future"), ErrorCode::Unknown(-1));
    }
}
