import type { ConversationId, PersonId } from '@kith/core/base/ids';
import type { ContactRow, ContactState } from '@kith/core/base/store';
import { prepare, type Connection } from '../sqlite.ts';
import { plainBytes, type Table } from '../table.ts';

interface Columns {
  person: PersonId;
  name: string;
  claimed_name: string;
  hue: number | null;
  state: ContactState;
  state_before_block: ContactState | null;
  verified: number;
  key_changed: number;
  identity: Uint8Array;
  greeting: string;
  conversation: ConversationId;
  created_ms: number;
  last_seen_wall_ms: number | null;
}

/** People we know, asked, were asked by, or blocked. Their devices are in another table and go with them. */
export function contactsTable(
  connection: Connection,
): Table<'contacts' | 'contact', 'putContact' | 'removeContact'> {
  const all = prepare<Columns>(connection, 'SELECT * FROM contacts ORDER BY name, person');
  const one = prepare<Columns>(connection, 'SELECT * FROM contacts WHERE person = ?');
  const put = prepare(
    connection,
    `INSERT OR REPLACE INTO contacts (person, name, claimed_name, state, state_before_block, verified,
       key_changed, identity, greeting, conversation, created_ms, last_seen_wall_ms, hue)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = prepare(connection, 'DELETE FROM contacts WHERE person = ?');
  const removeDevices = prepare(connection, 'DELETE FROM devices WHERE person = ?');
  return {
    reads: {
      contacts: () => all.all().map(contactRow),
      contact(person) {
        const row = one.get(person);
        return row === undefined ? undefined : contactRow(row);
      },
    },
    writes: {
      putContact({ row }) {
        put.run(
          row.person,
          row.name,
          row.claimedName,
          row.state,
          row.stateBeforeBlock ?? null,
          row.verified ? 1 : 0,
          row.keyChanged ? 1 : 0,
          row.identity,
          row.greeting,
          row.conversation,
          row.createdMs,
          row.lastSeenWallMs ?? null,
          row.hue ?? null,
        );
      },
      removeContact({ person }) {
        removeDevices.run(person);
        remove.run(person);
      },
    },
  };
}

function contactRow(columns: Columns): ContactRow {
  return {
    person: columns.person,
    name: columns.name,
    claimedName: columns.claimed_name,
    hue: columns.hue ?? undefined,
    state: columns.state,
    stateBeforeBlock: columns.state_before_block ?? undefined,
    verified: columns.verified === 1,
    keyChanged: columns.key_changed === 1,
    identity: plainBytes(columns.identity),
    greeting: columns.greeting,
    conversation: columns.conversation,
    createdMs: columns.created_ms,
    lastSeenWallMs: columns.last_seen_wall_ms ?? undefined,
  };
}
