/** The clocks of one node: what its wall shows, and how fast its crystal runs. */
import type { Clock } from '@kith/node/driver/clock';
import type { Task } from './agenda.ts';

/** What a clock needs of the world. */
export interface ClockWorld {
  readonly nowMs: number;
  plan(delayMs: number, task: Task): void;
  callOff(task: Task): void;
  /** Runs once everything that happens at this very moment has happened. */
  soon(task: Task): void;
}

export interface ClockOptions {
  /** Unix milliseconds that the wall shows when the world begins. */
  startWallMs: number;
  /** How far the wall is ahead of the others'. */
  skewMs: number;
  /** By how much it runs fast: 0.0001 is 8.6 seconds a day. */
  drift: number;
}

class Ring implements Task {
  isOff = false;
  readonly #clock: NodeClock;
  readonly #run: () => void;

  constructor(clock: NodeClock, run: () => void) {
    this.#clock = clock;
    this.#run = run;
  }

  run(): void {
    this.#clock.ring(this.#run);
  }
}

export class NodeClock implements Clock {
  readonly #world: ClockWorld;
  readonly #options: ClockOptions;
  readonly #onRing: () => void;
  /** Until when the one processor of the node is busy, in world time. */
  busyUntilMs = 0;
  /** After the power went nothing rings any more. */
  isDead = false;

  constructor(world: ClockWorld, options: ClockOptions, onRing: () => void) {
    this.#world = world;
    this.#options = options;
    this.#onRing = onRing;
  }

  wallMs(): number {
    const { startWallMs, skewMs, drift } = this.#options;
    return startWallMs + skewMs + this.#world.nowMs * (1 + drift);
  }

  monotonicMs(): number {
    return this.#world.nowMs * (1 + this.#options.drift);
  }

  after(delayMs: number, run: () => void): () => void {
    if (this.isDead) return () => undefined;
    const ring = new Ring(this, run);
    this.#world.plan(delayMs / (1 + this.#options.drift), ring);
    return () => this.#world.callOff(ring);
  }

  soon(run: () => void): void {
    if (this.isDead) return;
    const waitMs = this.busyUntilMs - this.#world.nowMs;
    const ring = new Ring(this, run);
    if (waitMs > 0) this.#world.plan(waitMs, ring);
    else this.#world.soon(ring);
  }

  ring(run: () => void): void {
    if (this.isDead) return;
    this.#onRing();
    run();
  }
}
