import type { CliContext, CommonFlags } from '../context.ts';
import { columns, localTime } from '../output.ts';
import { forTerminal } from '../for-terminal.ts';
import { withNode } from '../session.ts';

export async function doctor(this: CliContext, flags: CommonFlags): Promise<void> {
  const { output } = this;
  const found = await withNode(this, flags, async (api) => await api.network.doctor.query());
  if (!found.ok) this.exitCode = 1;
  output.show(found, () => [
    ...found.checks.flatMap(({ name, status, detail, fix }) => [
      forTerminal(`${status.padEnd(4)}  ${name}: ${detail}`),
      ...(fix === '' ? [] : [forTerminal(`      ${fix}`)]),
    ]),
    '',
    found.contacted.length === 0 ? 'No address was contacted.' : 'Addresses that were contacted:',
    ...columns(found.contacted.map(({ at, address, why }) => [`  ${localTime(at)}`, address, why])),
  ]);
}
