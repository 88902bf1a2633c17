/** Goal: a PIN is kept only as a salted slow hash, and compared by it alone. */
import { expect, test } from 'vitest';
import { pinMatches, verifierOf } from './pin.ts';

test('the PIN of a verifier fits it, another does not, and the salt is new each time', async () => {
  const verifier = await verifierOf('1234 ﬁ');
  expect(verifier).not.toContain('1234');
  expect(await verifierOf('1234 ﬁ')).not.toBe(verifier);
  expect(await pinMatches('1234 fi', verifier)).toBe(true);
  expect(await pinMatches('1234 f', verifier)).toBe(false);
});

test('what no version of ours wrote fits nothing, and costs nothing', async () => {
  const [, , , , salt, hash] = (await verifierOf('1234')).split('$');
  const verifiers = ['', 'scrypt', `md5$65536$8$1$${salt}$${hash}`, `scrypt$65536$8$1$${salt}$AAAA`];
  verifiers.push(`scrypt$1073741824$8$1$${salt}$${hash}`, `scrypt$x$8$1$${salt}$${hash}`);
  for (const verifier of verifiers) expect(await pinMatches('1234', verifier), verifier).toBe(false);
});
