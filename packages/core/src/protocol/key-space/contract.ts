/** What goes into the key space machine and what comes out, its ports and its settings. */
import type { LinkId, PeerId } from '../../base/ids.ts';
import type { FindFrame, FoundFrame } from '../../wire/find.ts';
import type { KeepFrame, KeptFrame } from '../../wire/keep.ts';
import type { RecordEntry } from '../../wire/record-entries.ts';
import { keeperDefaults, type KeeperConfig, type ValueFacts } from './keeper.ts';
import { lookupDefaults, type LookupConfig } from './lookup.ts';
import { tableDefaults, type TableConfig } from './routing-table.ts';
import { upkeepDefaults, type UpkeepConfig } from './upkeep.ts';

export interface KeySpaceConfig {
  /** Running at a time; each has at most one question a path. */
  searchesMax: number;
  /** Searches asked for that wait for their turn. */
  waitingMax: number;
  /** Our entries a search begins from. */
  rootsMax: number;
  /** Questions `keep` at a time. */
  keepsMax: number;
  connectMsMax: number;
  answerMsMax: number;
  /** Questions of one link that are answered: so many at once, then one every `allowanceMs`. */
  allowanceMax: number;
  allowanceMs: number;
  table: TableConfig;
  lookup: LookupConfig;
  keeper: KeeperConfig;
  upkeep: UpkeepConfig;
}

export const keySpaceDefaults: KeySpaceConfig = {
  searchesMax: 4, // Three links each: below the 16 links for questions.
  waitingMax: 256, // A guess: a person's contacts are looked for in turn.
  rootsMax: 30, // Ten runs a path.
  keepsMax: 4, // A guess.
  connectMsMax: 8_000, // A guess: the handshake of a far node takes below one second, its first address may be dead.
  answerMsMax: 4_000, // A guess.
  allowanceMax: 16, // A guess: a search asks a node once.
  allowanceMs: 1_000,
  table: tableDefaults,
  lookup: lookupDefaults,
  keeper: keeperDefaults,
  upkeep: upkeepDefaults,
};

export interface KeySpacePorts {
  /** Where a node stands: 32 bytes, or undefined without a record of it. Called often: must be cheap. */
  place(peer: PeerId): Uint8Array | undefined;
  /** What the discovery knows of it now; `subnet` undefined for the LAN. */
  candidate(peer: PeerId): { subnet: string | undefined } | undefined;
  /** Records of those that may be told on that link, in this order; those that may not are left out. */
  offer(peers: PeerId[], link: LinkId): RecordEntry[];
  /** Our own record as it may be told on that link, undefined where we publish none for so far away. */
  own(link: LinkId): RecordEntry | undefined;
  /** An open link to that node. */
  linkTo(peer: PeerId): LinkId | undefined;
  /** Checks a value fully; undefined: it is no value. */
  verify(value: Uint8Array): ValueFacts | undefined;
}

export type KeySpaceInput =
  /**
   * A record of that node came by gossip. Not to be said of what `learned` names: liars choose what stands in their
   * answers, so of these only who answers us comes into the table.
   */
  | { type: 'known'; peer: PeerId }
  | { type: 'forgotten'; peer: PeerId }
  /** Hellos were said. `subnet`: of the remote's address, undefined on the LAN. */
  | { type: 'linkOpen'; link: LinkId; peer: PeerId; subnet: string | undefined }
  | { type: 'linkClosed'; link: LinkId }
  /** `learned`: of a find or found, the nodes whose records in it were accepted or known already, in its order. */
  | { type: 'frame'; link: LinkId; frame: FindFrame | FoundFrame | KeepFrame | KeptFrame; learned: PeerId[] }
  /** `lookup`: the caller's number for the answer. `key`: 32 bytes. */
  | { type: 'lookup'; lookup: number; key: Uint8Array }
  /** `value`: ours, valid; its place is `key`. */
  | { type: 'keep'; lookup: number; key: Uint8Array; value: Uint8Array }
  /** A `connect` came to nothing. */
  | { type: 'unreachable'; peer: PeerId }
  | { type: 'wake' };

export type KeySpaceOutput =
  | { type: 'send'; link: LinkId; frame: Uint8Array }
  /** A link for a question is wanted; `linkOpen` or `unreachable` follows. */
  | { type: 'connect'; peer: PeerId; why: string }
  /** No question of ours is open on this link any more. */
  | { type: 'release'; link: LinkId }
  /** `value`: the newest found, undefined where none was. `holders`: the nearest that answered. */
  | {
      type: 'finished';
      lookup: number;
      value: Uint8Array | undefined;
      holders: PeerId[];
      hops: number;
      questions: number;
      refused: boolean;
    }
  /** `copies`: nodes that say they keep it now. */
  | { type: 'kept'; lookup: number; copies: number; questions: number; refused: boolean };
