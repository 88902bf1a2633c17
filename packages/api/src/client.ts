/**
 * The client of the local API: typed calls over the profile's socket or named pipe, or over the loopback
 * WebSocket. Imports types only from the contract, so that a command starts fast.
 */
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { connect as connectSocket } from 'node:net';
import { WebSocket } from 'ws';
import { KithError } from '@kith/core/base/errors';
import { retryDelayMs, type ApiClient } from './api-client.ts';
import type { ApiRouter } from './contract.ts';
import { findSocket } from './socket-path.ts';

export type { ApiClient };

export interface ConnectOptions {
  /** `data`: the profile's folder. `url`: the loopback origin, with the node's token of this start. */
  target: { data: string } | { url: string; token: string };
  /**
   * Whether to connect again, for as long as it takes, when the node goes away. Subscriptions then go on where
   * they stopped; calls that were under way fail with `no-node` and are never repeated.
   */
  reconnect: boolean;
  /** Called when a connection that stood is lost, and when one stands again. */
  onChange?: ((connected: boolean) => void) | undefined;
}

export interface Connection {
  /** A failed call rejects with an error that `asKithError` (errors.ts) reads. */
  api: ApiClient;
  /** Resolves when the connection is gone and, with `reconnect`, was closed by {@link Connection.close}. */
  closed: Promise<void>;
  /** Safe to call twice. */
  close: () => Promise<void>;
}

const handshakeMsMax = 10_000;
// An answer of 200 messages of 28,000 bytes, escaped in the worst way that text may be.
const answerBytesMax = 16 * 1024 * 1024;

/**
 * Connects to the running node.
 *
 * @returns A connection that stands. The caller closes it.
 * @throws KithError `no-node` - nobody listens there.
 * @throws KithError `unauthorised` - the node, or the system, does not let us in.
 * @throws KithError `busy` - the node has too many connections.
 *
 * @example
 * const connection = await connect({ target: { data }, reconnect: false });
 * const status = await connection.api.node.status.query();
 * await connection.close();
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { target, reconnect, onChange } = options;
  // Fails here and now where no node ever said where it listens.
  if ('data' in target) findSocket(target.data);
  let isClosed = false;
  let isFirst = true;
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  // A failure of the first attempt goes to the caller; nobody may be waiting any more for a later one.
  opened.promise.catch(() => undefined);

  const client = createWSClient({
    url: 'data' in target ? 'ws://localhost/api' : new URL('/api', target.url).href.replace(/^http/, 'ws'),
    WebSocket: socketClass(target),
    retryDelayMs: (attempt) => (reconnect ? retryDelayMs(attempt) : 0),
    onOpen: () => {
      if (!isFirst) onChange?.(true);
      isFirst = false;
      opened.resolve();
    },
    onError: (event) => {
      if (!isFirst) return;
      opened.reject(connectError(event));
      void close();
    },
    onClose: () => {
      if (isClosed || isFirst) return;
      onChange?.(false);
      if (!reconnect) void close();
    },
  });

  async function close(): Promise<void> {
    if (isClosed) return closed.promise;
    isClosed = true;
    await client.close();
    closed.resolve();
  }

  await opened.promise;
  return { api: createTRPCClient<ApiRouter>({ links: [wsLink({ client })] }), closed: closed.promise, close };
}

function socketClass(target: ConnectOptions['target']): typeof globalThis.WebSocket {
  const ours = class extends WebSocket {
    constructor(url: string) {
      const limits = {
        perMessageDeflate: false,
        handshakeTimeout: handshakeMsMax,
        maxPayload: answerBytesMax,
      };
      if ('url' in target) {
        super(url, { ...limits, headers: { authorization: `Bearer ${target.token}` } });
        return;
      }
      // Looked up at every attempt: a new start of the node may listen elsewhere.
      const address = findSocket(target.data);
      super(url, {
        ...limits,
        ...(address.token === undefined ? {} : { headers: { authorization: `Bearer ${address.token}` } }),
        // Not `ws+unix:`, which cuts a path at its first colon.
        createConnection: () => connectSocket(address.path),
      });
    }
  };
  if (!standsForBrowserSocket(ours)) throw new TypeError('ws has another shape than expected');
  return ours;
}

/** The tRPC client asks for the browser's class and uses of it what `ws` has as well. */
function standsForBrowserSocket(value: unknown): value is typeof globalThis.WebSocket {
  return typeof value === 'function' && 'OPEN' in value && 'addEventListener' in WebSocket.prototype;
}

function connectError(event: unknown): KithError {
  const error = typeof event === 'object' && event !== null && 'error' in event ? event.error : event;
  if (error instanceof KithError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const text = error instanceof Error ? error.message : '';
  const options = { cause: error };
  if (code === 'EACCES' || code === 'EPERM') {
    return new KithError(
      'unauthorised',
      'The system does not let you open the socket of this node.',
      options,
    );
  }
  if (/\b(401|403|421|429)$/.test(text)) return new KithError('unauthorised', undefined, options);
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK') {
    return new KithError('no-node', undefined, options);
  }
  // Somebody listened, and hung up: there are more connections than the node takes.
  return new KithError('busy', undefined, options);
}
