/**
 * The Peer: the whole protocol of one device as one pure machine. It owns no socket, disk, clock or chance;
 * the driver feeds it inputs and carries out its outputs in order (docs: ARCHITECTURE.md, contract.ts).
 *
 * This file only gives each input to the room that answers it; assemble.ts puts them together:
 * own (who we are) · book (contacts) · sessions · meeting (becoming contacts) · delivery (outbox) ·
 * incoming (opened frames) · acknowledgements · identities · neighbours (links) · commands.
 */
import { KithError } from '../base/errors.ts';
import type { PeerId, PersonId } from '../base/ids.ts';
import { unreachable } from '../base/invariant.ts';
import { decodeFrame } from '../wire/frame.ts';
import { assemble, type PeerParts, type PeerRooms, weekOf } from './assemble.ts';
import type { Answer, Command, PeerInput, PeerOutput } from './contract.ts';
import { bundleKeys } from './own.ts';
import { requestLifeMs } from './requests.ts';
import { eventsKept } from './turn.ts';

const dayMs = 24 * 3_600_000;

export class Peer {
  #parts: PeerRooms;
  #rotateAtMs: number;
  #started = false;
  /** Undefined since something was handled: it is asked for several times a batch. */
  #wakeMs: number | undefined;

  constructor(parts: PeerParts) {
    this.#parts = assemble(parts, (person) => this.#unanswered(person));
    this.#rotateAtMs = this.#parts.turn.nowMs; // At start, then daily.
  }

  /** Applies one input. The driver applies the returned `store` outputs before the next input. */
  handle(input: PeerInput, nowMs: number, wallMs: number): PeerOutput[] {
    this.#wakeMs = undefined;
    this.#parts.turn.begin(nowMs, wallMs);
    this.#parts.sessions.setWeek(weekOf(wallMs));
    this.#dispatch(input);
    return this.#parts.turn.take();
  }

  /** Ends a batch: what was coalesced is said now, before the commit. */
  settle(nowMs: number, wallMs: number): PeerOutput[] {
    this.#wakeMs = undefined;
    this.#parts.turn.begin(nowMs, wallMs);
    this.#parts.presence.settle();
    this.#parts.neighbours.settle();
    this.#parts.mesh.settle();
    this.#parts.nearby.settle();
    this.#parts.acknowledgements.settle();
    this.#parts.delivery.settle();
    this.#parts.contactNews.settle();
    this.#parts.sessions.flush();
    this.#parts.turn.endBatch();
    return this.#parts.turn.take();
  }

  /** When the driver must send `wake`, or undefined to sleep. Ask again after every batch. */
  nextWakeMs(): number | undefined {
    if (this.#wakeMs !== undefined) return this.#wakeMs;
    const { own, delivery, requests, neighbours, presence, mesh, typing, nearby, retention } = this.#parts;
    const wakeMs = Math.min(
      this.#rotateAtMs,
      own.nextWakeMs(),
      delivery.nextWakeMs() ?? Infinity,
      requests.nextWakeMs() ?? Infinity,
      neighbours.nextWakeMs() ?? Infinity,
      presence.nextWakeMs(),
      typing.nextWakeMs(),
      retention.nextWakeMs(),
      mesh.nextWakeMs(),
      nearby.nextWakeMs(),
    );
    // Whole, as the times that are handed in are: between two of them nothing would be due yet.
    this.#wakeMs = Math.ceil(wakeMs);
    return this.#wakeMs;
  }

  /** How full each table is that others can fill, by what it holds: for those who check the bounds. */
  sizes(): Record<string, number> {
    const { book, delivery, mesh, neighbours } = this.#parts;
    return {
      ...mesh.sizes(),
      contacts: book.size,
      'request box': book.count('incoming'),
      outbox: delivery.queued,
      links: neighbours.linkCount,
      'nodes dialled or heard': neighbours.nodeCount,
    };
  }

  /** Our neighbours in the overlay of a topic (32 hex digits): for those who check it. */
  neighboursIn(topic: string): PeerId[] {
    return this.#parts.mesh.neighboursIn(topic);
  }

  #dispatch(input: PeerInput): void {
    switch (input.type) {
      case 'listening':
        this.#parts.neighbours.listening(input.self, input.addresses);
        this.#parts.presence.listening(input.self, input.addresses);
        return;
      case 'lanFound':
        this.#parts.neighbours.drive(input);
        this.#parts.mesh.lanFound(input.remote, input.addresses);
        return;
      case 'lanLost':
        this.#parts.neighbours.drive(input);
        this.#parts.mesh.lanLost(input.remote);
        return;
      case 'dialFailed':
        this.#parts.neighbours.drive(input);
        return;
      case 'linkUp':
        this.#parts.neighbours.linkUp(input);
        return;
      case 'linkDown':
        this.#parts.neighbours.linkDown(input.link);
        return;
      case 'frame':
        this.#onFrame(input);
        return;
      case 'flushed':
        this.#parts.delivery.flushed(input.link, input.receipt);
        return;
      case 'wake':
        this.#wake();
        return;
      case 'command':
        this.#parts.turn.push({
          type: 'answer',
          request: input.request,
          answer: this.#answer(input.command),
        });
        return;
      default:
        unreachable(input);
    }
  }

  #onFrame({ link, frame: bytes }: Extract<PeerInput, { type: 'frame' }>): void {
    const frame = decodeFrame(bytes);
    if (frame === undefined) {
      this.#parts.turn.log('warn', 'malformed-frame', { bytes: bytes.length });
      this.#parts.neighbours.drive({ type: 'dismiss', link, reason: 'malformed frame' });
      return;
    }
    this.#parts.neighbours.drive({ type: 'frame', link, frame });
    if (!this.#parts.neighbours.isOpen(link) || this.#parts.mesh.onFrame(link, frame)) return;
    switch (frame.type) {
      case 'envelope':
        this.#parts.incoming.onEnvelope(link, frame.bytes);
        return;
      case 'request': {
        const hash = this.#parts.incoming.hash(bytes);
        if (!this.#parts.acknowledgements.repeat(hash, link)) this.#parts.meeting.onRequest(frame, hash);
        return;
      }
      case 'handshake': {
        const hash = this.#parts.incoming.hash(bytes);
        const known = this.#parts.neighbours.deviceOn(link);
        if (this.#parts.acknowledgements.repeat(hash, link) || known === undefined) return;
        this.#parts.meeting.onHandshake(link, frame, { hash, device: known.device });
        return;
      }
      case 'bundleOffer':
        this.#parts.neighbours.onBundleOffer(link, frame);
        return;
      case 'identityOffer':
        this.#parts.neighbours.onIdentityOffer(link, frame.identity);
        return;
      case 'introduction':
        this.#parts.nearby.onIntroduction(link, frame);
        return;
      case 'hello':
      case 'recognise':
      case 'confirm':
      case 'confirmed':
      case 'ping':
      case 'pong':
      case 'goodbye': // The links machine has dealt with these, and the mesh with those below.
      case 'neighbour':
      case 'walk':
      case 'shuffle':
      case 'shuffled':
      case 'follow':
      case 'broadcast':
      case 'digest':
      case 'want':
      case 'prune':
      case 'dontWant':
      case 'find':
      case 'found':
      case 'keep':
      case 'kept':
        return;
      default:
        unreachable(frame);
    }
  }

  #answer(command: Command): Answer {
    try {
      return { ok: true, out: this.#parts.commands.run(command) };
    } catch (error) {
      if (error instanceof KithError) return { ok: false, code: error.code, detail: error.message };
      throw error;
    }
  }

  #wake(): void {
    const { nowMs } = this.#parts.turn;
    if (nowMs >= this.#rotateAtMs) this.#daily();
    for (const hash of this.#parts.own.expire())
      this.#parts.turn.store({ op: 'removeReplays', prekey: hash });
    this.#parts.own.bundle();
    this.#parts.delivery.wake();
    this.#parts.requests.wake();
    this.#parts.neighbours.drive({ type: 'wake' });
    this.#parts.mesh.wake();
    this.#parts.presence.wake();
    this.#parts.typing.wake();
    this.#parts.retention.wake();
  }

  /** At start and once a day: the storage key moves on, and what need not be remembered is forgotten. */
  #daily(): void {
    const { nowMs } = this.#parts.turn;
    const lost = this.#parts.rows.rotate();
    if (lost.length > 0) this.#parts.turn.log('warn', 'sealed-rows-lost', { rows: lost.length });
    for (const { kind, key } of lost) {
      if (kind !== 'prekey' || !key.startsWith(bundleKeys)) continue;
      this.#parts.turn.store({ op: 'removeReplays', prekey: key.slice(bundleKeys.length) });
    }
    this.#parts.turn.store({
      op: 'forget',
      nowMs,
      eventsFrom: Math.max(0, this.#parts.turn.eventSeq - eventsKept),
    });
    this.#rotateAtMs = nowMs + dayMs;
    // Also where no request could be sent yet: the owner of a printed card was never met.
    for (const { person, state, createdMs } of this.#parts.book.list()) {
      if (state === 'requested' && nowMs >= createdMs + requestLifeMs) this.#unanswered(person);
    }
    if (this.#started) return;
    this.#started = true;
    if (this.#parts.rows.agreement === 'restored' || this.#parts.rows.agreement === 'ahead')
      this.#tellRestoredCopy();
    for (const { person, state } of this.#parts.book.list()) {
      if (state === 'requested') this.#parts.requests.sendIfMissing(person);
    }
  }

  #tellRestoredCopy(): void {
    const text =
      'This profile is an older copy. Every encrypted session is set up anew; what came later is missing.';
    this.#parts.turn.event('notice', { kind: 'restored-copy', contact: null, device: null, text });
  }

  /** docs/protocol/meeting.md: after 30 days without an answer the request ends, and what waited for it with it. */
  #unanswered(person: PersonId): void {
    if (this.#parts.book.get(person)?.state !== 'requested') return;
    this.#parts.delivery.fail(person, 'request not answered');
    this.#parts.neighbours.dropPerson(person);
    for (const { device } of this.#parts.book.devicesOf(person)) this.#parts.sessions.removeDevice(device);
    this.#parts.meeting.forget(person);
    this.#parts.book.remove(person);
  }
}
