import type { Profile } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { columns, localTime, type Output } from '../output.ts';
import { withNode } from '../session.ts';

interface QrFlags extends CommonFlags {
  qr?: boolean;
}

interface CardFlags extends QrFlags {
  once?: boolean;
  expires?: number;
}

/** Without a name: shows the present one. */
export async function name(this: CliContext, flags: CommonFlags, wanted?: string): Promise<void> {
  const profile = await withNode(this, flags, async (api) =>
    wanted === undefined ? await api.profile.get.query() : await api.profile.setName.mutate({ name: wanted }),
  );
  this.output.show(profileJson(profile), () => columns([[profile.name]]));
}

export async function id(this: CliContext, flags: QrFlags): Promise<void> {
  const profile = await withNode(this, flags, async (api) => await api.profile.get.query());
  this.output.show(profileJson(profile), () => describe(profile));
  if (flags.qr === true) await draw(this.output, profile.id);
}

export async function card(this: CliContext, flags: CardFlags): Promise<void> {
  const { output } = this;
  const made = await withNode(
    this,
    flags,
    async (api) => await api.profile.makeCard.mutate({ once: flags.once, expiresInMs: flags.expires }),
  );
  const { card: text, short, expiresAt } = made;
  output.show({ card: text, expiresAt }, () => [text]);
  if (flags.qr === true) await draw(output, short);
  if (output.isJson) return;
  output.talk(
    flags.once === true
      ? `For one person, until ${localTime(made.expiresAt)}. Hand it over where nobody else reads it.`
      : `Works until ${localTime(made.expiresAt)}. Whoever adds it waits for your "kith accept".`,
  );
}

function profileJson({ id: person, name: called, fingerprint }: Profile): object {
  return { id: person, name: called, fingerprint };
}

function describe({ id: person, name: called, fingerprint }: Profile): string[] {
  return columns([
    ['name', called],
    ['id', person],
    ['fingerprint', fingerprint],
  ]);
}

/** ISO/IEC 18004: what the largest code holds, in bytes, at the lowest correction. */
const qrBytesMax = 2_953;

/** On stderr: a picture beside the data. */
async function draw(output: Output, text: string): Promise<void> {
  if (output.isJson) return;
  if (Buffer.byteLength(text) > qrBytesMax) {
    output.talk(
      `This is too long for a code (${text.length} characters, ${qrBytesMax} fit). Hand it over as text or as a file.`,
    );
    return;
  }
  const { renderUnicodeCompact } = await import('uqr');
  output.talk(renderUnicodeCompact(text, { ecc: 'L', border: 2 }));
}
