/**
 * One end of a conversation, as a process of its own: a real node, told over the process channel what to do. No command
 * line and no local API between: what is measured is the node.
 */
import { createNode, type RunningNode } from '@kith/node/main';

/** What an end is asked, and answers under the same `number`. */
export type Ask =
  | { number: number; ask: 'card' }
  | { number: number; ask: 'add'; card: string }
  | { number: number; ask: 'connected' }
  | { number: number; ask: 'load'; window: number; messages: number; bytes: number };

export interface Told {
  number: number;
  card?: string;
  seconds?: number;
  error?: string;
}

export interface EndSettings {
  data: string;
  name: string;
  listen: string;
  bootstrap: string;
}

const settings: EndSettings = JSON.parse(process.argv[2] ?? '{}');
const node = await createNode({
  data: settings.data,
  name: settings.name,
  port: undefined,
  listen: [settings.listen],
  lan: 'off',
  bootstrap: [settings.bootstrap],
  serveUrl: false,
});

process.on('message', (asked: Ask) => {
  void answer(asked).then(
    (told) => process.send?.({ number: asked.number, ...told }),
    (error: unknown) => process.send?.({ number: asked.number, error: String(error) }),
  );
});
process.on('disconnect', () => node.stop());
process.send?.({ number: 0 });

async function answer(asked: Ask): Promise<Omit<Told, 'number'>> {
  switch (asked.ask) {
    case 'card': {
      const { card } = await node.execute('makeCard', { once: true, expiresInMs: undefined });
      return { card };
    }
    case 'add':
      await node.execute('add', { card: asked.card, name: 'other' });
      return {};
    case 'connected':
      await untilConnected();
      return {};
    case 'load':
      return { seconds: await load(node, asked) };
  }
}

async function untilConnected(): Promise<void> {
  const connected = Promise.withResolvers<void>();
  const end = node.subscribe(0, ({ event, data }) => {
    if (event === 'contact' && data.includes('"connected"')) connected.resolve();
  });
  await connected.promise;
  end();
}

/**
 * Keeps `window` messages under way, until `messages` are delivered.
 *
 * @returns seconds from the first message to the last acknowledgement, safe on this disk
 */
async function load(
  sender: RunningNode,
  { window, messages, bytes }: { window: number; messages: number; bytes: number },
): Promise<number> {
  const [contact] = await sender.execute('contacts', {});
  if (contact === undefined) throw new Error('there is nobody to write to');
  const text = 'x'.repeat(bytes);
  const finished = Promise.withResolvers<void>();
  let sent = 0;
  let delivered = 0;
  const send = (): void => {
    sent += 1;
    sender.execute('send', { to: contact.id, text, ttlMs: undefined }).catch(finished.reject);
  };
  const end = sender.subscribe(sender.lastEventSeq(), ({ event, data }) => {
    if (event !== 'state' || !data.includes('"state":"delivered"')) return;
    delivered += 1;
    if (sent < messages) send();
    if (delivered === messages) finished.resolve();
  });
  const startMs = performance.now();
  while (sent < Math.min(window, messages)) send();
  await finished.promise;
  end();
  return (performance.now() - startMs) / 1000;
}
