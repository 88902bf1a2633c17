/**
 * How the two ends of one link find out whom they know, without telling a stranger anything.
 *
 * One end, the lister, sends short MACs under the keys it lists, shuffled among random bytes. The other, the
 * checker, looks for those it can make itself, and proves a hit with a full MAC; the lister answers with
 * another. All MACs cover the nonces of both ends and of the list and both network ids, which the encrypted
 * channel has authenticated: so nothing can be reflected, replayed or passed on through a third node.
 *
 * It must never tell by what it sends, or by the work it does, whether an entry was real.
 * Specification: docs/protocol/links.md, section Recognition.
 */
import { concat, utf8 } from '../../base/bytes.ts';
import type { PeerId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { Crypto } from '../../crypto/crypto.ts';
import { type Label, labels } from '../../crypto/labels.ts';
import type { ConfirmFrame } from '../../wire/confirm.ts';
import type { ConfirmedFrame } from '../../wire/confirmed.ts';
import { recogniseEntriesMin, recogniseEntryBytes, type RecogniseFrame } from '../../wire/recognise.ts';
import type { Acquaintances, Recognisable } from './acquaintances.ts';

/** What both ends of a link agree on after their hellos. */
export interface LinkContext {
  self: PeerId;
  remote: PeerId;
  selfNonce: Uint8Array;
  remoteNonce: Uint8Array;
}

/** A list of ours. Slots without an entry were filled with random bytes. */
interface OwnList {
  round: number;
  nonce: Uint8Array;
  slots: (Recognisable | undefined)[];
}

/** A list of theirs. */
interface RemoteList {
  round: number;
  nonce: Uint8Array;
  /** As they came, 8 bytes each: there is a list for every link, and hardly ever anything to look for in it. */
  entries: Uint8Array;
}

/** A confirm of ours that was not answered yet. */
interface Pending {
  round: number;
  index: number;
  nonce: Uint8Array;
  entry: Recognisable;
}

export type ConfirmResult =
  | { is: 'recognised'; id: string; answer: ConfirmedFrame | undefined }
  /** It was right once, and what it is about does not stand any more. */
  | { is: 'outdated' }
  | { is: 'wrong' };

/** Ids on one link; somebody with more keys of ours than this is recognised by the first of them. */
export const idsPerLinkMax = 16;
const ownListsMax = 2; // The newest, and the one a confirm may still be under way for.
const shortMacBytes = 16; // The smallest BLAKE2b of our backends; the first 8 bytes are sent.

export class Recognition {
  #crypto: Crypto;
  #context: LinkContext;
  #ownLists: OwnList[] = []; // Newest first.
  #remoteList: RemoteList | undefined;
  #pending: Pending[] = [];
  #nextRound = 0;
  #strangerKey: Uint8Array; // Stands in for the key of a slot that has none, so that the work is the same.

  constructor(crypto: Crypto, context: LinkContext) {
    this.#crypto = crypto;
    this.#context = context;
    this.#strangerKey = crypto.keys.bytes(32);
  }

  /** A new list of ours, to be sent. */
  list(acquaintances: Acquaintances): RecogniseFrame {
    const { backend, keys } = this.#crypto;
    const { listed } = acquaintances;
    let count = recogniseEntriesMin;
    while (count < listed.length) count *= 2;
    const nonce = keys.bytes(32);
    const entries = keys.bytes(count * recogniseEntryBytes);
    const slots = Array.from({ length: count }, (): Recognisable | undefined => undefined);
    const places = this.#shuffled(count);
    const input = this.#input(labels.recogniseEntry, nonce, true);
    for (const [number, entry] of listed.entries()) {
      const place = places[number]!;
      const mac = backend.blake2b(shortMacBytes, entry.key, input).subarray(0, recogniseEntryBytes);
      entries.set(mac, place * recogniseEntryBytes);
      slots[place] = entry;
    }
    const round = this.#nextRound;
    this.#nextRound = (round + 1) % 256;
    this.#ownLists = [{ round, nonce, slots }, ...this.#ownLists].slice(0, ownListsMax);
    return { type: 'recognise', round, nonce, entries };
  }

  /** A list of theirs came; it replaces the one before. @returns the hits to send. */
  receive(frame: RecogniseFrame, acquaintances: Acquaintances): ConfirmFrame[] {
    this.#remoteList = { round: frame.round, nonce: frame.nonce.slice(), entries: frame.entries.slice() };
    return this.check(acquaintances.checked);
  }

  /** Looks for these in the newest list of theirs. @returns the hits to send. */
  check(entries: readonly Recognisable[]): ConfirmFrame[] {
    const list = this.#remoteList;
    if (list === undefined || entries.length === 0) return [];
    const { backend } = this.#crypto;
    const indexes = indexesOf(list.entries);
    const input = this.#input(labels.recogniseEntry, list.nonce, false);
    const hits: ConfirmFrame[] = [];
    for (const entry of entries) {
      const mac = backend.blake2b(shortMacBytes, entry.key, input);
      const index = indexes.get(entryAt(mac, 0));
      if (index === undefined || hits.length >= idsPerLinkMax) continue;
      const { round, nonce } = list;
      const others = this.#pending.filter((asked) => asked.entry !== entry);
      this.#pending = [{ round, index, nonce, entry }, ...others].slice(0, idsPerLinkMax);
      const full = this.#fullMac(labels.recogniseConfirm, { entry, index, nonce, weList: false });
      hits.push({ type: 'confirm', round, index, mac: full });
    }
    return hits;
  }

  /** They found an entry of a list of ours. */
  confirm(frame: ConfirmFrame, acquaintances: Acquaintances): ConfirmResult {
    const { round, index } = frame;
    const list = this.#ownLists.find((own) => own.round === round);
    if (list === undefined) return this.#ownLists.length === 0 ? { is: 'wrong' } : { is: 'outdated' };
    if (index >= list.slots.length) return { is: 'wrong' };
    const entry = list.slots[index];
    const { nonce } = list;
    const expected = this.#fullMac(labels.recogniseConfirm, { entry, index, nonce, weList: true });
    // The comparison comes first, so that random slots and wrong proofs take the same way.
    const right = this.#crypto.backend.equal(expected, frame.mac);
    if (!right || entry === undefined) return { is: 'wrong' };
    if (!acquaintances.holds(entry)) return { is: 'outdated' };
    const mac = this.#fullMac(labels.recogniseConfirmed, { entry, index, nonce, weList: true });
    return { is: 'recognised', id: entry.id, answer: { type: 'confirmed', round, index, mac } };
  }

  /** They answered a confirm of ours. */
  confirmed(frame: ConfirmedFrame, acquaintances: Acquaintances): ConfirmResult {
    const { round, index } = frame;
    const pending = this.#pending.find((asked) => asked.round === round && asked.index === index);
    if (pending === undefined) return { is: 'wrong' };
    const { entry, nonce } = pending;
    const expected = this.#fullMac(labels.recogniseConfirmed, { entry, index, nonce, weList: false });
    if (!this.#crypto.backend.equal(expected, frame.mac)) return { is: 'wrong' };
    this.#pending = this.#pending.filter((asked) => asked !== pending);
    if (!acquaintances.holds(entry)) return { is: 'outdated' };
    return { is: 'recognised', id: entry.id, answer: undefined };
  }

  #fullMac(
    label: Label,
    about: { entry: Recognisable | undefined; index: number; nonce: Uint8Array; weList: boolean },
  ): Uint8Array {
    const { entry, index, nonce, weList } = about;
    const place = Uint8Array.of(index >>> 8, index & 255);
    const key = entry?.key ?? this.#strangerKey;
    return this.#crypto.backend.blake2b(32, key, this.#input(label, nonce, weList), place);
  }

  /** What every MAC covers: the label, the nonces of the list, its lister and its checker, and their ids. */
  #input(label: Label, listNonce: Uint8Array, weList: boolean): Uint8Array {
    const { self, remote, selfNonce, remoteNonce } = this.#context;
    const nonces = weList ? [selfNonce, remoteNonce] : [remoteNonce, selfNonce];
    const ids = weList ? [self, remote] : [remote, self];
    return concat(prefixed(label), listNonce, ...nonces, ...ids.map(prefixed));
  }

  /** The numbers below `count` in a secret order (Fisher and Yates). */
  #shuffled(count: number): number[] {
    const places = Array.from({ length: count }, (_, place) => place);
    const chosen = new DataView(this.#crypto.keys.bytes(count * 4).slice().buffer);
    for (let last = count - 1; last > 0; last--) {
      const other = chosen.getUint32(last * 4) % (last + 1);
      const held = places[last]!;
      places[last] = places[other]!;
      places[other] = held;
    }
    return places;
  }
}

/** The first place of each entry. */
function indexesOf(entries: Uint8Array): Map<bigint, number> {
  const indexes = new Map<bigint, number>();
  for (let index = 0; index * recogniseEntryBytes < entries.length; index++) {
    const entry = entryAt(entries, index * recogniseEntryBytes);
    if (!indexes.has(entry)) indexes.set(entry, index);
  }
  return indexes;
}

function entryAt(bytes: Uint8Array, start: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset + start, recogniseEntryBytes).getBigUint64(0);
}

function prefixed(text: string): Uint8Array {
  const bytes = utf8(text);
  invariant(bytes.length < 256, 'labels and network ids are shorter than 256 bytes');
  return concat(Uint8Array.of(bytes.length), bytes);
}
