/**
 * The links to our neighbours and what they mean for people: which link is which contact's device, what we
 * tell a recognised one, and whom we look for. Composes `protocol/links`.
 */
import type { DeviceId, LinkId, PeerId, PersonId } from '../base/ids.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { Links } from '../protocol/links/links.ts';
import type { LinksInput, LinksOutput } from '../protocol/links/links-contract.ts';
import type { WantProgress } from '../protocol/links/progress.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import type { BundleOfferFrame } from '../wire/bundle-offer.ts';
import { encodeFrame } from '../wire/frame.ts';
import type { Book } from './book.ts';
import type { PeerView } from './contract.ts';
import type { Delivery } from './delivery.ts';
import type { Identities } from './identities.ts';
import { devicePrefix, intakeEntry, LookedFor, ownerPrefix } from './looked-for.ts';
import type { Meeting } from './meeting.ts';
import type { Mesh } from './mesh.ts';
import type { Renewal } from './renewal.ts';
import type { Requests } from './requests.ts';
import type { Own } from './own.ts';
import type { Nearby } from './nearby.ts';
import { PeerNews } from './peer-news.ts';
import { peerViews } from './peer-views.ts';
import type { Turn } from './turn.ts';

export interface NeighboursParts {
  crypto: Crypto;
  turn: Turn;
  own: Own;
  book: Book;
  sessions: SessionTable;
  links: Links;
  delivery: Delivery;
  /** Multiaddrs our person gave to start with. */
  bootstrap: string[];
  meeting(): Meeting;
  renewal(): Renewal;
  identities(): Identities;
  mesh(): Mesh;
  nearby(): Nearby;
  onChanged(): void;
  requests(): Requests;
}

interface Known {
  person: PersonId;
  device: DeviceId;
}

export class Neighbours {
  #parts: NeighboursParts;
  #deviceOn = new Map<LinkId, Known>();
  #linksOf = new Map<DeviceId, Set<LinkId>>();
  /** Links whose other end proved to hold a card that we hold too: its owner, or another it was given to. */
  #ownerOn = new Map<LinkId, PersonId>();
  #addresses: string[] = [];
  #addressOf = new Map<LinkId, { address: string; dialled: boolean }>();
  #lookedFor: LookedFor;
  #news: PeerNews;
  #waiting: LinksInput[] = [];
  #isDriving = false;
  /** Links that one end closed, until they are down. */
  #saidGoodbye = new Set<LinkId>();

  constructor(parts: NeighboursParts) {
    this.#parts = parts;
    this.#news = new PeerNews(parts.turn);
    this.#lookedFor = new LookedFor({ ...parts, drive: (input) => this.drive(input) });
  }

  /** Where others can reach us now, best first. An address with a zone means nothing on another machine. */
  get addresses(): string[] {
    return this.#addresses.filter((each) => !each.startsWith('/ip6zone/') && !each.endsWith('/ws'));
  }

  get linkCount(): number {
    return this.#parts.links.size;
  }

  /** Nodes of which we know by ourselves where they are. */
  get nodeCount(): number {
    return this.#parts.links.nodes;
  }

  deviceOn(link: LinkId): Known | undefined {
    return this.#deviceOn.get(link);
  }

  reachable(person: PersonId): boolean {
    return this.#parts.book.devicesOf(person).some((each) => this.#linksOf.has(each.device));
  }

  /** A link stands to a device of theirs, or to whoever answers to their card. */
  isLinked(person: PersonId): boolean {
    return this.reachable(person) || this.#ownerLinks(person).length > 0;
  }

  /** How far the link to the owner of their card has come; undefined where no address of theirs is known. */
  progress(person: PersonId): WantProgress | undefined {
    return this.#parts.links.progress(ownerPrefix + person, this.#parts.turn.nowMs);
  }

  views(): PeerView[] {
    const contacts = new Set<PeerId>();
    for (const link of this.#deviceOn.keys()) {
      const remote = this.#parts.links.link(link)?.remote;
      if (remote !== undefined) contacts.add(remote);
    }
    return peerViews(this.#parts.mesh().peers(), contacts, this.#parts.turn);
  }

  nextWakeMs(): number | undefined {
    return this.#lookedFor.stale ? this.#parts.turn.nowMs : this.#parts.links.nextWakeMs();
  }

  listening(self: PeerId, addresses: string[]): void {
    this.#addresses = addresses;
    this.drive({ type: 'listening', self, addresses });
    this.#parts.mesh().listening(self, addresses);
  }

  linkUp(input: Extract<LinksInput, { type: 'linkUp' }>): void {
    this.#addressOf.set(input.link, { address: input.address, dialled: input.dialled });
    this.drive(input);
  }

  linkDown(link: LinkId): void {
    this.#addressOf.delete(link);
    this.drive({ type: 'linkDown', link });
    this.#saidGoodbye.delete(link);
    this.#forget(link);
    this.#parts.delivery.linkDown(link);
  }

  reachableDevices(): Known[] {
    return [...this.#deviceOn.values()];
  }

  /** The oldest link that stands with that device. */
  linkOf(device: DeviceId): LinkId | undefined {
    const [link] = this.#linksOf.get(device) ?? [];
    return link;
  }

  isReachable(device: DeviceId): boolean {
    return this.#linksOf.has(device);
  }

  /** Something about whom we look for changed; looked at again at the end of the batch. */
  changed(): void {
    this.#parts.onChanged();
    this.#lookedFor.changed();
  }

  /** Tells the links machine whom to recognise and where to dial, if that changed. Once a batch. */
  settle(): void {
    this.#lookedFor.settle();
  }

  /** A bundle or identity from a link; believed only as far as the recognition went. */
  onBundleOffer(link: LinkId, { bundle, identityHead }: BundleOfferFrame): void {
    const { book } = this.#parts;
    const meeting = this.#parts.meeting();
    const known = this.#deviceOn.get(link);
    const person = known?.person ?? this.#ownerOn.get(link);
    const identity = person === undefined ? undefined : book.identity(person);
    if (person === undefined || identity === undefined) return;
    for (const { device } of identity.devices) {
      if (known === undefined || known.device === device) meeting.takeBundle(identity, device, bundle);
    }
    if (known !== undefined) {
      this.#renewIfNone(known);
      this.#parts.identities().compareHead(person, known.device, identityHead);
    }
    this.#parts.requests().sendIfMissing(person);
    this.#ownerReachable(person);
  }

  /** Our request got no answer over the link it went by: another that answers to the card may be the owner's. */
  tryAnotherOwner(person: PersonId): void {
    const [tried] = this.#ownerLinks(person);
    if (tried === undefined) return;
    this.#ownerOn.delete(tried);
    this.#ownerOn.set(tried, person);
    this.#ownerReachable(person);
  }

  onIdentityOffer(link: LinkId, identity: Uint8Array): void {
    const person = this.#ownerOn.get(link);
    if (person !== undefined) this.#parts.meeting().takeIdentity(person, identity);
  }

  /** Whether frames of other classes may come over this link: both sides said hello. */
  isOpen(link: LinkId): boolean {
    return this.#parts.links.isOpen(link);
  }

  /** What the mesh wants while outputs are carried out comes after them: a link that is gone must not come back. */
  drive(input: LinksInput): void {
    const { links, turn } = this.#parts;
    this.#waiting.push(input);
    if (this.#isDriving) return;
    this.#isDriving = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      for (const output of links.handle(next, turn.nowMs)) this.#carryOut(output);
    }
    this.#isDriving = false;
  }

  /** A person's devices may be written to, or no longer: blocked, changed keys, verified again. */
  refresh(person: PersonId): void {
    this.changed();
    const open = this.#open(person);
    for (const { device } of this.#parts.book.devicesOf(person)) {
      const [link] = this.#linksOf.get(device) ?? [];
      if (link === undefined) continue;
      if (open) this.#parts.delivery.deviceUp(device, link);
      else this.#parts.delivery.deviceDown(device);
    }
  }

  /** Forgets which links are that person's, before they are removed from the book. */
  dropPerson(person: PersonId): void {
    for (const { device } of this.#parts.book.devicesOf(person)) this.#lookedFor.forget(device);
    for (const [link, known] of this.#deviceOn) if (known.person === person) this.#forget(link);
    for (const [link, owner] of this.#ownerOn) if (owner === person) this.#ownerOn.delete(link);
    this.changed();
  }

  #carryOut(output: LinksOutput): void {
    const { turn } = this.#parts;
    switch (output.type) {
      case 'send':
        turn.send(output.link, 'control', output.frame);
        return;
      case 'dial': {
        const { dial, remote, addresses, why } = output;
        turn.push({ type: 'dial', dial, remote, addresses, why });
        return;
      }
      case 'close':
        if (output.reason !== 'silent') this.#saidGoodbye.add(output.link);
        turn.push({ type: 'close', link: output.link, reason: output.reason });
        return;
      case 'open':
        this.#parts.mesh().opened(output);
        this.#parts.nearby().opened(output);
        return;
      case 'down':
        this.#parts.nearby().closed(output.link);
        this.#parts.mesh().closed(output.link, !this.#saidGoodbye.delete(output.link));
        return;
      case 'unreachable':
        this.#parts.mesh().unreachable(output.remote, output.dialled);
        return;
      case 'recognised':
        this.#recognised(output.link, output.id);
        return;
      case 'lost':
        this.#lost(output.link, output.id);
        return;
      case 'peer':
        this.#news.changed(output.remote, output.path);
        return;
      case 'dropped':
        turn.log('warn', 'links-full', { what: output.what, count: output.count });
    }
  }

  #recognised(link: LinkId, id: string): void {
    const { own, book, turn } = this.#parts;
    if (id === intakeEntry) {
      // Whoever holds our card may know who we are; that is what the card says.
      turn.send(link, 'control', encodeFrame({ type: 'identityOffer', identity: own.identity.bytes }));
      this.#offerBundle(link);
      return;
    }
    if (id.startsWith(ownerPrefix)) {
      const person = id.slice(ownerPrefix.length) as PersonId;
      this.#ownerOn.set(link, person);
      this.#ownerReachable(person);
      return;
    }
    const device = id.slice(devicePrefix.length) as DeviceId;
    const row = book.device(device);
    const contact = row && book.get(row.person);
    if (row === undefined || contact === undefined) return;
    const { person } = row;
    this.#deviceOn.set(link, { person, device });
    this.#linksOf.set(device, (this.#linksOf.get(device) ?? new Set()).add(link));
    this.#parts.onChanged();
    this.#offerBundle(link);
    const reached = this.#addressOf.get(link);
    if (reached?.dialled === true) book.keepAddress(device, reached.address);
    // A second link to the same device takes nothing over: what is on its way stays where it is.
    if (this.#open(person) && this.#linksOf.get(device)?.size === 1)
      this.#parts.delivery.deviceUp(device, link);
    book.touch(contact.person);
    this.#renewIfNone({ person, device });
  }

  #lost(link: LinkId, id: string): void {
    if (id.startsWith(devicePrefix)) this.#forget(link);
    if (id.startsWith(ownerPrefix)) this.#forgetOwner(link);
  }

  #forget(link: LinkId): void {
    const { delivery, book } = this.#parts;
    this.#forgetOwner(link);
    const known = this.#deviceOn.get(link);
    if (known === undefined) return;
    this.#deviceOn.delete(link);
    this.#parts.onChanged();
    const links = this.#linksOf.get(known.device);
    links?.delete(link);
    const [other] = links ?? [];
    if (other === undefined) {
      this.#linksOf.delete(known.device);
      delivery.deviceDown(known.device);
    } else if (this.#open(known.person)) delivery.deviceUp(known.device, other);
    book.touch(known.person);
  }

  /**
   * Our request goes to who answered to the card, over the first such link. Whoever holds the card can answer
   * to it, not its owner alone: a request that gets no answer tries the next (`tryAnotherOwner`).
   */
  #ownerReachable(person: PersonId): void {
    const { book, delivery } = this.#parts;
    if (book.get(person)?.state !== 'requested') return;
    const [link] = this.#ownerLinks(person);
    for (const { device } of book.liveDevices(person)) {
      if (this.#linksOf.has(device)) continue;
      if (link === undefined) delivery.deviceDown(device);
      else delivery.deviceUp(device, link);
    }
  }

  #forgetOwner(link: LinkId): void {
    const person = this.#ownerOn.get(link);
    this.#ownerOn.delete(link);
    if (person !== undefined) this.#ownerReachable(person);
  }

  #ownerLinks(person: PersonId): LinkId[] {
    return [...this.#ownerOn].filter(([, owner]) => owner === person).map(([link]) => link);
  }

  /** No session with a connected contact: lost with a restored copy. */
  #renewIfNone({ person, device }: Known): void {
    const { book, sessions } = this.#parts;
    if (book.get(person)?.state !== 'connected' || sessions.has(device)) return;
    this.#parts.renewal().renew(person, device);
  }

  #offerBundle(link: LinkId): void {
    const { own, turn } = this.#parts;
    const frame = encodeFrame({
      type: 'bundleOffer',
      identityHead: own.identity.head,
      bundle: own.bundle().bytes,
    });
    turn.send(link, 'control', frame);
  }

  /** Whether we send to that person at all. */
  #open(person: PersonId): boolean {
    const row = this.#parts.book.get(person);
    return row !== undefined && !row.keyChanged && (row.state === 'connected' || row.state === 'requested');
  }
}
