/**
 * What the driver needs of the world. Real adapters: ../storage, ../network, ../keychain; test doubles pass
 * the same contract suites.
 */
import type { CheckFound } from '@kith/core/base/check-codes';
import type { DialReason } from '@kith/core/base/dial-reason';
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { Store, StoreWrite } from '@kith/core/base/store';
import type { FrameClass, LinkPath } from '@kith/core/peer/contract';

/** One encrypted database. Every method is synchronous and throws `KithError` with a plain sentence. */
export interface Database {
  readonly store: Store;
  begin(): void;
  /** Within a transaction. Throws `disk-full`, `disk-failed` or `corrupt`. */
  apply(write: StoreWrite): void;
  /** Durable (WAL, synchronous=FULL) when it returns. When it throws, the transaction was rolled back. */
  commit(): void;
  rollback(): void;
  /**
   * One short step of work that can wait: indexing, moving the log. Called when nothing else is to be done, never
   * within a transaction. Absent where there is none. Throws as `commit` does, with nothing lost.
   * @returns whether more of it waits.
   */
  maintain?(): boolean;
  close(): void;
}

export interface NetworkEvents {
  listening(self: PeerId, addresses: string[]): void;
  lanFound(remote: PeerId, addresses: string[]): void;
  lanLost(remote: PeerId): void;
  linkUp(link: LinkId, remote: PeerId, address: string, path: LinkPath, dialled: boolean): void;
  linkDown(link: LinkId, reason: string): void;
  frame(link: LinkId, frame: Uint8Array): void;
  flushed(link: LinkId, receipt: number): void;
  dialFailed(dial: number, code: 'refused' | 'timeout' | 'unreachable' | 'not-kith' | 'other'): void;
}

/** For `kith doctor`: something that does not work as it should, by its code and in English. */
export type Trouble = CheckFound & { detail: string; fix: string };

/** An address that was contacted (or asked by mDNS), for `kith doctor`. At most 1,000 are kept. */
export interface Contacted {
  address: string;
  why: DialReason;
  atWallMs: number;
}

export interface Network {
  /** Resolves when it listens. Throws `KithError` `port-in-use` or `bad-address`. */
  start(events: NetworkEvents): Promise<void>;
  /** Queues a frame (1 to 65,536 bytes) in its class. @returns false when the class is full: not sent. */
  send(link: LinkId, frameClass: FrameClass, frame: Uint8Array, receipt: number | undefined): boolean;
  dial(dial: number, remote: PeerId | undefined, addresses: string[], why: DialReason): void;
  close(link: LinkId, reason: string): void;
  contacted(): Contacted[];
  /** What a person should know: "mDNS heard N nodes but none answered by TCP: a firewall?". Empty when well. */
  troubles(): Trouble[];
  /** Closes links and sockets; resolves when nothing is left running. */
  stop(): Promise<void>;
}

/** Keeps two keys: the page key of the database and the moving storage key. */
export interface Keychain {
  readonly kind: 'os' | 'file' | 'passphrase';
  read(): Promise<ProfileKeys | undefined>;
  /** Atomic and durable when it resolves. */
  write(keys: ProfileKeys): Promise<void>;
}

export interface ProfileKeys {
  /** 32 bytes. */
  pageKey: Uint8Array;
  /** 32 bytes: K(generation). */
  storageKey: Uint8Array;
  generation: number;
}

/** Codes and numbers only: no secret, no text of a message, no address. */
export type DriverLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  code: string,
  detail: Record<string, string | number>,
) => void;
