import type { CliContext, CommonFlags } from '../context.ts';
import { onOneLine } from '../for-terminal.ts';
import { withNode } from '../session.ts';

interface VerifyFlags extends CommonFlags {
  matches?: string;
}

export async function verify(this: CliContext, flags: VerifyFlags, contact: string): Promise<void> {
  const { output } = this;
  const found = await withNode(
    this,
    flags,
    async (api) => await api.contacts.verify.mutate({ contact, matches: flags.matches }),
  );
  const { safetyNumber, verified } = found;
  output.show({ safetyNumber, verified }, () => grouped(safetyNumber));
  if (output.isJson) return;
  if (flags.matches !== undefined) output.talk(`Equal. ${onOneLine(contact)} is verified.`);
  else if (verified) output.talk(`You have compared this number with ${onOneLine(contact)} before.`);
  else {
    output.talk(
      `Meet or call ${onOneLine(contact)}, and let them read the number that "kith verify" shows them. ` +
        `Type what they read, not what stands here:\n  kith verify ${shellWord(contact)} --matches "…"`,
    );
  }
}

/** Groups of five digits, four groups a line. */
function grouped(safetyNumber: string): string[] {
  const groups =
    onOneLine(safetyNumber)
      .replaceAll(/\s/g, '')
      .match(/.{1,5}/gu) ?? [];
  const lines: string[] = [];
  for (let at = 0; at < groups.length; at += 4) lines.push(groups.slice(at, at + 4).join(' '));
  return lines;
}

function shellWord(text: string): string {
  const safe = onOneLine(text);
  return /^[\w.-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", String.raw`'\''`)}'`;
}
