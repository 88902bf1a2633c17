/**
 * A Firefox of the system, by the protocol that it speaks itself (WebDriver BiDi, https://w3c.github.io/webdriver-bidi): the
 * driver of the other tests needs commands that releases with long support do not have. One window, which has the focus.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { within } from '../deadline.ts';

export const firefoxPath: string | undefined = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((place) =>
  existsSync(place),
);
export const firefoxMissing = 'needs firefox (apt-get install firefox-esr)';

/** Everything but this machine is behind a proxy that is not there. Without a screen there would be neither focus nor a pointer that hovers. */
const preferences = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.share_proxy_settings': true,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.no_proxies_on': '127.0.0.1',
  // Its own questions, as for its maker's settings, would go past a proxy that is not there.
  'network.proxy.failover_direct': false,
  'network.proxy.allow_bypass': false,
  'focusmanager.testmode': true,
  'ui.primaryPointerCapabilities': 6,
  'ui.allPointerCapabilities': 6,
  'ui.prefersReducedMotion': 1,
  'intl.accept_languages': 'en-US',
};

/** What stands at that place of an answer, if anything does. */
function at(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path) {
    found =
      typeof found === 'object' && found !== null
        ? Object.entries(found).find(([key]) => key === name)?.[1]
        : undefined;
  }
  return found;
}

/** How WebDriver writes keys that write nothing. */
export const keys = { enter: '\uE007', pageUp: '\uE00E', delete: '\uE017' };

export class Firefox {
  /** Errors on the console, and requests to other hosts. */
  readonly strange: string[] = [];
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #context = '';

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the browser went away'));
    });
  }

  static async start(executable: string): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'kith-firefox-'));
    const lines = Object.entries(preferences).map(([name, value]) => {
      return `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`;
    });
    writeFileSync(join(profile, 'user.js'), lines.join(''));
    const flags = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
    const started = spawn(executable, flags, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    });
    try {
      const address = await within(addressOf(started), 'Firefox to listen');
      const socket = new WebSocket(`${address}/session`);
      const opened = new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve);
        socket.addEventListener('error', () => reject(new Error('Firefox listens to nobody')));
      });
      await within(opened, 'a connection to Firefox');
      const firefox = new Firefox(started, profile, socket);
      await firefox.#begin();
      return firefox;
    } catch (error) {
      await end(started, profile);
      throw error;
    }
  }

  async #begin(): Promise<void> {
    await this.#call('session.new', { capabilities: {} });
    await this.#call('session.subscribe', { events: ['log.entryAdded', 'network.beforeRequestSent'] });
    const window = await this.#call('browsingContext.create', { type: 'window' });
    this.#context = String(at(window, 'context'));
  }

  async goto(url: string): Promise<void> {
    await this.#call('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.#call('browsingContext.reload', { context: this.#context, wait: 'complete' });
  }

  /** What the expression is in the page: a text, a number, whether, or nothing. A promise is awaited. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#call('script.evaluate', {
      expression,
      target: { context: this.#context },
      awaitPromise: true,
    });
    return at(answer, 'result', 'value');
  }

  /** Until the page shows what makes the expression true. */
  async until(expression: string): Promise<void> {
    await this.evaluate(`new Promise((resolve) => {
      const look = () => {
        if (!(${expression})) return;
        observer.disconnect();
        resolve(true);
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      addEventListener('focusin', look);
      look();
    })`);
  }

  /** Presses what has that name, as with the keyboard, once it is there. */
  async press(selector: string, name: string): Promise<void> {
    const found = `[...document.querySelectorAll(${JSON.stringify(selector)})].find(
      (each) => (each.getAttribute('aria-label') ?? each.textContent).trim().startsWith(${JSON.stringify(name)}))`;
    await this.until(`${found} && !${found}.disabled`);
    await this.evaluate(`${found}.focus()`);
    await this.type(keys.enter);
  }

  /** To what has the focus, letter by letter. */
  async type(text: string): Promise<void> {
    const actions = [...text].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.#call('input.performActions', {
      context: this.#context,
      actions: [{ type: 'key', id: 'keyboard', actions }],
    });
  }

  /** Safe where it ended by itself. */
  async stop(): Promise<void> {
    this.#socket.close();
    await end(this.#process, this.#profile);
  }

  async #call(method: string, params: object): Promise<unknown> {
    this.#lastId += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#lastId, answer);
    this.#socket.send(JSON.stringify({ id: this.#lastId, method, params }));
    return await within(answer.promise, `${method} ${JSON.stringify(params)}`);
  }

  #take(message: unknown): void {
    const type = at(message, 'type');
    if (type === 'event') {
      this.#notice(at(message, 'method'), at(message, 'params'));
      return;
    }
    const id = Number(at(message, 'id'));
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (type === 'success') waiting?.resolve(at(message, 'result'));
    else waiting?.reject(new Error(`${String(at(message, 'error'))}: ${String(at(message, 'message'))}`));
  }

  #notice(method: unknown, params: unknown): void {
    if (method === 'log.entryAdded') {
      if (at(params, 'level') === 'error') this.strange.push(`console: ${String(at(params, 'text'))}`);
      return;
    }
    const { protocol, hostname, href } = new URL(String(at(params, 'request', 'url')));
    if (/^(https?|wss?):$/.test(protocol) && hostname !== '127.0.0.1')
      this.strange.push(`request to ${href}`);
  }
}

async function end(started: ChildProcess, profile: string): Promise<void> {
  const isRunning = started.pid !== undefined && started.exitCode === null && started.signalCode === null;
  if (isRunning) {
    const isOver = new Promise((resolve) => started.once('exit', resolve));
    started.kill('SIGKILL');
    await isOver;
  }
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}

async function addressOf(started: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    started.once('error', reject);
    started.once('exit', () => reject(new Error('Firefox ended before it listened')));
    if (started.stderr === null) return;
    createInterface({ input: started.stderr }).on('line', (line) => {
      const [, address] = /listening on (ws:\/\/127\.0\.0\.1:\d+)/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
}
