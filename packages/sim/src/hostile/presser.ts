/**
 * Adversaries of the overlay: they say yes to everybody, name only their own kind, and press on their victims with
 * links, questions, walks and records as fast as these are taken, or faster.
 */
import type { LinkId, PeerId } from '@kith/core/base/ids';
import { decodeFrame, encodeFrame } from '@kith/core/wire/frame';
import type { NeighbourWish } from '@kith/core/wire/neighbour';
import type { RecordEntry } from '@kith/core/wire/record-entries';
import { polite } from './greeting.ts';
import type { Behaviour, HostileNode } from './hostile-node.ts';

export interface Victim {
  id: PeerId;
  addresses: string[];
}

export interface Attack {
  /** Asked for each time: victims come and go. */
  victims(): readonly Victim[];
  /** A record to spread. */
  kin(): RecordEntry;
  /** Of the adversary itself. */
  own(self: HostileNode): RecordEntry;
  /** Each victim hears of it that often. */
  everyMs: number;
}

/** The overlay of everybody. */
const topic = new Uint8Array(16);
const recordsMax = 8;
const askingWishes: ReadonlySet<NeighbourWish> = new Set<NeighbourWish>(['join', 'urgent', 'ask']);

/** Answers whoever comes, and goes to nobody. */
export function welcoming(attack: Pick<Attack, 'kin' | 'own'>): Behaviour {
  return polite({
    frame(self, link, bytes) {
      const frame = decodeFrame(bytes);
      if (frame?.type === 'neighbour' && askingWishes.has(frame.wish))
        wish(self, link, { attack, wish: 'yes' });
      if (frame?.type !== 'shuffle') return;
      const records = kinOf(attack, Math.max(1, frame.records.length));
      self.say(link, encodeFrame({ type: 'shuffled', topic, records }));
    },
  });
}

/** Goes to its victims again and again besides. */
export function pressing(attack: Attack): Behaviour {
  const welcome = welcoming(attack);
  return {
    ...welcome,
    start: (self) => self.after(self.random.between(0, attack.everyMs), () => press(self, attack, 0)),
    linkUp(self, link, about) {
      welcome.linkUp?.(self, link, about);
      if (about.dialled) wish(self, link, { attack, wish: 'urgent' });
    },
  };
}

/** One victim at a time, so that all hear of it within `everyMs`. */
function press(self: HostileNode, attack: Attack, turn: number): void {
  const victims = attack.victims();
  const victim = victims[turn % Math.max(1, victims.length)];
  if (victim !== undefined) pressOn(self, attack, victim);
  const pauseMs = (attack.everyMs / Math.max(1, victims.length)) * self.random.between(0.5, 1.5);
  self.after(pauseMs, () => press(self, attack, turn + 1));
}

function pressOn(self: HostileNode, attack: Attack, { id, addresses }: Victim): void {
  const link = linkTo(self, id);
  if (link === undefined) {
    self.dial(id, addresses);
    return;
  }
  wish(self, link, { attack, wish: 'urgent' });
  self.say(link, encodeFrame({ type: 'shuffle', topic, records: kinOf(attack, recordsMax) }));
  for (const hopsLeft of [3, 0]) {
    self.say(link, encodeFrame({ type: 'walk', topic, hopsLeft, newcomer: attack.kin() }));
  }
}

function linkTo(self: HostileNode, id: PeerId): LinkId | undefined {
  for (const [link, remote] of self.links) if (remote === id) return link;
  return undefined;
}

function wish(
  self: HostileNode,
  link: LinkId,
  { attack, wish: said }: { attack: Pick<Attack, 'kin' | 'own'>; wish: NeighbourWish },
): void {
  const records = [attack.own(self), ...kinOf(attack, recordsMax - 1)];
  self.say(link, encodeFrame({ type: 'neighbour', topic, wish: said, records }));
}

function kinOf({ kin }: Pick<Attack, 'kin'>, count: number): RecordEntry[] {
  return Array.from({ length: count }, () => kin());
}
