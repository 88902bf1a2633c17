/**
 * Goal: what a room of the mesh asks for once ends in a link or in a word; links end when nobody needs them, and
 * those for a question tell nothing of whom we know and take few places.
 * Method: one machine and puppets, rule by rule. Several machines with faults: links-world.test.ts.
 */
import { expect, test } from 'vitest';
import type { LinkId, PeerId } from '../../base/ids.ts';
import { seededKeySource, seededRandom } from '../../base/random.ts';
import { createNativeBackend } from '../../crypto/native/native-backend.ts';
import { decodeFrame, type Frame } from '../../wire/frame.ts';
import { goodbyeReasons } from '../../wire/goodbye.ts';
import type { LinkPurpose } from '../../wire/hello.ts';
import { Acquaintances } from './acquaintances.ts';
import { diallingDefaults } from './dialling-config.ts';
import type { LinkPath } from './link-state.ts';
import { Links } from './links.ts';
import { linksDefaults, type LinksInput, type LinksOutput } from './links-contract.ts';
import { Recognition } from './recognition.ts';

const crypto = { backend: createNativeBackend(), keys: seededKeySource(seededRandom(1)) };
const { times } = linksDefaults;
const nonce = new Uint8Array(32).fill(7);
const envelope: Frame = { type: 'envelope', bytes: new Uint8Array(60) };

interface Up {
  dialled?: boolean;
  address?: string;
  path?: LinkPath;
}

class Bench {
  readonly links: Links = new Links(crypto, linksDefaults, seededRandom(1));
  nowMs = 1_000_000;
  #nextLink = 1;

  constructor() {
    this.feed({ type: 'listening', self: 'node-m' as PeerId, addresses: ['/ip4/192.0.2.1/tcp/1'] });
  }

  feed(input: LinksInput): LinksOutput[] {
    return this.links.handle(input, this.nowMs);
  }

  /** Time goes on; the machine is woken whenever it asks for it. */
  wait(ms: number): LinksOutput[] {
    const untilMs = this.nowMs + ms;
    const outputs: LinksOutput[] = [];
    for (let wake = 0; wake < 1_000; wake++) {
      const dueMs = this.links.nextWakeMs() ?? Infinity;
      if (dueMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, dueMs);
      outputs.push(...this.feed({ type: 'wake' }));
    }
    this.nowMs = untilMs;
    return outputs;
  }

  reach(remote: string, purpose: LinkPurpose, address = '/ip4/203.0.113.7/tcp/7'): LinksOutput[] {
    return this.feed({ type: 'reach', remote: remote as PeerId, addresses: [address], why: 'test', purpose });
  }

  up(remote: string, { dialled = false, address, path = 'direct' }: Up = {}): Came {
    const link = this.#nextLink++ as LinkId;
    const where = address ?? `/ip4/203.0.113.7/tcp/${link + 1_000}`;
    const common = { link, remote: remote as PeerId, path, dialled };
    return { link, outputs: this.feed({ type: 'linkUp', ...common, address: where }) };
  }

  hello(link: LinkId, purpose: LinkPurpose, minor = 1): LinksOutput[] {
    const frame: Frame = { type: 'hello', major: 1, minor, nonce, purpose };
    return this.feed({ type: 'frame', link, frame });
  }

  /** A link on which both said hello. */
  open(remote: string, up: Up = {}, purpose: LinkPurpose = 'neighbour'): Came {
    const { link, outputs } = this.up(remote, up);
    return { link, outputs: [...outputs, ...this.hello(link, purpose)] };
  }
}

interface Came {
  link: LinkId;
  outputs: LinksOutput[];
}

function frames(outputs: LinksOutput[]): Frame[] {
  return outputs.flatMap((output) => (output.type === 'send' ? [decodeFrame(output.frame)!] : []));
}

function closed(outputs: LinksOutput[]): string[] {
  return outputs.flatMap((output) => (output.type === 'close' ? [output.reason] : []));
}

function kinds(outputs: LinksOutput[]): string[] {
  return outputs.map(({ type }) => type);
}

test('a node that is reached for is dialled once, and open or unreachable follows', () => {
  const bench = new Bench();
  const [dial] = bench.reach('node-a', 'neighbour');
  expect(dial).toMatchObject({ type: 'dial', remote: 'node-a', why: 'test' });
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
    answers.push(...bench.reach(`node-${number}`, 'neighbour', `/ip4/203.0.113.9/tcp/${number + 1}`));
  }
  const count = (type: string): number => answers.filter((output) => output.type === type).length;
  expect(count('dial')).toBe(diallingDefaults.reachDialsMax);
  expect(count('unreachable')).toBe(200 - diallingDefaults.reachesMax);
  bench.feed({ type: 'want', id: 'friend', addresses: ['/ip4/203.0.113.8/tcp/1'], why: 'friend' });
  expect(bench.wait(0).filter(({ type }) => type === 'dial')).toMatchObject([{ why: 'friend' }]);
  answers.push(...bench.wait(diallingDefaults.reachMsMax * 3));
  expect(count('unreachable')).toBe(200);
  // Only of those that were dialled it says anything.
  const dialled = answers.filter((output) => output.type === 'unreachable' && output.dialled);
  const dials = answers.filter((output) => output.type === 'dial' && output.why === 'test');
  expect(dialled.length).toBe(dials.length);
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

test('a link that nobody needs ends after a while, first by the end that dialled; LAN, held and wanted stay', () => {
  const bench = new Bench();
  const address = '/ip4/203.0.113.50/tcp/5';
  bench.feed({ type: 'want', id: 'bootstrap/0', addresses: [address], why: 'given' });
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
  const want = { type: 'want', id: 'friend', addresses: ['/ip4/203.0.113.8/tcp/1'], why: 'friend' } as const;
  bench.feed(want);
  expect(bench.wait(0)).toMatchObject([{ type: 'dial', why: 'friend' }]);
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
