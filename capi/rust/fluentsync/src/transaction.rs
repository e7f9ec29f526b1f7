//! Several reads and writes that happen together or not at all.

use crate::entity::{Entity, Expect, PutResult};
use crate::error::{call, Error, Result};
use crate::store::{result_of, Store};
use crate::text;
use fluentsync_sys as sys;
use std::any::Any;
use std::marker::PhantomData;
use std::os::raw::{c_int, c_void};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::ptr;

/// The transaction that a closure is given: it lives until the closure returns, and on its thread alone.
///
/// ```compile_fail
/// # fn on_another_thread(transaction: &fluentsync::Transaction<'_>) {
/// std::thread::scope(|scope| scope.spawn(|| transaction.get("note", "a")));
/// # }
/// ```
pub struct Transaction<'a> {
    raw: *mut sys::fluentsync_transaction,
    _lent: PhantomData<&'a ()>,
}

/// What goes into C's callback and comes out of it. The closure is lent: what it owns is dropped behind the callback,
/// in which no handle can be closed.
struct Work<'a, F, R> {
    closure: Option<&'a mut F>,
    outcome: Option<std::result::Result<R, Box<dyn Any + Send>>>,
}

impl Store {
    /// Runs `work` at once, on this thread, in one transaction. When it gives `Ok`, all of its writes are committed;
    /// when it gives an error or panics, none, and the error or panic comes out here.
    ///
    /// `work` is called once, and lives until the transaction has ended: handles that it owns are closed then. Inside,
    /// only the transaction's own methods may be called; those of stores and other handles give
    /// [`Misuse`](crate::ErrorCode::Misuse).
    pub fn transaction<R, E, F>(&self, mut work: F) -> std::result::Result<R, E>
    where
        F: FnMut(&Transaction<'_>) -> std::result::Result<R, E>,
        E: From<Error>,
    {
        let mut shared = Work { closure: Some(&mut work), outcome: None };
        let userdata: *mut Work<'_, F, std::result::Result<R, E>> = &mut shared;
        let committed = unsafe {
            call(|error| {
                let run = run::<R, E, F>;
                sys::fluentsync_store_transaction(self.raw(), Some(run), userdata.cast(), None, error)
            })
        };
        match shared.outcome {
            Some(Err(panic)) => resume_unwind(panic),
            Some(Ok(Err(refusal))) => Err(refusal),
            Some(Ok(Ok(result))) => committed.map(|()| result).map_err(E::from),
            None => Err(committed.err().unwrap_or_else(not_run).into()),
        }
    }
}

fn not_run() -> Error {
    Error::new(crate::ErrorCode::Internal, "the transaction was not run")
}

unsafe extern "C" fn run<R, E, F>(
    userdata: *mut c_void,
    transaction: *mut sys::fluentsync_transaction,
) -> c_int
where
    F: FnMut(&Transaction<'_>) -> std::result::Result<R, E>,
{
    let work = &mut *userdata.cast::<Work<'_, F, std::result::Result<R, E>>>();
    let closure = match work.closure.take() {
        Some(closure) => closure,
        None => return sys::FLUENTSYNC_INTERNAL,
    };
    let lent = Transaction { raw: transaction, _lent: PhantomData };
    let outcome = catch_unwind(AssertUnwindSafe(|| closure(&lent)));
    let status = match outcome {
        Ok(Ok(_)) => sys::FLUENTSYNC_OK,
        _ => sys::FLUENTSYNC_CANCELLED,
    };
    work.outcome = Some(outcome);
    status
}

impl Transaction<'_> {
    /// As [`Store::put`].
    pub fn put(&self, entity_type: &str, id: &str, content: &str) -> Result<PutResult> {
        self.put_if(entity_type, id, content, Expect::Any)
    }

    /// As [`Store::put_if`].
    pub fn put_if(&self, entity_type: &str, id: &str, content: &str, expect: Expect) -> Result<PutResult> {
        let expected = expect.number()?;
        result_of(|result, error| unsafe {
            sys::fluentsync_transaction_put(
                self.raw,
                text::pointer(entity_type),
                entity_type.len(),
                text::pointer(id),
                id.len(),
                text::pointer(content),
                content.len(),
                expected,
                result,
                error,
            )
        })
    }

    /// As [`Store::get`]; it sees what this transaction wrote.
    pub fn get(&self, entity_type: &str, id: &str) -> Result<Option<Entity>> {
        let mut entity = ptr::null_mut();
        unsafe {
            call(|error| {
                sys::fluentsync_transaction_get(
                    self.raw,
                    text::pointer(entity_type),
                    entity_type.len(),
                    text::pointer(id),
                    id.len(),
                    &mut entity,
                    error,
                )
            })?;
            Ok(Entity::take(entity))
        }
    }

    /// As [`Store::remove`].
    pub fn remove(&self, entity_type: &str, id: &str) -> Result<bool> {
        self.remove_if(entity_type, id, Expect::Any)
    }

    /// As [`Store::remove_if`].
    pub fn remove_if(&self, entity_type: &str, id: &str, expect: Expect) -> Result<bool> {
        let expected = expect.number()?;
        let mut removed = 0;
        unsafe {
            call(|error| {
                sys::fluentsync_transaction_remove(
                    self.raw,
                    text::pointer(entity_type),
                    entity_type.len(),
                    text::pointer(id),
                    id.len(),
                    expected,
                    &mut removed,
                    error,
                )
            })?
        };
        Ok(removed != 0)
    }
}
