/** What happens to messages: replies, edits, deletions, reactions; and the colours of contacts. */
export const changes: string = `
ALTER TABLE messages ADD COLUMN reply_to TEXT;
ALTER TABLE messages ADD COLUMN edit_sequence INTEGER;
ALTER TABLE messages ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
-- Whether there are rows in reactions: most messages have none, and a page of them is read without looking.
ALTER TABLE messages ADD COLUMN reacted INTEGER NOT NULL DEFAULT 0;

CREATE TABLE reactions (
  number INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  person INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  UNIQUE (position, person)
) STRICT;

CREATE TABLE early_changes (
  number INTEGER PRIMARY KEY,
  person INTEGER NOT NULL,
  message TEXT NOT NULL,
  kind INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  content BLOB NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  UNIQUE (person, message, kind)
) STRICT;

ALTER TABLE contacts ADD COLUMN hue INTEGER;

-- Events refer to messages from here on: a text that is deleted must not stand in one.
UPDATE events
  SET data = json_object('id', data ->> '$.id', 'conversation', data ->> '$.conversation')
  WHERE event = 0;

-- What is deleted from the index is gone from its pages, not only marked.
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
`;
