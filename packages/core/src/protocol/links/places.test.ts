/**
 * Goal: few places are taken by strangers and by questions, whatever they do, and some are left to people.
 * Method: one machine and puppets, rule by rule.
 */
import { expect, test } from 'vitest';
import { Bench, closed } from '../../../test/links-bench.ts';
import type { LinkId } from '../../base/ids.ts';
import type { Frame } from '../../wire/frame.ts';
import { linksDefaults, type LinksOutput } from './links-contract.ts';

const { times } = linksDefaults;
const envelope: Frame = { type: 'envelope', bytes: new Uint8Array(60) };

test('sixteen links for questions of ours, whatever others do, and twelve of theirs; who was idle longest goes', () => {
  const bench = new Bench();
  const { questionsMax, theirQuestionsMax } = linksDefaults;
  const busy = Array.from({ length: theirQuestionsMax }, (_, number) => {
    return bench.open(`node-${number}`, { address: `/ip4/${number + 20}.1.1.1/tcp/1` }, 'question').link;
  });
  const refused = bench.open('node-x', {}, 'question');
  expect(closed(refused.outputs)).toEqual(['full']);
  const ask = (name: string): LinkId | undefined => {
    const dials = bench.reach(name, 'question').some(({ type }) => type === 'dial');
    return dials ? bench.open(name, { dialled: true }, 'neighbour').link : undefined;
  };
  const ours = Array.from({ length: questionsMax }, (_, number) => ask(`node-q${number}`));
  expect(ours.filter((link) => link !== undefined)).toHaveLength(questionsMax);
  expect(ask('node-late'), 'all are in use').toBeUndefined();
  expect(bench.links.size).toBe(theirQuestionsMax + questionsMax);
  bench.nowMs += times.questionIdleMs / 2;
  for (const link of [...busy.slice(1), ...ours.slice(1)]) {
    bench.feed({ type: 'frame', link: link!, frame: envelope });
  }
  expect(bench.feed({ type: 'wake' })).toMatchObject([{ type: 'dial', remote: 'node-late' }]);
  bench.open('node-late', { dialled: true }, 'neighbour'); // One of ours was idle: it makes room.
  expect(bench.links.isOpen(ours[0]!)).toBe(false);
  const late = bench.open('node-y', {}, 'question');
  expect(late.outputs).toContainEqual({ type: 'close', link: busy[0], reason: 'full' });
  expect(bench.links.isOpen(late.link)).toBe(true);
});

test('who asks all the time from few networks keeps nobody else from asking', () => {
  const bench = new Bench();
  const busy = Array.from({ length: linksDefaults.theirQuestionsMax }, (_, number) => {
    const address = `/ip4/45.${number % 2}.1.${number}/tcp/1`;
    return bench.open(`node-x${number}`, { address }, 'question').link;
  });
  for (const link of busy) bench.feed({ type: 'frame', link, frame: envelope });
  const honest = bench.open('node-h', { address: '/ip4/60.1.1.1/tcp/1' }, 'question');
  expect(bench.links.isOpen(honest.link)).toBe(true);
  expect(honest.outputs).toContainEqual({ type: 'close', link: busy[0], reason: 'full' });
  const more = bench.open('node-y', { address: '/ip4/45.1.1.99/tcp/1' }, 'question');
  expect(closed(more.outputs), 'one more of theirs is sent away').toEqual(['full']);
  expect(bench.links.isOpen(honest.link)).toBe(true);
});

test('strangers from one subnet keep nobody else out, however fast they renew their links', () => {
  const bench = new Bench();
  const { strangersPerSubnetMax, graceMs, linksMax } = linksDefaults;
  let number = 0;
  const attack = (subnets: number): void => {
    for (let count = 0; count < linksMax * 2; count++) {
      const from = `/ip4/45.${++number % subnets}.0.${number % 250}/tcp/${number}`;
      bench.open(`node-x${number}`, { address: from });
    }
  };
  attack(1);
  expect(bench.links.size).toBe(strangersPerSubnetMax);
  for (let honest = 0; honest < 20; honest++) {
    bench.nowMs += graceMs / 4;
    attack(1);
    const came = bench.open(`node-h${honest}`, { address: `/ip4/${60 + honest}.1.1.1/tcp/1` });
    expect(closed(came.outputs)).toEqual([]);
    expect(bench.links.isOpen(came.link)).toBe(true);
  }
  attack(40);
  expect(bench.links.size).toBe(linksMax);
  const late = bench.open('node-late', { address: '/ip4/99.1.1.1/tcp/1' });
  expect(closed(late.outputs), 'the most crowded subnet makes room').toEqual(['full']);
  expect(bench.links.isOpen(late.link)).toBe(true);
});

test('a held link makes room for nobody, while people have their places', () => {
  const bench = new Bench();
  const { linksMax, peopleMin } = linksDefaults;
  const held = Array.from({ length: linksMax - peopleMin }, (_, number) => {
    const { link } = bench.open(`node-${number}`, { path: 'lan' });
    bench.feed({ type: 'hold', link, holder: 'view', on: true });
    return link;
  });
  bench.nowMs += linksDefaults.graceMs;
  for (let number = 0; number < peopleMin; number++) bench.open(`node-y${number}`, { path: 'lan' });
  expect(closed(bench.up('node-x').outputs)).toEqual(['full']);
  bench.feed({ type: 'hold', link: held[5]!, holder: 'view', on: false });
  const { outputs } = bench.up('node-x');
  expect(outputs).toContainEqual({ type: 'close', link: held[5], reason: 'full' });
});

test('rooms that hold all places keep us from no question, and no question becomes a neighbour beyond them', () => {
  const bench = new Bench();
  const { linksMax, questionsMax } = linksDefaults;
  for (let number = 0; number < linksMax; number++) {
    const { link } = bench.open(`node-${number}`, { address: `/ip4/81.${number}.0.1/tcp/1` });
    bench.feed({ type: 'hold', link, holder: 'a topic', on: true });
  }
  const ours = Array.from({ length: questionsMax }, (_, number) => {
    const address = `/ip4/82.${number}.0.1/tcp/1`;
    expect(bench.reach(`node-q${number}`, 'question', address)).toMatchObject([{ type: 'dial' }]);
    return bench.open(`node-q${number}`, { dialled: true, address }).link;
  });
  expect(ours.every((link) => bench.links.isOpen(link))).toBe(true);
  expect(bench.links.size).toBe(linksMax + questionsMax);
  // Neither the other end nor a room of ours makes a neighbour of it.
  expect(closed(bench.hello(ours[0]!, 'neighbour'))).toEqual(['full']);
  expect(closed(bench.reach('node-q1', 'neighbour'))).toEqual(['full']);
});

test('links that rooms of the mesh hold leave some places to people: the youngest that came makes room', () => {
  const bench = new Bench();
  const links: LinkId[] = [];
  for (let number = 0; number < linksDefaults.linksMax; number++) {
    const { link } = bench.open(`node-${number}`, {
      address: `/ip4/81.${number}.0.1/tcp/1`,
      dialled: number < 20,
    });
    bench.feed({ type: 'hold', link, holder: 'a topic', on: true });
    links.push(link);
    bench.nowMs += 300;
  }
  const goes = (outputs: LinksOutput[]): LinkId[] =>
    outputs.flatMap((output) => (output.type === 'close' ? [output.link] : []));
  expect(bench.reach('node-x', 'neighbour'), 'a room of the mesh gets no more').toEqual([]);
  bench.feed({ type: 'want', id: 'friend', addresses: ['/ip4/203.0.113.8/tcp/1'], why: 'contact' });
  expect(bench.wait(0)).toMatchObject([{ type: 'dial', why: 'contact' }]);
  expect(goes(bench.up('friend', { address: '/ip4/203.0.113.8/tcp/1', dialled: true }).outputs)).toEqual([
    links.at(-1),
  ]);
  const came = Array.from({ length: 6 }, (_, number) => {
    return goes(bench.up(`stranger-${number}`, { address: `/ip4/82.${number}.0.1/tcp/1` }).outputs)[0];
  });
  expect(came.slice(0, 3), 'whoever comes may be a friend').toEqual(links.slice(-4, -1).toReversed());
  expect(
    came.slice(3).some((link) => links.includes(link!)),
    'but four places are enough for those',
  ).toBe(false);
});
