/** What the local API needs of the running node. node/main.ts gives the real one, tests a double. */
import type { CommandName, Commands } from '@kith/core/peer/contract';
import type { EventRow } from '@kith/core/base/store';
import type { Contacted, Trouble } from '../driver/adapters.ts';
import type { OwnValues } from '../driver/own-values.ts';
import type { TypingOutput } from '../driver/typing-watchers.ts';

export interface NodeDetails {
  version: string;
  /** Absolute path of the profile's folder. */
  dataDir: string;
  /** Multiaddrs. */
  listen: string[];
  /** A sentence: where the keys are kept. */
  keychain: string;
  /** Absolute path of the file in which the keys are, where they are in none of the system's keychains. */
  keyFile: string | undefined;
  startedAtWallMs: number;
  pid: number;
  /** What a person should know about this start. At most 32. */
  notices: string[];
}

export interface DiskUse {
  /** Of the database and its log. */
  databaseBytes: number;
  /** Undefined where the system does not tell. */
  freeBytes: number | undefined;
}

export interface NodeHandle extends OwnValues {
  /**
   * Runs one command of core. Resolves after the commit.
   *
   * @throws KithError with the codes of that command.
   */
  execute<Name extends CommandName>(name: Name, input: Commands[Name]['in']): Promise<Commands[Name]['out']>;
  /**
   * First the stored events with a `seq` above `since`, then each new one after its commit; none twice, none left
   * out. The listener is called in order of `seq` and never throws.
   *
   * @returns ends it; safe to call twice.
   */
  subscribe(since: number, listener: (row: EventRow) => void): () => void;
  /**
   * Each typing sign of a contact, live. The listener never throws.
   *
   * @returns ends it; safe to call twice. @throws KithError `busy`.
   */
  watchTyping(listener: (sign: TypingOutput) => void): () => void;
  /** `seq` of the newest stored event, 0 when there is none. */
  lastEventSeq(): number;
  details(): NodeDetails;
  contacted(): Contacted[];
  troubles(): Trouble[];
  /** The newest lines of the log file, oldest first. */
  logTail(lines: number): string[];
  /** Whom the node finds, dials and accepts at present. */
  lan(): 'on' | 'off' | 'only';
  /**
   * Changes that: links end and are made anew, commands wait meanwhile. Resolves when it is in force.
   * @throws KithError `port-in-use`, `bad-address` - as before.
   */
  setLan(lan: 'on' | 'off' | 'only'): Promise<void>;
  /** What the database takes and what is free on its disk. */
  disk(): DiskUse;
  /** Begins to end the node. Returns at once; safe to call twice. */
  stop(): void;
}
