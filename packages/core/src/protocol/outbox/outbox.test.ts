/**
 * Goal: the invariants of outbox.ts hold under loss, repeats, crashes, moving links and forged answers.
 * Method: a world of one outbox and three devices on a virtual clock, every choice drawn from a seed, beside
 * a plain model of what is held and what was sent over which link.
 * Replay one failure with:  SEED=1234 vitest run packages/core/src/protocol/outbox
 */
import { expect, test } from 'vitest';
import type { LinkId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import { seededRandom } from '../../base/random.ts';
import { Outbox, outboxDefaults, type OutboxInput, type OutboxItem, type OutboxOutput } from './outbox.ts';

const config = {
  ...outboxDefaults,
  itemsMax: 12,
  deviceItemsMax: 6,
  windowItemsMax: 3,
  windowBytesMax: 6_000,
};
const devices = ['anna', 'ben', 'cleo'];
const hourMs = 3_600_000;

interface ModelItem extends OutboxItem {
  sent: boolean;
}

/** What a correct outbox must agree with. */
class Model {
  readonly held = new Map<string, ModelItem>(); // In the order of submission.
  readonly ended = new Map<string, string>();
  readonly links = new Map<string, LinkId>();
  readonly inFlight = new Map<string, Set<string>>(devices.map((device) => [device, new Set<string>()]));

  of(device: string): ModelItem[] {
    return [...this.held.values()].filter((item) => item.device === device);
  }

  end(item: string, how: string): void {
    const held = this.held.get(item);
    invariant(held !== undefined, `${how} without being held: ${item}`);
    invariant(!this.ended.has(item), 'ends once');
    this.held.delete(item);
    this.inFlight.get(held.device)!.delete(item);
    this.ended.set(item, how);
  }

  check(): void {
    invariant(this.held.size <= config.itemsMax, 'at most itemsMax');
    for (const device of devices) {
      const held = this.of(device);
      const flying = this.inFlight.get(device)!;
      invariant(held.length <= config.deviceItemsMax, 'at most deviceItemsMax');
      invariant(flying.size <= config.windowItemsMax, 'at most windowItemsMax');
      const bytes = held
        .filter(({ item }) => flying.has(item))
        .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      if (!this.links.has(device)) continue;
      const waiting = held.find(({ item }) => !flying.has(item));
      if (waiting === undefined) continue;
      const full = flying.size === config.windowItemsMax || bytes + waiting.sizeBytes > config.windowBytesMax;
      invariant(full, `${waiting.item} waits for ${device} only while the window is full`);
    }
  }
}

class World {
  readonly trace: string[] = [];
  readonly #random: ReturnType<typeof seededRandom>;
  readonly #model = new Model();
  readonly #agenda: { atMs: number; input: OutboxInput }[] = [];
  readonly #attempts = new Map<string, number>();
  #outbox: Outbox;
  #nowMs = 0;
  #nextLink = 1;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#outbox = new Outbox(config, this.#random);
    for (let number = 0; number < 60; number++) this.#plan(`item${number}`);
  }

  run(): string[] {
    for (let step = 0; ; step++) {
      invariant(step < 20_000, 'the outbox comes to rest');
      this.#agenda.sort((a, b) => a.atMs - b.atMs);
      const wakeMs = this.#outbox.nextWakeMs() ?? Infinity;
      const next = this.#agenda[0];
      if (next === undefined && wakeMs === Infinity) {
        if (this.#model.held.size === 0) break;
        this.#heal(); // Faults are over: with links, everything has to end.
      } else if (next === undefined || wakeMs < next.atMs) {
        this.#feed({ type: 'wake' }, Math.max(wakeMs, this.#nowMs));
      } else {
        this.#agenda.shift();
        this.#feed(next.input, next.atMs);
      }
      if (this.#chance(0.004)) this.#crash();
    }
    return this.trace;
  }

  #plan(item: string): void {
    const atMs = this.#upTo(hourMs);
    const device = devices[this.#upTo(devices.length)]!;
    const expiresAtMs = this.#chance(0.4) ? undefined : atMs + this.#upTo(hourMs) - 100_000;
    const sizeBytes = this.#chance(0.05) ? 20_000 : 1 + this.#upTo(3_000);
    const submit: OutboxInput = { type: 'submit', item, device, expiresAtMs, sizeBytes };
    this.#agenda.push({ atMs, input: submit });
    if (this.#chance(0.1)) this.#agenda.push({ atMs: atMs + 1, input: submit });
    if (this.#chance(0.05)) {
      this.#agenda.push({
        atMs: atMs + this.#upTo(100_000),
        input: { type: 'failed', item, reason: 'blocked' },
      });
    }
    const stranger = devices[(devices.indexOf(device) + 1) % devices.length]!;
    this.#agenda.push({ atMs: atMs + 900, input: { type: 'acknowledged', item, device: stranger } });
    const moved = devices[this.#upTo(devices.length)]!;
    if (this.#chance(0.4))
      this.#agenda.push({ atMs: atMs + 500, input: { type: 'deviceDown', device: moved } });
    else
      this.#agenda.push({ atMs: atMs + 500, input: { type: 'deviceUp', device: moved, link: this.#link() } });
  }

  #feed(input: OutboxInput, nowMs: number): void {
    this.#nowMs = nowMs;
    if (input.type === 'deviceUp') {
      if (this.#model.links.get(input.device) !== input.link) this.#model.inFlight.get(input.device)!.clear();
      this.#model.links.set(input.device, input.link);
    } else if (input.type === 'deviceDown') {
      this.#model.links.delete(input.device);
      this.#model.inFlight.get(input.device)!.clear();
    } else if (input.type === 'reseal' && this.#model.held.has(input.item)) {
      this.#model.held.get(input.item)!.sizeBytes = input.sizeBytes;
    }
    const outputs = this.#outbox.handle(input, nowMs);
    // The model takes an item before it looks at the rest: acceptance itself is silent.
    const refused = outputs.find((output) => output.type === 'refused');
    if (input.type === 'submit') this.#submitted(input, refused);
    else invariant(refused === undefined, 'only a new item is refused');
    for (const output of outputs) this.#observe(output, input);
    this.#model.check();
    const agreed = input.type === 'restore' || this.#outbox.size === this.#model.held.size;
    invariant(agreed, 'holds what the model holds');
    const wakeMs = this.#outbox.nextWakeMs();
    invariant(wakeMs === undefined || wakeMs > nowMs, 'what is due was done');
  }

  #submitted(input: OutboxItem, refused: OutboxOutput | undefined): void {
    const held = this.#model.held.has(input.item);
    // Those that expire with this very input leave before it needs their room.
    const live = [...this.#model.held.values()].filter(
      (item) => (item.expiresAtMs ?? Infinity) > this.#nowMs,
    );
    const ofDevice = live.filter(({ device }) => device === input.device).length;
    const full = live.length >= config.itemsMax || ofDevice >= config.deviceItemsMax;
    const stale = (input.expiresAtMs ?? Infinity) <= this.#nowMs;
    const expected = held && !stale ? 'duplicate' : stale ? 'stale' : full ? 'full' : undefined;
    const reason = refused?.type === 'refused' ? refused.reason : undefined;
    invariant(reason === expected, `refused as ${expected}, not ${reason}`);
    if (expected === undefined) this.#model.held.set(input.item, { ...input, sent: false });
  }

  #observe(output: OutboxOutput, input: OutboxInput): void {
    const kind = output.type === 'refused' ? `refused:${output.reason}` : output.type;
    this.trace.push(`${this.#nowMs} ${output.item} ${kind}`);
    if (output.type === 'send') this.#delivering(output);
    if (output.type === 'sent') {
      invariant(input.type === 'handed' && input.item === output.item, 'sent only when handed over');
      const held = this.#model.held.get(output.item);
      invariant(held?.sent === false, 'sent is said once');
      held.sent = true;
    }
    if (output.type === 'delivered') {
      const own =
        input.type === 'acknowledged' && input.item === output.item && input.device === output.device;
      invariant(
        own && output.device === this.#model.held.get(output.item)?.device,
        'its own device answered',
      );
      this.#model.end(output.item, 'delivered');
    }
    if (output.type === 'failed') {
      invariant(input.type === 'failed' && input.item === output.item, 'failed only when told so');
      this.#model.end(output.item, 'failed');
    }
    if (output.type === 'expired') {
      const { expiresAtMs } = this.#model.held.get(output.item)!;
      invariant(expiresAtMs !== undefined && expiresAtMs <= this.#nowMs, 'expires in its time');
      this.#model.end(output.item, 'expired');
    }
    if (output.type === 'stalled') {
      for (const { item } of this.#model.of(output.device)) {
        if (this.#chance(0.5)) this.#after(100, { type: 'reseal', item, sizeBytes: 1 + this.#upTo(3_000) });
      }
    }
  }

  #delivering(output: OutboxOutput & { type: 'send' }): void {
    const { item, device, link, attempt } = output;
    const held = this.#model.held.get(item);
    invariant(held?.device === device, 'sends what is held, to its device');
    invariant((held.expiresAtMs ?? Infinity) > this.#nowMs, 'sends nothing stale');
    invariant(this.#model.links.get(device) === link, 'sends over the link of the device');
    invariant(attempt === (this.#attempts.get(item) ?? 0) + 1, 'counts attempts');
    this.#attempts.set(item, attempt);
    const flying = this.#model.inFlight.get(device)!;
    if (!flying.has(item)) {
      const oldest = this.#model.of(device).find((other) => !flying.has(other.item));
      invariant(oldest?.item === item, 'first sends keep the order');
    }
    flying.add(item);
    if (this.#chance(0.9)) this.#after(this.#upTo(20), { type: 'handed', item });
    if (this.#chance(0.4)) this.#after(30 + this.#upTo(3_000), { type: 'acknowledged', item, device });
  }

  /** The node dies: a new outbox is filled from what was stored, and no device is connected. */
  #crash(): void {
    this.#outbox = new Outbox(config, this.#random);
    this.#attempts.clear();
    this.#model.links.clear();
    for (const flying of this.#model.inFlight.values()) flying.clear();
    for (const held of this.#model.held.values()) {
      const { sent, item, device, expiresAtMs, sizeBytes } = held;
      this.#feed({ type: 'restore', sent, item, device, expiresAtMs, sizeBytes }, this.#nowMs);
    }
    this.#heal();
  }

  #heal(): void {
    for (const device of devices) this.#after(1_000, { type: 'deviceUp', device, link: this.#link() });
  }

  #after(ms: number, input: OutboxInput): void {
    this.#agenda.push({ atMs: this.#nowMs + ms, input });
  }

  #link(): LinkId {
    return this.#nextLink++ as LinkId;
  }

  #chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  #upTo(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }
}

test('the outbox keeps its invariants in 500 seeded worlds', () => {
  const only = process.env['SEED'];
  const worlds = Number(process.env['WORLDS'] ?? 500);
  const seeds = only === undefined ? Array.from({ length: worlds }, (_, seed) => seed) : [Number(only)];
  for (const seed of seeds) {
    try {
      new World(seed).run();
    } catch (cause) {
      throw new Error(`replay with SEED=${seed}: ${String(cause)}`, { cause });
    }
  }
});

test('a seed replays to the same trace, and every kind of output occurs', () => {
  expect(new World(7).run()).toEqual(new World(7).run());
  const traces = Array.from({ length: 50 }, (_, seed) => new World(seed).run()).flat();
  const kinds = new Set(traces.map((line) => line.split(' ')[2]));
  expect([...kinds].toSorted()).toEqual([
    'delivered',
    'expired',
    'failed',
    'refused:duplicate',
    'refused:full',
    'refused:stale',
    'send',
    'sent',
    'stalled',
  ]);
});

const link = 1 as LinkId;
const submit = (item: string, device = 'anna'): OutboxInput => ({
  type: 'submit',
  item,
  device,
  expiresAtMs: undefined,
  sizeBytes: 300,
});

test('a second copy waits for its back-off from the moment the first was handed over', () => {
  const outbox = new Outbox(outboxDefaults, seededRandom(1));
  outbox.handle({ type: 'deviceUp', device: 'anna', link }, 0);
  outbox.handle(submit('item'), 0);
  expect(outbox.nextWakeMs()).toBe(outboxDefaults.unhandedMs);
  let nowMs = 5_000;
  let ceilingMs = outboxDefaults.retryMsMin;
  for (let attempt = 1; attempt < 20; attempt++) {
    outbox.handle({ type: 'handed', item: 'item' }, nowMs);
    const waitMs = outbox.nextWakeMs()! - nowMs;
    expect(waitMs).toBeGreaterThanOrEqual(ceilingMs / 2);
    expect(waitMs).toBeLessThanOrEqual(ceilingMs);
    expect(outbox.handle({ type: 'wake' }, nowMs + waitMs - 1)).toEqual([]);
    nowMs += waitMs;
    const outputs = outbox.handle({ type: 'wake' }, nowMs);
    expect(outputs[0]).toEqual({ type: 'send', item: 'item', device: 'anna', link, attempt: attempt + 1 });
    expect(outputs.slice(1)).toEqual(
      attempt % 4 === 3 ? [{ type: 'stalled', device: 'anna', item: 'item' }] : [],
    );
    ceilingMs = Math.min(ceilingMs * 2, outboxDefaults.retryMsMax);
  }
});

test('an item sealed anew is sent at once, and its device may stall again', () => {
  const outbox = new Outbox(outboxDefaults, seededRandom(1));
  outbox.handle({ type: 'deviceUp', device: 'anna', link }, 0);
  outbox.handle(submit('item'), 0);
  for (let round = 0; round < 2; round++) {
    const said: string[] = [];
    while (!said.includes('stalled')) {
      said.push(...outbox.handle({ type: 'wake' }, outbox.nextWakeMs()!).map(({ type }) => type));
    }
    const sent = outbox.handle({ type: 'reseal', item: 'item', sizeBytes: 500 }, 400_000 * (round + 1));
    expect(sent.map(({ type }) => type)).toEqual(['send']);
  }
});

test('the bounds of the product hold, and a full outbox says so', () => {
  const outbox = new Outbox(outboxDefaults, seededRandom(1));
  let sent = 0;
  outbox.handle({ type: 'deviceUp', device: 'anna', link }, 0);
  for (let number = 0; number < outboxDefaults.deviceItemsMax; number++) {
    sent += outbox.handle(submit(`item${number}`), 0).length;
  }
  expect(sent).toBe(outboxDefaults.windowItemsMax);
  expect(outbox.handle(submit('more'), 0)).toEqual([{ type: 'refused', item: 'more', reason: 'full' }]);
  for (let number = outbox.size; number < outboxDefaults.itemsMax; number++) {
    const device = `device${number % 60}`;
    const outputs = outbox.handle(submit(`item${number}`, device), 0);
    expect(outputs).toEqual([]);
  }
  const last = outbox.handle(submit('last', 'ben'), 0);
  expect(last).toEqual([{ type: 'refused', item: 'last', reason: 'full' }]);
});
