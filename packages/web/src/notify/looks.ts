/**
 * Which conversation the person looks at, told among the windows of this browser: the one that looks holds a lock named after the
 * conversation, and whoever would notify asks who holds it. The browser itself lets go for a window that closes or crashes, so
 * that no conversation stays silent because of one that is gone.
 */

const prefix = 'kith-looks/';

export class Looks {
  readonly #locks: Pick<LockManager, 'request' | 'query'>;
  #held: { conversation: string; end: AbortController } | null = null;

  constructor(locks: Pick<LockManager, 'request' | 'query'>) {
    this.#locks = locks;
  }

  /** @param conversation - null: this window has not the person's attention, or shows none. */
  set(conversation: string | null): void {
    if (conversation === (this.#held?.conversation ?? null)) return;
    this.#held?.end.abort();
    this.#held = null;
    if (conversation === null) return;
    const end = new AbortController();
    this.#held = { conversation, end };
    this.#locks
      .request(`${prefix}${conversation}`, { mode: 'shared', signal: end.signal }, async () => {
        await new Promise((resolve) => end.signal.addEventListener('abort', resolve));
      })
      .catch(() => undefined);
  }

  /** Whether any window does, this one included. */
  async isLookedAt(conversation: string): Promise<boolean> {
    if (this.#held?.conversation === conversation) return true;
    try {
      const { held = [] } = await this.#locks.query();
      return held.some(({ name }) => name === `${prefix}${conversation}`);
    } catch {
      // Rather one notification too many.
      return false;
    }
  }
}
