/**
 * People who are contacts already, with the room that keeps track of where they are, a key space they share and links
 * that stand or fall as a test says. Sessions and outboxes are as good as can be: what is told arrives when a link stands.
 */
import { hex } from '../src/base/bytes.ts';
import type { DeviceId, PersonId } from '../src/base/ids.ts';
import { createMemoryStore, type MemoryDatabase } from '../src/base/memory-store.ts';
import { seededKeySource, seededRandom } from '../src/base/random.ts';
import type { ContactState } from '../src/base/store.ts';
import type { Card } from '../src/crypto/card/card.ts';
import type { Crypto } from '../src/crypto/crypto.ts';
import { peerIdOf } from '../src/crypto/record/peer-id.ts';
import { decodeRendezvous, type Rendezvous } from '../src/crypto/rendezvous/rendezvous.ts';
import { Book } from '../src/peer/book.ts';
import { Own } from '../src/peer/own.ts';
import { Presence, type PresenceConfig, presenceDefaults } from '../src/peer/presence.ts';
import { SealedRows, type StorageKeys } from '../src/peer/sealed-rows.ts';
import { Turn } from '../src/peer/turn.ts';
import { type Content, decodeContent, encodeContent } from '../src/wire/content.ts';
import { backend } from './person-pieces.ts';

export const startMs = 1_790_000_000_000;
const stepsMax = 100_000;

export class PresenceWorld {
  nowMs: number = startMs;
  readonly people: PresencePerson[] = [];
  readonly kept: Map<string, Rendezvous & { untilMs: number }> = new Map();
  /** What was left, in order. */
  readonly left: { place: string; atMs: number }[] = [];
  /** Where somebody looked, in order. */
  readonly lookups: { by: PresencePerson; place: string; atMs: number }[] = [];
  readonly config: PresenceConfig;
  /** Whether the key space answers and keeps at all. */
  keySpace = true;
  #links = new Set<string>();

  constructor(config: Partial<PresenceConfig> = {}) {
    this.config = { ...presenceDefaults, ...config };
  }

  person(name: string): PresencePerson {
    const made = new PresencePerson(this, name, this.people.length + 1);
    this.people.push(made);
    return made;
  }

  /** Both are connected contacts of each other, with a session. */
  befriend(one: PresencePerson, other: PresencePerson): void {
    one.meet(other);
    other.meet(one);
  }

  link(one: PresencePerson, other: PresencePerson, stands = true): void {
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      const name = `${a.name} ${b.name}`;
      if (stands) this.#links.add(name);
      else this.#links.delete(name);
      a.presence.changed();
    }
    this.run(0);
  }

  linked(one: PresencePerson, other: PresencePerson): boolean {
    return this.#links.has(`${one.name} ${other.name}`);
  }

  /** Lets time pass, and everybody do what is due. */
  run(forMs: number): void {
    const untilMs = this.nowMs + forMs;
    for (let steps = 0; ; steps++) {
      if (steps > stepsMax) throw new Error('the world does not come to rest');
      for (const person of this.people) person.turnOver();
      const moved = this.people.filter((person) => person.deliver()).length;
      if (moved > 0) continue;
      const dueMs = Math.min(...this.people.map((person) => person.presence.nextWakeMs()));
      if (dueMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, dueMs);
    }
    this.nowMs = untilMs;
  }

  keep(value: Uint8Array): number {
    const decoded = decodeRendezvous(backend, value);
    if (decoded === undefined || !this.keySpace) return 0;
    const place = hex(decoded.place);
    this.left.push({ place, atMs: this.nowMs });
    if ((this.kept.get(place)?.sequence ?? 0) >= decoded.sequence) return 0;
    this.kept.set(place, { ...decoded, untilMs: this.nowMs + decoded.ttlMs });
    return 20;
  }

  find(place: string): Uint8Array | undefined {
    const kept = this.kept.get(place);
    return kept === undefined || kept.untilMs <= this.nowMs ? undefined : kept.bytes;
  }
}

export class PresencePerson {
  readonly name: string;
  readonly told: { to: PersonId; content: Content }[] = [];
  /** Contents and answers of the key space on their way. */
  readonly #waiting: (() => boolean)[] = [];
  readonly cards: Map<PersonId, Card> = new Map();
  readonly sids: Map<DeviceId, string> = new Map();
  readonly #world: PresenceWorld;
  readonly #crypto: Crypto;
  readonly #seed: number;
  readonly #database: MemoryDatabase = createMemoryStore();
  /** What the clock of this person is wrong by. */
  skewMs = 0;
  keys: StorageKeys;
  turn!: Turn;
  own!: Own;
  book!: Book;
  presence!: Presence;
  rows!: SealedRows;

  constructor(world: PresenceWorld, name: string, seed: number) {
    this.#world = world;
    this.name = name;
    this.#seed = seed;
    this.#crypto = { backend, keys: seededKeySource(seededRandom(seed)) };
    const profileKey = new Uint8Array(32).fill(seed);
    this.keys = { profileKey, storageKey: new Uint8Array(32).fill(seed + 100), generation: 0 };
    this.start();
  }

  get id(): PersonId {
    return this.own.identity.person;
  }

  get device(): DeviceId {
    return this.own.device.device;
  }

  /** From what is on the disk. */
  start(): void {
    const { store } = this.#database;
    const turn = new Turn(store.lastEventSeq());
    this.turn = turn;
    this.#begin();
    const crypto = this.#crypto;
    const rows = new SealedRows({ crypto, store, turn, keys: this.keys });
    this.rows = rows;
    this.own = new Own({ crypto, store, rows, turn, name: this.name });
    this.book = new Book({ backend, store, turn, self: this.own.identity.person });
    this.presence = new Presence({
      crypto,
      random: seededRandom(this.#seed),
      turn,
      rows,
      own: this.own,
      book: this.book,
      cards: { get: (person) => this.cards.get(person) },
      sessions: {
        sending: (device) => {
          const sid = this.sids.get(device);
          return sid === undefined ? undefined : { sid };
        },
      },
      delivery: { replaceControl: (person, device, content) => this.#say(person, device, content) },
      config: this.#world.config,
      reachableDevices: () => this.#reachable(),
      isReachable: (device) => this.#reachable().some((each) => each.device === device),
      onAddresses: () => this.presence.changed(),
      wantKept: ({ place, value }) => {
        this.#waiting.push(() => {
          this.presence.kept(place, this.#world.keep(value));
          return true;
        });
      },
      wantFound: ({ place }) => this.#find(place),
    });
    this.#commit();
  }

  listen(...addresses: string[]): void {
    const key = new Uint8Array(32).fill(this.#seed);
    this.#do(() => this.presence.listening(peerIdOf(key), addresses));
  }

  meet(other: PresencePerson): void {
    this.#do(() => {
      this.sids.set(other.device, `${[this.name, other.name].sort().join('-')}-1`);
      this.book.put({
        person: other.id,
        name: other.name,
        claimedName: other.name,
        hue: undefined,
        state: 'connected',
        stateBeforeBlock: undefined,
        verified: false,
        keyChanged: false,
        identity: other.own.identity.bytes,
        greeting: '',
        conversation: this.book.conversationWith(other.id),
        createdMs: this.#world.nowMs,
        lastSeenWallMs: undefined,
      });
      this.book.putDevice({ device: other.device, person: other.id, bundle: undefined, addresses: [] });
    });
  }

  setState(other: PresencePerson, state: ContactState): void {
    this.#do(() => this.book.put({ ...this.book.get(other.id)!, state }));
  }

  remove(other: PresencePerson): void {
    this.#do(() => this.book.remove(other.id));
  }

  addressesOf(other: PresencePerson): string[] {
    return this.book.device(other.device)?.addresses ?? [];
  }

  /** What was told of one kind, to one person. */
  toldTo<Kind extends Content['type']>(
    other: PresencePerson,
    kind: Kind,
  ): Extract<Content, { type: Kind }>[] {
    return this.told.flatMap(({ to, content }) =>
      to === other.id && content.type === kind ? [content as Extract<Content, { type: Kind }>] : [],
    );
  }

  /** A batch of nothing but a wake, as the driver would do when one is due. */
  turnOver(): void {
    this.#begin();
    if (this.presence.nextWakeMs() <= this.#world.nowMs) this.presence.wake();
    this.presence.settle();
    this.#commit();
  }

  /** @returns whether anything arrived. */
  deliver(): boolean {
    const waiting = this.#waiting.splice(0);
    let moved = false;
    this.#begin();
    for (const each of waiting) {
      if (each()) moved = true;
      else this.#waiting.push(each);
    }
    this.#commit();
    return moved;
  }

  /** A content of theirs, as from a session. */
  hear(from: PresencePerson, content: Content): void {
    this.#do(() => {
      if (content.type === 'presence') this.presence.onPresence(from.id, content);
      if (content.type === 'addresses') this.presence.onAddresses(from.device, content);
    });
  }

  /** Anything of this person's own, as a batch. */
  inTurn(run: () => void): void {
    this.#do(run);
  }

  #say(person: PersonId, device: DeviceId, content: Content): void {
    this.told.push({ to: person, content });
    const other = this.#world.people.find((each) => each.device === device);
    if (other === undefined) throw new Error('told to nobody');
    const decoded = decodeContent(encodeContent(content));
    if (decoded === undefined) throw new Error('told what is no content');
    this.#waiting.push(() => {
      if (!this.#world.linked(this, other)) return false;
      other.hear(this, decoded);
      return true;
    });
  }

  #find(place: Uint8Array): void {
    const text = hex(place);
    this.#world.lookups.push({ by: this, place: text, atMs: this.#world.nowMs });
    this.#waiting.push(() => {
      if (!this.#world.keySpace) return false;
      this.presence.found(place, this.#world.find(text));
      return true;
    });
  }

  #reachable(): { person: PersonId; device: DeviceId }[] {
    return this.#world.people
      .filter((each) => this.#world.linked(this, each))
      .map(({ id, device }) => ({ person: id, device }));
  }

  #do(run: () => void): void {
    this.#begin();
    run();
    this.presence.changed();
    this.#commit();
  }

  #begin(): void {
    this.turn.begin(this.#world.nowMs, this.#world.nowMs + this.skewMs);
  }

  #commit(): void {
    this.#database.begin();
    for (const output of this.turn.take()) {
      if (output.type === 'store') this.#database.apply(output.write);
    }
    this.#database.commit();
    this.turn.endBatch();
  }
}
