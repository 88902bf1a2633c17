/**
 * The turn of the Peer: the times of the input being handled and the outputs it has given so far.
 * Every part of the Peer writes through it, so that outputs keep one order.
 */
import type { EventRow, StoreWrite } from '../base/store.ts';
import type { EventData, FrameClass, PeerOutput } from './contract.ts';
import type { LinkId } from '../base/ids.ts';

/** Events kept for subscribers that come back; older ones are forgotten. */
export const eventsKept = 100_000;

export class Turn {
  nowMs = 0;
  wallMs = 0;
  #outputs: PeerOutput[] = [];
  #writes = false;
  #eventSeq: number;

  /** @param lastEventSeq - highest seq of an event on disk. */
  constructor(lastEventSeq: number) {
    this.#eventSeq = lastEventSeq;
  }

  /** Times become whole milliseconds here: they are stored and sent. */
  begin(nowMs: number, wallMs: number): void {
    this.nowMs = Math.floor(nowMs);
    this.wallMs = Math.max(0, Math.floor(wallMs));
  }

  /** Everything said since the last call, in order. */
  take(): PeerOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** Whether the batch has something to commit already: what can wait for company goes along then. */
  get writes(): boolean {
    return this.#writes;
  }

  endBatch(): void {
    this.#writes = false;
  }

  get eventSeq(): number {
    return this.#eventSeq;
  }

  push(output: PeerOutput): void {
    this.#outputs.push(output);
  }

  store(write: StoreWrite): void {
    this.#writes = true;
    this.#outputs.push({ type: 'store', write });
  }

  send(link: LinkId, frameClass: FrameClass, frame: Uint8Array): void {
    this.#outputs.push({ type: 'send', link, class: frameClass, frame, receipt: undefined });
  }

  /** Stores an event and announces it after the commit. */
  event<Kind extends keyof EventData>(kind: Kind, data: EventData[Kind]): void {
    this.#eventSeq += 1;
    const row: EventRow = {
      seq: this.#eventSeq,
      atWallMs: this.wallMs,
      event: kind,
      data: JSON.stringify(data),
    };
    this.store({ op: 'addEvent', row });
    this.#outputs.push({ type: 'event', row });
  }

  log(
    level: 'debug' | 'info' | 'warn' | 'error',
    code: string,
    detail: Record<string, string | number>,
  ): void {
    this.#outputs.push({ type: 'log', level, code, detail });
  }
}
