/** Adversaries without a plan: bytes of every shape, at every moment, in every order. */
import type { LinkId } from '@kith/core/base/ids';
import { decodeFrame } from '@kith/core/wire/frame';
import { frameTypes } from '@kith/core/wire/frame-type';
import { damaged } from '../network/weather.ts';
import type { Behaviour, HostileNode } from './hostile-node.ts';
import { polite } from './greeting.ts';

const types = Object.values(frameTypes);
const everyMs = 200;
/** Of these random ones are never genuine; of the others some are as good as any neighbour's. */
const proven: ReadonlySet<string> = new Set([
  'envelope',
  'request',
  'handshake',
  'bundleOffer',
  'identityOffer',
  'broadcast',
]);

/** Dials everybody it is told of again and again, and says nonsense until it is sent away. */
export function babbler(targets: readonly string[][]): Behaviour {
  return polite({
    start: (self) => redial(self, targets),
    linkUp: (self, link) => babble(self, link),
  });
}

/** Sends back what it gets, damaged, and what it heard on one link over all its others. */
export function parrot(targets: readonly string[][]): Behaviour {
  return polite({
    start: (self) => redial(self, targets),
    frame(self, link, frame) {
      if (self.random.chance(0.5)) self.say(link, damaged(frame, self.random), 'message');
      else
        for (const other of self.links.keys()) if (self.random.chance(0.3)) self.say(other, frame, 'message');
    },
  });
}

function redial(self: HostileNode, targets: readonly string[][]): void {
  const target = self.random.pick(targets);
  if (self.links.size < targets.length) self.dial(undefined, target);
  self.after(self.random.between(500, 5_000), () => redial(self, targets));
}

function babble(self: HostileNode, link: LinkId): void {
  if (!self.links.has(link)) return;
  const { random } = self;
  const length = random.chance(0.05) ? random.below(65_535) : random.below(600);
  const frame = random.bytes(1 + length);
  // Half of them with a type there is: random ones are nearly always unknown.
  if (random.chance(0.5)) frame[0] = random.pick(types);
  const form = decodeFrame(frame);
  if (form === undefined || proven.has(form.type)) self.junk(link, frame);
  else self.say(link, frame, 'message');
  self.after(random.between(0, everyMs * 2), () => babble(self, link));
}
