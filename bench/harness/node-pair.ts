/** Two nodes in two processes, connected over loopback, and what a load takes them. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Ask, EndSettings, Told } from './node-end.ts';

export interface Load {
  /** How many messages may be under way. */
  window: number;
  messages: number;
  /** Of text. */
  bytes: number;
}

export interface NodePair {
  /** @returns seconds from the first message to the last acknowledgement */
  load: (load: Load) => Promise<number>;
  /** Ends both and waits for it. */
  stop: () => Promise<void>;
}

/** @param folder an empty one on a real disk; the profiles stay in it */
export async function startNodePair(folder: string): Promise<NodePair> {
  const [here, there] = [await loopbackAddress(), await loopbackAddress()];
  const ends = [
    startEnd({ data: join(folder, 'a'), name: 'a', listen: here, bootstrap: there }),
    startEnd({ data: join(folder, 'b'), name: 'b', listen: there, bootstrap: here }),
  ] as const;
  const stop = async (): Promise<void> => {
    await Promise.all(ends.map((end) => end.stop()));
  };
  try {
    await Promise.all(ends.map((end) => end.ready));
    const { card = '' } = await ends[0].ask({ ask: 'card' });
    await ends[1].ask({ ask: 'add', card });
    await Promise.all(ends.map((end) => end.ask({ ask: 'connected' })));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    load: async (load) => {
      const { seconds } = await ends[0].ask({ ask: 'load', ...load });
      if (seconds === undefined) throw new Error('the end told no time');
      return seconds;
    },
    stop,
  };
}

// A question without its number.
type Question = Ask extends infer One ? (One extends Ask ? Omit<One, 'number'> : never) : never;

interface End {
  ready: Promise<unknown>;
  ask: (question: Question) => Promise<Told>;
  stop: () => Promise<void>;
}

function startEnd(settings: EndSettings): End {
  const child: ChildProcess = fork(join(import.meta.dirname, 'node-end.ts'), [JSON.stringify(settings)], {
    env: { ...process.env, KITH_KEYCHAIN: 'file' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<Told>>();
  const gone = once(child, 'exit').then(() => {
    for (const wait of waiting.values()) wait.reject(new Error('an end went away'));
  });
  const wait = (number: number): Promise<Told> => {
    const told = Promise.withResolvers<Told>();
    waiting.set(number, told);
    return told.promise;
  };
  child.on('message', (told: Told) => {
    const asked = waiting.get(told.number);
    waiting.delete(told.number);
    if (told.error === undefined) asked?.resolve(told);
    else asked?.reject(new Error(told.error));
  });
  const ready = wait(0);
  let number = 0;
  return {
    ready,
    ask: (question) => {
      number += 1;
      const told = wait(number);
      child.send({ ...question, number });
      return told;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

async function loopbackAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return `/ip4/127.0.0.1/tcp/${typeof address === 'object' ? address?.port : 0}`;
}
