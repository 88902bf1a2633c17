import type { ApiClient } from '@kith/api/client';
import { KithError } from '@kith/api/errors';
import type { MessageState, Sent } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { followEvents } from '../follow-events.ts';
import { fitting, textBytesMax } from '../message-text.ts';
import { stateWords } from '../message-view.ts';
import { exitOf } from '../output.ts';
import { withLastingNode, withNode } from '../session.ts';
import { readInput } from '../standard-input.ts';

interface SendFlags extends CommonFlags {
  ttl?: number;
  wait: 'stored' | 'sent' | 'delivered';
  timeout: number;
}

// What each wait is content with.
const enough: Record<SendFlags['wait'], readonly MessageState[]> = {
  stored: ['stored', 'sent', 'delivered', 'read'],
  sent: ['sent', 'delivered', 'read'],
  delivered: ['delivered', 'read'],
};

export async function send(this: CliContext, flags: SendFlags, to: string, given?: string): Promise<void> {
  const text = await textOf(this, given);
  if (flags.wait === 'stored') {
    const sent = await withNode(this, flags, async (api) => await submit(api, flags, to, text));
    show(this, sent.id, sent.state);
    return;
  }
  await withLastingNode(this, flags, async (api) => {
    const sent = await submit(api, flags, to, text);
    await waitFor({ context: this, api, flags, sent });
  });
}

async function submit(api: ApiClient, flags: SendFlags, to: string, text: string): Promise<Sent> {
  return await api.messages.send.mutate({ to, text, ttlMs: flags.ttl });
}

interface Waiting {
  context: CliContext;
  api: ApiClient;
  flags: SendFlags;
  sent: Sent;
}

/** Whatever happens from here on, the message is safe: its id is always printed. */
async function waitFor({ context, api, flags, sent }: Waiting): Promise<void> {
  const timeout = AbortSignal.timeout(flags.timeout);
  let { state } = sent;
  // From the event after the commit: what happened before we asked is told as well.
  for await (const event of followEvents(api, sent.eventSeq, timeout)) {
    if (event.event !== 'state' || event.data.id !== sent.id) continue;
    ({ state } = event.data);
    if (enough[flags.wait].includes(state)) {
      show(context, sent.id, state);
      return;
    }
    if (state === 'failed' || state === 'expired') {
      end(context, sent.id, state, new KithError(state, event.data.reason ?? undefined));
      return;
    }
  }
  end(context, sent.id, state, new KithError('timeout'));
}

function show(context: CliContext, id: string, state: MessageState): void {
  context.output.show({ id, state }, () => [id]);
  if (!context.output.isJson) context.output.talk(`${stateWords[state]}.`);
}

function end(context: CliContext, id: string, state: MessageState, error: KithError): void {
  if (!context.output.isJson) context.output.line(id);
  context.output.fail(error, { id, state });
  context.exitCode = exitOf(error);
}

async function textOf(context: CliContext, given: string | undefined): Promise<string> {
  if (given !== undefined && given !== '-') return fitting(given);
  if (given === undefined && context.input.isTTY === true) {
    throw new KithError('usage', 'What should it say? Give a text, or - to read from a pipe.');
  }
  return await readInput(context, textBytesMax);
}
