/**
 * Goal: what a room of the mesh asks for once ends in a link or in a word; links end when nobody needs them, and
 * those for a question tell nothing of whom we know and take few places.
 * Method: one machine and puppets, rule by rule. Several machines with faults: links-world.test.ts.
 */
import { expect, test } from 'vitest';
import { Bench, closed, crypto, frames, kinds } from '../../../test/links-bench.ts';
import type { LinkId, PeerId } from '../../base/ids.ts';
import type { Frame } from '../../wire/frame.ts';
import { goodbyeReasons } from '../../wire/goodbye.ts';
import { Acquaintances } from './acquaintances.ts';
import { diallingDefaults } from './dialling-config.ts';
import { linksDefaults, type LinksOutput } from './links-contract.ts';
import { Recognition } from './recognition.ts';

const { times } = linksDefaults;
const nonce = new Uint8Array(32).fill(7);
const envelope: Frame = { type: 'envelope', bytes: new Uint8Array(60) };

test('a node that is reached for is dialled once, and open or unreachable follows', () => {
  const bench = new Bench();
  const [dial] = bench.reach('node-a', 'neighbour');
  expect(dial).toMatchObject({ type: 'dial', remote: 'node-a', why: 'bootstrap' });
  expect(bench.reach('node-a', 'neighbour'), 'asked again while it lasts').toEqual([]);
  const { link, outputs } = bench.open('node-a', { dialled: true });
  expect(outputs).toContainEqual({
    type: 'open',
    link,
    remote: 'node-a',
    address: '/ip4/203.0.113.7/tcp/1001',
    path: 'direct',
    dialled: true,
    purpose: 'neighbour',
    promoted: false,
  });
  expect(bench.reach('node-a', 'question'), 'a link that serves is open').toEqual([]);
  expect(bench.feed({ type: 'linkDown', link })).toContainEqual({ type: 'down', link, remote: 'node-a' });
  expect(kinds(bench.wait(3_600_000)), 'once means once').toEqual([]);

  const failing = bench.reach('node-b', 'question').find((output) => output.type === 'dial')!;
  const failed = bench.feed({ type: 'dialFailed', dial: failing.dial });
  expect(failed).toEqual([{ type: 'unreachable', remote: 'node-b', purpose: 'question', dialled: true }]);
});

test('a link that ends before its hellos leaves the node unreachable; one that others dial serves too', () => {
  const bench = new Bench();
  bench.reach('node-a', 'neighbour');
  const silent = bench.up('node-a', { dialled: true });
  expect(bench.wait(times.helloMs)).toContainEqual({
    type: 'unreachable',
    remote: 'node-a',
    purpose: 'neighbour',
    dialled: true,
  });
  expect(bench.links.link(silent.link)).toBeUndefined();
  bench.reach('node-b', 'neighbour');
  const { outputs } = bench.open('node-b');
  expect(outputs).toContainEqual(expect.objectContaining({ type: 'open', remote: 'node-b', dialled: false }));
  expect(bench.wait(diallingDefaults.reachMsMax).some(({ type }) => type === 'unreachable')).toBe(false);
});

test('a node is not dialled twice in a row, however often it is asked for', () => {
  const bench = new Bench();
  const dialsMs: number[] = [];
  for (let asked = 0; asked < 100; asked++) {
    for (const output of [...bench.reach('node-a', 'neighbour'), ...bench.wait(100)]) {
      if (output.type !== 'dial') continue;
      dialsMs.push(bench.nowMs);
      bench.feed({ type: 'dialFailed', dial: output.dial });
    }
  }
  expect(dialsMs.length).toBeGreaterThanOrEqual(4);
  expect(dialsMs.length).toBeLessThanOrEqual(1 + 10_000 / diallingDefaults.retryMsMin);
});

test('what is reached for leaves dials to people, waits its turn, and is told when none comes', () => {
  const bench = new Bench();
  const answers: LinksOutput[] = [];
  for (let number = 0; number < 200; number++) {
    answers.push(...bench.reach(`node-${number}`, 'neighbour', `/ip4/81.7.1.${number}/tcp/1`));
  }
  const count = (type: string): number => answers.filter((output) => output.type === type).length;
  expect(count('dial')).toBe(diallingDefaults.reachDialsMax);
  expect(count('unreachable')).toBe(200 - diallingDefaults.reachesMax);
  bench.feed({ type: 'want', id: 'friend', addresses: ['/ip4/203.0.113.8/tcp/1'], why: 'contact' });
  expect(bench.wait(0).filter(({ type }) => type === 'dial')).toMatchObject([{ why: 'contact' }]);
  answers.push(...bench.wait(diallingDefaults.reachMsMax * 3));
  expect(count('unreachable')).toBe(200);
  // Only of those that were dialled it says anything.
  const dialled = answers.filter((output) => output.type === 'unreachable' && output.dialled);
  const dials = answers.filter((output) => output.type === 'dial' && output.why === 'bootstrap');
  expect(dialled.length).toBe(dials.length);
});

/** Nodes with keys of their own that all claim this host, as many as there are, asked for within so long. @returns dials. */
function knocks(bench: Bench, count: number, placeOf: (number: number) => string): number {
  let dials = 0;
  for (let number = 0; number < count; number++) {
    const outputs = [
      ...bench.reach(`node-${number}-${bench.nowMs}`, 'question', placeOf(number)),
      ...bench.wait(100),
    ];
    for (let output = outputs.shift(); output !== undefined; output = outputs.shift()) {
      if (output.type !== 'dial') continue;
      dials++;
      outputs.push(...bench.feed({ type: 'dialFailed', dial: output.dial }));
    }
  }
  return dials;
}

test('however many keys claim one host, it is dialled in vain a few times only', () => {
  const { inVain } = diallingDefaults.knocks;
  const bench = new Bench();
  expect(knocks(bench, 200, (number) => `/ip4/45.6.7.8/tcp/${number + 1}`)).toBe(inVain.burst);
  bench.nowMs += inVain.refillMs;
  expect(knocks(bench, 200, (number) => `/ip4/45.6.7.8/tcp/${number + 1}`)).toBe(1);
  expect(
    knocks(bench, 200, (number) => `/ip6/2a01:4f8:1:1::${number + 1}/tcp/1`),
    'one /64',
  ).toBe(inVain.burst);
  expect(
    knocks(bench, 50, (number) => `/ip4/45.9.${number}.8/tcp/1`),
    'others are others',
  ).toBe(50);
  expect(
    knocks(bench, 50, (number) => `/ip4/10.0.0.9/tcp/${number + 1}`),
    'what is near',
  ).toBe(50);
  bench.feed({ type: 'hurry' });
  expect(
    knocks(bench, 200, (number) => `/ip4/45.6.7.8/tcp/${number + 1}`),
    'another network',
  ).toBe(inVain.burst);
});

test('who is reached pays nothing for its host, and what our person wants is dialled all the same', () => {
  const bench = new Bench();
  const { inVain } = diallingDefaults.knocks;
  for (let number = 0; number < inVain.burst * 3; number++) {
    const address = `/ip4/45.6.7.8/tcp/${number + 1}`;
    expect(kinds(bench.reach(`node-${number}`, 'neighbour', address))).toContain('dial');
    const { link } = bench.open(`node-${number}`, { dialled: true, address });
    bench.feed({ type: 'linkDown', link });
  }
  knocks(bench, 50, (number) => `/ip4/45.6.7.8/tcp/${number + 1_000}`);
  const refused = bench.reach('node-x', 'question', '/ip4/45.6.7.8/tcp/9');
  expect(refused).toEqual([{ type: 'unreachable', remote: 'node-x', purpose: 'question', dialled: false }]);
  bench.feed({ type: 'want', id: 'friend', addresses: ['/ip4/45.6.7.8/tcp/7'], why: 'contact' });
  expect(bench.wait(0)).toMatchObject([{ type: 'dial', why: 'contact' }]);
});

test('a link for a question has no lists in either direction, and whoever sends one is closed', () => {
  const ours = new Bench();
  ours.reach('node-a', 'question');
  const asking = ours.open('node-a', { dialled: true });
  expect(frames(asking.outputs)).toMatchObject([{ type: 'hello', purpose: 'question' }]);
  expect(asking.outputs).toContainEqual(expect.objectContaining({ type: 'open', purpose: 'question' }));
  const theirs = new Bench();
  const answering = theirs.open('node-a', {}, 'question');
  expect(frames(answering.outputs)).toMatchObject([{ type: 'hello', purpose: 'neighbour' }]);
  expect(theirs.links.link(answering.link)?.purpose).toBe('question');
  const list: Frame = { type: 'recognise', round: 0, nonce, entries: new Uint8Array(512) };
  const identity: Frame = { type: 'identityOffer', identity: new Uint8Array(9) };
  expect(closed(ours.feed({ type: 'frame', link: asking.link, frame: list }))).toEqual(['order']);
  expect(closed(theirs.feed({ type: 'frame', link: answering.link, frame: identity }))).toEqual(['order']);
});

test('to a node of minor 0 every link is a neighbour’s', () => {
  const bench = new Bench();
  bench.reach('node-a', 'question');
  const { link } = bench.up('node-a', { dialled: true });
  const outputs = bench.hello(link, 'neighbour', 0);
  expect(outputs).toContainEqual(expect.objectContaining({ type: 'open', purpose: 'neighbour' }));
  expect(frames(outputs).map(({ type }) => type)).toEqual(['recognise']);
});

test('a link for a question becomes a neighbour’s when either end wants more, once', () => {
  const bench = new Bench();
  bench.reach('node-a', 'question');
  const ours = bench.open('node-a', { dialled: true });
  const more = bench.reach('node-a', 'neighbour');
  expect(frames(more).map(({ type }) => type)).toEqual(['hello', 'recognise']);
  expect(more).toContainEqual(
    expect.objectContaining({ type: 'open', purpose: 'neighbour', promoted: true, link: ours.link }),
  );
  expect(closed(bench.hello(ours.link, 'neighbour')), 'both said it at once').toEqual([]);
  expect(closed(bench.hello(ours.link, 'neighbour')), 'a third is one too many').toEqual(['order']);

  const theirs = bench.open('node-b', {}, 'question');
  const promoted = bench.hello(theirs.link, 'neighbour');
  expect(promoted).toContainEqual(expect.objectContaining({ type: 'open', promoted: true }));
  expect(frames(promoted).map(({ type }) => type)).toEqual(['recognise']);
  const other = bench.open('node-c', {}, 'question');
  const strange: Frame = {
    type: 'hello',
    major: 1,
    minor: 1,
    nonce: nonce.slice().fill(8),
    purpose: 'neighbour',
  };
  expect(closed(bench.feed({ type: 'frame', link: other.link, frame: strange }))).toEqual(['order']);
});

test('who is asked a question gets no list by wishing for more, only by being recognised', () => {
  const bench = new Bench();
  const key = new Uint8Array(32).fill(9);
  bench.reach('node-a', 'question');
  const ours = bench.open('node-a', { dialled: true });
  const wished = bench.hello(ours.link, 'neighbour');
  expect(wished).toContainEqual(expect.objectContaining({ type: 'open', promoted: true }));
  const entry = { id: 'friend', key, lists: true, checks: true };
  const later = [...bench.feed({ type: 'recognisable', entries: [entry] }), ...bench.wait(20_000)];
  expect(frames([...wished, ...later]).map(({ type }) => type)).not.toContain('recognise');

  // Their list is looked at all the same, and a contact found by it.
  const remoteNonce = frames(ours.outputs).flatMap((each) => (each.type === 'hello' ? [each.nonce] : []))[0]!;
  const ends = { self: 'node-a' as PeerId, remote: 'node-m' as PeerId, selfNonce: nonce, remoteNonce };
  const theirs = new Acquaintances();
  theirs.replace([entry]);
  const list = new Recognition(crypto, ends).list(theirs);
  const hits = bench.feed({ type: 'frame', link: ours.link, frame: list });
  expect(frames(hits).map(({ type }) => type)).toEqual(['confirm']);
});

test('a link for a question ends when nothing is asked on it, pings or not; a held one stays', () => {
  const bench = new Bench();
  const { link } = bench.open('node-a', {}, 'question');
  bench.wait(times.questionIdleMs - 1);
  bench.feed({ type: 'frame', link, frame: envelope });
  bench.feed({ type: 'hold', link, holder: 'lookup', on: true });
  expect(closed(bench.wait(times.questionIdleMs * 2))).toEqual([]);
  bench.feed({ type: 'hold', link, holder: 'lookup', on: false });
  const outputs: LinksOutput[] = [];
  for (let second = 0; second < 20; second++) {
    bench.feed({ type: 'frame', link, frame: { type: 'ping', token: second } });
    outputs.push(...bench.wait(1_000));
  }
  expect(closed(outputs)).toEqual(['idle']);
  expect(frames(outputs)).toContainEqual({ type: 'goodbye', reason: goodbyeReasons.closing });
});

test('a link that nobody needs ends after a while, first by the end that dialled; LAN, held and wanted stay', () => {
  const bench = new Bench();
  const address = '/ip4/203.0.113.50/tcp/5';
  bench.feed({ type: 'want', id: 'bootstrap/0', addresses: [address], why: 'bootstrap' });
  bench.wait(0);
  const wanted = bench.open('node-w', { dialled: true, address });
  const dialled = bench.open('node-a', { dialled: true });
  const held = bench.open('node-b', { dialled: true });
  bench.feed({ type: 'hold', link: held.link, holder: 'view', on: true });
  const lan = bench.open('node-c', { path: 'lan' });
  const inbound = bench.open('node-d');
  const all = [wanted, dialled, held, lan, inbound].map(({ link }) => link);
  const standing = (): LinkId[] => all.filter((link) => bench.links.isOpen(link));
  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      bench.wait(1_000);
      for (const link of all) bench.feed({ type: 'frame', link, frame: envelope });
    }
  };
  pass(times.lingerMs + 1_000);
  expect(standing()).toEqual([wanted, held, lan, inbound].map(({ link }) => link));
  pass(times.lingerDialledMs);
  expect(standing()).toEqual([wanted, held, lan].map(({ link }) => link));
  bench.feed({ type: 'hold', link: held.link, holder: 'view', on: false });
  bench.feed({ type: 'unwant', id: 'bootstrap/0' });
  pass(times.lingerMs + 1_000);
  expect(standing()).toEqual([lan.link]);
});
