/**
 * Invariant 1: what was accepted ends exactly once: delivered, expired or failed; never lost, never twice.
 * Invariant 2: `delivered` implies an acknowledgement that the recipient's device made.
 *
 * It looks at what became durable, from outside: at the ledger of the sender, and at the disk of the recipient. Texts
 * of a world that it watches must differ.
 */
import type { MessageId, PersonId } from '@kith/core/base/ids';
import type { LedgerRow, MessageRow, StoreWrite } from '@kith/core/base/store';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';
import type { People } from './people.ts';

const name = 'message-fate';
const ends: ReadonlySet<string> = new Set(['delivered', 'expired', 'failed']);

interface Accepted {
  by: SimNode;
  id: MessageId;
}

export class MessageFate {
  readonly accepted: Accepted[] = [];
  /** When the delivered ones were, virtual ms. */
  readonly deliveredMs: number[] = [];
  readonly #world: World;
  readonly #people: People;
  /** By node and message: how it ended. */
  readonly #ended = new Map<string, string>();
  /** Texts that somebody handed to a node, accepted or not. */
  readonly #written = new Set<string>();
  /** By node: texts that it took in. */
  readonly #read = new Map<SimNode, Map<string, MessageId>>();

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
    world.observe({
      input: (_, input) => {
        if (input.type !== 'command' || input.command.name !== 'send') return;
        this.#written.add(input.command.in.text);
      },
      answered: (node, { name: command, out }) => {
        if (command === 'send' && 'id' in out) this.accepted.push({ by: node, id: out.id as MessageId });
      },
      committed: (node, writes) => {
        for (const write of writes) this.#look(node, write);
      },
    });
  }

  /** What must hold once everything had its time to arrive. */
  finish(): void {
    for (const { by, id } of this.accepted) this.#judge(by, id);
  }

  /** How many of the accepted messages ended that way. */
  count(state: 'delivered' | 'expired' | 'failed'): number {
    let count = 0;
    for (const end of this.#ended.values()) if (end === state) count += 1;
    return count;
  }

  #look(node: SimNode, write: StoreWrite): void {
    if (write.op === 'addLedger') this.#line(node, write.row);
    if (write.op === 'putMessage' && write.row.direction === 'in') this.#taken(node, write.row);
  }

  #line(node: SimNode, row: LedgerRow): void {
    const key = `${node.index}/${row.message}`;
    const before = this.#ended.get(key);
    if (before === 'delivered' && row.state === 'read') return;
    if (before !== undefined) {
      this.#broken(`${node.name}: message ${row.message} is ${row.state} after it was ${before}`);
    }
    if (!ends.has(row.state)) return;
    this.#ended.set(key, row.state);
    if (row.state !== 'delivered') return;
    this.deliveredMs.push(this.#world.nowMs);
    this.#acknowledged(node, row);
  }

  /** The acknowledgement is a row that only the recipient's device can have made. */
  #acknowledged(node: SimNode, { conversation, message }: LedgerRow): void {
    const to = node.store.message(conversation, message)?.person;
    const recipient = to && this.#people.nodeOf(to);
    const author = this.#people.personOf(node);
    if (recipient === undefined || author === undefined) return;
    if (recipient.store.receivedMessage(author, message)?.ack !== undefined) return;
    this.#broken(`${node.name}: message ${message} is delivered, but ${recipient.name} acknowledged nothing`);
  }

  #taken(node: SimNode, { id, text }: MessageRow): void {
    const read = this.#read.get(node) ?? new Map<string, MessageId>();
    this.#read.set(node, read);
    const before = read.get(text);
    if (before !== undefined && before !== id) this.#broken(`${node.name} read "${text}" twice`);
    if (!this.#written.has(text)) this.#broken(`${node.name} read "${text}", which nobody wrote`);
    read.set(text, id);
  }

  #judge(by: SimNode, id: MessageId): void {
    const row = by.store.messagesById(id).find(({ direction }) => direction === 'out');
    if (row === undefined) {
      this.#broken(`${by.name}: message ${id} was accepted and is gone`);
      return;
    }
    const end = this.#ended.get(`${by.index}/${id}`);
    const isEnd = row.state === end || (row.state === 'read' && end === 'delivered');
    if (end === undefined || !isEnd) {
      this.#broken(
        `${by.name}: message ${id} is ${row.state} at the end, its ledger says ${end ?? 'nothing'}`,
      );
      return;
    }
    if (end === 'delivered' && this.#copies(row.person, id) !== 1) {
      this.#broken(`${by.name}: message ${id} is delivered and stands ${this.#copies(row.person, id)} times`);
    }
  }

  #copies(person: PersonId, id: MessageId): number {
    const recipient = this.#people.nodeOf(person);
    return recipient?.store.messagesById(id).filter(({ direction }) => direction === 'in').length ?? 1;
  }

  #broken(detail: string): void {
    this.#world.violate(name, detail);
  }
}
