/**
 * The line of a node with bounded bandwidth: frames leave one after another, those of a higher class first. Mostly it is
 * free, and then a frame costs the simulator nothing more than the time it takes on it.
 */
import type { FrameClass } from '@kith/core/peer/contract';
import type { Task } from '../world/agenda.ts';
import { Later, type Waiting } from './link-end.ts';

/** TCP, IP and Noise around a frame, shared between frames that go together: a guess for small frames. */
const overheadBytes = 40;

/** What a line needs of the world. */
export interface LineWorld {
  readonly nowMs: number;
  plan(delayMs: number, task: Task): void;
}

export class Uplink {
  readonly #bytesPerMs: number;
  readonly #world: LineWorld;
  readonly #depart: (waiting: Waiting, lineMs: number) => void;
  readonly #lanes: Record<FrameClass, Waiting[]> = { control: [], message: [], bulk: [] };
  #freeAtMs = 0;
  #queued = 0;

  /** @param depart - told of each queued frame when its turn comes, and of how long the line then takes for it. */
  constructor(bytesPerMs: number, world: LineWorld, depart: (waiting: Waiting, lineMs: number) => void) {
    this.#bytesPerMs = bytesPerMs;
    this.#world = world;
    this.#depart = depart;
  }

  /** Nothing is on the line and nothing waits for it. */
  get isFree(): boolean {
    return this.#queued === 0 && this.#freeAtMs <= this.#world.nowMs;
  }

  /** The frame is on the line. @returns until when, in ms from now. */
  use({ frame }: Waiting): number {
    const lineMs = ((frame?.length ?? 0) + overheadBytes) / this.#bytesPerMs;
    this.#freeAtMs = this.#world.nowMs + lineMs;
    return lineMs;
  }

  /** To be used only while the line is not free. */
  queue(waiting: Waiting): void {
    this.#lanes[waiting.frameClass].push(waiting);
    if (this.#queued++ === 0) this.#ring();
  }

  #ring(): void {
    this.#world.plan(this.#freeAtMs - this.#world.nowMs, new Later(() => this.#next()));
  }

  #next(): void {
    const { control, message, bulk } = this.#lanes;
    const waiting = control.shift() ?? message.shift() ?? bulk.shift();
    if (waiting === undefined) return;
    this.#queued--;
    this.#depart(waiting, this.use(waiting));
    if (this.#queued > 0) this.#ring();
  }
}
