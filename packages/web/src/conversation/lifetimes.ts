/**
 * The lifetime that was chosen for what is written in each conversation. It lives as long as the window does, through a reload too: whoever
 * comes back finds it in force, and said below the composer.
 */
import { useCallback, useState } from 'react';
import { lifetimeMsMax } from '../composer/slash-command.ts';

/** A guess: more conversations than anybody chooses one for in one window. The one chosen longest ago is forgotten. */
export const lifetimesMax = 100;
const keptAs = 'kith.lifetimes';

export class Lifetimes {
  readonly #storage: () => Pick<Storage, 'getItem' | 'setItem'>;
  #chosen: Map<string, number> | undefined;

  /** @param storage - May throw: forbidden, or full. */
  constructor(storage: () => Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
  }

  of(conversation: string): number | null {
    this.#chosen ??= this.#read();
    return this.#chosen.get(conversation) ?? null;
  }

  choose(conversation: string, ttlMs: number | null): void {
    this.#chosen ??= this.#read();
    this.#chosen.delete(conversation);
    if (ttlMs !== null) this.#chosen.set(conversation, ttlMs);
    const [oldest] = this.#chosen.keys();
    if (this.#chosen.size > lifetimesMax && oldest !== undefined) this.#chosen.delete(oldest);
    try {
      this.#storage().setItem(keptAs, JSON.stringify([...this.#chosen]));
    } catch {
      // It holds until the window is loaded anew.
    }
  }

  #read(): Map<string, number> {
    try {
      const read: unknown = JSON.parse(this.#storage().getItem(keptAs) ?? '[]');
      return new Map(Array.isArray(read) ? read.filter(isChoice).slice(-lifetimesMax) : []);
    } catch {
      return new Map();
    }
  }
}

function isChoice(entry: unknown): entry is [string, number] {
  if (!Array.isArray(entry)) return false;
  const [conversation, ttlMs]: unknown[] = entry;
  return typeof conversation === 'string' && typeof ttlMs === 'number' && ttlMs > 0 && ttlMs <= lifetimeMsMax;
}

const lifetimes = new Lifetimes(() => sessionStorage);

/** For a component that shows one conversation as long as it is there. */
export function useLifetime(conversation: string): [number | null, (ttlMs: number | null) => void] {
  const [ttlMs, setTtlMs] = useState(() => lifetimes.of(conversation));
  const choose = useCallback(
    (chosen: number | null): void => {
      lifetimes.choose(conversation, chosen);
      setTtlMs(chosen);
    },
    [conversation],
  );
  return [ttlMs, choose];
}
