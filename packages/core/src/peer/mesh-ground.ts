/** What the parts of the mesh share. */
import type { DialReason } from '../base/dial-reason.ts';
import type { LinkId, PeerId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { KeyPair } from '../crypto/backend.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { DiscoveryInput } from '../protocol/discovery/contract.ts';
import type { Discovery } from '../protocol/discovery/discovery.ts';
import type { LinksInput } from '../protocol/links/links-contract.ts';
import type { LinkPurpose } from '../wire/hello.ts';
import type { MeshLinks } from './mesh-links.ts';
import type { Turn } from './turn.ts';

export interface MeshGround {
  crypto: Crypto;
  random: Random;
  turn: Turn;
  /** Of this start. */
  networkKey: KeyPair;
  self: PeerId;
  links: MeshLinks;
  discovery: Discovery;
  drive: (input: LinksInput) => void;
  tell: (input: DiscoveryInput) => void;
  /** Asks for a link to a node. @returns false where nobody knows an address we may dial: nothing follows then. */
  reach: (peer: PeerId, why: DialReason, purpose: LinkPurpose) => boolean;
  /** Its neighbour broke a rule that no honest one breaks. */
  dismiss: (link: LinkId, reason: string) => void;
  /** Records of that node are known now. */
  known: (peer: PeerId) => void;
  /** The challenges of both hellos on that link. */
  nonces: (link: LinkId) => { ours: Uint8Array; theirs: Uint8Array } | undefined;
}
