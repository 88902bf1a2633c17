/**
 * A node in the foreground of a terminal or of a service: says when it is ready and what to type next, ends
 * cleanly on a signal, and does not outlive `npm start`.
 */
import { errorTable, KithError } from '@kith/core/base/errors';
import { noBrowserBecause, openTab, thisDesktop } from '@kith/api/open-browser';
import type { UpOptions } from '@kith/api/up-options';
import type { RunningNode } from './main.ts';
import { watchNpm } from './npm-watch.ts';

/** SIGHUP: the terminal was closed. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @returns the exit code of the process. */
export async function runInForeground(
  options: UpOptions,
  create: () => Promise<RunningNode>,
): Promise<number> {
  let node: RunningNode;
  try {
    node = await create();
  } catch (error) {
    return tellFailure(options, error);
  }
  const stop = (): void => node.stop();
  for (const signal of stopSignals) process.on(signal, stop);
  const fault = (error: unknown): void => node.fault(error);
  process.on('uncaughtException', fault);
  process.stderr.on('error', ignoreBrokenPipe);
  const npmWatch = watchNpm(stop);
  if (options.json) tellReady(node);
  else await tellPeople(node, options);
  const failure = await node.ended;
  clearInterval(npmWatch);
  process.off('uncaughtException', fault);
  for (const signal of stopSignals) process.off(signal, stop);
  if (failure !== undefined) return tellFailure(options, failure);
  if (!options.json) process.stderr.write('Stopped.\n');
  return 0;
}

/** Whoever read what we say is gone; the node goes on. */
function ignoreBrokenPipe(): void {}

function tellReady(node: RunningNode): void {
  const { id, name, url } = node;
  const { listen, notices } = node.details();
  for (const notice of notices) process.stderr.write(`${notice}\n`);
  process.stdout.write(`${JSON.stringify({ event: 'ready', id, name, url: url ?? null, listen })}\n`);
}

async function tellPeople(node: RunningNode, options: UpOptions): Promise<void> {
  const { card } = await node.execute('makeCard', { once: true, expiresInMs: undefined });
  const { notices } = node.details();
  tell([`Kith is running. You are "${node.name}".`, `Profile: ${options.data}`, ...notices, '']);
  // A browser may take a while to start.
  tell(await openApp(node, options));
  tell([
    'Your card for one person; whoever adds it is connected with you at once:',
    '',
    card,
    '',
    'Next, in another terminal:',
    '  bin/kith add "CARD"             add somebody whose card you were given',
    '  bin/kith chat NAME              talk to them',
    '',
    'Ctrl-C stops the node. What others send meanwhile waits on their side.',
  ]);
}

function tell(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

/** Opens the app where there is one and somebody sits before it. @returns what to say of it. */
async function openApp(node: RunningNode, { headless }: UpOptions): Promise<string[]> {
  if (!node.hasWebApp()) {
    return ['The web app was not built here; "npm run build" does, and the node need not stop for it.', ''];
  }
  if (headless) return ['"bin/kith app" opens the app.', ''];
  const link = node.webLink();
  if (link === undefined) return [];
  const reason = noBrowserBecause(thisDesktop());
  if (reason === undefined && (await openTab(link))) {
    return ['The app opens in your browser. "bin/kith app" opens it again, in a window of its own.', ''];
  }
  return [
    `No browser was opened: ${reason ?? 'none was found'}. Open this within a minute; it works once:`,
    '',
    link,
    '',
    'Later, "bin/kith app" makes another one.',
    '',
  ];
}

function tellFailure(options: UpOptions, error: unknown): number {
  const failure = error instanceof KithError ? error : new KithError('internal', undefined, { cause: error });
  const { code, message } = failure;
  if (options.json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  process.stderr.write(`${message}\n`);
  // Nobody can act on "something went wrong": the stack says where, and holds no key and no text.
  if (code === 'internal' && error instanceof Error)
    process.stderr.write(`${error.stack ?? error.message}\n`);
  return errorTable[code].exit;
}
