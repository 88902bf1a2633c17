/** People who meet: by a card handed over outside of the net, as they would. */
import { KithError } from '@kith/core/base/errors';
import type { SimNode } from '../world/sim-node.ts';

/** One adds the other by a card. @returns false where one of them is down or refuses. */
export function acquaint(one: SimNode, other: SimNode): boolean {
  try {
    const { card } = other.command('makeCard', { once: true, expiresInMs: undefined });
    one.command('add', { card, name: other.name });
    return true;
  } catch (error) {
    if (error instanceof KithError) return false;
    throw error;
  }
}

/** Hands a message in; without a promise, so from anywhere. */
export function say(node: SimNode, about: { to: string; text: string; ttlMs?: number | undefined }): void {
  node.submit('send', { to: about.to, text: about.text, ttlMs: about.ttlMs }, () => undefined);
}
