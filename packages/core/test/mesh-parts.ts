/** What a room of the mesh stands on, for tests of one room alone: it reaches nobody and tells nobody. */
import { seededKeySource, seededRandom } from '../src/base/random.ts';
import { createNativeBackend } from '../src/crypto/native/native-backend.ts';
import type { MeshGround } from '../src/peer/mesh-ground.ts';
import { MeshLinks } from '../src/peer/mesh-links.ts';
import { Turn } from '../src/peer/turn.ts';
import { discoverer, type Discoverer, nodeAt } from './discoverer.ts';

/** @param parts - what a test wants to see or say itself. */
export function meshParts(parts: Partial<MeshGround> = {}): { ground: MeshGround; one: Discoverer } {
  const crypto = { backend: createNativeBackend(), keys: seededKeySource(seededRandom(1)) };
  const turn = new Turn(0);
  const one = discoverer();
  turn.begin(one.nowMs, one.nowMs);
  const self = nodeAt(1_000_000);
  const ground: MeshGround = {
    crypto,
    random: seededRandom(1),
    turn,
    networkKey: self.keys,
    self: self.peer,
    links: new MeshLinks(),
    discovery: one.machine,
    drive: () => {},
    tell: () => {},
    reach: () => true,
    dismiss: () => {},
    known: () => {},
    nonces: () => undefined,
    ...parts,
  };
  return { ground, one };
}
