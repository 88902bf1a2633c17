import type { ApiEvent, ApiEventData } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { followEvents } from '../follow-events.ts';
import { forTerminal, onOneLine } from '../for-terminal.ts';
import { localTime } from '../output.ts';
import { withLastingNode } from '../session.ts';

interface WatchFlags extends CommonFlags {
  since?: number;
}

/** Until it is interrupted. */
export async function watch(this: CliContext, flags: WatchFlags): Promise<void> {
  const { output } = this;
  await withLastingNode(this, flags, async (api) => {
    const since = flags.since ?? (await api.node.status.query()).lastSeq;
    for await (const event of followEvents(api, since, new AbortController().signal)) {
      output.show(event, () => [`${output.dim(localTime(event.at))} ${forTerminal(describe(event))}`]);
    }
  });
}

function describe(event: ApiEvent): string {
  switch (event.event) {
    case 'message':
      return `message ${event.data.direction === 'in' ? 'from' : 'of'} ${event.data.from}: ${onOneLine(event.data.text)}`;
    case 'changed':
      return `message ${event.data.id} changed: ${event.data.deleted ? 'deleted' : onOneLine(event.data.text)}`;
    case 'removed':
      return `message ${event.data.id} removed from this device`;
    case 'state':
      return `state of ${event.data.id}: ${event.data.state}${event.data.reason === null ? '' : ` (${event.data.reason})`}`;
    case 'contact':
      return `contact ${onOneLine(event.data.name)}: ${event.data.state}${event.data.reachable ? ', reachable' : ''}`;
    case 'peer':
      return `peer ${event.data.id}: ${event.data.link}`;
    case 'request':
      return `request of ${onOneLine(event.data.name)}: ${onOneLine(event.data.greeting)}`;
    case 'notice':
      return `notice: ${onOneLine(event.data.text)}`;
    case 'conversation':
      return `conversation ${event.data.id}: ${whatOf(event.data)}`;
    case 'settings':
      return 'settings changed';
    case 'network':
      return `network: ${onOneLine(event.data.detail)}`;
  }
}

function whatOf({ what, messages }: ApiEventData['conversation']): string {
  return messages === null ? what : `${what} of ${messages.length} messages`;
}
