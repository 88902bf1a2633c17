/** Whom we dial and ask: to have enough neighbours, to test whom we only heard of, and to find again who was lost. */
import type { PeerId } from '../../base/ids.ts';
import type { Asking } from './asking.ts';
import type { Exchange } from './exchange.ts';
import { Needs } from './needs.ts';
import type { ConnectWhy, OverlayLink, OverlayState } from './overlay-state.ts';

/** Peers to try before all others: anchors, bootstrap, LAN. The oldest is forgotten. */
const firstMax = 16;
const passiveSets = ['tried', 'heard', 'told', 'lost'] as const;

export class Seeking {
  #state: OverlayState;
  #needs: Needs;
  #asking: Asking;
  #exchange: Exchange;
  #first = new Set<PeerId>();
  /** How the last dials ended, true for those in vain. */
  #inVain: boolean[] = [];
  #seekAtMs = 0;
  #seekWaitMs: number;
  #starveAtMs = 0;
  #starveWaitMs: number;
  #testAtMs: number;
  #shuffleAtMs: number;
  #mixAtMs: number;
  #bornMs: number;
  #youngUntilMs: number;

  constructor(state: OverlayState, parts: { asking: Asking; exchange: Exchange }) {
    this.#state = state;
    this.#asking = parts.asking;
    this.#needs = new Needs(state, parts.asking);
    this.#exchange = parts.exchange;
    this.#seekWaitMs = state.config.hungryMsMin;
    this.#starveWaitMs = state.config.starvingMsMin;
    this.#testAtMs = state.nowMs + this.#spread(state.config.hastyMs);
    this.#shuffleAtMs = state.nowMs + this.#spread(state.config.shuffleMs);
    this.#mixAtMs = state.nowMs + this.#spread(state.config.mixYoungMs);
    this.#bornMs = state.nowMs;
    this.#youngUntilMs = state.nowMs + state.config.youngMs;
  }

  /** These are asked before all others; where a link to one stands, whatever places are taken. */
  prefer(peers: readonly PeerId[]): void {
    for (const peer of peers) {
      if (peer === this.#state.self) continue;
      const link = this.#needs.standing().find((each) => each.peer === peer);
      if (link !== undefined && !link.near && link.why === undefined) {
        this.#mixIn(link);
        continue;
      }
      this.#first.add(peer);
      const [oldest] = this.#first;
      if (this.#first.size > firstMax && oldest !== undefined) this.#first.delete(oldest);
    }
    this.stir();
  }

  forget(peer: PeerId): void {
    this.#first.delete(peer);
  }

  /** Something changed: look again at once whether somebody can be asked. */
  stir(): void {
    this.#seekAtMs = 0;
    this.#seekWaitMs = this.#state.config.hungryMsMin;
  }

  /** We have one neighbour more, or one less. */
  neighboursChanged(on: boolean): void {
    this.stir();
    this.#youngUntilMs = this.#state.nowMs + this.#state.config.youngMs;
    if (!on) return;
    this.#starveAtMs = 0;
    this.#starveWaitMs = this.#state.config.starvingMsMin;
  }

  /** A link stands whose other end follows the topic. */
  met(link: OverlayLink): void {
    const { passive, active, nowMs, ports } = this.#state;
    if (!link.dialled) {
      this.stir();
      return;
    }
    this.#ended(false);
    this.#first.delete(link.peer);
    const known = passive.has(link.peer) || ports.candidate(link.peer) !== undefined;
    const returned = known && passive.reached(link.peer, link.group, nowMs);
    if (active.ofPeer(link.peer) !== undefined) return;
    const wanted = this.#needs.wanted() > 0 || link.why === 'mix' || link.why === 'lost' || returned;
    if (wanted && this.#needs.mayAsk(link)) this.#asking.ask(link);
    if (link.why !== undefined && (!wanted || link.why !== 'neighbour')) this.#exchange.shuffle(link);
    this.stir();
  }

  /** A dial to it was in vain. */
  unreachable(peer: PeerId): void {
    const { passive, active, nowMs, links } = this.#state;
    this.#first.delete(peer);
    const alone = active.size === 0 && links.size === 0;
    // Of whom we only heard there may never have been anybody: that is no sign of anything.
    if (passive.wasThere(peer)) this.#ended(true);
    passive.unreachable(peer, { alone, nowMs });
    this.stir();
  }

  /** It was not dialled, for want of places of ours. That says nothing about it, and the next would fare no better. */
  crowded(peer: PeerId): void {
    const { passive, nowMs, config } = this.#state;
    passive.postpone(peer, nowMs + this.#spread(config.refusedMs));
    this.#seekAtMs = nowMs + this.#seekWaitMs;
    this.#seekWaitMs = Math.min(config.hungryMsMax, this.#seekWaitMs * 2);
  }

  /** Does what is due. */
  tick(): void {
    this.#giveUp();
    this.#seek();
    this.#test();
    this.#mix();
    this.#searchLost();
    this.#mingle();
  }

  nextWakeMs(): number {
    const { attempts, config, nowMs, links, passive } = this.#state;
    // Whatever changes that comes as an input; until then there is nothing to do but to say so now and then.
    if (this.#knowsNobody()) return Math.max(this.#starveAtMs, this.#seekAtMs, nowMs + 1);
    let wakeMs = this.#upkeepMs();
    if (this.#needs.wanted() > 0) wakeMs = Math.min(wakeMs, Math.max(this.#seekAtMs, nowMs + 1));
    for (const { sinceMs } of attempts.values()) {
      const hedgeMs = sinceMs + config.hedgeMs;
      wakeMs = Math.min(wakeMs, hedgeMs > nowMs ? hedgeMs : sinceMs + config.attemptMsMax);
    }
    for (const { askUntilMs, shuffleUntilMs } of links.values()) {
      if (askUntilMs > 0) wakeMs = Math.min(wakeMs, askUntilMs);
      if (shuffleUntilMs > 0) wakeMs = Math.min(wakeMs, shuffleUntilMs);
    }
    if (attempts.size < config.attemptsMax) {
      wakeMs = Math.min(wakeMs, Math.max(passive.lostDueMs(), nowMs + config.hungryMsMin));
    }
    return wakeMs;
  }

  /** Tests, exchanges and records: each only where there is somebody for it. */
  #upkeepMs(): number {
    const { active, config, passive } = this.#state;
    const untested = !passive.isEmpty('heard') || !passive.isEmpty('told');
    const thins = active.size > config.active.activeMin;
    return Math.min(
      untested || thins ? this.#testAtMs : Infinity,
      active.size > 0 ? this.#shuffleAtMs : Infinity,
      passive.isEmpty('tried') ? Infinity : this.#mixAtMs,
    );
  }

  #knowsNobody(): boolean {
    const { attempts, links, passive } = this.#state;
    if (attempts.size + links.size + this.#first.size > 0) return false;
    return passiveSets.every((set) => passive.isEmpty(set));
  }

  /** Few are known, and not for long: a small network must not be busy with itself for ever. */
  #isYoung(): boolean {
    const { passive, config, nowMs } = this.#state;
    return passive.size('tried') < config.youngBelow && nowMs < this.#youngUntilMs;
  }

  #seek(): void {
    const { nowMs, config } = this.#state;
    if (nowMs < this.#seekAtMs) return;
    for (let wanted = this.#needs.wanted(); wanted > 0; wanted--) {
      // Who of our LAN came stands a millisecond away; strangers take a dial each, and most of them have no place.
      const link = this.#linkToAsk(true) ?? this.#linkToAsk(false, true);
      if (link !== undefined) {
        this.#asking.ask(link);
        continue;
      }
      const peer = this.#peerToDial();
      if (peer !== undefined) {
        this.#dial(peer, 'neighbour');
        continue;
      }
      const came = this.#linkToAsk(false);
      if (came !== undefined) {
        this.#asking.ask(came);
        continue;
      }
      this.#starve();
      this.#seekAtMs = nowMs + this.#seekWaitMs;
      if (!this.#hearsay()) this.#seekAtMs = Math.min(this.#seekAtMs, this.#bornMs + config.hearsayAfterMs);
      this.#seekWaitMs = Math.min(config.hungryMsMax, this.#seekWaitMs * 2);
      return;
    }
  }

  #starve(): void {
    const { nowMs, config, attempts, outputs } = this.#state;
    if (nowMs < this.#starveAtMs || attempts.size > 0) return;
    outputs.push({ type: 'starving' });
    this.#starveAtMs = nowMs + this.#starveWaitMs;
    this.#starveWaitMs = Math.min(config.starvingMsMax, this.#starveWaitMs * 2);
  }

  /**
   * A link that stands, to be used before another is dialled. `nearOnly`: to a node of our LAN; then only for places of those
   * who come, never of those whom we dial: anybody may call, under any number of names, and answer nothing.
   */
  #linkToAsk(dialled: boolean, nearOnly = false): OverlayLink | undefined {
    const { links, active, config, ports } = this.#state;
    if (!dialled && active.size >= config.active.activeMin) return undefined;
    const came = active.size - active.chosen + this.#asking.asking(false) - this.#asking.asking(true);
    if (nearOnly && came >= config.active.cameMax) return undefined;
    for (const link of links.values()) {
      // Whoever publishes no record asks us; asked by us, it would take a place of those who can be dialled.
      const isLeaf = !dialled && ports.candidate(link.peer) === undefined;
      const fits = link.dialled === dialled && !isLeaf && (link.near || !nearOnly);
      if (fits && this.#needs.mayAsk(link)) return link;
    }
    return undefined;
  }

  #peerToDial(): PeerId | undefined {
    const { attempts, config } = this.#state;
    if (attempts.size >= config.attemptsMax) return undefined;
    for (const peer of this.#first) {
      if (!this.#needs.mayDial(peer)) continue;
      this.#first.delete(peer);
      return peer;
    }
    return this.#pick();
  }

  #dial(peer: PeerId, why: ConnectWhy): void {
    const { attempts, nowMs, outputs } = this.#state;
    attempts.set(peer, { why, sinceMs: nowMs });
    outputs.push({ type: 'connect', peer, why });
  }

  /** A feeler: whether one we only heard of is there at all; and what it knows. */
  #test(): void {
    const { nowMs, attempts, config, passive, ports } = this.#state;
    if (nowMs < this.#testAtMs) return;
    const hasty = this.#needs.alarmed() || this.#isYoung();
    this.#testAtMs = nowMs + this.#spread(hasty ? config.hastyMs : config.testMs);
    this.#thin();
    if (attempts.size >= config.attemptsMax) return;
    const peer = passive.pickUntested(
      (known) =>
        !attempts.has(known.peer) &&
        this.#needs.linkTo(known.peer) === undefined &&
        ports.candidate(known.peer) !== undefined,
      nowMs,
    );
    if (peer === undefined) return;
    this.#dial(peer, this.#needs.alarmed() && this.#needs.mayDial(peer) ? 'mix' : 'test');
  }

  /** Exchanges one chosen neighbour for somebody else now and then, so that islands meet. */
  #mix(): void {
    const { nowMs, attempts, config, random } = this.#state;
    if (nowMs < this.#mixAtMs) return;
    const isYoung = this.#bornMs + config.mixYoungForMs > nowMs;
    this.#mixAtMs = nowMs + this.#spread(isYoung ? config.mixYoungMs : config.mixMs);
    if (attempts.size >= config.attemptsMax) return;
    const standing = this.#needs.standing().filter((link) => this.#needs.mayAsk(link, true));
    const peer = this.#pick();
    // One link that stands is as good as one that would be dialled.
    if (standing.length > 0 && (peer === undefined || random.next() < 0.5)) {
      this.#mixIn(standing[Math.floor(random.next() * standing.length)]!);
    } else if (peer !== undefined) this.#dial(peer, 'mix');
  }

  /** Asks to be a neighbour in place of another that we chose, and what it knows. */
  #mixIn(link: OverlayLink): void {
    if (!this.#needs.mayAsk(link, true)) return;
    link.why = 'mix';
    this.#asking.ask(link);
    this.#exchange.shuffle(link);
  }

  #pick(): PeerId | undefined {
    const { passive, nowMs } = this.#state;
    return passive.pick(({ peer }) => this.#needs.mayDial(peer), { hearsay: this.#hearsay(), nowMs });
  }

  #hearsay(): boolean {
    return this.#bornMs + this.#state.config.hearsayAfterMs <= this.#state.nowMs;
  }

  #searchLost(): void {
    const { nowMs, attempts, config, passive } = this.#state;
    // Two places stay free for neighbours.
    while (attempts.size < config.attemptsMax - 2) {
      const peer = passive.pickLost((known) => this.#needs.mayDial(known.peer), nowMs);
      if (peer === undefined) return;
      this.#dial(peer, 'lost');
    }
  }

  /** Lets neighbours go that we no longer need, so that others find places free. */
  #thin(): void {
    const { active, config, random, nowMs } = this.#state;
    if (this.#needs.alarmed() || active.size <= config.active.activeMin) return;
    if (active.chosen <= config.active.chosenMin) return;
    const leaving = active.spareChosen(random, nowMs);
    if (leaving !== undefined) this.#asking.leave(leaving);
  }

  /** Exchanges records with a neighbour, those we chose more often than those who came. */
  #mingle(): void {
    const { nowMs, config, active, links, random } = this.#state;
    if (nowMs < this.#shuffleAtMs) return;
    const hasty = this.#needs.alarmed() || this.#isYoung();
    this.#shuffleAtMs = nowMs + this.#spread(hasty ? config.hastyMs * 2 : config.shuffleMs);
    const chosenOnly = random.next() < 0.5;
    const neighbour = active.any(random, ({ chosen }) => chosen) ?? active.any(random, () => true);
    const other = chosenOnly ? neighbour : active.any(random, () => true);
    // And now and then with one that is no neighbour: all of those may be of one mind.
    const standing = this.#needs.standing();
    const apart = standing[Math.floor(random.next() * Math.max(4, standing.length))];
    const link = apart ?? (other && links.get(other.link));
    if (link !== undefined) this.#exchange.shuffle(link);
  }

  #giveUp(): void {
    const { attempts, nowMs, config } = this.#state;
    for (const [peer, { sinceMs }] of attempts) {
      if (sinceMs + config.attemptMsMax > nowMs) continue;
      attempts.delete(peer);
      this.unreachable(peer);
    }
  }

  /** Many dials in vain to whom we had reached are an alarm: those we know are gone, or a cut went through. */
  #ended(inVain: boolean): void {
    const { config, nowMs } = this.#state;
    this.#inVain = [...this.#inVain, inVain].slice(-8);
    const failed = this.#inVain.filter(Boolean).length;
    if (inVain && failed >= config.alarmFailed) this.#state.alarmUntilMs = nowMs + config.alarmMs;
  }

  /** Between half and one and a half times as long, so that nodes do not act in step. */
  #spread(ms: number): number {
    return ms * (0.5 + this.#state.random.next());
  }
}
