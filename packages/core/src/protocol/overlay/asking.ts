/** Becoming neighbours and ceasing to be: questions, answers and farewells. States: docs/protocol/overlay.md. */
import type { LinkId } from '../../base/ids.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import type { NeighbourFrame, NeighbourWish } from '../../wire/neighbour.ts';
import { neighbourRecordsMax } from '../../wire/neighbour.ts';
import type { Neighbour } from './active-view.ts';
import {
  hold,
  learn,
  type OverlayLink,
  type OverlayState,
  proven,
  releaseIdle,
  send,
  whomElse,
} from './overlay-state.ts';

export class Asking {
  #state: OverlayState;
  #urgent: TokenBucket;
  /** Refusals since we last had a neighbour. */
  #refusals = 0;
  /** When neighbours were lost lately, by no wish of ours. */
  #lostMs: number[] = [];
  /** Called when somebody became a neighbour or ceased to be. */
  #changed: (on: boolean) => void;

  constructor(state: OverlayState, changed: (on: boolean) => void) {
    this.#state = state;
    this.#changed = changed;
    this.#urgent = new TokenBucket({ burst: 2, refillMs: state.config.urgentMs }, state.nowMs);
  }

  /** How many questions are under way; `chosen`: over links we dialled. */
  asking(chosen: boolean): number {
    let count = 0;
    for (const link of this.#state.links.values()) {
      if (link.askUntilMs > 0 && (!chosen || link.dialled)) count++;
    }
    return count;
  }

  ask(link: OverlayLink): void {
    const state = this.#state;
    hold(state, link);
    link.askUntilMs = state.nowMs + state.config.answerMs;
    const own = state.ports.own(link.scope);
    const records = own === undefined ? [] : [own];
    send(state, link.link, { type: 'neighbour', topic: state.topic, wish: this.#wish(), records });
  }

  /** A wish of theirs. @returns the newcomer to tell others about, where there is one. */
  on(link: OverlayLink, frame: NeighbourFrame): { newcomer: boolean } {
    const state = this.#state;
    switch (frame.wish) {
      case 'join':
      case 'urgent':
      case 'ask':
        learn(state, link, frame.records);
        link.leaf = !link.dialled && frame.records.length === 0;
        this.#answer(link, frame.wish);
        return { newcomer: frame.wish === 'join' };
      case 'yes':
        learn(state, link, frame.records);
        if (link.askUntilMs > 0) this.#agreed(link);
        // We gave up waiting; they must not take us for a neighbour.
        else if (state.active.get(link.link) === undefined) this.#say(link, 'leave', 0);
        return { newcomer: false };
      case 'no':
      case 'leave':
        learn(state, link, frame.records);
        this.refused(link);
        this.drop(link.link, false);
        return { newcomer: false };
    }
  }

  /** Our question was declined, or not answered in time. */
  refused(link: OverlayLink): void {
    const { nowMs, config, random, passive } = this.#state;
    if (link.askUntilMs > 0) this.#refusals++;
    link.askUntilMs = 0;
    link.refusedUntilMs = nowMs + config.refusedMs * (0.5 + random.next());
    passive.postpone(link.peer, link.refusedUntilMs);
    releaseIdle(this.#state, link);
  }

  expire(): void {
    const { links, nowMs } = this.#state;
    for (const link of links.values()) {
      if (link.askUntilMs > 0 && link.askUntilMs <= nowMs) this.refused(link);
    }
  }

  /** We part from a neighbour, telling it whom else it may ask. */
  leave(neighbour: Neighbour): void {
    const link = this.#state.links.get(neighbour.link);
    if (link !== undefined) this.#say(link, 'leave', neighbourRecordsMax);
    this.drop(neighbour.link, false);
  }

  /** It is no neighbour any more. `lost`: the link went, which nobody wanted. */
  drop(link: LinkId, lost: boolean): void {
    const state = this.#state;
    const neighbour = state.active.get(link);
    if (neighbour === undefined) return;
    state.active.remove(link);
    state.outputs.push({ type: 'active', link, peer: neighbour.peer, on: false });
    const at = state.links.get(link);
    if (at !== undefined) releaseIdle(state, at);
    // Who cannot be dialled comes and goes as laptops do: no sign that the network is dying.
    if (lost && !neighbour.leaf) this.#mourn();
    this.#changed(false);
  }

  #answer(link: OverlayLink, wish: NeighbourWish): void {
    const { active } = this.#state;
    const elsewhere = active.ofPeer(link.peer);
    if (elsewhere !== undefined && elsewhere.link !== link.link) this.drop(elsewhere.link, false);
    if (elsewhere?.link !== link.link && !this.#admit(link, wish === 'urgent')) {
      this.#say(link, 'no', neighbourRecordsMax);
      return;
    }
    this.#say(link, 'yes', wish === 'ask' ? 0 : neighbourRecordsMax);
    if (elsewhere?.link !== link.link) this.#add(link, this.#isChosen(link));
  }

  /** Makes room where it may. */
  #admit(link: OverlayLink, urgent: boolean): boolean {
    const { active, nowMs } = this.#state;
    if (link.brief) return false;
    const chosen = this.#isChosen(link);
    if (!active.subnetFree(link, chosen)) return false;
    if (active.hasRoom(chosen, link.leaf)) return true;
    const leaving = urgent && !chosen ? active.youngestThatCame(link.leaf, nowMs) : undefined;
    if (leaving === undefined || !this.#urgent.take(nowMs)) return false;
    this.leave(leaving);
    return true;
  }

  /** We dialled it, and lack neighbours of our own choice or are asking it ourselves. */
  #isChosen(link: OverlayLink): boolean {
    const { active, config } = this.#state;
    return link.dialled && (link.askUntilMs > 0 || active.chosen < config.active.chosenMin);
  }

  /** They said yes. Meanwhile our places may have gone to others. */
  #agreed(link: OverlayLink): void {
    const { active, config, alarmUntilMs, nowMs } = this.#state;
    const chosen = this.#isChosen(link);
    const elsewhere = active.ofPeer(link.peer);
    if (elsewhere !== undefined && elsewhere.link !== link.link) this.drop(elsewhere.link, false);
    link.askUntilMs = 0;
    if (active.get(link.link) !== undefined) return;
    const full = !active.subnetFree(link, chosen) || !active.hasRoom(chosen, link.leaf);
    if (full && !this.#exchanged(link, chosen)) {
      this.#say(link, 'leave', neighbourRecordsMax);
      releaseIdle(this.#state, link);
      return;
    }
    this.#add(link, chosen);
    const goal = alarmUntilMs > nowMs ? config.alarmChosen : config.active.chosenMin;
    const enough = active.chosen > goal && active.size > config.active.activeMin;
    if (chosen && enough && (link.why === 'mix' || link.why === 'lost')) this.#part(link.link);
  }

  /** Another that we chose makes room for one met by mixing. @returns whether it did. */
  #exchanged(link: OverlayLink, chosen: boolean): boolean {
    const { active } = this.#state;
    const mixes = link.why === 'mix' || link.why === 'lost';
    return chosen && mixes && active.subnetFree(link, true) && this.#part(link.link);
  }

  #part(newest: LinkId): boolean {
    const { active, random, nowMs } = this.#state;
    const leaving = active.spareChosen(random, nowMs, newest);
    if (leaving !== undefined) this.leave(leaving);
    return leaving !== undefined;
  }

  #add(link: OverlayLink, chosen: boolean): void {
    const state = this.#state;
    const { peer, group, near, leaf } = link;
    hold(state, link);
    link.askUntilMs = 0;
    state.active.add({ link: link.link, peer, group, near, chosen, leaf, sinceMs: state.nowMs });
    state.outputs.push({ type: 'active', link: link.link, peer, on: true });
    state.joined = true;
    this.#refusals = 0;
    this.#changed(true);
  }

  #wish(): NeighbourWish {
    const { joined, active } = this.#state;
    if (active.size > 0) return 'ask';
    if (joined || this.#refusals >= 2) return 'urgent';
    return 'join';
  }

  #say(link: OverlayLink, wish: NeighbourWish, count: number): void {
    const sendsOn = wish === 'no' || wish === 'leave';
    const records = (sendsOn ? whomElse : proven)(this.#state, link, count);
    send(this.#state, link.link, { type: 'neighbour', topic: this.#state.topic, wish, records });
  }

  #mourn(): void {
    const { nowMs, config } = this.#state;
    this.#lostMs = [...this.#lostMs, nowMs].slice(-config.alarmLost);
    const many = this.#lostMs.length >= config.alarmLost && this.#lostMs[0]! >= nowMs - config.alarmWindowMs;
    if (many || this.#state.active.size === 0) {
      this.#state.alarmUntilMs = nowMs + config.alarmMs;
    }
  }
}
