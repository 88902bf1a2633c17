/**
 * `npm run demo`: your node and three more real ones on this machine, with a short conversation. Then your node runs on,
 * to be talked with. Nothing here sleeps: each line follows when the one before it was acknowledged.
 *
 * `--json` prints one object a line and ends after the conversation; `KITH_DEMO_EXIT=1` only ends then.
 */
import { parseArgs } from 'node:util';
import { createCrew, type Crew, type Member } from './crew.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const endsAfterwards = values.json || process.env['KITH_DEMO_EXIT'] === '1';
/** Of what was written, quoted in an answer. */
const quotedCharactersMax = 200;

type Said =
  | { event: 'started' | 'stopped'; name: string; data: string; pid: number | null }
  | { event: 'connected'; name: string }
  | { event: 'message'; from: string; to: string; text: string; states: string[] }
  | { event: 'ready' | 'done' };

/** For people, or with `--json` for programs; never both. */
function tell(said: Said, lines: readonly string[]): void {
  if (values.json) process.stdout.write(`${JSON.stringify(said)}\n`);
  else for (const line of lines) process.stdout.write(`${line}\n`);
}

async function startMember(crew: Crew, name: string, host: Member | undefined): Promise<Member> {
  const member = await crew.start(name, host?.address);
  const { pid } = await member.api.node.status.query();
  tell({ event: 'started', name, data: member.data, pid }, [
    `  ${name.padEnd(6)}  process ${pid}, ${member.address}, ${member.id.slice(0, 12)}…`,
  ]);
  return member;
}

/** By a card that works once: whoever adds it is connected, and nobody is asked. */
async function meet(host: Member, guest: Member): Promise<void> {
  const { card } = await host.api.profile.makeCard.mutate({ once: true });
  await guest.api.contacts.add.mutate({ card, name: host.name });
  for (const [here, there] of [
    [host, guest],
    [guest, host],
  ] as const) {
    await here.until(`${there.name} is connected`, 0, ({ event, data }) =>
      event === 'contact' && data.id === there.id && data.state === 'connected' && data.reachable
        ? true
        : undefined,
    );
  }
  tell({ event: 'connected', name: guest.name }, [
    `  ${guest.name} added your card and is connected with you.`,
  ]);
}

interface Line {
  from: Member;
  to: Member;
  text: string;
}

/** Hands a line to its author's node. @returns a function that waits until it is acknowledged, and tells of it. */
async function send({ from, to, text }: Line): Promise<() => Promise<void>> {
  const startMs = performance.now();
  const { id, state, eventSeq } = await from.api.messages.send.mutate({ to: to.id, text });
  if (!values.json) process.stdout.write(`  ${`${from.name} → ${to.name}`.padEnd(14)}${text}\n`);
  return async () => {
    const states: string[] = [state];
    await from.until(`“${text}” is delivered`, eventSeq, ({ event, data }) => {
      if (event !== 'state' || data.id !== id) return undefined;
      states.push(data.state);
      if (data.state === 'failed' || data.state === 'expired')
        throw new Error(`“${text}” ${data.state}: ${data.reason ?? 'no reason was given'}`);
      return data.state === 'delivered' ? true : undefined;
    });
    const tookMs = Math.round(performance.now() - startMs);
    tell({ event: 'message', from: from.name, to: to.name, text, states }, [
      `${' '.repeat(16)}${states.join(' → ')} (${tookMs} ms)`,
    ]);
  };
}

async function say(line: Line): Promise<void> {
  await (
    await send(line)
  )();
}

/** Somebody is away, is written to, and comes back. @returns the member of the new start */
async function sendToAbsent(crew: Crew, you: Member, away: Member): Promise<Member> {
  const { name, data } = away;
  await away.stop();
  tell({ event: 'stopped', name, data, pid: null }, [
    '',
    `${name}’s node is switched off. You write all the same:`,
  ]);
  const waits = [
    await send({ from: you, to: away, text: `${name}, are you there?` }),
    await send({ from: you, to: away, text: 'No hurry. This waits on my disk.' }),
  ];
  if (!values.json) process.stdout.write(`${' '.repeat(16)}stored\n\n${name}’s node is switched on again:\n`);
  const back = await startMember(crew, name, you);
  for (const delivered of waits) await delivered();
  await say({ from: back, to: you, text: 'I was away. Both came at once, when I was back.' });
  return back;
}

async function play(crew: Crew): Promise<{ you: Member; others: Member[] }> {
  tell({ event: 'ready' }, ['Four real nodes start on this machine, on loopback alone:']);
  const you = await startMember(crew, 'You', undefined);
  // The app opens at the conversations: this profile has its name already.
  await you.api.settings.set.mutate({ welcomed: true });
  const ada = await startMember(crew, 'Ada', you);
  const björn = await startMember(crew, 'Björn', you);
  const chidi = await startMember(crew, 'Chidi', you);
  if (!values.json) process.stdout.write('\nYou make a card for each of them:\n');
  for (const guest of [ada, björn, chidi]) await meet(you, guest);
  if (!values.json) {
    process.stdout.write(
      '\nA conversation. The lines are scripted; nodes, encryption and answers are not:\n',
    );
  }
  await say({ from: you, to: ada, text: 'Hello Ada! There is no server between us.' });
  await say({ from: ada, to: you, text: 'Only two nodes, and what they say is sealed for this pair.' });
  await say({ from: björn, to: you, text: 'Grüß dich! 🌱 Ada cannot read this.' });
  await say({ from: you, to: björn, text: 'Nor can anybody else. “Delivered” is your node’s own word.' });
  return { you, others: [ada, björn, await sendToAbsent(crew, you, chidi)] };
}

/** From now on the three answer whatever comes. */
function answerAll(you: Member, others: readonly Member[]): void {
  for (const other of others) {
    other.listen(({ event, data }) => {
      if (event !== 'message' || data.direction !== 'in') return;
      const characters = [...data.text];
      const quoted = characters.slice(0, quotedCharactersMax).join('');
      const rest = characters.length > quotedCharactersMax ? '…' : '';
      const text = `I am a script, but my node is real. You wrote: ${quoted}${rest}`;
      // Fails only while everything is being stopped.
      other.api.messages.send.mutate({ to: you.id, text }).catch(() => undefined);
    });
  }
}

const help = ({ data }: Member): string[] => [
  '',
  'Your node runs on. In another terminal, in this folder:',
  '',
  `  bin/kith app --data ${data}`,
  `  bin/kith chat Ada --data ${data}`,
  `  bin/kith history Chidi --data ${data}`,
  `  bin/kith doctor --data ${data}`,
  '',
  'Ada, Björn and Chidi are scripts on real nodes: they answer everything alike.',
  'Ctrl-C stops all four nodes and deletes their profiles.',
];

const crew = createCrew('demo');
const interrupted = Promise.withResolvers<'interrupted'>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.resolve('interrupted'));
}
try {
  const played = await Promise.race([play(crew), interrupted.promise]);
  if (played !== 'interrupted') {
    tell({ event: 'done' }, []);
    if (!endsAfterwards) {
      answerAll(played.you, played.others);
      process.stdout.write(`${help(played.you).join('\n')}\n`);
      await interrupted.promise;
    }
  }
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await crew.clear();
}
if (!values.json) process.stdout.write('\nAll four nodes are stopped, and their profiles deleted.\n');
