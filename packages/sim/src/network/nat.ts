/**
 * Boxes that share one public address (RFC 4787 names): who may come in through a mapping that somebody inside made by
 * going out, and how long it lives without traffic. Links are assumed to leave from the listening port, as with port
 * reuse.
 */

/** `forwarded`: its owner opened the listening port. The node inside does not know the address outside all the same. */
export type NatKind = 'none' | 'forwarded' | 'full-cone' | 'restricted' | 'port-restricted' | 'symmetric';

interface Mapping<Inside> {
  inside: Inside;
  publicPort: number;
  /** Where it went, as `ip:port`, and as `ip`. */
  wentTo: Set<string>;
  usedMs: number;
}

const firstPort = 20_000;
const mappingsMax = 4_096; // A home router has some thousand.

export class NatBox<Inside> {
  readonly kind: NatKind;
  readonly publicIp: string;
  /** A mapping without traffic is forgotten after this, and the links through it with it. */
  readonly idleMs: number;
  /** Who gets what comes to the listening port: nobody, unless an owner saw to it. */
  forwarded: Inside | undefined;
  readonly #byInside = new Map<string, Mapping<Inside>>();
  readonly #byPort = new Map<number, Mapping<Inside>>();
  #nextPort = firstPort;

  constructor(init: { kind: NatKind; publicIp: string; idleMs: number }) {
    this.kind = init.kind;
    this.publicIp = init.publicIp;
    this.idleMs = init.idleMs;
  }

  /** Somebody inside goes out. @param from - its private `ip:port`. @returns the port it seems to come from. */
  out(inside: Inside, way: { from: string; to: { ip: string; port: number } }, nowMs: number): number {
    const target = `${way.to.ip}:${way.to.port}`;
    const key = this.kind === 'symmetric' ? `${way.from}>${target}` : way.from;
    let mapping = this.#byInside.get(key);
    if (mapping === undefined || nowMs - mapping.usedMs > this.idleMs) {
      if (mapping !== undefined) this.#byPort.delete(mapping.publicPort);
      mapping = { inside, publicPort: this.#nextPort++, wentTo: new Set(), usedMs: nowMs };
      this.#byInside.set(key, mapping);
      this.#byPort.set(mapping.publicPort, mapping);
      this.#forgetOldest();
    }
    mapping.inside = inside;
    mapping.usedMs = nowMs;
    mapping.wentTo.add(target).add(way.to.ip);
    return mapping.publicPort;
  }

  /** Somebody outside knocks. @returns who is reached, or undefined: it is dropped in silence. */
  knock(port: number, from: { ip: string; port: number }, nowMs: number): Inside | undefined {
    const mapping = this.#byPort.get(port);
    if (mapping === undefined || nowMs - mapping.usedMs > this.idleMs) return undefined;
    const isOpen =
      this.kind === 'full-cone' ||
      (this.kind === 'restricted'
        ? mapping.wentTo.has(from.ip)
        : mapping.wentTo.has(`${from.ip}:${from.port}`));
    return isOpen ? mapping.inside : undefined;
  }

  #forgetOldest(): void {
    if (this.#byInside.size <= mappingsMax) return;
    const [oldest] = this.#byInside;
    if (oldest === undefined) return;
    this.#byInside.delete(oldest[0]);
    this.#byPort.delete(oldest[1].publicPort);
  }
}
