import { readFileSync, statSync } from 'node:fs';
import { asKithError, KithError } from '@kith/api/errors';
import type { ApiClient } from '@kith/api/client';
import type { Contact } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { contactLine, shortContact } from '../contact-view.ts';
import { followEvents } from '../follow-events.ts';
import { exitOf } from '../output.ts';
import { withNode } from '../session.ts';
import { readInput } from '../standard-input.ts';

interface AddFlags extends CommonFlags {
  file?: string;
  name?: string;
}

/** Enough for two nodes that see each other; others connect later, without the command. */
const connectedMsMax = 2_000;
/** Of a roster or a pipe. A guess: some hundred cards. */
const rosterBytesMax = 1024 * 1024;
/** Ten times the largest card. The node hangs up on a call that is far too long. */
const cardLengthMax = 65_536;

/** One contact per card; a damaged card does not keep the others from being added. */
export async function add(this: CliContext, flags: AddFlags, given?: string): Promise<void> {
  const cards = cardsOf(await textOf(this, flags, given));
  if (flags.name !== undefined && cards.length > 1) {
    throw new KithError('usage', 'One name does not fit several cards. Rename them afterwards.');
  }
  await withNode(this, flags, async (api) => {
    for (const card of cards)
      await addOne({ context: this, api, card, name: flags.name, isOnly: cards.length === 1 });
  });
}

interface One {
  context: CliContext;
  api: ApiClient;
  card: string;
  name: string | undefined;
  isOnly: boolean;
}

async function addOne({ context, api, card, name, isOnly }: One): Promise<void> {
  try {
    if (card.length > cardLengthMax) throw new KithError('bad-card');
    const { lastSeq } = await api.node.status.query();
    const added = await api.contacts.add.mutate({ card, name });
    const contact = added.expected ? await connectedSoon(api, added, lastSeq) : added;
    context.output.show({ contact: shortContact(contact) }, () => [contactLine(contact)]);
    if (contact.state === 'requested' && !context.output.isJson) {
      context.output.talk(
        'Asked. If the card was made with --once you are connected as soon as both nodes meet; ' +
          'otherwise they have to accept. What you write waits until then.',
      );
    }
  } catch (error) {
    if (isOnly) throw error;
    const failure = asKithError(error);
    context.output.fail(failure);
    context.exitCode = exitOf(failure);
  }
}

/** With a one-time card nobody is asked: where both nodes are up it takes a moment, and that is worth waiting for. */
async function connectedSoon(api: ApiClient, added: Contact, since: number): Promise<Contact> {
  for await (const event of followEvents(api, since, AbortSignal.timeout(connectedMsMax))) {
    if (event.event !== 'contact' || event.data.id !== added.id || event.data.state !== 'connected') continue;
    const now = (await api.contacts.list.query()).find((each) => each.id === added.id);
    return now ?? added;
  }
  return added;
}

async function textOf(context: CliContext, flags: AddFlags, given: string | undefined): Promise<string> {
  if (given !== undefined && flags.file !== undefined) {
    throw new KithError('usage', 'Give a card or a file, not both.');
  }
  if (flags.file !== undefined) return readRoster(flags.file);
  if (given === '-') return await readInput(context, rosterBytesMax);
  if (given === undefined)
    throw new KithError('usage', 'Which card? Give it, or --file ROSTER, or - to read a pipe.');
  return given;
}

function readRoster(path: string): string {
  try {
    if (statSync(path).size > rosterBytesMax)
      throw new KithError('usage', `${path} is too large for a roster.`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof KithError) throw error;
    throw new KithError('usage', `${path} cannot be read.`, { cause: error });
  }
}

/** Every card in a text: people paste them with what stands around. */
function cardsOf(text: string): string[] {
  const found = text.match(/\bmesh:\/\/[^\s"'<>]+/gi);
  // Nothing that looks like one: the node says what is wrong with it.
  return found ?? [text.trim()];
}
