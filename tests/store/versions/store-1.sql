-- The file as version 1 of the program's data wrote it; never edited.
PRAGMA application_id = 1329809488;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
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
INSERT INTO "actions" VALUES(1,'upload-list','house.example/service','me','2026-11-23T12:26:23.501775+00:00','2026-11-23T12:26:23.502987+00:00',1,'done',0,'ok','3c330559ffeece2427bd276c31c548a16d4bc10875f05af7b5567cb9cd586524',1,'{}');
INSERT INTO "actions" VALUES(2,'upload-cdrs','house.example/service','me','2026-11-23T12:26:23.503833+00:00','2026-11-23T12:26:23.504551+00:00',2,'done',0,'stored','acebbda8791715f27738d061863ffcc68cd00522367d55b616ae40ac49c91576',1,'{}');
INSERT INTO "actions" VALUES(3,'upload-cdrs','house.example/service','me','2026-11-23T12:26:23.505082+00:00','2026-11-23T12:26:23.505631+00:00',1,'unconfirmed',NULL,'no answer','2aaf0f26ad9f17439666f6304bb10af3d048360af78e4da7c64423a7a57f7d74',2,'{}');
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
INSERT INTO "batches" VALUES(1,'house.example/service','me','','confirmed','2026-11-23T12:26:23.503833+00:00','2026-11-23T12:26:23.504551+00:00',0,'stored',1,NULL,NULL,2,2,'acebbda8791715f27738d061863ffcc68cd00522367d55b616ae40ac49c91576',X'7801E590B14EC3301086779E22F2187AD5FD8E93166F555218EA86AA4462A8182CC552AB16834A269E9EBB2E48BC028BF5F9BEDFA75F3E189899B16C1B02136300BCAB7DC5F76C3DF31F577999E2D7C1A3F14E53B03357DFF22F539C4E1FF9EBF3924EB98015D92C8162F324B4BAE6637A17E843A7D7F67614A2CFAF82F2368FF13A0A3E3C562B5EB44EB00F34F45B6A99612DBB9A3632DC0E7B62760B687F9034992FE7DA64F71CBAB53A585217E298729ABE05135D62D4E57D2877A12BD71A2A61DEEE0E467BFEFB6FF8013733787E');
INSERT INTO "batches" VALUES(2,'house.example/service','me','','unconfirmed','2026-11-23T12:26:23.505082+00:00','2026-11-23T12:26:23.505631+00:00',NULL,'no answer',1,NULL,NULL,3,1,'2aaf0f26ad9f17439666f6304bb10af3d048360af78e4da7c64423a7a57f7d74',X'78015D8E3D6FC2400C86F7FE8A28638A91DFCBE5A3B7A1043A7049114462A83A9C94938A4AAF8866E2D7E3CB82C4623DF6F3DAF2679AA78B54B12A094C8C0130BA3039BFB232CC4F2E3732C5C3C1A0343AA6A016BA98F387C94DA7BFF07F39FB5348A0449635906CDF8556D7F0ED7F057ADBC6B6994B22FAE72828BB6174D751F06D93AFB86AB4606F69E83B6A98A114EB82B632EC863D31EB0A9006249F2CEB65FC64F761DB757450149D75A30F7EBA097A3A3B178FF736DBD9365BC75086F4EBE50E29773C41');
CREATE TABLE blocks (
    hash BLOB PRIMARY KEY,       -- sha256 of the block's lines
    rows INTEGER NOT NULL,
    data BLOB NOT NULL           -- zlib of one JSON array per line
);
INSERT INTO "blocks" VALUES(X'3C330559FFEECE2427BD276C31C548A16D4BC10875F05AF7B5567CB9CD586524',1,X'78018B56F2F3D10DF1F3D5353034323230D13555D2513202624320363071747472727686728D0DF50D8DF48D0C8CCC80022069A8B8522C1700F5910D39');
INSERT INTO "blocks" VALUES(X'1AE840CE76576364D6DDD1B43AA6ED5DBC97750B0CD3A3D227166827486990D7',1,X'78018B56F2F3D1750D0ED6353432363135D335578AE50200330E047F');
INSERT INTO "blocks" VALUES(X'8A68FC9FA87824C6C19A02786B8487AC2E3056BCBAF91A10B6FD99948A4C43D4',1,X'78015D8EB16EC2400C86F73E45943160E4FF7209701B4AA0432E69D44662401D4ECA4945A5074A33F1F4F8582A75B13EFBFB6DF9946ED365AA58950426C600185D989C17AC0CF33F971B99E2CFC1A0343AA6A096BA78E63F66379FAFE1F776F1E79040892C3740D2BC0AEDA6F0E57F043A5BC7B67A9644F4F7515076C3E8A651707BC877BCAEB4606769E85AAA98A114EB821A19B6C33B31EB35200D483E596D56F193FECDD6FBE8A0283AEB461FFC7C17F474712E1EEF6CD6DB3ADBC75086F4F3E5012F953C47');
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
INSERT INTO "cdrs" VALUES('house.example/service','elaad','1','confirmed','','2026-11-23T12:26:23.504551+00:00',X'2427301460CEBC6F26D20EE3DFEA19B2696E59861F2C02B3A68F3179F7FE82EC',1,0,'Ladenetz','2026-10-01T11:45:30+02:00','12,4500',NULL);
INSERT INTO "cdrs" VALUES('house.example/service','elaad','2','confirmed','','2026-11-23T12:26:23.504551+00:00',X'90F9F8667F61C79441DBE99871040B497BD6C0926B818AB605D2E330ABCE0770',1,1,'Ladenetz','2026-10-01T11:45:30+02:00','12,4500',NULL);
INSERT INTO "cdrs" VALUES('house.example/service','elaad','3','unconfirmed','no answer','2026-11-23T12:26:23.505631+00:00',X'2AAF0F26AD9F17439666F6304BB10AF3D048360AF78E4DA7C64423A7A57F7D74',2,0,'Ladenetz','2026-10-01T11:45:30+02:00','12,4500',NULL);
CREATE TABLE documents (
    statement INTEGER PRIMARY KEY REFERENCES statements (id) ON DELETE CASCADE,
    data BLOB NOT NULL           -- the PDF
);
INSERT INTO "documents" VALUES(1,X'255044462D312E34');
CREATE TABLE list_blocks (
    list INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL REFERENCES blocks (hash),
    PRIMARY KEY (list, position)
) WITHOUT ROWID;
INSERT INTO "list_blocks" VALUES(2,0,X'1AE840CE76576364D6DDD1B43AA6ED5DBC97750B0CD3A3D227166827486990D7');
INSERT INTO "list_blocks" VALUES(1,0,X'3C330559FFEECE2427BD276C31C548A16D4BC10875F05AF7B5567CB9CD586524');
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
INSERT INTO "lists" VALUES(1,'own','house.example/service','me','2026-11-23T12:26:23.501775+00:00',1,'first','3c330559ffeece2427bd276c31c548a16d4bc10875f05af7b5567cb9cd586524','confirmed',0,'ok',NULL,1);
INSERT INTO "lists" VALUES(2,'global','house.example/service','me','2026-11-23T12:26:23.503476+00:00',1,'','1ae840ce76576364d6ddd1b43aa6ed5dbc97750b0cd3a3d227166827486990d7','confirmed',NULL,'',NULL,NULL);
CREATE TABLE partners (
    key TEXT PRIMARY KEY,        -- provider id without case, blanks and hyphens
    provider_id TEXT NOT NULL,
    name TEXT NOT NULL,
    hub INTEGER,
    prefixes TEXT NOT NULL       -- JSON list
);
INSERT INTO "partners" VALUES('elaad','E-laad','E-laad',2,'["NL-ESS"]');
CREATE TABLE profiles (
    name TEXT PRIMARY KEY,
    data TEXT NOT NULL           -- JSON; never a password
);
INSERT INTO "profiles" VALUES('House','{"endpoint": "https://house.example/service", "user": "me", "wsdl": "", "ca_file": "", "cert_file": "", "key_file": "", "provider_id": "", "provider_name": "", "hub": 2, "prefixes": ["NL-TNM"], "batch_size": 500, "practice": false}');
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL          -- JSON
) WITHOUT ROWID;
INSERT INTO "settings" VALUES('window.width','1200');
CREATE TABLE statement_blocks (
    statement INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL REFERENCES blocks (hash),
    PRIMARY KEY (statement, position)
) WITHOUT ROWID;
INSERT INTO "statement_blocks" VALUES(1,0,X'8A68FC9FA87824C6C19A02786B8487AC2E3056BCBAF91A10B6FD99948A4C43D4');
CREATE TABLE statement_cdrs (
    infra TEXT NOT NULL,
    cdr_id TEXT NOT NULL,
    statement INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (infra, cdr_id, statement, position)
) WITHOUT ROWID;
INSERT INTO "statement_cdrs" VALUES('elaad','9',1,0);
CREATE TABLE statements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    house TEXT NOT NULL,
    user TEXT NOT NULL,
    at TEXT NOT NULL,
    count INTEGER NOT NULL,
    doc_link TEXT NOT NULL,
    fingerprint TEXT NOT NULL    -- of the records in any order
);
INSERT INTO "statements" VALUES(1,'house.example/service','me','2026-11-23T12:26:23.506156+00:00',1,'https://house.example/doc/1','8a68fc9fa87824c6c19a02786b8487ac2e3056bcbaf91a10b6fd99948a4c43d4');
CREATE INDEX actions_by_time ON actions (begun);
CREATE INDEX lists_by_house ON lists (house, user, scope, id);
CREATE INDEX lists_sending ON lists (state) WHERE state = 'sending';
CREATE INDEX list_blocks_by_hash ON list_blocks (hash);
CREATE INDEX batches_unsettled ON batches (state) WHERE state IN ('sending', 'unconfirmed');
CREATE INDEX batches_by_upload ON batches (upload);
CREATE INDEX batches_by_parent ON batches (parent);
CREATE INDEX cdrs_by_batch ON cdrs (batch);
CREATE INDEX statements_by_house ON statements (house, user, fingerprint);
CREATE INDEX statement_blocks_by_hash ON statement_blocks (hash);
CREATE INDEX statement_cdrs_by_statement ON statement_cdrs (statement);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('actions',3);
INSERT INTO "sqlite_sequence" VALUES('lists',2);
INSERT INTO "sqlite_sequence" VALUES('batches',2);
INSERT INTO "sqlite_sequence" VALUES('statements',1);
COMMIT;
