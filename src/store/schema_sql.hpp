/// The schema's SQL, version by version. No trigger calls a function that a plain sqlite3 shell lacks.
#pragma once

#include <array>

namespace fluentsync::store {

// content is the last column of its table, so that a read of the others does not walk its overflow pages.
//
// change_log kinds: c, u, d, and r for a row that stands for no change (request_export): the entity is still
// at its base then. A base content is valid only beside a row of another kind.
//
// DELETE + INSERT instead of INSERT OR REPLACE: the OR clause of the outer statement would override the inner
// one.
inline constexpr const char* kFirstSchemaSql = R"sql(
CREATE TABLE entities(
  key INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created INTEGER NOT NULL DEFAULT (CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)),
  updated INTEGER NOT NULL DEFAULT (CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)),
  hash BLOB,
  metadata TEXT,
  content TEXT NOT NULL,
  UNIQUE(type, id)
);
CREATE INDEX entities_to_heal ON entities(key) WHERE hash IS NULL OR metadata IS NULL;

CREATE TABLE change_log(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  by_api INTEGER NOT NULL DEFAULT 0,
  UNIQUE(type, id)
);
CREATE TABLE base_contents(
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  content TEXT NOT NULL,
  UNIQUE(type, id)
);

-- REPLACE removes the old row without its delete trigger.
CREATE TRIGGER entities_before_insert BEFORE INSERT ON entities
WHEN EXISTS(SELECT 1 FROM entities WHERE type = NEW.type AND id = NEW.id)
  AND NOT EXISTS(SELECT 1 FROM change_log WHERE type = NEW.type AND id = NEW.id AND kind <> 'r')
BEGIN
  DELETE FROM base_contents WHERE type = NEW.type AND id = NEW.id;
  INSERT INTO base_contents(type, id, content)
    SELECT type, id, content FROM entities WHERE type = NEW.type AND id = NEW.id;
END;
CREATE TRIGGER entities_insert AFTER INSERT ON entities
BEGIN
  DELETE FROM change_log WHERE type = NEW.type AND id = NEW.id;
  INSERT INTO change_log(type, id, kind) VALUES(NEW.type, NEW.id, 'c');
END;

CREATE TRIGGER entities_update_base BEFORE UPDATE OF content ON entities
WHEN OLD.content IS NOT NEW.content
  AND NOT EXISTS(SELECT 1 FROM change_log WHERE type = OLD.type AND id = OLD.id AND kind <> 'r')
BEGIN
  DELETE FROM base_contents WHERE type = OLD.type AND id = OLD.id;
  INSERT INTO base_contents(type, id, content) VALUES(OLD.type, OLD.id, OLD.content);
END;
CREATE TRIGGER entities_update AFTER UPDATE OF content ON entities
WHEN OLD.content IS NOT NEW.content AND OLD.type IS NEW.type AND OLD.id IS NEW.id
BEGIN
  DELETE FROM change_log WHERE type = NEW.type AND id = NEW.id;
  INSERT INTO change_log(type, id, kind) VALUES(NEW.type, NEW.id, 'u');
END;
-- A writer who does not know of the hash.
CREATE TRIGGER entities_raw_update AFTER UPDATE OF content ON entities
WHEN OLD.content IS NOT NEW.content AND NEW.hash IS OLD.hash
BEGIN
  UPDATE entities SET hash = NULL, metadata = NULL, version = max(NEW.version, OLD.version + 1),
    updated = CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)
    WHERE key = NEW.key;
END;

CREATE TRIGGER entities_rename_base BEFORE UPDATE OF type, id ON entities
WHEN OLD.type IS NOT NEW.type OR OLD.id IS NOT NEW.id
BEGIN
  DELETE FROM base_contents WHERE type = OLD.type AND id = OLD.id
    AND NOT EXISTS(SELECT 1 FROM change_log WHERE type = OLD.type AND id = OLD.id AND kind <> 'r');
  INSERT INTO base_contents(type, id, content) SELECT OLD.type, OLD.id, OLD.content
    WHERE NOT EXISTS(SELECT 1 FROM change_log WHERE type = OLD.type AND id = OLD.id AND kind <> 'r');
  DELETE FROM base_contents WHERE type = NEW.type AND id = NEW.id
    AND NOT EXISTS(SELECT 1 FROM change_log WHERE type = NEW.type AND id = NEW.id AND kind <> 'r');
  INSERT INTO base_contents(type, id, content)
    SELECT type, id, content FROM entities WHERE type = NEW.type AND id = NEW.id
    AND NOT EXISTS(SELECT 1 FROM change_log WHERE type = NEW.type AND id = NEW.id AND kind <> 'r');
END;
CREATE TRIGGER entities_rename AFTER UPDATE OF type, id ON entities
WHEN OLD.type IS NOT NEW.type OR OLD.id IS NOT NEW.id
BEGIN
  DELETE FROM change_log WHERE type = OLD.type AND id = OLD.id;
  INSERT INTO change_log(type, id, kind) VALUES(OLD.type, OLD.id, 'd');
  DELETE FROM change_log WHERE type = NEW.type AND id = NEW.id;
  INSERT INTO change_log(type, id, kind) VALUES(NEW.type, NEW.id, 'c');
END;

CREATE TRIGGER entities_delete AFTER DELETE ON entities
BEGIN
  DELETE FROM base_contents WHERE type = OLD.type AND id = OLD.id
    AND NOT EXISTS(SELECT 1 FROM change_log WHERE type = OLD.type AND id = OLD.id AND kind <> 'r');
  INSERT INTO base_contents(type, id, content) SELECT OLD.type, OLD.id, OLD.content
    WHERE NOT EXISTS(SELECT 1 FROM change_log WHERE type = OLD.type AND id = OLD.id AND kind <> 'r');
  DELETE FROM change_log WHERE type = OLD.type AND id = OLD.id;
  INSERT INTO change_log(type, id, kind) VALUES(OLD.type, OLD.id, 'd');
END;

CREATE TABLE ledger(
  path TEXT PRIMARY KEY,
  entity INTEGER NOT NULL,
  executable INTEGER NOT NULL,
  base BLOB,
  committed BLOB,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  ctime_ns INTEGER NOT NULL,
  inode INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ledger_uncommitted ON ledger(path) WHERE base IS NOT committed;

CREATE TABLE holds(
  path TEXT PRIMARY KEY,
  code INTEGER NOT NULL,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE conflicts(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  winner_side TEXT NOT NULL,
  loser_side TEXT NOT NULL,
  base_hash TEXT NOT NULL,
  winner_hash TEXT NOT NULL,
  loser_hash TEXT NOT NULL,
  created INTEGER NOT NULL,
  resolved INTEGER NOT NULL DEFAULT 0,
  resolved_at INTEGER,
  winner_content TEXT NOT NULL,
  loser_content TEXT NOT NULL
);
CREATE INDEX conflicts_open ON conflicts(path) WHERE resolved = 0;
CREATE TABLE named_values(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)sql";

// Hexadecimal hashes one after another, the last 32: enough for what a crash may have left in a file.
inline constexpr const char* kPassedVersionsSql = R"sql(
CREATE TABLE passed_versions(
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  hashes TEXT NOT NULL,
  UNIQUE(type, id)
);
CREATE TRIGGER entities_update_passed BEFORE UPDATE OF content ON entities
WHEN OLD.content IS NOT NEW.content AND OLD.hash IS NOT NULL
  AND EXISTS(SELECT 1 FROM change_log WHERE type = OLD.type AND id = OLD.id AND kind <> 'r')
BEGIN
  INSERT INTO passed_versions(type, id, hashes) VALUES(OLD.type, OLD.id, lower(hex(OLD.hash)))
    ON CONFLICT(type, id) DO UPDATE SET hashes = substr(hashes || excluded.hashes, -1280);
END;
CREATE TRIGGER entities_delete_passed BEFORE DELETE ON entities
WHEN OLD.hash IS NOT NULL
  AND EXISTS(SELECT 1 FROM change_log WHERE type = OLD.type AND id = OLD.id AND kind <> 'r')
BEGIN
  INSERT INTO passed_versions(type, id, hashes) VALUES(OLD.type, OLD.id, lower(hex(OLD.hash)))
    ON CONFLICT(type, id) DO UPDATE SET hashes = substr(hashes || excluded.hashes, -1280);
END;

-- A first change has passed over nothing: what is there is of a version of the library that does not know of it.
CREATE TRIGGER entities_update_unpassed BEFORE UPDATE OF content ON entities
WHEN NOT EXISTS(SELECT 1 FROM change_log WHERE type = OLD.type AND id = OLD.id AND kind <> 'r')
BEGIN
  DELETE FROM passed_versions WHERE type = OLD.type AND id = OLD.id;
END;
CREATE TRIGGER entities_insert_unpassed BEFORE INSERT ON entities
WHEN NOT EXISTS(SELECT 1 FROM change_log WHERE type = NEW.type AND id = NEW.id AND kind <> 'r')
BEGIN
  DELETE FROM passed_versions WHERE type = NEW.type AND id = NEW.id;
END;
CREATE TRIGGER entities_delete_unpassed BEFORE DELETE ON entities
WHEN NOT EXISTS(SELECT 1 FROM change_log WHERE type = OLD.type AND id = OLD.id AND kind <> 'r')
BEGIN
  DELETE FROM passed_versions WHERE type = OLD.type AND id = OLD.id;
END;
)sql";

// What an insert says of hash and metadata may be copied from another row. Who has computed them writes
// version 0, which no row keeps, so that no copy has it. No function here: a call of one in a trigger, made
// or not, gives every insert a statement journal, which costs as much as the insert.
inline constexpr const char* kRawInsertsSql = R"sql(
CREATE TRIGGER entities_raw_insert AFTER INSERT ON entities
WHEN NEW.version IS NOT 0 AND (NEW.hash IS NOT NULL OR NEW.metadata IS NOT NULL)
BEGIN
  UPDATE entities SET hash = NULL, metadata = NULL WHERE key = NEW.key;
END;
CREATE TRIGGER entities_first_version AFTER INSERT ON entities
WHEN NEW.version IS 0
BEGIN
  UPDATE entities SET version = 1 WHERE key = NEW.key;
END;

CREATE TABLE replaced_rows(type TEXT NOT NULL, id TEXT NOT NULL);
CREATE TRIGGER entities_insert_over_key BEFORE INSERT ON entities
WHEN EXISTS(SELECT 1 FROM entities WHERE key = NEW.key AND (type, id) IS NOT (NEW.type, NEW.id))
BEGIN
  DELETE FROM replaced_rows WHERE type IS NOT NULL;
  INSERT INTO replaced_rows(type, id) SELECT type, id FROM entities WHERE key = NEW.key;
  DELETE FROM base_contents WHERE (type, id) = (SELECT type, id FROM replaced_rows)
    AND NOT EXISTS(SELECT 1 FROM change_log AS log
      WHERE (log.type, log.id) = (base_contents.type, base_contents.id) AND kind <> 'r');
  INSERT INTO base_contents(type, id, content) SELECT type, id, content FROM entities WHERE key = NEW.key
    AND NOT EXISTS(SELECT 1 FROM change_log AS log
      WHERE (log.type, log.id) = (entities.type, entities.id) AND kind <> 'r');
END;
CREATE TRIGGER entities_key_replaced AFTER INSERT ON entities
WHEN EXISTS(SELECT 1 FROM replaced_rows)
BEGIN
  DELETE FROM replaced_rows
    WHERE EXISTS(SELECT 1 FROM entities WHERE (type, id) = (replaced_rows.type, replaced_rows.id))
      OR EXISTS(SELECT 1 FROM change_log
        WHERE (type, id) = (replaced_rows.type, replaced_rows.id) AND kind = 'd');
  DELETE FROM change_log WHERE (type, id) = (SELECT type, id FROM replaced_rows);
  INSERT INTO change_log(type, id, kind) SELECT type, id, 'd' FROM replaced_rows;
  DELETE FROM replaced_rows WHERE type IS NOT NULL;
END;
)sql";

// ledger.carried: what git has of a file that is held. holds.carried: such a hold keeps nothing from git.
inline constexpr const char* kCarriedSql = R"sql(
ALTER TABLE ledger ADD COLUMN carried BLOB;
ALTER TABLE holds ADD COLUMN carried INTEGER NOT NULL DEFAULT 0;
DROP INDEX ledger_uncommitted;
CREATE INDEX ledger_uncommitted ON ledger(path) WHERE coalesce(carried, base) IS NOT committed;
)sql";

// The last version of each entity that is gone: one that is made anew goes on from it, so that nobody who
// read the old one passes for having read the new one. Whatever way a row goes: deleted, replaced, renamed.
// No upsert on an insert: it would give every one a statement journal. A row that is there is never below its
// floor.
inline constexpr const char* kVersionFloorsSql = R"sql(
CREATE TABLE version_floors(
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY(type, id)
) WITHOUT ROWID;
CREATE TRIGGER entities_delete_floor AFTER DELETE ON entities
BEGIN
  INSERT INTO version_floors(type, id, version) VALUES(OLD.type, OLD.id, OLD.version)
    ON CONFLICT(type, id) DO UPDATE SET version = excluded.version WHERE excluded.version > version;
END;
CREATE TRIGGER entities_replace_floor BEFORE INSERT ON entities
WHEN EXISTS(SELECT 1 FROM entities WHERE type = NEW.type AND id = NEW.id)
  OR EXISTS(SELECT 1 FROM entities WHERE key = NEW.key)
BEGIN
  DELETE FROM version_floors WHERE type = NEW.type AND id = NEW.id;
  DELETE FROM version_floors WHERE (type, id) = (SELECT type, id FROM entities WHERE key = NEW.key);
  INSERT INTO version_floors(type, id, version) SELECT type, id, version FROM entities
    WHERE (type = NEW.type AND id = NEW.id) OR key = NEW.key;
END;
CREATE TRIGGER entities_rename_floor BEFORE UPDATE OF type, id ON entities
WHEN OLD.type IS NOT NEW.type OR OLD.id IS NOT NEW.id
BEGIN
  INSERT INTO version_floors(type, id, version) SELECT type, id, version FROM entities
    WHERE (type = NEW.type AND id = NEW.id) OR key = OLD.key
    ON CONFLICT(type, id) DO UPDATE SET version = excluded.version WHERE excluded.version > version;
END;
CREATE TRIGGER entities_renamed_goes_on AFTER UPDATE OF type, id ON entities
WHEN EXISTS(SELECT 1 FROM version_floors
  WHERE type = NEW.type AND id = NEW.id AND version >= NEW.version)
BEGIN
  UPDATE entities SET version = (SELECT floors.version + 1 FROM version_floors AS floors
    WHERE floors.type = NEW.type AND floors.id = NEW.id) WHERE key = NEW.key;
END;
-- The one trigger that knew of first versions did not know of floors.
DROP TRIGGER entities_first_version;
CREATE TRIGGER entities_first_version AFTER INSERT ON entities
WHEN NEW.version IS 0 AND NOT EXISTS(SELECT 1 FROM version_floors WHERE type = NEW.type AND id = NEW.id)
BEGIN
  UPDATE entities SET version = 1 WHERE key = NEW.key;
END;
CREATE TRIGGER entities_version_goes_on AFTER INSERT ON entities
WHEN EXISTS(SELECT 1 FROM version_floors
  WHERE type = NEW.type AND id = NEW.id AND version >= NEW.version)
BEGIN
  UPDATE entities SET version = (SELECT floors.version + 1 FROM version_floors AS floors
    WHERE floors.type = NEW.type AND floors.id = NEW.id) WHERE key = NEW.key;
END;
)sql";

// ledger.git_form: what git has for the file's bytes, where its line ends are others.
inline constexpr const char* kGitFormSql = R"sql(
ALTER TABLE ledger ADD COLUMN git_form BLOB;
DROP INDEX ledger_uncommitted;
CREATE INDEX ledger_uncommitted ON ledger(path) WHERE coalesce(git_form, carried, base) IS NOT committed;
)sql";

// conflicts.key: the front matter key in question.
inline constexpr const char* kConflictKeySql = R"sql(
ALTER TABLE conflicts ADD COLUMN key TEXT NOT NULL DEFAULT '';
)sql";

/// What each version added to the one before it.
inline constexpr std::array kSchemaSteps{kFirstSchemaSql,   kPassedVersionsSql, kRawInsertsSql, kCarriedSql,
                                         kVersionFloorsSql, kGitFormSql,        kConflictKeySql};

}  // namespace fluentsync::store
