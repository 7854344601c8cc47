"""The tables of the program's files, as numbered migrations: data, never code.

A migration that has left the house is never edited: a change is a new script at the end, and
`tests/store/versions` gets a file that holds the version before it.

There are two files. The *store* holds what must be right for years: journal, archive, lists, profiles. The
*drafts* hold what is being typed. They are apart because SQLite has one writer per file: a journal entry
that waits for the disk, or a command that uploads beside the window, must never hold up a keystroke.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schema:
    """What a file of ours holds.

    Attributes:
        name: a short name, part of the file names of backups and copies.
        application_id: number in the file's header that marks it as ours.
        migrations: SQL scripts; the first makes version 1 from nothing, each next one the next version.
        after_rescue: statements that keep, of a damaged file, rows that can do without what they refer to.
    """

    name: str
    application_id: int
    migrations: tuple[str, ...]
    after_rescue: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        """The version that this program writes."""
        return len(self.migrations)


_STORE_1 = """
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL          -- JSON
) WITHOUT ROWID;

CREATE TABLE profiles (
    name TEXT PRIMARY KEY,
    data TEXT NOT NULL           -- JSON; never a password
);

CREATE TABLE partners (
    key TEXT PRIMARY KEY,        -- provider id without case, blanks and hyphens
    provider_id TEXT NOT NULL,
    name TEXT NOT NULL,
    hub INTEGER,
    prefixes TEXT NOT NULL       -- JSON list
);

-- Everything that left this computer, or came to it from a house.
CREATE TABLE actions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    house TEXT NOT NULL,
    user TEXT NOT NULL,
    begun TEXT NOT NULL,         -- UTC, ISO 8601
    ended TEXT,
    count INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    code INTEGER,
    answer TEXT NOT NULL DEFAULT '',
    fingerprint TEXT NOT NULL DEFAULT '',
    subject INTEGER,             -- id of the list, batch or statement
    details TEXT NOT NULL DEFAULT '{}'   -- JSON: accepted warnings with reasons, and what later versions add
);
CREATE INDEX actions_by_time ON actions (begun);

-- Rows in blocks, each kept once however many versions of a list share it.
CREATE TABLE blocks (
    hash BLOB PRIMARY KEY,       -- sha256 of the block's lines
    rows INTEGER NOT NULL,
    data BLOB NOT NULL           -- zlib of one JSON array per line
);

-- Versions of the own roaming list (scope 'own') and downloads of the global one ('global').
CREATE TABLE lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT NOT NULL,
    house TEXT NOT NULL,
    user TEXT NOT NULL,
    at TEXT NOT NULL,            -- UTC, ISO 8601
    count INTEGER NOT NULL,
    description TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    code INTEGER,
    answer TEXT NOT NULL DEFAULT '',
    sender TEXT,
    action INTEGER REFERENCES actions (id)
);
CREATE INDEX lists_by_house ON lists (house, user, scope, id);
CREATE INDEX lists_sending ON lists (state) WHERE state = 'sending';
CREATE TABLE list_blocks (
    list INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL REFERENCES blocks (hash),
    PRIMARY KEY (list, position)
) WITHOUT ROWID;
CREATE INDEX list_blocks_by_hash ON list_blocks (hash);

-- Requests with CDRs, written before they leave.
CREATE TABLE batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    house TEXT NOT NULL,
    user TEXT NOT NULL,
    upload TEXT NOT NULL,        -- what the batches of one upload have in common
    state TEXT NOT NULL,
    begun TEXT NOT NULL,
    ended TEXT,
    code INTEGER,
    answer TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 1,
    parent INTEGER REFERENCES batches (id),   -- the unconfirmed batch that this one settles a part of
    sender TEXT,                 -- the process that sends it
    action INTEGER NOT NULL REFERENCES actions (id),
    count INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    data BLOB NOT NULL           -- the records, zlib of one JSON array per line
);
CREATE INDEX batches_unsettled ON batches (state) WHERE state IN ('sending', 'unconfirmed');
CREATE INDEX batches_by_upload ON batches (upload);
CREATE INDEX batches_by_parent ON batches (parent);

-- What is known of each CDR at each house, now.
CREATE TABLE cdrs (
    house TEXT NOT NULL,
    infra TEXT NOT NULL,         -- infraProviderId without case, blanks and hyphens
    cdr_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    fingerprint BLOB NOT NULL,   -- sha256 of the record
    batch INTEGER REFERENCES batches (id),
    position INTEGER,            -- in that batch
    service_provider TEXT NOT NULL,
    started TEXT NOT NULL,
    volume TEXT NOT NULL,
    before TEXT,                 -- JSON: the state to go back to when the batch never left
    PRIMARY KEY (house, infra, cdr_id)
) WITHOUT ROWID;
CREATE INDEX cdrs_by_batch ON cdrs (batch);

-- Cleared CDRs, archived the moment they are fetched.
CREATE TABLE statements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    house TEXT NOT NULL,
    user TEXT NOT NULL,
    at TEXT NOT NULL,
    count INTEGER NOT NULL,
    doc_link TEXT NOT NULL,
    fingerprint TEXT NOT NULL    -- of the records in any order
);
CREATE INDEX statements_by_house ON statements (house, user, fingerprint);
CREATE TABLE statement_blocks (
    statement INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL REFERENCES blocks (hash),
    PRIMARY KEY (statement, position)
) WITHOUT ROWID;
CREATE INDEX statement_blocks_by_hash ON statement_blocks (hash);
CREATE TABLE statement_cdrs (
    infra TEXT NOT NULL,
    cdr_id TEXT NOT NULL,
    statement INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (infra, cdr_id, statement, position)
) WITHOUT ROWID;
CREATE INDEX statement_cdrs_by_statement ON statement_cdrs (statement);
CREATE TABLE documents (
    statement INTEGER PRIMARY KEY REFERENCES statements (id) ON DELETE CASCADE,
    data BLOB NOT NULL           -- the PDF
);
"""

_STORE_2 = """
-- A record is where its batch is, unless it says otherwise: nearly all go through their states with their batch, and
-- to write that down once instead of for each of them halves what a batch costs.
CREATE TABLE new_cdrs (
    house TEXT NOT NULL,
    infra TEXT NOT NULL,         -- infraProviderId without case, blanks and hyphens
    cdr_id TEXT NOT NULL,
    fingerprint BLOB NOT NULL,   -- sha256 of the record
    batch INTEGER REFERENCES batches (id),
    position INTEGER,            -- in that batch
    service_provider TEXT NOT NULL,
    started TEXT NOT NULL,
    volume TEXT NOT NULL,
    state TEXT,                  -- none of these three: those of its batch
    reason TEXT,
    at TEXT,
    before TEXT,                 -- JSON: the state to go back to when the batch never left; of no use after an answer
    PRIMARY KEY (house, infra, cdr_id),
    CHECK (batch IS NOT NULL OR (state IS NOT NULL AND reason IS NOT NULL AND at IS NOT NULL))
) WITHOUT ROWID;
INSERT INTO new_cdrs
SELECT house, infra, cdr_id, fingerprint, batch, position, service_provider, started, volume,
    CASE WHEN own THEN state END, CASE WHEN own THEN reason END, CASE WHEN own THEN at END, before
FROM (
    -- What is not settled goes on with its batch in any case.
    SELECT cdrs.*, batch IS NULL OR (cdrs.state != batches.state AND batches.state NOT IN ('sending', 'unconfirmed'))
        AS own
    FROM cdrs LEFT JOIN batches ON batches.id = cdrs.batch
);
DROP TABLE cdrs;
ALTER TABLE new_cdrs RENAME TO cdrs;
CREATE INDEX cdrs_by_batch ON cdrs (batch, state);
CREATE INDEX cdrs_with_own_state ON cdrs (house, state) WHERE state IS NOT NULL;

-- What is known of each CDR at each house, now.
CREATE VIEW cdr_states AS
SELECT cdrs.house, infra, cdr_id,
    coalesce(cdrs.state, batches.state) AS state,
    CASE WHEN cdrs.state IS NOT NULL THEN reason WHEN batches.state = 'confirmed' THEN '' ELSE answer END AS reason,
    CASE WHEN cdrs.state IS NOT NULL THEN at ELSE coalesce(ended, begun) END AS at,
    cdrs.fingerprint, batch, position, service_provider, started, volume
FROM cdrs LEFT JOIN batches ON batches.id = cdrs.batch;
"""

_DRAFTS_1 = """
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    origin TEXT NOT NULL,        -- JSON, the sheet's own
    place TEXT NOT NULL,         -- JSON: tab, selection, widths; the window's own
    opened TEXT NOT NULL,
    closed TEXT,
    snapshot INTEGER             -- the whole one among its snapshots; none while the first is being written
);

-- The sheet as it stood after edit `seq`; the newest whole one counts.
CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    draft INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    rows INTEGER NOT NULL
);
CREATE INDEX snapshots_by_draft ON snapshots (draft);
CREATE TABLE snapshot_blocks (
    snapshot INTEGER NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE,
    part TEXT NOT NULL,          -- 'cells' or 'order'
    position INTEGER NOT NULL,
    data BLOB NOT NULL,          -- zlib of JSON
    PRIMARY KEY (snapshot, part, position)
);

CREATE TABLE edits (
    draft INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    direction TEXT NOT NULL,     -- 'do', 'undo' or 'redo'
    data BLOB,                   -- the edit's JSON, as text or zlib; none for undo and redo
    PRIMARY KEY (draft, seq)
);
"""

_DRAFTS_2 = """
-- 'json': one JSON value. 'texts': the columns of cells one after the other, each as one long text.
ALTER TABLE snapshot_blocks ADD COLUMN form TEXT NOT NULL DEFAULT 'json';
"""

_DRAFTS_3 = """
-- 'pressed' and 'plain' came (see snapshot_blocks.py), which programs of version 2 cannot read. What is there stays as
-- it is until the next snapshot.
"""

# That a record may be in the house's hands must outlive the request it went out with: else it would be sent once more.
# What became of such a request stands in the history as well. (These run in files of every version.)
_KEEP_SENT = (
    """
UPDATE cdrs SET reason = '', at = coalesce(ended, begun), state =
    CASE outcome WHEN 'done' THEN 'confirmed' WHEN 'refused' THEN 'refused' ELSE 'unconfirmed' END
FROM actions
WHERE state IS NULL AND batch NOT IN (SELECT id FROM batches) AND kind = 'upload-cdrs' AND subject = batch
""",
    """
UPDATE cdrs SET state = 'unconfirmed', reason = '', at = strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', 'now')
WHERE state IS NULL AND batch NOT IN (SELECT id FROM batches)
""",
    """
UPDATE cdrs SET state = CASE state WHEN 'sending' THEN 'unconfirmed' ELSE state END,
    batch = NULL, position = NULL, before = NULL
WHERE state IN ('confirmed', 'unconfirmed', 'sending') AND batch NOT IN (SELECT id FROM batches)
""",
)

STORE = Schema("store", 0x4F434850, (_STORE_1, _STORE_2), _KEEP_SENT)  # "OCHP"
DRAFTS = Schema("drafts", 0x4F434844, (_DRAFTS_1, _DRAFTS_2, _DRAFTS_3))  # "OCHD"
