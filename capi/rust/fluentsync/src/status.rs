//! What can be asked at any time: pending work, held files, the state of git.

use crate::error::{ErrorCode, Result};
use crate::from_json::{Fields, FromJson};
use crate::json_reader::JsonValue;
use crate::outcome::PushOutcome;
use std::time::{Duration, SystemTime};

/// A file that is no entity until somebody mends it. It is looked at again whenever it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Held {
    /// Relative to the folder. What is not UTF-8 in it is replaced.
    pub path: String,
    /// Which kind of failure holds it.
    pub code: ErrorCode,
    /// One line: what is wrong, what to do.
    pub reason: String,
    /// When it was first held.
    pub since: SystemTime,
    /// Whether git has it all the same, byte for byte.
    pub carried: bool,
}

impl FromJson for Held {
    fn from_json(value: JsonValue) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        Ok(Held {
            path: fields.take("path")?,
            code: fields.take::<Option<_>>("code")?.unwrap_or(ErrorCode::Unknown(0)),
            reason: fields.take("reason")?,
            since: fields.take_time("since")?.unwrap_or(SystemTime::UNIX_EPOCH),
            carried: fields.take("carried")?,
        })
    }
}

/// How a folder and its store stand. An age is the time since that hop last finished a piece of work; `None`: not yet
/// in this process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirectoryStatus {
    /// Whether it is running by itself right now.
    pub auto_sync: bool,
    /// Whether the path leads to the folder that the database knows.
    pub root_verified: bool,
    /// False: rescans stand in for events.
    pub watching: bool,
    /// Files still to be written.
    pub pending_exports: i64,
    /// Files still to be read.
    pub pending_imports: i64,
    /// Deletions that wait for [`Directory::confirm_deletions`](crate::Directory::confirm_deletions).
    pub held_deletions: i64,
    /// `None`: never.
    pub last_sync: Option<SystemTime>,
    /// Files that are left alone.
    pub held: Vec<Held>,
    /// The export's age.
    pub export_progress_age: Option<Duration>,
    /// The import's age.
    pub import_progress_age: Option<Duration>,
    /// Empty when all is well.
    pub last_error: String,
}

impl FromJson for DirectoryStatus {
    fn from_json(value: JsonValue) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        Ok(DirectoryStatus {
            auto_sync: fields.take("autoSync")?,
            root_verified: fields.take("rootVerified")?,
            watching: fields.take("watching")?,
            pending_exports: fields.take("pendingExports")?,
            pending_imports: fields.take("pendingImports")?,
            held_deletions: fields.take("heldDeletions")?,
            last_sync: fields.take_time("lastSync")?,
            held: fields.take("held")?,
            export_progress_age: fields.take("exportProgressAge")?,
            import_progress_age: fields.take("importProgressAge")?,
            last_error: fields.take("lastError")?,
        })
    }
}

/// How the repository and its remote stand. Ages as in [`DirectoryStatus`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GitStatus {
    /// Whether there is a repository.
    pub initialized: bool,
    /// Whether it is running by itself right now.
    pub auto_sync: bool,
    /// The branch that it commits to.
    pub branch: String,
    /// Without secrets; empty: none.
    pub remote: String,
    /// 40 hexadecimal digits; empty before the first commit.
    pub head: String,
    /// Commits the remote does not have. All of them when it has no such branch yet.
    pub ahead: i64,
    /// Commits seen by the last fetch and not merged.
    pub behind: i64,
    /// Paths that the next commit will carry.
    pub uncommitted: i64,
    /// The time of HEAD's commit.
    pub last_commit: Option<SystemTime>,
    /// When the remote last took a push.
    pub last_push: Option<SystemTime>,
    /// What the last push came to.
    pub last_push_outcome: PushOutcome,
    /// Empty when all is well.
    pub last_error: String,
    /// Why nothing is committed right now; empty when all is well.
    pub standing_back: String,
    /// The commits' age.
    pub commit_progress_age: Option<Duration>,
    /// The pulls' age.
    pub pull_progress_age: Option<Duration>,
    /// The pushes' age.
    pub push_progress_age: Option<Duration>,
}

impl FromJson for GitStatus {
    fn from_json(value: JsonValue) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        Ok(GitStatus {
            initialized: fields.take("initialized")?,
            auto_sync: fields.take("autoSync")?,
            branch: fields.take("branch")?,
            remote: fields.take("remote")?,
            head: fields.take("head")?,
            ahead: fields.take("ahead")?,
            behind: fields.take("behind")?,
            uncommitted: fields.take("uncommitted")?,
            last_commit: fields.take_time("lastCommit")?,
            last_push: fields.take_time("lastPush")?,
            last_push_outcome: fields.take("lastPushOutcome")?,
            last_error: fields.take("lastError")?,
            standing_back: fields.take("standingBack")?,
            commit_progress_age: fields.take("commitProgressAge")?,
            pull_progress_age: fields.take("pullProgressAge")?,
            push_progress_age: fields.take("pushProgressAge")?,
        })
    }
}

/// How everything stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkspaceStatus {
    /// How many entities there are.
    pub entities: i64,
    /// How many conflicts wait to be resolved.
    pub open_conflicts: i64,
    /// The folder's.
    pub directory: DirectoryStatus,
    /// `None`: the workspace has no git.
    pub git: Option<GitStatus>,
}

impl FromJson for WorkspaceStatus {
    fn from_json(value: JsonValue) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        Ok(WorkspaceStatus {
            entities: fields.take("entities")?,
            open_conflicts: fields.take("openConflicts")?,
            directory: fields.take("directory")?,
            git: fields.take("git")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{GitStatus, Held, WorkspaceStatus};
    use crate::error::ErrorCode;
    use crate::from_json::from_text;
    use crate::outcome::PushOutcome;
    use std::time::{Duration, SystemTime};

    const AGE: Option<Duration> = Some(Duration::from_millis(7));

    fn moment(milliseconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_workspace_s_status_is_read_whole() {
        let status: WorkspaceStatus = from_text(
            r#"{"entities": 3, "openConflicts": 1, "git": null, "directory": {"autoSync": true,
                "rootVerified": true, "watching": true, "pendingExports": 2, "pendingImports": 4,
                "heldDeletions": 5, "lastSync": 1700000000000, "exportProgressAge": 7, "importProgressAge": 7,
                "held": [{"path": "a", "code": "too_large", "reason": "why", "since": 6, "carried": true, "new": [1]}],
                "lastError": "full", "new": {"er": null}}}"#,
        )
        .unwrap();
        let directory = &status.directory;
        assert_eq!((status.entities, status.open_conflicts, &status.git), (3, 1, &None));
        assert!(directory.auto_sync && directory.root_verified && directory.watching);
        let counts = (directory.pending_exports, directory.pending_imports, directory.held_deletions);
        assert_eq!(counts, (2, 4, 5));
        assert_eq!(directory.last_sync, Some(moment(1_700_000_000_000)));
        assert_eq!((directory.export_progress_age, directory.import_progress_age), (AGE, AGE));
        assert_eq!(directory.last_error, "full");
        let (path, reason) = ("a".to_string(), "why".to_string());
        assert_eq!(directory.held, [Held { path, code: ErrorCode::TooLarge, reason, since: moment(6), carried: true }]);
    }

    #[test]
    fn a_git_s_status_is_read_whole() {
        let status: GitStatus = from_text(
            r#"{"initialized": true, "autoSync": true, "branch": "main", "remote": "/r", "head": "1f", "ahead": 1,
                "behind": 2, "uncommitted": 3, "lastCommit": 4, "lastPush": 5, "lastPushOutcome": "rejected",
                "lastError": "e", "standingBack": "s", "commitProgressAge": 7, "pullProgressAge": 7,
                "pushProgressAge": 7}"#,
        )
        .unwrap();
        let expected = GitStatus {
            initialized: true,
            auto_sync: true,
            branch: "main".to_string(),
            remote: "/r".to_string(),
            head: "1f".to_string(),
            ahead: 1,
            behind: 2,
            uncommitted: 3,
            last_commit: Some(moment(4)),
            last_push: Some(moment(5)),
            last_push_outcome: PushOutcome::Rejected,
            last_error: "e".to_string(),
            standing_back: "s".to_string(),
            commit_progress_age: AGE,
            pull_progress_age: AGE,
            push_progress_age: AGE,
        };
        assert_eq!(status, expected);
    }

    #[test]
    fn what_is_left_out_has_its_default_and_what_is_wrong_is_told() {
        assert_eq!(from_text::<WorkspaceStatus>("{}"), Ok(WorkspaceStatus::default()));
        let never: GitStatus = from_text(r#"{"lastPush": 0, "pushProgressAge": null}"#).unwrap();
        assert_eq!(never, GitStatus::default());
        for bad in ["[]", "", r#"{"entities": "3"}"#, r#"{"entities": 1.5}"#, r#"{"git": []}"#] {
            assert_eq!(from_text::<WorkspaceStatus>(bad).unwrap_err().code(), ErrorCode::Internal, "{}", bad);
        }
        let held: Vec<Held> = from_text(r#"[{"code": "of_the_future"}]"#).unwrap();
        assert_eq!(held[0].code, ErrorCode::Unknown(-1));
    }
}
