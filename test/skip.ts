/** What a machine cannot run is skipped by name and with its reason, never silently. */
import { test } from 'vitest';

/**
 * Registers a test that does not run here. `npm test` lists it at the end.
 *
 * @param name the test or group of tests, as a person would call it
 * @param reason what is missing on this machine, and how to have it: `needs root for network namespaces`
 * @example
 * if (process.getuid?.() === 0) test('two namespaces', …);
 * else skipAloud('two namespaces', 'needs root');
 */
export function skipAloud(name: string, reason: string): void {
  test(name, (context) => context.skip(reason));
}
