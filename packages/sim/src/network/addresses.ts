/** IPv4 addresses and multiaddrs of the simulated Internet. */

export const listenPort = 4001;

/** `/ip4/192.0.2.7/tcp/4001`. */
export function multiaddrOf(ip: string, port: number): string {
  return `/ip4/${ip}/tcp/${port}`;
}

export interface Endpoint {
  ip: string;
  port: number;
  /** Within its LAN only. */
  isPrivate: boolean;
}

const form = /^\/ip4\/([0-9.]+)\/tcp\/([0-9]+)(?:\/p2p\/[A-Za-z0-9]+)?$/;

/** Undefined for what this Internet does not carry: names, IPv6, WebSocket. */
export function readMultiaddr(address: string): Endpoint | undefined {
  const [, ip, port] = form.exec(address) ?? [];
  if (ip === undefined || port === undefined) return undefined;
  return { ip, port: Number(port), isPrivate: isPrivateIp4(ip) };
}

/** Hands out addresses: public ones far apart, or within a subnet that was asked for. */
export class AddressPlan {
  #next = 0;
  readonly #inSubnet = new Map<string, number>();

  /** @param subnet - first two or three numbers, as `203.0` or `203.0.113`. Undefined: each in a /16 of its own. */
  next(subnet: string | undefined): string {
    if (subnet === undefined) {
      const index = this.#next++;
      // 7,919 is prime: all pairs of first two numbers come before one comes again.
      const place = (index * 7_919) % (publicFirst.length * 256);
      const round = Math.floor(index / (publicFirst.length * 256));
      return `${publicFirst[place >> 8]!}.${place & 255}.${round & 255}.${1 + ((round >> 8) % 254)}`;
    }
    const index = this.#inSubnet.get(subnet) ?? 0;
    this.#inSubnet.set(subnet, index + 1);
    const host = 1 + (index % 254);
    if (subnet.split('.').length === 3) return `${subnet}.${host}`;
    return `${subnet}.${Math.floor(index / 254) & 255}.${host}`;
  }
}

// First numbers with nothing special in their whole /8.
const publicFirst = Array.from({ length: 212 }, (_, index) => index + 11).filter(
  (first) => ![100, 127, 169, 172, 192, 198, 203].includes(first),
);

/** RFC 1918, RFC 6598 and link-local. */
function isPrivateIp4(ip: string): boolean {
  const [first = 0, second = 0] = ip.split('.').map(Number);
  if (first === 10 || first === 127) return true;
  if (first === 172) return second >= 16 && second < 32;
  if (first === 192) return second === 168;
  if (first === 169) return second === 254;
  return first === 100 && second >= 64 && second < 128;
}
