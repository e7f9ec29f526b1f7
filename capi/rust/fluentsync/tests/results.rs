//! What calls give back, read from the library's own texts.

mod support;

use fluentsync::{ErrorCode, PushOutcome, Workspace};
use std::fs;
use std::time::{Duration, SystemTime};
use support::{alone, Place};

/// With a git, and a bare remote beside it; nothing happens by itself.
fn open(place: &Place) -> Workspace {
    place.git(".", &["init", "--quiet", "--bare", "remote.git"]);
    let options = place
        .options()
        .set("directory.autoSync", false)
        .set("git.remote", place.path("remote.git"))
        .set("git.branch", "main")
        .set("git.durable", false);
    Workspace::open(None, &options.to_string()).unwrap()
}

fn is_recent(time: Option<SystemTime>) -> bool {
    let age = time.map(|time| time.elapsed().unwrap_or_default());
    age.map_or(false, |age| age < Duration::from_secs(3600))
}

#[test]
fn commits_pulls_and_pushes_tell_what_they_did() {
    let _alone = alone();
    let place = Place::new();
    let brain = open(&place);
    let git = brain.git().unwrap();
    brain.store().unwrap().put("note", "a", "text\n").unwrap();
    let commit = git.commit("ä \"first\"").unwrap();
    assert_eq!((commit.files, commit.commit.len()), (1, 40));
    let nothing = git.commit("again").unwrap();
    assert_eq!((nothing.files, nothing.commit.as_str()), (0, ""));

    let push = git.push().unwrap();
    assert_eq!((&push.outcome, push.commit.as_str()), (&PushOutcome::Pushed, commit.commit.as_str()));
    assert_eq!(git.push().unwrap().outcome, PushOutcome::UpToDate);
    assert!(!git.pull().unwrap().merged);

    place.git(".", &["clone", "--quiet", "remote.git", "person"]);
    place.person_pushes("b", "theirs\n");
    let pull = git.pull().unwrap();
    assert_eq!((pull.files, pull.merged), (1, false));
    assert_eq!(pull.head, place.git("remote.git", &["rev-parse", "main"]).trim());
}

#[test]
fn a_status_tells_how_everything_stands() {
    let _alone = alone();
    let place = Place::new();
    let brain = open(&place);
    let before = brain.status().unwrap();
    assert_eq!((before.entities, before.directory.last_sync), (0, None));
    brain.store().unwrap().put("note", "a", "text\n").unwrap();
    brain.git().unwrap().commit("first").unwrap();
    brain.git().unwrap().push().unwrap();

    let status = brain.status().unwrap();
    assert_eq!((status.entities, status.open_conflicts), (1, 0));
    assert_eq!(brain.directory().unwrap().status().unwrap().last_sync, status.directory.last_sync);
    assert!(status.directory.root_verified && is_recent(status.directory.last_sync));
    assert!(status.directory.export_progress_age.is_some());
    let git = status.git.expect("there is a git");
    assert_eq!((git.branch.as_str(), git.head.len(), git.ahead), ("main", 40, 0));
    assert_eq!((git.remote, git.last_push_outcome), (place.path("remote.git"), PushOutcome::Pushed));
    assert!(git.initialized && is_recent(git.last_commit) && is_recent(git.last_push));
    assert_eq!(brain.git().unwrap().status().unwrap().head, git.head);
}

#[test]
fn held_files_and_drift_are_told() {
    let _alone = alone();
    let place = Place::new();
    let brain = open(&place);
    let store = brain.store().unwrap();
    store.put("note", "a", "text\n").unwrap();
    brain.sync().unwrap();
    let report = brain.verify().unwrap();
    assert!(report.clean && report.drifts.is_empty(), "{:?}", report);
    assert_eq!((report.entities, report.files, report.tree_entries), (1, 1, 1));

    fs::write(place.path("brain/note/a.md"), "edited\n").unwrap();
    fs::write(place.path("brain/note/bad.md"), b"\xff\n").unwrap();
    let report = brain.verify().unwrap();
    assert!(!report.clean);
    assert!(report.drifts.iter().any(|drift| drift.path == "note/a.md" && !drift.what.is_empty()));

    brain.directory().unwrap().import_all().unwrap();
    let held = store.held().unwrap();
    assert_eq!((held.len(), held[0].path.as_str()), (1, "note/bad.md"));
    assert_eq!((held[0].code, held[0].reason.is_empty()), (ErrorCode::InvalidContent, false));
    assert!(is_recent(Some(held[0].since)));
    assert_eq!(brain.directory().unwrap().status().unwrap().held, held);
}
