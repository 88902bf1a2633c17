/** Goal: a preview says what a card says and refuses what `add` refuses; it stores, sends and dials nothing. */
import { expect, test } from 'vitest';
import {
  acquainted,
  cardOf,
  contactOf,
  type Pair,
  printedCardOf,
  refusal,
  strangers,
} from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { decodeLink, encodeLink, makeCard } from '../crypto/card/card.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { assemble } from './assemble.ts';
import type { Commands } from './contract.ts';

const backend = createNativeBackend();
const dayMs = 24 * 3_600_000;

/** The preview, and proof that nothing else came of asking. */
function preview({ world }: Pair, node: WorldNode, card: string): Commands['preview']['out'] {
  const before = node.copyDisk();
  const outputs: string[] = [];
  const watch = (from: WorldNode, output: { type: string }): void => {
    if (from === node) outputs.push(output.type);
  };
  world.watchers.push(watch);
  const { contacts } = node.execute('status', {});
  try {
    return node.execute('preview', { card });
  } finally {
    world.watchers.splice(world.watchers.indexOf(watch), 1);
    expect(outputs).toEqual(['answer', 'answer']);
    expect(node.copyDisk()).toEqual(before);
    expect(node.execute('status', {}).contacts).toBe(contacts);
  }
}

test('a card says who made it, until when it is good and where to look', () => {
  const pair = strangers(backend, 1);
  const { alice, bob, world } = pair;
  const { id, fingerprint } = alice.execute('status', {});
  const said = { id, fingerprint, addresses: 1, contact: undefined };
  const expiresAtWallMs = world.nowMs + 7 * dayMs;
  expect(preview(pair, bob, cardOf(alice))).toEqual({ ...said, once: true, expiresAtWallMs });
  const printed = preview(pair, bob, printedCardOf(alice).toUpperCase());
  expect(printed).toEqual({ ...said, once: false, expiresAtWallMs: world.nowMs + 365 * dayMs });
});

test('whose card it is, is said by our name for them', () => {
  const pair = acquainted(backend, 2);
  const { alice, bob } = pair;
  bob.execute('rename', { contact: 'alice', name: 'Al' });
  expect(preview(pair, bob, cardOf(alice)).contact).toBe('Al');
  bob.execute('remove', { contact: 'Al' });
  expect(preview(pair, bob, cardOf(alice)).contact).toBeUndefined();
});

test('the largest expiry that a card can claim, and hints without end, are said or refused, never thrown', () => {
  const pair = strangers(backend, 3);
  const { alice, bob } = pair;
  const { own } = assemble(alice.parts(), () => undefined);
  const content = { intakeSecret: new Uint8Array(32), token: undefined, oneTimePrekey: undefined };
  const of = (expiresWallMs: number, hints: string[]): string => {
    const { person, chain } = own.identity;
    const card = makeCard(backend, own.root, { ...content, person, chain, expiresWallMs, hints });
    return encodeLink(backend, { card, identity: undefined, bundle: undefined });
  };
  expect(preview(pair, bob, of(Number.MAX_SAFE_INTEGER, []))).toMatchObject({
    addresses: 0,
    expiresAtWallMs: Number.MAX_SAFE_INTEGER,
  });
  expect(refusal(() => preview(pair, bob, of(0, [])))).toBe('card-expired');
});

test('what add refuses, a preview refuses alike', () => {
  const pair = acquainted(backend, 4);
  const { alice, bob, world } = pair;
  const good = cardOf(alice);
  const expired = alice.execute('makeCard', { once: false, expiresInMs: 1 }).card;
  world.run(10);
  bob.execute('block', { contact: contactOf(bob).id });
  const damaged = `${good.slice(0, 40)}${good[40] === 'q' ? 'p' : 'q'}${good.slice(41)}`;
  const cases: [string, string][] = [
    ['', 'bad-card'],
    ['hello', 'bad-card'],
    [damaged, 'bad-card'],
    [good.slice(0, -1), 'bad-card'],
    ['mesh://add?p=', 'bad-card'],
    [`mesh://add?p=${'q'.repeat(60_000)}`, 'bad-card'],
    [cardOf(bob), 'own-card'],
    [expired, 'card-expired'],
    [good, 'blocked'],
  ];
  for (const [card, code] of cases) {
    expect(
      refusal(() => preview(pair, bob, card)),
      card.slice(0, 50),
    ).toBe(code);
    expect(refusal(() => bob.execute('add', { card, name: undefined }))).toBe(code);
  }
  expect(decodeLink(backend, good).ok).toBe(true);
});
