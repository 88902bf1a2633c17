/** The first schema. Once released it is never edited; a change is a new migration. */
export const foundation: string = `
-- Long ids that repeat in many rows (people, devices, conversations) stand here once.
CREATE TABLE names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE settings (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;

CREATE TABLE secrets (
  kind INTEGER NOT NULL,
  key TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT;

CREATE TABLE contacts (
  person TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  claimed_name TEXT NOT NULL,
  state TEXT NOT NULL,
  state_before_block TEXT,
  verified INTEGER NOT NULL,
  key_changed INTEGER NOT NULL,
  identity BLOB NOT NULL,
  greeting TEXT NOT NULL,
  conversation TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  last_seen_wall_ms INTEGER
) STRICT;

CREATE TABLE devices (
  device TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  bundle BLOB,
  addresses TEXT NOT NULL
) STRICT;

CREATE TABLE messages (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  conversation INTEGER NOT NULL,
  person INTEGER NOT NULL,
  direction INTEGER NOT NULL,
  state INTEGER NOT NULL,
  sent_wall_ms INTEGER NOT NULL,
  received_wall_ms INTEGER,
  expires_at_ms INTEGER,
  expires_at_wall_ms INTEGER,
  reason TEXT,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX messages_conversation ON messages (conversation);

-- Rows by random ids, see lookup.ts: message ids to positions, hashes and messages to what was received.
CREATE TABLE message_keys (key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number))
  STRICT, WITHOUT ROWID;
CREATE TABLE message_keys_fresh (key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number))
  STRICT, WITHOUT ROWID;
CREATE TABLE received_hashes (key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number))
  STRICT, WITHOUT ROWID;
CREATE TABLE received_hashes_fresh (key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number))
  STRICT, WITHOUT ROWID;
CREATE TABLE received_messages (key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number))
  STRICT, WITHOUT ROWID;
CREATE TABLE received_messages_fresh (key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number))
  STRICT, WITHOUT ROWID;

-- Words of messages up to the counter 'words'; later ones are not in it yet.
CREATE VIRTUAL TABLE words USING fts5 (text, content='', detail='none', columnsize=0, tokenize='ascii');

CREATE TABLE ledger (
  position INTEGER NOT NULL,
  line INTEGER NOT NULL,
  state INTEGER NOT NULL,
  at_wall_ms INTEGER NOT NULL,
  author INTEGER NOT NULL,
  device INTEGER,
  attempt INTEGER,
  detail TEXT,
  PRIMARY KEY (position, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  number INTEGER PRIMARY KEY,
  item TEXT NOT NULL UNIQUE,
  person INTEGER NOT NULL,
  device INTEGER,
  kind INTEGER NOT NULL,
  message TEXT,
  sealed BLOB NOT NULL,
  content BLOB NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_at_ms INTEGER
) STRICT;

CREATE TABLE received (
  number INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  person INTEGER NOT NULL,
  message TEXT,
  ack TEXT,
  expires_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX received_expiry ON received (expires_at_ms);

CREATE TABLE acks (
  number INTEGER PRIMARY KEY,
  ack TEXT NOT NULL UNIQUE,
  sealed BLOB NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX acks_expiry ON acks (expires_at_ms);

CREATE TABLE replays (
  prekey TEXT NOT NULL,
  ephemeral TEXT NOT NULL,
  PRIMARY KEY (prekey, ephemeral)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at_wall_ms INTEGER NOT NULL,
  event INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
`;
