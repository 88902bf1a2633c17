import { agreementFloor } from './floors/agreement.ts';
import type { Bench, Round } from './harness/bench.ts';
import { pass, ratchetPair } from './harness/ratchet-pair.ts';
import { sideBySide } from './harness/side-by-side.ts';

/** libsignal, every message turns, on two shared cores where the floor ran 14,343 agreements/s. */
const libsignalPerSecond = 2_259;
const contentBytes = 200;

async function run(): Promise<Round> {
  const { crypto, initiator, responder } = ratchetPair();
  const content = new Uint8Array(contentBytes).fill(65);
  const converse = (messages: number): void => {
    for (let index = 0; index < messages; index += 2) {
      pass(crypto, initiator, { to: responder, content });
      pass(crypto, responder, { to: initiator, content });
    }
  };
  const counts = { product: 60, floor: 150, turns: 60 };
  const { productPerSecond, floorPerSecond } = sideBySide(converse, agreementFloor(), counts);
  for (const session of [initiator, responder]) session.release();
  return {
    figures: { messagesPerSecond: productPerSecond },
    floors: { agreementsPerSecond: floorPerSecond },
  };
}

export const bench: Bench = {
  about:
    'seal and open, every message turns: two agreements and a key pair each, a KEM secret every 50, in memory',
  goals: [
    {
      what: 'messages/s (docs/benchmarks.md: twice libsignal)',
      value: ({ figures }) => figures['messagesPerSecond'] ?? 0,
      sense: 'atLeast',
      limit: 2 * libsignalPerSecond,
    },
  ],
  run,
};
