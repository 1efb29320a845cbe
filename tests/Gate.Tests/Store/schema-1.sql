-- A store of schema 1, as the program of that time left it ('sqlite3 store.db .dump', pragmas added by hand).
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE ledger(
  sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, agent TEXT NOT NULL, session TEXT NOT NULL, repository TEXT NOT NULL, worktree TEXT NOT NULL,
  tool TEXT NOT NULL, event TEXT NOT NULL, call TEXT NOT NULL, completes INTEGER NOT NULL, request BLOB NOT NULL, preview TEXT NOT NULL, effects TEXT NOT NULL,
  zone INTEGER NOT NULL, outcome TEXT NOT NULL, rules TEXT NOT NULL, tags TEXT NOT NULL, bundle BLOB NOT NULL, standing BLOB NOT NULL, detail TEXT NOT NULL,
  latency INTEGER NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
INSERT INTO ledger VALUES(1,1795277905327,'claude-code','session-1','/tmp/repo/.git','/tmp/repo','Bash','PreToolUse','call-1',0,X'3d0d197ed42bcf1930f761e5a4abed24969cbf8f4b8b97281e9e3f7a70494fcd','git status','run code git',0,'allow','','',X'e484741d537a826dd1a3bbd7eebadfce5bae9ef19a3483dfc6a1832853441ad5',X'432419bea74bb30cc6aed8f89537d470b9ae24cb0f6e2da0e3c61a24788dce22','',901,X'0000000000000000000000000000000000000000000000000000000000000000',X'66b7c775ffb0fbab57e041c424125b89372347c709cba7ac63b15ca27fb1eb01');
INSERT INTO ledger VALUES(2,1795277905329,'claude-code','session-1','/tmp/repo/.git','/tmp/repo','Bash','PostToolUse','call-1',1,X'','','',-1,'observe','','',X'',X'','{"ran":true,"failed":false,"duration":12,"size":14,"digest":"7b964388182d63f620ad1d77673efd792ff1e87a3baea1e5ec1aae68179cc527"}',323,X'66b7c775ffb0fbab57e041c424125b89372347c709cba7ac63b15ca27fb1eb01',X'711411b3d8a473f88010880a8c13699220db6067e21a080908706914ef430462');
INSERT INTO ledger VALUES(3,1795277905332,'claude-code','session-1','/tmp/repo/.git','/tmp/repo','Bash','PreToolUse','call-2',0,X'c4cb36c5dc0ee8b44b348c68b1317a9fc2e337ea52c3405412c5ccb19aa47ba2','git push --force','run code git; rewrite history git; publish history git',4,'deny','git.force-push','NIST:CM-3 NIST:CM-5 SOC2:CC8.1',X'e484741d537a826dd1a3bbd7eebadfce5bae9ef19a3483dfc6a1832853441ad5',X'b35b0d0613c388ee7b87829337a82fc34da7912fb81df4432855c1ef2fa688f8','',611,X'711411b3d8a473f88010880a8c13699220db6067e21a080908706914ef430462',X'fa8c52f946c9325f0cec322d7d81df31df5e57b120956d843f458a06211c4a72');
INSERT INTO ledger VALUES(4,1795277905334,'claude-code','session-1','/tmp/repo/.git','/tmp/repo','Bash','PreToolUse','call-3',0,X'c2392293bb50a07686e6f7ec334fe260abc7b313a630b95f3134e31128aeebbc','git push','run code git; publish history git',4,'ask','','',X'e484741d537a826dd1a3bbd7eebadfce5bae9ef19a3483dfc6a1832853441ad5',X'8493d054cebac2ba7fa875439ad9f208c2df7d21182127625e7affc4ef85cae3','',635,X'fa8c52f946c9325f0cec322d7d81df31df5e57b120956d843f458a06211c4a72',X'935cc51deeb5c284bc0b545706b1ff634dd0421ae0839b3777fcbc79059ba8cf');
CREATE TABLE pending(call TEXT PRIMARY KEY, sequence INTEGER NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO pending VALUES('call-3',4,1795277905334);
CREATE TABLE sessions(session TEXT PRIMARY KEY, worktree TEXT NOT NULL, repository TEXT NOT NULL, agent TEXT NOT NULL, started INTEGER NOT NULL, last INTEGER NOT NULL, actions INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO sessions VALUES('session-1','/tmp/repo','/tmp/repo/.git','claude-code',1795277905327,1795277905334,3);
CREATE TABLE worktrees(worktree TEXT PRIMARY KEY, repository TEXT NOT NULL, profile TEXT NOT NULL, budget TEXT NOT NULL, started INTEGER NOT NULL, last INTEGER NOT NULL, actions INTEGER NOT NULL, settings TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO worktrees VALUES('/tmp/repo','/tmp/repo/.git','balanced','none',1795277905320,1795277905334,3,'/tmp/repo/.claude/settings.json');
CREATE TABLE repositories(repository TEXT PRIMARY KEY, bundle BLOB NOT NULL, revision INTEGER NOT NULL, previous BLOB NOT NULL, changed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO repositories VALUES('/tmp/repo/.git',X'e484741d537a826dd1a3bbd7eebadfce5bae9ef19a3483dfc6a1832853441ad5',1,X'',1795277905319);
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
COMMIT;
PRAGMA application_id=1195463749;
PRAGMA user_version=1;
PRAGMA journal_mode=WAL;
