//! Handles that are dropped where they cannot be closed at once.

mod support;

use fluentsync::{Directory, Error, Events, Git, Loop, Options, Store, Subscription, Workspace};
use std::sync::{mpsc, Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use support::{alone, Place, LIMIT};

fn options(name: &str, path: String) -> String {
    Options::new().set(name, path).set("durable", false).to_string()
}

fn open(place: &Place, event_loop: &Loop) -> Store {
    Store::open(Some(event_loop), &options("path", place.path("brain.db"))).unwrap()
}

fn listening(store: &Store) -> (Events, Subscription) {
    (store.events(0).unwrap(), store.subscribe(|_| {}).unwrap())
}

/// What is closed on another thread is closed soon, and not at once.
fn wait_until_left(count: i64) {
    let begun = Instant::now();
    while fluentsync::live_objects() != count {
        assert!(begun.elapsed() < LIMIT, "{} objects are left", fluentsync::live_objects());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_a_transaction_s_closure_owns_is_closed_behind_it() {
    let _alone = alone();
    let place = Place::new();
    let event_loop = Loop::open().unwrap();
    let store = open(&place, &event_loop);
    let before = fluentsync::live_objects();
    let owned = listening(&store);
    store
        .transaction(move |transaction| {
            let _ = &owned;
            transaction.put("note", "a", "text\n").map(drop)
        })
        .unwrap();
    assert_eq!(fluentsync::live_objects(), before, "at once: the callback had returned");
    drop((store, event_loop));
    assert_eq!(fluentsync::live_objects(), 0);
}

#[test]
fn what_is_dropped_inside_a_transaction_is_closed_elsewhere() {
    let _alone = alone();
    let place = Place::new();
    let event_loop = Loop::open().unwrap();
    let store = open(&place, &event_loop);
    let mut owned = Some(listening(&store));
    store
        .transaction(|_| {
            drop(owned.take());
            Ok::<_, Error>(())
        })
        .unwrap();
    drop((store, event_loop));
    wait_until_left(0);
}

#[test]
fn what_stands_upon_one_another_is_closed_in_order() {
    let _alone = alone();
    let (place, other) = (Place::new(), Place::new());
    let event_loop = Loop::open().unwrap();
    let store = open(&place, &event_loop);
    let directory = Directory::open(&event_loop, &store, &options("syncPath", place.path("brain"))).unwrap();
    let git = Git::open(&event_loop, &store, &directory, r#"{"durable": false}"#).unwrap();
    let mut owned = Some((git, directory, store, event_loop));

    let writer = Store::open(None, &options("path", other.path("brain.db"))).unwrap();
    writer
        .transaction(|_| {
            drop(owned.take());
            Ok::<_, Error>(())
        })
        .unwrap();
    drop(writer);
    wait_until_left(0);
}

#[test]
fn a_loop_and_a_workspace_may_be_dropped_on_their_own_thread() {
    let _alone = alone();
    let place = Place::new();
    let event_loop = Loop::open().unwrap();
    let (go, gone) = mpsc::channel::<()>();
    let last = event_loop.clone();
    event_loop
        .post(move || {
            gone.recv_timeout(LIMIT).unwrap();
            drop(last);
        })
        .unwrap();
    drop(event_loop);
    go.send(()).unwrap();

    let brain = Workspace::open(None, &place.options().to_string()).unwrap();
    let store = brain.store().unwrap();
    let last = Arc::new(Mutex::new(None));
    let heard = Arc::clone(&last);
    let subscription = brain.subscribe(move |_| drop(heard.lock().unwrap().take())).unwrap();
    *last.lock().unwrap() = Some(brain);
    store.put("note", "a", "text\n").unwrap();
    // The subscription, which closes by itself.
    wait_until_left(1);
    drop((store, subscription));
    wait_until_left(0);
}
