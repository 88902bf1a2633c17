import { KithError } from '@kith/api/errors';
import type { Status } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { columns, localTime } from '../output.ts';
import { withNode } from '../session.ts';

interface StatusFlags extends CommonFlags {
  link?: boolean;
}

export async function status(this: CliContext, flags: StatusFlags): Promise<void> {
  const { output } = this;
  if (flags.link === true) {
    const { url } = await withNode(this, flags, async (api) => await api.node.webLink.mutate());
    if (url === null) throw new KithError('failed', 'This node serves no page on this machine.');
    output.show({ url }, () => [url]);
    return;
  }
  const found = await withNode(this, flags, async (api) => await api.node.status.query());
  output.show(found, () => describe(found));
}

function describe(found: Status): string[] {
  return columns([
    ['name', found.name],
    ['id', found.id],
    ['running since', `${localTime(found.startedAt)} (process ${found.pid}, version ${found.version})`],
    ['profile', found.data],
    ['page', found.url ?? 'none'],
    ['listening', found.listen.join(' ') || 'nowhere'],
    ['contacts', `${found.contacts} (${found.requests} waiting for your answer)`],
    ['messages waiting', String(found.queued)],
    ['links', String(found.links)],
    ['network', found.outlook.detail],
    ['keys', found.keychain],
    ...found.notices.map((notice) => ['note', notice]),
  ]);
}
