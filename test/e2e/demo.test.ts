/** `npm run demo` as a newcomer sees it: it plays, answers what is typed, and leaves nothing behind. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startChild, type Child } from './child.ts';
import { createStage, type Stage } from './node-process.ts';

interface Said {
  event: string;
  name?: string;
  data?: string;
  pid?: number | null;
  from?: string;
  to?: string;
  states?: string[];
}

const root = join(import.meta.dirname, '../..');
const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.clear();
});

function startDemo(args: readonly string[], env: Record<string, string> = {}): { stage: Stage; demo: Child } {
  const stage = createStage();
  stages.push(stage);
  const settings = { PATH: process.env['PATH'] ?? '', TMPDIR: stage.folder, LANG: 'C.UTF-8', ...env };
  const command = [process.execPath, join(root, 'scripts/demo.ts'), ...args];
  return { stage, demo: startChild(command, { cwd: root, env: settings }) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Signs in by the link, once, and loads what that leads to. */
async function asBrowser(url: string): Promise<string> {
  const signedIn = await fetch(url, { redirect: 'manual' });
  const cookie = signedIn.headers.getSetCookie().map((each) => each.split(';')[0]);
  expect(cookie, `${signedIn.status} of ${url}`).toHaveLength(1);
  const there = new URL(signedIn.headers.get('location') ?? '', url);
  return await (await fetch(there, { headers: { cookie: cookie.join() } })).text();
}

test('four nodes talk, one while it is switched off, and all are gone afterwards', async () => {
  const { demo } = startDemo(['--json'], { KITH_DEMO_EXIT: '1' });
  expect(await demo.exited, demo.talk()).toEqual({ code: 0, signal: null });
  const said = demo.lines.map((line): Said => JSON.parse(line));
  const started = said.filter(({ event }) => event === 'started');
  expect(started.map(({ name }) => name)).toEqual(['You', 'Ada', 'Björn', 'Chidi', 'Chidi']);
  const messages = said.filter(({ event }) => event === 'message');
  expect(messages).toHaveLength(7);
  for (const { states } of messages) expect(states).toEqual(['stored', 'sent', 'delivered']);
  const off = said.findIndex(({ event }) => event === 'stopped');
  const late = said.findIndex(({ to, event }) => event === 'message' && to === 'Chidi');
  expect(said.slice(off, late).map(({ event }) => event)).toEqual(['stopped', 'started']);
  expect(said.at(-1)).toEqual({ event: 'done' });
  expect(started.filter(({ pid }) => typeof pid !== 'number' || isAlive(pid))).toEqual([]);
  expect(started.filter(({ data }) => data === undefined || existsSync(data))).toEqual([]);
});

test('your node runs on, the others answer, and Ctrl-C ends everything', async () => {
  const { stage, demo } = startDemo([]);
  const data = await demo.line('what to type', (line) => /bin\/kith chat Ada --data (\S+)$/u.exec(line)?.[1]);
  const you = stage.home('you', { data: () => data });
  const events = await you.follow();
  expect((await you.run(['send', 'Björn', 'Who is there?', '--wait', 'delivered'])).code).toBe(0);
  await events.until(
    'his answer',
    ({ event, data: message }) =>
      event === 'message' && message.direction === 'in' && message.text.endsWith('You wrote: Who is there?'),
  );
  const status = await you.json<{ pid: number }>(['status']);
  // Where there is no desktop, the address is printed.
  const { url } = await you.json<{ url: string | null }>(['app']);
  expect(await asBrowser(url ?? '')).toContain('<title>Kith</title>');
  expect(await demo.kill('SIGINT')).toEqual({ code: 0, signal: null });
  expect(isAlive(status.pid)).toBe(false);
  expect(existsSync(data)).toBe(false);
});

test('Ctrl-C in the middle ends everything too', async () => {
  const { demo } = startDemo([]);
  const [data, pid] = await demo.line('the first node', (line) => {
    const found = /process (\d+)/u.exec(line)?.[1];
    return found === undefined ? undefined : ([line, Number(found)] as const);
  });
  expect(data).toContain('You');
  expect(await demo.kill('SIGINT')).toEqual({ code: 0, signal: null });
  expect(isAlive(pid)).toBe(false);
});
