/** The story of two people, told by the commands they type. The same over a LAN and over given addresses. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '@kith/api/shapes';
import { expect } from 'vitest';
import {
  contactOf,
  meetByOnceCard,
  messageAt,
  textsAt,
  untilConnected,
  untilRead,
  untilState,
  type ContactAnswer,
} from './conversation.ts';
import type { Home, RunningNode } from './node-process.ts';

export interface Pair {
  ann: Home;
  ben: Home;
  annUp: () => Promise<RunningNode>;
  benUp: () => Promise<RunningNode>;
}

/** Handing over a card, talking both ways, and knowing that it arrived. */
export async function talk({ ann, ben }: Pair): Promise<void> {
  await meetByOnceCard(ann, ben);
  expect((await contactOf(ann, 'ben')).state).toBe('connected');
  expect((await contactOf(ben, 'ann')).state).toBe('connected');

  const sent = await ann.run(['send', 'ben', 'Hello Ben', '--wait', 'delivered', '--json']);
  expect(sent.code, `${sent.text}${sent.talk}`).toBe(0);
  expect(sent.rows).toEqual([{ id: expect.stringMatching(/^.{26}$/), state: 'delivered' }]);
  const answered = await ben.run(['send', 'ann', '-', '--wait', 'delivered', '--json'], 'Grüß dich, Ann 🌱');
  expect(answered.code, `${answered.text}${answered.talk}`).toBe(0);

  const there = await ben.list<Message>(['history', 'ann']);
  expect(there).toMatchObject([
    { direction: 'in', text: 'Hello Ben', state: 'received' },
    { direction: 'out', text: 'Grüß dich, Ann 🌱', state: 'delivered' },
  ]);
  expect(there[0]?.id).toBe((sent.rows[0] as { id: string }).id);
  expect(await textsAt(ann, 'ben')).toEqual(['Hello Ben', 'Grüß dich, Ann 🌱']);
  const ledger = await messageAt(ann, (sent.rows[0] as { id: string }).id);
  expect(ledger.ledger.map((line) => line.state)).toEqual(['stored', 'sent', 'delivered']);
  expect(ledger.ledger.at(-1)?.by).toBe('device');
}

/** While he is away it stays here, safe and said to be; when he returns it arrives, once, by itself. */
export async function talkToAbsent({ ann, ben, benUp }: Pair, benNode: RunningNode): Promise<void> {
  expect(await benNode.stop()).toEqual({ code: 0, signal: null });
  const annEvents = await ann.follow();
  const texts = ['While you were away', 'and another', 'and a third'];
  const ids: string[] = [];
  for (const text of texts) {
    const sent = await ann.run(['send', 'ben', text, '--json']);
    expect(sent.code, sent.talk).toBe(0);
    expect(sent.rows).toMatchObject([{ state: 'stored' }]);
    ids.push((sent.rows[0] as { id: string }).id);
  }
  for (const id of ids) expect((await messageAt(ann, id)).state).toBe('stored');
  await benUp();
  const benEvents = await ben.follow();
  for (const text of texts) await untilRead(benEvents, text);
  for (const id of ids) await untilState(annEvents, id, 'delivered');
  const heard = (await textsAt(ben, 'ann')).filter((text) => texts.includes(text));
  expect(heard).toEqual(texts);
}

/** A message that cannot arrive in time: exit 4, its id is printed, and it stays queued. */
export async function waitInVain({ ann, ben, benUp }: Pair, benNode: RunningNode): Promise<void> {
  await benNode.stop();
  const args = ['send', 'ben', 'Are you there?', '--wait', 'delivered', '--timeout', '1s', '--json'];
  const sent = await ann.run(args);
  expect(sent.code, sent.text).toBe(4);
  expect(`${sent.text}${sent.talk}`).toMatch(/[a-z0-9]{26}/i);
  await benUp();
  await untilRead(await ben.follow(), 'Are you there?');
}

/** A plain card: a request that waits to be accepted, and what is written meanwhile waits with it. */
export async function askFirst({ ann, ben }: Pair): Promise<void> {
  const annEvents = await ann.follow();
  const benEvents = await ben.follow();
  const { card } = await ann.json<{ card: string }>(['card']);
  // A plain card tells no name; who adds it may give one.
  const { contact } = await ben.json<ContactAnswer>(['add', card, '--name', 'ann']);
  expect(contact).toMatchObject({ name: 'ann', state: 'requested', verified: false });
  const early = await ben.json<{ id: string; state: string }>(['send', 'ann', 'May I?']);
  expect(early.state).toBe('stored');
  await annEvents.until('his request', (event) => event.event === 'request' && event.data.name === 'ben');
  expect((await contactOf(ann, 'ben')).state).toBe('incoming');
  expect((await messageAt(ben, early.id)).state).toBe('stored');
  const accepted = await ann.json<ContactAnswer>(['accept', 'ben']);
  expect(accepted.contact.state).toBe('connected');
  await untilConnected(benEvents, 'ann');
  await untilRead(annEvents, 'May I?');
  await untilState(benEvents, early.id, 'delivered');
}

/** Names, safety numbers, blocking, removing. */
export async function knowEachOther({ ann, ben }: Pair): Promise<void> {
  const mine = await ann.json<{ safetyNumber: string; verified: boolean }>(['verify', 'ben']);
  const theirs = await ben.json<{ safetyNumber: string }>(['verify', 'ann']);
  expect(mine.safetyNumber.replaceAll(/\D/g, '')).toMatch(/^\d{60}$/);
  expect(theirs.safetyNumber).toBe(mine.safetyNumber);
  expect(mine.verified).toBe(false);
  const wrong = mine.safetyNumber.replaceAll(/\d/g, (digit) => String((Number(digit) + 1) % 10));
  const refused = await ann.run(['verify', 'ben', '--matches', wrong, '--json']);
  expect(refused.code).toBe(5);
  expect(refused.rows).toMatchObject([{ error: { code: 'number-mismatch' } }]);
  expect((await contactOf(ann, 'ben')).verified).toBe(false);
  const verified = await ann.json<{ verified: boolean }>(['verify', 'ben', '--matches', mine.safetyNumber]);
  expect(verified.verified).toBe(true);

  const renamed = await ann.json<ContactAnswer>(['rename', 'ben', 'Benjamin']);
  expect(renamed.contact).toMatchObject({ name: 'Benjamin', verified: true, state: 'connected' });
  const unknown = await ann.run(['send', 'ben', 'no such name now', '--json']);
  expect(unknown.code).toBe(1);
  expect(unknown.rows).toMatchObject([{ error: { code: 'unknown-contact' } }]);

  const blocked = await ann.json<ContactAnswer>(['block', 'Benjamin']);
  expect(blocked.contact.state).toBe('blocked');
  const refusedSend = await ann.run(['send', 'Benjamin', 'not while blocked', '--json']);
  expect(refusedSend.code).toBe(5);
  expect(refusedSend.rows).toMatchObject([{ error: { code: 'blocked' } }]);
  const silenced = await ben.json<{ id: string; state: string }>(['send', 'ann', 'Can you hear me?']);
  const unblocked = await ann.json<ContactAnswer>(['unblock', 'Benjamin']);
  expect(unblocked.contact.state).toBe('connected');
  const events = await ben.follow();
  await untilState(events, silenced.id, 'delivered');

  await ann.json<{ contact: unknown }>(['remove', 'Benjamin']);
  expect(await ann.list(['contacts'])).toEqual([]);
}

/** The profile's files are nobody else's, a second node is refused, and the node stops clean. */
export async function keepHouse({ ann }: Pair, annNode: RunningNode): Promise<void> {
  expect(statSync(ann.data).mode & 0o777).toBe(0o700);
  for (const name of ['kith.db', 'keys', 'node.sock']) {
    expect([name, statSync(join(ann.data, name)).mode & 0o077]).toEqual([name, 0]);
  }
  const second = await ann.run(['up', '--headless', '--json']);
  expect(second.code, second.talk).toBe(1);
  expect(second.rows).toMatchObject([{ error: { code: 'profile-in-use' } }]);
  const status = await ann.json<{ pid: number }>(['status']);
  expect(status.pid).toBe(annNode.child.pid);
  expect((await ann.run(['stop', '--json'])).code).toBe(0);
  expect(await annNode.child.exited).toEqual({ code: 0, signal: null });
  const none = await ann.run(['status', '--json']);
  expect(none.code).toBe(3);
  expect(none.rows).toMatchObject([{ error: { code: 'no-node' } }]);
}
