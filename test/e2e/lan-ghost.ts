/** Announces a node by mDNS whose TCP port nobody listens on: what a firewall looks like from outside. */
import { createInterface } from 'node:readline';
import type { PeerId } from '@kith/core/base/ids';
import { Discovery } from '@kith/node/network/lan/discovery';

const ghost = '12D3KooWPgeutPn6ceY5pCQ4yAbZuTjz8FLgHTBjftkZhu6ahYXw' as PeerId;
const ignore = (): void => {};
const discovery = new Discovery(
  { self: ghost, port4: 9, port6: undefined },
  { found: ignore, lost: ignore, moved: ignore, contacting: ignore, otherMajor: ignore },
);
await discovery.start();
console.log(JSON.stringify(['started', Date.now()]));
for await (const line of createInterface({ input: process.stdin })) if (line === 'stop') break;
await discovery.stop();
