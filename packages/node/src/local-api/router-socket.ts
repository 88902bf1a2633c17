/**
 * The WebSockets of the local API and the router behind them. Loaded with the first client: what it brings along (tRPC and
 * the schemas) is a tenth of the memory of a node that nobody talks to, and a tenth of its start.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { KithError } from '@kith/core/base/errors';
import { frameBytesMax } from '@kith/api/contract';
import type { ApiContext } from './procedure.ts';
import { routes } from './routes.ts';

/** Calls in one frame. */
const batchMax = 256;

export class RouterSocket {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytesMax,
    maxFragments: 64,
    perMessageDeflate: false,
  });
  readonly #contexts = new WeakMap<IncomingMessage, ApiContext>();

  constructor(log: (code: string, detail: Record<string, string | number>) => void) {
    applyWSSHandler({
      wss: this.#sockets,
      router: routes,
      maxBatchSize: batchMax,
      keepAlive: { enabled: true },
      createContext: ({ req }) => {
        const context = this.#contexts.get(req);
        if (context === undefined) throw new KithError('unauthorised');
        return context;
      },
      onError: ({ error, path }) => {
        if (error.cause instanceof KithError && error.cause.code !== 'internal') return;
        // A path that we do not know is the caller's text.
        const call = error.code === 'NOT_FOUND' ? '' : (path ?? '');
        log('api-error', { call, kind: error.code, cause: error.cause?.name ?? '' });
      },
    });
  }

  /** Completes an upgrade that was let through. @param onOpen - before the first call. */
  open(
    upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
    context: ApiContext,
    onOpen: (client: WebSocket) => void,
  ): void {
    const { request, socket, head } = upgrade;
    this.#contexts.set(request, context);
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      onOpen(client);
      this.#sockets.emit('connection', client, request);
    });
  }

  /** Says goodbye to all. */
  close(): void {
    for (const client of this.#sockets.clients) client.close(1001);
  }

  /** Ends those that did not answer the goodbye. */
  terminate(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }
}
