//! What commits, pulls, pushes and verifications gave.

use crate::error::Result;
use crate::from_json::{Fields, FromJson};
use crate::json_reader::JsonValue;
use crate::status::Held;
use std::fmt;

/// What a commit did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommitResult {
    /// 40 hexadecimal digits. Empty: nothing to commit, so no commit was made.
    pub commit: String,
    /// How many files it carries.
    pub files: i64,
}

impl FromJson for CommitResult {
    fn from_json(value: JsonValue) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        Ok(CommitResult { commit: fields.take("commit")?, files: fields.take("files")? })
    }
}

/// What a pull did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullResult {
    /// HEAD after the pull: 40 hexadecimal digits.
    pub head: String,
    /// How many paths changed here.
    pub files: i64,
    /// True: a merge commit was made. False: fast-forward, or nothing to do.
    pub merged: bool,
}

impl FromJson for PullResult {
    fn from_json(value: JsonValue) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        Ok(PullResult {
            head: fields.take("head")?,
            files: fields.take("files")?,
            merged: fields.take("merged")?,
        })
    }
}

/// Declares [`PushOutcome`] and both ways between it and the names.
macro_rules! outcomes {
    ($($(#[$attribute:meta])* $variant:ident = $name:literal,)*) => {
        /// What a push came to. New ones may be added.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum PushOutcome {
            $($(#[$attribute])* $variant,)*
            /// One that this version of the crate does not know: its name.
            Unknown(String),
        }

        impl PushOutcome {
            /// The stable name, such as `up_to_date`.
            pub fn name(&self) -> &str {
                match self {
                    $(PushOutcome::$variant => $name,)*
                    PushOutcome::Unknown(name) => name,
                }
            }
        }

        impl FromJson for PushOutcome {
            fn from_json(value: JsonValue) -> Result<Self> {
                let name = String::from_json(value)?;
                Ok(match name.as_str() {
                    $($name => PushOutcome::$variant,)*
                    _ => PushOutcome::Unknown(name),
                })
            }
        }
    };
}

outcomes! {
    /// None was tried.
    #[default]
    None = "none",
    /// The server took it.
    Pushed = "pushed",
    /// The server had everything.
    UpToDate = "up_to_date",
    /// The server refused it.
    Rejected = "rejected",
    /// It did not come to that.
    Failed = "failed",
}

impl fmt::Display for PushOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What a push did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PushResult {
    /// What it came to.
    pub outcome: PushOutcome,
    /// What the server acknowledged: 40 hexadecimal digits.
    pub commit: String,
}

impl FromJson for PushResult {
    fn from_json(value: JsonValue) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        Ok(PushResult { outcome: fields.take("outcome")?, commit: fields.take("commit")? })
    }
}

/// One thing that a verification found out of step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// Relative to the folder. What is not UTF-8 in it is replaced.
    pub path: String,
    /// One line: in which way.
    pub what: String,
}

impl FromJson for Drift {
    fn from_json(value: JsonValue) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        Ok(Drift { path: fields.take("path")?, what: fields.take("what")? })
    }
}

/// What [`Workspace::verify`](crate::Workspace::verify) found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifyReport {
    /// Whether nothing is out of step.
    pub clean: bool,
    /// How many entities were looked at.
    pub entities: i64,
    /// How many files were.
    pub files: i64,
    /// How many entries of HEAD's tree were.
    pub tree_entries: i64,
    /// Files that are left alone.
    pub held: Vec<Held>,
    /// What is out of step.
    pub drifts: Vec<Drift>,
}

impl FromJson for VerifyReport {
    fn from_json(value: JsonValue) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        Ok(VerifyReport {
            clean: fields.take("clean")?,
            entities: fields.take("entities")?,
            files: fields.take("files")?,
            tree_entries: fields.take("treeEntries")?,
            held: fields.take("held")?,
            drifts: fields.take("drifts")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{CommitResult, Drift, PullResult, PushOutcome, PushResult, VerifyReport};
    use crate::from_json::from_text;

    #[test]
    fn results_are_read_whole() {
        let commit = CommitResult { commit: "1f".to_string(), files: 2 };
        assert_eq!(from_text(r#"{"commit": "1f", "files": 2, "new": true}"#), Ok(commit));
        let pull = PullResult { head: "1f".to_string(), files: 2, merged: true };
        assert_eq!(from_text(r#"{"head": "1f", "files": 2, "merged": true}"#), Ok(pull));
        let push = PushResult { outcome: PushOutcome::UpToDate, commit: "1f".to_string() };
        assert_eq!(from_text(r#"{"outcome": "up_to_date", "commit": "1f"}"#), Ok(push));
    }

    #[test]
    fn outcomes_have_names() {
        for name in ["none", "pushed", "up_to_date", "rejected", "failed"] {
            let outcome: PushOutcome = from_text(&format!("\"{}\"", name)).unwrap();
            assert_eq!(outcome.to_string(), name);
            assert_ne!(outcome, PushOutcome::Unknown(name.to_string()));
        }
        let newer = from_text(r#""deferred""#);
        assert_eq!(newer, Ok(PushOutcome::Unknown("deferred".to_string())));
    }

    #[test]
    fn a_report_is_read_whole() {
        let report: VerifyReport = from_text(
            r#"{"clean": true, "entities": 1, "files": 2, "treeEntries": 3, "held": [{"path": "h"}],
                "drifts": [{"path": "d", "what": "w"}]}"#,
        )
        .unwrap();
        assert_eq!((report.clean, report.entities, report.files, report.tree_entries), (true, 1, 2, 3));
        assert_eq!(report.held[0].path, "h");
        assert_eq!(report.drifts, [Drift { path: "d".to_string(), what: "w".to_string() }]);
    }
}
