//! The scenario that every language passes, step by step as in tests/capi/scenario.c.

mod support;

use fluentsync::{Choice, Draft, ErrorCode, EventKind, Events, Query, Store, Workspace};
use std::fs;
use support::{alone, wait_for, Place};

const NOTES: usize = 10;

fn content(store: &Store, id: &str) -> String {
    store.get("note", id).unwrap().expect("the note is there").content().to_string()
}

fn bad_option_gives_the_typed_error() {
    let error = Workspace::open(None, r#"{"directory": {"syncPth": "x"}}"#).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidOptions);
    assert!(error.message().contains("syncPath"), "the nearest known name is told: {}", error);
    assert!(!error.retryable());
    assert_eq!(error.code().to_string(), "invalid_options");
}

fn write_reaches_the_remote(place: &Place, store: &Store, events: &Events) {
    let put = store.put("note", "hello", "# Hello\n\nfirst line\n").unwrap();
    assert!(put.created && put.changed);
    let pushed = wait_for(events, EventKind::GitPushed, "");
    assert_eq!(pushed.commit().len(), 40);
    let there = place.git("remote.git", &["show", "main:note/hello.md"]);
    assert_eq!(there, "# Hello\n\nfirst line\n");
}

fn push_reaches_the_store(place: &Place, brain: &Workspace, events: &Events) {
    place.person_pushes("theirs", "written by a person\n");
    let pulled = brain.git().unwrap().pull().unwrap();
    assert_eq!(pulled.head.len(), 40);
    let created = wait_for(events, EventKind::EntityCreated, "theirs");
    assert_eq!((created.entity_type(), created.origin()), ("note", "remote"));
    assert_eq!(content(&brain.store().unwrap(), "theirs"), "written by a person\n");
}

fn conflict_is_listed_and_resolved(place: &Place, brain: &Workspace, events: &Events) {
    let store = brain.store().unwrap();
    place.person_pushes("hello", "# Hello\n\nthe person's line\n");
    store.put("note", "hello", "# Hello\n\nthe program's line\n").unwrap();
    brain.git().unwrap().pull().unwrap();
    wait_for(events, EventKind::ConflictDetected, "hello");

    let conflicts = store.conflicts(false).unwrap();
    assert_eq!(conflicts.len(), 1);
    let conflict = &conflicts[0];
    assert_eq!(conflict.path().to_str(), Some("note/hello.md"));
    assert_eq!(content(&store, "hello").as_bytes(), conflict.winner_content());
    let loser = String::from_utf8(conflict.loser_content().to_vec()).unwrap();
    assert!(loser.contains("'s line"), "the loser is kept whole: {}", loser);

    store.resolve(conflict.number(), Choice::Loser).unwrap();
    let resolved = wait_for(events, EventKind::ConflictResolved, "");
    assert_eq!(resolved.number(), conflict.number());
    assert_eq!(content(&store, "hello"), loser);
    assert!(store.conflicts(false).unwrap().is_empty());
    assert!(store.conflict(conflict.number()).unwrap().unwrap().resolved());
}

fn held_deletion_is_confirmed(place: &Place, brain: &Workspace, events: &Events) {
    let store = brain.store().unwrap();
    let ids: Vec<String> = (0..NOTES).map(|number| format!("old/{}", number)).collect();
    let drafts = ids.iter().map(|id| Draft { entity_type: "note", id, content: "old\n" });
    assert_eq!(store.put_all(drafts).unwrap(), NOTES as i64);
    brain.directory().unwrap().flush().unwrap();
    // The folder goes in one piece, so that they are missed in one piece however slow the machine is.
    fs::rename(place.path("brain/note/old"), place.path("aside")).unwrap();
    wait_for(events, EventKind::DeletionHeld, "");
    assert_eq!(store.count(&Query::new()).unwrap(), NOTES as i64 + 2, "nothing is gone");
    assert_eq!(brain.status().unwrap().directory.held_deletions, NOTES as i64);
    assert_eq!(store.confirm_deletions().unwrap(), NOTES as i64);
    for _ in &ids {
        wait_for(events, EventKind::EntityDeleted, "");
    }
    assert_eq!(store.count(&Query::new()).unwrap(), 2, "they are gone");
}

#[test]
fn the_common_scenario() {
    let _alone = alone();
    let place = Place::new();
    place.git(".", &["init", "--quiet", "--bare", "remote.git"]);
    bad_option_gives_the_typed_error();

    let options = place
        .options()
        .set("git.remote", place.path("remote.git"))
        .set("git.branch", "main")
        .set("git.autoSync", true)
        .set("git.autoPush", true)
        .set("git.commitDebounce", 20)
        .set("git.durable", false);
    let brain = Workspace::open(None, &options.to_string()).unwrap();
    assert!(brain.has_git().unwrap());
    let events = brain.events(0).unwrap();
    brain.start().unwrap();

    write_reaches_the_remote(&place, &brain.store().unwrap(), &events);
    place.git(".", &["clone", "--quiet", "remote.git", "person"]);
    push_reaches_the_store(&place, &brain, &events);
    conflict_is_listed_and_resolved(&place, &brain, &events);
    held_deletion_is_confirmed(&place, &brain, &events);

    brain.close().unwrap();
    drop((brain, events));
    assert_eq!(fluentsync::live_objects(), 0);
}
