import { symmetricFloor } from './floors/symmetric.ts';
import type { Bench, Round } from './harness/bench.ts';
import { pass, ratchetPair } from './harness/ratchet-pair.ts';
import { sideBySide } from './harness/side-by-side.ts';

/** libsignal, seal and open in one direction, on two shared cores where the floor ran 358,983 messages/s. */
const libsignalPerSecond = 3_384;
const contentBytes = 200;
const paddedBytes = 256;

async function run(): Promise<Round> {
  const { crypto, initiator, responder } = ratchetPair();
  const content = new Uint8Array(contentBytes).fill(65);
  const send = (messages: number): void => {
    // One answer a turn, as acknowledgements give, so that KEM offers are answered.
    pass(crypto, responder, { to: initiator, content });
    for (let index = 1; index < messages; index += 1) pass(crypto, initiator, { to: responder, content });
  };
  pass(crypto, initiator, { to: responder, content });
  const counts = { product: 400, floor: 4_000, turns: 60 };
  const { productPerSecond, floorPerSecond } = sideBySide(send, symmetricFloor(paddedBytes), counts);
  for (const session of [initiator, responder]) session.release();
  return {
    figures: { messagesPerSecond: productPerSecond },
    floors: { symmetricPerSecond: floorPerSecond },
  };
}

export const bench: Bench = {
  about:
    'seal and open in one direction: ratchet, padding to 256 B and envelope, 200 B of content, in memory',
  goals: [
    {
      what: 'messages/s (docs/benchmarks.md: ten times libsignal)',
      value: ({ figures }) => figures['messagesPerSecond'] ?? 0,
      sense: 'atLeast',
      limit: 10 * libsignalPerSecond,
    },
  ],
  run,
};
