/**
 * Attempts and the links they become. Joins the channels (I/O) to the pairing (who stands); the driver
 * hears of a link only when both sides agreed on it.
 */
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { FrameClass, LinkPath } from '@kith/core/peer/contract';
import type { Connection, Stream } from '@libp2p/interface';
import type { NetworkEvents } from '../driver/adapters.ts';
import { endpointText, plainHost, readEndpoint } from './addresses.ts';
import { Channel } from './channel.ts';
import { decodeGreeting, encodeGreeting } from './greeting.ts';
import { answerMsMax, connectionsMax, greetingMsMax } from './limits.ts';
import { Pairing, type AttemptId, type PairingOutput } from './pairing.ts';
import { spareWindowUpdates } from './window.ts';

export interface LinksHost {
  events: Pick<NetworkEvents, 'linkUp' | 'linkDown' | 'frame' | 'flushed'>;
  /** Near or far, by what mDNS and the subnets say. */
  path(remote: PeerId, host: string): LinkPath;
  /** A link to this peer stands now: other attempts to reach it are pointless. */
  linked(remote: PeerId): void;
}

interface Attempt {
  readonly id: AttemptId;
  readonly remote: PeerId;
  readonly connection: Connection;
  readonly channel: Channel;
  /** `asking`: ours, unanswered. `silent`: theirs, not greeted yet. `held`: theirs, greeted. */
  phase: 'asking' | 'silent' | 'held' | 'link';
  link: LinkId | undefined;
  /** The other's host, where it was reached on a network of ours. */
  near: string | undefined;
  timer: NodeJS.Timeout | undefined;
  settle: ((up: boolean) => void) | undefined;
}

export class Links {
  readonly #host: LinksHost;
  readonly #pairing: Pairing;
  readonly #attempts = new Map<AttemptId, Attempt>();
  readonly #byLink = new Map<LinkId, Attempt>();
  #lastAttempt = 0;
  #lastLink = 0;

  constructor(self: PeerId, host: LinksHost) {
    this.#host = host;
    this.#pairing = new Pairing(self);
  }

  linked(remote: PeerId): boolean {
    return this.#pairing.linked(remote);
  }

  /** Whether an attempt or a link uses this connection. */
  uses(connection: Connection): boolean {
    for (const attempt of this.#attempts.values()) if (attempt.connection === connection) return true;
    return false;
  }

  /** They opened a link stream to us. Their greeting must come soon. */
  incoming(stream: Stream, connection: Connection): void {
    const attempt = this.#begin(stream, connection, 'silent');
    if (attempt === undefined) return;
    this.#expire(attempt, greetingMsMax, 'no greeting came');
  }

  /** We opened one. @returns whether it became the link; false also when another attempt did. */
  outgoing(stream: Stream, connection: Connection): Promise<boolean> {
    const attempt = this.#begin(stream, connection, 'asking');
    if (attempt === undefined) return Promise.resolve(false);
    return new Promise((resolve) => {
      attempt.settle = resolve;
      this.#run(this.#pairing.dialled(attempt.remote, attempt.id));
    });
  }

  send(link: LinkId, frameClass: FrameClass, frame: Uint8Array, receipt: number | undefined): boolean {
    return this.#byLink.get(link)?.channel.send(frameClass, frame, receipt) ?? false;
  }

  /** What was queued before still goes out as far as the other side takes it at once. */
  close(link: LinkId, reason: string): void {
    this.#byLink.get(link)?.channel.close(reason);
  }

  /** Ends the links to neighbours of a network that this machine has left: TCP would hold on for minutes. */
  leave(onOwnNetwork: (host: string) => boolean): void {
    for (const { near, channel } of this.#byLink.values()) {
      if (near !== undefined && !onOwnNetwork(near)) channel.close('this machine left that network');
    }
  }

  closeAll(reason: string): void {
    for (const attempt of this.#attempts.values()) attempt.channel.close(reason);
  }

  checkSlow(nowMs: number): void {
    for (const attempt of this.#attempts.values()) attempt.channel.checkSlow(nowMs);
  }

  #begin(stream: Stream, connection: Connection, phase: 'asking' | 'silent'): Attempt | undefined {
    if (this.#attempts.size >= connectionsMax) {
      connection.abort(new Error('too many attempts'));
      return undefined;
    }
    const id = ++this.#lastAttempt;
    spareWindowUpdates(stream);
    const channel = new Channel(stream, connection, {
      frame: (frame) => this.#frame(attempt, frame),
      flushed: (receipt) => {
        if (attempt.link !== undefined) this.#host.events.flushed(attempt.link, receipt);
      },
      closed: (reason) => this.#closed(attempt, reason),
    });
    const remote = connection.remotePeer.toString() as PeerId;
    const attempt: Attempt = {
      id,
      remote,
      connection,
      channel,
      phase,
      link: undefined,
      near: undefined,
      timer: undefined,
      settle: undefined,
    };
    this.#attempts.set(id, attempt);
    return attempt;
  }

  #frame(attempt: Attempt, frame: Uint8Array): void {
    if (attempt.link !== undefined) return this.#host.events.frame(attempt.link, frame);
    const greeting = decodeGreeting(frame);
    if (attempt.phase === 'silent' && greeting?.type === 'greeting') {
      clearTimeout(attempt.timer);
      attempt.phase = 'held';
      return this.#run(this.#pairing.greeted(attempt.remote, attempt.id, greeting.turn));
    }
    if (attempt.phase === 'asking' && greeting?.type === 'accept') {
      return this.#run(this.#pairing.accepted(attempt.remote, attempt.id, greeting.turn));
    }
    if (attempt.phase === 'asking' && greeting?.type === 'refuse') {
      return attempt.channel.close(`refused: ${greeting.reason}`);
    }
    attempt.channel.close('talked out of turn');
  }

  #closed(attempt: Attempt, reason: string): void {
    clearTimeout(attempt.timer);
    this.#attempts.delete(attempt.id);
    this.#run(this.#pairing.ended(attempt.remote, attempt.id, reason));
    // Still there when a newer link took its place: the driver heard of its end then.
    if (attempt.link !== undefined) this.#byLink.delete(attempt.link);
    attempt.settle?.(false);
  }

  #run(outputs: PairingOutput[]): void {
    for (const output of outputs) {
      const attempt = this.#attempts.get(output.attempt);
      if (output.type === 'down') this.#down(output.attempt, output.reason);
      else if (attempt !== undefined) this.#runOn(attempt, output);
    }
  }

  #runOn(attempt: Attempt, output: Exclude<PairingOutput, { type: 'down' }>): void {
    switch (output.type) {
      case 'greet':
        this.#expire(attempt, answerMsMax, 'no answer to our greeting');
        attempt.channel.send('control', encodeGreeting({ type: 'greeting', turn: output.turn }), undefined);
        return;
      case 'accept':
        attempt.channel.send('control', encodeGreeting({ type: 'accept', turn: output.turn }), undefined);
        return;
      case 'refuse':
        attempt.channel.close(
          `refused: ${output.reason}`,
          encodeGreeting({ type: 'refuse', reason: output.reason }),
        );
        return;
      case 'drop':
        attempt.channel.close(output.reason);
        return;
      case 'up':
        this.#up(attempt, output.dialled);
        return;
    }
  }

  #up(attempt: Attempt, dialled: boolean): void {
    clearTimeout(attempt.timer);
    const link = ++this.#lastLink as LinkId;
    attempt.link = link;
    attempt.phase = 'link';
    this.#byLink.set(link, attempt);
    const { text, host } = remoteAddress(attempt.connection);
    const { remote } = attempt;
    const path = this.#host.path(remote, host);
    if (path === 'lan') attempt.near = host;
    this.#host.events.linkUp(link, remote, text, path, dialled);
    attempt.settle?.(true);
    attempt.settle = undefined;
    this.#host.linked(remote);
  }

  #down(id: AttemptId, reason: string): void {
    for (const [link, attempt] of this.#byLink) {
      if (attempt.id !== id) continue;
      this.#byLink.delete(link);
      attempt.link = undefined;
      this.#host.events.linkDown(link, reason);
      return;
    }
  }

  #expire(attempt: Attempt, afterMs: number, reason: string): void {
    attempt.timer = setTimeout(() => attempt.channel.close(reason), afterMs);
  }
}

function remoteAddress(connection: Connection): { text: string; host: string } {
  const text = connection.remoteAddr.toString();
  const endpoint = readEndpoint(text);
  if (endpoint === undefined) return { text, host: '' };
  const host = plainHost(endpoint.host);
  const family = endpoint.family === 'ip6' && !host.includes(':') ? 'ip4' : endpoint.family;
  return { text: endpointText({ ...endpoint, family, host }), host };
}
