/** Rows for tests of a store: every field filled, each replaceable. */
import {
  idText,
  type ConversationId,
  type DeviceId,
  type MessageId,
  type PersonId,
} from '../src/base/ids.ts';
import type {
  ContactRow,
  DeviceRow,
  EarlyRow,
  EventRow,
  LedgerRow,
  MessageRow,
  OutboxRow,
  ReactionRow,
  ReceivedRow,
  SecretRow,
} from '../src/base/store.ts';

/** Distinct ids of the right shape: the same number gives the same id. */
export const ids = {
  person: (n: number): PersonId => `kith1${String(n).padStart(58, 'q')}` as PersonId,
  device: (n: number): DeviceId => n.toString(16).padStart(64, '0') as DeviceId,
  message: (n: number): MessageId => idText(bytesOf(n, 16)) as MessageId,
  conversation: (n: number): ConversationId => idText(bytesOf(n + 1_000_000, 16)) as ConversationId,
  item: (n: number): string => idText(bytesOf(n + 2_000_000, 16)),
};

/** `length` bytes that depend on `n`. */
export function bytesOf(n: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = (n >>> ((index % 4) * 8)) ^ (index * 37);
  return bytes;
}

export function contactRow(n: number, changes: Partial<ContactRow> = {}): ContactRow {
  return {
    person: ids.person(n),
    name: `contact ${n}`,
    claimedName: `claims ${n}`,
    hue: undefined,
    state: 'connected',
    stateBeforeBlock: undefined,
    verified: false,
    keyChanged: false,
    identity: bytesOf(n, 300),
    greeting: '',
    conversation: ids.conversation(n),
    createdMs: 1_760_000_000_000 + n,
    lastSeenWallMs: undefined,
    ...changes,
  };
}

export function deviceRow(n: number, changes: Partial<DeviceRow> = {}): DeviceRow {
  return {
    device: ids.device(n),
    person: ids.person(n),
    bundle: bytesOf(n, 1_500),
    addresses: ['/ip4/192.0.2.7/tcp/4001', '/ip6/2001:db8::1/tcp/4001'],
    ...changes,
  };
}

export function secretRow(n: number, changes: Partial<SecretRow> = {}): SecretRow {
  return { kind: 'session', key: ids.item(n), generation: 3, sealed: bytesOf(n, 900), ...changes };
}

export function messageRow(n: number, changes: Partial<MessageRow> = {}): MessageRow {
  return {
    conversation: ids.conversation(1),
    id: ids.message(n),
    direction: 'out',
    person: ids.person(1),
    text: `message number ${n}`,
    sentWallMs: 1_760_000_000_000 + n,
    receivedWallMs: undefined,
    state: 'stored',
    reason: undefined,
    expiresAtMs: undefined,
    expiresAtWallMs: undefined,
    replyTo: undefined,
    editSequence: undefined,
    deleted: false,
    ...changes,
  };
}

export function reactionRow(n: number, changes: Partial<ReactionRow> = {}): ReactionRow {
  return {
    conversation: ids.conversation(1),
    message: ids.message(n),
    person: ids.person(1),
    sequence: n,
    emoji: ['👍', '👩🏽‍🚀'],
    ...changes,
  };
}

export function earlyRow(n: number, changes: Partial<EarlyRow> = {}): EarlyRow {
  return {
    person: ids.person(1),
    message: ids.message(n),
    kind: 'edit',
    sequence: n,
    content: bytesOf(n, 70),
    expiresAtMs: 1_760_000_000_000,
    ...changes,
  };
}

export function ledgerRow(n: number, changes: Partial<LedgerRow> = {}): LedgerRow {
  return {
    message: ids.message(n),
    conversation: ids.conversation(1),
    state: 'stored',
    atWallMs: 1_760_000_000_000 + n,
    by: 'self',
    device: undefined,
    attempt: undefined,
    detail: undefined,
    ...changes,
  };
}

export function outboxRow(n: number, changes: Partial<OutboxRow> = {}): OutboxRow {
  return {
    item: ids.item(n),
    person: ids.person(1),
    device: ids.device(1),
    kind: 'message',
    message: ids.message(n),
    sealed: bytesOf(n, 420),
    content: new Uint8Array(0),
    createdMs: 1_760_000_000_000 + n,
    expiresAtMs: undefined,
    ...changes,
  };
}

export function receivedRow(n: number, changes: Partial<ReceivedRow> = {}): ReceivedRow {
  return {
    hash: bytesOf(n, 32),
    person: ids.person(1),
    message: ids.message(n),
    ack: ids.item(n),
    expiresAtMs: 1_760_000_000_000,
    ...changes,
  };
}

export function eventRow(seq: number, changes: Partial<EventRow> = {}): EventRow {
  return { seq, atWallMs: 1_760_000_000_000 + seq, event: 'notice', data: `{"n":${seq}}`, ...changes };
}
