/**
 * The Peer: the whole protocol of one device as one pure machine. It owns no socket, disk, clock or chance;
 * the driver feeds it inputs and carries out its outputs in order (docs: ARCHITECTURE.md, contract.ts).
 *
 * This file only puts the parts together and gives each input to the part that answers it:
 * own (who we are) · book (contacts) · sessions · meeting (becoming contacts) · delivery (outbox) ·
 * incoming (opened frames) · acknowledgements · identities · neighbours (links) · commands.
 */
import { KithError } from '../base/errors.ts';
import { unreachable } from '../base/invariant.ts';
import type { PersonId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Store } from '../base/store.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { Links, linksDefaults } from '../protocol/links/links.ts';
import { Outbox, outboxDefaults } from '../protocol/outbox/outbox.ts';
import { type SessionRows, SessionTable } from '../protocol/sessions/session-table.ts';
import { decodeFrame } from '../wire/frame.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { Book } from './book.ts';
import { CardShelf } from './card-shelf.ts';
import { CommandDesk, viewOf } from './commands.ts';
import type { Answer, Command, PeerInput, PeerOutput } from './contract.ts';
import { Delivery } from './delivery.ts';
import { Health } from './health.ts';
import { Identities } from './identities.ts';
import { Incoming } from './incoming.ts';
import { Journal } from './journal.ts';
import { Meeting } from './meeting.ts';
import { Neighbours } from './neighbours.ts';
import { Openings } from './openings.ts';
import { Own, weekMs } from './own.ts';
import { Requests } from './requests.ts';
import { SealedRows, type StorageKeys } from './sealed-rows.ts';
import { eventsKept, Turn } from './turn.ts';

const dayMs = 24 * 3_600_000;

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
}

export class Peer {
  #turn: Turn;
  #rows: SealedRows;
  #own: Own;
  #sessions: SessionTable;
  #delivery: Delivery;
  #meeting: Meeting;
  #requests: Requests;
  #neighbours: Neighbours;
  #incoming: Incoming;
  #acknowledgements: Acknowledgements;
  #commands: CommandDesk;
  #book: Book;
  #rotateAtMs: number;
  #started = false;

  constructor(parts: PeerParts) {
    const { crypto, random, store, keys, nowMs, wallMs } = parts;
    const { backend } = crypto;
    const turn = new Turn(store.lastEventSeq());
    turn.begin(nowMs, wallMs);
    const rows = new SealedRows({ crypto, store, turn, keys });
    const own = new Own({ crypto, store, rows, turn, name: parts.name });
    const self = own.identity.person;
    const book = new Book({ backend, store, turn, self });
    const sessions = new SessionTable(crypto, sessionRows(rows, store), weekOf(wallMs));
    const journal = new Journal(store, turn, self);
    const acknowledgements = new Acknowledgements({ crypto, store, turn, sessions });
    const delivery: Delivery = new Delivery({
      turn,
      store,
      book,
      journal,
      sessions,
      outbox: new Outbox(outboxDefaults, random),
      onStalled: (person, device) => meeting.renew(person, device, true),
      onUnanswered: (person) => this.#unanswered(person),
    });
    const links = new Links(crypto, linksDefaults, random);
    const neighbours: Neighbours = new Neighbours({
      crypto,
      turn,
      own,
      book,
      sessions,
      links,
      delivery,
      bootstrap: parts.bootstrap,
      meeting: () => meeting,
      requests: () => requests,
    });
    const identities: Identities = new Identities({
      crypto,
      turn,
      own,
      book,
      delivery,
      onChanged: (person) => neighbours.refresh(person),
    });
    const cards = new CardShelf(backend, rows);
    const openings = new Openings({ crypto, turn, store, own, book, sessions });
    const hints = (): string[] => neighbours.addresses;
    const requests: Requests = new Requests({ crypto, turn, own, book, cards, openings, delivery, hints });
    const meeting: Meeting = new Meeting({
      crypto,
      turn,
      own,
      book,
      cards,
      openings,
      requests,
      sessions,
      delivery,
      acknowledgements,
      identities: () => identities,
      hints,
      onAcquaintance: (person) => neighbours.refresh(person),
      view: (row) => viewOf(row, neighbours),
    });
    const health = new Health(backend, rows.agreement);
    this.#incoming = new Incoming({
      backend,
      turn,
      store,
      book,
      journal,
      sessions,
      delivery,
      meeting,
      identities,
      acknowledgements,
      deviceOn: (link) => neighbours.deviceOn(link),
    });
    this.#commands = new CommandDesk({
      crypto,
      turn,
      store,
      own,
      book,
      journal,
      sessions,
      delivery,
      meeting,
      neighbours,
      health,
    });
    this.#turn = turn;
    this.#rows = rows;
    this.#own = own;
    this.#sessions = sessions;
    this.#delivery = delivery;
    this.#meeting = meeting;
    this.#requests = requests;
    this.#neighbours = neighbours;
    this.#acknowledgements = acknowledgements;
    this.#book = book;
    this.#rotateAtMs = turn.nowMs; // At start, then daily.
  }

  /** Applies one input. The driver applies the returned `store` outputs before the next input. */
  handle(input: PeerInput, nowMs: number, wallMs: number): PeerOutput[] {
    this.#turn.begin(nowMs, wallMs);
    this.#sessions.setWeek(weekOf(wallMs));
    this.#dispatch(input);
    return this.#turn.take();
  }

  /** Ends a batch: what was coalesced is said now, before the commit. */
  settle(nowMs: number, wallMs: number): PeerOutput[] {
    this.#turn.begin(nowMs, wallMs);
    this.#neighbours.settle();
    this.#acknowledgements.settle();
    this.#sessions.flush();
    return this.#turn.take();
  }

  /** When the driver must send `wake`, or undefined to sleep. Ask again after every batch. */
  nextWakeMs(): number | undefined {
    const times = [
      this.#rotateAtMs,
      this.#own.nextWakeMs(),
      this.#delivery.nextWakeMs(),
      this.#requests.nextWakeMs(),
      this.#neighbours.nextWakeMs(),
    ];
    return Math.min(...times.map((each) => each ?? Infinity));
  }

  #dispatch(input: PeerInput): void {
    switch (input.type) {
      case 'listening':
        this.#neighbours.listening(input.self, input.addresses);
        return;
      case 'lanFound':
      case 'lanLost':
      case 'dialFailed':
        this.#neighbours.drive(input);
        return;
      case 'linkUp':
        this.#neighbours.linkUp(input);
        return;
      case 'linkDown':
        this.#neighbours.linkDown(input.link);
        return;
      case 'frame':
        this.#onFrame(input);
        return;
      case 'flushed':
        this.#delivery.flushed(input.link, input.receipt);
        return;
      case 'wake':
        this.#wake();
        return;
      case 'command':
        this.#turn.push({ type: 'answer', request: input.request, answer: this.#answer(input.command) });
        return;
      default:
        unreachable(input);
    }
  }

  #onFrame({ link, frame: bytes }: Extract<PeerInput, { type: 'frame' }>): void {
    const frame = decodeFrame(bytes);
    if (frame === undefined) {
      this.#turn.log('warn', 'malformed-frame', { bytes: bytes.length });
      this.#neighbours.drive({ type: 'dismiss', link, reason: 'malformed frame' });
      return;
    }
    this.#neighbours.drive({ type: 'frame', link, frame });
    if (!this.#neighbours.isOpen(link)) return;
    switch (frame.type) {
      case 'envelope':
        this.#incoming.onEnvelope(link, frame.bytes);
        return;
      case 'request': {
        const hash = this.#incoming.hash(bytes);
        if (!this.#acknowledgements.repeat(hash, link)) this.#meeting.onRequest(frame, hash);
        return;
      }
      case 'handshake': {
        const hash = this.#incoming.hash(bytes);
        const known = this.#neighbours.deviceOn(link);
        if (this.#acknowledgements.repeat(hash, link) || known === undefined) return;
        this.#meeting.onHandshake(link, frame, { hash, device: known.device });
        return;
      }
      case 'bundleOffer':
        this.#neighbours.onBundleOffer(link, frame.bundle);
        return;
      case 'identityOffer':
        this.#neighbours.onIdentityOffer(link, frame.identity);
        return;
      default:
        return; // The links machine has dealt with it.
    }
  }

  #answer(command: Command): Answer {
    try {
      return { ok: true, out: this.#commands.run(command) };
    } catch (error) {
      if (error instanceof KithError) return { ok: false, code: error.code, detail: error.message };
      throw error;
    }
  }

  #wake(): void {
    const { nowMs } = this.#turn;
    if (nowMs >= this.#rotateAtMs) this.#daily();
    for (const hash of this.#own.expire()) this.#turn.store({ op: 'removeReplays', prekey: hash });
    this.#own.bundle();
    this.#delivery.wake();
    this.#requests.wake();
    this.#neighbours.drive({ type: 'wake' });
  }

  /** At start and once a day: the storage key moves on, and what need not be remembered is forgotten. */
  #daily(): void {
    const { nowMs } = this.#turn;
    this.#rows.rotate();
    this.#turn.store({ op: 'forget', nowMs, eventsFrom: Math.max(0, this.#turn.eventSeq - eventsKept) });
    this.#rotateAtMs = nowMs + dayMs;
    if (this.#started) return;
    this.#started = true;
    if (this.#rows.agreement === 'restored' || this.#rows.agreement === 'ahead') this.#tellRestoredCopy();
    for (const { person, state } of this.#book.list()) {
      if (state === 'requested') this.#requests.sendIfMissing(person);
    }
  }

  #tellRestoredCopy(): void {
    const text = 'This profile is an older copy. Every encrypted session is set up anew; what came later is missing.';
    this.#turn.event('notice', { kind: 'restored-copy', contact: null, text });
  }

  /** protocol.md §1: after 30 days without an answer the request ends, and what waited for it with it. */
  #unanswered(person: PersonId): void {
    const row = this.#book.get(person);
    if (row?.state !== 'requested') return;
    this.#delivery.fail(person, 'request not answered');
    this.#neighbours.dropPerson(person);
    for (const { device } of this.#book.devicesOf(person)) this.#sessions.removeDevice(device);
    this.#meeting.forget(person);
    this.#book.remove(person);
    const { name, verified } = row;
    this.#turn.event('contact', { id: person, name, state: 'removed', verified, reachable: false });
  }
}

function weekOf(wallMs: number): number {
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
