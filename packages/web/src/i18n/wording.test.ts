/** Goal: whatever the node finds of itself is said in every language, with all that it is filled with. */
import { beforeAll, expect, it } from 'vitest';
import type { CheckCode, CheckValues, FixCode } from '@kith/api/shapes';
import { languages, setLanguage } from './language.ts';
import { checkWords, fixWords } from './wording.ts';

beforeAll(() => {
  Object.assign(globalThis, { document: { documentElement: {} } });
});

const found: CheckValues = {
  'memory.locked': {},
  'memory.swap': { reason: 'EPERM' },
  'memory.overflow': { bytes: 77 },
  'copy.same': {},
  'copy.restored': {},
  'recovery.kept': {},
  'recovery.written': {},
  'outlook.connected': {},
  'outlook.merging': {},
  'outlook.local-only': {},
  'outlook.alone': {},
  'outlook.probably-cut-off': {},
  'views.filled': { active: 6, reserve: 31 },
  'views.idle': { active: 0, reserve: 31 },
  'record.unlisted': {},
  'record.none': {},
  'record.listed': { minutes: 120, hops: 6 },
  'anchors.none': {},
  'anchors.some': { count: 8 },
  'keychain.system': {},
  'keychain.file': { path: '/home/ana/keys' },
  'keychain-behind': { reason: 'EIO' },
  'lan-silent': { heard: 3, port: 4001 },
  'other-version': { theirs: '2, 3', ours: 1 },
  'mdns-port': { interface: 'eth0' },
  'mdns-failed': { interface: 'eth0', code: 'ENODEV' },
};

const fixes: Record<FixCode, true> = {
  'memory.swap': true,
  'memory.overflow': true,
  'copy.restored': true,
  'recovery.kept': true,
  'outlook.local-only': true,
  'outlook.alone': true,
  'outlook.probably-cut-off': true,
  'views.idle': true,
  'record.none': true,
  'keychain-behind': true,
  'lan-silent': true,
  'other-version': true,
  'mdns-port': true,
  'mdns-failed': true,
};

it.each(languages)('each check has its sentence, %s', async (language) => {
  await setLanguage(language);
  for (const [code, values] of Object.entries(found) as [CheckCode, Record<string, string | number>][]) {
    const check = { code, values, name: '', status: 'warn', detail: '', fix: 'x' } as const;
    const words = checkWords(check);
    expect(words).not.toBe(`check.${code}`);
    for (const value of Object.values(values)) expect(words, code).toContain(String(value));
    if (code in fixes) expect(fixWords(check)).not.toBe(`check.fix.${code}`);
  }
});
