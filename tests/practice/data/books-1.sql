BEGIN TRANSACTION;
CREATE TABLE cdrs (
    id INTEGER PRIMARY KEY, infra_key TEXT NOT NULL, cdr_key TEXT NOT NULL, service_key TEXT NOT NULL,
    amount INTEGER NOT NULL, request INTEGER NOT NULL, clearing INTEGER REFERENCES clearings(id),
    "cdrId" TEXT NOT NULL, "startDatetime" TEXT NOT NULL, "endDatetime" TEXT NOT NULL, "duration" TEXT NOT NULL, "volume" TEXT NOT NULL, "chargePointAddress" TEXT NOT NULL, "chargePointZip" TEXT NOT NULL, "chargePointCity" TEXT NOT NULL, "chargePointCountry" TEXT NOT NULL, "chargePointType" TEXT NOT NULL, "productType" TEXT NOT NULL, "tariffType" TEXT NOT NULL, "authenticationId" TEXT NOT NULL, "evcoId" TEXT NOT NULL, "meterId" TEXT NOT NULL, "obisCode" TEXT NOT NULL, "chargePointId" TEXT NOT NULL, "serviceProviderId" TEXT NOT NULL, "infraProviderId" TEXT NOT NULL, "evseId" TEXT NOT NULL
);
INSERT INTO "cdrs" VALUES(1,'poldercharging','T-000001','ladenetz',1002810,1,1,'T-000001','2025-09-24T15:05:28+02:00','2025-09-24T20:30:57+02:00','5:25:29','100,2810','Gordiaandreef 5','8233 AG','Lelystad','NLD','AC','AC 22 kW','Standard','04076010A7F180','DE-LND-C00001028-H','M-PLD-0024-1-31','1-1:1.8.0','PLD-0024-1-31','Ladenetz','Polder Charging','NL*PLD*E0024*1*31');
INSERT INTO "cdrs" VALUES(2,'poldercharging','T-000002','ladenetz',64370,1,1,'T-000002','2025-10-23T18:24:48+02:00','2025-10-23T19:09:05+02:00','0:44:17','6,4370','Stationsplein 12','8232 DP','Lelystad','NLD','AC','AC 11 kW','Standard','0CC47D7B','DE-LND-C00001140-9','M-PLD-0011-2-35','1-1:1.8.0','PLD-0011-2-35','Ladenetz','Polder Charging','NL*PLD*E0011*2*35');
INSERT INTO "cdrs" VALUES(3,'poldercharging','T-000003','ladenetz',142407,1,1,'T-000003','2025-11-03T17:47:17+01:00','2025-11-03T19:20:39+01:00','1:33:22','14,2407','Kerkstraat 40','8301 EX','Emmeloord','NLD','AC','AC 11 kW','Standard','04D4382CCB9480','DE-LND-C00001112-A','M-PLD-0037-1-38','1-1:1.8.0','PLD-0037-1-38','Ladenetz','Polder Charging','NL*PLD*E0037*1*38');
INSERT INTO "cdrs" VALUES(4,'poldercharging','T-000004','ladenetz',461925,2,3,'T-000004','2025-11-06T15:38:38+01:00','2025-11-06T22:30:56+01:00','6:52:18','46,1925','Stationsplein 12','8232 DP','Lelystad','NLD','AC','AC 11 kW','Standard','371EDD4C','DE-LND-C00001084-A','M-PLD-0011-1-31','1-1:1.8.0','PLD-0011-1-31','Ladenetz','Polder Charging','NL*PLD*E0011*1*31');
INSERT INTO "cdrs" VALUES(5,'poldercharging','T-000005','ladenetz',313116,2,3,'T-000005','2025-11-10T16:04:06+01:00','2025-11-10T19:38:39+01:00','3:34:33','31,3116','Kerkstraat 40','8301 EX','Emmeloord','NLD','AC','AC 11 kW','Standard','0440320EE3DD80','DE-LND-C00001035-A','M-PLD-0037-1-35','1-1:1.8.0','PLD-0037-1-35','Ladenetz','Polder Charging','NL*PLD*E0037*1*35');
INSERT INTO "cdrs" VALUES(6,'poldercharging','T-000006','ladenetz',24587,3,NULL,'T-000006','2025-11-11T14:04:47+01:00','2025-11-11T14:22:57+01:00','0:18:10','2,4587','Stationsplein 12','8232 DP','Lelystad','NLD','AC','AC 11 kW','Standard','1E33643B','DE-LND-C00001056-G','M-PLD-0011-1-37','1-1:1.8.0','PLD-0011-1-37','Ladenetz','Polder Charging','NL*PLD*E0011*1*37');
INSERT INTO "cdrs" VALUES(7,'poldercharging','T-000007','ladenetz',436761,3,NULL,'T-000007','2025-11-18T17:38:03+01:00','2025-11-19T00:17:53+01:00','6:39:50','43,6761','Stationsplein 12','8232 DP','Lelystad','NLD','AC','AC 11 kW','Standard','040E32A8E7AE80','DE-LND-C00001105-A','M-PLD-0011-1-37','1-1:1.8.0','PLD-0011-1-37','Ladenetz','Polder Charging','NL*PLD*E0011*1*37');
CREATE TABLE clearings (id INTEGER PRIMARY KEY, at REAL NOT NULL, by_user TEXT NOT NULL);
INSERT INTO "clearings" VALUES(1,1.0,'admin');
INSERT INTO "clearings" VALUES(2,2.0,'admin');
INSERT INTO "clearings" VALUES(3,3.0,'admin');
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES users(name), last_used REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE statements (
    link TEXT PRIMARY KEY, clearing INTEGER NOT NULL REFERENCES clearings(id), provider_key TEXT NOT NULL,
    pdf BLOB NOT NULL
);
INSERT INTO "statements" VALUES('gRGXgXTQciyUM1Zf9bIIXoJmVS8ijfX_',1,'ladenetz',X'255044462D31');
INSERT INTO "statements" VALUES('pl-JnfEuhkzxLPcJ4cQSEE2z-w0xMXvs',3,'ladenetz',X'255044462D33');
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY, provider_key TEXT NOT NULL, position INTEGER NOT NULL, token_key TEXT NOT NULL,
    "evcoId" TEXT NOT NULL, "roamingHubId" TEXT NOT NULL, "tokenType" TEXT NOT NULL, "tokenId" TEXT NOT NULL, "printedNumber" TEXT NOT NULL, "expiryDate" TEXT NOT NULL, "pin" TEXT NOT NULL, "pinMandatory" TEXT NOT NULL, "tokenActivated" TEXT NOT NULL, "hash" TEXT NOT NULL
);
INSERT INTO "tokens" VALUES(1,'poldercharging',1,'0CE4124B','NL-PLD-C00001007-K','2','1','0CE4124B','2004000013','17/10/2033','','0','1','');
INSERT INTO "tokens" VALUES(2,'poldercharging',2,'2DE3D54B','NL-PLD-C00001014-K','2','1','2DE3D54B','2004000026','25/05/2032','','0','1','');
CREATE TABLE users (
    name TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL, admin INTEGER NOT NULL,
    provider_id TEXT NOT NULL, provider_key TEXT NOT NULL, hub INTEGER, prefixes TEXT NOT NULL, role TEXT NOT NULL
);
INSERT INTO "users" VALUES('polder-01',X'5F601490D0799282E3CA1A76B3E8B9D4',X'110D2079D33F51A7D1EE55383990BCE8806E6C18F9FB038D2906ED64E8EFAAF7FAB63286D70EA9BCB5B148B51B84272B6E649C775423C0EC9CA7C20C4132736A',0,'Polder Charging','poldercharging',2,'NL-PLD','provider');
INSERT INTO "users" VALUES('ladenetz-01',X'58A7AD014B6DF7DFA09E8182BE4F23D4',X'5CDF2669321E08671E0EC188E2B33FE20E672CE27160D4D22135AD9E3F4811B4303A0D496B1130125300016D3F0AFE192EB3C702BBDE1CB65208B4D2C5B286B2',0,'Ladenetz','ladenetz',3,'DE-LND','partner');
CREATE UNIQUE INDEX token_identity ON tokens (provider_key, token_key);
CREATE UNIQUE INDEX cdr_identity ON cdrs (infra_key, cdr_key);
CREATE INDEX cdr_clearing ON cdrs (clearing, service_key);
COMMIT;
PRAGMA user_version = 1;
