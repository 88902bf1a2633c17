/** The WebSockets on loopback, by the session of their browser: how many there are, and their end when it is over. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { connectionsMax } from './listeners.ts';

/** RFC 6455 §7.4.2: ours to give. The client finds out what is the matter by asking. */
const signedOutCode = 4_401;
/** How long a client may take to answer our goodbye. A guess. */
export const farewellMsMax = 500;

export class BrowserLinks {
  /** A program with a token belongs to no session. */
  readonly #links = new Map<WebSocket, string | undefined>();
  readonly #expected = new Set<Duplex>();

  hasRoom(): boolean {
    return this.#links.size + this.#expected.size < connectionsMax;
  }

  /** One was let in and is not open yet: it has its place. */
  expect(socket: Duplex): void {
    this.#expected.add(socket);
  }

  /** It is open now, or gone. Safe to call for one that was not expected. */
  came(socket: Duplex): void {
    this.#expected.delete(socket);
  }

  add(client: WebSocket, session: string | undefined): void {
    this.#links.set(client, session);
    client.once('close', () => this.#links.delete(client));
  }

  /** Sessions that are connected at present. */
  sessions(): string[] {
    return [...this.#links.values()].filter((session) => session !== undefined);
  }

  /** Ends the connections of these sessions: nothing more is taken from them, and they are gone soon. */
  end(sessions: readonly string[]): void {
    for (const [client, session] of this.#links) {
      if (session === undefined || !sessions.includes(session)) continue;
      client.close(signedOutCode);
      const deadline = setTimeout(() => client.terminate(), farewellMsMax);
      client.once('close', () => clearTimeout(deadline));
    }
  }
}
