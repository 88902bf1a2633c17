/**
 * Whom we would recognise on a link: devices of contacts, holders and owners of cards. Each entry is a name
 * for the Peer and a key that only the two sides share.
 */
import { bytesEqual } from '../../base/bytes.ts';
import { invariant } from '../../base/invariant.ts';
import { recogniseEntriesMax } from '../../wire/recognise.ts';

export interface Recognisable {
  id: string;
  /** 32 bytes, secret. Kept by reference: the caller does not wipe it before it replaced the entries. */
  key: Uint8Array;
  /** We list a MAC under this key, for the other to find. */
  lists: boolean;
  /** We look for MACs under this key in the lists of others. */
  checks: boolean;
}

/** As many as a list can hold. */
export const listedMax: number = recogniseEntriesMax;
/** One pass over a list costs about 6 ms with this many. */
const checkedMax = 4_096;

export class Acquaintances {
  #byId = new Map<string, Recognisable>();
  #listed: Recognisable[] = [];
  #checked: Recognisable[] = [];

  /** The first `listedMax` of those that are listed, in the order given: most recently seen first. */
  get listed(): readonly Recognisable[] {
    return this.#listed;
  }

  get checked(): readonly Recognisable[] {
    return this.#checked;
  }

  /** Whether exactly this entry still stands: same id, same key. */
  holds(entry: Recognisable): boolean {
    const present = this.#byId.get(entry.id);
    return present !== undefined && (present === entry || bytesEqual(present.key, entry.key));
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /**
   * Replaces all entries.
   * @returns what became listed and checked by that, what no longer stands, and how many found no room.
   */
  replace(entries: readonly Recognisable[]): {
    listedAnew: boolean;
    checkedAnew: Recognisable[];
    gone: string[];
    unlisted: number;
    unchecked: number;
  } {
    const before = { byId: this.#byId, listed: new Set(this.#listed), checked: new Set(this.#checked) };
    this.#byId = new Map();
    const listed: Recognisable[] = [];
    const checked: Recognisable[] = [];
    for (const entry of entries) {
      invariant(entry.key.length === 32, 'a recognition key has 32 bytes');
      invariant(!this.#byId.has(entry.id), 'the id of an entry is its own');
      // An entry that stands keeps its identity, so that links know it again.
      const old = before.byId.get(entry.id);
      const kept = old !== undefined && bytesEqual(old.key, entry.key) ? old : { ...entry };
      kept.lists = entry.lists;
      kept.checks = entry.checks;
      this.#byId.set(entry.id, kept);
      if (kept.lists) listed.push(kept);
      if (kept.checks) checked.push(kept);
    }
    this.#listed = listed.slice(0, listedMax);
    this.#checked = checked.slice(0, checkedMax);
    return {
      listedAnew: this.#listed.some((entry) => !before.listed.has(entry)),
      checkedAnew: this.#checked.filter((entry) => !before.checked.has(entry)),
      gone: [...before.byId.values()].filter((entry) => !this.holds(entry)).map(({ id }) => id),
      unlisted: listed.length - this.#listed.length,
      unchecked: checked.length - this.#checked.length,
    };
  }
}
