/** A discovery machine on its own clock, and nodes whose records it may be told. */
import { bytesEqual, concat } from '../src/base/bytes.ts';
import type { PeerId } from '../src/base/ids.ts';
import { seededRandom } from '../src/base/random.ts';
import type { CryptoBackend, KeyPair } from '../src/crypto/backend.ts';
import { createNativeBackend } from '../src/crypto/native/native-backend.ts';
import { peerIdOf } from '../src/crypto/record/peer-id.ts';
import { makePeerRecord, type PeerRecord, type PeerRecordFacts } from '../src/crypto/record/peer-record.ts';
import {
  type DiscoveryConfig,
  discoveryDefaults,
  type DiscoveryInput,
  type DiscoveryOutput,
} from '../src/protocol/discovery/contract.ts';
import { Discovery } from '../src/protocol/discovery/discovery.ts';
import type { LinkPath } from '../src/protocol/discovery/standing-links.ts';
import type { RecordEntry } from '../src/wire/record-entries.ts';

export const backend: ReturnType<typeof createNativeBackend> = createNativeBackend();
/** Machine time and the clock on the wall differ, so that mixing them up shows. */
export const wallOffsetMs = 1_700_000_000_000;

/**
 * The native backend with keyed hashes for signatures: for tests of a hundred thousand records. It refuses a changed
 * record as the real one does, and counts what it verified.
 */
export function hashingBackend(): typeof backend & { verified: number } {
  const signatureOf = (message: Uint8Array, publicKey: Uint8Array): Uint8Array =>
    backend.blake2b(64, publicKey, message);
  return {
    ...backend,
    verified: 0,
    ed25519KeyPair(seed) {
      const publicKey = backend.blake2b(32, undefined, seed);
      return { publicKey, secretKey: concat(seed, publicKey) };
    },
    ed25519Sign: (message, secretKey) => signatureOf(message, secretKey.subarray(32)),
    ed25519Verify(signature, message, publicKey) {
      this.verified++;
      return bytesEqual(signature, signatureOf(message, publicKey));
    },
  };
}

export interface TestNode {
  keys: KeyPair;
  peer: PeerId;
  address: string;
}

/** Node number `index`, alone in its /16 up to 20,000. */
export function nodeAt(index: number, by: CryptoBackend = backend): TestNode {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, index);
  const keys = by.ed25519KeyPair(seed);
  const address = `/ip4/${11 + (Math.floor(index / 250) % 80)}.${index % 250}.7.9/tcp/4001`;
  return { keys, peer: peerIdOf(keys.publicKey), address };
}

export function recordOf(
  node: TestNode,
  facts: Partial<PeerRecordFacts> = {},
  by: CryptoBackend = backend,
): PeerRecord {
  return makePeerRecord(by, node.keys, {
    sequence: 1,
    issuedWallMs: wallOffsetMs,
    ttlMs: 7_200_000,
    addresses: [node.address],
    offers: { relay: false, carrier: false },
    onion: undefined,
    ...facts,
  });
}

export function entryOf(
  node: TestNode,
  facts: Partial<PeerRecordFacts & { hops: number; remainingSeconds: number }> = {},
  by: CryptoBackend = backend,
): RecordEntry {
  const { hops = 1, remainingSeconds = 7_200, ...rest } = facts;
  return { hops, remainingSeconds, record: recordOf(node, rest, by).bytes };
}

export class Discoverer {
  readonly machine: Discovery;
  nowMs = 1_000_000;
  /** How long the machine slept while machine time stood still. */
  sleptMs = 0;
  #outputs: DiscoveryOutput[] = [];

  constructor(machine: Discovery) {
    this.machine = machine;
  }

  do(input: DiscoveryInput): void {
    this.#outputs.push(...this.machine.handle(input, this.nowMs, this.nowMs + wallOffsetMs + this.sleptMs));
  }

  /** A link to this node opens; `from` is where it is. */
  link(node: TestNode, path: LinkPath = 'direct', dialled = true): void {
    this.do({ type: 'linkOpen', peer: node.peer, address: node.address, path, dialled });
  }

  /** Outputs since the last call. */
  take(): DiscoveryOutput[] {
    return this.#outputs.splice(0);
  }

  /** Wakes it whenever it asks for it, until that moment. */
  runTo(untilMs: number): void {
    for (let wakes = 0; ; wakes++) {
      const wakeMs = this.machine.nextWakeMs();
      if (wakeMs === undefined || wakeMs > untilMs) break;
      if (wakes > 100_000) throw new Error('it asks to be woken without end');
      this.nowMs = Math.max(this.nowMs, wakeMs);
      this.do({ type: 'wake' });
    }
    this.nowMs = untilMs;
  }
}

interface Special {
  restored: Uint8Array;
  seed: number;
  by: typeof backend;
  needed: (peer: PeerId) => boolean;
  tried: () => readonly PeerId[];
}

/** Machine of the node 1,000,000, with these settings among the defaults. */
export function discoverer(settings: Partial<DiscoveryConfig> & Partial<Special> = {}): Discoverer {
  const { restored, seed = 1, by = backend, needed = () => false, tried = () => [], ...config } = settings;
  const parts = {
    backend: by,
    networkKey: nodeAt(1_000_000, by).keys,
    random: seededRandom(seed),
    restored,
    needed,
    tried,
  };
  return new Discoverer(new Discovery({ ...parts, config: { ...discoveryDefaults, ...config } }));
}
