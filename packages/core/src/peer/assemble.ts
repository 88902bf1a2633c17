/** Puts the rooms of the Peer together. Nothing is decided here. */
import type { DeviceId, LinkId, PersonId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Store } from '../base/store.ts';
import type { KeyPair } from '../crypto/backend.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { peerIdOf } from '../crypto/record/peer-id.ts';
import type { RecordReader } from '../crypto/record/record-reader.ts';
import { Links } from '../protocol/links/links.ts';
import { type LinksInput, linksDefaults } from '../protocol/links/links-contract.ts';
import { Outbox, type OutboxConfig, outboxDefaults } from '../protocol/outbox/outbox.ts';
import { type SessionRows, SessionTable } from '../protocol/sessions/session-table.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { Book } from './book.ts';
import { CardShelf } from './card-shelf.ts';
import { Changes } from './changes.ts';
import { CommandDesk, viewOf } from './commands.ts';
import { ContactNews } from './contact-news.ts';
import { Delivery } from './delivery.ts';
import { Health } from './health.ts';
import { Identities } from './identities.ts';
import { Incoming } from './incoming.ts';
import { Journal } from './journal.ts';
import { Meeting } from './meeting.ts';
import { Mesh, type MeshParts, type MeshSettings, meshSettingsDefaults } from './mesh.ts';
import { MessageViews } from './message-views.ts';
import { Nearby } from './nearby.ts';
import { Neighbours } from './neighbours.ts';
import { Openings } from './openings.ts';
import { Presence, presenceDefaults } from './presence.ts';
import { Own, weekMs } from './own.ts';
import { OwnProfile } from './own-profile.ts';
import { Reading } from './reading.ts';
import { Renewal } from './renewal.ts';
import { Requests } from './requests.ts';
import { Retention } from './retention.ts';
import { ScreenLock } from './screen-lock.ts';
import { Settings } from './settings.ts';
import { SealedRows, type StorageKeys } from './sealed-rows.ts';
import { Turn } from './turn.ts';
import { Typing } from './typing.ts';

export interface PeerParts {
  crypto: Crypto;
  /** For jitter and sampling only. */
  random: Random;
  store: Store;
  keys: StorageKeys;
  /** Addresses our person gave to start with, as multiaddrs. */
  bootstrap: string[];
  /** What a new profile is called until its person says otherwise. */
  name: string;
  nowMs: number;
  wallMs: number;
  /** Of the network, of this start: signs our peer record. */
  networkKey: KeyPair;
  /** Reads the records of other nodes, for several Peers of one process; undefined: each for itself. */
  records?: RecordReader | undefined;
  /** What the person chose of the mesh; undefined: the defaults. */
  mesh?: MeshSettings | undefined;
  /** Bounds other than the defaults, where a simulation has to reach them. */
  outbox?: OutboxConfig | undefined;
}

/** What needs nothing but the disk. */
interface Foundations {
  crypto: Crypto;
  turn: Turn;
  store: Store;
  rows: SealedRows;
  own: Own;
  book: Book;
  sessions: SessionTable;
  journal: Journal;
  acknowledgements: Acknowledgements;
  settings: Settings;
  screenLock: ScreenLock;
  retention: Retention;
}

export interface PeerRooms extends Foundations {
  delivery: Delivery;
  requests: Requests;
  meeting: Meeting;
  neighbours: Neighbours;
  mesh: Mesh;
  nearby: Nearby;
  incoming: Incoming;
  commands: CommandDesk;
  presence: Presence;
  typing: Typing;
  contactNews: ContactNews;
}

/** @param onUnanswered - a request of ours ended without an answer. */
export function assemble(parts: PeerParts, onUnanswered: (person: PersonId) => void): PeerRooms {
  const base = lay(parts);
  const { crypto, book, sessions } = base;
  const bounds = parts.outbox ?? outboxDefaults;
  const outbox = new Outbox(bounds, parts.random);
  const onStalled = (person: PersonId, device: DeviceId): void => {
    if (book.get(person)?.state === 'requested') neighbours.tryAnotherOwner(person);
    else renewal.renew(person, device);
  };
  const delivery: Delivery = new Delivery({ ...base, outbox, bounds, onStalled, onUnanswered });
  const told = talkOver(base, delivery);
  const { changes, profile, reading } = told;
  const links = new Links(crypto, linksDefaults, parts.random);
  const neighbours: Neighbours = new Neighbours({
    ...base,
    links,
    delivery,
    bootstrap: parts.bootstrap,
    meeting: () => meeting,
    renewal: () => renewal,
    identities: () => identities,
    requests: () => requests,
    mesh: () => mesh,
    nearby: () => nearby,
    onChanged: () => presence.changed(),
  });
  const mesh: Mesh = meshOver(links, { parts, base, drive: (input) => neighbours.drive(input) });
  const nearby = new Nearby({ ...base, links, self: peerIdOf(parts.networkKey.publicKey) });
  const refresh = (person: PersonId): void => neighbours.refresh(person);
  const identities: Identities = new Identities({ ...base, delivery, onChanged: refresh });
  const cards = new CardShelf(crypto.backend, base.rows);
  const openings = new Openings({ ...base, sessions });
  const renewal: Renewal = new Renewal({ ...base, cards, openings, delivery });
  const hints = (): string[] => neighbours.addresses;
  const requests: Requests = new Requests({ ...base, cards, openings, delivery, hints });
  const meeting: Meeting = new Meeting({
    ...base,
    cards,
    openings,
    requests,
    delivery,
    identities,
    profile,
    hints,
    onAcquaintance: refresh,
    view: (row) => viewOf(row, neighbours),
  });
  const presence: Presence = presenceOver(base, { parts, cards, delivery, neighbours, mesh });
  const linkOf = (device: DeviceId): LinkId | undefined => neighbours.linkOf(device);
  const typing = new Typing({ ...base, linkOf, isShared: () => base.settings.current.typingSigns });
  const incoming = new Incoming({
    ...base,
    presence,
    changes,
    typing,
    reading,
    backend: crypto.backend,
    delivery,
    meeting,
    renewal,
    identities,
    deviceOn: (link) => neighbours.deviceOn(link),
  });
  const health = new Health(crypto.backend, base.rows.agreement);
  const rooms = { delivery, requests, meeting, neighbours, nearby, mesh, presence, typing };
  const commands = new CommandDesk({ ...base, ...rooms, ...told, outbox, health });
  const contactNews = new ContactNews({ ...base, reachable: (person) => neighbours.reachable(person) });
  return { ...base, ...rooms, incoming, commands, contactNews };
}

/** What is said about messages and about ourselves, beside the messages. */
function talkOver(
  base: Foundations,
  delivery: Delivery,
): { views: MessageViews; changes: Changes; profile: OwnProfile; reading: Reading } {
  const self = base.own.identity.person;
  const views = new MessageViews({ ...base, self, delivery });
  const changes = new Changes({ ...base, self, delivery, views });
  const profile = new OwnProfile({ ...base, delivery });
  const reading = new Reading({ ...base, delivery, isShared: () => base.settings.current.readMarks });
  return { views, changes, profile, reading };
}

function presenceOver(
  base: Foundations,
  rooms: Pick<PeerRooms, 'delivery' | 'neighbours' | 'mesh'> & { parts: PeerParts; cards: CardShelf },
): Presence {
  const { parts, cards, delivery, neighbours, mesh } = rooms;
  const presence: Presence = new Presence({
    ...base,
    cards,
    delivery,
    random: parts.random,
    config: presenceDefaults,
    reachableDevices: () => neighbours.reachableDevices(),
    isReachable: (device) => neighbours.isReachable(device),
    onAddresses: () => neighbours.changed(),
    wantKept: ({ place, value }) => mesh.places.keep(place, value, (copies) => presence.kept(place, copies)),
    wantFound: ({ place }) => mesh.places.find(place, (value) => presence.found(place, value)),
  });
  return presence;
}

function meshOver(
  links: Links,
  { parts, base, drive }: { parts: PeerParts; base: Foundations; drive: (input: LinksInput) => void },
): Mesh {
  const { bootstrap, random, networkKey, records, mesh: settings = meshSettingsDefaults } = parts;
  const nonces: MeshParts['nonces'] = (link) => links.nonces(link);
  return new Mesh({ ...base, bootstrap, random, networkKey, records, settings, drive, nonces });
}

function lay({ crypto, store, keys, name, nowMs, wallMs }: PeerParts): Foundations {
  const { backend } = crypto;
  const turn = new Turn(store.lastEventSeq());
  turn.begin(nowMs, wallMs);
  const rows = new SealedRows({ crypto, store, turn, keys });
  const own = new Own({ crypto, store, rows, turn, name });
  const self = own.identity.person;
  const book = new Book({ backend, store, turn, self });
  const sessions = new SessionTable(crypto, sessionRows(rows, store), weekOf(wallMs));
  const journal = new Journal(store, turn);
  const acknowledgements = new Acknowledgements({ crypto, store, turn, sessions, book });
  const settings: Settings = new Settings({ store, turn, onChanged: () => retention.changed() });
  const retention = new Retention({ store, turn, keepDays: () => settings.current.keepDays });
  const kept = { settings, retention, screenLock: new ScreenLock({ store, turn }) };
  return { crypto, turn, store, rows, own, book, sessions, journal, acknowledgements, ...kept };
}

export function weekOf(wallMs: number): number {
  return Math.floor(wallMs / weekMs);
}

/** The part of the sealed rows that sessions use. */
function sessionRows(rows: SealedRows, store: Store): SessionRows {
  return {
    put: (kind, key, plaintext) => rows.put(kind, key, plaintext),
    get: (kind, key) => rows.get(kind, key),
    remove: (kind, key) => rows.remove(kind, key),
    list: (kind, prefix) => rows.list(kind, prefix),
    keys: (kind, prefix) => store.secrets(kind, prefix).map((row) => row.key),
  };
}
