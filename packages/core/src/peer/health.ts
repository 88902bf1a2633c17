/** Facts about this profile that `kith doctor` tells and only core knows. */
import type { CheckFound } from '../base/check-codes.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import type { Own } from './own.ts';
import type { KeyAgreement } from './sealed-rows.ts';

/** What was found, by its code and in English. */
export type HealthCheck = CheckFound & {
  name: string;
  status: 'ok' | 'warn' | 'fail';
  detail: string;
  /** What to do about it; empty when it is well. */
  fix: string;
};

export class Health {
  #backend: CryptoBackend;
  #agreement: KeyAgreement;

  constructor(backend: CryptoBackend, agreement: KeyAgreement) {
    this.#backend = backend;
    this.#agreement = agreement;
  }

  checks(own: Own): HealthCheck[] {
    return [this.#memory(), this.#copy(), recovery(own)];
  }

  #memory(): HealthCheck {
    const { locked, reason, overflowBytes } = this.#backend.secrets.status();
    const name = 'locked memory';
    if (!locked) {
      const why = reason ?? 'memory cannot be locked here';
      const detail = `Keys in use could be written to the swap space: ${why}.`;
      return {
        name,
        code: 'memory.swap',
        values: { reason: why },
        status: 'warn',
        detail,
        fix: 'Raise the limit of locked memory (ulimit -l), or switch swap off.',
      };
    }
    if (overflowBytes > 0) {
      const detail = `${overflowBytes} bytes of keys did not fit the locked memory.`;
      const fix = 'Nothing is lost. Fewer conversations at once need less.';
      const values = { bytes: overflowBytes };
      return { name, code: 'memory.overflow', values, status: 'warn', detail, fix };
    }
    const detail = 'Keys in use stay out of the swap space.';
    return { name, code: 'memory.locked', values: {}, status: 'ok', detail, fix: '' };
  }

  #copy(): HealthCheck {
    const name = 'restored copy';
    if (this.#agreement !== 'restored' && this.#agreement !== 'ahead') {
      const detail = 'The database and the keychain belong together.';
      return { name, code: 'copy.same', values: {}, status: 'ok', detail, fix: '' };
    }
    const detail = 'The database is another copy than the one last used. Every session was set up anew.';
    return {
      name,
      code: 'copy.restored',
      values: {},
      status: 'warn',
      detail,
      fix: 'Keep using one copy only. What arrived after the copy is missing here.',
    };
  }
}

/** The words themselves are shown when recovery can use them; until then the profile is the only copy. */
function recovery(own: Own): HealthCheck {
  const kept = own.root.recovery.length > 0;
  return {
    name: 'recovery',
    code: kept ? 'recovery.kept' : 'recovery.written',
    values: {},
    status: kept ? 'warn' : 'ok',
    detail: kept
      ? 'The keys of this person exist in this profile alone.'
      : 'The recovery words were written down.',
    fix: kept
      ? 'A copy of the whole profile folder brings the person back, if the original is never used again.'
      : '',
  };
}
