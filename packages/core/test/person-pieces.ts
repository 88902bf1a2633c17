/** Persons made from seeds, and identities put together from single statements, for the tests of identities. */
import { hexDecode } from '../src/base/bytes.ts';
import { encodeCbor } from '../src/base/cbor.ts';
import type { DeviceId } from '../src/base/ids.ts';
import { seededKeySource, seededRandom } from '../src/base/random.ts';
import type { CryptoBackend } from '../src/crypto/backend.ts';
import type { Crypto } from '../src/crypto/crypto.ts';
import { suite } from '../src/crypto/hash.ts';
import {
  deviceBody,
  encodeAdd,
  encodeRevoke,
  signPossession,
} from '../src/crypto/identity/device-statements.ts';
import {
  createPerson,
  decodeIdentity,
  type Identity,
  type OwnRoot,
} from '../src/crypto/identity/identity.ts';
import { personIdBytes } from '../src/crypto/identity/person-id.ts';
import { createNativeBackend } from '../src/crypto/native/native-backend.ts';

export const backend: CryptoBackend = createNativeBackend();

/** Key material drawn from a seed: the same seed, the same keys. */
export function cryptoOf(seed: number): Crypto {
  return { backend, keys: seededKeySource(seededRandom(seed)) };
}

export interface Person {
  root: OwnRoot;
  identity: Identity;
}

/** A person with one device, the same for the same seed. */
export function personOf(seed: number): ReturnType<typeof createPerson> {
  return createPerson(cryptoOf(seed), { seq: 1_000, deviceName: 'first device' });
}

/** The wire form of a person with these statements alone, as some replica might have come to hold them. */
export function withStatements(person: Person, statements: Uint8Array[]): Uint8Array {
  return encodeCbor([1, suite, person.identity.chain, statements]);
}

/** An identity that holds this statement alone. */
export function fragment(person: Person, statement: Uint8Array): Identity {
  const identity = decodeIdentity(backend, withStatements(person, [statement]));
  if (identity === undefined) throw new Error('the fragment does not verify');
  return identity;
}

/** An `add` of a device numbered `index`, with no limit on how many. */
export function addStatement(person: Person, index: number, name = `device ${index}`): Uint8Array {
  const signing = backend.ed25519KeyPair(new Uint8Array(32).fill(index + 1));
  const agreementKey = backend.x25519KeyPair(new Uint8Array(32).fill(index + 1)).publicKey;
  const own = personIdBytes(person.identity.person);
  const body = deviceBody({
    person: own,
    signingKey: signing.publicKey,
    agreementKey,
    name,
    seq: 2_000 + index,
  });
  const deviceSignature = signPossession(backend, body, signing.secretKey);
  backend.secrets.release(signing.secretKey);
  return encodeAdd(backend, { body, deviceSignature }, person.root.current.secretKey);
}

export function revokeStatement(person: Person, device: DeviceId, cutoff = 0): Uint8Array {
  const parts = {
    person: personIdBytes(person.identity.person),
    device: hexDecode(device)!,
    cutoff,
    seq: 3_000,
  };
  return encodeRevoke(backend, parts, person.root.current.secretKey);
}
