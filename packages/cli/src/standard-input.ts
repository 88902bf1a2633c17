/** Reads what was piped in, up to a bound. */
import { KithError } from '@kith/api/errors';
import type { CliContext } from './context.ts';

/**
 * The whole input as text, without the one line break that shells put at the end.
 *
 * @param bytesMax - More than this is not read.
 * @throws KithError `message-too-long` - more came. `message-control` - it is not UTF-8.
 */
export async function readInput(context: CliContext, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of context.input) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    // One more for the line break.
    if (length > bytesMax + 1) throw new KithError('message-too-long');
    chunks.push(bytes);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
    return text.replace(/\r?\n$/, '');
  } catch (error) {
    throw new KithError('message-control', undefined, { cause: error });
  }
}
