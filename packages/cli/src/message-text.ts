/** The text of a message on its way to the node. */
import { KithError } from '@kith/api/errors';

/** As core has it; a pipe is not read further. */
export const textBytesMax = 28_000;

/**
 * The same text. Judged here as well as in core, because the node hangs up on a call that is far too long.
 *
 * @throws KithError `message-too-long`.
 */
export function fitting(text: string): string {
  if (Buffer.byteLength(text) > textBytesMax) throw new KithError('message-too-long');
  return text;
}
