/**
 * Fills a profile with conversations through the real storage, for whoever wants to see or measure much of it:
 * `node packages/node/test/filled-profile.ts FOLDER [CONVERSATIONS] [MESSAGES]`, then `kith up --data FOLDER`.
 * 100,000 messages take some ten seconds. The contacts have no keys: nothing can be sent to them, and nobody is dialled.
 */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { idText, type ConversationId, type MessageId, type PersonId } from '@kith/core/base/ids';
import type { ContactRow, MessageRow, StoreWrite } from '@kith/core/base/store';
import { utf8 } from '@kith/core/base/bytes';
import { H } from '@kith/core/crypto/hash';
import { personIdText } from '@kith/core/crypto/identity/person-id';
import { labels } from '@kith/core/crypto/labels';
import { createPortableBackend } from '@kith/core/crypto/portable/portable-backend';
import type { Database } from '../src/driver/adapters.ts';
import { chooseKeychain } from '../src/keychain/choose-keychain.ts';
import { createNode } from '../src/main.ts';
import { openDatabase } from '../src/storage/database.ts';
import { textOf, nameOf } from './filled-texts.ts';

export interface Filling {
  /** Folder of the profile: made, and filled beside what is there. */
  data: string;
  /** At least 1. */
  conversations: number;
  /** Messages of the first conversation. */
  messages: number;
  /** Messages of each other one; 20 where it is left out. */
  otherMessages?: number;
  /** How many of the first conversation's newest are unread; 0 where it is left out. */
  unread?: number;
  /** When the newest message was written; now where it is left out. */
  endWallMs?: number;
}

export interface Filled {
  /** Our own person. */
  id: PersonId;
  /** In the order in which they were filled. */
  conversations: { id: ConversationId; person: PersonId; name: string }[];
}

const rowsPerCommit = 2_000;
/** A guess at how people write: a message every seven minutes. */
const stepMs = 7 * 60_000;

/** Resolves when all of it is durable and in the index of words. */
export async function fillProfile(filling: Filling): Promise<Filled> {
  const { data, conversations, messages, otherMessages = 20, unread = 0 } = filling;
  const id = await ownPerson(data);
  const { keychain } = await chooseKeychain(data);
  const keys = await keychain.read();
  if (keys === undefined) throw new Error('the profile has no keys');
  const backend = await createPortableBackend();
  const database = openDatabase(join(data, 'kith.db'), keys.pageKey);
  const endWallMs = filling.endWallMs ?? Date.now();
  try {
    const filled: Filled['conversations'] = [];
    const write = writer(database);
    for (let index = 0; index < conversations; index++) {
      const person = personIdText(createHash('sha256').update(`filled ${index}`).digest());
      const [first, second] = [id, person].sort();
      const hash = H(backend, labels.conversation, utf8(first!), utf8(second!));
      const conversation = idText(hash.subarray(0, 16)) as ConversationId;
      const contact = contactOf(index, { person, conversation, createdMs: endWallMs - 400 * 86_400_000 });
      write.add({ op: 'putContact', row: contact });
      filled.push({ id: conversation, person, name: contact.name });
    }
    // The long one first, so that the others are the newer ones in the list.
    for (const [index, { id: conversation, person }] of filled.entries()) {
      const count = index === 0 ? messages : otherMessages;
      for (let number = 0; number < count; number++) {
        const ago = (count - number) * stepMs + (index === 0 ? 0 : index * 1_000);
        write.add({
          op: 'putMessage',
          row: messageOf(number, { conversation, person, atWallMs: endWallMs - ago }),
        });
      }
    }
    write.end();
    markRead(database, filled, unread);
    while (database.maintain?.() === true);
    return { id, conversations: filled };
  } finally {
    database.close();
  }
}

/** A start makes identity and keys; it reaches nobody. */
async function ownPerson(data: string): Promise<PersonId> {
  const options = {
    data,
    port: undefined,
    lan: 'off' as const,
    bootstrap: [],
    listen: ['/ip4/127.0.0.1/tcp/0'],
  };
  const node = await createNode({ ...options, name: undefined, serveUrl: false });
  await node.execute('setName', { name: 'Ada' });
  node.stop();
  await node.ended;
  return node.id;
}

function writer(database: Database): { add(write: StoreWrite): void; end(): void } {
  let open = 0;
  const end = (): void => {
    if (open > 0) database.commit();
    open = 0;
  };
  return {
    add(write) {
      if (open === 0) database.begin();
      database.apply(write);
      open += 1;
      if (open >= rowsPerCommit) end();
    },
    end,
  };
}

function markRead(database: Database, filled: Filled['conversations'], unread: number): void {
  database.begin();
  for (const [index, { id: conversation, person }] of filled.entries()) {
    const newest = database.store.history(conversation, 1_000, undefined);
    const incoming = newest.filter(({ direction }) => direction === 'in');
    const left = index === 0 ? unread : 0;
    const readUpTo = left === 0 ? newest.at(-1)?.position : (incoming.at(-left)?.position ?? 1) - 1;
    database.apply({ op: 'changeConversation', conversation, person, change: { readUpTo: readUpTo ?? 0 } });
  }
  database.commit();
}

function contactOf(
  index: number,
  row: Pick<ContactRow, 'person' | 'conversation' | 'createdMs'>,
): ContactRow {
  const name = nameOf(index);
  return {
    ...row,
    name,
    claimedName: name,
    hue: index % 12,
    state: 'connected',
    stateBeforeBlock: undefined,
    verified: index % 7 === 0,
    keyChanged: false,
    identity: new Uint8Array(0),
    greeting: '',
    lastSeenWallMs: undefined,
  };
}

function messageOf(
  number: number,
  { conversation, person, atWallMs }: { conversation: ConversationId; person: PersonId; atWallMs: number },
): MessageRow {
  // Some in a row by one, as people write.
  const direction = Math.floor(number / 3) % 2 === 0 ? ('in' as const) : ('out' as const);
  const id = idText(createHash('sha256').update(`${conversation} ${number}`).digest().subarray(0, 16));
  return {
    conversation,
    id: id as MessageId,
    direction,
    person,
    text: textOf(number),
    sentWallMs: atWallMs,
    receivedWallMs: direction === 'in' ? atWallMs + 900 : undefined,
    state: direction === 'in' ? 'received' : 'delivered',
    reason: undefined,
    expiresAtMs: undefined,
    expiresAtWallMs: undefined,
    replyTo: undefined,
    editSequence: undefined,
    deleted: false,
  };
}

if (import.meta.main) {
  const [folder, conversations = '50', messages = '100000'] = process.argv.slice(2);
  if (folder === undefined) throw new TypeError('FOLDER is missing');
  const filling = { conversations: Number(conversations), messages: Number(messages), unread: 12 };
  await fillProfile({ data: resolve(folder), ...filling });
}
