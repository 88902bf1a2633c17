/** What the double of a node shows, and how messages in it change. */
import { KithError } from '@kith/core/base/errors';
import type { DeviceId, PeerId, PersonId } from '@kith/core/base/ids';
import type { EventRow, LedgerRow, MessageState } from '@kith/core/base/store';
import type {
  Commands,
  ContactView,
  EventView,
  MessageReference,
  MessageView,
  PeerView,
} from '@kith/core/peer/contract';
import type { NodeDetails } from '../src/local-api/node-handle.ts';

/** 2026-01-02T03:04:05.000Z: every time that the double makes begins here. */
export const fakeWallMs: number = Date.UTC(2026, 0, 2, 3, 4, 5);
export const fakeOwnId: PersonId = 'kith1own' as PersonId;

export const fakeDetails: Pick<
  NodeDetails,
  'version' | 'listen' | 'keychain' | 'keyFile' | 'startedAtWallMs'
> = {
  version: '0.1.0',
  listen: ['/ip4/127.0.0.1/tcp/4001'],
  keychain: 'The keys are in a file that only you may read.',
  keyFile: undefined,
  startedAtWallMs: fakeWallMs,
};

type MessageChange = Partial<MessageView>;

export function edited({ deleted }: MessageView, text: string): MessageChange {
  if (deleted) throw new KithError('message-deleted');
  return { text, editedWallMs: fakeWallMs, changePending: true };
}

export const erased: MessageChange = { text: '', deleted: true, reactions: [], changePending: true };

export function reacted(message: MessageView, { emoji, on }: { emoji: string; on: boolean }): MessageChange {
  if (message.deleted) throw new KithError('message-deleted');
  const kept = message.reactions.flatMap((each) => {
    const people = each.people.filter((person) => person !== fakeOwnId || each.emoji !== emoji);
    return people.length === 0 ? [] : [{ emoji: each.emoji, people }];
  });
  return { reactions: on ? [...kept, { emoji, people: [fakeOwnId] }] : kept, changePending: true };
}

export function verified(
  view: ContactView,
  { matches, scanned }: { matches?: string | undefined; scanned?: string | undefined },
): { safetyNumber: string; verified: boolean; code: string } {
  const safetyNumber = '012345678901234567890123456789012345678901234567890123456789';
  if (matches !== undefined && matches.replaceAll(/\s/g, '') !== safetyNumber)
    throw new KithError('number-mismatch');
  if (scanned !== undefined && scanned !== 'THEIR CODE') throw new KithError('usage');
  if (matches !== undefined || scanned !== undefined) view.verified = true;
  return { safetyNumber, verified: view.verified, code: 'OUR CODE' };
}

export function eventView(row: EventRow, stored: readonly MessageView[]): EventView {
  if (row.event !== 'message' && row.event !== 'changed') return { ...row, message: undefined };
  const { id } = JSON.parse(row.data) as MessageReference;
  return { ...row, message: stored.find((message) => message.id === id) };
}

/** What stands in the ledger when a message reached that state. */
export function ledgerRow({ id, conversation }: MessageView, state: MessageState): LedgerRow {
  return {
    message: id,
    conversation,
    state,
    atWallMs: fakeWallMs,
    by: state === 'delivered' ? 'device' : 'self',
    device: state === 'delivered' ? ('ab12' as DeviceId) : undefined,
    attempt: undefined,
    detail: undefined,
  };
}

/** A neighbour as `kith peers` shows it. */
export function fakePeer(): PeerView {
  return {
    id: '12D3KooWfake' as PeerId,
    addresses: ['/ip4/192.0.2.7/tcp/4001'],
    lastSeenWallMs: fakeWallMs,
    score: 0.5,
    link: 'lan',
    contact: true,
    record: { ageMs: 60_000, expiresInMs: 7_140_000, hops: 2 },
    view: 'active',
  };
}

/** Not reached until it is connected. */
export function fakeReach({ state }: ContactView): Commands['reach']['out'] {
  const step = state === 'connected' ? 'connected' : 'dialling';
  return { step, addresses: 2, failures: 1, cause: step === 'dialling' ? 'refused' : undefined };
}

export const fakeCheck: Commands['health']['out']['checks'][number] = {
  name: 'anchors',
  code: 'anchors.none',
  values: {},
  status: 'ok',
  detail: 'No neighbour is remembered for the next start yet.',
  fix: '',
};
