/**
 * The sessions we hold with each device of others: which one sends, which ones still receive, and where a
 * sealed frame belongs. Specification: docs/protocol/sessions.md.
 *
 * Invariants (session-table.test.ts):
 *   1. A device has at most `sessionsPerDeviceMax` sessions; the oldest that does not send goes first.
 *   2. Exactly one session of a device sends, as soon as there is one.
 *   3. When both sides started at once, both choose the same session: the lower sid.
 *   4. A changed session is written back before its turn ends (`flush`), never later.
 */
import { utf8, utf8Decode } from '../../base/bytes.ts';
import { decodeCbor, encodeCbor } from '../../base/cbor.ts';
import { invariant } from '../../base/invariant.ts';
import type { DeviceId, PersonId } from '../../base/ids.ts';
import type { Crypto } from '../../crypto/crypto.ts';
import { Session } from '../../crypto/ratchet/session.ts';

/** Two that crossed, the one before them, and the one they replace: more are never useful. */
export const sessionsPerDeviceMax = 4;
/** Sessions kept opened in memory; others are read again when needed. A guess: 256 × about 2 KiB. */
const openSessionsMax = 256;
/** A session that no longer sends is kept this long for what is still under way: custody and a margin. */
export const receivingMsMax: number = 41 * 24 * 3_600_000;

/** Where sealed rows are kept; `peer/sealed-rows.ts` in the product. */
export interface SessionRows {
  /** Takes what it needs of `plaintext` before it returns: it is wiped then. */
  put(kind: 'session' | 'skipped', key: string, plaintext: Uint8Array): void;
  get(kind: 'session' | 'skipped', key: string): Uint8Array | undefined;
  remove(kind: 'session' | 'skipped', key: string): void;
  list(kind: 'session', prefix: string): { key: string; plaintext: Uint8Array }[];
  /** Keys alone, without opening. */
  keys(kind: 'skipped', prefix: string): string[];
}

export interface SessionRecord {
  sid: string;
  person: PersonId;
  device: DeviceId;
  startedBySelf: boolean;
  /** Something the other side sealed in this session was opened. */
  confirmed: boolean;
  createdMs: number;
  /** Rises with each choice of a sending session: the highest of a device sends. */
  rank: number;
}

export class SessionTable {
  #crypto: Crypto;
  #rows: SessionRows;
  #records = new Map<string, SessionRecord>();
  #byDevice = new Map<DeviceId, SessionRecord[]>();
  #byTag = new Map<string, string>();
  #tagsOf = new Map<string, string[]>();
  #open = new Map<string, Session>(); // Insertion order is order of use.
  #changed = new Set<string>();
  /** Sessions of ours that won against one of theirs. Not kept: after a restart each may win once more. */
  #won = new Set<string>();
  #week: number;

  constructor(crypto: Crypto, rows: SessionRows, week: number) {
    this.#crypto = crypto;
    this.#rows = rows;
    this.#week = week;
    for (const { key, plaintext } of rows.list('session', '')) {
      const restored = decodeRow(key, plaintext);
      if (restored === undefined) continue;
      const session = this.#decode(key, restored.state);
      for (const secret of [plaintext, restored.state]) crypto.backend.wipe(secret);
      if (session === undefined) continue; // A damaged state is a lost session.
      this.#insert(restored.record);
      this.#index(key, session);
    }
    this.#shrink();
  }

  /** The session that sends to a device, or undefined when there is none. */
  sending(device: DeviceId): SessionRecord | undefined {
    const records = this.#byDevice.get(device);
    return records?.reduce((best, record) => (record.rank > best.rank ? record : best));
  }

  byTag(tag: string): SessionRecord | undefined {
    const sid = this.#byTag.get(tag);
    return sid === undefined ? undefined : this.#records.get(sid);
  }

  has(device: DeviceId): boolean {
    return this.#byDevice.has(device);
  }

  get size(): number {
    return this.#records.size;
  }

  /**
   * Adds a session that a handshake just made and chooses which one sends from now on.
   * @returns whether an earlier confirmed session is replaced by it (the person sees "session reset").
   */
  add(
    session: Session,
    owner: { person: PersonId; device: DeviceId; startedBySelf: boolean },
    nowMs: number,
  ): boolean {
    const before = this.sending(owner.device);
    const record: SessionRecord = {
      sid: session.sid,
      ...owner,
      confirmed: !owner.startedBySelf,
      createdMs: nowMs,
      rank: (before?.rank ?? 0) + 1,
    };
    // Both started at once: theirs arrives while ours has had no answer. The lower sid sends on both sides.
    const crossed = before !== undefined && before.startedBySelf && !before.confirmed && !owner.startedBySelf;
    // Ours wins once: whoever starts again after that does not have it, as after a restored copy.
    if (crossed && before.sid < session.sid && !this.#won.has(before.sid)) {
      this.#won.add(before.sid);
      record.rank = before.rank;
      before.rank += 1;
      this.#changed.add(before.sid);
    }
    this.#insert(record);
    this.#open.set(session.sid, session);
    this.#index(session.sid, session);
    this.#changed.add(session.sid);
    this.#drop(owner.device, nowMs);
    return before !== undefined && before.confirmed;
  }

  /** Seals a content in the sending session of a device. @returns undefined when there is none. */
  seal(device: DeviceId, content: Uint8Array, nowMs: number): Uint8Array | undefined {
    const record = this.sending(device);
    const session = record && this.#session(record.sid);
    if (record === undefined || session === undefined) return undefined;
    this.#changed.add(record.sid);
    return session.seal(this.#crypto, content, this.#week, nowMs);
  }

  /** Opens an envelope in the session it belongs to. Nothing changes unless it opens. */
  open(
    record: SessionRecord,
    envelope: Uint8Array,
  ): { content: Uint8Array } | { failed: 'envelope' | 'old' | 'gap' | 'forged' } {
    const session = this.#session(record.sid);
    if (session === undefined) return { failed: 'envelope' };
    const opened = session.open(this.#crypto, envelope, this.#week);
    if ('failed' in opened) return opened;
    record.confirmed = true;
    this.#changed.add(record.sid);
    return opened;
  }

  /** Moves the window of weekly tags. Cheap when the week is the same. */
  setWeek(week: number): void {
    if (week === this.#week) return;
    this.#week = week;
    this.#byTag.clear();
    for (const sid of this.#records.keys()) {
      const session = this.#session(sid);
      if (session !== undefined) this.#index(sid, session);
      this.#shrink();
    }
  }

  removeDevice(device: DeviceId): void {
    for (const record of this.#byDevice.get(device) ?? []) this.#remove(record);
  }

  /** Writes back what changed since the last call: once a batch, before its commit. */
  flush(): void {
    if (this.#changed.size === 0) return; // Emptying a set that is empty makes a new one.
    for (const sid of this.#changed) {
      const record = this.#records.get(sid);
      const session = record && this.#session(sid);
      if (record === undefined || session === undefined) continue;
      const state = session.encode();
      const row = encodeRow(record, state);
      this.#rows.put('session', sid, row);
      const skipped = session.takeSkipped();
      for (const { key, value } of skipped.put) this.#rows.put('skipped', key, value);
      // They are sealed now; what was in the clear must not lie about in memory.
      const { backend } = this.#crypto;
      for (const bytes of [state, row, ...skipped.put.map((each) => each.value)]) backend.wipe(bytes);
      for (const key of skipped.removed) this.#rows.remove('skipped', key);
    }
    this.#changed.clear();
    this.#shrink();
  }

  #session(sid: string): Session | undefined {
    const open = this.#open.get(sid);
    if (open !== undefined) {
      this.#open.delete(sid);
      this.#open.set(sid, open);
      return open;
    }
    const plaintext = this.#rows.get('session', sid);
    const restored = plaintext && decodeRow(sid, plaintext);
    const session = restored && this.#decode(sid, restored.state);
    for (const secret of [plaintext, restored?.state]) if (secret) this.#crypto.backend.wipe(secret);
    return session;
  }

  #decode(sid: string, state: Uint8Array): Session | undefined {
    const lookup = (key: string): Uint8Array | undefined => this.#rows.get('skipped', key);
    const session = Session.decode(this.#crypto.backend, state, lookup);
    if (session !== undefined) this.#open.set(sid, session);
    return session;
  }

  #insert(record: SessionRecord): void {
    this.#records.set(record.sid, record);
    const records = this.#byDevice.get(record.device);
    if (records === undefined) this.#byDevice.set(record.device, [record]);
    else records.push(record);
  }

  #index(sid: string, session: Session | undefined): void {
    if (session === undefined) return;
    const tags: string[] = [];
    for (const week of [this.#week - 1, this.#week, this.#week + 1]) tags.push(session.tags(week).receive);
    for (const tag of tags) this.#byTag.set(tag, sid);
    this.#tagsOf.set(sid, tags);
  }

  /** Drops what no longer sends and is too old, or too much. */
  #drop(device: DeviceId, nowMs: number): void {
    const records = [...(this.#byDevice.get(device) ?? [])].sort((a, b) => a.rank - b.rank);
    invariant(records.length > 0, 'a device that was just given a session has one');
    for (const [index, record] of records.slice(0, -1).entries()) {
      const tooMany = records.length - index > sessionsPerDeviceMax;
      if (tooMany || nowMs - record.createdMs > receivingMsMax) this.#remove(record);
    }
  }

  #remove(record: SessionRecord): void {
    const { sid, device } = record;
    this.#records.delete(sid);
    const left = (this.#byDevice.get(device) ?? []).filter((each) => each !== record);
    if (left.length === 0) this.#byDevice.delete(device);
    else this.#byDevice.set(device, left);
    for (const tag of this.#tagsOf.get(sid) ?? []) this.#byTag.delete(tag);
    this.#tagsOf.delete(sid);
    this.#changed.delete(sid);
    this.#won.delete(sid);
    this.#open.get(sid)?.release();
    this.#open.delete(sid);
    for (const key of this.#rows.keys('skipped', `${sid}/`)) this.#rows.remove('skipped', key);
    this.#rows.remove('session', sid);
  }

  /** Closes the least recently used sessions that hold nothing unwritten. */
  #shrink(): void {
    for (const [sid, session] of this.#open) {
      if (this.#open.size <= openSessionsMax) return;
      if (this.#changed.has(sid)) continue;
      session.release();
      this.#open.delete(sid);
    }
  }
}

function encodeRow(record: SessionRecord, state: Uint8Array): Uint8Array {
  const { person, device, startedBySelf, confirmed, createdMs, rank } = record;
  return encodeCbor([1, utf8(person), utf8(device), startedBySelf, confirmed, createdMs, rank, state]);
}

/** Our own rows: undefined means a damaged one, which is treated as a lost session. */
function decodeRow(
  sid: string,
  plaintext: Uint8Array,
): { record: SessionRecord; state: Uint8Array } | undefined {
  const row = decodeCbor(plaintext);
  if (!Array.isArray(row) || row.length !== 8 || row[0] !== 1) return undefined;
  const [, person, device, startedBySelf, confirmed, createdMs, rank, state] = row;
  if (!(person instanceof Uint8Array) || !(device instanceof Uint8Array)) return undefined;
  if (typeof startedBySelf !== 'boolean' || typeof confirmed !== 'boolean') return undefined;
  if (typeof createdMs !== 'number' || typeof rank !== 'number' || !(state instanceof Uint8Array))
    return undefined;
  const record: SessionRecord = {
    sid,
    person: (utf8Decode(person) ?? '') as PersonId,
    device: (utf8Decode(device) ?? '') as DeviceId,
    startedBySelf,
    confirmed,
    createdMs,
    rank,
  };
  return { record, state };
}
