/** What the links machine is told, what it wants done, and its bounds. */
import type { LinkId, PeerId } from '../../base/ids.ts';
import { peerTableDefaults, type PeerTableConfig } from '../../base/peer-table.ts';
import type { Frame } from '../../wire/frame.ts';
import type { LinkPurpose } from '../../wire/hello.ts';
import type { Recognisable } from './acquaintances.ts';
import type { DialOutput, Failure, Reach, Want } from './dial-target.ts';
import { diallingDefaults, type DiallingConfig } from './dialling-config.ts';
import { type LinkPath, type LinkTimes, linkTimesDefaults } from './link-state.ts';

export interface LinksConfig {
  linksMax: number;
  /** So many are not for links that rooms of the mesh hold, unless of somebody recognised. */
  peopleMin: number;
  /** From here on, strangers that were met before are not dialled again. */
  linksFew: number;
  linksPerNodeMax: number;
  /** Strangers that came to us from one subnet, LANs apart. */
  strangersPerSubnetMax: number;
  /** Links for a question of ours. */
  questionsMax: number;
  /** Links for a question that came to us: they take none of the places of ours. */
  theirQuestionsMax: number;
  /** A stranger is not sent away before it had this long to be recognised. */
  graceMs: number;
  /** Between two links that get a new list, so that the work is spread. */
  relistSpreadMs: number;
  times: LinkTimes;
  table: PeerTableConfig;
  dialling: DiallingConfig;
}

export const linksDefaults: LinksConfig = {
  linksMax: 64, // protocol: global overlay and communities share them.
  peopleMin: 4, // A guess: sixteen topics of eight neighbours want more places than there are.
  linksFew: 48, // A guess: a quarter stays free for contacts and nodes not met yet.
  linksPerNodeMax: 4, // Two come of both dialling at once; more is a fault or an attack.
  strangersPerSubnetMax: 8, // An eighth of all places.
  questionsMax: 16, // Three paths of a lookup ask three nodes each.
  theirQuestionsMax: 12,
  graceMs: 10_000, // A guess: recognition takes two round trips; three hops of two seconds each way.
  relistSpreadMs: 20, // A list of 1,024 entries costs about 2 ms.
  times: linkTimesDefaults,
  table: peerTableDefaults,
  dialling: diallingDefaults,
};

export type LinksInput =
  | { type: 'listening'; self: PeerId; addresses: string[] }
  | { type: 'lanFound'; remote: PeerId; addresses: string[] }
  | { type: 'lanLost'; remote: PeerId }
  | { type: 'linkUp'; link: LinkId; remote: PeerId; address: string; path: LinkPath; dialled: boolean }
  | { type: 'linkDown'; link: LinkId }
  /** Every decoded frame, of whatever class. */
  | { type: 'frame'; link: LinkId; frame: Frame }
  /** The Peer will have no more of this link: malformed frames, for one. */
  | { type: 'dismiss'; link: LinkId; reason: string }
  /** `code` undefined: why is not known. */
  | { type: 'dialFailed'; dial: number; code?: Failure | undefined }
  /** Replaces all entries; most recently seen first. Each id once, each key 32 bytes. */
  | { type: 'recognisable'; entries: Recognisable[] }
  /**
   * A link is wanted to whoever will be recognised as `id`, or, for an id nobody is recognised as, to whoever
   * answers. Again with the same id: replaces the addresses, and tries new ones at once.
   */
  | ({ type: 'want' } & Want)
  | { type: 'unwant'; id: string }
  /**
   * A link to this node is asked for once: `open` or `unreachable` follows, also when others dial it first or a
   * link stands whose hellos are not said yet. Nothing follows where a link that serves is open already.
   */
  | ({ type: 'reach' } & Reach)
  /** A room of the mesh needs the link, or no longer. A held link neither ends idle nor makes room. */
  | { type: 'hold'; link: LinkId; holder: string; on: boolean }
  /**
   * The person acted, or the network came back: no back-off holds any longer. With `wants` only for the wants whose ids
   * begin so.
   */
  | { type: 'hurry'; wants?: readonly string[] }
  | { type: 'wake' };

export type LinksOutput =
  /** Always of class control. */
  | { type: 'send'; link: LinkId; frame: Uint8Array }
  | DialOutput
  /** The link counts as gone from here on; its `linkDown` changes nothing more. */
  | { type: 'close'; link: LinkId; reason: string }
  /**
   * Both hellos were said. With `promoted` for the second time: the link was for a question, and is a
   * neighbour's from here on.
   */
  | {
      type: 'open';
      link: LinkId;
      remote: PeerId;
      address: string;
      path: LinkPath;
      dialled: boolean;
      purpose: LinkPurpose;
      promoted: boolean;
    }
  /** Ends what `open` began, once for each link. */
  | { type: 'down'; link: LinkId; remote: PeerId }
  /** No link came of a `reach`. `dialled` false: for want of places or dials of ours, which says nothing about the node. */
  | { type: 'unreachable'; remote: PeerId; purpose: LinkPurpose; dialled: boolean }
  | { type: 'recognised'; link: LinkId; id: string }
  /** The link is gone, or the entry does not stand any more. */
  | { type: 'lost'; link: LinkId; id: string }
  /** The best path to the node changed. */
  | { type: 'peer'; remote: PeerId; path: LinkPath | 'none' }
  /** No room: `listed` beyond 1,024 and `checked` beyond 4,096 entries, a want beyond 1,024. */
  | { type: 'dropped'; what: 'listed' | 'checked' | 'want'; count: number };
