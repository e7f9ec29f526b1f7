//! Two ways to hear what happens: a queue that the host pulls, and a closure that the loop's thread calls.

use crate::callback::{boxed, contain, drop_boxed};
use crate::directory::Directory;
use crate::error::{call, ErrorCode, Result};
use crate::event::Event;
use crate::git::Git;
use crate::handle::Handle;
use crate::store::Store;
use crate::workspace::Workspace;
use fluentsync_sys as sys;
use std::fmt;
use std::iter::FusedIterator;
use std::os::raw::c_void;
use std::os::unix::io::{AsRawFd, RawFd};
use std::ptr;
use std::time::Duration;

/// A queue of events, in order, for a host with threads or a scheduler of its own. What happened before it was made
/// is not told. Beyond its capacity the newest are dropped, counted, and told as one
/// [`Dropped`](crate::EventKind::Dropped) in their place.
///
/// Its descriptor is readable while there are events, or the end, to take: register it with `poll`, `epoll` or an
/// async runtime, and then take with [`Events::next_batch`] and a timeout of zero until nothing comes. Do not read,
/// write or close it, and stop polling before the queue is closed.
pub struct Events {
    handle: Handle<sys::fluentsync_events>,
}

impl Events {
    /// Takes up to `most` events (0: 128). Waits for the first up to `timeout` (`None`: for as long as it takes); an
    /// empty vector says that none came. Once what it listens to is closed and everything is taken, and when the queue
    /// is closed: [`Closed`](ErrorCode::Closed).
    pub fn next_batch(&self, most: usize, timeout: Option<Duration>) -> Result<Vec<Event>> {
        let timeout = match timeout {
            None => sys::FLUENTSYNC_FOREVER,
            // Rounded up: a wait of less than a millisecond is none that spins.
            Some(wait) => i64::try_from((wait.as_nanos() + 999_999) / 1_000_000).unwrap_or(i64::MAX),
        };
        let mut batch = ptr::null_mut();
        let raw = self.handle.raw();
        unsafe {
            call(|error| sys::fluentsync_events_next(raw, most, timeout, &mut batch, error))?;
            Ok(if batch.is_null() { Vec::new() } else { Event::take_batch(batch) })
        }
    }

    /// Waits for each event; ends with what it listens to. An error that is not the end is the last item.
    pub fn iter(&self) -> Iter<'_> {
        Iter { events: self, timeout: None, ended: false }
    }

    /// As [`Events::iter`], and ends as well when nothing came for so long.
    pub fn iter_timeout(&self, timeout: Duration) -> Iter<'_> {
        Iter { timeout: Some(timeout), ..self.iter() }
    }

    /// Has `ready` called when there is something to take: once, and not again before [`Events::next_batch`] has
    /// found the queue empty; at once if there is something now. On any thread, so be brief. A later call replaces it,
    /// [`Events::no_ready`] takes it away.
    ///
    /// A panic ends that call and nothing else.
    pub fn on_ready<F>(&self, ready: F) -> Result<()>
    where
        F: Fn() + Send + Sync + 'static,
    {
        unsafe extern "C" fn run<F: Fn()>(userdata: *mut c_void) {
            contain(&*userdata.cast::<F>());
        }
        let userdata = boxed(ready);
        let raw = self.handle.raw();
        unsafe {
            call(|error| {
                let free = drop_boxed::<F>;
                sys::fluentsync_events_on_ready(raw, Some(run::<F>), userdata, Some(free), error)
            })
        }
    }

    /// Takes the closure of [`Events::on_ready`] away. One that is running runs to its end.
    pub fn no_ready(&self) -> Result<()> {
        let raw = self.handle.raw();
        unsafe { call(|error| sys::fluentsync_events_on_ready(raw, None, ptr::null_mut(), None, error)) }
    }

    /// Closes it, which ends a wait in another thread.
    pub fn close(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_events_close(self.handle.raw(), error)) }
    }
}

impl AsRawFd for Events {
    /// -1 when the queue is closed.
    fn as_raw_fd(&self) -> RawFd {
        let mut descriptor = -1;
        let given =
            unsafe { call(|error| sys::fluentsync_events_fd(self.handle.raw(), &mut descriptor, error)) };
        given.map_or(-1, |()| descriptor)
    }
}

impl<'a> IntoIterator for &'a Events {
    type Item = Result<Event>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Events").finish_non_exhaustive()
    }
}

/// The events of a queue, one by one.
#[derive(Debug)]
pub struct Iter<'a> {
    events: &'a Events,
    timeout: Option<Duration>,
    ended: bool,
}

impl Iterator for Iter<'_> {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Result<Event>> {
        if self.ended {
            return None;
        }
        // One at a time: what a dropped iterator has not given is still in the queue.
        match self.events.next_batch(1, self.timeout) {
            Ok(batch) => {
                let event = batch.into_iter().next();
                self.ended = event.is_none();
                event.map(Ok)
            }
            Err(error) => {
                self.ended = true;
                Some(error).filter(|error| error.code() != ErrorCode::Closed).map(Err)
            }
        }
    }
}

impl FusedIterator for Iter<'_> {}

/// A closure that hears events on the loop's thread, until this is dropped.
#[must_use = "dropping it ends the subscription"]
pub struct Subscription {
    handle: Handle<sys::fluentsync_subscription>,
}

impl Subscription {
    /// When it has returned on any thread but the loop's, the closure is not running and will not be called again.
    /// May be called, and the subscription dropped, in the closure itself.
    pub fn close(&self) -> Result<()> {
        unsafe { call(|error| sys::fluentsync_subscription_close(self.handle.raw(), error)) }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Subscription").finish_non_exhaustive()
    }
}

/// A subscribed closure; none after it panicked.
struct Listener<F>(Option<F>);

unsafe extern "C" fn hear<F: FnMut(&[Event])>(
    userdata: *mut c_void,
    batch: *const sys::fluentsync_event_batch,
) {
    // The loop has one thread, and does not run inside a callback of its own.
    let listener = &mut *userdata.cast::<Listener<F>>();
    if let Some(closure) = &mut listener.0 {
        let lent = Event::lent_batch(batch);
        if contain(|| closure(&lent)).is_none() {
            contain(|| listener.0 = None);
        }
    }
}

/// Gives a type its queue and its subscriptions.
macro_rules! listen {
    ($($type:ident: $what:literal, $events:ident, $subscribe:ident;)*) => {$(
        impl $type {
            #[doc = concat!("A queue of at most `capacity` events (0: 16384): ", $what, ".")]
            pub fn events(&self, capacity: usize) -> Result<Events> {
                let open = |out, error| unsafe { sys::$events(self.raw(), capacity, out, error) };
                Ok(Events { handle: unsafe { Handle::open(sys::fluentsync_events_close, open)? } })
            }

            #[doc = concat!("Has `listener` called on the loop's thread with each batch of events: ", $what, ".")]
            ///
            /// Return soon: the loop, and with a lent loop the host, waits. A panic ends the listening.
            pub fn subscribe<F>(&self, listener: F) -> Result<Subscription>
            where
                F: FnMut(&[Event]) + Send + 'static,
            {
                let userdata = boxed(Listener(Some(listener)));
                let free = drop_boxed::<Listener<F>>;
                let open = |out, error| unsafe {
                    sys::$subscribe(self.raw(), Some(hear::<F>), userdata, Some(free), out, error)
                };
                let handle = unsafe { Handle::open(sys::fluentsync_subscription_close, open)? };
                Ok(Subscription { handle })
            }
        }
    )*};
}

listen! {
    Store: "those of entities and of resolved conflicts", fluentsync_store_events, fluentsync_store_subscribe;
    Directory: "those of the folder", fluentsync_directory_events, fluentsync_directory_subscribe;
    Git: "those of the repository", fluentsync_git_events, fluentsync_git_subscribe;
    Workspace: "all of them", fluentsync_workspace_events, fluentsync_workspace_subscribe;
}
