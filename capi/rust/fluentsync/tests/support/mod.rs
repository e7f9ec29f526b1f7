//! A fresh folder with a bare remote in it, a person with git, and waiting for events.
#![allow(dead_code)]

use fluentsync::{Event, EventKind, Events, Options};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;
use std::{env, fs, process};

/// How long a test waits for an event before it fails.
pub const LIMIT: Duration = Duration::from_secs(120);

/// Held by tests that count live objects: the counter is the whole process's.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// A folder that is removed in the end.
pub struct Place {
    pub root: PathBuf,
}

impl Place {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = env::temp_dir().join(format!("fluentsync-rust-{}-{}", process::id(), number));
        fs::create_dir_all(&root).unwrap();
        Place { root }
    }

    pub fn path(&self, below: &str) -> String {
        self.root.join(below).into_os_string().into_string().unwrap()
    }

    /// Runs git in a folder below this one; gives what it printed.
    pub fn git(&self, below: &str, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=Person", "-c", "user.email=person@localhost"])
            .args(["-c", "init.defaultBranch=main", "-C"])
            .arg(self.root.join(below))
            .args(arguments)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_TERMINAL_PROMPT", "0")
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {:?}: {}", arguments, words);
        String::from_utf8(output.stdout).unwrap()
    }

    /// A person writes a note and pushes it.
    pub fn person_pushes(&self, note: &str, content: &str) {
        self.git("person", &["pull", "--quiet", "--no-rebase", "origin", "main"]);
        fs::write(self.root.join(format!("person/note/{}.md", note)), content).unwrap();
        self.git("person", &["add", "-A"]);
        self.git("person", &["commit", "--quiet", "-m", "person"]);
        self.git("person", &["push", "--quiet", "origin", "HEAD:main"]);
    }

    /// Options of a workspace without git.
    pub fn options(&self) -> Options {
        Options::new()
            .set("store.path", self.path("brain.db"))
            .set("store.durable", false)
            .set("directory.syncPath", self.path("brain"))
            .set("directory.syncDebounce", 20)
            .set("directory.durable", false)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Takes events until one of this kind, and of this id unless it is empty, has come; gives that one.
pub fn wait_for(events: &Events, kind: EventKind, id: &str) -> Event {
    for event in events.iter_timeout(LIMIT) {
        let event = event.unwrap();
        if event.kind() == kind && (id.is_empty() || event.id() == id) {
            return event;
        }
    }
    panic!("no {:?} of {:?} came", kind, id);
}

pub fn exists(path: &str) -> bool {
    Path::new(path).exists()
}
