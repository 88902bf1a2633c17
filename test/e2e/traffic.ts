/**
 * Texts that flow both ways while somebody pulls plugs, and the account of what was promised: every text that `send`
 * confirmed must end in the other's history exactly once, and no text may stand there twice.
 */
import type { Connection } from '@kith/api/client';
import { asKithError } from '@kith/api/errors';
import type { Message } from '@kith/api/shapes';
import type { Home } from './node-process.ts';

/** What one person wrote, and what is promised of it. */
export interface Promised {
  from: Home;
  to: Home;
  /** Confirmed as stored: message id to text. */
  confirmed: Map<string, string>;
  /** Texts that were begun. Those not confirmed may arrive or not, but never twice. */
  begun: Set<string>;
}

export function promiseOf(from: Home, to: Home): Promised {
  return { from, to, confirmed: new Map(), begun: new Set() };
}

/** A client that keeps several texts under way until its node is gone. */
export interface Writer {
  /** Resolves when so many were confirmed since the writer began, or when it stopped. */
  confirmedSoFar: (count: number) => Promise<void>;
  /** Resolves when the node is gone or `stop` was called, and nothing is under way. */
  stopped: Promise<void>;
  stop: () => void;
}

// Enough that commits are shared and some text is at every point of its way.
const underWayMax = 8;
// Keeps a round's history small enough to be read in seconds.
const textsMax = 400;

/** Begins to write. Every text is unique: `a12-…`. The connection is the writer's own. */
export function write(connection: Connection, promised: Promised): Writer {
  let isStopped = false;
  let count = 0;
  const waiting: { count: number; resolve: () => void }[] = [];
  const settle = (): void => {
    for (const wait of waiting) if (isStopped || count >= wait.count) wait.resolve();
  };
  const stop = (): void => {
    isStopped = true;
    settle();
  };
  const loop = async (): Promise<void> => {
    while (!isStopped && count < textsMax) {
      const text = `${promised.from.name} writes text ${promised.begun.size} to ${promised.to.name}`;
      promised.begun.add(text);
      try {
        const { id } = await connection.api.messages.send.mutate({ to: promised.to.name, text });
        promised.confirmed.set(id, text);
        count += 1;
        settle();
      } catch (error) {
        // The node is gone, as intended. Whatever else goes wrong, the account at the end shows.
        if (asKithError(error).code !== 'no-node') throw error;
        stop();
      }
    }
  };
  void connection.closed.then(stop);
  const loops = Promise.all(Array.from({ length: underWayMax }, loop)).finally(stop);
  return {
    confirmedSoFar: (wanted) => {
      const wait = Promise.withResolvers<void>();
      waiting.push({ count: wanted, resolve: wait.resolve });
      settle();
      return wait.promise;
    },
    stopped: loops.then(() => undefined),
    stop,
  };
}

/** One text by the command a person would type: what `kith send` confirms is what counts. */
export async function sendByCommand(promised: Promised): Promise<void> {
  const text = `${promised.from.name} types text ${promised.begun.size} to ${promised.to.name}`;
  promised.begun.add(text);
  const finished = await promised.from.run(['send', promised.to.name, text, '--json']);
  const [row] = finished.rows as { id?: string }[];
  if (finished.code === 0 && row?.id !== undefined) promised.confirmed.set(row.id, text);
}

/** Resolves when everything confirmed was delivered, as the sender's node says. Rejects when that takes too long. */
export async function untilAllDelivered(promised: Promised): Promise<void> {
  const events = await promised.from.follow();
  const open = new Set(promised.confirmed.keys());
  await events.until('the last text to be delivered', (event) => {
    if (event.event === 'state' && event.data.state === 'delivered') open.delete(event.data.id);
    return open.size === 0;
  });
  await events.close();
}

export interface Account {
  confirmed: number;
  /** Texts that were confirmed and are not there. */
  lost: string[];
  /** Texts that stand there more than once. */
  twice: string[];
  /** Texts that nobody wrote. */
  strange: string[];
}

/** Reads the receiver's whole history by `kith history` and compares. */
export async function accountOf(promised: Promised): Promise<Account> {
  return accountFor(promised, await wholeHistory(promised.to, promised.from.name, 'in'));
}

/** @param texts everything that stands in the receiver's history */
export function accountFor(promised: Promised, texts: readonly string[]): Account {
  const count = new Map<string, number>();
  for (const text of texts) count.set(text, (count.get(text) ?? 0) + 1);
  return {
    confirmed: promised.confirmed.size,
    lost: [...promised.confirmed.values()].filter((text) => !count.has(text)),
    twice: [...count].filter(([, times]) => times > 1).map(([text]) => text),
    strange: [...count.keys()].filter((text) => !promised.begun.has(text)),
  };
}

/** @returns the texts of that direction, oldest first, page by page */
export async function wholeHistory(
  home: Home,
  conversation: string,
  direction: 'in' | 'out',
): Promise<string[]> {
  const pages: Message[][] = [];
  for (let before: string | undefined; ;) {
    const older = before === undefined ? [] : ['--before', before];
    const page = await home.list<Message>(['history', conversation, '--limit', '200', ...older]);
    pages.unshift(page);
    before = page[0]?.id;
    if (before === undefined) break;
  }
  return pages
    .flat()
    .filter((message) => message.direction === direction)
    .map((message) => message.text);
}
