/**
 * The lock of the app's windows: what is kept of the PIN, and how often it may be tried. The hash itself is slow on purpose
 * and is computed outside, between two commands: `begin` counts an attempt before it is judged, `judged` says how it ended.
 * So neither a crash nor a second window buys another try. It is a lock of the screen: nothing is encrypted by it.
 */
import { utf8 } from '../base/bytes.ts';
import { KithError } from '../base/errors.ts';
import type { Store } from '../base/store.ts';
import type { Turn } from './turn.ts';

/** Wrong ones in a row before one has to wait. */
export const freeTries = 5;
/** Waiting after the first beyond them; it doubles with each. */
export const firstWaitMs = 30_000;
export const waitMsMax = 3_600_000;
const rowKey = 'screen-lock';

/** What the PIN is compared with. Of a form only the caller knows, who makes and compares it; at most 512 characters. */
export type PinVerifier = string;

interface Row {
  version: 1;
  verifier: PinVerifier | null;
  failures: number;
  /** Machine time before which nothing is tried. */
  notBeforeMs: number;
}

const unlocked: Row = { version: 1, verifier: null, failures: 0, notBeforeMs: 0 };

export class ScreenLock {
  readonly #turn: Turn;
  #row: Row;

  constructor({ store, turn }: { store: Store; turn: Turn }) {
    this.#turn = turn;
    this.#row = decodeRow(store.setting(rowKey));
  }

  get hasPin(): boolean {
    return this.#row.verifier !== null;
  }

  /**
   * Counts an attempt as wrong until it is judged. @returns what to compare with; undefined where no PIN is set.
   * @throws KithError `busy` - too many were wrong; with the time to wait.
   */
  begin(): PinVerifier | undefined {
    const { nowMs } = this.#turn;
    const { verifier, notBeforeMs } = this.#row;
    if (verifier === null) return undefined;
    if (nowMs < notBeforeMs) throw new KithError('busy', waitSentence(notBeforeMs - nowMs));
    const failures = this.#row.failures + 1;
    const beyond = failures - freeTries;
    const waitMs = beyond < 0 ? 0 : Math.min(firstWaitMs * 2 ** beyond, waitMsMax);
    this.#put({ ...this.#row, failures, notBeforeMs: nowMs + waitMs });
    return verifier;
  }

  /** The attempt against this verifier was right: the count begins anew. Of one that was replaced meanwhile nothing is taken. */
  right(verifier: PinVerifier): void {
    if (this.#row.verifier !== verifier) return;
    this.#put({ ...this.#row, failures: 0, notBeforeMs: 0 });
  }

  /** @param from - the verifier that the change was allowed with; another one meanwhile: `wrong-pin`. */
  replace(from: PinVerifier | undefined, verifier: PinVerifier | undefined): void {
    if ((this.#row.verifier ?? undefined) !== from) throw new KithError('wrong-pin');
    this.#put({ ...unlocked, verifier: verifier ?? null });
    this.#turn.event('settings', {});
  }

  /** No PIN any more, whatever it was. */
  forget(): void {
    if (this.hasPin) this.replace(this.#row.verifier ?? undefined, undefined);
  }

  #put(row: Row): void {
    this.#row = row;
    this.#turn.store({ op: 'putSetting', key: rowKey, value: utf8(JSON.stringify(row)) });
  }
}

function waitSentence(waitMs: number): string {
  const seconds = Math.ceil(waitMs / 1_000);
  const wait = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return `Too many wrong PINs. Try again in ${wait}.`;
}

/** Our own row; one that is damaged locks nobody out for good, since a lock of the screen protects no bytes. */
function decodeRow(bytes: Uint8Array | undefined): Row {
  if (bytes === undefined) return unlocked;
  try {
    const row = JSON.parse(String.fromCharCode(...bytes)) as Partial<Row>;
    const { verifier, failures, notBeforeMs } = row;
    if (typeof verifier !== 'string' || !isCount(failures) || !isCount(notBeforeMs)) return unlocked;
    return { version: 1, verifier, failures, notBeforeMs };
  } catch {
    return unlocked;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
