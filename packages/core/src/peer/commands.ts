/**
 * What a person can ask of the Peer, one function a command. Each returns its answer or throws a KithError
 * before anything was changed. Names and shapes: contract.ts.
 */
import { utf8 } from '../base/bytes.ts';
import { KithError } from '../base/errors.ts';
import type { MessageId } from '../base/ids.ts';
import { idBytes, idText } from '../base/ids.ts';
import type { ContactRow, Store } from '../base/store.ts';
import { cleanName, textProblem } from '../base/text.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { fingerprint } from '../crypto/fingerprint/fingerprint.ts';
import type { Outbox } from '../protocol/outbox/outbox.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import { textBytesMax } from '../wire/content.ts';
import type { Book } from './book.ts';
import { previewCard } from './card-reading.ts';
import type { Changes } from './changes.ts';
import type { Command, CommandName, Commands, ContactView, StatusView } from './contract.ts';
import type { Delivery } from './delivery.ts';
import type { Health } from './health.ts';
import { type LibraryParts, libraryCommands } from './library-commands.ts';
import type { Journal } from './journal.ts';
import type { Meeting } from './meeting.ts';
import type { Mesh } from './mesh.ts';
import type { MessageViews } from './message-views.ts';
import type { Nearby } from './nearby.ts';
import type { Neighbours } from './neighbours.ts';
import type { Own } from './own.ts';
import type { OwnProfile } from './own-profile.ts';
import type { Presence } from './presence.ts';
import { reachOf } from './reach.ts';
import type { Reading } from './reading.ts';
import type { Requests } from './requests.ts';
import { endReset } from './session-resets.ts';
import type { Turn } from './turn.ts';
import type { Typing } from './typing.ts';
import { verifyContact } from './verifying.ts';

const ttlMsMax = 365 * 24 * 3_600_000;

export interface CommandParts extends LibraryParts {
  crypto: Crypto;
  turn: Turn;
  store: Store;
  own: Own;
  book: Book;
  journal: Journal;
  sessions: SessionTable;
  delivery: Delivery;
  outbox: Outbox;
  meeting: Meeting;
  neighbours: Neighbours;
  nearby: Nearby;
  mesh: Mesh;
  presence: Presence;
  requests: Requests;
  health: Health;
  profile: OwnProfile;
  changes: Changes;
  views: MessageViews;
  typing: Typing;
  reading: Reading;
}

type Handlers = { [Name in CommandName]: (input: Commands[Name]['in']) => Commands[Name]['out'] };

export class CommandDesk {
  #parts: CommandParts;
  #handlers: Handlers;

  constructor(parts: CommandParts) {
    this.#parts = parts;
    const { store, meeting, neighbours, mesh, health, own, views } = parts;
    this.#handlers = {
      status: () => this.#status(),
      setName: ({ name }) => {
        parts.profile.setName(name);
        return this.#status();
      },
      setLook: ({ hue }) => {
        parts.profile.setLook(hue);
        return this.#status();
      },
      makeCard: ({ once, expiresInMs }) => meeting.makeCard(once, expiresInMs),
      add: ({ card, name }) => meeting.add(card, name),
      preview: ({ card }) => previewCard(parts, card),
      reach: ({ contact }) => {
        const { person, state } = this.#find(contact);
        return reachOf(parts, person, state);
      },
      contacts: () => parts.book.list().map((row) => viewOf(row, neighbours)),
      accept: ({ contact }) => meeting.accept(this.#find(contact).person),
      block: ({ contact }) => this.#block(this.#find(contact)),
      unblock: ({ contact }) => this.#unblock(this.#find(contact)),
      remove: ({ contact }) => this.#remove(this.#find(contact)),
      rename: ({ contact, name }) => this.#rename(this.#find(contact), name),
      verify: (input) => this.#verify(input),
      unverify: ({ contact }) => this.#unverify(this.#find(contact)),
      send: (input) => this.#send(input),
      edit: ({ conversation, id, text }) => {
        checkText(text);
        return parts.changes.edit(this.#writable(conversation), id, text);
      },
      erase: ({ conversation, id }) => parts.changes.erase(this.#writable(conversation), id),
      react: ({ conversation, id, ...reaction }) =>
        parts.changes.react(this.#writable(conversation), id, reaction),
      setTyping: ({ conversation, typing }) => ({
        told: parts.typing.set(this.#find(conversation), typing),
      }),
      ...libraryCommands(parts, (row) => viewOf(row, neighbours)),
      message: ({ id }) => this.#message(id as MessageId),
      peers: () => neighbours.views(),
      nearby: () => parts.nearby.views(),
      follow: ({ topic, peers }) => mesh.follow(topic, peers),
      unfollow: ({ topic }) => mesh.unfollow(topic),
      publish: ({ topic, body }) => mesh.publish(topic, body),
      events: ({ since, limit }) => store.events(since, limit).map((row) => views.event(row)),
      health: () => ({ checks: [...health.checks(own), ...mesh.checks()] }),
    };
  }

  /** @throws KithError where the command cannot be done; nothing was changed then. */
  run(command: Command): Commands[CommandName]['out'] {
    return this.#run(command.name, command.in as never);
  }

  #run<Name extends CommandName>(name: Name, input: Commands[Name]['in']): Commands[Name]['out'] {
    return this.#handlers[name](input);
  }

  #status(): StatusView {
    const { own, crypto, book, delivery, mesh, neighbours } = this.#parts;
    const { state, detail } = mesh.outlook;
    return {
      id: own.identity.person,
      name: own.name,
      hue: own.hue,
      fingerprint: fingerprint(crypto.backend, own.identity),
      device: own.device.device,
      contacts: book.count('connected') + book.count('requested'),
      requests: book.count('incoming'),
      queued: delivery.queued,
      links: neighbours.views().filter((each) => each.link !== 'none').length,
      outlook: { state, detail },
    };
  }

  /** From now on nothing of them reaches us, and they are not told. */
  #block(row: ContactRow): ContactView {
    if (row.state === 'blocked') return viewOf(row, this.#parts.neighbours);
    this.#parts.delivery.fail(row.person, 'blocked');
    this.#parts.requests.withdraw(row.person);
    return this.#put({ ...row, state: 'blocked', stateBeforeBlock: row.state });
  }

  #unblock(row: ContactRow): ContactView {
    if (row.state !== 'blocked') return viewOf(row, this.#parts.neighbours);
    const state = row.stateBeforeBlock ?? 'incoming';
    this.#put({ ...row, state, stateBeforeBlock: undefined });
    this.#parts.requests.sendIfMissing(row.person); // It ended with the block.
    return viewOf(this.#find(row.person), this.#parts.neighbours);
  }

  #remove(row: ContactRow): ContactView {
    const { book, delivery, meeting, neighbours, sessions } = this.#parts;
    const { person } = row;
    delivery.fail(person, 'contact removed');
    neighbours.dropPerson(person);
    for (const { device } of book.devicesOf(person)) sessions.removeDevice(device);
    meeting.forget(person);
    book.remove(person);
    return { ...viewOf(row, neighbours), reachable: false };
  }

  #rename(row: ContactRow, text: string): ContactView {
    const name = cleanName(text);
    if (name === undefined) throw new KithError('bad-name');
    return this.#put({ ...row, name });
  }

  #verify({ contact, ...given }: Commands['verify']['in']): Commands['verify']['out'] {
    const row = this.#find(contact);
    const onEqual = (): void => {
      this.#put({ ...row, verified: true, keyChanged: false });
      endReset(this.#parts, row);
    };
    return verifyContact(this.#parts, row, { given, onEqual });
  }

  #unverify(row: ContactRow): ContactView {
    return row.verified ? this.#put({ ...row, verified: false }) : viewOf(row, this.#parts.neighbours);
  }

  /** @throws KithError `blocked`, `key-changed`, and those of finding the contact */
  #writable(selector: string): ContactRow {
    const row = this.#find(selector);
    if (row.state === 'blocked') throw new KithError('blocked');
    if (row.keyChanged) throw new KithError('key-changed');
    return row;
  }

  #send({ to, text, ttlMs, replyTo }: Commands['send']['in']): Commands['send']['out'] {
    const { turn, crypto, delivery, journal, neighbours, presence } = this.#parts;
    const row = this.#find(to);
    checkText(text);
    this.#writable(to);
    const answered = replyTo === undefined ? undefined : this.#answered(row.conversation, replyTo);
    if (ttlMs !== undefined && !(Number.isSafeInteger(ttlMs) && ttlMs >= 1 && ttlMs <= ttlMsMax)) {
      throw new KithError('usage', 'A lifetime is between 1 millisecond and 365 days.');
    }
    const bytes = crypto.keys.bytes(16);
    const id = idText(bytes) as MessageId;
    const { conversation, person } = row;
    const sentWallMs = Math.max(0, Math.floor(turn.wallMs));
    const expiresAtMs = ttlMs === undefined ? undefined : turn.nowMs + ttlMs;
    const eventSeq = turn.eventSeq;
    if (!neighbours.reachable(person)) presence.urge(person);
    const content = { type: 'message' as const, id: bytes, sentWallMs, text, ttlMs, replyTo: answered };
    delivery.message(person, content, expiresAtMs);
    this.#parts.typing.wrote(person);
    journal.stored({
      conversation,
      id,
      direction: 'out',
      person,
      text,
      sentWallMs,
      receivedWallMs: undefined,
      state: 'stored',
      reason: undefined,
      expiresAtMs,
      expiresAtWallMs: ttlMs === undefined ? undefined : sentWallMs + ttlMs,
      replyTo,
      editSequence: undefined,
      deleted: false,
    });
    return { id, conversation, state: 'stored', eventSeq };
  }

  #answered(conversation: ContactRow['conversation'], replyTo: MessageId): Uint8Array {
    const bytes = idBytes(replyTo);
    if (bytes === undefined || this.#parts.store.message(conversation, replyTo) === undefined) {
      throw new KithError('unknown-message');
    }
    return bytes;
  }

  #message(id: MessageId): Commands['message']['out'] {
    const { store, views } = this.#parts;
    const [message] = store.messagesById(id);
    if (message === undefined) throw new KithError('unknown-message');
    return { message: views.of(message), ledger: store.ledger(message.conversation, id) };
  }

  #find(selector: string): ContactRow {
    return this.#parts.book.find(selector);
  }

  #put(row: ContactRow): ContactView {
    const { book, neighbours } = this.#parts;
    book.put(row);
    neighbours.refresh(row.person);
    return viewOf(row, neighbours);
  }
}

export function viewOf(row: ContactRow, neighbours: Neighbours): ContactView {
  const {
    person: id,
    name,
    claimedName,
    hue,
    state,
    verified,
    keyChanged,
    lastSeenWallMs,
    greeting,
    conversation,
  } = row;
  const reachable = neighbours.reachable(id);
  return {
    id,
    name,
    claimedName,
    hue,
    state,
    verified,
    keyChanged,
    reachable,
    lastSeenWallMs,
    greeting,
    conversation,
  };
}

/** @throws KithError `message-empty`, `message-too-long`, `message-control` */
function checkText(text: string): void {
  if (text.length > textBytesMax || utf8(text).length > textBytesMax) throw new KithError('message-too-long');
  const problem = textProblem(text);
  if (problem === 'empty') throw new KithError('message-empty');
  if (problem === 'control') throw new KithError('message-control');
}
