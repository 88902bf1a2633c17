/**
 * The mesh: which other nodes there are, who of them are our neighbours in which topic, what is broadcast there, and
 * the key space. Composes discovery, one overlay a topic, broadcast and key space over the links we have.
 *
 * It knows nodes, never persons. Whatever it wants of the links machine goes through `drive`.
 */
import type { DialReason } from '../base/dial-reason.ts';
import { hexDecode } from '../base/bytes.ts';
import { KithError } from '../base/errors.ts';
import type { LinkId, PeerId } from '../base/ids.ts';
import { unreachable } from '../base/invariant.ts';
import { scopeOf } from '../base/place.ts';
import type { Random } from '../base/random.ts';
import type { Store } from '../base/store.ts';
import type { KeyPair } from '../crypto/backend.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { peerIdOf } from '../crypto/record/peer-id.ts';
import type { RecordReader } from '../crypto/record/record-reader.ts';
import { broadcastDefaults } from '../protocol/broadcast/config.ts';
import type { Anchor } from '../protocol/discovery/anchors.ts';
import {
  type DiscoveryInput,
  type DiscoveryOutput,
  discoveryDefaults,
  type PeerEntryView,
} from '../protocol/discovery/contract.ts';
import { Discovery } from '../protocol/discovery/discovery.ts';
import type { Outlook } from '../protocol/discovery/outlook.ts';
import { keySpaceDefaults } from '../protocol/key-space/contract.ts';
import { plainAddress } from '../protocol/links/dial-target.ts';
import type { LinksInput, LinksOutput } from '../protocol/links/links-contract.ts';
import { overlayDefaults } from '../protocol/overlay/overlay-config.ts';
import { broadcastBodyBytesMax } from '../wire/broadcast.ts';
import { topicBytes } from '../wire/follow.ts';
import type { Frame } from '../wire/frame.ts';
import type { LinkPurpose } from '../wire/hello.ts';
import type { Commands } from './contract.ts';
import type { MeshGround } from './mesh-ground.ts';
import type { HealthCheck } from './health.ts';
import { meshChecks } from './mesh-health.ts';
import { diallable } from './mesh-dials.ts';
import { MeshLinks } from './mesh-links.ts';
import { MeshPlaces } from './mesh-places.ts';
import { everybody, MeshTopics } from './mesh-topics.ts';
import { MeshWants } from './mesh-wants.ts';
import type { Turn } from './turn.ts';

/** What a person may choose of the mesh. */
export interface MeshSettings {
  /** What our record asks for, and the longest that any is kept, 60,000 to 7,200,000 ms. */
  ttlMs: number;
  /** A record is passed on by so many nodes, 0 to 255. */
  hopLimit: number;
  /** Whether we publish a record. */
  listed: boolean;
  /** Whether nodes beyond the local network are none of our business. */
  lanOnly: boolean;
}

export const meshSettingsDefaults: MeshSettings = {
  ttlMs: discoveryDefaults.recordTtlMs,
  hopLimit: discoveryDefaults.hopLimit,
  listed: true,
  lanOnly: false,
};

export interface MeshParts {
  crypto: Crypto;
  records: RecordReader | undefined;
  random: Random;
  turn: Turn;
  store: Store;
  /** Of this start. */
  networkKey: KeyPair;
  settings: MeshSettings;
  /** Multiaddrs our person gave to start with: whom we find there is trusted more than who is only named. */
  bootstrap: readonly string[];
  drive: (input: LinksInput) => void;
  /** The challenges of both hellos on that link. */
  nonces: (link: LinkId) => { ours: Uint8Array; theirs: Uint8Array } | undefined;
}

/** Anchors and our last sequence, as discovery encodes them. */
const storedSetting = 'mesh';
/** With so many neighbours, those of before the restart are not looked for any longer. */
const neighboursEnough = 3;

export class Mesh {
  #parts: MeshParts;
  #links = new MeshLinks();
  #discovery: Discovery;
  #topics: MeshTopics;
  #places: MeshPlaces;
  #own: readonly string[] = [];
  #outlookTold: Outlook['state'] = 'alone';
  #wants: MeshWants;
  /** Of before the restart. */
  #before: readonly Anchor[];

  constructor(parts: MeshParts) {
    this.#parts = parts;
    this.#wants = new MeshWants(parts.drive);
    const { crypto, random, turn, store, networkKey, settings, drive, nonces } = parts;
    this.#discovery = new Discovery({
      backend: crypto.backend,
      records: parts.records,
      networkKey,
      config: { ...discoveryDefaults, recordTtlMs: settings.ttlMs, hopLimit: settings.hopLimit },
      random,
      restored: store.setting(storedSetting),
      needed: (peer) => this.#topics.names(peer) || this.#places.names(peer),
      tried: () => this.#topics.tried(),
    });
    this.#before = this.#discovery.anchors();
    const ground: MeshGround = {
      crypto,
      random,
      turn,
      networkKey,
      self: peerIdOf(networkKey.publicKey),
      links: this.#links,
      discovery: this.#discovery,
      drive,
      nonces,
      tell: (input) => this.#tell(input),
      reach: (peer, why, purpose) => this.#reach(peer, why, purpose),
      dismiss: (link, reason) => drive({ type: 'dismiss', link, reason }),
      known: (peer) => this.#places.known(peer),
    };
    const config = { overlay: overlayDefaults, broadcast: broadcastDefaults };
    this.#topics = new MeshTopics(ground, config, () => this.#wantAnchors());
    this.#places = new MeshPlaces(ground, keySpaceDefaults);
  }

  get outlook(): Outlook {
    return this.#discovery.outlook();
  }

  /** Whether nodes beyond the local network are none of our business. */
  get lanOnly(): boolean {
    return this.#parts.settings.lanOnly;
  }

  get places(): MeshPlaces {
    return this.#places;
  }

  listening(self: PeerId, addresses: readonly string[]): void {
    const { listed, lanOnly } = this.#parts.settings;
    this.#own = addresses;
    const shown = addresses.filter((each) => !lanOnly || scopeOf(each) !== 'global');
    this.#tell({ type: 'listening', self, addresses: shown, listed });
    this.#wantAnchors();
    this.#topics.hurry();
  }

  lanFound(peer: PeerId, addresses: string[]): void {
    this.#tell({ type: 'lanFound', peer, addresses });
    this.#topics.lanFound(peer);
  }

  lanLost(peer: PeerId): void {
    this.#tell({ type: 'lanLost', peer });
  }

  opened(output: Extract<LinksOutput, { type: 'open' }>): void {
    const link = this.#links.open(output);
    if (output.promoted)
      this.#topics.linkClosed(link.link); // It begins anew, as a link that may stay.
    else {
      const { remote: peer, address, path, dialled } = output;
      this.#tell({ type: 'linkOpen', peer, address, path, dialled });
      this.#places.linkOpen(link);
    }
    this.#topics.linkOpen(link);
    if (output.dialled) this.#trust(output.remote, plainAddress(output.address));
  }

  /** @param lost - it broke or fell silent: neither end said goodbye. */
  closed(link: LinkId, lost: boolean): void {
    const closed = this.#links.close(link);
    if (closed === undefined) return;
    this.#tell({ type: 'linkClosed', peer: closed.remote, lost });
    this.#topics.linkClosed(link);
    this.#places.linkClosed(link);
  }

  /** @param dialled - false where nobody knocked there, for want of places of ours. */
  unreachable(peer: PeerId, dialled: boolean): void {
    if (dialled) this.#tell({ type: 'rated', peer, success: false });
    this.#topics.unreachable(peer, dialled);
    this.#places.unreachable(peer);
  }

  /** Our neighbours in the overlay of a topic (32 hex digits). */
  neighboursIn(topic: string): PeerId[] {
    return this.#topics.neighboursIn(topic);
  }

  /** @returns false where the frame is none of the mesh. */
  onFrame(from: LinkId, frame: Frame): boolean {
    const link = this.#links.get(from);
    switch (frame.type) {
      case 'neighbour':
      case 'walk':
      case 'shuffle':
      case 'shuffled':
      case 'follow':
        if (link !== undefined) this.#topics.onOverlayFrame(from, frame);
        return true;
      case 'broadcast':
      case 'digest':
      case 'want':
      case 'prune':
      case 'dontWant':
        if (link !== undefined) this.#topics.onBroadcastFrame(from, frame);
        return true;
      case 'find':
      case 'found':
      case 'keep':
      case 'kept':
        if (link !== undefined) this.#places.onFrame(link, frame);
        return true;
      case 'hello':
      case 'recognise':
      case 'ping':
      case 'pong':
      case 'goodbye':
      case 'handshake':
      case 'envelope':
      case 'request':
      case 'confirm':
      case 'confirmed':
      case 'bundleOffer':
      case 'identityOffer':
      case 'introduction':
        return false;
      default:
        return unreachable(frame);
    }
  }

  follow(topic: string, peers: { addresses: string[] }[]): Commands['follow']['out'] {
    const bytes = topicOf(topic);
    if (!this.#topics.follow(bytes)) throw new KithError('full');
    this.#wants.followed(topic, peers);
    return {};
  }

  unfollow(topic: string): Commands['unfollow']['out'] {
    this.#topics.unfollow(topicOf(topic));
    this.#wants.unfollowed(topic);
    return {};
  }

  publish(topic: string, body: Uint8Array): Commands['publish']['out'] {
    const bytes = topicOf(topic);
    if (!this.#topics.follows(bytes))
      throw new KithError('usage', 'Only who follows a topic publishes in it.');
    if (body.length === 0) throw new KithError('message-empty');
    if (body.length > broadcastBodyBytesMax) {
      throw new KithError('message-too-long', `A broadcast has at most ${broadcastBodyBytesMax} bytes.`);
    }
    return { author: this.#parts.networkKey.publicKey, sequence: this.#topics.publish(bytes, body) };
  }

  peers(): (PeerEntryView & { view: 'active' | 'passive' | 'none' })[] {
    const peers = this.#discovery.peers(this.#parts.turn.nowMs);
    return peers.map((each) => ({ ...each, view: this.#topics.viewOf(each.peer) }));
  }

  /** How full each table is that others can fill, by what it holds: for checkers of bounds. */
  sizes(): Record<string, number> {
    const { records, peers, tombstones, proofs } = this.#discovery.sizes();
    const { entries, values, searches, questions } = this.#places.figures();
    return {
      records,
      'nodes remembered': peers,
      'ended records': tombstones,
      proofs,
      anchors: this.#discovery.anchors().length,
      ...this.#topics.sizes(),
      'routing table': entries,
      'values kept': values,
      searches,
      'open questions': questions,
    };
  }

  /** For `kith doctor`. */
  checks(): HealthCheck[] {
    const { settings, turn } = this.#parts;
    const { active } = this.#topics;
    const recorded = this.#discovery.own('loopback', turn.nowMs) !== undefined;
    const anchors = this.#discovery.anchors().length;
    const reserve = this.peers().filter(({ view }) => view === 'passive').length;
    return meshChecks({ outlook: this.outlook, settings, active, reserve, anchors, recorded });
  }

  nextWakeMs(): number {
    const discovery = this.#discovery.nextWakeMs() ?? Infinity;
    return Math.min(discovery, this.#topics.nextWakeMs(), this.#places.nextWakeMs());
  }

  wake(): void {
    if ((this.#discovery.nextWakeMs() ?? Infinity) <= this.#parts.turn.nowMs) this.#tell({ type: 'wake' });
    this.#topics.wake();
    this.#places.wake();
  }

  /** Told when it is another; a number in its sentence may change as it likes. */
  #outlookChanged({ state, detail }: Outlook): void {
    if (state === this.#outlookTold) return;
    this.#outlookTold = state;
    this.#parts.turn.event('network', { outlook: state, detail });
  }

  #tell(input: DiscoveryInput): void {
    const { nowMs, wallMs } = this.#parts.turn;
    for (const output of this.#discovery.handle(input, nowMs, wallMs)) this.#carryOut(output);
  }

  #carryOut(output: DiscoveryOutput): void {
    const { turn } = this.#parts;
    switch (output.type) {
      case 'forgotten':
        this.#topics.forgotten(output.peer);
        this.#places.forgotten(output.peer);
        return;
      case 'store':
        turn.store({ op: 'putSetting', key: storedSetting, value: output.bytes });
        return;
      case 'outlook':
        this.#outlookChanged(output.outlook);
        return;
      case 'proof':
        turn.log('warn', 'record-equivocation', { peer: output.peer });
        for (const { link } of this.#links.to(output.peer)) {
          this.#parts.drive({ type: 'dismiss', link, reason: 'equivocation' });
        }
        return;
      case 'misbehaved':
        for (const { link } of this.#links.to(output.peer)) {
          this.#parts.drive({ type: 'dismiss', link, reason: output.reason });
        }
        return;
      case 'recordChanged':
        return;
      default:
        unreachable(output);
    }
  }

  /** Whom our person named, or who was our neighbour before the restart, is asked and kept before who was only named. */
  #trust(peer: PeerId, address: string): void {
    const isThere = (each: string): boolean => plainAddress(each) === address;
    if (this.#parts.bootstrap.some(isThere)) this.#topics.trusted(peer, 'bootstrap');
    else if (this.#before.some(({ addresses }) => addresses.some(isThere))) {
      this.#topics.trusted(peer, 'anchor');
    }
  }

  #reach(remote: PeerId, why: DialReason, purpose: LinkPurpose): boolean {
    const known = this.#discovery.candidate(remote);
    const { lanOnly } = this.#parts.settings;
    const addresses = known === undefined ? [] : diallable(known, { own: this.#own, lanOnly });
    if (addresses.length === 0) return false;
    this.#parts.drive({ type: 'reach', remote, addresses, why, purpose });
    return true;
  }

  #wantAnchors(): void {
    this.#wants.anchors(this.#discovery.anchors(), this.#topics.active === 0);
  }

  /** Once a batch. */
  settle(): void {
    if (this.#wants.seeksAnchors && this.#topics.active >= neighboursEnough) {
      this.#wants.anchorsReplaced();
    }
  }
}

/** @throws KithError `usage`. */
function topicOf(text: string): Uint8Array {
  const topic = hexDecode(text);
  if (
    topic === undefined ||
    topic.length !== topicBytes ||
    topic.every((byte, at) => byte === everybody[at])
  ) {
    throw new KithError('usage', 'A topic is 32 hexadecimal digits, not all zero.');
  }
  return topic;
}
