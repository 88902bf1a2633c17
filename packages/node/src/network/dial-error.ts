/** Sorts what libp2p, Noise and the operating system throw into the few codes people are told. */
import type { NetworkEvents } from '../driver/adapters.ts';

export type DialCode = Parameters<NetworkEvents['dialFailed']>[1];

/** When several addresses failed, the code that says most about the other side wins. */
const telling: DialCode[] = ['not-kith', 'refused', 'timeout', 'unreachable', 'other'];

export function moreTelling(a: DialCode, b: DialCode): DialCode {
  return telling.indexOf(a) <= telling.indexOf(b) ? a : b;
}

const bySystemCode: Record<string, DialCode> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EINVAL: 'unreachable', // A link-local address whose interface is gone.
  ENODEV: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
};

const byName: Record<string, DialCode> = {
  TimeoutError: 'timeout',
  AbortError: 'timeout',
  UnsupportedProtocolError: 'not-kith',
  EncryptionFailedError: 'not-kith',
  MuxerUnavailableError: 'not-kith',
  UnexpectedEOFError: 'not-kith',
};

export function dialCode(error: unknown): DialCode {
  if (!(error instanceof Error)) return 'other';
  if (error instanceof AggregateError) {
    return error.errors.map(dialCode).reduce(moreTelling, 'other');
  }
  const systemCode = 'code' in error && typeof error.code === 'string' ? bySystemCode[error.code] : undefined;
  return systemCode ?? byName[error.name] ?? 'other';
}
