/**
 * What one link may make us read: a token bucket of frames and of bytes. Nothing is dropped: the caller
 * pauses the stream for as long as it is told, and the sender's window closes.
 */
import {
  inboundBytesBurstMax,
  inboundBytesPerSecondMax,
  inboundFramesBurstMax,
  inboundFramesPerSecondMax,
} from './limits.ts';

export class InboundBudget {
  #frames = inboundFramesBurstMax;
  #bytes = inboundBytesBurstMax;
  #atMs: number;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  /** Takes what was read. @returns for how many milliseconds nothing more should be read; 0 mostly. */
  spend(frames: number, bytes: number, nowMs: number): number {
    const seconds = Math.max(0, nowMs - this.#atMs) / 1_000;
    this.#atMs = nowMs;
    this.#frames =
      Math.min(inboundFramesBurstMax, this.#frames + seconds * inboundFramesPerSecondMax) - frames;
    this.#bytes = Math.min(inboundBytesBurstMax, this.#bytes + seconds * inboundBytesPerSecondMax) - bytes;
    const waitSeconds = Math.max(
      -this.#frames / inboundFramesPerSecondMax,
      -this.#bytes / inboundBytesPerSecondMax,
      0,
    );
    return Math.ceil(waitSeconds * 1_000);
  }
}
