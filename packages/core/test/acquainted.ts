/** Short cuts for tests of the Peer: people who met, what they read, what they were told. */
import type { CryptoBackend } from '../src/crypto/backend.ts';
import { decodeLink, encodeLink } from '../src/crypto/card/card.ts';
import type { ContactView, EventData } from '../src/peer/contract.ts';
import { PeerWorld, type WorldNode } from './peer-world.ts';

export interface Pair {
  world: PeerWorld;
  alice: WorldNode;
  bob: WorldNode;
}

/** Two nodes that hear of each other and do not know each other. */
export function strangers(backend: CryptoBackend, seed: number): Pair {
  const world = new PeerWorld(backend, seed);
  const [alice, bob] = [world.node('alice'), world.node('bob')];
  world.announce();
  world.run(1_000);
  return { world, alice, bob };
}

/** Two connected contacts with a link between them. */
export function acquainted(backend: CryptoBackend, seed: number): Pair {
  const pair = strangers(backend, seed);
  addCard(pair.world, pair.alice, pair.bob);
  return pair;
}

/** `holder` adds a one-time card of `owner`, and both are given time to meet. */
export function addCard(world: PeerWorld, owner: WorldNode, holder: WorldNode, once = true): void {
  holder.execute('add', { card: cardOf(owner, once), name: undefined });
  world.run(5_000);
}

export function cardOf(owner: WorldNode, once = true): string {
  return owner.execute('makeCard', { once, expiresInMs: undefined }).card;
}

export function send(by: WorldNode, to: string, text: string, ttlMs?: number): string {
  return by.execute('send', { to, text, ttlMs }).id;
}

export function stateOf(node: WorldNode, id: string): string {
  return node.execute('message', { id }).message.state;
}

/** Texts that a node received, oldest first. */
export function received(node: WorldNode, conversation: string): string[] {
  const messages = node.execute('history', { conversation, limit: 1_000, before: undefined });
  return messages.filter((each) => each.direction === 'in').map((each) => each.text);
}

/** The only contact of a node. */
export function contactOf(node: WorldNode): ContactView {
  const [contact, ...others] = node.execute('contacts', {});
  if (contact === undefined || others.length > 0) throw new Error('not exactly one contact');
  return contact;
}

/** What the notices of a node said, in order. */
export function notices(node: WorldNode): EventData['notice'][] {
  return node.events.filter((row) => row.event === 'notice').map((row) => notice(row.data));
}

function notice(data: string): EventData['notice'] {
  return JSON.parse(data) as EventData['notice'];
}

/** The code that a command was refused with; throws where it was not refused. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The card alone, as on paper: without identity and bundle. */
export function printedCardOf(owner: WorldNode, once = false): string {
  const { backend } = owner.parts().crypto;
  const link = decodeLink(backend, cardOf(owner, once));
  if (!link.ok) throw new Error('a card of ours does not decode');
  return encodeLink(backend, { card: link.card, identity: undefined, bundle: undefined });
}
