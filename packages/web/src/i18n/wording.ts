/** The app's own words for what the node tells by code: the node's sentences are for terminals, and in English. */
import { asKithError, type ErrorCode } from '@kith/api/errors';
import type { ApiEventData, Check, FixCode, NetworkOutlook } from '@kith/api/shapes';
import type { Reach } from '@kith/api/settings-shapes';
import { translate } from './texts.ts';

/** @param error - Whatever a call rejected with. */
export function errorWords(error: unknown): string {
  return codeWords(asKithError(error).code);
}

export function codeWords(code: ErrorCode): string {
  return translate(`error.${code}`);
}

export function outlookWords(outlook: NetworkOutlook): { short: string; long: string } {
  return { short: translate(`outlook.short.${outlook}`), long: translate(`outlook.${outlook}`) };
}

export function reachStepWords(step: Reach['step'], name: string): string {
  return translate(`reach.step.${step}`, { name });
}

/** @returns a sentence that says what holds it up and what helps. */
export function reachCauseWords(cause: NonNullable<Reach['cause']>): string {
  return translate(`reach.cause.${cause}`);
}

/** @param name - Of the contact it is about. */
export function noticeWords(kind: ApiEventData['notice']['kind'], name: string): string {
  return translate(`notice.${kind}`, { name });
}

export function checkWords({ code, values }: Check): string {
  return translate(`check.${code}`, values);
}

/** @param check - One about which something can be done: its `fix` is not empty. */
export function fixWords({ code, values }: Check): string {
  return translate(`check.fix.${code as FixCode}`, values);
}
