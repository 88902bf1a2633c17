/**
 * Invariant 5: every table and queue stays under its documented cap (docs/limits.md), whatever comes in. The caps stand
 * here a second time on purpose: a checker that asked the code for them would agree with any code.
 */
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';

const name = 'bounds';

/** By the names that `Peer.sizes` gives; a name that is not here is a violation too. */
const sizeCaps: Readonly<Record<string, number>> = {
  contacts: 5_000,
  'request box': 100,
  outbox: 65_536,
  links: 80,
  'nodes dialled or heard': 1_024,
  'nodes remembered': 1_024,
  records: 1_024,
  'ended records': 4_096,
  proofs: 64,
  anchors: 8,
  'active view': 24, // 8 and 16 leaves.
  'passive view': 16 + 12 + 12 + 24,
  topics: 16,
  'authors of a topic': 1_024,
  'broadcasts held': 4_096,
  'bytes of broadcasts held': 8 * 1_024 * 1_024,
  'broadcasts missing': 4_096,
  'routing table': 32 * 20,
  'values kept': 4_096,
  searches: 4 + 256,
  'open questions': 4 * 4,
};

const linksToTheNetworkMax = 88;
const addressesOfDeviceMax = 4;
const sessionsPerDeviceMax = 4;
const skippedPerSessionMax = 2_000;
const tokensMax = 100;
const eventsMax = 100_000;

export class Bounds {
  readonly #world: World;
  /** The largest of each that was ever seen. */
  readonly largest: Map<string, number> = new Map<string, number>();
  readonly #caps: Readonly<Record<string, number>>;

  /** @param more - caps of tables that only some worlds have, or other ones than the defaults. */
  constructor(world: World, more: Readonly<Record<string, number>> = {}) {
    this.#world = world;
    this.#caps = { ...sizeCaps, ...more };
  }

  /** Looks at every node every `everyMs` from now on. */
  watch(everyMs: number): void {
    this.#world.every(everyMs, () => this.check());
  }

  /** Looks at every node now. */
  check(): void {
    for (const node of this.#world.nodes) this.#look(node);
  }

  #look(node: SimNode): void {
    for (const [what, size] of Object.entries(node.peer?.sizes() ?? {})) {
      const cap = this.#caps[what];
      if (cap === undefined) this.#world.violate(name, `no cap is documented for ${what}`);
      else this.#holds(node, { what, size, cap });
    }
    if (node.network !== undefined) {
      this.#holds(node, { what: 'links of the network', size: node.network.size, cap: linksToTheNetworkMax });
    }
    this.#disk(node);
  }

  #disk(node: SimNode): void {
    const { store } = node;
    const keys = store.secretKeys();
    const devices = store.devices();
    const sessions = keys.filter(({ kind }) => kind === 'session').length;
    const cap = Math.max(1, devices.length) * sessionsPerDeviceMax;
    this.#holds(node, { what: 'sessions', size: sessions, cap });
    const skipped = new Map<string, number>();
    let tokens = 0;
    for (const { kind, key } of keys) {
      if (kind === 'intake' && key.startsWith('token/')) tokens++;
      if (kind !== 'skipped') continue;
      const session = key.slice(0, key.indexOf('/'));
      skipped.set(session, (skipped.get(session) ?? 0) + 1);
    }
    for (const size of skipped.values()) {
      this.#holds(node, { what: 'skipped keys of a session', size, cap: skippedPerSessionMax });
    }
    this.#holds(node, { what: 'one-time cards', size: tokens, cap: tokensMax });
    for (const { addresses } of devices) {
      this.#holds(node, { what: 'addresses of a device', size: addresses.length, cap: addressesOfDeviceMax });
    }
    const [first] = store.events(0, 1);
    const events = first === undefined ? 0 : store.lastEventSeq() - first.seq + 1;
    // They are cut once a day.
    this.#holds(node, { what: 'events', size: events, cap: eventsMax * 2 });
  }

  #holds(node: SimNode, { what, size, cap }: { what: string; size: number; cap: number }): void {
    if (size > (this.largest.get(what) ?? -1)) this.largest.set(what, size);
    if (size > cap)
      this.#world.violate(name, `${node.name}: ${size} of ${what}, at most ${cap} are documented`);
  }
}
