/** Waits that end: for what happens, or for a limit that only a hanging program reaches. */

/** Enough for anything a node does, on a machine that does five other things. A guess. Less while a test is being written. */
export const patienceMs: number = Number(process.env['KITH_PATIENCE_MS'] ?? 90_000);

/**
 * @param what said when the limit is reached: `the receiver's history`
 * @param state adds, at that moment, what is known instead
 */
export async function within<T>(wait: Promise<T>, what: string, state: () => string = () => ''): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    limit.reject(new Error(`waited ${patienceMs / 1000} s in vain for ${what}\n${state()}`));
  }, patienceMs);
  try {
    return await Promise.race([wait, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
