//! Handles, queues, callbacks, and what is done wrongly with them.

mod support;

use fluentsync::{
    check_options, Directory, Draft, Error, ErrorCode, EventKind, Events, Git, Loop, Options, Store,
    Workspace,
};
use std::os::unix::io::AsRawFd;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use support::{alone, exists, wait_for, Place, LIMIT};

fn store_options(place: &Place) -> String {
    Options::new().set("path", place.path("brain.db")).set("durable", false).to_string()
}

fn code<T: std::fmt::Debug>(result: fluentsync::Result<T>) -> ErrorCode {
    result.unwrap_err().code()
}

#[test]
fn what_any_thread_may_use_is_send_and_sync() {
    fn everywhere<T: Send + Sync>() {}
    everywhere::<(Loop, Store, Directory, Git, Workspace, Events)>();
    everywhere::<(fluentsync::Entity, fluentsync::Conflict, fluentsync::Event, Error)>();
}

#[test]
fn what_a_dropped_iterator_had_not_given_is_still_to_come() {
    let _alone = alone();
    let place = Place::new();
    let brain = Workspace::open(None, &place.options().to_string()).unwrap();
    let events = brain.events(0).unwrap();
    let drafts = ["a", "b", "c"].map(|id| Draft { entity_type: "note", id, content: "text\n" });
    brain.store().unwrap().put_all(drafts).unwrap();
    for id in ["a", "b", "c"] {
        let created = events.iter_timeout(LIMIT).map(Result::unwrap);
        let first = created.into_iter().find(|event| event.kind() == EventKind::EntityCreated).unwrap();
        assert_eq!(first.id(), id);
    }
}

#[test]
fn a_closed_handle_says_so() {
    let _alone = alone();
    let place = Place::new();
    let store = Store::open(None, &store_options(&place)).unwrap();
    let clone = store.clone();
    store.close().unwrap();
    assert_eq!(code(store.close()), ErrorCode::Closed);
    assert_eq!(code(clone.get("note", "a")), ErrorCode::Closed);

    let brain = Workspace::open(None, &place.options().to_string()).unwrap();
    let (part, events) = (brain.store().unwrap(), brain.events(0).unwrap());
    assert_eq!(code(part.close()), ErrorCode::Misuse, "a part closes with its workspace");
    assert_eq!(code(brain.git()), ErrorCode::Misuse, "there is none");
    assert!(!brain.has_git().unwrap());
    let inside = part.transaction(|_| Ok::<_, Error>(code(brain.has_git()))).unwrap();
    assert_eq!(inside, ErrorCode::Misuse, "which does not say that there is none");
    drop(brain);
    assert_eq!(code(part.get("note", "a")), ErrorCode::Closed);
    assert_eq!(events.iter().count(), 0, "the queue has ended");
    events.close().unwrap();
    assert_eq!(events.as_raw_fd(), -1);
    drop(events);
    assert_eq!(fluentsync::live_objects(), 0);
}

#[test]
fn parts_close_in_the_right_order_whatever_is_dropped_first() {
    let _alone = alone();
    let place = Place::new();
    let event_loop = Loop::open().unwrap();
    let store = Store::open(Some(&event_loop), &store_options(&place)).unwrap();
    let options = Options::new().set("syncPath", place.path("brain")).set("durable", false).to_string();
    let directory = Directory::open(&event_loop, &store, &options).unwrap();
    let git = Git::open(&event_loop, &store, &directory, r#"{"durable": false}"#).unwrap();
    assert_eq!(code(event_loop.close()), ErrorCode::Misuse, "something is open on it");
    assert_eq!(code(store.close()), ErrorCode::Misuse);
    drop((event_loop, store.clone(), directory));
    store.put("note", "a", "text\n").unwrap();
    git.start().unwrap();
    assert_eq!(git.commit("first").unwrap().files, 1);
    assert!(git.status().unwrap().initialized);
    drop((store, git));
    assert!(exists(&place.path("brain/note/a.md")));
    assert_eq!(fluentsync::live_objects(), 0);
}

#[test]
fn events_are_pulled_polled_and_heard() {
    let _alone = alone();
    let place = Place::new();
    let brain = Workspace::open(None, &place.options().to_string()).unwrap();
    let events = brain.events(0).unwrap();
    assert!(events.as_raw_fd() >= 0);
    assert!(events.next_batch(0, Some(Duration::ZERO)).unwrap().is_empty());
    let (ready, is_ready) = mpsc::sync_channel(100);
    events.on_ready(move || ready.send(()).unwrap()).unwrap();
    let (hear, heard) = mpsc::channel();
    let subscription = brain
        .subscribe(move |batch| batch.iter().for_each(|event| hear.send(event.name().to_string()).unwrap()))
        .unwrap();

    brain.store().unwrap().put("note", "a", "text\n").unwrap();
    is_ready.recv_timeout(LIMIT).unwrap();
    assert_eq!(wait_for(&events, EventKind::EntityCreated, "a").origin(), "api");
    assert_eq!(heard.recv_timeout(LIMIT).unwrap(), "entity:created");
    subscription.close().unwrap();

    while !events.next_batch(0, Some(Duration::ZERO)).unwrap().is_empty() {}
    events.no_ready().unwrap();
    brain.store().unwrap().put("note", "b", "text\n").unwrap();
    wait_for(&events, EventKind::EntityCreated, "b");
    let said = is_ready.recv_timeout(LIMIT);
    assert_eq!(said, Err(mpsc::RecvTimeoutError::Disconnected), "it is gone, uncalled");

    let waiting = thread::spawn(move || events.iter().map(Result::unwrap).count());
    brain.close().unwrap();
    waiting.join().unwrap();
    drop((brain, subscription));
    assert_eq!(fluentsync::live_objects(), 0);
}

#[test]
fn a_panic_in_a_callback_stays_there() {
    let _alone = alone();
    let place = Place::new();
    let brain = Workspace::open(None, &place.options().to_string()).unwrap();
    let events = brain.events(0).unwrap();
    let (tell, told) = mpsc::channel();
    let subscription = brain
        .subscribe(move |_| {
            tell.send(()).unwrap();
            panic!("a listener may panic");
        })
        .unwrap();
    let store = brain.store().unwrap();
    store.put("note", "a", "text\n").unwrap();
    wait_for(&events, EventKind::EntityCreated, "a");
    told.recv_timeout(LIMIT).unwrap();
    assert!(told.recv_timeout(LIMIT).is_err(), "it was dropped, and is not called again");
    store.put("note", "b", "text\n").unwrap();
    wait_for(&events, EventKind::EntityCreated, "b");
    drop((brain, store, events, subscription));
    assert_eq!(fluentsync::live_objects(), 0);
}

#[test]
fn tasks_run_on_the_loop_or_are_dropped() {
    let _alone = alone();
    let event_loop = Loop::open().unwrap();
    assert!(!event_loop.on_thread().unwrap());
    let (tell, told) = mpsc::channel();
    let inside = event_loop.clone();
    let task = move || tell.send((inside.on_thread(), inside.close())).unwrap();
    event_loop.post(task).unwrap();
    let (on_thread, close) = told.recv_timeout(LIMIT).unwrap();
    assert!(on_thread.unwrap());
    assert_eq!(code(close), ErrorCode::Misuse, "it cannot join itself");
    event_loop.post(|| panic!("a task may panic")).unwrap();
    event_loop.close().unwrap();

    let (kept, dropped) = mpsc::channel::<()>();
    assert_eq!(code(event_loop.post(move || drop(kept))), ErrorCode::Closed);
    assert!(dropped.recv_timeout(LIMIT).is_err());
    drop((event_loop, told));
    assert_eq!(fluentsync::live_objects(), 0);
}

#[test]
fn re_entry_and_bad_options_are_refused() {
    let _alone = alone();
    let place = Place::new();
    let store = Store::open(None, &store_options(&place)).unwrap();
    let inner = store.transaction(|_| Ok::<_, Error>(code(store.get("note", "a")))).unwrap();
    assert_eq!(inner, ErrorCode::Misuse);
    assert_eq!(code(store.events(0)), ErrorCode::Misuse, "no loop, no events");

    assert_eq!(code(check_options("{")), ErrorCode::InvalidOptions);
    assert_eq!(code(Store::open(None, "")), ErrorCode::InvalidOptions);
    check_options(&place.options().to_string()).unwrap();
    let refused = Workspace::open_with_credentials(None, r#"{"stor": {}}"#, |_| None);
    assert!(refused.unwrap_err().message().contains("store"));
    drop(store);
    assert_eq!(fluentsync::live_objects(), 0);
}
