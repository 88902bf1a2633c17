/** One secret in the keychain of the operating system. */

/** Every method may wait for a person to unlock the keychain, and rejects where there is none. */
export interface SystemEntry {
  get(): Promise<Uint8Array | undefined>;
  set(secret: Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

export type OpenEntry = (account: string) => Promise<SystemEntry>;

/**
 * An entry of the program in macOS's keychain, Windows' credential manager or the Secret Service of a Linux
 * desktop. The module is loaded here and not before: a headless node never needs it.
 * @throws where the machine has none of them.
 */
export async function openSystemEntry(account: string): Promise<SystemEntry> {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  // Left alone, it would fall back to the kernel's keyring, which forgets everything when the machine restarts.
  const entry = new AsyncEntry('kith', account, { linux: { store: 'secret-service' } });
  return {
    async get() {
      const secret = await entry.getSecret();
      return secret === null ? undefined : Uint8Array.from(secret);
    },
    set: (secret) => entry.setSecret(secret),
    async remove() {
      await entry.deleteCredential();
    },
  };
}
