/** One side of a link between two nodes, and the frames on their way over it. */
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { FrameClass } from '@kith/core/peer/contract';
import type { Task } from '../world/agenda.ts';
import type { SimNetwork } from './sim-network.ts';
import type { Stall } from './stall.ts';

/** As the real adapter: what may wait in one class of one link. */
export const classLimits: Readonly<Record<FrameClass, { bytesMax: number; framesMax: number }>> = {
  control: { bytesMax: 512 * 1024, framesMax: 2_048 },
  message: { bytesMax: 16 * 1024 * 1024, framesMax: 4_096 },
  bulk: { bytesMax: 4 * 1024 * 1024, framesMax: 256 },
};

/** A frame that waits: for the line, or for a partition to end. */
export interface Waiting {
  end: LinkEnd;
  frameClass: FrameClass;
  /** Undefined: the end of the stream. */
  frame: Uint8Array | undefined;
  receipt: number | undefined;
}

const noLoad = (): Record<FrameClass, { bytes: number; frames: number }> => ({
  control: { bytes: 0, frames: 0 },
  message: { bytes: 0, frames: 0 },
  bulk: { bytes: 0, frames: 0 },
});

export class LinkEnd {
  readonly link: LinkId;
  readonly network: SimNetwork;
  readonly remote: PeerId;
  /** One way to the other end. */
  readonly latencyMs: number;
  /** A box on the way forgets the link after this silence. */
  readonly idleMs: number;
  other: LinkEnd | undefined;
  isOpen = true;
  /** When the last frame from here arrives over there: none overtakes it. */
  lastArrivalMs = 0;
  trafficMs: number;
  /** From when on the node knows of the link. */
  upMs: number;
  /** While the other host does not answer. */
  stall: Stall | undefined;
  #load: ReturnType<typeof noLoad> | undefined;

  constructor(
    network: SimNetwork,
    init: { link: LinkId; remote: PeerId; latencyMs: number; idleMs: number; nowMs: number },
  ) {
    this.network = network;
    this.link = init.link;
    this.remote = init.remote;
    this.latencyMs = init.latencyMs;
    this.idleMs = init.idleMs;
    this.trafficMs = init.nowMs;
    this.upMs = init.nowMs;
  }

  /** @returns false where the class is full. */
  load(frameClass: FrameClass, bytes: number): boolean {
    this.#load ??= noLoad();
    const load = this.#load[frameClass];
    const { bytesMax, framesMax } = classLimits[frameClass];
    if (load.frames >= framesMax || load.bytes + bytes + lengthBytes > bytesMax) return false;
    load.frames++;
    load.bytes += bytes + lengthBytes;
    return true;
  }

  unload({ frameClass, frame }: Waiting): void {
    if (frame === undefined || this.#load === undefined) return;
    const load = this.#load[frameClass];
    load.frames--;
    load.bytes -= frame.length + lengthBytes;
  }
}

export const lengthBytes = 4;

/** A frame arrives. */
export class Arrival implements Task {
  isOff = false;
  readonly #to: LinkEnd;
  readonly #frame: Uint8Array;

  constructor(to: LinkEnd, frame: Uint8Array) {
    this.#to = to;
    this.#frame = frame;
  }

  run(): void {
    this.#to.network.arrive(this.#to, this.#frame);
  }
}

/** Anything else that happens later. */
export class Later implements Task {
  isOff = false;
  readonly run: () => void;

  constructor(run: () => void) {
    this.run = run;
  }
}
