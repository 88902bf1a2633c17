/** Lets clients in that were judged, and loads what serves them when the first one comes. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { BrowserLinks } from './browser-links.ts';
import type { ApiContext } from './procedure.ts';
import type { RouterSocket } from './router-socket.ts';
import type { BrowserSessions } from './sessions.ts';

export interface DoorParts {
  log: (code: string, detail: Record<string, string | number>) => void;
  links: BrowserLinks;
  sessions: BrowserSessions;
}

export class Door {
  readonly #parts: DoorParts;
  #router: Promise<RouterSocket> | undefined;
  #loaded: RouterSocket | undefined;
  #isClosed = false;
  /** Those that came while the router was being loaded. Bounded by the connections of a listener. */
  readonly #coming = new Set<Duplex>();

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Never rejects: what cannot be served is hung up on. */
  async open(
    upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
    context: ApiContext,
    isLoopback: boolean,
  ): Promise<void> {
    const { links, sessions, log } = this.#parts;
    const { socket } = upgrade;
    const { session } = context;
    this.#coming.add(socket);
    if (isLoopback) links.expect(socket);
    try {
      const router = await (this.#router ??= this.#load());
      // What was true when it knocked may not be any more.
      const isWelcome = !this.#isClosed && (session === undefined || sessions.isLiving(session));
      if (!isWelcome || socket.destroyed) {
        socket.destroy();
        return;
      }
      router.open(upgrade, context, (client) => {
        if (isLoopback) links.add(client, session);
        if (session !== undefined) client.once('close', () => sessions.touch(session));
      });
    } catch (error) {
      log('api-not-loaded', { cause: error instanceof Error ? error.name : 'unknown' });
      socket.destroy();
    } finally {
      this.#coming.delete(socket);
      links.came(socket);
    }
  }

  /** Nobody is let in any more; all are said goodbye to. @returns ends those that do not answer. */
  close(): () => void {
    this.#isClosed = true;
    for (const socket of this.#coming) socket.destroy();
    this.#loaded?.close();
    return () => this.#loaded?.terminate();
  }

  async #load(): Promise<RouterSocket> {
    const { RouterSocket } = await import('./router-socket.ts');
    this.#loaded = new RouterSocket(this.#parts.log);
    return this.#loaded;
  }
}
