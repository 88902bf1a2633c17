/**
 * Goal: over real connections a link for a question is short, small and shows nothing of whom we know; and it becomes a
 * neighbour's without a second connection.
 * Method: two networks of libp2p on loopback, each under a links machine of its own. Waits for what the machines say.
 */
import type { LinkId, PeerId } from '@kith/core/base/ids';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { Links } from '@kith/core/protocol/links/links';
import { linksDefaults, type LinksInput, type LinksOutput } from '@kith/core/protocol/links/links-contract';
import { decodeFrame, encodeFrame, type Frame } from '@kith/core/wire/frame';
import { afterEach, expect, test } from 'vitest';
import type { Network } from '../src/driver/adapters.ts';
import { createNetwork } from '../src/network/network.ts';

const backend = createNativeBackend();
const friend = { id: 'friend', key: new Uint8Array(32).fill(1), lists: true, checks: true };
const question: Frame = { type: 'envelope', bytes: new Uint8Array(60) };

class Half {
  readonly links: Links;
  readonly said: LinksOutput[] = [];
  readonly heard: Frame[] = [];
  self = '' as PeerId;
  addresses: string[] = [];
  /** Of all frames that were sent. */
  sentBytes = 0;
  readonly #network: Network = createNetwork({
    lan: 'off',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    port: undefined,
    crypto: backend,
    log: () => {},
  });
  #timer: NodeJS.Timeout | undefined;
  #waiting = new Set<() => void>();

  constructor(questionIdleMs: number) {
    const keys = { bytes: (length: number): Uint8Array => backend.randomBytes(length) };
    const times = { ...linksDefaults.times, questionIdleMs };
    this.links = new Links({ backend, keys }, { ...linksDefaults, times }, { next: Math.random });
  }

  async start(): Promise<this> {
    await this.#network.start({
      listening: (self, addresses) => {
        Object.assign(this, { self, addresses });
        this.feed({ type: 'listening', self, addresses });
        this.feed({ type: 'recognisable', entries: [friend] });
      },
      lanFound: () => {},
      lanLost: () => {},
      linkUp: (link, remote, address, path, dialled) =>
        this.feed({ type: 'linkUp', link, remote, address, path, dialled }),
      linkDown: (link) => this.feed({ type: 'linkDown', link }),
      frame: (link, bytes) => {
        const frame = decodeFrame(bytes);
        if (frame === undefined) throw new Error('a frame came that nobody wrote');
        this.heard.push(frame);
        this.feed({ type: 'frame', link, frame });
      },
      flushed: () => {},
      dialFailed: (dial) => this.feed({ type: 'dialFailed', dial }),
    });
    return this;
  }

  feed(input: LinksInput): void {
    const nowMs = performance.now();
    for (const output of this.links.handle(input, nowMs)) {
      this.said.push(output);
      if (output.type === 'send') this.send(output.link, output.frame);
      if (output.type === 'close') this.#network.close(output.link, output.reason);
      if (output.type === 'dial') {
        this.#network.dial(output.dial, output.remote, output.addresses, output.why);
      }
    }
    clearTimeout(this.#timer);
    const wakeMs = this.links.nextWakeMs();
    if (wakeMs !== undefined)
      this.#timer = setTimeout(() => this.feed({ type: 'wake' }), Math.max(0, wakeMs - nowMs));
    for (const look of this.#waiting) look();
  }

  send(link: LinkId, frame: Uint8Array): void {
    this.sentBytes += frame.length;
    this.#network.send(link, 'control', frame, undefined);
  }

  reach(other: Half, purpose: 'neighbour' | 'question'): void {
    const { self: remote, addresses } = other;
    this.feed({ type: 'reach', remote, addresses, why: 'bootstrap', purpose });
  }

  async until(holds: () => boolean): Promise<void> {
    const done = Promise.withResolvers<void>();
    const look = (): void => {
      if (holds()) done.resolve();
    };
    this.#waiting.add(look);
    look();
    await done.promise;
    this.#waiting.delete(look);
  }

  async saidOf<Type extends LinksOutput['type']>(type: Type): Promise<Extract<LinksOutput, { type: Type }>> {
    const is = (output: LinksOutput): output is Extract<LinksOutput, { type: Type }> => output.type === type;
    await this.until(() => this.said.some(is));
    return this.said.find(is)!;
  }

  async stop(): Promise<void> {
    await this.#network.stop();
    clearTimeout(this.#timer);
  }
}

const halves: Half[] = [];
async function half(questionIdleMs: number): Promise<Half> {
  const made = new Half(questionIdleMs);
  halves.push(made);
  return await made.start();
}

afterEach(async () => {
  await Promise.all(halves.splice(0).map((each) => each.stop()));
});

test('a question costs two hellos, itself and its answer, and the link ends soon', async () => {
  const [asker, answerer] = [await half(150), await half(150)];
  asker.reach(answerer, 'question');
  const { link, dialled } = await asker.saidOf('open');
  expect(dialled).toBe(true);
  const there = await answerer.saidOf('open');
  expect(there.purpose).toBe('question');
  asker.send(link, encodeFrame(question));
  await answerer.until(() => answerer.heard.some(({ type }) => type === 'envelope'));
  answerer.send(there.link, encodeFrame(question));
  await asker.until(() => asker.heard.some(({ type }) => type === 'envelope'));
  await Promise.all([asker.saidOf('down'), answerer.saidOf('down')]);
  const types = [...asker.heard, ...answerer.heard].map(({ type }) => type);
  expect(types.filter((type) => type === 'recognise')).toEqual([]);
  // 36 for a hello, 61 for the frame, 2 for a farewell: a list alone has 547.
  expect(asker.sentBytes + answerer.sentBytes).toBeLessThanOrEqual(2 * (36 + 61 + 2));
  expect(asker.links.size + answerer.links.size).toBe(0);
});

test('who becomes more than a question is recognised over the same connection', async () => {
  const [first, second] = [await half(60_000), await half(60_000)];
  first.reach(second, 'question');
  const { link } = await first.saidOf('open');
  await second.saidOf('open');
  second.reach(first, 'neighbour');
  expect((await first.saidOf('recognised')).link).toBe(link);
  await second.saidOf('recognised');
  const opened = first.said.flatMap((output) => (output.type === 'open' ? [output] : []));
  expect(opened.map(({ purpose, promoted }) => [purpose, promoted])).toEqual([
    ['question', false],
    ['neighbour', true],
  ]);
  expect([...first.said, ...second.said].filter(({ type }) => type === 'dial').length).toBe(1);
});
