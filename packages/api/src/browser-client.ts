/**
 * The client of the local API for pages that the node serves: one WebSocket to the page's own origin, which comes back
 * by itself. Twin of client.ts, which is for programs. Must never import anything of Node.
 *
 * - A subscription goes on where it stopped when the node is back (`lastEventId`), none of its events twice.
 * - A mutation goes out at once, in order, so that also what a page decides while it is left reaches the node.
 * - A query or mutation that was under way fails with `no-node` and is never repeated; nothing that is called while
 *   there is no connection waits for one, so that no click acts minutes later.
 */
import { createTRPCClient, createWSClient, TRPCClientError, wsLink, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { KithError } from '@kith/core/base/errors';
import { retryDelayMs, type ApiClient } from './api-client.ts';
import { canProve, SessionKey, type KeyStorage } from './browser-key.ts';
import { apiPath, browserProtocol, questionHeader, sessionPath, type ApiRouter } from './contract.ts';
import { callDirectly } from './direct-call.ts';

/**
 * `connecting`: the first attempt is under way. `no-node`: the node is gone, or somebody else answers in its place; it is
 * looked for again and again. `busy`: it has too many connections, and is asked again. `signed-out`: it does not know
 * this browser; once a link with a code was opened, in this page or another, the connection comes by itself.
 * `no-crypto`: this browser has nothing to prove with. `closed`: by {@link BrowserConnection.close}.
 */
export type ConnectionState =
  | 'connecting'
  | 'connected'
  | 'no-node'
  | 'busy'
  | 'signed-out'
  | 'no-crypto'
  | 'closed';

export interface BrowserOptions {
  /** `location.origin`. */
  origin: string;
  storage: KeyStorage;
  /** What came behind the `#` of the address that a link led to. Written down before this returns. */
  pairing?: string | undefined;
  /** Of the node, where something stands between that hands on all of it. */
  nodePort?: string | undefined;
  /** Tests pass others. */
  WebSocket?: typeof globalThis.WebSocket;
  fetch?: typeof globalThis.fetch;
}

export interface BrowserConnection {
  /** A failed call rejects with an error that `asKithError` (errors.ts) reads. */
  api: ApiClient;
  /** Fit for `useSyncExternalStore`, together with {@link BrowserConnection.watch}. */
  state: () => ConnectionState;
  /** @returns ends it; safe to call twice. */
  watch: (listener: () => void) => () => void;
  /** Ends the wait between two attempts. Does nothing while connected. */
  retryNow: () => void;
  /** Ends it for good. Safe to call twice. */
  close: () => void;
}

/** Between two questions whether this browser is signed in by now. A guess: soon enough for a person who just was. */
const signedOutMs = 3_000;
/** How long a question to a node that hangs may take. */
const questionMsMax = 10_000;
/** A node that says nothing for this long is asked, and then has {@link pongMsMax}. A guess. */
const silenceMsMax = 20_000;
const pongMsMax = 10_000;

/**
 * Begins to connect, and goes on until it is closed. Never throws.
 *
 * @example
 * const connection = connectBrowser({ origin: location.origin, storage: localStorage });
 * const status = await connection.api.node.status.query();
 */
export function connectBrowser(options: BrowserOptions): BrowserConnection {
  const line = new Line(options);
  return {
    api: createTRPCClient<ApiRouter>({ links: [line.gate(), wsLink({ client: line.client })] }),
    state: () => line.state,
    watch: (listener) => line.watch(listener),
    retryNow: () => line.retryNow(),
    close: () => line.close(),
  };
}

/** A call that was let out and not answered, or that waits for the first connection. */
type Fail = (error: KithError) => void;

class Line {
  readonly client: ReturnType<typeof createWSClient>;
  state: ConnectionState = 'connecting';
  readonly #origin: string;
  readonly #key: SessionKey;
  readonly #fetch: typeof globalThis.fetch;
  readonly #listeners = new Set<() => void>();
  readonly #underWay = new Set<Fail>();
  /** Calls that were made before the first attempt was decided. */
  #first: (() => void)[] = [];
  #attempt = 0;
  #endWait: (() => void) | undefined;
  /** For the next WebSocket alone. */
  #protocol = '';

  constructor(options: BrowserOptions) {
    this.#origin = options.origin;
    const { port } = new URL(options.origin);
    this.#key = new SessionKey(options.storage, options.nodePort ?? port, options.pairing);
    this.#fetch = options.fetch ?? ((...question) => globalThis.fetch(...question));
    this.client = createWSClient({
      url: async () => await this.#welcome(),
      WebSocket: socketClass(options.WebSocket ?? globalThis.WebSocket, () => this.#protocol),
      // All waiting is done in #welcome, where it can be cut short.
      retryDelayMs: () => 0,
      keepAlive: { enabled: true, intervalMs: silenceMsMax, pongTimeoutMs: pongMsMax },
      onOpen: () => {
        this.#attempt = 0;
        this.#become('connected');
      },
      onClose: () => this.#lost(),
      onError: () => this.#lost(),
    });
  }

  watch(listener: () => void): () => void {
    // One entry a call, were the same function given twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  retryNow(): void {
    this.#attempt = 0;
    this.#endWait?.();
  }

  close(): void {
    if (this.state === 'closed') return;
    this.#become('closed');
    this.#endWait?.();
    // Only what was closed already can fail.
    this.client.close().catch(() => undefined);
  }

  /** Lets calls through while there is a connection, and fails those under way when it goes. */
  gate(): TRPCLink<ApiRouter> {
    return () =>
      ({ op, next }) =>
        observable((observer) => {
          if (op.type === 'subscription') return next(op).subscribe(observer);
          let end: (() => void) | undefined;
          let isOver = false;
          const fail = (error: KithError): void => {
            isOver = true;
            this.#underWay.delete(fail);
            end?.();
            observer.error(TRPCClientError.from(error));
          };
          const start = (): void => {
            if (isOver) return;
            if (this.state !== 'connected') return fail(this.#refusal());
            const ws = this.client.connection?.ws;
            // It is about to be told: tRPC's client would open another one, beside the one that comes back by itself.
            if (ws?.readyState !== WebSocket.OPEN) return fail(new KithError('no-node'));
            const call = (op.type === 'mutation' ? callDirectly(ws, op) : next(op)).subscribe({
              next: (value) => observer.next(value),
              error: (error) => {
                this.#underWay.delete(fail);
                observer.error(error);
              },
              complete: () => {
                this.#underWay.delete(fail);
                observer.complete();
              },
            });
            end = () => call.unsubscribe();
          };
          this.#underWay.add(fail);
          if (this.state === 'connecting') this.#first.push(start);
          else start();
          return () => {
            isOver = true;
            this.#underWay.delete(fail);
            end?.();
          };
        });
  }

  /** Resolves with the URL of the WebSocket as soon as the node is there and lets us in. Rejects when it is closed. */
  async #welcome(): Promise<string> {
    for (;;) {
      if (this.#attempt > 0) {
        await this.#pause(this.state === 'signed-out' ? signedOutMs : retryDelayMs(this.#attempt - 1));
      }
      this.#attempt += 1;
      if (this.state === 'closed') throw new KithError('no-node', 'The connection was closed.');
      const found = await this.#ask();
      if (found === 'connected') return `${this.#origin.replace(/^http/, 'ws')}${apiPath}`;
      if (found !== 'early') this.#become(found);
    }
  }

  /**
   * Why a WebSocket was refused is not told to a page; an ordinary question is answered. Whoever answers may be anybody
   * who has the port: without the node's proof nothing is opened, kept or given up, only other words are shown.
   */
  async #ask(): Promise<'connected' | 'no-node' | 'busy' | 'signed-out' | 'no-crypto' | 'early'> {
    if (!canProve()) return 'no-crypto';
    try {
      const question = await this.#key.question();
      const response = await this.#fetch(`${this.#origin}${sessionPath}`, {
        cache: 'no-store',
        credentials: 'same-origin',
        headers: { [questionHeader]: question.header },
        redirect: 'error',
        signal: AbortSignal.timeout(questionMsMax),
      });
      if (response.status === 429 || response.status === 503) return 'busy';
      // Another page of this browser has the address that the link led to, and is about to say so.
      if (response.status === 425) return 'early';
      if (response.status !== 200) return 'signed-out';
      const outcome = await question.judge(await response.json());
      if (outcome === 'unknown') return 'signed-out';
      if (outcome === 'forged') return 'no-node';
      this.#protocol = outcome.protocol;
      return 'connected';
    } catch {
      // Nobody listens, hangs up, or answers what no node of ours answers.
      return 'no-node';
    }
  }

  async #pause(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.#endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endWait = undefined;
  }

  #lost(): void {
    // Another one, which took longer to end than this one to come.
    if (this.client.connection?.ws?.readyState === WebSocket.OPEN) return;
    if (this.state === 'connected' || this.state === 'connecting') this.#become('no-node');
  }

  #become(state: ConnectionState): void {
    if (this.state === state || this.state === 'closed') return;
    this.state = state;
    if (state === 'connected') {
      for (const start of this.#first.splice(0)) start();
    } else {
      this.#first = [];
      const error = this.#refusal('The node went away while this was under way.');
      for (const fail of this.#underWay) fail(error);
    }
    for (const listener of this.#listeners) listener();
  }

  #refusal(sentence?: string): KithError {
    if (this.state === 'busy') return new KithError('busy');
    if (this.state === 'signed-out' || this.state === 'no-crypto') return new KithError('unauthorised');
    return new KithError('no-node', sentence);
  }
}

function socketClass(base: typeof globalThis.WebSocket, protocol: () => string): typeof globalThis.WebSocket {
  return class extends base {
    constructor(url: string | URL) {
      super(url, [browserProtocol, protocol()]);
    }
  };
}
