/** Conversations as lists show them, messages that can be removed, and searching with filters. */
export const conversations: string = `
-- What is remembered of a conversation beside its messages. What came before this schema counts as read.
CREATE TABLE conversations (
  conversation INTEGER PRIMARY KEY,
  person INTEGER NOT NULL,
  former_name TEXT,
  draft_text TEXT,
  draft_reply_to TEXT,
  draft_editing TEXT,
  draft_wall_ms INTEGER,
  muted_until_wall_ms INTEGER,
  pinned INTEGER NOT NULL DEFAULT 0,
  read_up_to INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO conversations (conversation, person, read_up_to)
  SELECT conversation, person, max(position) FROM messages GROUP BY conversation;

-- Unread messages, and a search for those of one side.
CREATE INDEX messages_direction ON messages (conversation, direction);

-- Whether the text holds a link: holdsLink in core/base/words.ts says the same.
ALTER TABLE messages ADD COLUMN link INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET link = 1
  WHERE text LIKE '%http://_%' OR text LIKE '%https://_%' OR text LIKE '%mesh://_%';
CREATE INDEX messages_link ON messages (position) WHERE link = 1;
`;
