/**
 * What waits for the next batch. Commands of our person and events of the network stand in separate lines, so
 * that a flood of frames cannot starve a command.
 *
 * Bounds and their answers: commands beyond `commandsMax` are refused `busy`; a link whose frames go beyond
 * `framesPerLinkMax`, `bytesPerLinkMax` or `bytesMax` is to be closed, and its further frames are dropped; hearsay of the
 * LAN beyond `lanMax` is dropped, mDNS repeats it. All other events are bounded by the network's own limits on
 * links and dials.
 */
import type { LinkId } from '@kith/core/base/ids';
import type { PeerInput } from '@kith/core/peer/contract';

export const commandsMax = 1_024;
// Two full windows of 512 messages, with their acknowledgements.
export const framesPerLinkMax = 2_048;
export const bytesPerLinkMax: number = 8 * 1024 * 1024;
// Of all links together.
export const bytesMax: number = 64 * 1024 * 1024;
export const lanMax = 1_024;

export type NetworkInput = Exclude<PeerInput, { type: 'command' | 'wake' }>;
export type CommandInput = Extract<PeerInput, { type: 'command' }>;

const none: readonly CommandInput[] = [];

interface Load {
  frames: number;
  bytes: number;
}

export class InputQueue {
  #commands: CommandInput[] = [];
  #events: NetworkInput[] = [];
  #loads = new Map<LinkId, Load>();
  #bytes = 0;
  #lanWaiting = 0;
  /** Links that sent too much and are being closed; the network reports each as down. */
  #closing = new Set<LinkId>();

  get empty(): boolean {
    return this.#commands.length === 0 && this.#events.length === 0;
  }

  /** @returns false when too many wait: not taken. */
  pushCommand(input: CommandInput): boolean {
    if (this.#commands.length >= commandsMax) return false;
    this.#commands.push(input);
    return true;
  }

  /** @returns `overflow` once for a link that sent too much: it is to be closed. */
  pushEvent(input: NetworkInput): 'taken' | 'dropped' | 'overflow' {
    if (input.type === 'linkDown') this.#closing.delete(input.link);
    if (input.type === 'frame') {
      if (this.#closing.has(input.link)) return 'dropped';
      if (!this.#pushLoad(input.link, input.frame.length)) {
        this.#closing.add(input.link);
        return 'overflow';
      }
    }
    if (input.type === 'lanFound' || input.type === 'lanLost') {
      if (this.#lanWaiting >= lanMax) return 'dropped';
      this.#lanWaiting++;
    }
    this.#events.push(input);
    return 'taken';
  }

  /** Puts events before all that wait. There is always room for them: they stood in the queue before. */
  unshiftEvents(inputs: readonly Exclude<NetworkInput, { type: 'frame' | 'lanLost' }>[]): void {
    this.#events.unshift(...inputs);
    for (const input of inputs) if (input.type === 'lanFound') this.#lanWaiting++;
  }

  /** The number of the oldest command that waits, or undefined. They rise. */
  oldestRequest(): number | undefined {
    return this.#commands[0]?.request;
  }

  /** The next inputs, at most `max`: commands first, but never more than half of them. */
  take(max: number): PeerInput[] {
    const commandCount = Math.min(this.#commands.length, Math.max(max / 2, max - this.#events.length));
    const commands = commandCount === 0 ? none : this.#commands.splice(0, commandCount);
    const events = this.#takeEvents(max - commands.length);
    return commands.length === 0 ? events : [...commands, ...events];
  }

  #takeEvents(max: number): NetworkInput[] {
    let events = this.#events;
    if (events.length > max) events = events.splice(0, max);
    else this.#events = []; // All of them, as nearly always: the list itself is given away.
    for (const event of events) {
      if (event.type === 'frame') this.#popLoad(event.link, event.frame.length);
      if (event.type === 'lanFound' || event.type === 'lanLost') this.#lanWaiting--;
    }
    return events;
  }

  #pushLoad(link: LinkId, bytes: number): boolean {
    const load = this.#loads.get(link) ?? { frames: 0, bytes: 0 };
    if (load.frames >= framesPerLinkMax || load.bytes + bytes > bytesPerLinkMax) return false;
    if (this.#bytes + bytes > bytesMax) return false;
    this.#bytes += bytes;
    load.frames++;
    load.bytes += bytes;
    this.#loads.set(link, load);
    return true;
  }

  #popLoad(link: LinkId, bytes: number): void {
    const load = this.#loads.get(link);
    if (load === undefined) return;
    this.#bytes -= bytes;
    load.frames--;
    load.bytes -= bytes;
    if (load.frames === 0) this.#loads.delete(link);
  }
}
