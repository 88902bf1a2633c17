/** What goes into discovery and what comes out. */
import type { PeerId } from '../../base/ids.ts';
import { peerTableDefaults, type PeerTableConfig } from '../../base/peer-table.ts';
import type { Scope } from '../../base/place.ts';
import type { Random } from '../../base/random.ts';
import type { CryptoBackend, KeyPair } from '../../crypto/backend.ts';
import { type PeerRecord, recordTtlMsMax } from '../../crypto/record/peer-record.ts';
import type { RecordReader } from '../../crypto/record/record-reader.ts';
import { type Anchor, anchorsDefaults, type AnchorsConfig } from './anchors.ts';
import { type IntakeConfig, intakeDefaults } from './intake.ts';
import { type Outlook, type OutlookConfig, outlookDefaults } from './outlook.ts';
import { type OwnRecordConfig, ownRecordDefaults } from './own-record.ts';
import { type ShelfConfig, shelfDefaults } from './record-shelf.ts';
import type { LinkPath } from './standing-links.ts';
import { tombstonesDefaults, type TombstonesConfig } from './tombstones.ts';

export interface DiscoveryConfig {
  /** A setting, 60 s to two hours: what our record asks for, and the longest that any is kept. */
  recordTtlMs: number;
  /** A setting, 0 to 255: a record is passed on by so many nodes. */
  hopLimit: number;
  intake: Omit<IntakeConfig, 'ttlMsMax'>;
  shelf: ShelfConfig;
  tombstones: TombstonesConfig;
  table: PeerTableConfig;
  own: Omit<OwnRecordConfig, 'ttlMs'>;
  anchors: AnchorsConfig;
  outlook: OutlookConfig;
}

export const discoveryDefaults: DiscoveryConfig = {
  recordTtlMs: recordTtlMsMax, // protocol: at most 2 h.
  hopLimit: 6, // protocol.
  intake: intakeDefaults,
  shelf: shelfDefaults,
  tombstones: tombstonesDefaults,
  table: peerTableDefaults,
  own: ownRecordDefaults,
  anchors: anchorsDefaults,
  outlook: outlookDefaults,
};

export type DiscoveryInput =
  /** The network is up, or its addresses changed. `listed` false: we publish no record. */
  | { type: 'listening'; self: PeerId; addresses: string[]; listed: boolean }
  | { type: 'lanFound'; peer: PeerId; addresses: string[] }
  | { type: 'lanLost'; peer: PeerId }
  /** Counts as reached; of one we dialled, the address as a good one. */
  | { type: 'linkOpen'; peer: PeerId; address: string; path: LinkPath; dialled: boolean }
  /** `lost`: it broke or fell silent, and neither end said goodbye. */
  | { type: 'linkClosed'; peer: PeerId; lost: boolean }
  /** The node is in the active view of an overlay, or no longer. */
  | { type: 'active'; peer: PeerId; on: boolean }
  /** A dial ended. A link that opened need not be told again. */
  | { type: 'rated'; peer: PeerId; success: boolean }
  | { type: 'wake' };

export type DiscoveryOutput =
  /** Neither a record nor a link tells of it now: views and routing tables drop it. */
  | { type: 'forgotten'; peer: PeerId }
  /** Keep these bytes over restarts: anchors and the own sequence. At most one a minute. */
  | { type: 'store'; anchors: Anchor[]; bytes: Uint8Array }
  | { type: 'outlook'; outlook: Outlook }
  /** The node signed two records under one number; it is refused from now on. */
  | { type: 'proof'; peer: PeerId; proof: Uint8Array }
  /** A neighbour passed on what its maker did not sign; an honest one would have seen that. */
  | { type: 'misbehaved'; peer: PeerId; reason: 'forged-record' }
  /** `own` gives another record now, or none any more. */
  | { type: 'recordChanged' };

export interface Candidate {
  readonly peer: PeerId;
  /** 1 to 8, best first. */
  readonly addresses: readonly string[];
  /** Of the first address. */
  readonly subnet: string | undefined;
  /** Of the narrowest address. */
  readonly scope: Scope;
  /** mDNS hears it, its link is one on the LAN, or only our site reaches it. */
  readonly lan: boolean;
}

/** A node as `kith peers` shows it. */
export interface PeerEntryView {
  peer: PeerId;
  addresses: string[];
  lastSeenMs: number;
  /** Local reachability, 0 to 1. Never gossiped. */
  score: number;
  link: LinkPath | 'none';
  lan: boolean;
  active: boolean;
  anchor: boolean;
  record: { sequence: number; remainingMs: number; hops: number; offers: PeerRecord['offers'] } | undefined;
}

export interface DiscoveryParts {
  backend: CryptoBackend;
  /** Undefined: this node reads and verifies for itself. */
  records?: RecordReader | undefined;
  /** The network key of this start. */
  networkKey: KeyPair;
  config: DiscoveryConfig;
  random: Random;
  /** What `store` gave before the restart. Damaged or of another version counts as none. */
  restored: Uint8Array | undefined;
  /** Whether a view or a routing table names the node: its record is not displaced by those of strangers. */
  needed?: (peer: PeerId) => boolean;
  /** Nodes that we reached, in an order that nobody outside can steer: anchors are chosen of them. */
  tried?: () => readonly PeerId[];
}
