/** The line of a node with bounded bandwidth: frames leave one after another, those of a higher class first. */
import type { FrameClass } from '@kith/core/peer/contract';
import { Later, type Waiting } from './link-end.ts';
import type { Task } from '../world/agenda.ts';

/** TCP, IP and Noise around a frame, shared between frames that go together: a guess for small frames. */
const overheadBytes = 40;

export class Uplink {
  readonly #bytesPerMs: number;
  readonly #plan: (delayMs: number, task: Task) => void;
  readonly #depart: (waiting: Waiting) => void;
  readonly #lanes: Record<FrameClass, Waiting[]> = { control: [], message: [], bulk: [] };
  #busy = false;

  constructor(
    bytesPerMs: number,
    plan: (delayMs: number, task: Task) => void,
    depart: (waiting: Waiting) => void,
  ) {
    this.#bytesPerMs = bytesPerMs;
    this.#plan = plan;
    this.#depart = depart;
  }

  put(waiting: Waiting): void {
    this.#lanes[waiting.frameClass].push(waiting);
    if (!this.#busy) this.#next();
  }

  #next(): void {
    const { control, message, bulk } = this.#lanes;
    const waiting = control.shift() ?? message.shift() ?? bulk.shift();
    this.#busy = waiting !== undefined;
    if (waiting === undefined) return;
    const bytes = (waiting.frame?.length ?? 0) + overheadBytes;
    const gone = new Later(() => {
      this.#depart(waiting);
      this.#next();
    });
    this.#plan(bytes / this.#bytesPerMs, gone);
  }
}
