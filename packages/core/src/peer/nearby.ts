/**
 * People on the same local network who chose to be visible: we to them, and they to us. Only over links on a local
 * network, only while both ends like; what strangers claim is verified as far as it can be, and stays a claim.
 * Specification: docs/protocol/introduction.md.
 */
import type { LinkId, PeerId, PersonId } from '../base/ids.ts';
import { type BucketConfig, TokenBucket } from '../base/token-bucket.ts';
import { type Card, decodeCard, encodeLink } from '../crypto/card/card.ts';
import { type Direction, signIntroduction, verifyIntroduction } from '../crypto/card/introduction.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { Links } from '../protocol/links/links.ts';
import type { LinksOutput } from '../protocol/links/links-contract.ts';
import { encodeFrame } from '../wire/frame.ts';
import { introductionMinor } from '../wire/hello.ts';
import type { Introduced, IntroductionFrame } from '../wire/introduction.ts';
import type { Book } from './book.ts';
import { foldName, strangerName } from './contact-names.ts';
import type { Own } from './own.ts';
import type { Settings } from './settings.ts';
import type { Turn } from './turn.ts';

/** People shown at once; as many as there are links. */
export const introducedMax = 64;
/** Of each link. Slower than the other end hears, so that nothing said is lost. */
const spoken: BucketConfig = { burst: 4, refillMs: 10_000 };
/** Each costs up to 14 signatures. A guess: a person who plays with the switch is not faster. */
const heard: BucketConfig = { burst: 6, refillMs: 8_000 };
/** Who keeps the card longer holds one that ended. */
const cardLifeMs = 7 * 24 * 3_600_000;
const renewedMs = cardLifeMs / 2;

export interface NearbyParts {
  crypto: Crypto;
  turn: Turn;
  own: Own;
  book: Book;
  settings: Pick<Settings, 'current'>;
  links: Pick<Links, 'link' | 'nonces'>;
  /** Our network id of this start. */
  self: PeerId;
}

/** Somebody who introduced themselves. Name and hue are claims. */
export interface NearbyView {
  id: PersonId;
  name: string;
  hue: number | undefined;
  /** As a link, for `add`. */
  card: string;
}

interface Neighbour {
  spoken: TokenBucket;
  heard: TokenBucket;
  /** What we said last; undefined where nothing stands. */
  told: Look | undefined;
  /** What they said last, when it verified. */
  said: { card: Card; name: string; hue: number | undefined } | undefined;
}

/** What we say of ourselves: the same object as long as it is the same. */
interface Look {
  name: string;
  hue: number | undefined;
  card: Card;
  madeMs: number;
}

export class Nearby {
  #parts: NearbyParts;
  /** Neighbours on a local network that know the frame: at most as many as there are links. */
  #neighbours = new Map<LinkId, Neighbour>();
  #look: Look | undefined;
  #wakeMs = Infinity;

  constructor(parts: NearbyParts) {
    this.#parts = parts;
  }

  /** Both hellos were said. */
  opened({ link, path, purpose }: Extract<LinksOutput, { type: 'open' }>): void {
    const { turn, links } = this.#parts;
    const minor = links.link(link)?.minor ?? 0;
    if (path !== 'lan' || purpose !== 'neighbour' || minor < introductionMinor) return;
    if (this.#neighbours.has(link) || this.#neighbours.size >= introducedMax) return;
    const bucketOf = (config: BucketConfig): TokenBucket => new TokenBucket(config, turn.nowMs);
    this.#neighbours.set(link, {
      spoken: bucketOf(spoken),
      heard: bucketOf(heard),
      told: undefined,
      said: undefined,
    });
  }

  closed(link: LinkId): void {
    this.#neighbours.delete(link);
  }

  /** Whatever does not verify leaves nobody shown for that link; the other end is told nothing. */
  onIntroduction(link: LinkId, { shown }: IntroductionFrame): void {
    const neighbour = this.#neighbours.get(link);
    if (neighbour === undefined) return;
    neighbour.said = undefined;
    if (shown === undefined || !neighbour.heard.take(this.#parts.turn.nowMs)) return;
    neighbour.said = this.#verified(link, shown);
  }

  /** Says what is to be said, by the choice as it is now; once a batch. */
  settle(): void {
    this.#wakeMs = Infinity;
    if (this.#neighbours.size === 0) return;
    const look = this.#parts.settings.current.lanVisible ? this.#current() : undefined;
    for (const [link, neighbour] of this.#neighbours) this.#tell(link, neighbour, look);
    if (look !== undefined) this.#wakeMs = Math.min(this.#wakeMs, look.madeMs + renewedMs);
  }

  nextWakeMs(): number {
    return this.#wakeMs;
  }

  /** Neither contacts nor whom we blocked; each person once, as they were last said to be. By name, then id. */
  views(): NearbyView[] {
    const { book, crypto, own, turn } = this.#parts;
    const people = new Map<PersonId, NonNullable<Neighbour['said']>>();
    for (const { said } of this.#neighbours.values()) {
      if (said === undefined || said.card.expiresWallMs <= turn.wallMs) continue;
      const { person } = said.card;
      if (person !== own.identity.person && book.get(person) === undefined) people.set(person, said);
    }
    const cleaned = [...people].map(([id, { name }]) => strangerName(id, name, () => false));
    const names = [own.name, ...cleaned].map((name) => foldName(name));
    const views = [...people].map(([id, { card, name: claim, hue }]): NearbyView => {
      const isTaken = (name: string): boolean =>
        book.isTaken(name, id) || names.filter((each) => each === foldName(name)).length > 1;
      const link = encodeLink(crypto.backend, { card, identity: undefined, bundle: undefined });
      return { id, name: strangerName(id, claim, isTaken), hue, card: link };
    });
    return views.sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
  }

  #current(): Look {
    const { own, turn } = this.#parts;
    const before = this.#look;
    const { hue, name } = own;
    const isOld = before === undefined || turn.nowMs >= before.madeMs + renewedMs;
    if (!isOld && before.name === name && before.hue === hue) return before;
    // Without a place to dial: who adds it has the link it came over. It is not looked for in the key space either.
    const card = isOld ? own.card({ once: false, expiresInMs: cardLifeMs, hints: [] }) : before.card;
    this.#look = { name, hue, card, madeMs: isOld ? turn.nowMs : before.madeMs };
    return this.#look;
  }

  #tell(link: LinkId, neighbour: Neighbour, look: Look | undefined): void {
    const { turn } = this.#parts;
    if (neighbour.told === look) return;
    if (look !== undefined && !neighbour.spoken.take(turn.nowMs)) {
      this.#wakeMs = Math.min(this.#wakeMs, neighbour.spoken.readyMs(turn.nowMs));
      return;
    }
    const shown = look && this.#signed(link, look);
    neighbour.told = look;
    turn.send(link, 'control', encodeFrame({ type: 'introduction', shown }));
  }

  #signed(link: LinkId, { name, hue, card }: Look): Introduced | undefined {
    const { crypto, own } = this.#parts;
    const direction = this.#direction(link, true);
    if (direction === undefined) return undefined;
    const said = { hue, name, card: card.bytes };
    return { ...said, signature: signIntroduction(crypto.backend, own.root, { ...direction, ...said }) };
  }

  #verified(link: LinkId, { signature, ...shown }: Introduced): Neighbour['said'] {
    const { backend } = this.#parts.crypto;
    const direction = this.#direction(link, false);
    const card = decodeCard(backend, Uint8Array.from(shown.card));
    if (card === undefined || direction === undefined) return undefined;
    // Nobody's token is taken, and whoever adds it is led nowhere but to the other end of this link.
    if (card.token !== undefined || card.hints.length > 0) return undefined;
    const { hue, name } = shown;
    return verifyIntroduction(backend, card, { ...direction, ...shown, signature })
      ? { card, name, hue }
      : undefined;
  }

  #direction(link: LinkId, isOurs: boolean): Direction | undefined {
    const { links, self } = this.#parts;
    const nonces = links.nonces(link);
    const remote = links.link(link)?.remote;
    if (nonces === undefined || remote === undefined) return undefined;
    const { ours, theirs } = nonces;
    return isOurs
      ? { speaker: self, listener: remote, speakerNonce: ours, listenerNonce: theirs }
      : { speaker: remote, listener: self, speakerNonce: theirs, listenerNonce: ours };
  }
}
