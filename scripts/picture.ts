/**
 * `npm run picture`: draws docs/picture.svg from a real run: two nodes on this machine, and what two people type. Ids
 * and cards are shortened; everything else stands as the program printed it.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCrew, crewEnvironment, kithCommand, type Member } from './crew.ts';
import { terminalSvg, type TerminalLine } from './terminal-svg.ts';

const place: string = join(import.meta.dirname, '../docs/picture.svg');
const lines: TerminalLine[] = [];

/** Runs a command on the profile of `member` and draws it, with what it printed. @returns its stdout */
async function type(member: Member, args: readonly string[], shown: string): Promise<string> {
  const { code, out, talk } = await runKith([...args, '--data', member.data]);
  if (code !== 0) throw new Error(`kith ${args.join(' ')} ended with ${code}: ${talk}`);
  lines.push({ kind: 'prompt', who: member.name.toLowerCase(), text: `bin/kith ${shown}` });
  for (const [kind, text] of [['data', out] as const, ['talk', talk] as const]) {
    for (const line of text.split('\n').filter((each) => each !== ''))
      lines.push({ kind, who: '', text: shorten(line) });
  }
  lines.push({ kind: 'data', who: '', text: '' });
  return out.trim();
}

async function runKith(args: readonly string[]): Promise<{ code: number | null; out: string; talk: string }> {
  const [program = '', ...first] = kithCommand;
  return await new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], {
      env: crewEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let talk = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (talk += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, talk }));
  });
}

/** Cards, person ids and message ids to their beginnings: all of them are random, and long. */
function shorten(text: string): string {
  return text
    .replaceAll(/mesh:\/\/add\?p=[a-z0-9]+/g, (card) => `${card.slice(0, 48)}…`)
    .replaceAll(/\bkith1[a-z0-9]{30,}/g, (id) => `${id.slice(0, 12)}…`)
    .replaceAll(/\b[a-z0-9]{26}\b/g, (id) => `${id.slice(0, 8)}…`);
}

function note(text: string): void {
  lines.push({ kind: 'note', who: '', text }, { kind: 'data', who: '', text: '' });
}

async function untilConnected(here: Member, there: Member): Promise<void> {
  await here.until(`${there.name} is connected`, 0, ({ event, data }) =>
    event === 'contact' && data.id === there.id && data.state === 'connected' ? true : undefined,
  );
}

const crew = createCrew('picture');
try {
  const ada = await crew.start('Ada', undefined);
  const ben = await crew.start('Ben', ada.address);
  const card = await type(ada, ['card', '--once'], 'card --once');
  await type(ben, ['add', card, '--name', 'Ada'], 'add "mesh://add?p=kithcard1…" --name Ada');
  await untilConnected(ada, ben);
  await untilConnected(ben, ada);
  const hello = 'Hello Ben! Nothing between us.';
  await type(ada, ['send', 'Ben', hello, '--wait', 'delivered'], `send Ben "${hello}" --wait delivered`);
  await type(ben, ['history', 'Ada'], 'history Ada');
  await ben.stop();
  note('Ben’s machine is off. Ada writes all the same:');
  const later = 'Read this when you wake.';
  const { lastSeq } = await ada.api.node.status.query();
  await type(ada, ['send', 'Ben', later], `send Ben "${later}"`);
  await crew.start('Ben', ada.address);
  await ada.until('the second is delivered', lastSeq, ({ event, data }) =>
    event === 'state' && data.state === 'delivered' ? true : undefined,
  );
  note('Ben’s machine is on again:');
  await type(ada, ['history', 'Ben'], 'history Ben');
  lines.pop();
  const title =
    'Two people meet by a card that works once and talk; a message waits while one of them is away.';
  writeFileSync(place, terminalSvg(title, lines));
  process.stderr.write('docs/picture.svg is drawn.\n');
} finally {
  await crew.clear();
}
