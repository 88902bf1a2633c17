/** What a world counts of itself: cheap enough to stand in the way of every event. */
import type { PeerInput, PeerOutput } from '@kith/core/peer/contract';

export class Figures {
  /** Inputs that Peers handled. */
  inputs = 0;
  readonly #kinds = new Map<string, number>();
  readonly #events = new Map<string, number>();
  readonly #stores = new Map<string, number>();
  readonly #in: Record<PeerInput['type'], number> = {
    listening: 0,
    lanFound: 0,
    lanLost: 0,
    linkUp: 0,
    linkDown: 0,
    frame: 0,
    flushed: 0,
    dialFailed: 0,
    wake: 0,
    command: 0,
  };
  readonly #out: Record<PeerOutput['type'], number> = {
    store: 0,
    send: 0,
    dial: 0,
    close: 0,
    answer: 0,
    event: 0,
    broadcast: 0,
    typing: 0,
    storageKey: 0,
    log: 0,
  };

  handled(input: PeerInput, outputs: readonly PeerOutput[]): void {
    this.inputs++;
    this.#in[input.type]++;
    if (outputs.length > 0) this.settled(outputs);
  }

  settled(outputs: readonly PeerOutput[]): void {
    for (const output of outputs) {
      this.#out[output.type]++;
      // No text is put together here: that would be a tenth of a run.
      if (output.type === 'event') bump(this.#events, output.row.event);
      else if (output.type === 'store') bump(this.#stores, output.write.op);
    }
  }

  logged(level: string, code: string): void {
    this.count(`log/${level}/${code}`);
  }

  count(kind: string): void {
    bump(this.#kinds, kind);
  }

  /**
   * How often each kind of input, output, event, write and log line occurred: `in/frame`, `out/send`, `event/message`,
   * `store/putOutbox`, `log/warn/links-full`.
   */
  all(): Map<string, number> {
    const all = new Map(this.#kinds);
    for (const [kind, count] of this.#events) all.set(`event/${kind}`, count);
    for (const [kind, count] of this.#stores) all.set(`store/${kind}`, count);
    for (const [kind, count] of Object.entries(this.#in)) if (count > 0) all.set(`in/${kind}`, count);
    for (const [kind, count] of Object.entries(this.#out)) if (count > 0) all.set(`out/${kind}`, count);
    return all;
  }
}

function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
