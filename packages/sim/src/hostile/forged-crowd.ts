/**
 * Records of nodes that an adversary made up: each signed by a key of its own, as anybody's is, and each claiming an
 * address in one subnet, of which only some are answered.
 */
import type { CryptoBackend } from '@kith/core/crypto/backend';
import { makePeerRecord } from '@kith/core/crypto/record/peer-record';
import type { RecordEntry } from '@kith/core/wire/record-entries';
import type { Stream } from '../world/chance.ts';
import type { HostileNode } from './hostile-node.ts';

const ttlMs = 2 * 3_600_000;
const hostsInSubnet = 254;
const firstPort = 5_000;

export interface ForgedCrowdOptions {
  backend: CryptoBackend;
  random: Stream;
  /** Three numbers: `203.5.5`. */
  subnet: string;
  count: number;
  wallMs: number;
}

export class ForgedCrowd {
  readonly #options: ForgedCrowdOptions;
  readonly #records: Uint8Array[] = [];
  #next = 0;
  /** Records given to others so far; of these each of the crowd counts again and again. */
  given = 0;

  constructor(options: ForgedCrowdOptions) {
    this.#options = options;
  }

  /** How many different ones were given. */
  get made(): number {
    return this.#records.length;
  }

  /** The next of them, round and round. Signed when it is needed first. */
  next(): RecordEntry {
    const index = this.#next++ % this.#options.count;
    const record = (this.#records[index] ??= this.#make(index));
    this.given++;
    return entryOf(record);
  }

  #make(index: number): Uint8Array {
    const { backend, random, subnet, wallMs } = this.#options;
    const port = firstPort + Math.floor(index / hostsInSubnet);
    const address = `/ip4/${subnet}.${1 + (index % hostsInSubnet)}/tcp/${port}`;
    const keys = backend.ed25519KeyPair(random.bytes(32));
    return makePeerRecord(backend, keys, factsOf([address], wallMs)).bytes;
  }
}

/** The record of an adversary that runs, as it would be if it were honest. */
export function recordOf(node: HostileNode): RecordEntry {
  const facts = factsOf(node.addresses, node.world.startWallMs);
  return entryOf(makePeerRecord(node.backend, node.networkKey, facts).bytes);
}

function factsOf(addresses: string[], wallMs: number): Parameters<typeof makePeerRecord>[2] {
  const offers = { relay: false, carrier: false };
  return { sequence: wallMs, issuedWallMs: wallMs, ttlMs, addresses, offers, onion: undefined };
}

function entryOf(record: Uint8Array): RecordEntry {
  return { hops: 0, remainingSeconds: ttlMs / 1_000, record };
}
