/**
 * How many inputs one machine of the Peer, the broadcast's, handles in a second of CPU, frames decoded, without Driver and Peer
 * around it. A process of its own, so that nothing else is on its heap. Started by `bench/sim-speed.ts`.
 *
 *   node bench/harness/broadcast-machines.ts MACHINES SEED      prints one number
 */
import { BroadcastWorld } from '@kith/sim/broadcast-world';
import { someRegion, wideLatency } from '@kith/sim/scenarios/wide-world';

const [machines = 100, seed = 1] = process.argv.slice(2).map(Number);
/** Of 300 bytes, by five authors in turn. */
const deliveries = 400_000;
const bodyBytes = 300;
const everyMs = 200;
/** Until the machines have met. */
const restMs = 10_000;

const latency = wideLatency(seed);
const world = new BroadcastWorld({ nodes: machines, seed, latency, regionOf: someRegion, jitter: 0.2 });
world.run(restMs);
const eventsBefore = world.events;
const before = process.cpuUsage();
for (let message = 0; message < deliveries / machines; message++) {
  world.say(message % 5, new Uint8Array(bodyBytes));
  world.run(world.nowMs + everyMs);
}
const { user, system } = process.cpuUsage(before);
console.log((world.events - eventsBefore) / ((user + system) / 1e6));
