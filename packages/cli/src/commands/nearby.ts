import { onOneLine } from '../for-terminal.ts';
import type { CliContext, CommonFlags } from '../context.ts';
import { columns } from '../output.ts';
import { withNode } from '../session.ts';

/** The beginning of a person's id is enough to tell two of the same name apart. */
const idLengthShown = 12;

/** People on the same local network who chose to be visible. */
export async function nearby(this: CliContext, flags: CommonFlags): Promise<void> {
  const { output } = this;
  const found = await withNode(this, flags, async (api) => await api.network.nearby.query());
  if (output.isJson) {
    for (const { id, name, card } of found) output.json({ id, name, card });
    return;
  }
  if (found.length === 0) {
    output.talk('Nobody on this local network chose to be visible. Contacts are not listed here.');
    return;
  }
  const rows = found.map(({ id, name }) => [name, 'not verified', `${id.slice(0, idLengthShown)}…`]);
  for (const line of columns(rows)) output.line(line);
  for (const { name, card } of found)
    output.line(output.dim(`kith add ${onOneLine(card)}  # ${onOneLine(name)}`));
  output.talk('Anybody can call themselves anything: compare numbers with "kith verify" when you have met.');
}
