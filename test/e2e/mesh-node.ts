/**
 * A whole node that a test drives through its driver: commands come from stdin as JSON lines `[number, name, input]`,
 * answers and broadcasts go to stdout as JSON lines. Bodies of broadcasts are texts here. Ends with its stdin.
 */
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { hex } from '@kith/core/base/bytes';
import { createNode } from '@kith/node/main';
import type { NodeOptions } from '@kith/node/main';

const options: Partial<NodeOptions> & { data: string } = JSON.parse(process.argv[2] ?? '{}');
/** Frames and bytes sent, by the first byte of a frame. */
const sent: Record<number, [frames: number, bytes: number]> = {};
const tell = (...values: unknown[]): void => console.log(JSON.stringify(values));

const node = await createNode({
  name: 'mesh',
  lan: 'off',
  listen: [],
  bootstrap: [],
  serveUrl: false,
  port: undefined,
  json: true,
  ...options,
  onSent: (frame) => {
    const counted = (sent[frame[0]!] ??= [0, 0]);
    counted[0] += 1;
    counted[1] += frame.length;
  },
  onBroadcast: ({ topic, author, sequence, body }) =>
    tell('broadcast', hex(topic), hex(author), sequence, new TextDecoder().decode(body), Date.now()),
} as NodeOptions);
tell('ready', node.id, node.details().listen);

/** Until it has so many neighbours in the overlay of all nodes. Nothing tells of it, so it is looked at often. */
async function untilView(atLeast: number): Promise<void> {
  for (;;) {
    const peers = await node.execute('peers', {});
    if (peers.filter(({ view }) => view === 'active').length >= atLeast) return;
    await pause(10);
  }
}

async function answer(number: number, name: string, input: Record<string, unknown>): Promise<void> {
  if (name === 'cpu') return tell('answer', number, process.cpuUsage());
  if (name === 'view') return tell('answer', number, await untilView(Number(input['atLeast'])));
  if (name === 'sent') return tell('answer', number, sent);
  const body = input['body'];
  const given = typeof body === 'string' ? { ...input, body: new TextEncoder().encode(body) } : input;
  try {
    tell('answer', number, await node.execute(name as 'publish', given as never));
  } catch (error) {
    tell('failed', number, error instanceof Error ? error.message : String(error));
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const [number, name, input] = JSON.parse(line) as [number, string, Record<string, unknown>];
  void answer(number, name, input);
}
node.stop();
await node.ended;
