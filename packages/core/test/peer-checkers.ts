/**
 * What must hold of every world of Peers, whatever its faults (invariants 1, 2, 5, 6 and 7 of the project).
 * The checkers look on from outside: at what nodes let out, at their disks, and at the machine's own primitives.
 */
import { hex, utf8 } from '../src/base/bytes.ts';
import { idBytes, type MessageId } from '../src/base/ids.ts';
import type { CryptoBackend } from '../src/crypto/backend.ts';
import { earlyMessagesMax } from '../src/peer/changes.ts';
import type { MessageView, PeerOutput } from '../src/peer/contract.ts';
import { requestsMax } from '../src/peer/book.ts';
import { tokensMax } from '../src/peer/own.ts';
import { outboxDefaults } from '../src/protocol/outbox/outbox.ts';
import { sessionsPerDeviceMax } from '../src/protocol/sessions/session-table.ts';
import type { MemorySnapshot } from '../src/base/memory-store.ts';
import type { PeerWorld, WorldNode } from './peer-world.ts';

/** Stands in every text that is sent, and in nothing else. */
export const marker = 'markéd';
const skippedPerSessionMax = 2_000;
const ends = ['delivered', 'expired', 'failed'];

export interface Accepted {
  by: WorldNode;
  to: WorldNode;
  id: string;
  text: string;
}

/** Throws where a key seals twice with one nonce. */
export function watchNonces(backend: CryptoBackend): CryptoBackend {
  const seen = new Set<string>();
  return {
    ...backend,
    // The signature of the primitive.
    // oxlint-disable-next-line max-params
    xchachaSeal(key, nonce24, ad, plaintext) {
      const pair = `${hex(key)}/${hex(nonce24)}`;
      if (seen.has(pair)) throw new Error('broken: a key sealed twice with one nonce');
      seen.add(pair);
      return backend.xchachaSeal(key, nonce24, ad, plaintext);
    },
  };
}

export class Checkers {
  readonly accepted: Accepted[] = [];
  /** Texts handed to `send`, also where the power went before it answered. */
  readonly written: Set<string> = new Set<string>();
  #copies = new Map<WorldNode, MemorySnapshot>();
  /** Whose memory went back in time: of what was said before, either side may remember more. */
  #forgot = new Set<Accepted>();
  #world: PeerWorld;
  #markers: string[];

  constructor(world: PeerWorld) {
    this.#world = world;
    this.#markers = [marker, ...[utf8(marker)].map((bytes) => String.fromCharCode(...bytes))];
    world.watchers.push((node, output) => this.#watch(node, output));
  }

  copyDisk(node: WorldNode): void {
    this.#copies.set(node, node.copyDisk());
  }

  /** Puts the last copy of a disk back, as a person would with a backup; the keychain knows better. */
  putBack(node: WorldNode): void {
    const copy = this.#copies.get(node);
    if (copy === undefined) return;
    if (!node.up) node.start();
    node.crash();
    node.database.restore(copy);
    for (const each of this.accepted) this.#forgot.add(each);
    node.start();
  }

  /** What holds at any time: after each step of a world. */
  check(): void {
    for (const node of this.#world.nodes.values()) bounds(node);
  }

  /** What holds once everything had its time to arrive. */
  finish(): void {
    this.check();
    for (const each of this.accepted) this.#ended(each);
    for (const node of this.#world.nodes.values()) this.#read(node);
  }

  /** What both have is the same at both ends, and no change is on its way: where nobody shut the other out. */
  converged(): void {
    for (const { by, to, id, text } of this.accepted) {
      if (to.database.store.messagesById(id as MessageId).length === 0) continue;
      const [here, there] = [shared(by, id), shared(to, id)];
      rule(here === there, `"${text}" is the same at both ends: ${here} and ${there}`);
      for (const node of [by, to]) {
        rule(!node.execute('message', { id }).message.changePending, `no change of "${text}" is on its way`);
      }
    }
  }

  #watch(node: WorldNode, output: PeerOutput): void {
    if (output.type === 'send') this.#hidden('a frame', String.fromCharCode(...output.frame));
    if (output.type === 'log') {
      const line = `${output.code} ${JSON.stringify(output.detail)}`;
      this.#hidden('a log', line);
      rule(!/kith1|[0-9a-f]{32}|[0-9a-hjkmnp-tv-z]{26}/u.test(line), `a log names nobody: ${line}`);
      for (const name of this.#world.nodes.keys()) rule(!line.includes(name), `a log names nobody: ${line}`);
    }
    if (output.type === 'store' && output.write.op === 'setMessageState') {
      const { id, state } = output.write;
      if (state === 'delivered' && this.#copies.size === 0)
        rule(this.#held(node, id), 'delivered only what the other side holds');
    }
  }

  #hidden(what: string, text: string): void {
    for (const each of this.#markers) rule(!text.includes(each), `${what} shows no text`);
  }

  #held(by: WorldNode, id: MessageId): boolean {
    const others = [...this.#world.nodes.values()].filter((node) => node !== by);
    return others.some(({ database }) =>
      database.store.messagesById(id).some((row) => row.direction === 'in'),
    );
  }

  /** Accepted: ends exactly once, and what was delivered was read exactly once. */
  #ended(accepted: Accepted): void {
    const { by, to, id, text } = accepted;
    if (this.#forgot.has(accepted) && by.database.store.messagesById(id as MessageId).length === 0) return;
    const { message, ledger } = by.execute('message', { id });
    const end = message.state === 'read' ? 'delivered' : message.state;
    rule(ends.includes(end), `"${text}" ended: it is ${message.state}`);
    const states = ledger.map((each) => each.state).filter((state) => state !== 'read');
    rule(
      states.filter((state) => ends.includes(state)).length === 1,
      `"${text}" ended once: ${states.join()}`,
    );
    rule(states.at(-1) === end, `nothing after the end of "${text}": ${states.join()}`);
    rule(idBytes(id) !== undefined, 'an id is one');
    const copies = arrived(to).filter((each) => each.id === id).length;
    const certain = end === 'delivered' && !this.#forgot.has(accepted);
    const expected = certain ? [1] : [0, 1];
    rule(expected.includes(copies), `"${text}" is ${message.state} and was read ${copies} times`);
  }

  /** Only what somebody wrote is read, and at most once. */
  #read(node: WorldNode): void {
    const texts = arrived(node).flatMap(({ text, deleted }) => (deleted ? [] : [text]));
    rule(new Set(texts).size === texts.length, `${node.name} read something twice`);
    for (const text of texts) rule(this.written.has(text), `"${text}" was written by nobody`);
  }
}

function arrived(node: WorldNode): MessageView[] {
  return node
    .execute('contacts', {})
    .flatMap(({ id }) => node.execute('history', { conversation: id, limit: 1_000, before: undefined }))
    .filter((each) => each.direction === 'in');
}

/** What both people see of a message. When it came, and how far it got, only one of them knows. */
function shared(node: WorldNode, id: string): string {
  const { from, text, replyTo, editedWallMs, deleted, reactions } = node.execute('message', { id }).message;
  // Each end puts people in the order in which it heard of them.
  const sorted = reactions.map(({ emoji, people }) => `${emoji} ${people.toSorted().join(' ')}`).toSorted();
  return JSON.stringify({ from, text, replyTo: replyTo?.id, editedWallMs, deleted, sorted });
}

/** Everything that grows with what others send stays under its documented cap. */
function bounds({ name, database }: WorldNode): void {
  const { store } = database;
  const keys = store.secretKeys();
  const of = (kind: string): string[] => keys.filter((each) => each.kind === kind).map((each) => each.key);
  const devices = Math.max(1, store.devices().length);
  rule(of('session').length <= devices * sessionsPerDeviceMax, `${name}: sessions are bounded`);
  const skipped = new Map<string, number>();
  for (const key of of('skipped')) {
    const sid = key.split('/')[0]!;
    skipped.set(sid, (skipped.get(sid) ?? 0) + 1);
  }
  for (const count of skipped.values())
    rule(count <= skippedPerSessionMax, `${name}: skipped keys are bounded`);
  for (const sid of skipped.keys()) rule(of('session').includes(sid), `${name}: skipped keys have a session`);
  const tokens = of('intake').filter((key) => key.startsWith('token/'));
  rule(tokens.length <= tokensMax, `${name}: tokens are bounded`);
  rule(store.outbox().length <= outboxDefaults.itemsMax, `${name}: the outbox is bounded`);
  for (const { person } of store.contacts()) {
    const early = new Set(store.earlyOf(person).map((row) => row.message));
    rule(early.size <= earlyMessagesMax, `${name}: early changes are bounded`);
  }
  const incoming = store.contacts().filter((row) => row.state === 'incoming');
  rule(incoming.length <= requestsMax, `${name}: the request box is bounded`);
  for (const { addresses } of store.devices()) rule(addresses.length <= 4, `${name}: addresses are bounded`);
}

function rule(holds: boolean, what: string): void {
  if (!holds) throw new Error(`broken: ${what}`);
}
