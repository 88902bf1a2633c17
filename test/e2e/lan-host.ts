/**
 * A bare network on one host of a test LAN. Events go to stdout, one JSON array a line with the time in
 * milliseconds since 1970 last; commands come from stdin the same way. Dials whom mDNS finds, as a Peer
 * does.
 */
import { createInterface } from 'node:readline';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { createNetwork, type NetworkOptions } from '@kith/node/network/network';

const options: Pick<NetworkOptions, 'lan' | 'listen'> & { dials: boolean } = JSON.parse(
  process.argv[2] ?? '{}',
);
const tell = (...values: unknown[]): void => console.log(JSON.stringify([...values, Date.now()]));
const network = createNetwork({
  lan: options.lan,
  listen: options.listen,
  port: undefined,
  crypto: createNativeBackend(),
  log: () => {},
});
let dials = 0;

await network.start({
  listening: (self, addresses) => tell('listening', self, addresses),
  lanFound: (remote, addresses) => {
    tell('lanFound', remote, addresses);
    if (options.dials) network.dial(++dials, remote, addresses, 'lan');
  },
  lanLost: (remote) => tell('lanLost', remote),
  linkUp: (link, remote, address, path, dialled) => {
    tell('linkUp', link, remote, address, path, dialled);
    network.send(link, 'message', new TextEncoder().encode('hello'), 1);
  },
  linkDown: (link, reason) => tell('linkDown', link, reason),
  frame: (link, frame) => tell('frame', link, new TextDecoder().decode(frame)),
  flushed: (link, receipt) => tell('flushed', link, receipt),
  dialFailed: (dial, code) => tell('dialFailed', dial, code),
});
tell('started');

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'report') tell('report', network.contacted(), network.troubles());
  if (line === 'stop') break;
}
await network.stop();
tell('stopped');
