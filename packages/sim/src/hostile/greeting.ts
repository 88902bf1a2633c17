/** What every adversary must be able to do to get any further: greet, and answer when asked whether it is there. */
import type { LinkId } from '@kith/core/base/ids';
import { decodeFrame, encodeFrame } from '@kith/core/wire/frame';
import { protocolMajor, protocolMinor } from '@kith/core/wire/hello';
import type { Behaviour, HostileNode } from './hostile-node.ts';

/** A behaviour that is polite on links, with more on top. */
export function polite(more: Behaviour): Behaviour {
  return {
    ...more,
    linkUp(self, link, about) {
      greet(self, link);
      more.linkUp?.(self, link, about);
    },
    frame(self, link, bytes) {
      const frame = decodeFrame(bytes);
      if (frame?.type === 'ping') self.say(link, encodeFrame({ type: 'pong', token: frame.token }));
      more.frame?.(self, link, bytes);
    },
  };
}

export function greet(self: HostileNode, link: LinkId): void {
  const nonce = self.random.bytes(32);
  self.say(
    link,
    encodeFrame({ type: 'hello', major: protocolMajor, minor: protocolMinor, nonce, purpose: 'neighbour' }),
  );
}
