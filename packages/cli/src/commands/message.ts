import type { MessageDetail } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { stateWords } from '../message-view.ts';
import { columns, localTime } from '../output.ts';
import { withNode } from '../session.ts';

/** Where a message is. */
export async function message(this: CliContext, flags: CommonFlags, id: string): Promise<void> {
  const found = await withNode(this, flags, async (api) => await api.messages.get.query({ id }));
  this.output.show(found, () => describe(found));
}

function describe(found: MessageDetail): string[] {
  const word = stateWords[found.state] || found.state;
  return [
    ...columns([
      ['id', found.id],
      ['to', found.to],
      ['state', found.reason === null ? word : `${word}: ${found.reason}`],
      ['written', localTime(found.createdAt)],
      ['expires', found.expiresAt === null ? 'never' : localTime(found.expiresAt)],
    ]),
    '',
    ...columns(
      found.ledger.map(({ at, state, by, attempt, detail }) => [
        localTime(at),
        stateWords[state] || state,
        `by ${by === 'self' ? 'this device' : `a ${by} of theirs`}`,
        attempt === null ? '' : `attempt ${attempt}`,
        detail ?? '',
      ]),
    ),
  ];
}
