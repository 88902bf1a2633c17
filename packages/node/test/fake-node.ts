/**
 * A test double of the running node: the local API and the command line are tested against it. It keeps contacts,
 * messages and events in memory; a test makes things happen by calling its methods.
 */
import { KithError } from '@kith/core/base/errors';
import {
  idText,
  type ConversationId,
  type DeviceId,
  type MessageId,
  type PersonId,
} from '@kith/core/base/ids';
import type { EventRow, LedgerRow, MessageState } from '@kith/core/base/store';
import type {
  CommandName,
  Commands,
  ContactView,
  EventData,
  MessageView,
  PeerView,
} from '@kith/core/peer/contract';
import {
  edited,
  erased,
  eventView,
  fakeCheck,
  fakeDetails,
  fakeOwnId,
  fakeWallMs,
  ledgerRow,
  reacted,
  verified,
  fakeReach,
} from './fake-views.ts';
import { type TypingOutput, TypingWatchers } from '../src/driver/typing-watchers.ts';
import type { Contacted, Trouble } from '../src/driver/adapters.ts';
import { settingsHandlers } from './fake-settings.ts';
import { conversationHandlers, type Kept } from './fake-conversations.ts';
import type { DiskUse, NodeDetails, NodeHandle } from '../src/local-api/node-handle.ts';

type Handlers = { [Name in CommandName]: (input: Commands[Name]['in']) => Commands[Name]['out'] };

export class FakeNode implements NodeHandle {
  name = 'Ada';
  hue: number | undefined;
  isStopped = false;
  readonly keptOf: Kept = new Map();
  /** Set to hand out this card. */
  card: string | undefined;
  /** Commands that failed. */
  refused = 0;
  pid: number = process.pid;
  onStop: () => void = () => undefined;
  /** Called after a message was stored, before `send` answers. */
  onSent: (message: MessageView) => void = () => undefined;
  /** Set to make every command fail. */
  failure: Error | undefined;
  lanMode: 'on' | 'off' | 'only' = 'on';
  /** Set to hold the answers to commands back. */
  hold: Promise<void> | undefined;
  readonly calls: { name: CommandName; input: unknown }[] = [];
  readonly contactViews: ContactView[] = [];
  readonly stored: MessageView[] = [];
  readonly ledger: LedgerRow[] = [];
  readonly rows: EventRow[] = [];
  readonly peerViews: PeerView[] = [];
  readonly nearbyViews: Commands['nearby']['out'] = [];
  readonly addresses: Contacted[] = [];
  readonly notices: string[] = [];
  /** What the node keeps for itself; a new node on the profile is given it. */
  readonly values: Map<string, Uint8Array> = new Map();
  checks: Commands['health']['out']['checks'] = [fakeCheck];
  private readonly listeners = new Set<(row: EventRow) => void>();
  readonly typing: TypingWatchers = new TypingWatchers();
  private readonly waiting: (() => void)[] = [];
  private numbered = 0;
  private readonly dataDir: string;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  async execute<Name extends CommandName>(
    name: Name,
    input: Commands[Name]['in'],
  ): Promise<Commands[Name]['out']> {
    this.calls.push({ name, input });
    await Promise.resolve();
    if (this.hold !== undefined) {
      this.rouse();
      await this.hold;
    }
    try {
      if (this.failure !== undefined) throw this.failure;
      return this.handlers[name](input);
    } catch (error) {
      this.refused += 1;
      throw error;
    } finally {
      this.rouse();
    }
  }

  lan(): 'on' | 'off' | 'only' {
    return this.lanMode;
  }

  async setLan(lan: 'on' | 'off' | 'only'): Promise<void> {
    this.lanMode = await Promise.resolve(lan);
  }

  kept(key: string): Uint8Array | undefined {
    return this.values.get(key);
  }

  keep(key: string, value: Uint8Array): void {
    if (this.failure !== undefined) throw this.failure;
    this.values.set(key, value);
  }

  subscribe(since: number, listener: (row: EventRow) => void): () => void {
    for (const row of this.rows) if (row.seq > since) listener(row);
    this.listeners.add(listener);
    this.rouse();
    return () => {
      this.listeners.delete(listener);
      this.rouse();
    };
  }

  watchTyping(listener: (sign: TypingOutput) => void): () => void {
    const unwatch = this.typing.add(listener);
    this.rouse();
    return unwatch;
  }

  lastEventSeq(): number {
    return this.rows.at(-1)?.seq ?? 0;
  }

  details(): NodeDetails {
    return { ...fakeDetails, dataDir: this.dataDir, pid: this.pid, notices: this.notices };
  }

  disk(): DiskUse {
    return { databaseBytes: 1_000, freeBytes: 2_000 };
  }

  contacted(): Contacted[] {
    return this.addresses;
  }

  troubles(): Trouble[] {
    return [];
  }

  logTail(lines: number): string[] {
    return ['{"code":"one"}', '{"code":"two"}'].slice(-lines);
  }

  stop(): void {
    this.isStopped = true;
    this.onStop();
  }

  /** Resolves when the condition holds, looking again after every command and subscription. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** A new id, the same in every run. */
  newId(): string {
    this.numbered += 1;
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setUint32(12, this.numbered);
    return idText(bytes);
  }

  addContact(name: string, change: Partial<ContactView> = {}): ContactView {
    const view: ContactView = {
      id: `kith1${name.toLowerCase()}` as PersonId,
      name,
      claimedName: name,
      hue: undefined,
      state: 'connected',
      verified: false,
      keyChanged: false,
      reachable: false,
      lastSeenWallMs: undefined,
      greeting: '',
      conversation: this.newId() as ConversationId,
      ...change,
    };
    this.contactViews.push(view);
    return view;
  }

  /** Stores an event and tells the subscribers. */
  emit<Kind extends keyof EventData>(event: Kind, data: EventData[Kind]): EventRow {
    const seq = this.lastEventSeq() + 1;
    const row: EventRow = { seq, atWallMs: fakeWallMs + seq, event, data: JSON.stringify(data) };
    this.rows.push(row);
    for (const listener of this.listeners) listener(row);
    return row;
  }

  /** Somebody writes to us. */
  receive(from: ContactView, text: string): MessageView {
    const message = this.store({ contact: from, direction: 'in', text });
    this.emit('message', { id: message.id, conversation: message.conversation });
    return message;
  }

  /** A message of ours gets on. */
  advance(id: string, state: MessageState, reason?: string): void {
    const message = this.messageOf(id);
    message.state = state;
    message.reason = reason;
    this.ledger.push(ledgerRow(message, state));
    const { conversation, person } = message;
    this.emit('state', { id: message.id, conversation, to: person, state, reason: reason ?? null });
  }

  /** The author of a message changes it, or somebody reacts. */
  change(id: string, change: Partial<MessageView>): MessageView {
    const message = Object.assign(this.messageOf(id), change);
    this.emit('changed', { id: message.id, conversation: message.conversation });
    return message;
  }

  private rouse(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  private quoted(id: MessageId): MessageView['replyTo'] {
    const { from, text } = this.messageOf(id);
    return { id, from, text };
  }

  private store(input: {
    contact: ContactView;
    direction: 'in' | 'out';
    text: string;
    replyTo?: MessageId | undefined;
  }): MessageView {
    const position = this.stored.length + 1;
    const message: MessageView = {
      position,
      conversation: input.contact.conversation,
      id: this.newId() as MessageId,
      direction: input.direction,
      person: input.contact.id,
      from: input.direction === 'in' ? input.contact.id : fakeOwnId,
      text: input.text,
      sentWallMs: fakeWallMs + position,
      receivedWallMs: input.direction === 'in' ? fakeWallMs + position : undefined,
      state: input.direction === 'in' ? 'received' : 'stored',
      reason: undefined,
      expiresAtWallMs: undefined,
      replyTo: input.replyTo && this.quoted(input.replyTo),
      editedWallMs: undefined,
      deleted: false,
      reactions: [],
      changePending: false,
    };
    this.stored.push(message);
    this.ledger.push(ledgerRow(message, message.state));
    return message;
  }

  private contactOf(reference: string): ContactView {
    const found = this.contactViews.filter((view) =>
      [view.id, view.name, view.conversation].some((key) => key === reference),
    );
    if (found.length > 1)
      throw new KithError('ambiguous', `${reference}: ${found.map((view) => view.id).join(', ')}`);
    if (found[0] === undefined) throw new KithError('unknown-contact');
    return found[0];
  }

  private messageOf(id: string): MessageView {
    const found = this.stored.find((message) => message.id === id);
    if (found === undefined) throw new KithError('unknown-message');
    return found;
  }

  private status(): Commands['status']['out'] {
    return {
      id: fakeOwnId,
      name: this.name,
      fingerprint: '1234 5678',
      hue: this.hue,
      device: 'ab12' as DeviceId,
      contacts: this.contactViews.length,
      requests: this.contactViews.filter((view) => view.state === 'incoming').length,
      queued: this.stored.filter((message) => message.state === 'stored').length,
      links: 0,
      outlook: { state: 'alone', detail: 'No other node is linked.' },
    };
  }

  private changed(reference: string, change: Partial<ContactView>): ContactView {
    return Object.assign(this.contactOf(reference), change);
  }

  private send({ to, text, replyTo }: Commands['send']['in']): Commands['send']['out'] {
    const contact = this.contactOf(to);
    if (contact.state === 'blocked') throw new KithError('blocked');
    if (contact.keyChanged) throw new KithError('key-changed');
    if (text === '') throw new KithError('message-empty');
    if (Buffer.byteLength(text) > 28_000) throw new KithError('message-too-long');
    const eventSeq = this.lastEventSeq();
    const message = this.store({ contact, direction: 'out', text, replyTo });
    this.onSent(message);
    return { id: message.id, conversation: message.conversation, state: 'stored', eventSeq };
  }

  private own(id: MessageId): MessageView {
    const message = this.messageOf(id);
    if (message.direction !== 'out') throw new KithError('not-own');
    return message;
  }

  private readonly handlers: Handlers = {
    status: () => this.status(),
    setName: ({ name }) => {
      if (name === '' || name.length > 64) throw new KithError('bad-name');
      this.name = name;
      return this.status();
    },
    setLook: ({ hue }) => {
      this.hue = hue;
      return this.status();
    },
    makeCard: ({ once, expiresInMs }) => ({
      card: this.card ?? `mesh://add?p=${once ? 'once' : 'plain'}`,
      short: 'mesh://add?p=short',
      expiresAtWallMs: fakeWallMs + (expiresInMs ?? 7 * 86_400_000),
    }),
    add: ({ card, name }) => {
      if (!card.startsWith('mesh://add?p=')) throw new KithError('bad-card');
      const state = card.endsWith('once') ? 'connected' : 'requested';
      return { ...this.addContact(name ?? 'Bob', { state }), expected: card.endsWith('soon') };
    },
    preview: ({ card }) => {
      if (!card.startsWith('mesh://add?p=')) throw new KithError('bad-card');
      const once = card.endsWith('once');
      const id = 'kith1bob' as PersonId;
      const contact = this.contactViews.find((view) => view.id === id)?.name;
      // A claim of whoever made the card, as large as it can be.
      const expiresAtWallMs = Number.MAX_SAFE_INTEGER;
      return { id, fingerprint: '5678 1234', expiresAtWallMs, once, addresses: 2, contact };
    },
    reach: ({ contact }) => fakeReach(this.contactOf(contact)),
    contacts: () => this.contactViews,
    accept: ({ contact }) => this.changed(contact, { state: 'connected' }),
    block: ({ contact }) => this.changed(contact, { state: 'blocked' }),
    unblock: ({ contact }) => this.changed(contact, { state: 'connected' }),
    remove: ({ contact }) => {
      const view = this.contactOf(contact);
      this.contactViews.splice(this.contactViews.indexOf(view), 1);
      return view;
    },
    rename: ({ contact, name }) => this.changed(contact, { name }),
    verify: ({ contact, ...shown }) => verified(this.contactOf(contact), shown),
    unverify: ({ contact }) => this.changed(contact, { verified: false }),
    send: (input) => this.send(input),
    edit: ({ id, text }) => this.change(id, edited(this.own(id), text)),
    erase: ({ id }) => this.change(this.own(id).id, erased),
    react: ({ id, ...reaction }) => this.change(id, reacted(this.messageOf(id), reaction)),
    setTyping: ({ conversation }) => ({ told: this.contactOf(conversation).reachable }),
    ...settingsHandlers(),
    ...conversationHandlers(this.contactViews, this.stored, {
      kept: this.keptOf,
      contactOf: (reference) => this.contactOf(reference),
      positionOf: (id) => this.messageOf(id).position,
    }),
    message: ({ id }) => ({
      message: this.messageOf(id),
      ledger: this.ledger.filter((row) => row.message === id),
    }),
    peers: () => this.peerViews,
    nearby: () => this.nearbyViews,
    // Not in the local API.
    follow: () => ({}),
    unfollow: () => ({}),
    publish: () => ({ author: new Uint8Array(32), sequence: 1 }),
    events: ({ since, limit }) =>
      this.rows
        .filter((row) => row.seq > since)
        .slice(0, limit)
        .map((row) => eventView(row, this.stored)),
    health: () => ({ checks: this.checks }),
  };
}
