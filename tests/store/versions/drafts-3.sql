-- The file as version 3 of the program's data wrote it; never edited.
PRAGMA application_id = 1329809476;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
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
INSERT INTO "drafts" VALUES(1,'tokens','cards.xlsx','{}','{}','2026-11-23T12:26:23.509081+00:00',NULL,1);
INSERT INTO "drafts" VALUES(2,'tokens','cards.xlsx','{}','{}','2026-11-26T17:43:40.578963+00:00',NULL,2);
INSERT INTO "drafts" VALUES(3,'tokens','cards.xlsx','{}','{}','2026-11-27T10:32:04.354181+00:00',NULL,3);
INSERT INTO "drafts" VALUES(4,'tokens','cards.xlsx','{}','{}','2026-11-27T10:32:04.354833+00:00',NULL,4);
CREATE TABLE edits (
    draft INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    direction TEXT NOT NULL,     -- 'do', 'undo' or 'redo'
    data BLOB,                   -- the edit's JSON, as text or zlib; none for undo and redo
    PRIMARY KEY (draft, seq)
);
INSERT INTO "edits" VALUES(1,1,'do','{"name": "Paste"}');
INSERT INTO "edits" VALUES(2,1,'do','{"name":"x"}');
INSERT INTO "edits" VALUES(3,1,'do','{"name":"x"}');
INSERT INTO "edits" VALUES(4,1,'do','{"name":"x"}');
CREATE TABLE snapshot_blocks (
    snapshot INTEGER NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE,
    part TEXT NOT NULL,          -- 'cells' or 'order'
    position INTEGER NOT NULL,
    data BLOB NOT NULL, form TEXT NOT NULL DEFAULT 'json',          -- zlib of JSON
    PRIMARY KEY (snapshot, part, position)
);
INSERT INTO "snapshot_blocks" VALUES(1,'cells',0,X'78018B8E8E564A54D2514A568AD589564A02B2529462814C031D83D858006FBF076F','json');
INSERT INTO "snapshot_blocks" VALUES(1,'order',0,X'78018B36D0318C050003CF0146','json');
INSERT INTO "snapshot_blocks" VALUES(2,'cells',0,X'78018B8E36D6318BD58936D2318E8DE56248646038BC848B210900457005B9','texts');
INSERT INTO "snapshot_blocks" VALUES(2,'order',0,X'78018B36D0318C050003CF0146','json');
INSERT INTO "snapshot_blocks" VALUES(3,'cells',0,X'36373432643662380A5B5B342C345D2C7B2272756E73223A5B5B322C322C315D5D7D5D0A0061006300620064','plain');
INSERT INTO "snapshot_blocks" VALUES(3,'order',0,X'63363633326538610A7B2272756E73223A5B5B302C322C315D5D7D','plain');
INSERT INTO "snapshot_blocks" VALUES(4,'cells',0,X'78018B8E36D2318AD5A9562A2ACD2B56B28A06720D750C63636B63B91812199200903A0894','pressed');
INSERT INTO "snapshot_blocks" VALUES(4,'cells',1,X'78018B8E36D2318AD5A9562A2ACD2B56B28A8E36D031D4318C8DAD8DE562486648010090260896','pressed');
INSERT INTO "snapshot_blocks" VALUES(4,'order',0,X'63363633326538610A7B2272756E73223A5B5B302C322C315D5D7D','plain');
CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    draft INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    rows INTEGER NOT NULL
);
INSERT INTO "snapshots" VALUES(1,1,0,2);
INSERT INTO "snapshots" VALUES(2,2,0,2);
INSERT INTO "snapshots" VALUES(3,3,0,2);
INSERT INTO "snapshots" VALUES(4,4,0,2);
CREATE INDEX snapshots_by_draft ON snapshots (draft);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('drafts',4);
INSERT INTO "sqlite_sequence" VALUES('snapshots',4);
COMMIT;
