/**
 * A hostile node of an overlay world: says yes to everybody, names only its own kind, and presses on its victims
 * with links, questions, walks and records as fast as they are taken, or faster.
 */
import type { LinkId, PeerId } from '../src/base/ids.ts';
import type { OverlayFrame } from '../src/protocol/overlay/overlay-state.ts';
import type { RecordEntry } from '../src/wire/record-entries.ts';
import { openTopic, type OverlayWorld, recordOf, type WorldLink, type WorldNode } from './overlay-world.ts';

export interface Attack {
  victims: readonly PeerId[];
  /** Whose records it spreads. */
  kin(): PeerId;
  everyMs: number;
}

export class Attacker implements WorldNode {
  readonly peer: PeerId;
  readonly links: Map<LinkId, WorldLink> = new Map();
  alive = true;
  side = 0;
  /** Records given to others so far. */
  spread = 0;
  #world: OverlayWorld;
  #attack: Attack;

  constructor(world: OverlayWorld, peer: PeerId, attack: Attack) {
    this.#world = world;
    this.peer = peer;
    this.#attack = attack;
  }

  begin(): void {
    this.#world.at(this.#world.random.next() * this.#attack.everyMs, () => this.#press());
  }

  onOpen(link: WorldLink, dialled: boolean): void {
    this.#world.hold(link, this, true);
    if (dialled) this.#say(link, 'urgent');
  }

  onFrame(link: WorldLink, frame: OverlayFrame): void {
    if (
      frame.type === 'neighbour' &&
      (frame.wish === 'ask' || frame.wish === 'join' || frame.wish === 'urgent')
    ) {
      this.#say(link, 'yes');
    }
    if (frame.type !== 'shuffle') return;
    this.#world.send(link, this, { type: 'shuffled', topic: openTopic, records: this.#kin() });
  }

  onClosed(): void {
    // It comes again with the next press.
  }

  #press(): void {
    if (!this.alive) return;
    const world = this.#world;
    for (const victim of this.#attack.victims) {
      const link = [...this.links.values()].find(({ ends }) => ends.some(({ peer }) => peer === victim));
      if (link === undefined) {
        world.dial(this, victim, { brief: false, failed: () => {} });
        continue;
      }
      this.#say(link, 'urgent');
      world.send(link, this, { type: 'shuffle', topic: openTopic, records: this.#kin() });
      world.send(link, this, { type: 'walk', topic: openTopic, hopsLeft: 3, newcomer: this.#record() });
      world.send(link, this, { type: 'walk', topic: openTopic, hopsLeft: 0, newcomer: this.#record() });
    }
    world.at(this.#attack.everyMs * (0.5 + world.random.next()), () => this.#press());
  }

  #say(link: WorldLink, wish: 'urgent' | 'yes'): void {
    this.#world.send(link, this, { type: 'neighbour', topic: openTopic, wish, records: this.#kin() });
  }

  #kin(): RecordEntry[] {
    return Array.from({ length: 8 }, () => this.#record());
  }

  #record(): RecordEntry {
    this.spread++;
    return recordOf(this.#attack.kin());
  }
}
