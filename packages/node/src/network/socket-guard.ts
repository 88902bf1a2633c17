/**
 * Watches the raw sockets of the listeners, below libp2p. Its WebSocket listener waits for ever for a
 * first byte, counts nobody, takes messages of 100 MB, and lets any malformed frame end the process; sockets
 * here have a number, a deadline, a message size and somebody who hears their errors.
 *
 * A socket is let go of when its connection stands (`admitted`); until then it has {@link strayMsMax}.
 */
import { Server, type Socket } from 'node:net';
import type { Listener } from '@libp2p/interface';
import { WebSocket, WebSocketServer } from 'ws';
import { plainHost, readEndpoint } from './addresses.ts';
import { inboundSocketsMax, strayMsMax, webSocketMessageBytesMax } from './limits.ts';

/** Without a listener an `error` event is thrown, and one stranger's wrong frame would stop the node. */
class HeardWebSocket extends WebSocket {
  constructor(...values: ConstructorParameters<typeof WebSocket>) {
    super(...values);
    this.on('error', () => this.terminate());
  }
}

export class SocketGuard {
  readonly #waiting = new Map<string, { socket: Socket; timer: NodeJS.Timeout }>();
  #open = 0;

  /** @returns false where the listener is built otherwise than expected: it must not be used then. */
  watch(listener: Listener): boolean {
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
    if (this.#open >= inboundSocketsMax) {
      socket.destroy();
      return;
    }
    this.#open++;
    const key = `${plainHost(socket.remoteAddress ?? '')} ${socket.remotePort}`;
    const timer = setTimeout(() => socket.destroy(), strayMsMax);
    this.#waiting.set(key, { socket, timer });
    socket.once('close', () => {
      this.#open--;
      this.#forget(key);
    });
  }

  #forget(key: string): void {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#waiting.delete(key);
  }
}
