/**
 * The running node, put together: the only place where adapters are constructed and joined to the Peer.
 *
 * `createNode` gives a node as a value (benchmarks and tests use it); `startNode` runs one for `kith up`:
 * it talks on stderr, says `ready` on stdout, and ends on SIGINT and SIGTERM.
 */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { readU32be } from '@kith/core/base/bytes';
import { KithError } from '@kith/core/base/errors';
import type { PersonId } from '@kith/core/base/ids';
import type { Random } from '@kith/core/base/random';
import { cleanName } from '@kith/core/base/text';
import type { Commands } from '@kith/core/peer/contract';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { profileKey } from '@kith/core/crypto/vault/vault';
import type { PeerParts } from '@kith/core/peer/assemble';
import { type MeshSettings, meshSettingsDefaults } from '@kith/core/peer/mesh';
import { Peer } from '@kith/core/peer/peer';
import { storedChoices } from '@kith/core/peer/settings';
import type { UpOptions } from '@kith/api/up-options';
import type { Database, Keychain, Network, ProfileKeys } from './driver/adapters.ts';
import { Driver, type DriverParts, type PeerStart } from './driver/driver.ts';
import { DriverSeat, type Seated } from './driver/driver-seat.ts';
import { ownValues } from './driver/own-values.ts';
import { TypingWatchers } from './driver/typing-watchers.ts';
import { systemClock } from './driver/system-clock.ts';
import { chooseKeychain, keyFileName } from './keychain/choose-keychain.ts';
import { runInForeground } from './foreground.ts';
import { startLocalApi } from './local-api/local-api.ts';
import type { NodeHandle } from './local-api/node-handle.ts';
import { type Log, openLog } from './log/log-file.ts';
import { checkBootstrap, checkListen, nearBootstrap } from './network/addresses.ts';
import { createNetwork } from './network/network.ts';
import { openDatabase } from './storage/database.ts';
import { diskUse, profileFolder } from './storage/files.ts';
import { lockProfile } from './storage/profile-lock.ts';
import { isOfConnection } from './uncaught.ts';
import { kithVersion } from './version.ts';

const backend = createNativeBackend();

export type NodeOptions = Pick<UpOptions, 'data' | 'name' | 'port' | 'listen' | 'lan' | 'bootstrap'> &
  Partial<Pick<UpOptions, 'unlisted' | 'recordTtlMs' | 'hopLimit'>> & {
    /** Serve the loopback URL too; the profile's own socket is always served. */
    serveUrl: boolean;
    /** Told of what is published in the topics this node follows. */
    onBroadcast?: DriverParts['onBroadcast'];
    /** Told of each frame that goes to a link: for those who count. */
    onSent?: ((frame: Uint8Array) => void) | undefined;
  };

export interface RunningNode extends NodeHandle {
  readonly id: PersonId;
  readonly name: string;
  readonly url: string | undefined;
  /** A URL that opens the web app once, within a minute. */
  webLink(): string | undefined;
  /** Whether the web app was built. */
  hasWebApp(): boolean;
  /** An error that nobody caught: ends the node with a sentence, or is only logged where a connection raised it. */
  fault(error: unknown): void;
  /** Resolves when everything is closed: with the failure that ended the node, or undefined. */
  readonly ended: Promise<KithError | undefined>;
}

/**
 * Starts a node on a profile. Resolves when it listens and its identity is safe on the disk.
 *
 * @throws KithError `profile-in-use`, `wrong-key`, `corrupt`, `newer-schema`, `disk-full`, `disk-failed`,
 *   `port-in-use`, `bad-address`, `bad-name` - nothing is left running then.
 */
export async function createNode(options: NodeOptions): Promise<RunningNode> {
  const undo: Undo = [];
  try {
    return await build(options, undo);
  } catch (error) {
    await undoAll(undo); // What goes wrong now is a consequence: the first failure is the one to tell.
    throw error;
  }
}

/** Runs a node until it is told to stop. @returns the exit code of the process. */
export function startNode(options: UpOptions): Promise<number> {
  return runInForeground(options, () => createNode({ ...options, serveUrl: true }));
}

type Undo = (() => Promise<void> | void)[];

async function build(options: NodeOptions, undo: Undo): Promise<RunningNode> {
  const { data } = options;
  checkOptions(options);
  profileFolder(data);
  // Held before any key is made: of two nodes that start at once only one may write to the keychain.
  const lock = lockProfile(join(data, 'node.lock'));
  undo.push(() => lock.release());
  const log = openLog({ dataDir: data, wallMs: () => Date.now(), minimum: 'info' });
  undo.push(() => log.close());
  const { keychain, sentence } = await chooseKeychain(data);
  const path = join(data, 'kith.db');
  const keys = await profileKeys(keychain, existsSync(path));
  const database = openDatabase(path, keys.pageKey);
  undo.push(() => database.close());
  const failed = Promise.withResolvers<KithError>();
  const typing = new TypingWatchers();
  const loop: LoopParts = { options, database, keychain, log, typing, onFailed: failed.resolve };
  const lan = options.lan ?? storedChoices(database.store).lan;
  const seat = new DriverSeat(await startLoop(loop, lan, keys));
  undo.push(() => seat.stop());
  // Answered after the first commit: from here on the identity is on the disk.
  let status = await seat.execute('status', {});
  if (options.name !== undefined && options.name !== status.name) {
    status = await seat.execute('setName', { name: options.name });
  }
  log.write('info', 'node-started', { version: kithVersion, pid: process.pid });
  return serve({
    loop,
    seat,
    lanSwitch: lanSwitch(seat, loop, lan),
    undo,
    keychain: sentence,
    failed: failed.promise,
    status,
  });
}

/** What a person typed is refused before there is a profile, not when it comes to matter. */
function checkOptions({ name, listen, bootstrap, lan }: NodeOptions): void {
  if (name !== undefined && cleanName(name) === undefined) throw new KithError('bad-name');
  checkListen(listen);
  checkBootstrap(bootstrap, lan === 'only');
}

/** What `--lan` and the setting say: whom the node finds, dials and accepts. */
type LanMode = 'on' | 'off' | 'only';

interface LoopParts {
  options: NodeOptions;
  database: Database;
  keychain: Keychain;
  log: Log;
  typing: TypingWatchers;
  onFailed: (error: KithError) => void;
}

/** A driver that runs, with a network and a Peer of their own. Their network key is new: nobody takes them for the ones before. */
async function startLoop(parts: LoopParts, lan: LanMode, keys: ProfileKeys): Promise<Seated> {
  const { options, database, keychain, log, onFailed } = parts;
  const bootstrap = lan === 'only' ? nearBootstrap(options.bootstrap) : options.bootstrap;
  let listening: string[] = [];
  const networkKeys = backend.ed25519KeyPair(backend.randomBytes(32));
  const networkKey = networkKeys.secretKey;
  const network = createNetwork({
    lan,
    listen: options.listen,
    port: undefined,
    networkKey,
    crypto: backend,
    log: log.write,
  });
  const name = cleanName(options.name ?? '') ?? defaultName();
  const mesh = meshSettings(options, lan);
  const driver = new Driver({
    makePeer: (start) => makePeer(start, { bootstrap, name, networkKey: networkKeys, mesh }),
    database,
    network: observed(network, { listening: (addresses) => (listening = addresses), sent: options.onSent }),
    keychain,
    keys,
    clock: systemClock(),
    log: log.write,
    onFailed,
    onBroadcast: options.onBroadcast,
    onTyping: (sign) => parts.typing.tell(sign),
  });
  try {
    await driver.start();
  } catch (error) {
    await driver.stop();
    throw error;
  }
  return { driver, network, listen: () => listening };
}

/** Changes the mode of a node that runs, one change after another. */
function lanSwitch(
  seat: DriverSeat,
  parts: LoopParts,
  first: LanMode,
): { lan: () => LanMode; setLan: (lan: LanMode) => Promise<void> } {
  let inForce = first;
  let last: Promise<void> = Promise.resolve();
  const change = async (lan: LanMode): Promise<void> => {
    if (lan === inForce) return;
    const before = inForce;
    let isBack = false;
    try {
      await seat.replace(
        async (keys) => await startLoop(parts, lan, keys),
        async (keys) => {
          const seated = await startLoop(parts, before, keys);
          isBack = true;
          return seated;
        },
      );
      inForce = lan;
      parts.log.write('info', 'lan-changed', { kind: lan });
    } catch (cause) {
      const error = cause instanceof KithError ? cause : new KithError('internal', undefined, { cause });
      if (!isBack) parts.onFailed(error);
      throw error;
    }
  };
  return {
    lan: () => inForce,
    setLan: async (lan) => {
      const own = last.then(() => change(lan));
      last = own.catch(() => undefined);
      await own;
    },
  };
}

function meshSettings({ unlisted, recordTtlMs, hopLimit }: NodeOptions, lan: LanMode): MeshSettings {
  const { ttlMs, hopLimit: usualHops } = meshSettingsDefaults;
  return {
    ttlMs: recordTtlMs ?? ttlMs,
    hopLimit: hopLimit ?? usualHops,
    listed: unlisted !== true,
    lanOnly: lan === 'only',
  };
}

/** Chance that others cannot foresee: where strangers stand in our views depends on it. 1,024 numbers at a time. */
function systemRandom({ randomBytes }: Pick<typeof backend, 'randomBytes'>): Random {
  let bytes: Uint8Array = new Uint8Array(0);
  let at = 0;
  return {
    next() {
      if (at >= bytes.length) [bytes, at] = [randomBytes(4_096), 0];
      at += 4;
      return readU32be(bytes, at - 4) / 2 ** 32;
    },
  };
}

function makePeer(
  { store, keys, nowMs, wallMs }: PeerStart,
  own: Pick<PeerParts, 'bootstrap' | 'name' | 'networkKey' | 'mesh'>,
): Peer {
  const crypto = { backend, keys: { bytes: (length: number) => backend.randomBytes(length) } };
  const storageKeys = { ...keys, profileKey: profileKey(backend, keys.pageKey) };
  return new Peer({ crypto, random: systemRandom(backend), store, keys: storageKeys, nowMs, wallMs, ...own });
}

/** The same network, with a look at where it listens and what is sent. */
function observed(
  network: Network,
  on: { listening: (addresses: string[]) => void; sent: NodeOptions['onSent'] },
): Network {
  return {
    start: (events) =>
      network.start({
        ...events,
        listening(self, addresses) {
          on.listening(addresses);
          events.listening(self, addresses);
        },
      }),
    send(link, frameClass, frame, receipt) {
      const isTaken = network.send(link, frameClass, frame, receipt);
      if (isTaken) on.sent?.(frame);
      return isTaken;
    },
    dial: (dial, remote, addresses, why) => network.dial(dial, remote, addresses, why),
    close: (link, reason) => network.close(link, reason),
    contacted: () => network.contacted(),
    troubles: () => network.troubles(),
    stop: () => network.stop(),
  };
}

async function serve(parts: {
  loop: LoopParts;
  seat: DriverSeat;
  lanSwitch: Pick<NodeHandle, 'lan' | 'setLan'>;
  undo: Undo;
  keychain: string;
  failed: Promise<KithError>;
  status: Commands['status']['out'];
}): Promise<RunningNode> {
  const { loop, seat, undo, failed, status } = parts;
  const { options, log } = loop;
  const stopping = Promise.withResolvers<undefined>();
  const startedAtWallMs = Date.now();
  const handle: NodeHandle = {
    execute: (name, input) => seat.execute(name, input),
    subscribe: (since, listener) => seat.subscribe(since, listener),
    watchTyping: (listener) => loop.typing.add(listener),
    lastEventSeq: () => seat.lastEventSeq(),
    ...ownValues(loop.database),
    ...parts.lanSwitch,
    details: () => ({
      version: kithVersion,
      dataDir: options.data,
      listen: seat.listen(),
      keychain: parts.keychain,
      keyFile: loop.keychain.kind === 'file' ? join(options.data, keyFileName) : undefined,
      startedAtWallMs,
      pid: process.pid,
      notices: notices(parts.keychain),
    }),
    disk: () => diskUse(join(options.data, 'kith.db')),
    contacted: () => seat.contacted(),
    troubles: () => seat.troubles(),
    logTail: (lines) => log.tail(lines),
    stop: () => stopping.resolve(undefined),
  };
  const api = await startLocalApi({
    handle,
    dataDir: options.data,
    port: options.serveUrl ? (options.port ?? 'kept') : undefined,
    webDir: join(import.meta.dirname, '../../web/dist'),
    log: (code, detail) => log.write('warn', code, detail),
  });
  undo.push(() => api.stop());
  const ended = Promise.race([failed, stopping.promise]).then(async (failure) => {
    log.write('info', 'node-stopped', failure === undefined ? {} : { code: failure.code });
    const closing = await undoAll(undo);
    return failure ?? closing;
  });
  const fault = (error: unknown): void => {
    const ofConnection = isOfConnection(error);
    log.write('error', 'uncaught', {
      cause: error instanceof Error ? error.name : typeof error,
      kind: ofConnection ? 'connection' : 'own',
    });
    if (!ofConnection) loop.onFailed(new KithError('internal', undefined, { cause: error }));
  };
  const { id, name } = status;
  const { url } = api;
  const web = { url, webLink: () => api.webLink(), hasWebApp: () => api.hasWebApp() };
  return { ...handle, ...web, id, name, fault, ended };
}

/** Every step, whatever became of those before. @returns the first failure. */
async function undoAll(undo: Undo): Promise<KithError | undefined> {
  let failure: KithError | undefined;
  for (const step of undo.splice(0).reverse()) {
    try {
      await step();
    } catch (cause) {
      failure ??= cause instanceof KithError ? cause : new KithError('internal', undefined, { cause });
    }
  }
  return failure;
}

/** @throws KithError `wrong-key` - the database is there but its key is not. */
async function profileKeys(keychain: Keychain, exists: boolean): Promise<ProfileKeys> {
  const kept = await keychain.read();
  if (kept !== undefined) return kept;
  if (exists) throw new KithError('wrong-key', 'The key of this profile is missing. Nothing was changed.');
  const keys = { pageKey: backend.randomBytes(32), storageKey: backend.randomBytes(32), generation: 0 };
  await keychain.write(keys);
  return keys;
}

function notices(keychain: string): string[] {
  const { locked, reason } = backend.secrets.status();
  if (locked) return [keychain];
  return [
    keychain,
    `Keys in use could be written to the swap space: ${reason ?? 'memory cannot be locked'}.`,
  ];
}

/** What a new profile is called until its person says otherwise. */
function defaultName(): string {
  try {
    return cleanName(userInfo().username) ?? 'me';
  } catch {
    return 'me'; // The system knows no user of this number, as in some containers.
  }
}
