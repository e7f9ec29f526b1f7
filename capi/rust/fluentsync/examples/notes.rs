//! Notes in Rust: a program that keeps notes, and finds them in files and on a remote without doing anything for it.
//!
//! usage: notes FOLDER REMOTE
use fluentsync::{Compare, Error, ErrorCode, EventKind, Options, Query, Workspace};
use std::time::Duration;

fn run(folder: &str, remote: &str) -> fluentsync::Result<()> {
    let options = Options::new()
        .set("store.path", format!("{}.db", folder))
        .set("directory.syncPath", folder)
        .set("directory.syncDebounce", 100)
        .set("git.remote", remote)
        .set("git.autoSync", true)
        .set("git.autoPush", true)
        .set("git.commitDebounce", 200);
    // Opens the database and a thread for the automation; it all closes when `brain` is dropped.
    let brain = Workspace::open(None, &options.to_string())?;
    // Made first: a queue does not tell what happened before it.
    let events = brain.events(0)?;
    brain.start()?;

    // Stores are cheap to clone and can be used on every thread.
    let store = brain.store()?;
    store.put("note", "hello", "---\ntitle: Hello\n---\n\nWritten by the application.\n")?;
    // All of this happens, or nothing; an error or a panic in the closure takes it back.
    store.transaction(|transaction| {
        transaction.put("note", "first", "---\ndone: true\n---\n\nOne of two.\n")?;
        transaction.put("note", "second", "---\ndone: false\n---\n\nTwo of two.\n")?;
        Ok::<(), Error>(())
    })?;
    for note in store.list(&Query::new().entity_type("note").filter("done", Compare::Equal, true))? {
        println!("done: {} (version {})", note.id(), note.version());
    }

    // File, commit and push follow by themselves. A program with a scheduler of its own would register the queue's
    // descriptor (`AsRawFd`); this one waits until everything has reached the remote.
    for event in events.iter_timeout(Duration::from_secs(60)) {
        let event = event?;
        println!("{} {}{}", event.name(), event.path().display(), event.message());
        match event.kind() {
            EventKind::GitPushed => return Ok(()),
            EventKind::GitPushFailed => eprintln!("will be tried again: {}", event.message()),
            _ => {}
        }
    }
    Err(Error::new(ErrorCode::TimedOut, "no push within a minute"))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, remote) = match arguments.as_slice() {
        [folder, remote] => (folder, remote),
        _ => {
            eprintln!("usage: notes FOLDER REMOTE");
            std::process::exit(2);
        }
    };
    if let Err(error) = run(folder, remote) {
        eprintln!("{}", error);
        std::process::exit(1);
    }
}
