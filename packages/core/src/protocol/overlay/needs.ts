/** How many neighbours are missing, and who may become one: over a link that stands, or by a dial. */
import type { PeerId } from '../../base/ids.ts';
import type { Asking } from './asking.ts';
import { groupOf, nearGroup, type OverlayLink, type OverlayState } from './overlay-state.ts';

export class Needs {
  #state: OverlayState;
  #asking: Asking;

  constructor(state: OverlayState, asking: Asking) {
    this.#state = state;
    this.#asking = asking;
  }

  alarmed(): boolean {
    return this.#state.alarmUntilMs > this.#state.nowMs;
  }

  /** How many more neighbours are wanted than may come of what is under way. */
  wanted(): number {
    const { active, attempts, config, nowMs } = this.#state;
    let coming = 0;
    for (const { why, sinceMs } of attempts.values()) {
      if (why === 'neighbour' && sinceMs + config.hedgeMs > nowMs) coming++;
    }
    const { activeMax, chosenMin } = config.active;
    // Whom nobody can dial takes one of the few places for such: no more than it needs.
    const isLeaf = active.near === 0 && this.#state.ports.own('global') === undefined;
    const activeMin = isLeaf ? chosenMin : config.active.activeMin;
    const chosenGoal = this.alarmed() ? config.alarmChosen : chosenMin;
    const chosen = active.chosen + this.#asking.asking(true) + coming;
    const all = active.size + this.#asking.asking(false) + coming;
    // Who has hardly anybody asks a few more than it needs: some will have no place.
    const spare = active.size < Math.min(config.needyBelow, activeMin) ? config.needyExtra : 0;
    const wide = this.#wideWanted() - coming;
    return Math.min(activeMax - all, Math.max(chosenGoal - chosen, activeMin - all, wide) + spare);
  }

  /** On a LAN: how many neighbours from beyond it are missing, where any are known. */
  #wideWanted(): number {
    const { active, config, passive, links, mates } = this.#state;
    let wide = active.size - active.near;
    for (const { near, leaf, peer } of active.all()) if (!near && !leaf && mates.has(peer)) wide--;
    if (wide === active.size) return 0;
    let free = false;
    for (const link of links.values()) {
      if (link.near || mates.has(link.peer)) continue;
      if (link.askUntilMs > 0) wide++;
      else free ||= this.mayAsk(link);
    }
    return free || passive.knowsBeyond(nearGroup) ? config.active.wideMin - wide : 0;
  }

  /** Whether one more of the LAN is wanted: not where the places left are for those beyond it. */
  #nearWanted(): boolean {
    const { active, config } = this.#state;
    return active.near < config.active.activeMin || this.#wideWanted() <= 0;
  }

  /** @param mixes - it may take the place of another that we chose. */
  mayAsk(link: OverlayLink, mixes: boolean = link.why === 'mix' || link.why === 'lost'): boolean {
    const { active, nowMs, random } = this.#state;
    if (!link.member || link.brief || link.askUntilMs > 0 || link.refusedUntilMs > nowMs) return false;
    if (active.ofPeer(link.peer) !== undefined) return false;
    if (!active.subnetFree(link, link.dialled) || (link.near && !this.#nearWanted())) return false;
    return active.hasRoom(link.dialled) || (mixes && active.spareChosen(random, nowMs) !== undefined);
  }

  /** Links that we dialled and that stand without being a neighbour's: nobody who came can make up such. */
  standing(): OverlayLink[] {
    const { active, links } = this.#state;
    return [...links.values()].filter(({ brief, dialled, link, member }) => {
      return dialled && member && !brief && active.get(link) === undefined;
    });
  }

  mayDial(peer: PeerId): boolean {
    const { attempts, active, ports } = this.#state;
    // A link for one question is made a neighbour's by asking for one.
    if (attempts.has(peer) || this.linkTo(peer)?.brief === false) return false;
    const place = ports.candidate(peer);
    if (place === undefined) return false;
    const group = groupOf(place);
    return active.subnetFree(group, true) && (!group.near || this.#nearWanted());
  }

  linkTo(peer: PeerId): OverlayLink | undefined {
    for (const link of this.#state.links.values()) if (link.peer === peer) return link;
    return undefined;
  }
}
