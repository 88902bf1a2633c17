/**
 * Watches the raw sockets of the listeners, below libp2p. Its WebSocket listener waits for ever for a
 * first byte, counts nobody, takes messages of 100 MB, and lets any malformed frame end the process; sockets
 * here have a number, a deadline, a message size and somebody who hears their errors.
 *
 * A socket is let go of when its connection stands (`admitted`); until then it has {@link strayMsMax}.
 */
import { Server, type Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { plainHost, readEndpoint } from './addresses.ts';
import {
  inboundSocketsMax,
  inboundSocketsPerHostMax,
  strayMsMax,
  webSocketMessageBytesMax,
} from './limits.ts';

/** Without a listener an `error` event is thrown, and one stranger's wrong frame would stop the node. */
class HeardWebSocket extends WebSocket {
  constructor(...values: ConstructorParameters<typeof WebSocket>) {
    super(...values);
    this.on('error', () => this.terminate());
  }
}

export class SocketGuard {
  /** By host and port of the other side. */
  readonly #reaches: (host: string) => boolean;
  readonly #waiting = new Map<string, { socket: Socket; host: string; timer: NodeJS.Timeout }>();
  #open = 0;

  /** @param reaches - whether a host is one that we talk with at all; others are reset before a byte is read. */
  constructor(reaches: (host: string) => boolean) {
    this.#reaches = reaches;
  }

  /** @returns false where the listener of libp2p is built otherwise than expected: it must not be used then. */
  watch(listener: object): boolean {
    if (!('server' in listener) || !(listener.server instanceof Server)) return false;
    if ('wsServer' in listener) {
      if (!(listener.wsServer instanceof WebSocketServer)) return false;
      listener.wsServer.options.maxPayload = webSocketMessageBytesMax;
      listener.wsServer.options.WebSocket = HeardWebSocket;
    }
    listener.server.prependListener('connection', (socket: Socket) => this.#opened(socket));
    return true;
  }

  /** The connection from this multiaddr stands. */
  admitted(remote: string): void {
    const endpoint = readEndpoint(remote);
    if (endpoint !== undefined) this.#forget(`${plainHost(endpoint.host)} ${endpoint.port}`);
  }

  /** Cuts what is not admitted. */
  stop(): void {
    for (const [key, { socket }] of this.#waiting) {
      this.#forget(key);
      socket.destroy();
    }
  }

  #opened(socket: Socket): void {
    const host = plainHost(socket.remoteAddress ?? '');
    if (!this.#reaches(host)) {
      socket.resetAndDestroy();
      return;
    }
    const key = `${host} ${socket.remotePort}`;
    // The same port towards two listeners at once: by their multiaddr they could not be told apart.
    if (
      this.#open >= inboundSocketsMax ||
      this.#waiting.has(key) ||
      this.#waitingOf(host) >= inboundSocketsPerHostMax
    ) {
      socket.destroy();
      return;
    }
    this.#open++;
    const timer = setTimeout(() => socket.destroy(), strayMsMax);
    this.#waiting.set(key, { socket, host, timer });
    socket.once('close', () => {
      this.#open--;
      if (this.#waiting.get(key)?.socket === socket) this.#forget(key);
    });
  }

  #waitingOf(host: string): number {
    let count = 0;
    for (const waiting of this.#waiting.values()) if (waiting.host === host) count++;
    return count;
  }

  #forget(key: string): void {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#waiting.delete(key);
  }
}
