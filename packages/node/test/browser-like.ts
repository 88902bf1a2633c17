/**
 * What a browser is to the local API: a jar of cookies that goes to every port of 127.0.0.1, a storage for each origin,
 * and the headers that no page can leave out. Its `fetch` and `WebSocket` are for browser-client.ts.
 */
import { SessionKey, type KeyStorage } from '@kith/api/browser-key';
import { WebSocket } from 'ws';

const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export class BrowserLike {
  readonly cookies: Map<string, string> = new Map();
  readonly #storages = new Map<string, Map<string, string>>();
  readonly #sockets = new Set<WebSocket>();

  /** Opens an address as if it was typed. The page that it leads to writes down what came behind the `#`, and no more. */
  async open(url: string): Promise<Response> {
    const { hash, origin, port } = new URL(url);
    const response = await this.#ask(url, { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' });
    const location = response.headers.get('location');
    if (location !== null) return await this.open(new URL(location, url).href);
    const secret = /^#pairing=(.*)$/.exec(hash)?.[1];
    if (secret !== undefined) void new SessionKey(this.page(origin).storage, port, secret);
    return response;
  }

  /** What a page of that origin gives to `connectBrowser`. */
  page(origin: string): {
    origin: string;
    storage: KeyStorage;
    fetch: typeof globalThis.fetch;
    WebSocket: typeof globalThis.WebSocket;
  } {
    const storage = this.#storages.get(origin) ?? new Map<string, string>();
    this.#storages.set(origin, storage);
    return {
      origin,
      storage: {
        getItem: (name) => storage.get(name) ?? null,
        setItem: (name, value) => void storage.set(name, value),
        removeItem: (name) => void storage.delete(name),
      },
      fetch: async (url, init) =>
        await this.#ask(new Request(url).url, {
          'sec-fetch-site': 'same-origin',
          ...(init?.headers as object),
        }),
      WebSocket: this.#socketClass(origin),
    };
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Cuts every connection, as a laptop that sleeps does. */
  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async #ask(url: string, headers: object): Promise<Response> {
    const own = { 'user-agent': agent, cookie: this.cookieHeader() };
    const response = await fetch(url, { redirect: 'manual', headers: { ...own, ...headers } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0\b/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  #socketClass(origin: string): typeof globalThis.WebSocket {
    const cookie = (): string => this.cookieHeader();
    const sockets = this.#sockets;
    const ours = class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        const headers = { 'user-agent': agent, cookie: cookie(), 'sec-fetch-site': 'same-origin' };
        super(url, protocols, { origin, headers, perMessageDeflate: false });
        sockets.add(this);
        this.once('close', () => sockets.delete(this));
      }
    };
    if (!standsForBrowserSocket(ours)) throw new TypeError('ws has another shape than expected');
    return ours;
  }
}

function standsForBrowserSocket(value: unknown): value is typeof globalThis.WebSocket {
  return typeof value === 'function' && 'OPEN' in value;
}
