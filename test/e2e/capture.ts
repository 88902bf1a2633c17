/**
 * Records every frame that passes a namespace. Uses a packet socket from Perl, which every Debian has, so
 * that no other program need be installed.
 */
import { spawn } from 'node:child_process';

/** One IP packet, or what else was on the wire. Addresses as texts; ports 0 where there are none. */
export interface Packet {
  kind: 'ip4' | 'ip6' | 'arp' | 'other';
  from: string;
  to: string;
  protocol: number;
  fromPort: number;
  toPort: number;
  /** The whole Ethernet frame. */
  bytes: Buffer;
}

export interface Capture {
  /** What passed up to now. A frame may appear once for each port of the bridge it passed. */
  packets(): Packet[];
  stop(): Promise<void>;
}

// AF_PACKET 17, SOCK_RAW 3, ETH_P_ALL in network order. Each frame is written with its length before it.
const program = `
  socket(my $wire, 17, 3, unpack('S', pack('n', 3))) or die "no packet socket: $!";
  binmode STDOUT; $| = 1; syswrite STDOUT, pack('N', 0);
  while (defined recv($wire, my $frame, 65536, 0)) { syswrite STDOUT, pack('N', length $frame) . $frame; }
`;

/** Resolves when recording. */
export async function capture(namespace: string): Promise<Capture> {
  const child = spawn('ip', ['netns', 'exec', namespace, 'perl', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let pending = Buffer.alloc(0);
  const frames: Buffer[] = [];
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const begun = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error('the packet capture ended')));
    child.stdout.on('data', (chunk: Buffer) => {
      resolve();
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE(0)) {
        const end = 4 + pending.readUInt32BE(0);
        if (end > 4) frames.push(pending.subarray(4, end));
        pending = pending.subarray(end);
      }
    });
  });
  await begun;
  return {
    packets: () => frames.map(readPacket),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function readPacket(bytes: Buffer): Packet {
  const etherType = bytes.readUInt16BE(12);
  if (etherType === 0x0800) {
    const header = 14 + (bytes[14]! & 15) * 4;
    const [from, to] = [bytes.subarray(26, 30).join('.'), bytes.subarray(30, 34).join('.')];
    return { kind: 'ip4', from, to, protocol: bytes[23]!, ...ports(bytes, bytes[23]!, header), bytes };
  }
  if (etherType === 0x86dd) {
    const [from, to] = [ip6(bytes.subarray(22, 38)), ip6(bytes.subarray(38, 54))];
    return { kind: 'ip6', from, to, protocol: bytes[20]!, ...ports(bytes, bytes[20]!, 54), bytes };
  }
  const kind = etherType === 0x0806 ? 'arp' : 'other';
  return { kind, from: '', to: '', protocol: 0, fromPort: 0, toPort: 0, bytes };
}

function ports(bytes: Buffer, protocol: number, at: number): { fromPort: number; toPort: number } {
  const carried = (protocol === 6 || protocol === 17) && bytes.length >= at + 4;
  return carried
    ? { fromPort: bytes.readUInt16BE(at), toPort: bytes.readUInt16BE(at + 2) }
    : { fromPort: 0, toPort: 0 };
}

function ip6(bytes: Buffer): string {
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(bytes.readUInt16BE(at).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
