/** How peers become known: records exchanged with a neighbour, and the walks that tell of a newcomer. */
import type { PeerId } from '../../base/ids.ts';
import { type ShuffleFrame, shuffleRecordsMax } from '../../wire/shuffle.ts';
import type { WalkFrame } from '../../wire/walk.ts';
import {
  groupOf,
  hold,
  learn,
  type OverlayLink,
  type OverlayState,
  proven,
  releaseIdle,
  send,
} from './overlay-state.ts';

export class Exchange {
  #state: OverlayState;

  constructor(state: OverlayState) {
    this.#state = state;
  }

  /** Gives records to the other end and expects as many for them. Nothing, while one exchange is under way. */
  shuffle(link: OverlayLink): void {
    const state = this.#state;
    if (link.shuffleUntilMs > 0) return;
    const own = state.ports.own(link.scope);
    const records = proven(state, link, shuffleRecordsMax - 1);
    hold(state, link);
    link.shuffleUntilMs = state.nowMs + state.config.answerMs;
    send(state, link.link, {
      type: 'shuffle',
      topic: state.topic,
      records: own === undefined ? records : [own, ...records],
    });
  }

  /** @returns false when it was an answer that nobody asked for. */
  onShuffle(link: OverlayLink, frame: ShuffleFrame): boolean {
    const state = this.#state;
    if (frame.type === 'shuffled') {
      if (link.shuffleUntilMs === 0) return false;
      link.shuffleUntilMs = 0;
      learn(state, link, frame.records);
      releaseIdle(state, link);
      return true;
    }
    learn(state, link, frame.records);
    // No more than came, so that a question is never worth asking for the size of its answer.
    const records = proven(state, link, Math.max(1, Math.min(frame.records.length, shuffleRecordsMax)));
    send(state, link.link, { type: 'shuffled', topic: state.topic, records });
    return true;
  }

  expire(): void {
    const { links, nowMs } = this.#state;
    for (const link of links.values()) {
      if (link.shuffleUntilMs === 0 || link.shuffleUntilMs > nowMs) continue;
      link.shuffleUntilMs = 0;
      releaseIdle(this.#state, link);
    }
  }

  /** Sends news of a newcomer to every neighbour. */
  announce(newcomer: PeerId): void {
    for (const { link } of this.#state.active.all()) this.#walk(newcomer, link, this.#state.config.walkHops);
  }

  /** @returns the newcomer, where its walk ends here. */
  onWalk(link: OverlayLink, frame: WalkFrame): PeerId | undefined {
    const state = this.#state;
    const { active, config, random } = state;
    const [newcomer] = state.ports.learn([frame.newcomer], { peer: link.peer, scope: link.scope });
    if (newcomer === undefined || newcomer === state.self) return undefined;
    const hopsLeft = Math.min(frame.hopsLeft, config.walkHops);
    if (hopsLeft === config.walkKeepAt) this.#keep(newcomer);
    const next = active.any(random, (each) => each.link !== link.link && each.peer !== newcomer);
    if (hopsLeft > 0 && next !== undefined) {
      this.#walk(newcomer, next.link, hopsLeft - 1);
      return undefined;
    }
    this.#keep(newcomer);
    return newcomer;
  }

  #walk(newcomer: PeerId, over: OverlayLink['link'], hopsLeft: number): void {
    const { links, nowMs, ports, topic } = this.#state;
    const link = links.get(over);
    if (link === undefined || link.peer === newcomer) return;
    const [entry] = ports.offer([newcomer], link.scope);
    if (entry === undefined || !link.limits.ourWalks.take(nowMs)) return;
    send(this.#state, over, { type: 'walk', topic, hopsLeft, newcomer: entry });
  }

  /** A walk may come from anywhere, so it is told, never heard. */
  #keep(newcomer: PeerId): void {
    const { passive, ports, nowMs } = this.#state;
    const place = ports.candidate(newcomer);
    if (place !== undefined) passive.tell(newcomer, groupOf(place).group, { chosen: false, nowMs });
  }
}
