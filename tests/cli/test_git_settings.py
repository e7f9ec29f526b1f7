#!/usr/bin/env python3
"""What a person told git by configuration and environment; docs/git-settings.md names these tests."""

import os
import stat

import program


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


class GitSettings(program.Case):
    def setUp(self):
        super().setUp()
        self.git("init", "-q", "-b", "main", self.root)
        (self.root / "note").mkdir()

    def commit_of(self, content, **env):
        (self.root / "note" / "a.md").write_text(content)
        return self.fluentsync("sync", self.root, env=env)

    def told(self, form):
        return self.git("-C", self.root, "log", "-1", f"--format={form}")

    def global_configuration(self, text):
        (self.folder / ".gitconfig").write_text(text)

    def test_the_environment_names_author_and_committer(self):
        self.global_configuration("[user]\n\tname = Person\n\temail = person@example.org\n")
        self.fluentsync("init", self.root)
        self.commit_of("one\n")
        self.assertEqual(self.told("%an %ae %cn %ce"), "Person person@example.org Person person@example.org")
        self.commit_of("two\n", GIT_AUTHOR_NAME="Ann", GIT_AUTHOR_EMAIL="ann@example.org",
                       GIT_COMMITTER_NAME="Carl")
        self.assertEqual(self.told("%an %ae %cn %ce"), "Ann ann@example.org Carl person@example.org")

    def test_the_configuration_names_author_and_committer_apart(self):
        self.global_configuration("[user]\n\tname = Person\n\temail = person@example.org\n"
                                  "[committer]\n\tname = Robot\n\temail = robot@example.org\n")
        self.fluentsync("init", self.root)
        self.commit_of("one\n")
        self.assertEqual(self.told("%an %cn %ce"), "Person Robot robot@example.org")

    def test_the_environment_leads_to_another_configuration(self):
        self.global_configuration("[user]\n\tname = Person\n\temail = person@example.org\n")
        (self.folder / "other").write_text("[user]\n\tname = Other\n\temail = other@example.org\n")
        self.fluentsync("init", self.root)
        self.commit_of("one\n", GIT_CONFIG_GLOBAL=str(self.folder / "other"))
        self.assertEqual(self.told("%an %ae"), "Other other@example.org")

    def test_the_environment_sets_values(self):
        self.global_configuration("[user]\n\tname = Person\n\temail = person@example.org\n")
        self.fluentsync("init", self.root)
        self.commit_of("one\n", GIT_CONFIG_COUNT="2", GIT_CONFIG_KEY_0="user.name", GIT_CONFIG_VALUE_0='Q "x" \\ y',
                       GIT_CONFIG_KEY_1="core.excludesFile", GIT_CONFIG_VALUE_1=str(self.folder / "ignore"))
        self.assertEqual(self.told("%an %ae"), 'Q "x" \\ y person@example.org')

    def test_the_environment_leads_to_attributes(self):
        (self.folder / "attributes").write_text("*.md text eol=crlf\n")
        self.fluentsync("init", self.root)
        self.commit_of("one\r\n", GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="core.attributesFile",
                       GIT_CONFIG_VALUE_0=str(self.folder / "attributes"))
        self.assertEqual(self.git("-C", self.root, "cat-file", "-s", "HEAD:note/a.md"), "4")

    def test_the_work_trees_own_configuration_counts(self):
        self.fluentsync("init", self.root)
        self.git("-C", self.root, "config", "extensions.worktreeConfig", "true")
        self.git("-C", self.root, "config", "--worktree", "user.name", "Worktree")
        self.git("-C", self.root, "config", "--worktree", "user.email", "w@example.org")
        self.commit_of("one\n")
        self.assertEqual(self.told("%an %ae"), "Worktree w@example.org")

    def test_an_included_file_counts(self):
        self.fluentsync("init", self.root)
        (self.folder / "included").write_text("[user]\n\tname = Included\n\temail = i@example.org\n")
        self.git("-C", self.root, "config", f"includeIf.gitdir:{self.root}/.path", str(self.folder / "included"))
        self.commit_of("one\n")
        self.assertEqual(self.told("%an"), "Included")

    def test_a_file_included_for_a_remote_counts(self):
        remote = self.bare_remote()
        self.global_configuration(
            "[user]\n\tname = Person\n\temail = person@example.org\n"
            f'[includeIf "hasconfig:remote.*.url:{self.folder}/**"]\n\tpath = included\n'
            '[includeIf "hasconfig:remote.*.url:https://**"]\n\tpath = other\n'
            "[user]\n\temail = later@example.org\n")
        (self.folder / "included").write_text("[user]\n\tname = Included\n\temail = i@example.org\n")
        (self.folder / "other").write_text("[user]\n\tname = Other\n")
        self.fluentsync("init", self.root, "--remote", remote)
        for name in ("Included", "Changed"):
            (self.folder / "included").write_text(f"[user]\n\tname = {name}\n\temail = i@example.org\n")
            self.commit_of(f"{name}\n")
            self.assertEqual(self.git("-C", self.root, "config", "user.name"), name)
            self.assertEqual(self.told("%an %ae"), f"{name} later@example.org")

    def test_a_shared_repository_stays_the_groups(self):
        before = os.umask(0o022)
        self.addCleanup(os.umask, before)
        for value, files, folders in (("group", 0o660, 0o2770), ("all", 0o664, 0o2775), ("0640", 0o640, 0o2750)):
            with self.subTest(value):
                self.git("-C", self.root, "config", "core.sharedRepository", value)
                self.fluentsync("init", self.root) if not (self.root / ".fluentsync").exists() else None
                self.commit_of(f"{value}\n")
                head = self.told("%H")
                dot_git = self.root / ".git"
                folder = dot_git / "objects" / head[:2]
                self.assertEqual(mode(folder) & folders, folders)
                # Objects are nobody's to write; who may read one follows the setting.
                self.assertEqual(mode(folder / head[2:]) & 0o777 & files, files & 0o444)
                self.assertEqual(mode(dot_git / "refs" / "heads" / "main") & files, files)
                for log in ("HEAD", "refs/heads/main"):
                    self.assertEqual(mode(dot_git / "logs" / log) & files, files)

    def test_many_objects_and_a_folder_as_remote_stay_the_groups(self):
        before = os.umask(0o022)
        self.addCleanup(os.umask, before)
        remote = self.folder / "remote.git"
        self.git("init", "-q", "--bare", "--shared=group", "-b", "main", remote)
        self.git("-C", self.root, "config", "core.sharedRepository", "group")
        for i in range(60):
            (self.root / "note" / f"n{i}.md").write_text(f"note {i}\n")
        self.fluentsync("init", self.root, "--remote", remote)
        self.fluentsync("sync", self.root)
        for objects in (self.root / ".git" / "objects", remote / "objects"):
            ours = [path for path in objects.rglob("*") if path.is_dir() and path.name != "info"]
            narrow = [str(path) for path in ours if not mode(path) & stat.S_IWGRP]
            self.assertEqual(narrow, [])
        for path in (remote / "refs/heads/main", self.root / ".git/refs/remotes/origin/main"):
            self.assertTrue(mode(path) & stat.S_IWGRP, path)

    def test_without_file_modes_the_bit_is_heads(self):
        self.fluentsync("init", self.root)
        script = self.root / "run.sh"
        script.write_text("echo\n")
        script.chmod(0o755)
        self.commit_of("one\n")
        self.git("-C", self.root, "config", "core.fileMode", "false")
        head = self.told("%H")
        script.chmod(0o644)
        (self.root / "note" / "a.md").chmod(0o755)
        self.fluentsync("sync", self.root)
        self.assertEqual(self.told("%H"), head)
        script.write_text("echo more\n")
        self.fluentsync("sync", self.root)
        self.assertNotEqual(self.told("%H"), head)
        tree = self.git("-C", self.root, "ls-tree", "-r", "HEAD")
        self.assertIn("100755", [line for line in tree.splitlines() if line.endswith("run.sh")][0])
        self.assertIn("100644", [line for line in tree.splitlines() if line.endswith("a.md")][0])
        self.fluentsync("verify", self.root)

    def test_unsigned_commits_are_told(self):
        self.git("-C", self.root, "config", "commit.gpgSign", "true")
        self.fluentsync("init", self.root)
        done = self.commit_of("one\n")
        self.assertIn("commit.gpgSign is set", done.stderr)
        self.assertEqual(self.told("%G?"), "N")

    def test_a_branch_gets_its_upstream_unless_it_has_one(self):
        remote = self.bare_remote()
        self.fluentsync("init", self.root, "--remote", remote)
        self.commit_of("one\n")
        self.assertEqual(self.git("-C", self.root, "rev-parse", "--abbrev-ref", "main@{upstream}"), "origin/main")
        self.git("-C", self.root, "pull", "-q", "--no-rebase")
        self.git("-C", self.root, "config", "branch.main.merge", "refs/heads/other")
        self.commit_of("two\n")
        self.assertEqual(self.git("-C", self.root, "config", "branch.main.merge"), "refs/heads/other")


if __name__ == "__main__":
    program.main()
